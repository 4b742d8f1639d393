# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# A swap device of the test's own, in RAM, before all others.
setup_file()
{
	build_lab
	modprobe zram
	N=$(cat /sys/class/zram-control/hot_add)
	export N
	echo 64M >/sys/block/zram"$N"/disksize
	mkswap /dev/zram"$N" >/dev/null
	swapon -p 100 /dev/zram"$N"
}

teardown_file()
{
	swapoff /dev/zram"$N"
	echo "$N" >/sys/class/zram-control/hot_remove
	rmmod zram 2>/dev/null || true
}

# start: sets $array, $third.
start()
{
	launch swap ./swap
	expect swap '^array (0x[0-9a-f]+)$'
	array=${BASH_REMATCH[1]}
	third=$(printf '0x%x' $((array + 8192)))
}

# pushed_out: and the third page is in swap.
pushed_out()
{
	start
	go_on swap
	expect swap '^pushed out$'
	hint "The third page has to be in swap. Which advice to madvise() asks for that (TODO 1)?" \
		assert_swapped "$swap" "$third"
}

# reads RAW WANTED HINT: what ./entry says of the entry.
reads()
{
	hint "$3
of $1 it says: $(./entry "$1")" test "$(./entry "$1")" = "$2"
}

@test "S9: a page goes to swap and comes back" {
	local page

	pushed_out
	for page in 0 1 3; do
		hint "One page, not those beside it (TODO 1)." \
			assert_state "$swap" $((array + page * 4096)) present
	done
	go_on swap
	expect swap "^it begins with 't'; 1 major faults\$" \
		"The page has to be read, and what was in it to be found (TODO 2). That is one page fault
for which the kernel needs the disk."
	hint "Whoever reads the page has it in memory again (TODO 2)." \
		assert_state "$swap" "$third" present
}

@test "S4: what the entry of a swapped page holds" {
	local raw type offset

	reads 0x8000000012345067 present "Bit 0 says that the processor uses the entry (TODO 3)."
	reads 0x0 nothing "There is nothing in an entry of 0 (TODO 3)."
	reads 0x1ffffffffffff40a "device 3 slot 5" "The device is in the topmost five bits (TODO 4). The slot is in bits 9 to 58, each inverted
(TODO 5)."
	pushed_out
	read -r raw type offset < <(vmscope --json walk "$swap" "$third" |
		jq -r '.walk[0] | "\(.levels[-1].entry) \(.swap.type) \(.swap.offset)"')
	reads "$raw" "device $type slot $offset" \
		"The kernel has this page on device $type in slot $offset. Which bits are those (TODO 4, 5)?"
	hint "In that slot there has to be what was in the page." test "this is page 3" = \
		"$(dd if=/dev/zram"$N" bs=4096 count=1 skip="$offset" iflag=direct status=none | tr -d '\0')"
}

# anon NAME: pages of its own in memory, pages in swap.
anon()
{
	vmscope --json maps "${PID[$1]}" |
		jq -r '"\([.maps[].anon // 0] | add) \([.maps[].swap // 0] | add)"'
}

@test "S9: a whole process goes to swap and comes back" {
	local there swapped back left

	start
	read -r there _ < <(anon swap)
	launch away ./away "$swap"
	expect away '^[0-9]+ pages were there, [0-9]+ are$'
	read -r left swapped < <(anon swap)
	hint "Of $there pages that the process has for itself $left are still in memory. Push out all of
each range (TODO 6)." test "$left" -eq 0
	hint "All of them have to be in swap." test "$swapped" -eq "$there"
	hint "That is the process's array, too." assert_swapped "$swap" "$array"
	go_on swap
	expect swap '^pushed out$' "The process has to go on as if nothing had been."
	read -r back _ < <(anon swap)
	hint "Something of it has to be back: it runs." test "$back" -gt 0
}
