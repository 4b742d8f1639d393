# SPDX-License-Identifier: GPL-2.0
#
# Both ways in give the same answer; runs are nothing but pages put together.

load lib/guest
load lib/wait

setup_file()
{
	# A static shell: no page of it is shared with the programs that ask.
	cp /bin/busybox "$BATS_FILE_TMPDIR/busybox"
	"$BATS_FILE_TMPDIR/busybox" sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	TARGET=$!
	export TARGET
	settle "$TARGET"
	# What is in a processor's batch for the LRU lists goes there now, not while
	# answers are compared.
	echo 1 >/proc/sys/vm/compact_memory
	VDSO=$(vmscope maps "$TARGET" -o start,name --noheadings | awk '$2 == "[vdso]" { print $1 }')
	export VDSO
}

teardown_file()
{
	kill -KILL "$TARGET"
}

# All but the page that the target has in common with whoever asks, and what no two
# answers have in common.
comparable()
{
	grep -v "$VDSO" | sed -E 's/("lock_max_ns": ?)[0-9]+/\1/'
}

swap_on()
{
	fresh_zram 1
	echo 64M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
}

swap_off()
{
	swapoff /dev/zram0
	rmmod zram
}

@test "every command gives the same over both transports, as text and as JSON" {
	local args how wrong=''

	swap_on
	start_state swapped-thp
	while read -r args; do
		for how in '' --json '--noheadings'; do
			# What differs because something moved does not differ each time.
			for _ in {1..5}; do
				eval "vmscope --transport netlink $how $args" | comparable >"$BATS_TEST_TMPDIR/netlink"
				eval "vmscope --transport debugfs $how $args" | comparable >"$BATS_TEST_TMPDIR/debugfs"
				! cmp -s "$BATS_TEST_TMPDIR/netlink" "$BATS_TEST_TMPDIR/debugfs" || break
			done
			[[ -s $BATS_TEST_TMPDIR/netlink ]] || wrong+="$how $args: empty"$'\n'
			cmp "$BATS_TEST_TMPDIR/netlink" "$BATS_TEST_TMPDIR/debugfs" ||
				wrong+="$how $args"$'\n'
			[[ $how != --json ]] || eval "vmscope --json $args" | jq -e . >/dev/null ||
				wrong+="$how $args: not JSON"$'\n'
		done
	done <<-END
	info
	walk $TARGET busybox
	vtop $TARGET '[stack]' '[heap]' 0x1000 0x7ffffffff000
	maps $TARGET
	maps $TARGET -o range,present,anon,vmflags,mapping
	pages $TARGET
	pages $TARGET --each
	pages $TARGET --split
	pages $TARGET busybox
	pages $TARGET busybox --each -o vaddr,entry,flags
	pages $TARGET 0x400000+0x100000
	pages $TARGET --state present --flags rw,~exec
	shared $TARGET $$ -o file
	tables $TARGET
	swap $STATE_PID
	frame --of $TARGET:busybox
	END
	stop_state
	swap_off
	[[ -z $wrong ]] || fail "$wrong"
}

# Of the JSON of pages: one line a base page, from runs or from single pages.
expand()
{
	jq -r '.pages[] | range(.npages) as $i |
		"\(.vaddr) \($i) \(.state) \(.level) \(.pfn + $i) \(.flags) \(.mapcount) \(.refcount) \(.kpageflags) \(.node)"' |
		perl -ane '$F[0] = sprintf "0x%x", hex($F[0]) + 4096 * splice(@F, 1, 1); print "@F\n"'
}

