# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# way PID ADDRESS: where each entry was read, from the second level on, and the frame.
way()
{
	vmscope --json walk "$1" "$2" | jq -c '.walk[0] | [.levels[1:][].entry_paddr, .pfn]'
}

# user_bits PID ADDRESS: "user" for each level that permits it to programs, or "-".
user_bits()
{
	vmscope --json walk "$1" "$2" |
		jq -r '[.walk[0].levels[] | if .flags | index("user") then "user" else "-" end] | join(" ")'
}

@test "S19: the kernel is in every address space, and out of reach" {
	local kernel own wanted

	wanted=0x$(awk '$3 == "linux_banner" { print $1; exit }' /proc/kallsyms)
	launch one ./kernel
	launch two ./kernel
	expect one '^tried$'
	expect two '^tried$'
	expect one '^kernel (0x[0-9a-f]+) ([a-z]+) half$'
	kernel=${BASH_REMATCH[1]}
	hint "linux_banner is at $wanted, by /proc/kallsyms (TODO 1). Here it is $kernel." \
		test "$kernel" = "$wanted"
	expect one '^kernel 0x[0-9a-f]+ kernel half$' \
		"This is an address of the kernel's. Which of its bits says so (TODO 2)?"
	expect one '^own (0x[0-9a-f]+) own half$' "This is an address of the program's own (TODO 2)."
	own=${BASH_REMATCH[1]}
	expect one '^own read: no fault, 42$' \
		"At this address there is a '*', which is 42. It is there to be read (TODO 3)."
	expect one '^kernel read: fault, protection$' \
		"There should have been a fault. Was there an attempt to read the kernel's memory (TODO 3)?"
	# Two processes, one kernel: the same tables below the top one, the same frame.
	assert_flags "$one" "$kernel" +present
	assert_same_frame "$one" "$kernel" "$two" "$kernel"
	[[ $(way "$one" "$kernel") == "$(way "$two" "$kernel")" ]]
	[[ $(user_bits "$one" "$kernel") == *-* ]]
	# The program's own address: all levels permit it; and the tables are its own.
	[[ $(user_bits "$one" "$own") != *-* ]]
	expect two '^own (0x[0-9a-f]+) own half$'
	[[ $(way "$one" "$own") != "$(way "$two" "${BASH_REMATCH[1]}")" ]]
}
