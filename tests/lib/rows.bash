# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Reads states.rows and holds it against vmscope and its witnesses. Loaded after
# lib/guest.

# rows_of GROUP: its rows, each on one line, the fields between "|".
rows_of()
{
	awk -v group="[$1]" '
		function flush_row() {
			if (name) print name "|" how "|" phase[1] "|" phase[2]
			name = ""; phase[1] = phase[2] = "|"; n = 0
		}
		/^\[/ { flush_row(); on = $1 == group; next }
		!on || /^#/ || !NF { next }
		/^\t/ { sub(/^\t/, ""); phase[++n] = $0; next }
		{ flush_row(); name = $1; how = $0; sub(/^[^\t]*\t+/, "", how) }
		END { flush_row() }' "$REPO/tests/states.rows"
}

# memtype_of PFN: how the processor caches that frame, "unknown" where no list says so.
memtype_of()
{
	local list=/sys/kernel/debug/x86/pat_memtype_list

	[[ -e $list ]] || { echo unknown; return; }
	perl -ne '/^PAT: \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\] (\S+)/ &&
		hex($1) <= $ARGV[0] && $ARGV[0] < hex($2) && print "$3\n"' \
		- "$(($1 * 4096))" <$list | head -1
}

# active KIND WORD: ask for what a WORD of states.rows names; prints it as it is.
active()
{
	local kind=$1 what=${2%%:*} at=${AT[$1]}

	case $what in
	read | write | exec | mincore) echo "$what:$(ask "$what" "$kind")" ;;
	change) echo "change:$CHANGED" ;;
	mem)
		dd if="/proc/$OWNER/mem" of=/dev/null bs=1 count=1 iflag=skip_bytes \
			skip="$((at))" status=none 2>/dev/null &&
			echo mem:ok || echo mem:EIO
		;;
	memtype) echo "memtype:$(memtype_of "${FRAME[$kind]}")" ;;
	device)
		echo "device:$(vmscope --json walk "$OWNER" "$at" | jq -r '.walk[0].swap.device')"
		;;
	used)
		awk -v dev="${2#used:}" '$1 == dev && $4 > 0 { print "used:" dev; found = 1 }
			END { if (!found) print "used:-" }' /proc/swaps
		;;
	esac
}

