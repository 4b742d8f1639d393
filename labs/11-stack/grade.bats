# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# stack: sets start and end of the mapping, pages, and how many of them are there.
stack()
{
	read -r start end pages present < <(vmscope --json maps "$stack" |
		jq -r '.maps[] | select(.name == "[stack]") | "\(.start) \(.end) \(.pages) \(.present)"')
}

@test "S17: the stack grows down, on demand, and up to its limit" {
	local start end pages present first top down obstacle gap

	launch stack ./stack
	expect stack '^the first variables are at'
	stack
	first=$start top=$end
	go_on stack
	expect stack '^100 calls, down to (0x[0-9a-f]+)$' \
		"deeper(100) makes 100 calls, one within the other, and says how deep it came (TODO 1)."
	down=${BASH_REMATCH[1]}
	stack
	hint "The mapping should begin lower than $first, and end where it did (TODO 1)." \
		test $((start < first && end == top)) -eq 1
	hint "The deepest call's array has to be in the stack, and used." \
		assert_state "$stack" "$down" present
	hint "100 calls with a page each are 100 pages (TODO 1); $present of $pages are there." \
		test "$present" -ge 100
	go_on stack
	expect stack '^limit: full, down to (0x[0-9a-f]+)$' \
		"When the stack is full there is a SIGSEGV. It ends the program unless the handler has a
stack that is not full (TODO 3)."
	stack
	hint "The stack should be full at 200 pages (TODO 2). It has $pages." \
		test $((pages <= 200 && pages > 196)) -eq 1
	go_on stack
	expect stack '^obstacle at (0x[0-9a-f]+): full'
	obstacle=${BASH_REMATCH[1]}
	hint "A page should be mapped at exactly this address (TODO 4)." \
		test "$(vma_field "$stack" "$obstacle" start)" = "$obstacle"
	stack
	gap=$(((start - obstacle) / 4096 - 1))
	hint "The kernel keeps 256 pages free between the stack and what is below it. Here it is $gap." \
		test $((gap >= 256 && gap < 260)) -eq 1
}
