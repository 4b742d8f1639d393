# SPDX-License-Identifier: GPL-2.0
#
# Coming and going: of the module, of directories, of the process looked at.

load lib/guest

@test "attach twice, detach of what is not attached, too many" {
	local i pids=()

	start sleep 1000
	echo "$STARTED" >"$DEBUGFS/attach"
	run bash -c "echo $STARTED >$DEBUGFS/attach"
	assert_failure
	assert_output --partial "File exists"
	echo "$STARTED" >"$DEBUGFS/detach"
	run bash -c "echo $STARTED >$DEBUGFS/detach"
	assert_failure
	assert_output --partial "No such file or directory"
	for bad in 2:"not supported" 4194304:"No such process" 0:"No such process" -1:"No such process" x:"Invalid" "1 2":"Invalid"; do
		run bash -c "echo ${bad%%:*} >$DEBUGFS/attach"
		assert_failure
		assert_output --partial "${bad#*:}"
	done
	end "$STARTED"

	for ((i = 0; i < 65; i++)); do
		start sleep 1000
		pids+=("$STARTED")
	done
	for ((i = 0; i < 64; i++)); do
		echo "${pids[i]}" >"$DEBUGFS/attach"
	done
	run bash -c "echo ${pids[64]} >$DEBUGFS/attach"
	assert_failure
	assert_output --partial "Too many users"
	# One that is gone makes room.
	end "${pids[0]}"
	echo "${pids[64]}" >"$DEBUGFS/attach"
	[[ ! -e $DEBUGFS/${pids[0]} && -d $DEBUGFS/${pids[64]} ]]
	for ((i = 1; i < 65; i++)); do
		echo "${pids[i]}" >"$DEBUGFS/detach"
	done
	end "${pids[@]:1}"
}

@test "an attached process's number does not lead to the next one that has it" {
	local pid

	start sleep 1000
	pid=$STARTED
	echo "$pid" >"$DEBUGFS/attach"
	end "$pid"
	run cat "$DEBUGFS/$pid/maps"
	assert_failure
	assert_output --partial "No such process"
	# Take the number again.
	echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
	start sleep 1000
	[[ $STARTED -eq $pid ]] || skip "the kernel did not give number $pid again"
	run cat "$DEBUGFS/$pid/maps"
	assert_failure
	assert_output --partial "No such process"
	# It can be attached itself; the old directory gives way.
	echo "$pid" >"$DEBUGFS/attach"
	run -0 cat "$DEBUGFS/$pid/maps"
	echo "$pid" >"$DEBUGFS/detach"
	end "$pid"
}

@test "the module stays while a file is open or a dump in flight, and goes after" {
	local fd

	start sleep 1000
	exec {fd}<"$DEBUGFS/info"
	run rmmod vmscope
	assert_failure
	exec {fd}<&-
	# The client stops reading in the middle of a dump.
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	vmscope pages "$$" --each >"$BATS_TEST_TMPDIR/pipe" 3>&- &
	exec {fd}<"$BATS_TEST_TMPDIR/pipe"
	read -r -u "$fd" _
	kill -STOP $!
	run rmmod vmscope
	kill -KILL $!
	exec {fd}<&-
	wait $! || true
	echo "$STARTED" >"$DEBUGFS/attach"
	rmmod vmscope
	[[ ! -e $DEBUGFS && ! -e /sys/module/vmscope ]]
	insmod "$MODULE"
	[[ ! -e $DEBUGFS/$STARTED ]]
	run -0 vmscope walk "$STARTED" '[stack]'
	end "$STARTED"
}

@test "loaded and unloaded 50 times" {
	local i

	for ((i = 0; i < 50; i++)); do
		rmmod vmscope
		insmod "$MODULE"
	done
	run -0 vmscope info
}

# A process of 200 MB, which takes a client that is held up long to dump.
start_large()
{
	rm -f "$BATS_TEST_TMPDIR/large"
	perl -e '$x = "a" x 2e8; $| = 1; print "ready\n"; <STDIN>; exec "sleep", "1000"' \
		<"$1" >"$BATS_TEST_TMPDIR/large" 3>&- &
	LARGE=$!
}

# In the middle of a dump the process does $1. The dump must fail, and say why.
dies_midway()
{
	local way=$1 what=$2 in=$BATS_TEST_TMPDIR/in pipe=$BATS_TEST_TMPDIR/pipe fd hold status=0

	rm -f "$in" "$pipe"
	mkfifo "$in" "$pipe"
	start_large "$in"
	exec {hold}>"$in"
	until [[ -s $BATS_TEST_TMPDIR/large ]]; do sleep 0.1; done
	vmscope --transport "$way" pages "$LARGE" --each --split >"$pipe" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	exec {fd}<"$pipe"
	read -r -u "$fd" _
	case $what in
	exit) kill -KILL "$LARGE"; wait "$LARGE" 2>/dev/null || true ;;
	exec) echo >&"$hold"; until grep -q sleep "/proc/$LARGE/comm"; do sleep 0.1; done ;;
	esac
	cat <&"$fd" >/dev/null
	exec {fd}<&- {hold}>&-
	wait $! || status=$?
	end "$LARGE"
	assert_equal "$what $way $status $(cat "$BATS_TEST_TMPDIR/err")" \
		"$what $way 1 vmscope: PID $LARGE: the process exited or called exec meanwhile"
}

@test "a process that exits or execs during a dump makes it fail" {
	local way what

	for way in netlink debugfs; do
		for what in exit exec; do
			dies_midway "$way" "$what"
		done
	done
}

@test "a dump streams, and takes no memory for what is long" {
	local in=$BATS_TEST_TMPDIR/in hold peak

	mkfifo "$in"
	start_large "$in"
	exec {hold}>"$in"
	until [[ -s $BATS_TEST_TMPDIR/large ]]; do sleep 0.1; done
	for way in netlink debugfs; do
		run -0 perl -e '
			open P, "-|", "vmscope", "--transport", $ARGV[1], "pages", $ARGV[0], "--each", "--split" or die;
			while (<P>) { $n++; }
			close P; exit $? >> 8 if $?;
			print "$n\n"' "$LARGE" "$way"
		[[ $output -gt 48000 ]]
		peak=$(command time -f %M vmscope --transport "$way" pages "$LARGE" --each --split 2>&1 >/dev/null)
		[[ $peak -lt 16384 ]] || fail "$way: $peak kB"
	done
	exec {hold}>&-
	end "$LARGE"
}

@test "a VMA that comes or goes between two parts is told of" {
	local way

	# Maps and unmaps all the time.
	python3 -c '
import mmap
x = bytearray(200_000_000)
print("ready", flush=True)
while True:
	mmap.mmap(-1, 1 << 20).close()' >"$BATS_TEST_TMPDIR/large" 3>&- &
	LARGE=$!
	until [[ -s $BATS_TEST_TMPDIR/large ]]; do sleep 0.1; done
	for way in netlink debugfs; do
		run -0 --separate-stderr bash -c 'vmscope --transport "$1" pages "$2" --each --split >/dev/null' - "$way" "$LARGE"
		[[ $stderr == "vmscope: PID $LARGE: address space changed"* ]] || fail "$way: $stderr"
	done
	end "$LARGE"
}