# Huge pages: frames in a row. A child has given back 1M of each 2M from there on, so
# that map counts differ within. Prints where they are, and stops. They begin a few
# pages before a huge one: of each the first page is still shared, or is not, by
# where they begin.
start_halved()
{
	python3 -c '
import mmap, os, time, ctypes
m = mmap.mmap(-1, 12 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
m.madvise(mmap.MADV_HUGEPAGE)
at = ctypes.addressof(ctypes.c_char.from_buffer(m))
off = -at % (2 << 20) + (2 << 20) - 54 * 4096
m[off:off + (8 << 20)] = b"x" * (8 << 20)
if not os.fork():
	for i in range(off, off + (8 << 20), 2 << 20):
		m.madvise(mmap.MADV_DONTNEED, i, 1 << 20)
	print(hex(at + off), flush=True)
time.sleep(1000)' >"$BATS_TEST_TMPDIR/halved" 3>&- &
	HALVED=$!
	until [[ -s $BATS_TEST_TMPDIR/halved ]]; do sleep 0.1; done
	AT=$(cat "$BATS_TEST_TMPDIR/halved")
	kill -STOP "$HALVED"
}

@test "a run is exactly the pages it was made of" {
	start_halved
	vmscope --json pages "$HALVED" "$AT+0x800000" --split >"$BATS_TEST_TMPDIR/runs"
	vmscope --json pages "$HALVED" "$AT+0x800000" --split --each >"$BATS_TEST_TMPDIR/each"
	# A leaf of huge pages is one row, with the map count of its first page: which of
	# the others are shared is near, and marked so; page by page it is certain.
	run -0 vmscope pages "$HALVED" "$AT+0x800000" --noheadings -o level,shared,exclusive
	assert_line --regexp '^pmd +~0 +~[0-9]+$'
	refute_line --regexp '^(pmd.* [0-9]|pte.*~)'
	run -0 vmscope pages "$HALVED" "$AT+0x800000" --split --noheadings -o level,shared,exclusive
	refute_output --partial '~'
	assert_equal "$(awk '{ shared += $2; own += $3 } END { print shared, own }' <<<"$output")" '1024 1024'
	pkill -KILL -P "$HALVED"
	end "$HALVED"
	assert_equal "$(jq '[.pages[].mapcount] | unique | length > 1' "$BATS_TEST_TMPDIR/each")" true
	[[ $(jq '.pages | length' "$BATS_TEST_TMPDIR/runs") -lt $(jq '.pages | length' "$BATS_TEST_TMPDIR/each") ]]
	diff <(expand <"$BATS_TEST_TMPDIR/runs") <(expand <"$BATS_TEST_TMPDIR/each")
}

@test "filters keep what they say and lose nothing" {
	local all rw ro

	all=$(vmscope pages "$TARGET" --each --noheadings | wc -l)
	rw=$(vmscope pages "$TARGET" --each --noheadings --flags rw | wc -l)
	ro=$(vmscope pages "$TARGET" --each --noheadings --flags '~rw' | wc -l)
	[[ $rw -gt 0 && $ro -gt 0 && $((rw + ro)) -eq $all ]]
	run grep -vw rw <(vmscope pages "$TARGET" --each --noheadings --flags rw -o flags)
	assert_output ""
	run -0 vmscope pages "$TARGET" --noheadings --state swap,marker
	assert_output ""
}

@test "WHERE is cut to whole pages and to nothing else" {
	local start

	start=$(vmscope maps "$TARGET" -o start,perms --noheadings | awk '$2 == "r-xp" { print $1; exit }')
	run -0 vmscope pages "$TARGET" "$((start + 0x10))+1" --noheadings -o vaddr,npages
	[[ ${#lines[@]} -eq 1 && $((${lines[0]%% *})) -eq $((start)) && ${lines[0]##* } -eq 1 ]]
	run -0 vmscope pages "$TARGET" "$start+0x3000" --each --noheadings -o vaddr
	assert_equal "${#lines[@]}" 3
}

@test "the text files can be read with grep and awk alone" {
	echo "$TARGET" >"$DEBUGFS/attach"
	[[ $(ls "$DEBUGFS/$TARGET") == $'maps\npages\npages.bin\nswap\ntables' ]]
	run -0 awk '!/^#/ { n += $2 } END { print n }' "$DEBUGFS/$TARGET/pages"
	assert_output "$(vmscope pages "$TARGET" --noheadings -o npages | awk '{ n += $1 } END { print n }')"
	run -0 awk '!/^#/ { n += $6 } END { print n }' "$DEBUGFS/$TARGET/maps"
	assert_output "$(vmscope maps "$TARGET" --noheadings -o present | awk '{ n += $1 } END { print n }')"
	run grep -c '^# stats holds' "$DEBUGFS/$TARGET/pages"
	assert_output 1
	# Tables, of each level, and all together as the kernel accounts for them.
	run -0 awk '!/^#/ && $1 != "total" { print $1, $2, $3 }' "$DEBUGFS/$TARGET/tables"
	assert_output "$(vmscope tables "$TARGET" --noheadings -o level,tables,used | awk '$1 != "total" { print $1, $2, $3 }')"
	run -0 awk '$1 == "total" { print $3 / 1024 }' "$DEBUGFS/$TARGET/tables"
	assert_output "$(awk '$1 == "VmPTE:" { print $2 }' "/proc/$TARGET/status")"
	echo "$TARGET" >"$DEBUGFS/detach"
	[[ ! -e $DEBUGFS/$TARGET ]]
	# Whom the module serves, and what it can tell.
	run -0 awk -F': ' '$1 == "levels" || $1 == "page_shift" || $1 == "arch" { print $2 }' "$DEBUGFS/info"
	assert_output "$(vmscope --json info | jq -r '.info[0] | .arch, .levels, (.page_size | log2)')"
	run grep -cvE '^[a-z_]+: .' "$DEBUGFS/info"
	assert_output 0
	# What is in swap: 2M of it.
	swap_on
	start_state swapped-thp
	echo "$STATE_PID" >"$DEBUGFS/attach"
	run -0 awk '!/^#/ { n += $2; print $1, $2, $3, $4 } END { print n }' "$DEBUGFS/$STATE_PID/swap"
	assert_output "$(vmscope swap "$STATE_PID" --noheadings -o vaddr,npages,type,offset |
		awk '{ n += $2; print $1, $2, $3, $4 } END { print n }')"
	assert_line 512
	assert_equal "$(tail -1 <<<"$output")" "$(awk '$1 == "VmSwap:" { print $2 / 4 }' "/proc/$STATE_PID/status")"
	echo "$STATE_PID" >"$DEBUGFS/detach"
	stop_state
	swap_off
}

@test "pages.bin can be read at any record" {
	local bin=$DEBUGFS/$TARGET/pages.bin

	echo "$TARGET" >"$DEBUGFS/attach"
	dd if="$bin" of="$BATS_TEST_TMPDIR/all" bs=64K status=none
	[[ $(($(stat -c %s "$BATS_TEST_TMPDIR/all") % 56)) -eq 0 ]]
	dd if="$bin" of="$BATS_TEST_TMPDIR/some" bs=56 skip=7 count=5 status=none
	cmp "$BATS_TEST_TMPDIR/some" <(dd if="$BATS_TEST_TMPDIR/all" bs=56 skip=7 count=5 status=none)
	echo "$TARGET" >"$DEBUGFS/detach"
}

# 16384 records are many times what the module keeps at hand: forth and back.
@test "so can a long one" {
	local pid

	perl -e '$x = "a" x (64 << 20); $| = 1; print "ready\n"; sleep 1000' >"$BATS_TEST_TMPDIR/large" 3>&- &
	pid=$!
	until [[ -s $BATS_TEST_TMPDIR/large ]]; do sleep 0.1; done
	kill -STOP "$pid"
	run -0 perl -e '
		use Fcntl;
		sysopen F, $ARGV[0], O_RDWR or die; syswrite F, "$ARGV[1] each split\n" or die $!;
		sub record { sysseek F, 56 * $_[0], 0; sysread(F, $r, 56) == 56 or die $!; unpack "Q", $r }
		for $i (0 .. 15000) { push @all, record($i) }
		for $i (14000, 13, 9000, 8999, 15000, 0) {
			record($i) == $all[$i] or die "record $i\n";
		}
		print scalar(@all), "\n"' "$DEBUGFS/pages.bin" "$pid"
	assert_output 15001
	kill -KILL "$pid"
}

@test "many addresses in one request: as one by one" {
	local pid

	swap_on
	start_state protnone unmapped private-file shared-anon thp-protected thp-dropped swapped \
		marker-wp uncached vdso
	settle "$STATE_PID"
	for pid in "$STATE_PID" "$TARGET"; do
		run "$REPO/tests/helpers/walks.py" "$pid"
		echo "# $output" >&3
		assert_success
	done
	stop_state
	swap_off
}

@test "an anonymous mapping has the name that prctl() gave it" {
	local named at way

	python3 -c '
import ctypes, mmap, signal
m = mmap.mmap(-1, 8192, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
at = ctypes.addressof(ctypes.c_char.from_buffer(m))
PR_SET_VMA, PR_SET_VMA_ANON_NAME = 0x53564d41, 0
done = not ctypes.CDLL(None).prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, ctypes.c_ulong(at),
				   ctypes.c_ulong(8192), b"a name")
print(hex(at) if done else "none", flush=True)
signal.pause()' >"$BATS_TEST_TMPDIR/at" 3>&- &
	named=$!
	until_true test -s "$BATS_TEST_TMPDIR/at"
	at=$(<"$BATS_TEST_TMPDIR/at")
	[[ $at != none ]] || skip "the kernel has no names for anonymous mappings"
	for way in netlink debugfs; do
		run -0 vmscope --transport "$way" -o start,name --noheadings maps "$named"
		assert_line --regexp "^ *$at +\[anon:a name\]$"
	done
	end "$named"
}
