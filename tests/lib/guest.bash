# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# For the tests that run in the guest. Loaded by `load lib/guest`.

bats_require_minimum_version 1.5.0
load /usr/lib/bats/bats-support/load.bash
load /usr/lib/bats/bats-assert/load.bash

REPO=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
HELPERS=$REPO/build/tests
DEBUGFS=/sys/kernel/debug/vmscope
MODULE=/run/vm/vmscope.ko	# where scripts/vm puts it

# start_state KIND...: a process in these states. Sets STATE_PID and, by KIND,
# AT (address), OWNERS (whose page it is, if not the process's own), FRAME (its
# PFN, if that is known). 77 and STATE_MISSING: not on this machine.
declare -gA AT OWNERS FRAME
STATES=0
start_state()
{
	local word value rest
	local in=$BATS_TEST_TMPDIR/state.in.$((++STATES)) out=$BATS_TEST_TMPDIR/state.out.$STATES

	OWNERS=() FRAME=()
	mkfifo "$in" "$out"
	"$HELPERS/state" "$@" <"$in" >"$out" 2>&1 3>&- &
	STATE_PID=$!
	exec {STATE_IN}>"$in" {STATE_OUT}<"$out"
	while read -r -t 120 word value rest <&"$STATE_OUT"; do
		case $word,$value in
		ready,*) return 0 ;;
		pid,*) STATE_PID=$value ;;
		*,missing:) STATE_MISSING="$word: $rest"; stop_state; return 77 ;;
		*,0x*)
			AT[$word]=$value
			[[ $rest != "pid "* ]] || OWNERS[$word]=${rest#pid }
			[[ $rest != "pfn "* ]] || FRAME[$word]=${rest#pfn }
			;;
		*) break ;;
		esac
	done
	stop_state
	fail "state $*: $word $value $rest"
}

# change KIND: make its change. Sets CHANGED, how an access that is it ended.
change()
{
	local kind word at

	echo "$1" >&"$STATE_IN"
	read -r -t 120 kind word at CHANGED <&"$STATE_OUT" || fail "change $1: no answer"
	[[ "$kind $word" == "$1 changed" ]] || fail "change $1: $word $at $CHANGED"
	AT[$1]=$at
}

# ask QUESTION KIND: how such an access of the page ends.
ask()
{
	local question kind answer

	echo "$1 $2" >&"$STATE_IN"
	read -r -t 120 question kind answer <&"$STATE_OUT" || answer='no answer'
	echo "$answer"
}

stop_state()
{
	exec {STATE_IN}>&- {STATE_OUT}<&-
	# One that is stuck must not take the suite with it.
	kill -KILL "$STATE_PID" 2>/dev/null || true
	wait "$STATE_PID" 2>/dev/null || true
}

# start PROGRAM [ARG...]: in the background, with nothing to read. Sets STARTED.
start()
{
	"$@" </dev/null >/dev/null 2>&1 3>&- &
	STARTED=$!
}

# start_large: a process of 200 MB, of which a dump page by page is long. Sets LARGE.
start_large()
{
	perl -e '$x = "a" x 2e8; $| = 1; print "ready\n"; sleep 1000' \
		</dev/null >"$BATS_TEST_TMPDIR/large" 3>&- &
	LARGE=$!
	until [[ -s $BATS_TEST_TMPDIR/large ]]; do sleep 0.1; done
}

# settle PID...: wait until each has done its start-up and sleeps, then stop it.
settle()
{
	local pid tries

	for pid; do
		for ((tries = 0; tries < 1200; tries++)); do
			[[ $(awk '/^State/ { print $2 }' "/proc/$pid/status") == S &&
			   $(cat "/proc/$pid/comm") != bats* ]] && break
			sleep 0.05
		done
		((tries < 1200)) || fail "$pid does not come to rest"
		kill -STOP "$pid"
		for ((tries = 0; tries < 200; tries++)); do
			[[ $(awk '/^State/ { print $2 }' "/proc/$pid/status") == T ]] && break
			sleep 0.02
		done
	done
}

# fresh_zram N: so many devices, whatever a test that failed has left of them.
fresh_zram()
{
	swapoff -a
	rmmod zram 2>/dev/null || true
	modprobe zram num_devices="$1"
}

# end PID...: for good.
end()
{
	kill -KILL "$@" 2>/dev/null || true
	wait "$@" 2>/dev/null || true
}
