# SPDX-License-Identifier: GPL-2.0
#
# Programs at work, stopped at random moments: every page of every VMA agrees with
# /proc, over both transports. STOPS=100 for more of the same.

load lib/guest

PROGRAMS=$BATS_TEST_DIRNAME/programs

setup_file()
{
	fresh_zram 1
	echo 256M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	echo '+memory' >/sys/fs/cgroup/cgroup.subtree_control
	mkdir -p /sys/fs/cgroup/real
}

teardown_file()
{
	swapoff /dev/zram0
	rmmod zram
}

# A source that the compiler has to think about for some time.
write_source()
{
	awk 'BEGIN {
		for (i = 0; i < 3000; i++) {
			printf "int f%d(int *a, int n)\n{\n\tint s = %d;\n", i, i
			printf "\tfor (int i = 0; i < n; i++)\n\t\ts += a[i] * %d ^ s >> %d;\n", i, i % 9
			printf "\treturn s%s;\n}\n", i ? sprintf(" + f%d(a, n - 1)", i - 1) : ""
		}
	}' >"$BATS_TEST_TMPDIR/large.c"
}

# launch NAME: start it anew. Sets STARTED.
launch()
{
	local compiler dir=$BATS_TEST_TMPDIR

	case $1 in
	python3) start python3 "$PROGRAMS/python.py" ;;
	perl) start perl "$PROGRAMS/perl.pl" ;;
	node) start node "$PROGRAMS/jit.js" ;;
	database)
		rm -f "$dir"/db*
		start python3 "$PROGRAMS/database.py" "$dir/db"
		;;
	gcc)
		compiler=$(gcc -print-prog-name=cc1)
		start "$compiler" -quiet -O2 "$dir/large.c" -o "$dir/large.s"
		;;
	esac
	echo "$STARTED" >/sys/fs/cgroup/real/cgroup.procs
}

# running NAME: it is; if it has come to its end, once more.
running()
{
	[[ -n ${PIDS[$1]-} && -e /proc/${PIDS[$1]}/exe ]] && return
	[[ -z ${PIDS[$1]-} ]] || wait "${PIDS[$1]}" || fail "$1: ended with status $?"
	launch "$1"
	PIDS[$1]=$STARTED
}

# All threads have stopped, or the process is no more.
halted()
{
	[[ ! -e /proc/$1/exe ]] || ! grep -hs '^State:' "/proc/$1"/task/*/status | grep -qv 'T (stopped)'
}

# stop_and_compare NAME: let it work for a while; the others are at rest, or they
# would take the time that comparing needs. Adds to the sums.
stop_and_compare()
{
	local pid way n

	running "$1"
	pid=${PIDS[$1]}
	kill -CONT "$pid"
	sleep "0.$((RANDOM % 90 + 10))"
	((RANDOM % 2)) || echo 32M >/sys/fs/cgroup/real/memory.reclaim 2>/dev/null || true
	kill -STOP "$pid" 2>/dev/null || return 1
	until halted "$pid"; do sleep 0.01; done
	[[ -e /proc/$pid/exe ]] || return 1
	for way in netlink debugfs; do
		"$HELPERS/compare" "$way" "$pid" >"$BATS_TEST_TMPDIR/compared" 2>&1 || true
		# pages, mapped, in swap, not shown by pagemap, looked at again, differences
		read -r -a n < <(sed -n '/total:/ { s/;.*//; s/[^0-9]\+/ /gp }' "$BATS_TEST_TMPDIR/compared")
		[[ ${#n[@]} -eq 6 && ${n[5]} -eq 0 ]] ||
			wrong+="$1: $(<"$BATS_TEST_TMPDIR/compared")"$'\n'
		PAGES[$1]=$((${PAGES[$1]-0} + ${n[0]-0}))
		MAPPED[$1]=$((${MAPPED[$1]-0} + ${n[1]-0}))
		SWAPPED[$1]=$((${SWAPPED[$1]-0} + ${n[2]-0}))
		AGAIN[$1]=$((${AGAIN[$1]-0} + ${n[4]-0}))
		BAD[$1]=$((${BAD[$1]-0} + ${n[5]-1}))
	done
	TIMES[$1]=$((${TIMES[$1]-0} + 1))
}

@test "programs at work, stopped at random: every page agrees with /proc" {
	local -A PIDS PAGES MAPPED SWAPPED AGAIN BAD TIMES
	local name names=(python3 perl database gcc) wrong='' done=0

	if command -v node >/dev/null; then
		names+=(node)
	else
		echo "# no node (package nodejs): no program that compiles itself" >&3
	fi
	write_source
	for name in "${names[@]}"; do
		running "$name"
		sleep 2
		kill -STOP "${PIDS[$name]}"
	done
	while ((done < ${STOPS-10})); do
		name=${names[done % ${#names[@]}]}
		! stop_and_compare "$name" || done=$((done + 1))
	done
	for name in "${names[@]}"; do
		echo "# $name: ${TIMES[$name]} stops, ${PAGES[$name]} pages compared, ${MAPPED[$name]} mapped, ${SWAPPED[$name]} in swap, ${AGAIN[$name]} looked at again, ${BAD[$name]} differences" >&3
		[[ ${MAPPED[$name]} -gt 1000 ]] || wrong+="$name: next to nothing compared"$'\n'
	done
	end "${PIDS[@]}"
	[[ -z $wrong ]] || fail "$wrong"
}
