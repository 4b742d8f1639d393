# SPDX-License-Identifier: GPL-2.0
#
# All at once: what processes do to their memory (fork, exec, exit, map, unmap, protect,
# move, page out, free, collapse, spoil ...), what is done to all memory (compaction,
# migration, KSM, hugetlb's pool, swap devices that go, memory that is unplugged), and
# every question. The kernel's own word on it is scripts/vm's to hear.

load lib/guest

setup_file()
{
	local i

	fresh_zram 3
	for i in 0 1 2; do
		echo 128M >/sys/block/zram$i/disksize
		mkswap /dev/zram$i >/dev/null
		swapon /dev/zram$i
	done
}

teardown_file()
{
	swapoff -a
	rmmod zram
}

# rage ARG...: the process that ends it all has the last word.
rage()
{
	run "$HELPERS/unrest" "$@"
	printf '# %s\n' "${lines[@]}" >&3
	assert_success
}

@test "no process is lost, no page mixed up, no reference kept, whatever is done and asked" {
	rage "${UNREST-10}"
}

@test "and whenever nobody has it open the module goes, and comes back" {
	rage "${UNREST-10}" "${LOADS-10}" "$MODULE"
	assert_line "the module has come ${LOADS-10} times"
	run -0 vmscope walk $$ '[stack]'
}
