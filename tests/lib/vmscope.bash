# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Assertions about a live process's memory, for any bats suite:
#
#	load /usr/local/lib/vmscope/vmscope.bash
#
#	@test "the buffer is really in memory" {
#		assert_state "$pid" 0x404000 present
#		assert_flags "$pid" 0x404000 +rw -exec
#	}
#
#	assert_state PID ADDR STATE		wait_for_state PID ADDR STATE [SECONDS]
#	assert_flags PID ADDR +FLAG -FLAG...	assert_swapped PID ADDR [DEVICE]
#	assert_same_frame PID ADDR PID ADDR	assert_different_frame PID ADDR PID ADDR
#	assert_shared_by N FRAME
#
# They call vmscope (on the PATH, module loaded, as root), the last one also jq, and
# nothing of any other library. ADDR is whatever `vmscope walk` takes. An assertion that
# does not hold returns 1 and prints the walks that it judged by, the same answer
# and not a later one, on stderr in the manner of bats-assert. So does one that
# is asked for a state or flag that there is not: a slip of the pen must not pass.

# Regular expressions.
_vmscope_states='present|protnone|none|unmapped|swap|migration|hwpoison|device|marker'
_vmscope_flags='present|rw|user|exec|accessed|dirty|global|leaf|soft-dirty|uffd-wp|'
_vmscope_flags+='protnone|special|devmap|pwt|pcd|pat|pkey=[0-9]+'

# _vmscope_fail TITLE LINE...: say so, and be false.
_vmscope_fail()
{
	{
		printf '\n-- %s --\n' "$1"
		printf '%s\n' "${@:2}"
		printf -- '--\n\n'
	} >&2
	return 1
}

# _vmscope_known WHAT WORD WORDS: WORD is one of them.
_vmscope_known()
{
	[[ $2 =~ ^($3)$ ]] || _vmscope_fail "no such $1: ${2:-(none given)}" "known : ${3//|/ }"
}

