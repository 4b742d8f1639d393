# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# start: both programs on one file. Sets $file, $at_reader, $at_upper.
start()
{
	file=$BATS_TEST_TMPDIR/file
	for _ in {1..20}; do
		echo "a bad banana, and a cat at bay"
	done >"$file"
	launch reader ./reader "$file"
	expect reader '^reader: mapped at (0x.*)'
	at_reader=${BASH_REMATCH[1]}
	launch upper ./upper "$file"
	expect upper '^upper: mapped at (0x.*)' "upper has to map the file (TODO 1)."
	at_upper=${BASH_REMATCH[1]}
}

@test "S10: the mapping leads to the file's own frame, and a store makes it dirty" {
	start
	hint "The mapping has to allow writing, and to be shared (TODO 1)." \
		test "$(vma_field "$upper" "$at_upper" perms)" = rw-s
	hint "Both processes have to have the frame of the page cache." \
		assert_same_frame "$upper" "$at_upper" "$reader" "$at_reader"
	hint "Nothing was written as yet." assert_flags "$upper" "$at_upper" -dirty
	go_on upper
	expect upper '^upper: changed$'
	hint "After the change the page has to be dirty (TODO 2)." \
		assert_flags "$upper" "$at_upper" +rw +dirty
	hint "It has to be the same frame still: a shared mapping is not copied." \
		assert_same_frame "$upper" "$at_upper" "$reader" "$at_reader"
}

@test "S10: every a in the first 100 bytes becomes an A, in the file itself" {
	local wanted

	start
	wanted=$(head -c 100 "$file" | tr a A; tail -c +101 "$file")
	go_on upper
	expect upper '^upper: changed$'
	hint "The first 100 bytes should be printed, with A for a (TODO 2 and 3)." \
		test "$(output_of upper | sed '1d;$d' | head -c 100)" = "$(head -c 100 <<<"$wanted")"
	go_on reader
	expect reader '^reader: A bAd bAnAnA' "The other process has to see the change in its mapping."
	hint "The file has to have changed, in its first 100 bytes and nowhere else. It is:
$(head -4 "$file")" \
		test "$(cat "$file")" = "$wanted"
	go_on upper
	hint "And it has to stay so when upper has ended." test "$(cat "$file")" = "$wanted"
}
