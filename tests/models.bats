# SPDX-License-Identifier: GPL-2.0
#
# labs/models: the lecture's figures, and the same schemes on live processes, held
# against /proc.

load lib/guest

MODELS=$REPO/build/models
TRACES=$REPO/labs/models/traces

# Lines that a trace has to give, in this order, with nothing else of theirs
# between: "TRACE: LINE".
figures()
{
	cat <<-'EOT'
		m1: switch P1 -> P2: 16384 bytes out, 10000 bytes in, 26384 together
		m1: switch P2 -> P1: 10000 bytes out, 16384 bytes in, 26384 together
		m2: P1, loaded at 0x1000:
		m2:   0x1010: movl 0x8(%rbp), %edi
		m2:   0x1013: addl $0x3, %edi
		m2:   0x1019: movl %edi, 0x8(%rbp)
		m2: P2, loaded at 0x3000:
		m2:   0x3010: movl 0x8(%rbp), %edi
		m2:   0x3013: addl $0x3, %edi
		m2:   0x3019: movl %edi, 0x8(%rbp)
		m2:   0x101c: jmp 0x1010
		m3: P1 load 100 -> 1124 (1 KB + 100)
		m3: P2 load 100 -> 4196 (4 KB + 100)
		m3: P2 load 1000 -> 5096 (5 KB - 24); the slide prints 5196, but 4096 + 1000 is 5096
		m3: P1 load 1000 -> 2024 (2 KB - 24)
		m3: P1 store 3072 -> 4096 (4 KB): P2's memory, and nothing stops it
		m4: P1 load 1000 -> 2024 (2 KB - 24)
		m4: P1 store 1023 -> 2047 (2 KB - 1)
		m4: P1 store 1024 -> interrupt: out of bounds
		m4: P1 store 3072 -> interrupt: out of bounds
		m5: 0x201E -> segment 2, offset 0x01e
		m5: 0b10000000010001 -> segment 2, offset 0x011
		m5: 0x110A -> segment 1, offset 0x10a
		m5: 4096 -> segment 1, offset 0x000
		m5: P1 load 0x2010 -> 4112 (4 KB + 16)
		m5: P1 load 0x1010 -> 1040 (1 KB + 16)
		m5: P1 load 0x1100 -> 1280 (1 KB + 256)
		m5: P1 load 0x1400 -> interrupt: out of bounds
		m5: P1 load 0x0010 -> interrupt: no such segment
		m6: P1 load 0x2000 -> 4096 (4 KB)
		m6: P1: stack is now at 3072 (3 KB), 2048 bytes
		m6: P1 load 0x2000 -> 3072 (3 KB)
		m6: P1 load 0x2FFE -> 5119 (5 KB - 1)
		m6: P1 load 0x2BFF -> 4096 (4 KB)
		m6: P1 load 0x2BFE -> interrupt: out of bounds
		m6: P1: stack is now anchored at 5120 (5 KB), 2048 bytes
		m6: P1 load 0x2FFE -> 5119 (5 KB - 1)
		m6: P1 load 0x2BFF -> 4096 (4 KB)
		m6: P1 load 0x2BFE -> 4095 (4 KB - 1)
		m7: P1 store 0x10 -> 2064 (2 KB + 16): P2's memory as well
		m7: P1 fetch 0x10 -> 2064 (2 KB + 16): P2's memory as well
		m7: P2 fetch 0x10 -> 2064 (2 KB + 16): P1's memory as well
		m7: P1 store 0x10 -> interrupt: protection
		m7: P1 store 0x1010 -> 4112 (4 KB + 16)
		m7: P2 store 0x1010 -> 6160 (6 KB + 16)
		m8: P1: 16384 bytes of RAM, 6024 used, 10360 wasted inside
		m8: P1: 6024 bytes of RAM, 6024 used, 0 wasted inside
		m9: P1 load 0x2010 -> 4112 (4 KB + 16)
		m9: P1 load 0x1010 -> 1040 (1 KB + 16)
		m9: P1 load 0x1100 -> 1280 (1 KB + 256)
		m9: P1 load 0x1400 -> interrupt: page fault
		m9: P1 load 0x2010 -> 4112 (4 KB + 16)
		m9: P1: 6144 bytes of RAM, 6024 used, 120 wasted inside
		m9: place 6144 bytes: 10240 free, the largest hole has 2048: placed, a page here and a page there; wasted outside: 0
		m9: place 6144 bytes: 10360 free, the largest hole has 5240: refused; wasted outside: 10360
	EOT
}

setup_file()
{
	make -s -C "${BATS_TEST_DIRNAME}/../labs/models"
}

