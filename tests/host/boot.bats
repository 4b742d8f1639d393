#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What takes a guest of its own: a lockdown is for as long as the kernel runs, and a
# module that knows no kernel has to be built first.

# shellcheck disable=SC2016 # programs for the guest to expand
# shellcheck disable=SC2154 # stderr: set by run

bats_require_minimum_version 1.5.0

setup()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
	REPO=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	cd "$BATS_TEST_TMPDIR" || return
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

# guest REPO PROGRAM: a shell's, with the module of that repository.
guest()
{
	"$1/scripts/vm" run --append no5lvl -- bash -c "$2"
}

# Prints "WAY COMMAND: STATUS WORDS" for each request, in a guest.
requests='
	requests()
	{
		local way said status
		local -a what

		for way in netlink debugfs; do
			for what in info "walk 1 0x1000" "maps 1" "pages 1" "tables 1" "swap 1" \
				"frame 1" "shared 1 $$"; do
				status=0
				# shellcheck disable=SC2086
				said=$(vmscope --transport $way $what 2>&1 >/dev/null) || status=$?
				echo "$way ${what%% *}: $status ${said##*: }"
			done
		done
	}
	mount -t securityfs none /sys/kernel/security 2>/dev/null
	lock() { echo "$1" >/sys/kernel/security/lockdown; }
'

@test "lockdown: integrity leaves netlink, confidentiality refuses everything" {
	run -0 --separate-stderr guest "$REPO" "$requests"'
		requests | grep -v ": 0 $"
		lock integrity
		echo "integrity"
		requests
		# A dump that has begun goes no further.
		perl -e "\$x = q(a) x (64 << 20); \$| = 1; print qq(ready\n); sleep 1000" >/tmp/large &
		until [[ -s /tmp/large ]]; do sleep 0.1; done
		LD_PRELOAD=build/tests/hold.so HOLD_AT=1 vmscope pages $! --each >/tmp/held 2>/tmp/said &
		until grep -q "^State:.T" /proc/$!/status; do sleep 0.1; done
		lock confidentiality
		echo "confidentiality"
		requests
		kill -CONT $!
		status=0
		wait $! || status=$?
		echo "dump: $status $(sed "s/.*: //" /tmp/said)"
		lock integrity 2>/dev/null || echo "for good"'
	assert_output - <<-END
	integrity
	$(all_requests netlink "0 ")
	$(all_requests debugfs "4 the kernel is locked down" "0 ")
	confidentiality
	$(all_requests netlink "4 the kernel is locked down")
	$(all_requests debugfs "4 the kernel is locked down")
	dump: 4 the kernel is locked down
	for good
	END
}

# all_requests WAY WORDS [WORDS OF INFO]: as requests above prints them.
all_requests()
{
	local what

	echo "$1 info: ${3-$2}"
	for what in walk maps pages tables swap frame shared; do
		echo "$1 $what: $2"
	done
}

@test "a kernel that the suite has not passed on: one line, and the word of info" {
	cp -R "$REPO/Kbuild" "$REPO/module" "$REPO/scripts" "$REPO/userspace/vmscope" .
	sed -i 's/^\(#define COMPAT_TESTED(X)\).*/\1 X(5, 10) X(5, 15)/' module/compat.h
	run -0 --separate-stderr guest "$PWD" '
		dmesg | sed -n "s/.*vmscope: not/not/p"
		for way in netlink debugfs; do
			./vmscope --transport $way --json info | jq .info[0].tested
		done
		./vmscope walk 1 "[stack]" -o state --noheadings'
	assert_output - <<-END
	not tested on this kernel, but on 5.10 5.15: check its answers
	false
	false
	none
	END

	run -0 --separate-stderr guest "$REPO" '
		dmesg | grep -c "vmscope: not"
		vmscope --json info | jq .info[0].tested'
	assert_output $'0\ntrue'
}
