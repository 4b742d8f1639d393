# SPDX-License-Identifier: GPL-2.0
#
# What processes have in common, held against /proc's PFNs and counts.

load lib/guest

# start_crowd ARG...: see helpers/crowd.c. Sets CROWD (its parent), PIDS.
CROWDS=0
start_crowd()
{
	local out=$BATS_TEST_TMPDIR/crowd.$((++CROWDS))

	start_to "$out" "$HELPERS/crowd" "$@"
	CROWD=$STARTED
	wait_for grep -q '^ready' "$out"
	# As --name and --all ask about them, not as they came to say that they are there.
	mapfile -t PIDS < <(awk '/^pid/ { print $2 }' "$out" | sort -n)
}

# start_to FILE PROGRAM [ARG...]: as start, its output to FILE.
start_to()
{
	"${@:2}" </dev/null >"$1" 2>&1 3>&- &
	STARTED=$!
}

# wait_for COMMAND...: until it succeeds.
wait_for()
{
	local tries

	for ((tries = 0; tries < 600; tries++)); do
		"$@" && return 0
		sleep 0.1
	done
	fail "$*: not within a minute"
}

# sorted FILTER: what it selects from JSON, in a form that can be compared.
sorted()
{
	jq -S "$1"
}

# pids_of ARG...: the PIDs that shared finds, in one line.
pids_of()
{
	vmscope shared "$@" --noheadings -o pid | paste -sd' ' | tr -s ' ' | sed 's/^ //; s/ $//'
}

@test "pairs, files and frames of two programs are what pagemap says they are" {
	local a b json

	start sleep 1000; a=$STARTED
	start tail -f /etc/services; b=$STARTED
	settle "$a" "$b"
	json=$(vmscope --json shared "$a" "$b" --frames)
	"$REPO/tests/helpers/brute.py" "$a" "$b" >"$BATS_TEST_TMPDIR/brute"
	diff <(sorted '.shared | .pairs, (.files | sort_by(.file))' <<<"$json") \
		<(sorted '.pairs, .files' <"$BATS_TEST_TMPDIR/brute")
	assert_equal "$(jq '[.shared.frames[] | select([.maps[].pid] | unique | length == 2)] | length' <<<"$json")" \
		"$(jq '.pairs[0].pages' "$BATS_TEST_TMPDIR/brute")"
	# libc: more than 100 of its frames are one and the same in both.
	jq -e '.shared.files[] | select(.file | endswith("libc.so.6")) |
		.shared_by_all > 100 and .saved_bytes == (.pages - .frames) * 4096' <<<"$json"
	# No heap frame is.
	jq -e '[.shared.files[] | select(.file == "[heap]") | .shared_by_all] == [0]' <<<"$json"
	end "$a" "$b"
}

