# SPDX-License-Identifier: GPL-2.0
#
# scripts/lab, as a student meets it: on the host, with a terminal.

# shellcheck disable=SC2154 # stderr: set by run

bats_require_minimum_version 1.5.0

setup()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
	REPO=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
}

teardown()
{
	local cache=${VMSCOPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vmscope}
	local clone=$BATS_TEST_TMPDIR/clone

	# The build of the clone, which nobody will ask for again.
	rm -rf "$cache/build/${clone//[^A-Za-z0-9._-]/+}"
}

@test "lab: every directory is listed, in order, with what it shows" {
	run -0 "$REPO/scripts/lab" list
	for dir in "$REPO"/labs/[0-9][0-9]-*; do
		assert_line --regexp "^${dir##*/} +[^ ]"
	done
	run -2 "$REPO/scripts/lab" check
	assert_output "lab: which lab? (scripts/lab list)"
	run -2 "$REPO/scripts/lab" shell 99
	assert_output "lab: no such lab: 99 (scripts/lab list)"
	run -2 "$REPO/scripts/lab" frobnicate
	assert_output --partial "no such command: frobnicate"
}

# In a clone, where a lab can be changed. Its module is the one that was built.
@test "lab: what is changed in the guest stays, and is graded" {
	local clone=$BATS_TEST_TMPDIR/clone status=0

	mkdir "$clone"
	cp -r "$REPO"/{.gitignore,Kbuild,Makefile,labs,module,scripts,tests,userspace} "$clone"
	git -C "$clone" init -q
	git -C "$clone" add -A

	# make's own status for a recipe that failed.
	run -2 make -s -C "$clone" lab-check N=02
	assert_line --partial "not ok 1 S1"
	assert_line --partial "hint: views private 7 has to map the page (TODO 1)."

	run -0 --separate-stderr python3 - "$clone" <<-'PYTHON'
	import os, pty, re, select, sys, time

	def until(pattern):
	    """Read until the pattern; return what it matched."""
	    seen, end = "", time.time() + 300
	    while not re.search(pattern, seen):
	        if not select.select([tty], [], [], max(0, end - time.time()))[0]:
	            sys.exit(f"waited for {pattern!r} in {seen!r}")
	        seen += os.read(tty, 4096).decode()
	    return re.search(pattern, seen)

	def type(text):
	    os.write(tty, text.encode() + b"\r")

	child, tty = pty.fork()
	if child == 0:
	    os.execvp("make", ["make", "-C", sys.argv[1], "lab", "N=02"])
	until(r"vm: exit or Ctrl-D ends the guest")
	until(r"labs/02-views# ")
	type("for c in vmscope gcc gdb readelf nano; do command -v $c || echo no $c; done; echo e''nd")
	print(len(re.findall(r"/(?:vmscope|gcc|gdb|readelf|nano)\r\n", until(r"[^']*\nend").group(0))))
	type("cp solution/views.c . && make && echo ma''de $?")
	until(r"made 0")
	type("./views private 5 & sleep 1; vmscope walk $! 0x1000 -o state")
	until(r"holds 5\r\n(.*\r\n)*STATE\r\npresent")
	type("exit")
	print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
	PYTHON
	assert_output "5"$'\n'"status 0"
	cmp "$clone/labs/02-views/views.c" "$clone/labs/02-views/solution/views.c"
	# What was built there is nothing that git would want.
	[[ -x $clone/labs/02-views/views ]]
	run -0 git -C "$clone" ls-files --others --exclude-standard
	assert_output ''

	run -0 make -s -C "$clone" lab-check N=views
	assert_line --partial "ok 2 S2"
}
