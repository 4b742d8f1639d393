# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Loaded after lib/guest by tests that wait for what a machine does in its time.

# until_true COMMAND...: for up to two minutes.
until_true()
{
	local deadline=$((SECONDS + 120))

	until "$@"; do
		((SECONDS < deadline)) || fail "not within two minutes: $*"
		sleep 0.05
	done
}

# hold ARG...: the client with these arguments, in the background, stopped when it
# has received the $HOLD_AT th large part (1) of an answer. Sets CLIENT; what it
# says is in the files held and said.
hold()
{
	# What the shell starts like this ignores SIGINT.
	env --default-signal=INT LD_PRELOAD="$HELPERS/hold.so" HOLD_AT="${HOLD_AT-1}" \
		vmscope "$@" >"$BATS_TEST_TMPDIR/held" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	CLIENT=$!
	until_true stopped_or_over "$CLIENT"
}

stopped_or_over()
{
	grep -q '^State:.[TZ]' "/proc/$1/status" 2>/dev/null || [[ ! -e /proc/$1 ]]
}