@test "twelve processes of a fork tree, partly copied: as a search page by page finds it" {
	local way json pid

	start_crowd 12 5
	"$REPO/tests/helpers/brute.py" "${PIDS[@]}" >"$BATS_TEST_TMPDIR/brute"
	for way in "--transport netlink" "--transport debugfs" --freeze; do
		# shellcheck disable=SC2086
		json=$(vmscope --json shared $way "${PIDS[@]}")
		diff <(sorted '.shared | .pairs, (.files | sort_by(.file)),
				[.processes[] | {pid, present, rss, pss, uss}]' <<<"$json") \
			<(sorted '.pairs, .files, .processes' <"$BATS_TEST_TMPDIR/brute")
	done
	assert_equal "$(jq '.shared | .skipped, .processes[3].comm, .total.saved_bytes' <<<"$json" | paste -sd' ')" \
		"0 \"crowd\" $(jq '[.files[].saved_bytes] | add' "$BATS_TEST_TMPDIR/brute")"
	# The square: what the pairs are, both ways round, and each one's own frames.
	diff <(COLUMNS=200 vmscope --noheadings shared "${PIDS[@]}" | awk 'NF == 13 { for (i = 2; i < 14; i++) print $1, i, $i }' | sort) \
		<(jq -r '[.processes[].pid] as $p | .pairs as $pairs | $p | to_entries[] | .value as $a | $p | to_entries[] |
			select(.value != $a) | .value as $b | .key as $i | $pairs[] |
			select([.a, .b] == [$a, $b] or [.b, .a] == [$a, $b]) | "\($a) \($i + 2) \(.pages)"' "$BATS_TEST_TMPDIR/brute" |
			cat - <(jq -r '.shared.processes | to_entries[] | "\(.value.pid) \(.key + 2) \(.value.present)"' <<<"$json") |
			sort)
	# Where there is no room for it: pairs, most first, and how many more.
	run env COLUMNS=40 vmscope shared "${PIDS[@]}"
	assert_line --regexp '^ *A +B +PAGES$'
	assert_line 'and 46 more pairs: -o a,b,pages or --json shows them all'
	diff <(awk '/PAGES$/ { on = 1; next } /^and/ { exit } on { print $3 }' <<<"$output") \
		<(jq '[.pairs[].pages] | sort | reverse | .[0:20][]' "$BATS_TEST_TMPDIR/brute")
	assert_equal "$(vmscope --noheadings shared "${PIDS[@]}" -o a,b,pages | tr -s ' ')" \
		"$(jq -r '.pairs[] | " \(.a) \(.b) \(.pages)"' "$BATS_TEST_TMPDIR/brute")"
	# And what the kernel itself says of each, in kB.
	diff <(jq -r '.shared.processes[] | [.rss, .pss, .uss] | map(. / 1024 | floor) | join(" ")' <<<"$json") \
		<(for pid in "${PIDS[@]}"; do cat "/proc/$pid/smaps_rollup"; done |
			awk '$1 == "Rss:" { rss = $2 } $1 == "Pss:" { pss = $2 } $1 == "Private_Clean:" { clean = $2 }
				$1 == "Private_Dirty:" { print rss, pss, clean + $2 }')
	end "$CROWD"
}

@test "what a process uses is what smaps_rollup says, and of each mapping what smaps says" {
	local pids pid column

	fresh_zram 1
	echo 64M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo 8 >/proc/sys/vm/nr_hugepages
	start_crowd huge
	pids=("${PIDS[@]}")
	start_state zero huge-zero written protnone ksm thp thp-tail thp-shmem-part \
		hugetlb hugetlb-shared hugetlb-forked swapped swapped-clean forked cow-kept \
		shared-anon private-file shared-file both-ways mapped-twice vdso vvar uncached locked
	change thp
	mapfile -t -O "${#pids[@]}" pids < <(echo "$STATE_PID"; pgrep -P "$STATE_PID")
	mkfifo "$BATS_TEST_TMPDIR/silence"
	start bash -c 'read -r -a words < <(seq -s " " 20000); read -r word <>"$0"' "$BATS_TEST_TMPDIR/silence"
	pids+=("$STARTED")
	start python3 -c 'import json, time; x = [str(i) for i in range(50000)]; time.sleep(1000)'
	pids+=("$STARTED")
	start perl -e '$x = "a" x 6e6; fork; sleep 1000'
	pids+=("$STARTED")
	settle "${pids[@]: -3}"
	for way in netlink debugfs; do
		run "$HELPERS/rollup" "$way" "${pids[@]}" 1
		echo "$output" >&3
		assert_success
		assert_output --regexp 'hugetlb [1-9]'
	done
	# The pages of a mapping are shared and exclusive as the mapping is.
	for pid in "${PIDS[@]}"; do
		for column in shared exclusive; do
			assert_equal "$column $(vmscope --json -o "$column" pages --split "$pid" | jq "[.pages[].$column // 0] | add")" \
				"$column $(vmscope --json -o "$column" maps "$pid" | jq "[.maps[].$column] | add")"
		done
	done
	end "${pids[@]: -3}" "$CROWD"
	stop_state
	echo 0 >/proc/sys/vm/nr_hugepages
	swapoff /dev/zram0
	rmmod zram
}

@test "processes by number, name, cgroup, all of them: each once" {
	local line arguments expected want text named one

	start_crowd 3 2
	one=${PIDS[0]}
	mkdir -p /sys/fs/cgroup/jobs/deep/er /sys/fs/cgroup/idle
	echo "$one" >/sys/fs/cgroup/jobs/cgroup.procs
	echo "${PIDS[1]}" >/sys/fs/cgroup/jobs/deep/er/cgroup.procs
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/snooze"
	start "$BATS_TEST_TMPDIR/snooze" 1000
	bash -c 'exec -a "" true' & wait $!	# nothing is left of it
	mapfile -t named < <(printf '%s\n' "${PIDS[@]}" | sort -n)
	while IFS='|' read -r arguments expected; do
		# shellcheck disable=SC2086
		assert_equal "$arguments: $(pids_of $arguments)" "$arguments: $expected"
	done <<-END
		--name crowd|${named[*]}
		--name crowd-parent --name crowd|$(printf '%s\n' "$CROWD" "${named[@]}" | sort -n | paste -sd' ')
		--cgroup jobs|$(printf '%s\n' "${PIDS[@]:0:2}" | sort -n | paste -sd' ')
		--cgroup /jobs/deep/|${PIDS[1]}
		--cgroup jobs --cgroup jobs/deep --name crowd|${named[*]}
		${named[2]} --name crowd|${named[2]} ${named[*]:0:2}
		$STARTED --cgroup /sys/fs/cgroup/jobs/deep --name snooze|$STARTED ${PIDS[1]}
	END
	# All: whatever has memory, without vmscope and those who ask.
	run pids_of --all
	for line in "$CROWD" "${PIDS[@]}" "$STARTED" 1; do
		assert_regex " $output " " $line "
	done
	for line in $output; do
		[[ ! -e /proc/$line/status ]] || grep -q '^VmRSS' "/proc/$line/status" || fail "$line has no memory"
	done
	assert_equal "$(vmscope --json shared --all | jq '[.shared.processes[] | select(.comm == "vmscope")], .shared.skipped' -c | paste -sd' ')" '[] 0'

	while IFS='|' read -r want arguments text; do
		# shellcheck disable=SC2086
		run --separate-stderr vmscope shared $arguments
		assert_equal "$arguments: $status $output" "$arguments: $want "
		assert_regex "$stderr" "^vmscope: $text"
	done <<-END
		1|--name crow|name 'crow': no process is called so
		1|--name kthreadd|name 'kthreadd': no process
		1|--name crowd --name nobody|name 'nobody': no process
		1|--name vmscope|name 'vmscope': no process
		1|--cgroup nowhere|cgroup 'nowhere': no such cgroup
		1|--cgroup idle|cgroup 'idle': no process in it
		2|--cgroup jobs/../idle|cgroup .*: not a path below
		1|--cgroup jobs/cgroup.procs|.*jobs/cgroup.procs
		1|$one 4194304|PID 4194304: no such process
		1|--name crowd 4194304|PID 4194304: no such process
		2|$one|shared: needs PID PID
		2|$one $one --name crowd|PID $one: given twice
		2|--name crowd -o nothing|column 'nothing': not one of pages frames
		2|--name|--name: needs an argument
	END
	end "$CROWD" "$STARTED"
	wait_for rmdir /sys/fs/cgroup/jobs/deep/er 2>/dev/null
	wait_for rmdir /sys/fs/cgroup/jobs/deep 2>/dev/null
	wait_for rmdir /sys/fs/cgroup/jobs 2>/dev/null
	rmdir /sys/fs/cgroup/idle
}

@test "who exits during the query is left out and counted, or an error if named" {
	start_crowd 5 1
	run python3 "$REPO/tests/helpers/vanish.py" "${PIDS[-1]}" --name crowd
	assert_output --regexp '^0 4 1 .*vmscope: shared: 1 of 5 processes left out: exited meanwhile'
	run python3 "$REPO/tests/helpers/vanish.py" "${PIDS[-2]}" "${PIDS[@]:0:4}"
	assert_output --regexp "^1 - - .*vmscope: PID ${PIDS[-2]}: (no such process|the process has exited)"
	end "$CROWD"
}

@test "five hundred processes: in minutes at most, in memory for the frames alone" {
	local seconds peak frames sets bytes text=$BATS_TEST_TMPDIR/text

	start_crowd 500 5
	"$HELPERS/crowd" run vmscope shared --stats --name crowd >"$text" 2>"$text.err"
	echo "$(grep '^seconds' "$text.err"), $(grep 'stats: shared' "$text.err")" >&3
	grep -qxF 'and 124730 more pairs: -o a,b,pages or --json shows them all' "$text"
	read -r _ seconds _ peak < <(grep '^seconds' "$text.err")
	((${seconds%.*} < 600)) || fail "$seconds seconds"
	((peak < 32768)) || fail "$peak kB"
	# More than 140,000 pages in some 10,000 frames, of about 30 bytes each
	read -r frames sets bytes < <(awk '/stats: shared/ { print $5, $7, $9 }' "$text.err")
	((frames > 5000 && sets < frames && bytes < frames * 27 + sets * (16 + 64) + 8192)) ||
		fail "$frames frames, $sets sets, $bytes bytes"
	grep -qE '^ *32000 +64 +64 .* /dev/zero' "$text"

	"$HELPERS/crowd" run vmscope --json shared --name crowd >"$BATS_TEST_TMPDIR/json" 2>&3
	# Everyone has in common what is shared by construction; a few against /proc.
	jq -e '.shared | (.processes | length) == 500 and (.pairs | length) == 124750 and
		([.pairs[].pages] | min) >= 64 + 8' "$BATS_TEST_TMPDIR/json"
	diff <("$REPO/tests/helpers/brute.py" "${PIDS[@]:100:4}" | jq -c '.pairs[] | [(if .a < .b then .a, .b else .b, .a end), .pages]' | sort) \
		<(jq -c --argjson p "[${PIDS[100]},${PIDS[101]},${PIDS[102]},${PIDS[103]}]" \
			'.shared.pairs[] | select((.a | IN($p[])) and (.b | IN($p[]))) | [.a, .b, .pages]' "$BATS_TEST_TMPDIR/json" | sort)

	# On a terminal it says how far it is, and takes that away again.
	seconds=$(date +%s)
	script -qec "vmscope shared --name crowd >$text" "$BATS_TEST_TMPDIR/terminal" >/dev/null
	if (($(date +%s) - seconds > 5)); then
		grep -qP '\rvmscope: \d+ of 500 processes' "$BATS_TEST_TMPDIR/terminal"
	fi
	[[ $(grep -v '^Script' "$BATS_TEST_TMPDIR/terminal" | tr -d '\n' | sed 's/.*\r\( *\)\r$/\1/' | tr -d ' ') == "" ]]
	! grep -q 'of 500' "$text"
	end "$CROWD"
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
