# SPDX-License-Identifier: GPL-2.0
#
# Page tables counted: by vmscope, and as the kernel accounts for them to the
# process, to its memory cgroup, and to the machine.

load lib/guest
load lib/wait

CGROUPS=/sys/fs/cgroup

setup_file()
{
	echo 8 >/proc/sys/vm/nr_hugepages
	echo '+memory' >/sys/fs/cgroup/cgroup.subtree_control
}

teardown_file()
{
	echo 0 >/proc/sys/vm/nr_hugepages
}

# alone NAME COMMAND...: in a memory cgroup of its own from exec on. Sets STARTED.
alone()
{
	local name=$1

	shift
	mkdir -p "$CGROUPS/$name"
	# shellcheck disable=SC2016 # for the inner shell to expand
	start bash -c 'echo $$ >"$0"; exec "$@" >"$OUT"' "$CGROUPS/$name/cgroup.procs" "$@"
}

# The rows: NAME and what to run. Those of helpers/tree.c stop by themselves.
programs()
{
	cat <<-END
	sleep	sleep 1000
	bash	bash -c 'read -r -a words < <(seq -s " " 20000); wait; kill -STOP \$\$'
	perl	perl -e '\$x = "a" x 6e6; sleep 1000'
	python3	python3 -c 'import json, time; x = [str(i) for i in range(50000)]; time.sleep(1000)'
	END
	for kind in dense sparse thp split hugetlb left zero high; do
		echo "$kind	$HELPERS/tree $kind"
	done
}

# facts PID: what vmscope says, as NAME=NUMBER; both ways in must agree.
facts()
{
	vmscope --json tables "$1" >"$BATS_TEST_TMPDIR/netlink"
	vmscope --json --transport debugfs tables "$1" >"$BATS_TEST_TMPDIR/debugfs"
	cmp "$BATS_TEST_TMPDIR/netlink" "$BATS_TEST_TMPDIR/debugfs" || echo 'transports differ'
	jq -r '(.tables[] | "\(.level)=\(.tables)", "\(.level)_used=\(.used)",
			"\(.level)_wrong=\(if .bytes == .tables * 4096 and .entries == .tables * 512
				and .used <= .entries then 0 else 1 end)"),
		"sum=\([.tables[].bytes] | add)",
		(.total | to_entries[] | "\(.key)=\(.value)")' "$BATS_TEST_TMPDIR/netlink"
	# What is in the tables, by level.
	vmscope pages --each --noheadings -o level "$1" |
		awk '{ n[$1]++ } END { for (level in n) print level "_leaves=" n[level] }'
}

# equal NAME WHAT A B: adds to $wrong.
equal()
{
	[[ $3 -eq $4 ]] || wrong+="$1: $2: $3, not $4"$'\n'
}

# It has come to where it waits, or has stopped by itself.
rests()
{
	grep -q '^State:.[ST]' "/proc/$1/status" && [[ $(<"/proc/$1/comm") != bats* ]] &&
		[[ $(wc -l <"$CGROUPS/$name/cgroup.procs") -eq 1 ]]
}

# Does the cgroup account for so many bytes? It learns of them in batches.
booked()
{
	[[ $(awk '$1 == "pagetables" { print $2 }' "$CGROUPS/$1/memory.stat") -eq $2 ]]
}

