#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What the build and the installation say when something is missing.

bats_require_minimum_version 1.5.0

setup()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
	cd "$BATS_TEST_DIRNAME/../.." || return
	mkdir "$BATS_TEST_TMPDIR/bin"
}

# stub NAME BODY: a program that comes before the real one.
stub()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$BATS_TEST_TMPDIR/bin/$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

with_stubs()
{
	PATH=$BATS_TEST_TMPDIR/bin:$PATH "$@"
}

@test "without the kernel's headers the package is named" {
	run make -s module KDIR="$BATS_TEST_TMPDIR/nothing"
	assert_failure
	assert_line "vmscope: no kernel headers in $BATS_TEST_TMPDIR/nothing: apt-get install linux-headers-$(uname -r)"
}

@test "without a library's headers the package is named" {
	stub pkg-config 'case $* in *json-c*) exit 1;; esac; exec /usr/bin/pkg-config "$@"'
	run with_stubs make -s -C userspace O="$BATS_TEST_TMPDIR/obj"
	assert_failure
	assert_output --partial "apt-get install libjson-c-dev"
}

@test "NO_INSTALL=1 says in one line what is missing, and installs nothing" {
	stub dpkg-query ':'
	stub apt-get 'echo called >&2; exit 99'
	NO_INSTALL=1 run with_stubs scripts/deps lint
	assert_equal "$status" 1
	assert_equal "${#lines[@]}" 1
	assert_output --partial shellcheck
	assert_output --partial sparse
}

@test "what is missing is installed by apt, and said in one line" {
	stub dpkg-query ':'
	stub apt-get "echo \"\$*\" >>$BATS_TEST_TMPDIR/asked"
	run with_stubs scripts/deps lint
	assert_success
	assert_equal "${#lines[@]}" 1
	assert_output --partial "deps: installing: "
	grep -q 'install.*shellcheck' "$BATS_TEST_TMPDIR/asked"
}

@test "nothing is said where nothing is missing" {
	run -0 scripts/deps lint
	assert_output ""
}
