# SPDX-License-Identifier: GPL-2.0
#
# Real programs, stopped: every page of every VMA agrees with /proc.

load lib/guest

setup_file()
{
	fresh_zram 1
	echo 256M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo 8 >/proc/sys/vm/nr_hugepages
}

teardown_file()
{
	echo 0 >/proc/sys/vm/nr_hugepages
	swapoff /dev/zram0
	rmmod zram
}

# Seven programs that have nothing to do with each other; one of them with a
# huge heap, one with half of its memory in swap.
start_programs()
{
	PIDS=()
	start sleep 1000
	PIDS+=("$STARTED")
	start bash -c 'read -r -a words < <(seq -s " " 20000); sleep 1000; :'
	PIDS+=("$STARTED")
	start perl -e '$x = "a" x 6e6; fork; sleep 1000'
	PIDS+=("$STARTED")
	start python3 -c 'import json, time; x = [str(i) for i in range(50000)]; time.sleep(1000)'
	PIDS+=("$STARTED")
	start awk 'BEGIN { for (i = 0; i < 20000; i++) a[i] = i; system("sleep 1000") }'
	PIDS+=("$STARTED")
	start tail -f /etc/services
	PIDS+=("$STARTED")
	start_state zero huge-zero written protnone thp hugetlb swapped forked \
		private-file shared-file uffd-wp uncached
	PIDS+=("$STATE_PID")
}

# swap_out PID: ask its cgroup to give back what it can.
swap_out()
{
	local group=/sys/fs/cgroup/swapped

	mkdir -p "$group"
	echo "$1" >"$group/cgroup.procs"
	echo 64M >"$group/memory.reclaim" 2>/dev/null || true
}

@test "every page of every VMA agrees with /proc over both transports" {
	local way

	echo '+memory' >/sys/fs/cgroup/cgroup.subtree_control
	start_programs
	sleep 3
	settle "${PIDS[@]}"
	swap_out "${PIDS[2]}"
	for way in netlink debugfs; do
		run "$HELPERS/compare" "$way" "${PIDS[@]}"
		echo "$output" >&3
		assert_success
		assert_output --regexp 'total: [0-9]{5,} pages, [0-9]{4,} mapped, [1-9][0-9]* in swap'
	done
	end "${PIDS[@]}"
}

@test "a mapping is called what /proc calls it, also where the heap borders on .bss" {
	local way pid

	# Without randomization nothing is between them.
	start setarch -R "$HELPERS/symbols-pie"
	PIDS=("$STARTED")
	start python3 -c 'import time; time.sleep(1000)'
	PIDS+=("$STARTED")
	while [[ $(<"/proc/${PIDS[0]}/comm") != symbols-pie ]]; do sleep 0.1; done
	settle "${PIDS[@]}"
	gawk -F '[- ]' '/symbols-pie$/ { program = NR; end = $2 } NR == program + 1 { borders = $1 == end; end = $2 }
		NR == program + 2 { borders = borders && $1 == end && /\[heap\]$/ }
		END { exit !borders }' "/proc/${PIDS[0]}/maps"
	for way in netlink debugfs; do
		for pid in "${PIDS[@]}"; do
			diff <(vmscope --transport "$way" --json maps "$pid" |
				jq -r '.maps[] | "\(.start)-\(.end) \(.perms) \(.dev) \(.inode) \(.file // .name // "")"') \
				<(sed -E 's/^0*([0-9a-f]+)-0*([0-9a-f]+) (....) [0-9a-f]+ (\S+) (\S+) */0x\1-0x\2 \3 \4 \5 /' \
					"/proc/$pid/maps" | grep -v '\[vsyscall\]$')
		done
	done
	end "${PIDS[@]}"
}
