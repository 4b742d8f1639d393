# SPDX-License-Identifier: GPL-2.0
#
# The command for gdb, in batch mode.

load lib/guest

# debug PROGRAM COMMAND...: gdb's output and status, stopped in main.
debug()
{
	local program=$1 command args=()

	shift
	for command; do
		args+=(-ex "$command")
	done
	gdb -nx -batch -ex "source $REPO/scripts/gdb/vmscope.py" -ex 'set confirm off' \
		-ex 'break main' -ex 'run >/dev/null' "${args[@]}" "$program" 2>&1
}

# of MARK: what was printed after the line "MARK" and before the next mark.
of()
{
	sed -n "/^== $1\$/,/^== /p" "$BATS_TEST_TMPDIR/out" | grep -v '^=='
}

@test "gdb's expressions become addresses of the process being debugged" {
	local pid sp pc array

	debug "$HELPERS/symbols-pie" \
		'printf "== pid\n%d\n", $_inferior ? (int)getpid() : 0' \
		'printf "== sp\n%#lx\n", $rsp' 'printf "== pc\n%#lx\n", $pc' \
		'printf "== array\n%#lx\n", &bss_array' \
		'echo == walk\n' 'vmscope walk $rsp' \
		'echo == three\n' 'vmscope walk $pc $rsp+8 "(char *)&bss_array + 16" -o vaddr --noheadings' \
		'echo == function\n' 'vmscope --json walk main' \
		'echo == names\n' 'vmscope --noheadings walk [stack] libc.so.6+0x10 -o vaddr' \
		'echo == maps\n' 'vmscope maps -o range,perms,mapping' \
		'echo == pages\n' 'vmscope --json pages $pc+0x2000 --each' \
		'echo == between\n' 'vmscope --json pages $rsp-$rsp+1 --each' \
		'echo == tables\n' 'vmscope --json tables' \
		'echo == info\n' 'vmscope info' \
		'echo == end\n' >"$BATS_TEST_TMPDIR/out"
	pid=$(of pid) sp=$(of sp) pc=$(of pc) array=$(of array)
	assert_regex "$pid" '^[0-9]+$'
	of walk | grep -q "^process $pid (symbols-pie), virtual address 0x0*${sp#0x} = "
	assert_equal "$(of three)" "$(printf '0x%x\n' "$pc" $((sp + 8)) $((array + 16)))"
	# The breakpoint lies behind main's first instructions.
	of function | jq -e --arg pc "$pc" '.walk[0] | .pid == '"$pid"' and .state == "present"' >/dev/null
	of names | grep -c '^0x' | grep -qx 2
	of maps | grep -qE "r-xp +$HELPERS/symbols-pie"
	of pages | jq -e '.pages | length > 1 and ([.[].vaddr] | index("'"$(printf '0x%x' $((pc & ~4095)))"'") == 0)' >/dev/null
	of between | jq -e '[.pages[].vaddr] == ["'"$(printf '0x%x' $((sp & ~4095)))"'"]' >/dev/null
	of tables | jq -e '.total.bytes > 0 or .tables' >/dev/null
	of info | grep -q '^kernel\|KERNEL'
}

@test "what goes wrong is said, as gdb's own errors are" {
	local core=$BATS_TEST_TMPDIR/core

	plain() { gdb -nx -batch -ex "source $REPO/scripts/gdb/vmscope.py" "$@" 2>&1; }
	run plain -ex 'vmscope info'
	assert_success
	run plain -ex 'vmscope maps'
	assert_failure
	assert_output 'vmscope: no process: start one, or attach to one'
	run plain -ex 'vmscope'
	assert_failure
	assert_output --partial 'vmscope: no COMMAND'

	run debug "$HELPERS/symbols-pie" 'vmscope walk nosuch'
	assert_failure
	assert_line --regexp '^vmscope: nosuch: no mapping of that name and no symbol in process [0-9]+$'
	run debug "$HELPERS/symbols-pie" 'vmscope pages $sp-0x10+0x10 --state present'
	assert_success
	run debug "$HELPERS/symbols-pie" "generate-core-file $core"
	run plain "$HELPERS/symbols-pie" "$core" -ex 'vmscope maps'
	assert_failure
	assert_line --regexp "^vmscope: process [0-9]+: not alive on this machine \\(gdb's target is 'core'\\)$"
	VMSCOPE=/nonexistent/vmscope run debug "$HELPERS/symbols-pie" 'vmscope maps'
	assert_failure
	assert_line 'vmscope: cannot run /nonexistent/vmscope: No such file or directory'

	rmmod vmscope
	run debug "$HELPERS/symbols-pie" 'vmscope maps'
	insmod "$MODULE"
	assert_failure
	assert_output --partial 'not loaded'
}
