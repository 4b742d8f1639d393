# SPDX-License-Identifier: GPL-2.0
#
# What makes no sense, by the thousand, through both ways in: nothing breaks, what
# makes sense is still answered rightly, nothing is kept. FUZZ: how much of it.

load lib/guest

# fuzz WAY: prints the seed, by which it can be had again.
fuzz()
{
	run "$HELPERS/fuzz" "$1" "${FUZZ-3000}"
	echo "$output" >&3
	assert_success
	assert_output --regexp "^$1: [0-9]+ inputs by [0-9]+ workers, seed 0x[0-9a-f]+; "
}

@test "netlink: broken messages, many sockets, dumps left halfway" {
	fuzz netlink
}

@test "debugfs: any line, any offset, attach and detach meanwhile" {
	fuzz debugfs
}
