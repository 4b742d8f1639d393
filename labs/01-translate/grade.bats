# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# Starts sample; sets the address of each of its five, $top and $levels.
look_at_sample()
{
	launch sample ./sample
	expect sample '^hole +(0x.*)'
	eval "$(output_of sample | awk '{ print $1 "=" $2 }')"
	steps=$(expected_walk "$data")
	levels=$(wc -l <<<"$steps")
	read -r _ index at _ <<<"$steps"
	top=$((at - 8 * index))
}

# What translate should print for this address, from vmscope.
expected_walk()
{
	walk_field "$sample" "$1" levels | tr ';' '\n' |
		sed 's/level=\(.*\),index=\(.*\),entry_paddr=\(.*\),entry=\([^,]*\).*/\1 \2 \3 \4/'
}

# line_is ADDRESS PATTERN HINT [ACCESS]: the last line that translate prints.
line_is()
{
	local last

	last=$(./translate "$top" "$levels" "$1" "${@:4}" | tail -1)
	# shellcheck disable=SC2053 # a pattern
	[[ $last == $2 ]] || teach "$3" "translate ... $1 ${4-} ended with: $last"
}

@test "S3: each level of a translation: index, place of the entry, entry" {
	local name

	look_at_sample
	for name in data code stack; do
		hint "The steps differ from the processor's (left: yours; right: vmscope's).
Look at the first line that is different: a wrong index is TODO 1, a wrong place is
TODO 2 or, further down, TODO 4. An entry is right if its place is." \
			sh -c 'printf "%s\n" "$1" >want; printf "%s\n" "$2" | grep "^p[gum4t][de] " |
				diff --side-by-side --width=110 - want >&2' sh \
			"$(expected_walk "${!name}")" \
			"$(./translate "$top" "$levels" "${!name}")"
		line_is "${!name}" "physical address $(walk_field "$sample" "${!name}" paddr) *" \
			"The physical address is the frame's (TODO 4) plus the offset in the page (TODO 5)."
	done
}

@test "S3: what is not there is a page fault, at the right level" {
	local name stop

	look_at_sample
	for name in untouched hole; do
		stop=$(expected_walk "${!name}" | tail -1)
		line_is "${!name}" "page fault: not present at the ${stop%% *}" \
			"vmscope's walk stops at the ${stop%% *}, whose entry is not valid (TODO 3)."
	done
}

@test "S4: what an entry permits, and the fault when it does not" {
	look_at_sample
	line_is "$code" "* r-x" "Code may be read and executed (TODO 6)."
	line_is "$data" "* rw-" "Data may be read and written (TODO 6)."
	line_is "$stack" "* rw-" "The stack may be read and written (TODO 6)."
	line_is "$code" "page fault: protection" "Code must not be written (TODO 6)." w
	line_is "$data" "page fault: protection" \
		"Data must not be executed: bit 63 of the last entry (TODO 6)." x
}

@test "S5: a table that is one array" {
	local bits flat

	bits=$(vmscope info | awk '$1 == "va_bits" { print $2 }')
	look_at_sample
	flat=$(vmscope --json tables "$sample" | jq '.total.flat_bytes')
	hint "How many pages of 4096 bytes are there in 2^$((bits - 1)) bytes? Each takes an
entry of 8 bytes (TODO 7)." \
		test "$(./translate flat $((bits - 1)))" = "$flat"
}
