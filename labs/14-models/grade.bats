# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

# prints TRACE LINE...: these lines, in this order.
prints()
{
	local line at out=$BATS_TEST_TMPDIR/out

	./models "../models/traces/$1" >"$out" || return
	cp "$out" "$out.all"
	for line in "${@:2}"; do
		at=$(grep -nxF -m1 -e "$line" "$out" | cut -d: -f1)
		if [[ ! $at ]]; then
			printf '%s should print: %s\nIt prints:\n' "$1" "$line"
			cat "$out.all"
			return 1
		fi
		sed -i "1,${at}d" "$out"
	done >&2
}

@test "M1: time sharing: bytes out and in at each switch" {
	prints m1-time-sharing.trace \
		'switch P1 -> P2: 16384 bytes out, 10000 bytes in, 26384 together'
}

@test "M2: static relocation: addresses rewritten at load" {
	prints m2-relocation.trace 'P1, loaded at 0x1000:' '  0x1010: movl 0x8(%rbp), %edi' \
		'  0x1019: movl %edi, 0x8(%rbp)' 'P2, loaded at 0x3000:' \
		'  0x3010: movl 0x8(%rbp), %edi' '  0x3019: movl %edi, 0x8(%rbp)'
}

@test "M3: base register: nothing stops the store" {
	prints m3-base.trace 'P1 load 100 -> 1124 (1 KB + 100)' 'P2 load 100 -> 4196 (4 KB + 100)' \
		'P2 load 1000 -> 5096 (5 KB - 24); the slide prints 5196, but 4096 + 1000 is 5096' \
		'P1 load 1000 -> 2024 (2 KB - 24)' \
		"P1 store 3072 -> 4096 (4 KB): P2's memory, and nothing stops it"
}

@test "M4: base and bounds: the store is refused" {
	hint "Addresses are compared with the bounds before the base is added (TODO 1). What is the
largest address that a process of 1024 bytes has? And which one is the first that it
does not have?" \
		prints m4-bounds.trace 'P1 load 100 -> 1124 (1 KB + 100)' \
		'P1 store 1023 -> 2047 (2 KB - 1)' 'P1 store 1024 -> interrupt: out of bounds' \
		'P1 store 3072 -> interrupt: out of bounds'
}

@test "M5: segmentation: two bits pick the segment" {
	hint "The heap has 1 KB. 0x1400 is offset 0x400 in it, which is 1024 (TODO 1)." \
		prints m5-segments.trace '0x201E -> segment 2, offset 0x01e' \
		'0b10000000010001 -> segment 2, offset 0x011' '0x110A -> segment 1, offset 0x10a' \
		'4096 -> segment 1, offset 0x000' 'P1 load 0x2010 -> 4112 (4 KB + 16)' \
		'P1 load 0x1010 -> 1040 (1 KB + 16)' 'P1 load 0x1100 -> 1280 (1 KB + 256)' \
		'P1 load 0x1400 -> interrupt: out of bounds'
}

@test "M6: a segment that grows down" {
	hint "The largest offset, 0xFFF, lies at the anchor; 0xFFE one byte below, and so on: by how
much is an offset smaller than the largest (TODO 3)? Nothing of that changes when the
stack grows." \
		prints m6-down.trace 'P1 load 0x2000 -> 4096 (4 KB)' 'P1 load 0x2000 -> 3072 (3 KB)' \
		'P1 load 0x2FFE -> 5119 (5 KB - 1)' 'P1 load 0x2BFF -> 4096 (4 KB)' \
		'P1: stack is now anchored at 5120 (5 KB), 2048 bytes' \
		'P1 load 0x2FFE -> 5119 (5 KB - 1)' 'P1 load 0x2BFF -> 4096 (4 KB)'
	hint "With 1 KB below its anchor the stack reaches down to 4 KB, and no further before it has
grown (TODO 2). Beware of bounds that are checked as if it grew up." \
		prints m6-down.trace 'P1 load 0x2BFE -> interrupt: out of bounds' \
		'P1: stack is now anchored at 5120 (5 KB), 2048 bytes' 'P1 load 0x2BFE -> 4095 (4 KB - 1)'
}

@test "M7: a shared segment needs protection" {
	prints m7-sharing.trace "P1 store 0x10 -> 2064 (2 KB + 16): P2's memory as well" \
		"P2 fetch 0x10 -> 2064 (2 KB + 16): P1's memory as well" \
		'P1 store 0x10 -> interrupt: protection'
}

@test "M8: what is wasted between heap and stack" {
	prints m8-hole.trace 'P1: 16384 bytes of RAM, 6024 used, 10360 wasted inside' \
		'P1: 6024 bytes of RAM, 6024 used, 0 wasted inside'
}

@test "M9: the same trace through a page table" {
	prints m9-paging.trace 'P1 load 0x2010 -> 4112 (4 KB + 16)' \
		'P1 load 0x1010 -> 1040 (1 KB + 16)' 'P1 load 0x1100 -> 1280 (1 KB + 256)' \
		'P1 load 0x1400 -> interrupt: page fault' \
		'P1: 6144 bytes of RAM, 6024 used, 120 wasted inside'
}

@test "M9: pages find room where segments do not" {
	local trace=${SOLUTION:+solution/}mine.trace placed

	./models "$trace" >"$BATS_TEST_TMPDIR/mine" 2>&1 ||
		teach "mine.trace has a mistake." "$(<"$BATS_TEST_TMPDIR/mine")"
	placed=$(grep '^place 6144' "$BATS_TEST_TMPDIR/mine")
	hint "6 KB have to be free, in holes of which each is smaller: where do the segments have to
lie (TODO 4)? mine.trace prints:
$placed" \
		grep -q '^place 6144 bytes: .*refused' <<<"$placed"
	hint "With pages nothing has to be contiguous (TODO 4). mine.trace prints:
$placed" \
		grep -q '^place 6144 bytes: .*placed, a page' <<<"$placed"
	free() { sed -n "$1s/.*: \([0-9]*\) free, .*/\1/p" <<<"$placed"; }
	hint "At least 6 KB have to be free, and as much in the one half as in the other: a page for
each 1 KB of the segments (TODO 4). mine.trace prints:
$placed" \
		test "$(free 1)" -ge 6144 -a "$(free 1)" = "$(free 2)"
}

@test "M9: a live process, in one piece and in pages" {
	local pid

	launch sleeper sleep 1000
	pid=${PID[sleeper]}
	./models --json --live "$pid" >"$BATS_TEST_TMPDIR/live"
	jq -e '[.models[] | {(.scheme): .}] | add |
		.base.contiguous > 1e9 and .paging.contiguous <= 2097152 and
		.paging.outside == 0 and .paging.ram < ."segments-down".ram' "$BATS_TEST_TMPDIR/live" >/dev/null
}
