# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# For the graders: `load ../lib/grade`. A grader works on a copy, so it leaves
# nothing behind in the student's directory.
#
#	build_lab			in setup_file
#	launch NAME COMMAND...		start it; its process is ${PID[NAME]}
#	expect NAME REGEX		wait for a line; groups are in BASH_REMATCH
#	go_on NAME			what `kill -CONT` is in the text
#	hint TEXT COMMAND...		COMMAND has to hold; if not, TEXT says what to
#					think about
#	teach TEXT			fail with that
#
# Programs that are still there at the end of a test are ended.

bats_require_minimum_version 1.5.0
load ../../tests/lib/vmscope

# bats calls these unless the grader has its own, which call them then.
setup_file()
{
	build_lab
}

setup()
{
	start_test
}

teardown()
{
	end_programs
}

# Compile what is to be graded. SOLUTION=1: the reference solution. What is in
# LAB_BUILT (see scripts/lab) is compiled again only if it is older than the source.
build_lab()
{
	local copy=$BATS_FILE_TMPDIR/labs name=${BATS_TEST_DIRNAME##*/} built

	export LAB=$copy/$name
	mkdir "$copy"
	cp -a "$BATS_TEST_DIRNAME/../lib" "$BATS_TEST_DIRNAME/../models" "$BATS_TEST_DIRNAME" "$copy"
	# What is there may have been built from something else.
	make -s -C "$LAB" clean
	built=${LAB_BUILT-}/$([[ -n ${SOLUTION-} ]] && echo solution || echo starter)/$name
	[[ -z ${LAB_BUILT-} || ! -d $built ]] || cp -an "$built/." "$LAB"
	make -s -C "$LAB" SOLUTION="${SOLUTION-}" >"$BATS_FILE_TMPDIR/build" 2>&1 ||
		teach "It does not compile:
$(<"$BATS_FILE_TMPDIR/build")"
}

start_test()
{
	declare -gA PID=()
	cd "$LAB" || return
}

# teach TEXT [LINE...]: the test fails, and the student is told.
teach()
{
	printf '\nhint: %s\n' "${1//$'\n'/$'\n      '}" >&2
	[[ $# -lt 2 ]] || printf '%s\n' "${@:2}" >&2
	return 1
}

# hint TEXT COMMAND...: what COMMAND says when it fails comes after the hint.
#
# In a subshell without the DEBUG trap, as other work here: bats notes by it where a
# test is, at each single command, which takes longer than most commands.
hint()
{
	local said

	said=$(trap - DEBUG; "${@:2}" 2>&1) || teach "$1" "${said:-false: ${*:2}}"
}

# launch NAME COMMAND...
launch()
{
	"${@:2}" </dev/null >"$BATS_TEST_TMPDIR/$1.out" 2>&1 3>&- &
	PID[$1]=$!
	eval "$1=$!"
}

# What NAME has printed so far.
output_of()
{
	cat "$BATS_TEST_TMPDIR/$1.out"
}

# expect NAME REGEX [HINT]: a line that NAME prints now or within 60 seconds, or
# it fails: at once, if the program has ended without it, or waits to be told to go on.
expect()
{
	local line

	if ! line=$(trap - DEBUG; wait_for_line "${PID[$1]}" "$2" "$BATS_TEST_TMPDIR/$1.out"); then
		teach "${3-The program should have printed a line like this: $2}" \
			"It $(kill -0 "${PID[$1]}" 2>/dev/null || echo 'has ended, and ')printed:" \
			"$(output_of "$1")"
		return
	fi
	[[ $line =~ $2 ]]
}

# at_rest PID: it waits for `kill -CONT`, and nobody else could print for it. 128 is
# rt_sigtimedwait; who has got the signal counts as running from then on.
at_rest()
{
	local threads=("/proc/$1/task"/*) syscall children

	[[ ${#threads[@]} -eq 1 ]] || return
	{
		read -r syscall _ <"/proc/$1/syscall"
		read -r children <"/proc/$1/task/$1/children"
	} 2>/dev/null
	[[ $syscall == 128 && ! $children ]]
}

# wait_for_line PID REGEX FILE: prints it, or fails.
wait_for_line()
{
	local deadline=$((SECONDS + 60)) last line

	while :; do
		# Asked for first: what it printed last is read after its end.
		last=0
		kill -0 "$1" 2>/dev/null && ! at_rest "$1" || last=1
		while IFS= read -r line; do
			[[ ! $line =~ $2 ]] || { echo "$line"; return; }
		done <"$3"
		((!last && SECONDS < deadline)) || return
		sleep 0.05
	done
}

# go_on NAME
go_on()
{
	kill -CONT "${PID[$1]}" 2>/dev/null ||
		teach "The program should still be waiting, but it has ended." "$(output_of "$1")"
}

end_programs()
{
	[[ ${#PID[@]} -gt 0 ]] || return 0
	kill -KILL "${PID[@]}" 2>/dev/null
	wait "${PID[@]}" 2>/dev/null
	return 0
}

# walk_field PID ADDR COLUMN: as vmscope prints it without headings; "-": none.
walk_field()
{
	vmscope --noheadings walk "$1" "$2" -o "$3"
}

# vma_field PID ADDR KEY: of the mapping: start, end, perms, file, name; "-": none.
vma_field()
{
	local vma

	vma=$(walk_field "$1" "$2" vma)
	if [[ ,$vma =~ ,$3=([^,]*) ]]; then
		echo "${BASH_REMATCH[1]}"
	else
		echo -
	fi
}
