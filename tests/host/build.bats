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

# files: those below $1, sorted, as if it were /.
files()
{
	(cd "$1" && find . -type f -printf '/%P\n' | sort)
}

# As a packager does it, from a copy without what was built here.
@test "make install puts four files below DESTDIR, and uninstall takes these alone" {
	local headers release root=$BATS_TEST_TMPDIR/root copy=$BATS_TEST_TMPDIR/copy args modules

	scripts/kernels fetch 6.1 >/dev/null
	headers=$(scripts/kernels path 6.1 headers)
	release=$(scripts/kernels path 6.1 release)
	modules=/lib/modules/$release/extra
	mkdir "$copy"
	git ls-files -co --exclude-standard -- Makefile Kbuild module userspace scripts/gdb tests/lib |
		tar -cf - -T - | tar -C "$copy" -xf -
	args=(DESTDIR="$root" KDIR="$headers" CONFIG_DEBUG_INFO_BTF_MODULES= CONFIG_MODULE_SIG_ALL=)
	mkdir -p "$root$modules" "$root/usr/local/share/vmscope" "$root/usr/bin"
	touch "$root"{"$modules/other.ko",/usr/local/share/vmscope/mine,/usr/bin/vmscope}

	run -0 make -s -C "$copy" install "${args[@]}"
	run -0 files "$root"
	assert_output - <<-FILES
	$modules/other.ko
	$modules/vmscope.ko
	/usr/bin/vmscope
	/usr/local/bin/vmscope
	/usr/local/lib/vmscope/vmscope.bash
	/usr/local/share/vmscope/mine
	/usr/local/share/vmscope/vmscope.py
	FILES
	run -0 /usr/sbin/modinfo -F vermagic "$root$modules/vmscope.ko"
	assert_output --regexp "^$release "
	run -0 "$root/usr/local/bin/vmscope" --version
	run -0 stat -c %a "$root"/usr/local/{bin/vmscope,lib/vmscope/vmscope.bash,share/vmscope/vmscope.py}
	assert_output $'755\n644\n644'

	# Elsewhere, beside the one that is there.
	run -0 make -s -C "$copy" install prefix=/opt/v "${args[@]}"
	run -0 files "$root/opt"
	assert_output $'/v/bin/vmscope\n/v/lib/vmscope/vmscope.bash\n/v/share/vmscope/vmscope.py'
	run -0 make -s -C "$copy" uninstall prefix=/opt/v "${args[@]}"
	run -0 files "$root/opt"
	assert_output ""
	assert [ -e "$root/usr/local/bin/vmscope" ]

	run -0 make -s -C "$copy" uninstall "${args[@]}"
	run -0 files "$root"
	assert_output - <<-FILES
	$modules/other.ko
	/usr/bin/vmscope
	/usr/local/share/vmscope/mine
	FILES
}
