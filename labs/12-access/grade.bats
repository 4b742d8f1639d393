# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# start: sets look, addition, x, beside.
start()
{
	launch access ./access
	expect access '^forgotten$'
	eval "$(output_of access | awk 'NF == 2 && $2 ~ /^0x/ { print $1 "=" $2 }')"
}

@test "S15: which pages an addition reads and writes" {
	local page

	start
	for page in "$look" "$addition" "$x" "$beside"; do
		assert_flags "$access" "$page" +present -accessed -dirty
	done
	go_on access
	expect access '^looked$'
	hint "look() was called, so its code was fetched." assert_flags "$access" "$look" +accessed
	assert_flags "$access" "$addition" -accessed
	hint "look() has to load x (TODO 1). The page with x should be accessed." \
		assert_flags "$access" "$x" +accessed
	hint "look() has to load x, and not to store anything (TODO 1)." \
		assert_flags "$access" "$x" -dirty
	go_on access
	expect access '^forgotten again$'
	assert_flags "$access" "$x" +present -accessed -dirty
	go_on access
	expect access '^added$'
	hint "addition() was called, so its code was fetched, and not changed." \
		assert_flags "$access" "$addition" +accessed -dirty
	hint "addition() has to load x, and to store it (TODO 2). A store makes the page dirty." \
		assert_flags "$access" "$x" +accessed +dirty
	hint "The page beside it is none of its business (TODO 2)." \
		assert_flags "$access" "$beside" -accessed -dirty
	go_on access
	expect access '^x is 42$' "39 and 3 are 42 (TODO 2)."
}

@test "S20: no write to code, no execution of data" {
	local code data

	launch protect ./protect
	expect protect '^tried$'
	eval "$(output_of protect | awk 'NF == 2 && $2 ~ /^0x/ { print $1 "=" $2 }')"
	assert_flags "$protect" "$code" -rw +exec
	assert_flags "$protect" "$data" +rw -exec
	expect protect '^store to code: fault' \
		"A store to a page of code should have met a fault. Was anything stored (TODO 3)?"
	expect protect '^run data: fault' \
		"The call of a function in the data should have met a fault. Was it called (TODO 4)?"
	expect protect '^store to code: fault, protection, write$' \
		"The page is there, but must not be written to. What does the error code say (TODO 6, 7)?"
	expect protect '^store to nothing: fault, not present, write$' \
		"There is no page at address 0. What does the error code say then (TODO 6)?"
	expect protect '^run data: fault, protection, fetch$' \
		"The page is there, but no code is to come from it. What does the error code say (TODO 6, 8)?"
	go_on protect
	expect protect '^made executable$'
	hint "The page should be executable now, and no longer writable (TODO 5)." \
		assert_flags "$protect" "$data" -rw +exec
	expect protect '^run data: no fault, 42$' \
		"The function in the page returns 42, once the page is executable (TODO 5). Is it run()
that returns it (TODO 4)?"
	expect protect '^store to data: fault, protection, write$' \
		"What may be executed must not be written to (TODO 5)."
}
