# SPDX-License-Identifier: GPL-2.0
#
# Symbols: to addresses and back, held against readelf and /proc/PID/maps.

load lib/guest

# go PROGRAM [ARG...]: start it and wait for its "ready". Sets PID.
go()
{
	local out=$BATS_TEST_TMPDIR/ready tries

	"$@" >"$out" 2>&1 3>&- &
	PID=$!
	STARTED_ALL+=("$PID")
	for ((tries = 0; tries < 600; tries++)); do
		grep -q ready "$out" && return
		sleep 0.05
	done
	fail "$*: $(cat "$out")"
}

teardown()
{
	[[ ${#STARTED_ALL[@]} -eq 0 ]] || end "${STARTED_ALL[@]}"
}

# witness TABLES PID FILE: lines "SYMBOL ADDRESS SECTION SEGMENT" of what readelf
# finds in TABLES, for where the process has mapped FILE first.
witness()
{
	local start

	start=$(awk -v file="$3" '$6 == file { sub(/-.*/, "", $1); print $1; exit }' "/proc/$2/maps")
	[[ $start ]] || fail "$3 is not mapped in $2"
	readelf -lSsW "$1" | gawk -v start="0x$start" '
		/Section Headers:/ { what = "sections" }
		/Program Headers:/ { what = "segments"; segment = -1 }
		/Section to Segment/ { what = "" }
		/Symbol table/ { what = "symbols" }
		what == "sections" && match($0, /\[ *([0-9]+)\] (\S+)/, m) { section[m[1]] = m[2] }
		what == "segments" && $2 ~ /^0x/ { segment++ }
		what == "segments" && $1 == "LOAD" {
			if (low == "") low = strtonum($3) - strtonum($3) % 4096
			from[segment] = strtonum($3); to[segment] = from[segment] + strtonum($6)
		}
		what == "symbols" && $7 ~ /^[0-9]+$/ && $4 ~ /FUNC|OBJECT|IFUNC/ {
			at = strtonum("0x" $2)
			sub(/@@.*/, "", $8)
			for (s in from)
				if (at >= from[s] && at < to[s])
					printf "%s 0x%x %s %d\n", $8, strtonum(start) - low + at, section[$7], s
		}' | sort -u
}

# heap_end PID: where the last page of its heap is.
heap_end()
{
	gawk -F '[- ]' '/\[heap\]$/ { end = strtonum("0x" $2) }
		END { printf "0x%x\n", end - 4096 }' "/proc/$1/maps"
}

# answers PID NAME...: the same lines, from vmscope.
answers()
{
	local pid=$1

	shift
	vmscope --json walk "$pid" "$@" | jq -r '.walk[] |
		"\(.symbol) \(.vaddr) \(.section) \(.segment | sub(":.*"; ""))"' | sort
}

KNOWN=(main data_word bss_array constant_text in_both only_here indirect twin_of_another_file)

@test "symbols lie where readelf and the mappings say, however a program is linked" {
	local way file names tables

	mkdir "$BATS_TEST_TMPDIR/mount"
	for way in pie no-pie static static-pie debugdata deleted namespace; do
		file=$HELPERS/symbols-$way tables=$file names=("${KNOWN[@]}")
		case $way in
		debugdata)
			# It was told of the functions alone.
			tables=$HELPERS/symbols-pie
			names=(main only_here twin_of_another_file)
			go "$file" ;;
		deleted)
			tables=$HELPERS/symbols-pie
			file=$BATS_TEST_TMPDIR/gone
			cp "$tables" "$file"
			go "$file"
			rm "$file" ;;
		namespace)
			# Its path leads elsewhere here: to a program of another layout.
			tables=$HELPERS/symbols-static
			file=$BATS_TEST_TMPDIR/mount/program
			cp "$HELPERS/symbols-pie" "$file"
			go unshare -m sh -c 'mount -t tmpfs t "${2%/*}" && cp "$1" "$2" && exec "$2"' \
				- "$tables" "$file" ;;
		*)
			go "$file" ;;
		esac
		answers "$PID" "${names[@]}" >"$BATS_TEST_TMPDIR/said"
		witness "$tables" "$PID" "$file" | grep -wE "^($(IFS='|'; echo "${names[*]}"))" \
			>"$BATS_TEST_TMPDIR/expected"
		assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/expected")" "${#names[@]}"
		diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/said" || fail "$way: see above"
	done
}