# check_tables NAME PID: against each other, the process and the cgroup.
check_tables()
{
	local name=$1 pid=$2 fact sum below level
	local -A is=()

	for fact in $(facts "$pid"); do
		is[${fact%%=*}]=${fact#*=}
	done
	sum=$((is[pgd] + is[p4d] + is[pud] + is[pmd] + is[pte]))
	equal "$name" bytes "${is[bytes]}" $((sum * 4096))
	equal "$name" flat "${is[flat_bytes]}" "$FLAT"
	below=
	for level in pte pmd pud p4d pgd; do
		[[ -n ${is[$level]-} ]] || continue
		equal "$name" "$level: arithmetic" "${is[${level}_wrong]}" 0
		# Each entry leads to a table, or to pages, of which there is a record.
		equal "$name" "$level: used" "${is[${level}_used]}" \
			$((${below:-0} + ${is[${level}_leaves]-0}))
		below=${is[$level]}
	done
	equal "$name" "top tables" "${is[pgd]}" 1
	# The process is accounted neither its top table nor that of the fifth level.
	sum=$((is[pte] + is[pmd] + is[pud] + is[deposited]))
	equal "$name" accounted "${is[accounted_bytes]}" $((sum * 4096))
	equal "$name" VmPTE "$(awk '$1 == "VmPTE:" { print $2 * 1024 }' "/proc/$pid/status")" \
		$((sum * 4096))
	# The cgroup: at first tables of the two lower levels alone.
	[[ $COUNTED != two ]] || sum=$((sum - is[pud]))
	[[ $COUNTED != all ]] || sum=$((sum + is[p4d] + is[pgd]))
	until_true booked "$name" $((sum * 4096))
	shape "$name"
}

# What is known of a shape: adds to $wrong. Uses check_tables' $is.
shape()
{
	case $1 in
	dense) [[ ${is[pte_used]} -ge 16384 && ${is[pte]} -ge 32 ]] ;;
	sparse) [[ ${is[pmd]} -ge 1024 && ${is[pte]} -ge 1024 && ${is[pte]} -lt 1064 ]] ;;
	thp) [[ ${is[pmd_leaves]} -eq 16 && ${is[deposited]} -eq 16 ]] ;;
	split) [[ ${is[pmd_leaves]} -eq 8 && ${is[deposited]} -eq 8 && ${is[pte_used]} -gt 4088 ]] ;;
	hugetlb) [[ ${is[pmd_leaves]} -eq 4 && ${is[deposited]} -eq 0 ]] ;;
	# Since 6.14 tables that are empty after MADV_DONTNEED are freed.
	left) [[ (${is[pte]} -ge 32 || $COUNTED == all) && ${is[pte_used]} -lt 1000 ]] ;;
	zero) [[ ${is[pte]} -ge 64 ]] ;;
	high) [[ ${is[pgd_used]} -eq 2 && ${is[p4d]} -eq 2 ]] ;;
	esac || wrong+="$1: not its shape: ${is[*]@K}"$'\n'
}

@test "tables agree with VmPTE, the memory cgroup and with what is in them" {
	local name run wrong=''
	local -x OUT

	FLAT=$((8 << $(vmscope --json info | jq '.info[0].va_bits - 13')))
	# What Linux counts was two levels in 6.1 and three in 6.12.
	case $(printf '%s\n' "$(uname -r)" 6.12 6.14 | sort -V | grep -nxF "$(uname -r)") in
	1:*) COUNTED=two ;;
	2:*) COUNTED=three ;;
	*) COUNTED=all ;;
	esac
	while IFS=$'\t' read -r name run; do
		OUT=$BATS_TEST_TMPDIR/$name.out
		eval "alone $name $run"
		case $run in
		*/tree*)
			until_true test -s "$OUT"
			if grep -q missing "$OUT"; then
				echo "# tables of $name: skip: $(<"$OUT")" >&3
				continue
			fi
			;;
		esac
		until_true rests "$STARTED"
		kill -STOP "$STARTED"
		until_true stopped_or_over "$STARTED"
		check_tables "$name" "$STARTED"
		end "$STARTED"
	done < <(programs)
	[[ -z $wrong ]] || fail "$wrong"
}

# Tables of the machine, now.
machine_tables()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "PageTables:" { print $2 / 4 }' /proc/meminfo
}

@test "the machine's page tables grow by those of a process" {
	local before after counted

	before=$(machine_tables)
	"$HELPERS/tree" sparse >"$BATS_TEST_TMPDIR/out" 3>&- &
	until_true grep -q ready "$BATS_TEST_TMPDIR/out"
	counted=$(vmscope --json tables $! | jq '[.tables[].tables] | add')
	after=$(machine_tables)
	end $!
	# Others come and go, with some dozen tables each.
	[[ $counted -gt 2000 && $((after - before - counted)) -lt 100 &&
	   $((counted - after + before)) -lt 100 ]] ||
		fail "$counted counted, $((after - before)) more than before"
}
