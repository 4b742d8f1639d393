# SPDX-License-Identifier: GPL-2.0
#
# --freeze: one moment's truth about a process that never stops changing, and
# the process goes on as before however that ends.

load lib/guest
load lib/wait

THREADS=5
SIGNALS=$THREADS	# the number after those of the threads

setup()
{
	local out=$BATS_TEST_TMPDIR/lockstep

	COUNTS=$BATS_TEST_TMPDIR/counts
	"$HELPERS/lockstep" run "$COUNTS" >"$out" 3>&- &
	until_true grep -q ready "$out"
	PID=$(awk '$1 == "pid" { print $2 }' "$out")
	PLACES=$(awk '$1 == "places" { print $2 }' "$out")
	PAGES=$(awk '$1 == "pages" { print $2 }' "$out")
}

teardown()
{
	kill -KILL "$PID" "${CLIENT-$PID}" 2>/dev/null || true
}

# counts: how far each thread has come.
counts()
{
	od -v -A n -t u8 -w8 -N $((8 * THREADS)) "$COUNTS" | tr -d ' '
}

signals_are()
{
	[[ $(od -A n -t u8 -j $((8 * SIGNALS)) -N 8 "$COUNTS" | tr -d ' ') == "$1" ]]
}

# status PID KEY: of the threads of a process, each of its values once.
status()
{
	cat "/proc/$1"/task/*/status 2>/dev/null | awk -v key="$2:" '$1 == key { print $2 }' | sort -u
}

# All threads have come further than $1.
went_on()
{
	paste <(echo "$1") <(counts) | awk '$2 <= $1 { late = 1 } END { exit late }'
}

tracer_is()
{
	[[ $(status "$PID" TracerPid) == "$1" ]]
}

# The process runs, and nobody has a hand in it.
runs_free()
{
	tracer_is 0 || return
	until_true went_on "$(counts)"
}

state_is()
{
	[[ $(status "$1" State) == "$2" ]]
}

# hold_frozen WAY ARG...: a client in the midst of a dump with --freeze.
hold_frozen()
{
	hold --transport "$1" pages --freeze --each "$PID" "${@:2}"
	state_is "$CLIENT" T
}

# What a frozen process does not change: not the map counts of libraries.
columns=vaddr,npages,state,entry,flags,pfn

@test "what --freeze shows is one moment's truth, also by /proc" {
	local way before

	for way in netlink debugfs; do
		hold_frozen "$way" -o "$columns"
		# Each thread, by the client.
		assert_equal "$(status "$PID" State)" t
		assert_equal "$(status "$PID" TracerPid)" "$CLIENT"
		[[ $(find "/proc/$PID/task" -mindepth 1 -maxdepth 1 | wc -l) -gt $THREADS ]]
		before=$(counts)
		vmscope pages --each "$PID" -o "$columns" >"$BATS_TEST_TMPDIR/meanwhile"
		run -0 "$HELPERS/compare" "$way" "$PID"
		assert_output --partial ' 0 differences'
		assert_equal "$(counts)" "$before"
		kill -CONT "$CLIENT"
		wait "$CLIENT"
		assert_equal "$(<"$BATS_TEST_TMPDIR/said")" ""
		[[ $(wc -l <"$BATS_TEST_TMPDIR/held") -gt 4096 ]]
		diff "$BATS_TEST_TMPDIR/held" "$BATS_TEST_TMPDIR/meanwhile"
		runs_free
	done
}

# moved ARG...: of the pages that are moved, how many were there: "64 64" (and
# different ones) where nothing was missing or there twice.
moved()
{
	vmscope pages --each --noheadings -o vaddr,pfn "$@" "$PID" "$PLACES" 2>/dev/null |
		perl -ane 'my $at = hex($F[0]) - 0x20000000000;
			next if $at >= 64 << 12 and $at < (64 << 12) + (16 << 20);
			$n++; $seen{$F[1]} = 1;
			END { print $n + 0, " ", scalar(keys %seen), "\n" }'
}

@test "frozen, nothing is missing and nothing there twice; else it is" {
	local way i

	for ((i = 0; i < 5; i++)); do
		for way in netlink debugfs; do
			assert_equal "$(moved --freeze --transport "$way")" "$PAGES $PAGES"
		done
	done
	for ((i = 0; i < 100; i++)); do
		[[ $(moved) == "$PAGES $PAGES" ]] || break
	done
	[[ $i -lt 100 ]] || fail "not frozen, and yet right a hundred times"
	runs_free
}

@test "the process goes on, however the client ends" {
	local signal want status

	# By this signal, with that exit status; CONT: not at all.
	for want in CONT:0 KILL:137 INT:130 TERM:143 HUP:129 PIPE:141 ABRT:134; do
		signal=${want%:*}
		hold_frozen netlink
		kill "-$signal" "$CLIENT"
		kill -CONT "$CLIENT" || true
		status=0
		wait "$CLIENT" || status=$?
		[[ $signal:$status == "$want" && ! -s $BATS_TEST_TMPDIR/said ]] ||
			fail "$signal: status $status, $(<"$BATS_TEST_TMPDIR/said")"
		runs_free || fail "$signal: it does not go on"
	done

	# Nobody reads it, or nobody any more, or there is no room.
	run bash -c 'vmscope pages --freeze --each "$1" | head -1' - "$PID"
	assert_equal "${#lines[@]}" 1
	runs_free
	for want in '>&-:stdout: Bad file descriptor' '>/dev/full:stdout: No space left on device'; do
		run -1 bash -c "vmscope pages --freeze --each $PID ${want%%:*}"
		assert_output "vmscope: ${want#*:}"
		runs_free || fail "$want: it does not go on"
	done
	# What it asks for is wrong.
	run -1 vmscope pages --freeze "$PID" nosuch.so
	assert_output "vmscope: nosuch.so: no mapping of that name and no symbol in process $PID"
	runs_free
}

@test "the process ends while it is frozen" {
	local status=0

	hold_frozen debugfs
	kill -KILL "$PID"
	until_true test ! -e "/proc/$PID/exe"
	kill -CONT "$CLIENT"
	wait "$CLIENT" || status=$?
	assert_equal "$status $(<"$BATS_TEST_TMPDIR/said")" \
		"1 vmscope: PID $PID: the process exited or called exec meanwhile"
}

@test "what was stopped before stays stopped, and no signal is lost" {
	local before i

	kill -STOP "$PID"
	until_true state_is "$PID" T
	before=$(counts)
	for i in 1 2 3; do
		assert_equal "$(moved --freeze)" "$PAGES $PAGES"
	done
	hold_frozen netlink
	kill -KILL "$CLIENT"
	wait "$CLIENT" || true
	until_true state_is "$PID" T
	assert_equal "$(status "$PID" TracerPid)" 0
	assert_equal "$(counts)" "$before"
	kill -CONT "$PID"
	runs_free

	for ((i = 1; i <= 40; i++)); do
		kill -RTMIN "$PID"
		((i % 10)) || vmscope maps --freeze "$PID" >/dev/null
	done
	until_true signals_are 40
}

# traced TID: somebody else traces that thread. It is said, and nothing changes.
traced()
{
	local tracer args words out=$BATS_TEST_TMPDIR/tracer.$1

	"$HELPERS/lockstep" trace "$1" >"$out" 3>&- &
	tracer=$!
	until_true grep -q ready "$out"
	for args in maps pages tables swap 'walk [stack]' "shared $$"; do
		read -r -a words <<<"$args"
		run -1 vmscope "${words[0]}" --freeze "$PID" "${words[@]:1}"
		assert_output "vmscope: PID $PID: cannot be frozen: already traced"
	done
	grep -qx "TracerPid:.$tracer" "/proc/$PID/task/$1/status"
	until_true went_on "$(counts)"
	kill -KILL "$tracer"
	wait "$tracer" || true
	until_true tracer_is 0
	runs_free
}

@test "a process that somebody else traces, or a thread of it, cannot be frozen" {
	local thread

	traced "$PID"
	thread=$(find "/proc/$PID/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | sed -n 3p)
	traced "$thread"
}