@test "the lecture's figures come out as printed, and its slip is named" {
	local line trace text at

	for trace in "$TRACES"/m?-*.trace; do
		"$MODELS" "$trace" >"$BATS_TEST_TMPDIR/$(basename "$trace" | cut -d- -f1)"
	done
	while IFS= read -r line; do
		trace=${line%%:*} text=${line#*: }
		at=$(grep -nxF -m1 -e "$text" "$BATS_TEST_TMPDIR/$trace" | cut -d: -f1)
		[[ $at ]] || fail "$trace: not printed, or not after what comes before: $text"
		sed -i "1,${at}d" "$BATS_TEST_TMPDIR/$trace"
	done < <(figures)
}

@test "a trace that makes no sense is an error, with its line" {
	local said text

	while IFS='|' read -r said text; do
		printf '%b' "$text" >"$BATS_TEST_TMPDIR/trace"
		run "$MODELS" "$BATS_TEST_TMPDIR/trace"
		assert_equal "$text: $status" "$text: 2"
		assert_line "models: $BATS_TEST_TMPDIR/trace:$said"
	done <<-'EOT'
		1: scheme has to come first|load P1 1\n
		1: there is no scheme magic|scheme magic\n
		2: there is no process P1|scheme base\nload P1 1\n
		3: '1x' is not a number|scheme base\nprocess P1\nload P1 1x\n
		3: a number is missing|scheme base\nprocess P1\nload P1\n
		2: 'walk' is not a directive|scheme base\nwalk\n
		2: 'depth' is not known here|scheme base\nprocess P1 depth 4\n
		2: a page is a power of two of bytes|scheme paging\nmachine page 1000\n
		2: an address has 0 bits|scheme segments\nsplit 1\n
	EOT
	run "$MODELS" /nonexistent
	assert_equal "$status" 2
	run "$MODELS"
	assert_equal "$status" 2
	run "$MODELS" --live 4x
	assert_equal "$status" 2
	run "$MODELS" --live 4000000
	assert_equal "$status" 1
	assert_output --partial 'vmscope: PID 4000000: no such process'
}

# witness PID: what /proc says, without what the kernel lends.
witness()
{
	awk '/^[0-9a-f]+-/ {
			skip = $6 ~ /^\[v/
			if (skip) next
			split($1, a, "-")
			if (!n++) first = strtonum("0x" a[1])
			last = strtonum("0x" a[2])
			plain = $2 !~ /w/ || $2 ~ /s/
			file = $6 ~ /^\//
		}
		skip { next }
		$1 == "Size:" { size += $2; if ($2 > largest) largest = $2; if (plain && file) share += $2 }
		$1 == "Rss:" { rss += $2 }
		$1 == "Anonymous:" { anon += $2 }
		$1 == "Swap:" { swap += $2 }
		$1 == "AnonHugePages:" || $1 == "FilePmdMapped:" { huge += $2 }
		END { print n, last - first, size * 1024, largest * 1024, share * 1024,
			rss * 1024, (rss - anon) * 1024, (rss + swap) * 1024, huge ? 2097152 : 4096 }' "/proc/$1/smaps"
}

# tails PID: bytes behind the ends of files, in pages that pagemap has as present.
tails()
{
	python3 - "$1" <<-'EOF'
		import os, re, struct, sys
		pid, total = sys.argv[1], 0
		pagemap = open(f"/proc/{pid}/pagemap", "rb")
		for line in open(f"/proc/{pid}/maps"):
		    start, end, offset, path = re.match(
		        r"(\w+)-(\w+) \S+ (\w+) \S+ \S+ *(.*)", line).groups()
		    if not path.startswith("/") or not os.path.isfile(path):
		        continue
		    start, end, offset = (int(x, 16) for x in (start, end, offset))
		    size = os.stat(path).st_size
		    if offset < size < offset + end - start and size % 4096:
		        pagemap.seek((start + size - offset) // 4096 * 8)
		        if struct.unpack("Q", pagemap.read(8))[0] >> 63:
		            total += 4096 - size % 4096
		print(total)
	EOF
}

@test "the schemes on live processes, held against /proc" {
	local pids=() pid limit n span size largest share rss file touched page

	start sleep 1000; pids+=("$STARTED")
	start perl -e 'my @a = (1 .. 200000); sleep 1000'; pids+=("$STARTED")
	start "$HELPERS/symbols-static"; pids+=("$STARTED")
	settle "${pids[@]}"
	for pid in "${pids[@]}"; do
		"$MODELS" --json --live "$pid" >"$BATS_TEST_TMPDIR/json"
		read -r n span size largest share rss file touched page < <(witness "$pid")
		limit=$(awk '/Max stack size/ { print $4 }' "/proc/$pid/limits")
		jq -e --argjson n "$n" --argjson span "$span" --argjson size "$size" \
			--argjson largest "$largest" --argjson share "$share" --argjson rss "$rss" \
			--argjson file "$file" --argjson touched "$touched" --argjson page "$page" --argjson limit "$limit" \
			--argjson tails "$(tails "$pid")" \
			--argjson tables "$(vmscope --json tables "$pid" | jq .total.bytes)" \
			--argjson stack "$(awk '/\[stack\]/ { stack = 1 } stack && /^Size:/ { print $2 * 1024; exit }' "/proc/$pid/smaps")" '
			def is($got; $want): if $got == $want then true else error("\($got) and not \($want)") end;
			[.models[] | {(.scheme): .}] | add |
			is([.relocation, .base, .bounds | .contiguous, .ram, .inside]; [range(3) | $span, $span, $span - $touched]) and
			is(."time-sharing" | [.contiguous, .on_switch]; [$span, 2 * $touched]) and
			is(."segments-down" | [.pieces, .contiguous, .ram, .inside, .shareable]; [$n, $largest, $size, $size - $touched, 0]) and
			is(."segments-up" | [.contiguous, .ram]; [([$largest, $limit] | max), $size + $limit - $stack]) and
			is(."segments-shared" | [.ram, .shareable]; [$size, $share]) and
			is(.paging | [.pieces, .contiguous, .ram, .tables, .inside, .outside, .shareable];
				[$rss / 4096, $page, $rss + $tables, $tables, $tails, 0, $file]) and
			.base.outside >= ."segments-down".outside and ."segments-down".outside > 0' \
			"$BATS_TEST_TMPDIR/json" || fail "$pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
	done
	# For people: a row a scheme.
	run "$MODELS" --live "${pids[0]}"
	assert_success
	assert_equal "${#lines[@]}" 9
	assert_line --regexp '^paging +[0-9]+ +4K '
	end "${pids[@]}"
}