# has "WORDS" WORD: one of A/B/C is there.
has()
{
	local word prefix=

	[[ $2 != *:* ]] || prefix=${2%%:*}:
	# A path has slashes of its own.
	if [[ $2 != */* || ${2#"$prefix"} == /* ]]; then
		[[ $1 == *" $2 "* ]]
		return
	fi
	IFS=/ read -r -a words <<<"${2#"$prefix"}"
	for word in "${words[@]}"; do
		[[ $1 != *" $prefix$word "* ]] || return 0
	done
	return 1
}

# missing_words WHERE "WORDS THERE" "WORDS": prints what is not as expected.
missing_words()
{
	local where=$1 there=" $2 " word
	local -a wanted

	read -r -a wanted <<<"$3"
	for word in "${wanted[@]}"; do
		case $word in
		samepfn) has "$there" "$PFN" && continue ;;
		otherpfn) has "$there" "$PFN" || continue ;;
		scan:* | -scan:*) [[ $there != *" scan:unknown "* ]] || continue ;;&
		memtype:*) [[ $there != *" memtype:unknown "* ]] || continue ;;&
		-*) has "$there" "${word#-}" || continue ;;
		*) has "$there" "$word" && continue ;;
		esac
		echo "$where: not $word:$there"
	done
}

# Passive witnesses first: an access changes what it meets.
check_witnesses()
{
	local where=$1 kind=$2 word there
	local -a passive=() wanted

	read -r -a wanted <<<"$3"
	there=$("$HELPERS/witness" "$OWNER" "${AT[$kind]}")
	for word in "${wanted[@]}"; do
		case ${word#-} in
		pm:* | kpf:* | count:* | vm:* | name:* | numa:* | scan:* | novma | *=*)
			passive+=("$word")
			;;
		esac
	done
	missing_words "$where" "$there" "${passive[*]}"
	for word in "${wanted[@]}"; do
		[[ " ${passive[*]} " == *" $word "* ]] ||
			missing_words "$where" "$(active "$kind" "${word#-}")" "$word"
	done
}

# catch KIND STATE: ask until a page behind the address is in this state.
catch()
{
	local tries

	for ((tries = 0; tries < 1000; tries++)); do
		[[ -z $(vmscope pages "$OWNER" "${AT[$1]}+0x200000" --state "$2" --noheadings) ]] ||
			return 0
	done
	echo "$1 after: not once in $tries answers: $2"
}

# catch_swap_bit KIND: likewise, until pagemap says that one is in swap: so it calls
# what is on its way, too. None of the process is in swap.
catch_swap_bit()
{
	perl -e '
		open F, "<", "/proc/$ARGV[0]/pagemap" or die $!;
		for (1 .. 100_000) {
			sysseek F, hex($ARGV[1]) / 512, 0;
			sysread(F, $entries, 4096) == 4096 or die $!;
			exit 0 if grep { $_ >> 62 == 1 } unpack "Q*", $entries;
		}
		exit 1' "$OWNER" "${AT[$1]}" || echo "$1 after: never pm:swap"
	grep -qE '^VmSwap:\s+0 kB' "/proc/$OWNER/status" || echo "$1 after: in swap"
}

# check_phase KIND WHEN VMSCOPE WITNESSES: prints what is not as expected.
check_phase()
{
	local kind=$1 when=$2 there pfn

	if [[ $3 == catch=* ]]; then
		catch "$kind" "${3#catch=}"
		[[ $4 != *pm:swap* ]] || catch_swap_bit "$kind"
		return
	fi
	there=$("$HELPERS/compare" --page "$OWNER" "${AT[$kind]}" 2>&1) ||
		echo "$kind $when: against /proc: ${there#*$'\n'}"
	there=${there%%$'\n'*}
	pfn=none
	[[ $there != *pfn:* ]] || pfn=${there#*pfn:} pfn=pfn:${pfn%% *}
	[[ $pfn != "pfn:${FRAME[$kind]-}" ]] || there+="pfn:known "
	[[ $when != before ]] || PFN=$pfn
	missing_words "$kind $when" "$there" "$3"
	check_witnesses "$kind $when" "$kind" "$4"
}

# check_row NAME HOW VMSCOPE WITNESSES VMSCOPE WITNESSES: adds to $wrong.
check_row()
{
	local name=$1 status=0 found out=$BATS_TEST_TMPDIR/found

	start_state "$name" >"$out" || status=$?
	if [[ $status -eq 77 ]]; then
		echo "# row $name: skip: ${STATE_MISSING#"$name: "}" >&3
		return
	fi
	if [[ $status -eq 0 ]]; then
		OWNER=${OWNERS[$name]-$STATE_PID}
		# Not in a subshell: the first phase leaves $PFN for the second.
		check_phase "$name" before "${3% }" "$4" >"$out"
		if [[ -n $5$6 ]]; then
			change "$name" >>"$out" 2>&1 &&
				check_phase "$name" after "${5% }" "$6" >>"$out"
		fi
		stop_state
	fi
	found=$(<"$out")
	[[ -z $found ]] || wrong+=$found$'\n'
	echo "# row $name: $([[ -z $found ]] && echo ok || echo failed)" >&3
}

# check_rows GROUP: all of its rows, or those of them that $ROWS names; fails with
# all that was not as expected.
check_rows()
{
	local wrong='' n=0
	local -a row

	while IFS='|' read -r -a row; do
		n=$((n + 1))
		[[ " ${ROWS-${row[0]}} " != *" ${row[0]} "* ]] || check_row "${row[@]}" "" ""
	done < <(rows_of "$1")
	[[ $n -gt 0 ]] || wrong="no rows in $1"
	[[ -z $wrong ]] || fail "$wrong"
}
