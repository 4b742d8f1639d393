# SPDX-License-Identifier: GPL-2.0
#
# What processes have in common, held against /proc's PFNs.

load lib/guest

# frames PID: the PFNs it maps, from pagemap, without the zero page.
frames()
{
	perl -e '
		open M, "<", "/proc/$ARGV[0]/maps"; open P, "<", "/proc/$ARGV[0]/pagemap";
		open K, "<", "/proc/kpageflags";
		while (<M>) {
			/^([0-9a-f]+)-([0-9a-f]+) / or next; last if length $1 > 14;
			for ($a = hex $1; $a < hex $2; $a += 4096) {
				sysseek P, $a / 512, 0; sysread P, $r, 8; $e = unpack "Q", $r;
				next unless $e >> 63; $pfn = $e & (1 << 55) - 1;
				sysseek K, $pfn * 8, 0; sysread K, $r, 8;
				print "$pfn\n" unless unpack("Q", $r) >> 24 & 1;
			}
		}' "$1"
}

@test "pairs, files and frames are what pagemap says they are" {
	local a b json

	start sleep 1000; a=$STARTED
	start tail -f /etc/services; b=$STARTED
	sleep 1
	settle "$a" "$b"
	json=$(vmscope --json shared "$a" "$b" --frames)
	frames "$a" | sort -u >"$BATS_TEST_TMPDIR/a"
	frames "$b" | sort -u >"$BATS_TEST_TMPDIR/b"
	assert_equal "$(jq '.shared.pairs[0].pages' <<<"$json")" \
		"$(comm -12 "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b" | wc -l)"
	diff <(jq '.shared.frames[] | select([.maps[].pid] | unique | length == 2) | .pfn' <<<"$json" | sort) \
		<(comm -12 "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b")
	# libc: more than 100 of its frames are one and the same in both.
	jq -e '.shared.files[] | select(.file | endswith("libc.so.6")) |
		.shared_by_all > 100 and .saved_bytes == (.pages - .frames) * 4096' <<<"$json"
	# No heap frame is.
	jq -e '[.shared.files[] | select(.file == "[heap]") | .shared_by_all] == [0]' <<<"$json"
	end "$a" "$b"
}

@test "a page is shared after fork until it is written" {
	start_state forked
	child=$(pgrep -P "$STATE_PID")
	pfn() { vmscope --json walk "$1" "${AT[forked]}" | jq '.walk[0].pfn'; }
	assert_equal "$(pfn "$STATE_PID")" "$(pfn "$child")"
	vmscope --json shared "$STATE_PID" "$child" --frames |
		jq -e --argjson pfn "$(pfn "$child")" '[.shared.frames[] | select(.pfn == $pfn) | .maps | length] == [2]'
	stop_state
}

@test "the zero page is not called shared memory" {
	local other

	start_state zero
	other=$STATE_PID
	pfn=$(vmscope --json walk "$other" "${AT[zero]}" | jq '.walk[0].pfn')
	start_state zero
	assert_equal "$pfn" "$(vmscope --json walk "$STATE_PID" "${AT[zero]}" | jq '.walk[0].pfn')"
	vmscope --json shared "$STATE_PID" "$other" --frames |
		jq -e --argjson pfn "$pfn" '[.shared.frames[] | select(.pfn == $pfn)] == []'
	end "$other"
	stop_state
}
