# SPDX-License-Identifier: GPL-2.0
#
# The course: every lab there is. Its grader accepts the solution and refuses the
# starter, with hints; its text keeps what it promises. LABS="01 07" tries those.

load lib/guest

# What make has built of them, outside of the guest, where it is fast.
export LAB_BUILT=$REPO/build/labs

# For all tests: the directories, one a line.
labs()
{
	local dir name

	for dir in "$REPO"/labs/[0-9][0-9]-*; do
		name=${dir##*/}
		[[ " ${LABS-${name%%-*}} " != *" ${name%%-*} "* ]] || echo "$dir"
	done
}

# graders SOLUTION: the TAP of all of them. It is a bats of its own, with nothing
# of this one in its environment; and one for all, since each takes seconds to start.
graders()
{
	local files

	mapfile -t files < <(labs | sed 's,$,/grade.bats,')
	env -i PATH="${PATH//"/usr/libexec/bats-core:"/}" TMPDIR="$BATS_TEST_TMPDIR" LC_ALL=C.UTF-8 SOLUTION="$1" LAB_BUILT="$LAB_BUILT" \
		bats --tap "${files[@]}" 2>&1 3>&- || true
}

# judge WANTED: what is wrong with the TAP of graders() when each lab's grader
# should say "ok" or "not ok".
judge()
{
	local files

	mapfile -t files < <(labs | sed 's,$,/grade.bats,')
	awk -v wanted="$1" '
		# A test fails because of the student, which takes a hint, not
		# because of itself.
		function end_test() {
			if (bad && !hint) print name ": fails without a hint" said
			else if (bad && wanted == "ok") print name ":" said
			if (broken) print name ": is broken:" said
			if (name) failed[lab[name]] += bad
			bad = hint = broken = 0
			said = ""
		}
		FILENAME != "-" {
			if (!/^@test "/) next
			split($0, part, "\"")
			n = split(FILENAME, dir, "/")
			if (lab[part[2]]) print "two tests: " part[2]
			lab[part[2]] = dir[n - 1]
			failed[dir[n - 1]] = 0
			left++
			next
		}
		/^(not )?ok / {
			end_test()
			bad = /^not/
			name = $0
			sub(/^(not )?ok [0-9]+ /, "", name)
			if (!lab[name]) print "no such test: " name
			left--
			next
		}
		/^1\.\./ { next }
		{ said = said "\n  " $0 }
		/^# *hint: / { hint = 1 }
		/command not found|syntax error|unbound variable|jq: |parse error/ { broken = 1 }
		END {
			end_test()
			if (left) print left " tests did not run"
			for (one in failed)
				if (wanted != "ok" && !failed[one])
					print one ": the starter is accepted"
		}' "${files[@]}" -
}

# What labs/README.md says is tested where, is.
@test "the table of the course names tests that there are" {
	local files

	mapfile -t files < <(labs | sed 's,$,/grade.bats,')
	run awk -v some="${LABS+1}" '
		FILENAME ~ /grade\.bats$/ {
			n = split(FILENAME, dir, "/")
			there[dir[n - 1]] = 1
			if (/^@test "/) { split($0, part, "\""); test[dir[n - 1], part[2]] = 1 }
			next
		}
		/^\| [SM][0-9]+ \|/ {
			split($0, column, / *\| */)
			ids += !seen[column[2]]++
			# Other labs than those of LABS are not looked at.
			if (!there[column[4]]) { elsewhere = elsewhere " " column[4]; next }
			if (!test[column[4], column[5]])
				print column[2] ": labs/" column[4] "/grade.bats has no test: " column[5]
			delete test[column[4], column[5]]
		}
		END {
			if (ids != 31) print "the table has " ids + 0 " of S1 to S22 and M1 to M9"
			if (elsewhere && !some) print "no such lab:" elsewhere
			for (key in test) {
				sub(SUBSEP, ": not in the table: ", key)
				print key
			}
		}' "${files[@]}" "$REPO/labs/README.md"
	assert_output ''
}

@test "each lab's grader accepts the solution" {
	local wrong

	wrong=$(graders 1 | judge ok)
	[[ -z $wrong ]] || fail "$wrong"
}

@test "each lab's grader refuses the starter, with hints" {
	local wrong

	wrong=$(graders '' | judge "not ok")
	[[ -z $wrong ]] || fail "$wrong"
}

@test "each lab's text keeps what it promises" {
	local dir said wrong='' started

	for dir in $(labs); do
		started=$SECONDS
		said=$("$REPO/scripts/lab" text "$dir" 2>&1 3>&-) || wrong+=$said$'\n'
		echo "# text of ${dir##*/}: $((SECONDS - started)) s" >&3
	done
	[[ -n ${started-} ]] || fail "no labs"
	[[ -z $wrong ]] || fail "$wrong"
}
