# SPDX-License-Identifier: GPL-2.0
#
# Whatever the kernel cannot give the module, one thing at a time: an allocation,
# a copy from or to user space. The command fails and says so, or does as well
# without; nothing is left, and the next one works.
#
# Only on a kernel with fault injection: scripts/suite --kernel debug.

load lib/guest

injection=/sys/kernel/debug

setup_file()
{
	local kind

	# A skip from here would leave the tests unaccounted for.
	[[ -e /proc/self/fail-nth ]] || return 0
	for kind in failslab fail_page_alloc fail_usercopy; do
		echo 0 >$injection/$kind/verbose
	done
	# Also what could wait for memory, and single pages.
	echo N >$injection/failslab/ignore-gfp-wait
	echo N >$injection/fail_page_alloc/ignore-gfp-wait
	echo N >$injection/fail_page_alloc/ignore-gfp-highmem
	echo 0 >$injection/fail_page_alloc/min-order

	cp /bin/busybox "$BATS_FILE_TMPDIR/busybox"
	"$BATS_FILE_TMPDIR/busybox" sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	TARGET=$!
	"$BATS_FILE_TMPDIR/busybox" sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	OTHER=$!
	settle "$TARGET" "$OTHER"
	echo 1 >/proc/sys/vm/compact_memory
	STACK=$(vmscope maps "$TARGET" -o start,name --noheadings | awk '$2 == "[stack]" { print $1 }')
	CODE_PFN=$(vmscope pages "$TARGET" busybox --state present -o pfn --noheadings | awk 'NR == 1 { print $1 }')
	[[ -n $STACK && -n $CODE_PFN ]]
	export TARGET OTHER STACK CODE_PFN
}

setup()
{
	[[ -e /proc/self/fail-nth ]] || skip "the kernel has no fault injection"
}

teardown_file()
{
	[[ -z ${TARGET-} ]] || kill -KILL "$TARGET" "$OTHER"
}

# fail_each NAME SAYS COMMAND...: again and again. Adds what is wrong to $wrong.
fail_each()
{
	local name=$1 says=$2 status=0

	shift 2
	output=$(FAULTS_SAYS=$says LD_PRELOAD=$HELPERS/faults.so "$@" 3>&-) || status=$?
	echo "# $name: ${output##*$'\n'}" >&3
	[[ $status -eq 0 ]] || wrong+="$name: status $status: $output"$'\n'
}

# nothing_held: what was done has let go of the module, which comes and goes.
nothing_held()
{
	local tries

	for ((tries = 0; tries < 100; tries++)); do
		# A socket lets go a moment after its process has.
		rmmod vmscope 2>/dev/null && break
		sleep 0.1
	done
	[[ ! -e /sys/module/vmscope ]] || wrong+="the module is still in use"$'\n'
	insmod "$MODULE"
}

@test "every command, over both transports" {
	local args way wrong=''

	while read -r args; do
		for way in netlink debugfs; do
			# shellcheck disable=SC2086 # words
			fail_each "$way $args" '^vmscope: [^:]+: .+' vmscope --transport "$way" $args
		done
	done <<-END
	info
	walk $TARGET $STACK
	maps $TARGET
	pages $TARGET busybox -o vaddr,npages,state,pfn
	pages $TARGET $STACK+0x100000 --each -o vaddr,state,pfn,entry
	tables $TARGET
	swap $TARGET
	frame $CODE_PFN
	frame $CODE_PFN --scan -o pfn,found
	shared $TARGET $OTHER -o file
	END
	nothing_held
	[[ -z $wrong ]] || fail "$wrong"
}

# Perl programs, whose calls are the kernel's. The first undoes what the last run
# did, where no fault meets it.
attach='
system "echo $ARGV[0] >/sys/kernel/debug/vmscope/detach 2>/dev/null";
open my $f, ">", "/sys/kernel/debug/vmscope/attach" or die "attach: $!\n";
syswrite $f, $ARGV[0] or die "attach: $!\n";
system "ls", "/sys/kernel/debug/vmscope/$ARGV[0]"'
detach='
system "echo $ARGV[0] >/sys/kernel/debug/vmscope/attach 2>/dev/null";
open my $f, ">", "/sys/kernel/debug/vmscope/detach" or die "detach: $!\n";
syswrite $f, $ARGV[0] or die "detach: $!\n"'
# All but what it has cost, which differs, and flags of frames: that of [vdso]
# takes note of every process that ends.
show='
open my $f, "<", $ARGV[0] or die "show: $!\n";
while ($n = sysread $f, $text, 65536, length $text) {}
defined $n or die "show: $!\n";
$text =~ s/^# stats .*\n//m or die "show: no end\n" unless $ARGV[0] =~ /bin$/;
$text =~ s/^((?:\S+ ){9}).*/$1/mg if $ARGV[0] =~ /pages$/;
print $ARGV[0] =~ /bin$/ ? length $text : $text'

@test "attach, the files of an attached process, detach" {
	local file wrong=''

	fail_each attach '^attach: .+' perl -e "$attach" "$TARGET"
	[[ -d $DEBUGFS/$TARGET ]] || echo "$TARGET" >"$DEBUGFS/attach"
	for file in maps pages pages.bin swap tables; do
		fail_each "$file" '^show: .+' perl -e "$show" "$DEBUGFS/$TARGET/$file"
	done
	fail_each detach '^detach: .+' perl -e "$detach" "$TARGET"
	nothing_held
	[[ -z $wrong ]] || fail "$wrong"
}
