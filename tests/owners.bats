#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What a frame is, and who maps it.

load lib/guest

@test "the owners of a frame are those that brute force finds, however it is shared" {
	run "$HELPERS/owners"
	printf '# %s\n' "${lines[@]}" >&3
	assert_success
	# Each kind, not one less.
	assert_equal "$(grep -cE '^[a-z-]+ (ok|skip) ' <<<"$output")" 28
}

@test "nobody is named who did not map it, while all fork, write, unmap, migrate and exit" {
	local compactor

	(while :; do echo 1 >/proc/sys/vm/compact_memory; done) 3>&- &
	compactor=$!
	run "$HELPERS/owners_storm" "${OWNERS_STORM_SECONDS-8}"
	end "$compactor"
	echo "# $output" >&3
	assert_success
}

@test "mappings that go while they are listed: the list does not call itself complete" {
	run "$HELPERS/owners_gone" midway
	printf '# %s\n' "${lines[@]}" >&3
	assert_success
	assert_equal "$(grep -cE '^[a-z]+ (netlink|debugfs)(, scan)?: ok ' <<<"$output")" \
		"$(grep -q '^moved skip' <<<"$output" && echo 16 || echo 20)"
}

@test "frames dropped, unmapped and moved while they are asked about" {
	run "$HELPERS/owners_gone" storm "${OWNERS_STORM_SECONDS-5}"
	echo "# $output" >&3
	[[ $status -ne 77 ]] || skip "${lines[-1]}"
	assert_success
}

@test "what a frame is: as /proc has it, all over the memory" {
	local way

	echo 4 >/proc/sys/vm/nr_hugepages
	for way in netlink debugfs; do
		run "$REPO/tests/helpers/frames.py" "$way"
		echo "# $way: $output" >&3
		assert_success
	done
	echo 0 >/proc/sys/vm/nr_hugepages
}

