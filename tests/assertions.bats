# SPDX-License-Identifier: GPL-2.0
#
# tests/lib/vmscope.bash: each assertion where it holds and where it does not,
# and what it says then.

load lib/guest
load lib/vmscope
load lib/wait

# holds ASSERTION...: it does, and has nothing to say.
holds()
{
	run "$@"
	assert_success
	assert_output ''
}

# says REGEX ASSERTION...: it does not hold; the message has a line like that.
says()
{
	run "${@:2}"
	assert_equal "$status" 1
	assert_line --index 0 --regexp '^-- .* --$'
	assert_line --regexp "$1"
}

setup()
{
	start_state untouched
	untouched=${AT[untouched]} pid=$STATE_PID
}

teardown()
{
	stop_state
}

@test "state: held, not held, gone, and no such state" {
	holds assert_state "$pid" "$untouched" none
	holds assert_state "$pid" 0 unmapped
	says '^actual +: none$' assert_state "$pid" "$untouched" present
	assert_line --regexp '^expected : present$'
	assert_line --regexp "^process $pid, address $untouched: none$"
	assert_line --regexp '^  in start=0x[0-9a-f]+,end=0x[0-9a-f]+,perms=rw-p'
	assert_line --regexp '^  level=pgd,index=[0-9]+,entry_paddr=0x[0-9a-f]+,entry=0x[0-9a-f]+,flags=present'
	says 'no such state: presnt' assert_state "$pid" "$untouched" presnt
	says 'no such state: \(none given\)' assert_state "$pid" "$untouched"
	says '^answer  : vmscope: .*no such process' assert_state 999999 0 unmapped
	says '^answer  : vmscope: ' wait_for_state "$pid" '[nothing]' present
}

@test "wait_for_state: at once, later, too late" {
	holds wait_for_state "$pid" "$untouched" none 0
	says 'in 1 seconds' wait_for_state "$pid" "$untouched" present 1
	assert_line --regexp '^actual   : none$'
	# It begins to wait before the page is there.
	sleep()
	{
		: >"$BATS_TEST_TMPDIR/waits"
		command sleep "$@"
	}
	wait_for_state "$pid" "$untouched" present 120 3>&- &
	waiting=$!
	unset -f sleep
	until_true test -e "$BATS_TEST_TMPDIR/waits"
	change untouched
	wait "$waiting"
}

@test "flags: each one there, each one not there, no such flag" {
	change untouched
	holds assert_flags "$pid" "$untouched" +present +rw -exec +leaf -pkey=1
	says '^not so +: -rw \+exec$' assert_flags "$pid" "$untouched" +present -rw +exec
	assert_line --regexp '^actual +: present rw user accessed dirty leaf'
	assert_line --regexp '^  level=pte,.*,flags=present\+rw'
	says 'no such flag: exce' assert_flags "$pid" "$untouched" -exce
	says 'neither \+FLAG nor -FLAG: exec' assert_flags "$pid" "$untouched" exec
	says 'no flags to look for' assert_flags "$pid" "$untouched"
}

@test "frames: the same, others, none to compare" {
	local child at

	change untouched
	other=$pid other_at=$untouched
	start_state forked
	at=${AT[forked]} child=$(pgrep -P "$STATE_PID")
	holds assert_same_frame "$STATE_PID" "$at" "$child" "$at"
	holds assert_different_frame "$STATE_PID" "$at" "$other" "$other_at"
	says '^-- two frames, not one --$' assert_same_frame "$STATE_PID" "$at" "$other" "$other_at"
	# Both walks.
	assert_line --regexp "^process $STATE_PID, address $at: present, frame [0-9]+$"
	assert_line --regexp "^process $other, address $other_at: present, frame [0-9]+$"
	says '^-- one frame, not two --$' assert_different_frame "$STATE_PID" "$at" "$child" "$at"
	assert_line --regexp "^process $child, address $at: present, frame [0-9]+$"
	says '^-- there is no frame to compare --$' assert_same_frame "$STATE_PID" 0 "$child" "$at"
	says '^-- there is no frame to compare --$' assert_different_frame "$STATE_PID" "$at" "$child" 0
	says 'wants PID ADDR PID ADDR' assert_same_frame "$STATE_PID" "$at"

	holds assert_shared_by 2 "$STATE_PID:$at"
	holds assert_shared_by 1 "$other:$other_at"
	pfn=$(vmscope --json walk "$child" "$at" | jq '.walk[0].pfn')
	holds assert_shared_by 2 "$pfn"
	says '^expected : 3$' assert_shared_by 3 "$pfn"
	assert_line --regexp '^actual   : 2$'
	assert_line --regexp "^  process $child \(.*\) at $at "
	says 'cannot ask for the frame' assert_shared_by 1 "$STATE_PID:0"
	says 'wants a number and a frame' assert_shared_by "$pfn"
	end "$other"
}

@test "swap: there, on that device, not there" {
	change untouched
	says '^actual : present$' assert_swapped "$pid" "$untouched"
	end "$pid"
	fresh_zram 1
	echo 16M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	start_state swapped
	holds assert_swapped "$STATE_PID" "${AT[swapped]}"
	holds assert_swapped "$STATE_PID" "${AT[swapped]}" /dev/zram0
	says '^actual   : /dev/zram0$' assert_swapped "$STATE_PID" "${AT[swapped]}" /dev/sda
	assert_line --regexp '^process .*: swap, swap /dev/zram0 slot [0-9]+$'
	change swapped
	holds wait_for_state "$STATE_PID" "${AT[swapped]}" present
	swapoff /dev/zram0
	rmmod zram
}