@test "the program comes first, then FILE and @VERSION choose" {
	local libc lib row what expected

	go "$HELPERS/symbols-pie"
	lib=$HELPERS/libsymbols.so
	libc=$(awk '/libc\.so\.6/ { print $6; exit }' "/proc/$PID/maps")
	witness "$lib" "$PID" "$lib" >"$BATS_TEST_TMPDIR/lib"
	witness "$libc" "$PID" "$libc" >"$BATS_TEST_TMPDIR/libc"
	witness "$HELPERS/symbols-pie" "$PID" "$HELPERS/symbols-pie" >"$BATS_TEST_TMPDIR/program"
	for row in 'in_both program in_both' 'libsymbols.so:in_both lib in_both' \
		'library_word lib library_word' 'versioned lib new_version' \
		'versioned@V1 lib old_version' 'retired@V2 lib retired_two' \
		'libsymbols.so:versioned@V1 lib old_version' \
		'printf libc printf' 'libc.so.6:environ libc environ' 'strlen libc strlen'; do
		read -r what file expected <<<"$row"
		assert_equal "$what $(vmscope --noheadings walk "$PID" "$what" -o vaddr)" \
			"$what $(awk -v name="$expected" '$1 == name { print $2; exit }' "$BATS_TEST_TMPDIR/$file")"
	done
	# Of one that others may use, and one that only its own file sees.
	assert_equal "$(vmscope --noheadings walk "$PID" public_word -o vaddr)" \
		"$(printf '0x%x' $(($(awk '$1 == "main" { print $2 }' "$BATS_TEST_TMPDIR/program") +
			0x$(nm "$HELPERS/symbols-pie" | awk '$2 $3 == "Dpublic_word" { print $1 }') -
			0x$(nm "$HELPERS/symbols-pie" | awk '$3 == "main" { print $1 }'))))"
	# The vDSO is no file; auxv knows where it is.
	vmscope --json walk "$PID" '[vdso]:__vdso_time' clock_gettime '[vdso]:clock_gettime' >"$BATS_TEST_TMPDIR/json"
	jq -e --arg libc "$libc" '[.walk[] | .vma.name // .vma.file] == ["[vdso]", $libc, "[vdso]"] and
		[.walk[].symbol_type] == ["function", "function", "function"]' "$BATS_TEST_TMPDIR/json"
	# What a name stands for: also for a resolver, which is not what callers get.
	vmscope --json walk "$PID" main data_word indirect |
		jq -e '[.walk[].symbol_type] == ["function", "data", "ifunc"]'
	run vmscope walk "$PID" indirect
	assert_output --partial 'at indirect (indirect function: this is the code that chooses one), section .text'
}

@test "offsets and ranges of symbols" {
	local base what bytes

	go "$HELPERS/symbols-pie"
	# The frame behind one: the program is in main.
	for what in main main+0x1 symbols-pie:main; do
		assert_equal "$what $(vmscope --json frame --of "$PID:$what" | jq '.frame[0].pfn')" \
			"$what $(vmscope --json walk "$PID" main | jq -e '.walk[0].pfn')"
	done
	base=$(vmscope --noheadings walk "$PID" bss_array -o vaddr)
	assert_equal "$(vmscope --json walk "$PID" bss_array+0x3000 data_word+2 | jq -r '.walk[] | .symbol')" \
		$'bss_array+0x3000\ndata_word+0x2'
	assert_equal "$(vmscope --noheadings walk "$PID" bss_array+0x3000 -o vaddr)" \
		"$(printf '0x%x' $((base + 0x3000)))"
	# The bytes of the symbol, 20000 and 4; or as many as are asked for.
	while read -r what bytes; do
		base=$(vmscope --noheadings walk "$PID" "${what%+*}" -o vaddr)
		diff <(vmscope pages "$PID" "$what" --each -o vaddr,pfn) \
			<(vmscope pages "$PID" "$base+$bytes" --each -o vaddr,pfn)
	done <<-'EOT'
		bss_array 20000
		data_word 4
		data_word+0x2000 0x2000
		main+0x3000 0x3000
		symbols-pie+0x1000 0x1000
	EOT
	assert_equal "$(vmscope --json pages "$PID" main | jq "[.pages[].npages] | add")" 1
}

@test "the part of .bss that borders on the heap, as it does under gdb" {
	local at

	go setarch -R "$HELPERS/symbols-pie"
	vmscope --json walk "$PID" bss_array+0x3000 "$(heap_end "$PID")" >"$BATS_TEST_TMPDIR/json"
	jq -e '.walk[1].vma.name == "[heap]" and
		[.walk[].symbol] == ["bss_array+0x3000", null]' "$BATS_TEST_TMPDIR/json"
	jq -e '.walk[0] | [.section, .segment] == [".bss", "5:LOAD:rw-"]' "$BATS_TEST_TMPDIR/json"
	# It ends with the array; the rest of its last page is nobody's.
	at=$(vmscope --noheadings walk "$PID" bss_array -o vaddr)
	vmscope --json walk "$PID" $((at + 19999)) $((at + 20000)) --symbols |
		jq -e '[.walk[].symbol] == ["bss_array+0x4e1f", null]'
}

