# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# start: sets at[NAME] to where each page is.
start()
{
	local name address

	launch demand ./demand
	expect demand '^nothing used$'
	declare -gA at=()
	while read -r name address; do
		at[$name]=$address
	done < <(output_of demand)
}

# is_zero_page NAME
is_zero_page()
{
	[[ $(walk_field "$demand" "${at[$1]}" frame) == *zero_page* ]] || {
		echo "its frame is not the zero page:" >&2
		vmscope walk "$demand" "${at[$1]}" >&2
		return 1
	}
}

@test "S7: no frame, the zero page, a frame of its own" {
	local name

	start
	for name in untouched read-only written zeroed; do
		hint "Nothing has been used as yet; the array has to be left alone until then." \
			assert_state "$demand" "${at[$name]}" none
	done
	go_on demand
	expect demand '^pages used'
	hint "Leave this page alone." assert_state "$demand" "${at[untouched]}" none
	hint "Read from this page, and do nothing else with it." \
		assert_flags "$demand" "${at[read-only]}" +present -rw -dirty
	hint "Read from this page, and do nothing else with it." is_zero_page read-only
	hint "Write to this page." assert_flags "$demand" "${at[written]}" +rw +dirty -exec
	hint "Write a 7 into the first byte of this page." \
		test "$(dd if="/proc/$demand/mem" bs=1 count=1 iflag=skip_bytes \
			skip=$((at[written])) status=none | od -An -tu1)" -eq 7
	hint "Write to this page too, although it has the right content already." \
		assert_flags "$demand" "${at[zeroed]}" +rw +dirty
	hint "It has to be zeros still." \
		test "$(dd if="/proc/$demand/mem" bs=4096 count=1 iflag=skip_bytes \
			skip=$((at[zeroed])) status=none | tr -d '\0' | wc -c)" -eq 0
	hint "Two pages that were written to have two frames." \
		assert_different_frame "$demand" "${at[written]}" "$demand" "${at[zeroed]}"
}

@test "S7: a page that is read first, and written to later" {
	start
	go_on demand
	expect demand '^pages used'
	go_on demand
	expect demand '^both read'
	hint "read_both() has to read, and not to write." is_zero_page both
	go_on demand
	expect demand '^both written: 1 faults$' \
		"The first write to this page is one page fault, because the zero page is not for writing."
	hint "write_both() has to write." assert_flags "$demand" "${at[both]}" +rw +dirty
	go_on demand
	expect demand '^both written again: 0 faults$' "The second write needs no page fault."
}
