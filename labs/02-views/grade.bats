# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

teardown()
{
	end_programs
	rm -f /dev/shm/views
}

# start NAME ARG...: views, until it has said what it finds.
start()
{
	launch "$1" ./views "${@:2}"
	expect "$1" '^process [0-9]+: address 0x[0-9a-f]+ holds -?[0-9]+$' \
		"views ${*:2} has to map the page (TODO $([[ $2 == private ]] && echo 1 || echo 2))."
}

# finds NAME NUMBER HINT: what it last said that it finds.
finds()
{
	[[ $(output_of "$1" | tail -1) == *" holds $2" ]] || teach "$3" "$(output_of "$1")"
}

# look_again NAME: until it has spoken once more.
look_again()
{
	local before

	before=$(output_of "$1" | wc -l)
	go_on "$1"
	for _ in {1..600}; do
		[[ $(output_of "$1" | wc -l) -eq $before ]] || return 0
		sleep 0.05
	done
	teach "views should have said once more what it finds." "$(output_of "$1")"
}

@test "S1: one address, two processes, two frames" {
	start A private 7
	start B private 9
	hint "Both pages have to be at 0x1000: with which flag is the address no mere hint?" \
		assert_state "$A" 0x1000 present
	hint "Each process needs a frame of its own: is the mapping private?" \
		assert_different_frame "$A" 0x1000 "$B" 0x1000
	hint "The page is for reading and writing, not for code." \
		assert_flags "$A" 0x1000 +rw -exec
	look_again A
	finds A 7 "The store in the second process was seen in the first."
	finds B 9 "The second process should have stored 9."
	hint "Ask for one page, not for more." \
		test "$(vma_field "$A" 0x1000 end)" = 0x2000
}

@test "S2: address 42 in both views, one frame" {
	start A shared 7
	start B shared
	finds B 7 "The second process does not find what the first stored: is the mapping shared,
and both of one file?"
	hint "Both have to have one frame." assert_same_frame "$A" 42 "$B" 42
	start C shared 23
	look_again A
	finds A 23 "What the third process stored has to be seen by the first."
	hint "The page has to be backed by the file /dev/shm/views." \
		test "$(vma_field "$A" 42 file)" = /dev/shm/views
}