@test "a frame of a file: its page, its name, its owners, the same over both transports" {
	local pfn way held

	start_state shared-file
	# Out of the processors' batches for the LRU lists; it may move, too.
	echo 1 >/proc/sys/vm/compact_memory
	pfn=$(vmscope --json walk "$STATE_PID" "${AT[shared-file]}" | jq .walk[0].pfn)
	for way in netlink debugfs; do
		run -0 vmscope --transport "$way" frame "$pfn"
		assert_line --index 0 --regexp "^frame $pfn at 0x[0-9a-f]+: shared memory: page [0-9]+ of /.* \(inode [0-9]+, device [0-9a-f:]+\)$"
		assert_line --regexp "^ *$STATE_PID state +${AT[shared-file]} +0x[0-9a-f]+ present,"
		vmscope --transport "$way" --json frame "$pfn" | jq 'del(.frame[].lock_max_ns)' >"$BATS_TEST_TMPDIR/$way"
	done
	diff "$BATS_TEST_TMPDIR/netlink" "$BATS_TEST_TMPDIR/debugfs"
	jq -e --argjson pid "$STATE_PID" '.frame[0] | .owners_complete and .how == "file" and .mapcount == (.owners | length)
		and (.file | startswith("/")) and .file == .owners[0].file and any(.owners[]; .pid == $pid)' "$BATS_TEST_TMPDIR/netlink"
	# By the address: the same frame.
	assert_equal "$(vmscope --json frame --of "$STATE_PID:${AT[shared-file]}" | jq .frame[0].pfn)" "$pfn"
	# One line a frame, several at once.
	run -0 vmscope -o pfn,kind,how frame --noheadings "$pfn" "$pfn"
	assert_equal "$(tr -s ' ' <<<"$output" | sort -u)" "$pfn shmem file"
	# Unmapped it stays the page of its file, which is held open meanwhile: a frame
	# that is let go is somebody else's at once. Nobody maps it, and that is known.
	exec {held}<"$(find -L "/proc/$STATE_PID/fd" -type f -inum "$(jq .frame[0].inode "$BATS_TEST_TMPDIR/netlink")" -print -quit)"
	stop_state
	for way in netlink debugfs; do
		run -0 vmscope --transport "$way" -o kind,found,owners_complete --noheadings frame "$pfn"
		assert_equal "$(tr -s ' ' <<<"${output# }")" 'shmem 0 yes'
	done
	exec {held}<&-
}

@test "frames that cannot be asked about, or of which little can be learned" {
	local want arguments text way pfn

	start_state untouched
	while IFS='|' read -r want arguments text; do
		for way in netlink debugfs; do
			# shellcheck disable=SC2086
			run --separate-stderr vmscope --transport "$way" frame $arguments
			assert_equal "$way $arguments: $status" "$way $arguments: $want"
			[[ $stderr =~ ^"vmscope: "$text$ ]] || fail "$way $arguments: $stderr"
			assert_equal "$output" ''
		done
	done <<-END
		1|0xffffffffffffffff|frame 18446744073709551615: no physical address has so many bits
		2|12x|12x: not a frame number
		2|-1|-1: not a frame number
		2||frame: needs PFN... or --of PID:ADDR
		2|--of 12|12: not PID:ADDR
		1|--of 4194304:0x1000|PID 4194304: no such process
		1|--of $STATE_PID:${AT[untouched]}|$STATE_PID:${AT[untouched]}: no frame: its state is none
	END
	stop_state

	# The module's own memory.
	pfn=$(vmscope --json walk $$ "$(awk '$1 == "vmscope" { print $6 }' /proc/modules)" | jq .walk[0].pfn)
	run -0 vmscope -o kind --noheadings frame "$pfn"
	assert_output 'kernel'

	# Locked by somebody else for good: a bounded wait, and an answer that says so.
	modprobe nbd nbds_max=1
	start_stuck
	for way in netlink debugfs; do
		run -0 timeout 20 vmscope --transport "$way" -o how,owners_complete --noheadings frame "$STUCK"
		# Its map count is 0, that much is known.
		assert_output 'locked yes'
		run -0 timeout 60 vmscope --transport "$way" -o how --noheadings frame --scan "$STUCK"
		assert_output 'scan'
	done
	stop_stuck
}

# A page that is locked until stop_stuck. Sets STUCK.
start_stuck()
{
	local in=$BATS_TEST_TMPDIR/stuck.in out=$BATS_TEST_TMPDIR/stuck.out

	mkfifo "$in" "$out"
	"$HELPERS/stuck" <"$in" >"$out" 3>&- &
	STUCK_PID=$!
	exec {STUCK_IN}>"$in" {STUCK_OUT}<"$out"
	# It looks for that page in all memory.
	read -r -t 300 _ STUCK <&"$STUCK_OUT"
}

stop_stuck()
{
	exec {STUCK_IN}>&- {STUCK_OUT}<&-
	wait "$STUCK_PID"
}

@test "memory taken offline is said to be" {
	local block size pfn=

	size=$((16#$(cat /sys/devices/system/memory/block_size_bytes)))
	for block in $(printf '%s\n' /sys/devices/system/memory/memory[0-9]* | sort -rV); do
		echo offline >"$block/state" 2>/dev/null && pfn=$((16#$(cat "$block/phys_index") * size / 4096)) && break
	done
	[[ -n $pfn ]] || skip "no memory block can be taken offline"
	run -0 vmscope -o kind,how,owners_complete --noheadings frame "$pfn" $((pfn + 7))
	echo online >"$block/state"
	assert_equal "$(tr -s ' ' <<<"$output" | sort -u)" 'offline none yes'
}

@test "in a PID namespace of its own one sees one's own, and how many others there are" {
	local text

	start sleep 1000
	# shellcheck disable=SC2016
	text=$(unshare --pid --fork --mount-proc bash -c '
		sleep 1000 & inner=$!
		until grep -q "libc.so" /proc/$inner/maps && grep -q "^State:.S" /proc/$inner/status; do sleep 0.05; done
		for way in netlink debugfs; do
			vmscope --transport $way --json frame --of "$inner:libc.so.6" |
				jq -c --argjson inner $inner ".frame[0] | [.owners_complete, .hidden > 0, any(.owners[]; .pid == \$inner),
					all(.owners[]; .pid < 100), .found == (.owners | length) + .hidden]"
		done
		kill $inner')
	end "$STARTED"
	assert_equal "$text" $'[false,true,true,true,true]\n[false,true,true,true,true]'
}
