# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# step WORD: the line that the next step prints; sets $WORD to the address.
step()
{
	expect where "^$1 +(0x[0-9a-f]+)$" \
		"where has to print an address after \"$1\", and not (nil): complete that function."
	printf -v "$1" '%s' "${BASH_REMATCH[1]}"
}

# start: sets $code, $data, $heap, $stack.
start()
{
	local word

	launch where ./where
	for word in code data heap stack; do
		step "$word"
	done
}

# is_in ADDRESS PERMS NAME: the mapping that an address is in.
is_in()
{
	local at

	at=$(walk_field "$where" "$1" vma)
	[[ ,$at =~ ,perms=([^,]*).*,(name|file)=([^,]*/)?([^,]*) ]] || [[ ,$at =~ ,perms=([^,]*) ]]
	at="${BASH_REMATCH[1]} ${BASH_REMATCH[4]:--}"
	[[ $at == "$2 $3" ]] || { echo "$1 is in: $at; expected: $2 $3" >&2; return 1; }
}

@test "S14: where code, data, heap and stack are" {
	start
	hint "The address of a function of where.c is in its code (TODO 1)." is_in "$code" r-xp where
	hint "A global or static variable is in the data of where (TODO 2). Is it in a function, and
not static? Then it is on the stack." is_in "$data" rw-p where
	hint "What malloc() returns for few bytes is in [heap] (TODO 3)." is_in "$heap" rw-p '[heap]'
	hint "A local variable is on the stack (TODO 4)." is_in "$stack" rw-p '[stack]'
}

@test "S16: brk makes the heap larger; malloc goes elsewhere for much" {
	local before after

	start
	before=$(vma_field "$where" '[heap]' end)
	go_on where
	step grown
	after=$(vma_field "$where" '[heap]' end)
	hint "The heap has to grow by 8 pages of 4096 bytes (TODO 5)." \
		test $((after - before)) -eq 32768
	hint "sbrk() returns where the heap ended before: return that (TODO 5)." \
		test $((grown)) -eq $((before))
	go_on where
	step large
	hint "This block should not be in [heap]: ask malloc() for more (TODO 6)." \
		is_in "$large" rw-p -
}

@test "S18: one page at 0x40000, with no frame until it is used" {
	local word

	start
	for word in grown large chosen; do
		go_on where
		expect where "^$word " "where should have printed a line with \"$word\"."
	done
	hint "The mapping has to begin at exactly 0x40000 (TODO 7)." \
		test "$(vma_field "$where" 0x40000 start)" = 0x40000
	hint "The mapping is to be one page (TODO 7)." \
		test "$(vma_field "$where" 0x40000 end)" = 0x41000
	hint "Nobody has stored anything there, so there is no frame. Did you?" \
		assert_state "$where" 0x40000 none
	go_on where
	expect where '^stored '
	hint "After a store there has to be a frame. Is writing allowed?" \
		assert_flags "$where" 0x40000 +present +rw +dirty
}
