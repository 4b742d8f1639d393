# SPDX-License-Identifier: GPL-2.0
#
# A process that changes while it is looked at: no record mixes two states of an
# entry, none comes twice, and a dump says that it does not fit together.

load lib/guest

setup_file()
{
	fresh_zram 1
	echo 256M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	# The frames of the files shall stay where they are.
	echo 0 >/proc/sys/vm/compact_unevictable_allowed
}

teardown_file()
{
	swapoff /dev/zram0
	rmmod zram
}

@test "a storm: no record that is mixed, out of order or there twice" {
	run "$HELPERS/storm" rage "${STORM-10}"
	echo "$output" >&3
	assert_success
	assert_output --regexp '[1-9][0-9]{4,} records, 0 wrong'
}

@test "a change between two parts of a dump is told, and only such a change" {
	run "$HELPERS/storm" told
	assert_success
	assert_equal "$(grep -c '^right' <<<"$output")" 52
}
