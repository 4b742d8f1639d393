# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# start NAME PROGRAM: sets code and data.
start()
{
	launch "$1" "./$2"
	expect "$1" '^loaded$'
	eval "$(output_of "$1" | awk '$1 == "code" || $1 == "data" { print $1 "_'"$1"'=" $2 }')"
}

# further NAME REGEX: it goes on, and says that.
further()
{
	go_on "$1"
	expect "$1" "${@:2}"
}

reads="read_data() should return the 41 that is in the library's data (TODO 3)."
changes="change_data() should make it 42 (TODO 4)."

@test "S12: one copy of the code, data of its own for each" {
	start one libraries
	start two libraries
	hint "The library's code is there once." \
		assert_same_frame "$one" "$code_one" "$two" "$code_two"
	further one '^read 41$' "$reads"
	further two '^read 41$' "$reads"
	hint "Who only reads the data needs no copy (TODO 3)." \
		assert_same_frame "$one" "$data_one" "$two" "$data_two"
	assert_flags "$one" "$data_one" -rw
	further one '^changed to 42$' "$changes"
	hint "Who changes the data has a copy (TODO 4)." \
		assert_different_frame "$one" "$data_one" "$two" "$data_two"
	assert_flags "$one" "$data_one" +rw +dirty
	further two '^changed to 42$' "What the one has changed the other must not see."
	assert_shared_by 2 "$one:$code_one"
	assert_shared_by 1 "$one:$data_one"
}

@test "S12: a static program shares with itself alone" {
	start dynamic libraries
	start one alone
	start two alone
	# The same code, but from another file.
	assert_same_frame "$one" "$code_one" "$two" "$code_two"
	assert_different_frame "$one" "$code_one" "$dynamic" "$code_dynamic"
	assert_shared_by 2 "$one:$code_one"
	further one '^read 41$' "$reads"
	further one '^changed to 42$' "$changes"
	further two '^read 41$' "$reads"
	assert_different_frame "$one" "$data_one" "$two" "$data_two"
	[[ $(vmscope --json maps "$one" | jq -r '.maps[].file // empty' | grep -c '\.so') -eq 0 ]]
}

# file_of PID ADDRESS: what is mapped there, without its directory.
file_of()
{
	basename "$(vma_field "$1" "$2" file)"
}

@test "S22: the jump table is filled in at the first call" {
	local slot before after

	start one libraries
	expect one '^slot (0x[0-9a-f]+) holds (0x[0-9a-f]+)$' \
		"The program should say where its slot for count() is, and what is in it (TODO 1, 2)."
	slot=${BASH_REMATCH[1]} before=${BASH_REMATCH[2]}
	hint "The slot should be in the program's data, which can be written to (TODO 1)." \
		test "$(file_of "$one" "$slot") $(vma_field "$one" "$slot" perms)" = "libraries rw-p"
	hint "Before the first call the slot leads back to the program itself (TODO 1, 2)." \
		test "$(file_of "$one" "$before")" = libraries
	further one '^read 41$' "$reads"
	# From here on: has the page been written to since?
	echo 4 >"/proc/$one/clear_refs"
	assert_flags "$one" "$slot" +present -soft-dirty
	further one '^changed to 42$' "$changes"
	after=$(output_of one | awk '$1 == "slot" { a = $4 } END { print a }')
	hint "After the first call the slot holds the address of count() (TODO 2), $code_one." \
		test "$after" = "$code_one"
	hint "The page of the slot has to have been written to." \
		assert_flags "$one" "$slot" +rw +dirty +soft-dirty
	start two libraries
	hint "Each process has a jump table of its own." \
		assert_shared_by 1 "$one:$slot"
}
