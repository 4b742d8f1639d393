#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Who maps a frame.

load lib/guest

@test "the owners of a frame are those that brute force finds, however it is shared" {
	run -0 "$HELPERS/owners"
	printf '# %s\n' "${lines[@]}" >&3
	# Each kind, not one less.
	assert_equal "$(grep -cE '^[a-z-]+ (ok|skip) ' <<<"$output")" 27
}