# _vmscope_walk PID ADDR: sets _vmscope_state, _vmscope_pfn (or "-"), _vmscope_has
# (flags of the last entry), _vmscope_device (of the swap entry) and _vmscope_text,
# the walk for people to read. As columns and not as JSON: to take that apart takes
# five times as long as to ask.
_vmscope_walk()
{
	local answer address marker levels swap vma

	[[ $# -eq 2 ]] || { _vmscope_fail "wants a PID and an address" "got : $*"; return 1; }
	if ! answer=$(vmscope --noheadings walk "$1" "$2" \
		-o vaddr,state,pfn,marker,levels,swap,vma 2>&1); then
		_vmscope_fail "cannot walk" "process : $1" "address : $2" "answer  : $answer"
		return 1
	fi
	read -r address _vmscope_state _vmscope_pfn marker levels swap vma <<<"${answer##*$'\n'}"
	if [[ -z $vma || $levels != level=* ]]; then
		_vmscope_fail "cannot read the answer" "process : $1" "address : $2" "answer  : $answer"
		return 1
	fi
	_vmscope_has=$(_vmscope_value flags "${levels##*;}")
	_vmscope_has=${_vmscope_has//+/ }
	_vmscope_device=$(_vmscope_value device "$swap")
	_vmscope_text="process $1, address $address: $_vmscope_state"
	[[ $_vmscope_pfn == - ]] || _vmscope_text+=", frame $_vmscope_pfn"
	[[ $swap == - ]] || _vmscope_text+=", swap $_vmscope_device slot $(_vmscope_value offset "$swap")"
	[[ $marker == - ]] || _vmscope_text+=", $marker"
	_vmscope_text+=$'\n'"  in ${vma/#-/no mapping}"
	_vmscope_text+=$'\n'"  ${levels//;/$'\n  '}"
}

# _vmscope_value KEY LIST: of a list as KEY=VALUE,KEY=VALUE.
_vmscope_value()
{
	[[ ! ,$2 =~ ,$1=([^,]*) ]] || echo "${BASH_REMATCH[1]}"
}

# assert_state PID ADDR STATE: what the translation of ADDR ends in, one of
# present, protnone, none, unmapped, swap, migration, hwpoison, device, marker.
assert_state()
{
	_vmscope_known state "${3-}" "$_vmscope_states" || return
	_vmscope_walk "$1" "$2" || return
	[[ $_vmscope_state == "$3" ]] ||
		_vmscope_fail "the page is in another state" \
			"expected : $3" "actual   : $_vmscope_state" "$_vmscope_text"
}

# wait_for_state PID ADDR STATE [SECONDS]: the same, as soon as it is so; false if
# it is not within SECONDS (10), or the process is gone.
wait_for_state()
{
	local seconds=${4-10} deadline

	deadline=$((SECONDS + seconds))
	_vmscope_known state "${3-}" "$_vmscope_states" || return
	while _vmscope_walk "$1" "$2" || return; do
		[[ $_vmscope_state != "$3" ]] || return 0
		((SECONDS < deadline)) || break
		sleep 0.1
	done
	_vmscope_fail "the page did not come into this state in $seconds seconds" \
		"expected : $3" "actual   : $_vmscope_state" "$_vmscope_text"
}

# assert_flags PID ADDR +FLAG -FLAG...: the last entry of the walk, the one that
# names the frame, has each +FLAG and lacks each -FLAG.
assert_flags()
{
	local word wrong=() wanted=("${@:3}")

	[[ ${#wanted[@]} -gt 0 ]] || { _vmscope_fail "no flags to look for" "got : $*"; return 1; }
	for word in "${wanted[@]}"; do
		[[ $word == [+-]* ]] || { _vmscope_fail "neither +FLAG nor -FLAG: $word"; return 1; }
		_vmscope_known flag "${word:1}" "$_vmscope_flags" || return
	done
	_vmscope_walk "$1" "$2" || return
	for word in "${wanted[@]}"; do
		if [[ " $_vmscope_has " == *" ${word:1} "* ]]; then
			[[ $word == +* ]] || wrong+=("$word")
		else
			[[ $word == -* ]] || wrong+=("$word")
		fi
	done
	[[ ${#wrong[@]} -eq 0 ]] ||
		_vmscope_fail "the entry has other flags" "expected : ${wanted[*]}" \
			"not so   : ${wrong[*]}" "actual   : $_vmscope_has" "$_vmscope_text"
}

# _vmscope_pair PID ADDR PID ADDR: walk both; sets _vmscope_pfns and _vmscope_both.
_vmscope_pair()
{
	[[ $# -eq 4 ]] || { _vmscope_fail "wants PID ADDR PID ADDR" "got : $*"; return 1; }
	_vmscope_walk "$1" "$2" || return
	_vmscope_pfns=("$_vmscope_pfn") _vmscope_both=$_vmscope_text
	_vmscope_walk "$3" "$4" || return
	_vmscope_pfns+=("$_vmscope_pfn")
	_vmscope_both+=$'\n'$_vmscope_text
	[[ " ${_vmscope_pfns[*]} " != *" - "* ]] ||
		_vmscope_fail "there is no frame to compare" "$_vmscope_both"
}

# assert_same_frame PID ADDR PID ADDR: both addresses lead to one frame.
assert_same_frame()
{
	_vmscope_pair "$@" || return
	[[ ${_vmscope_pfns[0]} == "${_vmscope_pfns[1]}" ]] ||
		_vmscope_fail "two frames, not one" "$_vmscope_both"
}

# assert_different_frame PID ADDR PID ADDR: each has a frame, and not the same.
assert_different_frame()
{
	_vmscope_pair "$@" || return
	[[ ${_vmscope_pfns[0]} != "${_vmscope_pfns[1]}" ]] ||
		_vmscope_fail "one frame, not two" "$_vmscope_both"
}

# assert_swapped PID ADDR [DEVICE]: the page is in swap (on DEVICE).
assert_swapped()
{
	_vmscope_walk "$1" "$2" || return
	if [[ $_vmscope_state != swap ]]; then
		_vmscope_fail "the page is not in swap" "actual : $_vmscope_state" "$_vmscope_text"
	elif [[ -n ${3-} && $_vmscope_device != "$3" ]]; then
		_vmscope_fail "the page is on another swap device" \
			"expected : $3" "actual   : $_vmscope_device" "$_vmscope_text"
	fi
}

# assert_shared_by N FRAME: N processes map the frame. FRAME is a PFN, or PID:ADDR
# for the one behind an address. A process that maps it twice counts once.
assert_shared_by()
{
	local frame=("${2-}") answer count complete owners

	[[ $# -eq 2 && $1 =~ ^[0-9]+$ ]] ||
		{ _vmscope_fail "wants a number and a frame" "got : $*"; return 1; }
	[[ $2 != *:* ]] || frame=(--of "$2")
	if ! answer=$(vmscope --json frame "${frame[@]}" 2>&1); then
		_vmscope_fail "cannot ask for the frame" "frame  : $2" "answer : $answer"
		return 1
	fi
	{
		read -r count complete
		owners=$(cat)
	} < <(jq -r '.frame[0] |
		"\([.owners[]?.pid] | unique | length) \(.owners_complete // false)",
		(.owners[]? | "  process \(.pid) (\(.comm)) at \(.vaddr) \(.flags | join(" "))")' \
		<<<"$answer")
	if [[ $complete != true ]]; then
		_vmscope_fail "not all who map the frame are known" "frame  : $2" "answer : $answer"
	elif [[ $count -ne $1 ]]; then
		_vmscope_fail "another number of processes map the frame" "frame    : $2" \
			"expected : $1" "actual   : $count" "$owners"
	fi
}
