# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# start: sets parent, child, private, shared.
start()
{
	launch fork ./fork
	expect fork '^the child waits$'
	eval "$(output_of fork | awk 'NF == 2 && $2 ~ /^[0-9]/ { print $1 "=" $2 }')"
}

# frames PID: PFN and map count of the private pages.
frames()
{
	vmscope --noheadings pages "$1" "$private+0x4000" --each -o pfn,mapcount
}

@test "S11: one frame for both until somebody writes" {
	local before after

	start
	before=$(frames "$child")
	hint "Before anybody has written, parent and child have the same four frames." \
		test "$before" = "$(frames "$parent")"
	hint "The entries must not permit writing, or nobody would notice it." \
		assert_flags "$child" "$private" +present -rw
	assert_flags "$parent" "$private" +present -rw
	go_on fork
	expect fork '^the child says '
	hint "The child should have copied the third page, by writing to it (TODO 2)." \
		assert_different_frame "$parent" $((private + 8192)) "$child" $((private + 8192))
	after=$(frames "$child")
	hint "Exactly one of the four pages has to have another frame than before (TODO 2). Frame
and map count, before and after:
$(paste <(echo "$before") <(echo "$after"))" \
		test "$(diff <(awk '{ print $1 }' <<<"$before") <(awk '{ print $1 }' <<<"$after") | grep -c '^>')" -eq 1
	hint "The parent keeps the frame that was there." \
		test "$(awk '{ print $1 }' <<<"$before")" = "$(frames "$parent" | awk '{ print $1 }')"
	hint "The child may write to its copy." \
		assert_flags "$child" $((private + 8192)) +rw +dirty
	expect fork 'the first private page has 1, the third 3$' \
		"The parent must not see what the child stored in its copy."
	go_on fork
	expect fork '^the parent has written'
	hint "The parent has its frame alone, and need not copy it." \
		test "$(awk 'NR == 3 { print $1, 1 }' <<<"$before")" = "$(frames "$parent" |
			awk 'NR == 3 { print $1, $2 }')"
}

@test "S11: a shared page stays one page" {
	start
	hint "The page has to be MAP_SHARED (TODO 1)." \
		test "$(vma_field "$parent" "$shared" perms)" = rw-s
	go_on fork
	expect fork '^the child says 10;' \
		"The child reads 1, 2, 3 and 4, and should have stored the sum in the shared page (TODO 2
and 3). It is not seen by the parent if the page is not shared (TODO 1)."
	hint "Parent and child have to have one frame." \
		assert_same_frame "$parent" "$shared" "$child" "$shared"
	hint "Nothing is copied here, so both may write." \
		assert_flags "$child" "$shared" +rw +dirty
	assert_flags "$parent" "$shared" +rw
}