@test "numbers are named for people, in JSON and columns on demand" {
	local at data

	go "$HELPERS/symbols-pie"
	at=$(vmscope --noheadings walk "$PID" only_here -o vaddr)
	run vmscope walk "$PID" "$((at + 1))"
	assert_line 'at only_here+0x1 (function), section .text, segment 3:LOAD:r-x'
	vmscope --json walk "$PID" "$at" | jq -e '.walk[0] | has("symbol", "section", "segment") | not'
	vmscope --json walk "$PID" "$at" --symbols |
		jq -e '.walk[0] | [.symbol, .section, .segment] == ["only_here", ".text", "3:LOAD:r-x"]'
	assert_equal "$(vmscope --noheadings walk "$PID" "$at" -o section,segment | xargs)" '.text 3:LOAD:r-x'
	# Each section, where readelf has it: .tbss is listed, and takes no room.
	readelf -SW "$HELPERS/symbols-pie" |
		sed -nE 's/^ *\[ *[0-9]+\] (\S+) +\S+ +([0-9a-f]+) .* W?(A|AX|AI|AMS)  .*/\1 0x\2/p' >"$BATS_TEST_TMPDIR/sections"
	at=$(($(vmscope --noheadings walk "$PID" main -o vaddr) -
		0x$(nm "$HELPERS/symbols-pie" | awk '$3 == "main" { print $1 }')))
	assert [ "$(wc -l <"$BATS_TEST_TMPDIR/sections")" -gt 20 ]
	diff <(cut -d' ' -f1 "$BATS_TEST_TMPDIR/sections") \
		<(while read -r _ data; do echo $((at + data)); done <"$BATS_TEST_TMPDIR/sections" |
			xargs vmscope --json walk "$PID" --symbols | jq -r '.walk[].section')
	# Where no file is, nothing is said of one.
	vmscope --json walk "$PID" '[stack]' "$(heap_end "$PID")" 0x1000 --symbols |
		jq -e '[.walk[] | has("symbol", "section", "segment")] | any | not'
	# Nor where a program is mapped only to be read.
	go python3 -c 'import mmap, sys, signal
with open(sys.argv[1]) as f:
    m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
print("ready", flush=True)
signal.pause()' "$HELPERS/symbols-pie"
	vmscope --json walk "$PID" "symbols-pie+$(readelf -sW "$HELPERS/symbols-pie" |
		awk '$8 == "only_here" { print "0x" $2 }')" --symbols | jq -e '.walk[0] | has("segment") | not'
}

@test "a name that does not do says why" {
	local pid asked said
	local -A pids

	cp "$HELPERS/symbols-static" "$BATS_TEST_TMPDIR/static"
	strip "$BATS_TEST_TMPDIR/static"
	go "$BATS_TEST_TMPDIR/static"; pids[static]=$PID
	go "$HELPERS/symbols-stripped"; pids[stripped]=$PID
	go "$HELPERS/symbols-pie"; pids[pie]=$PID
	while IFS='|' read -r pid asked said; do
		run --separate-stderr vmscope walk "${pids[$pid]}" "$asked"
		assert_equal "$asked: $status $output" "$asked: 1 "
		# shellcheck disable=SC2053
		[[ $stderr == "vmscope: "$said ]] || fail "$asked: $stderr"
	done <<-'EOT'
		pie|twin|twin: 2 symbols, name one by its address: 0x* in symbols-pie, 0x* in symbols-pie
		pie|symbols-pie:twin_word|symbols-pie:twin_word: 2 symbols, *
		pie|retired|retired: 2 symbols, name one by its address: 0x* in libsymbols.so @V1, 0x* in libsymbols.so @V2
		pie|versioned@V9|versioned@V9: no mapping of that name and no symbol in process *
		pie|thread_word|thread_word: thread-local: every thread has its own*
		pie|errno|errno: thread-local: *
		pie|nosuch|nosuch: no mapping of that name and no symbol in process +([0-9])
		pie|nosuch+0x10|nosuch+0x10: no mapping of that name and no symbol in process +([0-9])
		pie|libc.so.6:nosuch|libc.so.6:nosuch: no such symbol in libc.so.6*
		pie|libnosuch.so:main|libnosuch.so:main: no mapped ELF file of the name libnosuch.so in process *
		pie|:main|:main: *
		pie|main+0xffffffffffffffff|main+0xffffffffffffffff: outside the user address space
		stripped|main|main: *; symbols-stripped has no symbol table, .dynsym alone was searched
		stripped|symbols-stripped:main|*: no such symbol in symbols-stripped; symbols-stripped has no symbol table, .dynsym *
		static|main|main: *; static has no symbol table
	EOT
}
