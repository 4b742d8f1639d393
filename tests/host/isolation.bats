#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Page-table isolation, which the processors that guests have do without: a guest
# whose kernel is told to. A process then has two top tables in two neighbouring
# pages, the kernel's and user mode's.

# shellcheck disable=SC2016 # programs for the guest to expand
# shellcheck disable=SC2154 # stderr: set by run

bats_require_minimum_version 1.5.0

setup()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
	REPO=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
}

# What each address is for: code that user mode needs to get in, so that it has
# tables of its own for it; the processors' own areas, whose tables both have;
# the kernel's list of all frames, of which user mode knows nothing; and the user half.
@test "page-table isolation: both top tables of a process, as they are in memory" {
	run -0 --separate-stderr "$REPO/scripts/vm" run --append "no5lvl nokaslr pti=on" -- bash -c '
		dmesg | grep -o "isolation: enabled"
		for way in netlink debugfs; do
			echo "can $way $(vmscope --transport $way --json info | jq -c ".info[0].can | index(\"pti\") != null")"
		done
		sleep 1000 & pid=$!
		code=0x$(awk "\$3 == \"entry_SYSCALL_64\" { print \$1 }" /proc/kallsyms)
		for row in "code $code" "processors 0xfffffe0000000000" "frames 0xffffea0000000000" "user [stack]"; do
			for way in netlink debugfs; do
				read -r entry at user < <(vmscope --transport $way --json walk $pid "${row#* }" | jq -r \
					".walk[0] | [.levels[0].entry, .levels[0].entry_paddr, .user_entry // \"absent\"] | join(\" \")")
				{ read -r kernel; read -r isolated; } < <(tests/helpers/kcore.py $at $((at + 4096)))
				[[ $entry == $kernel ]] && own=same || own=other
				[[ $user == $isolated ]] && theirs=same || theirs=$user
				[[ $entry == $isolated ]] && both=one || both=two
				[[ $isolated != 0x0 ]] || both=none
				echo "${row% *} $way kernel=$own user=$theirs tables=$both"
			done
			vmscope walk $pid "${row#* }" | sed -n "s/.*isolation: user mode.s own top table has .* here (\(.*\))/${row% *}: \1/p"
		done'
	assert_equal "${stderr#vm: the guest died before its init: once more}" ""
	# In the user half they differ in one bit: the kernel's forbids to execute.
	assert_output - <<-OUTPUT
	isolation: enabled
	can netlink true
	can debugfs true
	code netlink kernel=same user=same tables=two
	code debugfs kernel=same user=same tables=two
	code: tables of its own
	processors netlink kernel=same user=same tables=one
	processors debugfs kernel=same user=same tables=one
	processors: the same table below
	frames netlink kernel=same user=same tables=none
	frames debugfs kernel=same user=same tables=none
	frames: nothing mapped
	user netlink kernel=same user=absent tables=two
	user debugfs kernel=same user=absent tables=two
	OUTPUT
}
