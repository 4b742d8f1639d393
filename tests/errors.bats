# SPDX-License-Identifier: GPL-2.0
#
# Bad input: each its exit status and one clear line, the same both ways in.

load lib/guest

setup()
{
	start_state written zero
}

teardown()
{
	stop_state
}

# A process that has exited and is not waited for.
start_zombie()
{
	perl -e '$| = 1; $p = fork // die; exit 0 unless $p; print "$p\n"; sleep 1000' \
		>"$BATS_TEST_TMPDIR/zombie" 3>&- &
	ZOMBIE_PARENT=$!
	until [[ -s $BATS_TEST_TMPDIR/zombie ]]; do sleep 0.05; done
	ZOMBIE=$(cat "$BATS_TEST_TMPDIR/zombie")
	until grep -q '^State:.Z' "/proc/$ZOMBIE/status"; do sleep 0.05; done
}

# STATUS | ARGUMENTS | what stderr says. P: a live process.
bad_input()
{
	cat <<-END
	1|walk 4194304 0x1000|PID 4194304: no such process
	1|walk 99999999999 0x1000|PID 99999999999: no such process
	1|walk 0 0x1000|PID 0: no such process
	2|walk -5 0x1000|'-5'
	2|walk abc 0x1000|PID 'abc': not a process ID
	2|walk 12x 0x1000|PID '12x': not a process ID
	1|walk 2 0x1000|PID 2: a kernel thread has no user address space
	1|walk $ZOMBIE 0x1000|PID $ZOMBIE: the process has exited and waits to be reaped
	1|maps 2|PID 2: a kernel thread has no user address space
	1|maps $ZOMBIE|PID $ZOMBIE: the process has exited and waits to be reaped
	1|pages 4194304|PID 4194304: no such process
	1|pages 2|PID 2: a kernel thread has no user address space
	1|tables 4194304|PID 4194304: no such process
	1|tables 2|PID 2: a kernel thread has no user address space
	1|tables $ZOMBIE|PID $ZOMBIE: the process has exited and waits to be reaped
	1|swap 4194304|PID 4194304: no such process
	1|swap 2|PID 2: a kernel thread has no user address space
	1|swap $ZOMBIE|PID $ZOMBIE: the process has exited and waits to be reaped
	1|shared P 4194304|PID 4194304: no such process
	1|shared P 2|PID 2: a kernel thread has no user address space
	1|shared P $ZOMBIE|PID $ZOMBIE: the process has exited and waits to be reaped
	2|shared P|shared: needs PID PID
	2|shared P P|given twice
	2|walk P|ADDR
	2|walk|PID
	2|frobnicate|frobnicate
	2|walk P 0xzz|0xzz
	2|walk P ''|address ''
	1|walk P 0x8000000000000000|0x8000000000000000: not a canonical address
	2|walk P 0x10000000000000000|0x10000000000000000
	1|walk P nosuch.so|nosuch.so: no mapping of that name
	1|pages P nosuch.so|nosuch.so: no mapping of that name
	2|pages P 0x2000-0x2000|empty
	2|pages P 0x2000+0|empty
	2|pages P 0x2000-0x1000|reversed
	1|pages P 0x1000-0xffffffffffff0000|outside the user address space
	2|pages P --state nonsense|nonsense
	2|pages P --flags rw,nonsense|nonsense
	2|maps P -o nonsense|nonsense
	2|maps P extra|extra
	2|--transport pigeon info|pigeon
	END
}

@test "bad input: status and one line, the same over both transports" {
	local want args text way said wrong=''
	local out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err

	start_zombie
	while IFS='|' read -r want args text; do
		args=${args//P/$STATE_PID}
		args=${args//"$STATE_PID"ID/PID}
		for way in netlink debugfs; do
			status=0
			eval "vmscope --transport $way $args" >"$out" 2>"$err" || status=$?
			mapfile -t said <"$err"
			[[ $status -eq $want && ! -s $out &&
			   ${said[0]} == "vmscope: "*"$text"* &&
			   ${#said[@]} -eq 1 ]] ||
				wrong+="$way: $args: status $status: ${said[*]}"$'\n'
		done
	done < <(bad_input)
	end "$ZOMBIE_PARENT"
	[[ -z $wrong ]] || fail "$wrong"
}

@test "an address that nothing maps is an answer, not an error" {
	local way

	for way in netlink debugfs; do
		run -0 --separate-stderr vmscope --json --transport "$way" walk "$STATE_PID" 0x1000
		[[ $(jq -r '.walk[0] | "\(.state) \(.why) \(has("pfn")) \(has("paddr"))"' <<<"$output") == "unmapped unmapped false false" ]] ||
			fail "$way: $output"
	done
}

@test "stdout full or closed is noticed" {
	run -1 --separate-stderr bash -c 'vmscope maps "$1" >/dev/full' - "$STATE_PID"
	assert_equal "$stderr" "vmscope: stdout: No space left on device"
	run -1 --separate-stderr bash -c 'vmscope pages "$1" --each >/dev/full' - "$STATE_PID"
	assert_equal "$stderr" "vmscope: stdout: No space left on device"
	run --separate-stderr bash -c 'vmscope pages "$1" --each >&-' - "$STATE_PID"
	[[ $status -eq 1 && $stderr == "vmscope: stdout: "* ]]
}

# What is written after that is many times what a pipe holds. The client dies of it
# as any program; where nobody dies of it, its status says that it was not done.
@test "a reader that stops early ends it without a word" {
	local way how wrong=''

	start_large
	for way in netlink debugfs; do
		for how in dies:141 ignored:1; do
			run -0 --separate-stderr bash -c '
				[[ $3 != ignored ]] || trap "" PIPE
				vmscope --transport "$1" pages "$2" --each --split | head -1
				echo "${PIPESTATUS[0]}"' - "$way" "$LARGE" "${how%:*}"
			[[ ${#lines[@]} -eq 2 && ${lines[0]} == VADDR* && ${lines[1]} == "${how#*:}" && -z $stderr ]] ||
				wrong+="$way, $how: $output $stderr"$'\n'
		done
	done
	run -0 bash -c 'vmscope pages "$1" --each --split | wc -c' - "$LARGE"
	end "$LARGE"
	[[ $output -gt 1000000 ]] || wrong+="$output bytes"
	[[ -z $wrong ]] || fail "$wrong"
}

@test "debugfs not mounted" {
	umount /sys/kernel/debug
	run --separate-stderr vmscope --transport debugfs info
	mount -t debugfs debugfs /sys/kernel/debug
	assert_equal "$status" 1
	assert_equal "$stderr" "vmscope: debugfs: not mounted (mount -t debugfs none /sys/kernel/debug)"
}

@test "module of another ABI" {
	local way

	for way in netlink debugfs; do
		run --separate-stderr "$HELPERS/other-abi/userspace/vmscope" --transport "$way" maps "$STATE_PID"
		[[ $status -eq 3 && -z $output && ${#stderr_lines[@]} -eq 1 &&
		   $stderr == "vmscope: "*ABI*99* ]] || fail "$way: $status $output $stderr"
	done
}

@test "module not loaded" {
	local way wrong=''

	rmmod vmscope
	for way in netlink debugfs; do
		run --separate-stderr vmscope --transport "$way" info
		[[ $status -eq 3 && -z $output &&
		   $stderr == "vmscope: $way: module vmscope is not loaded (modprobe vmscope)" ]] ||
			wrong+="$way: $status $stderr"
	done
	insmod "$MODULE"
	[[ -z $wrong ]] || fail "$wrong"
}
