# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For scripts that run parts which print TAP: a log of all, and its sums. The script
# sets $log, the name of a file that start_log makes empty.
# shellcheck disable=SC2154 # log: there

seconds=()

start_log()
{
	mkdir -p "$(dirname "$log")" && : >"$log"
}

# part NAME COMMAND...: run it and keep what it printed.
part()
{
	local name=$1 start=$SECONDS status=0

	shift
	printf '\n# %s\n' "$name"
	echo "# part $name" >>"$log"
	"$@" 2>&1 | tee -a "$log" || status=$?
	echo "# status $status" >>"$log"
	seconds+=("$name $((SECONDS - start)) s")
}

# Sums of the log, and the first words of what failed. A part whose plan and results
# do not agree, or that failed with no test failed, counts as one failure more.
summary()
{
	awk '
		function close_part() {
			if (planned > seen || (status && !bad)) {
				print "# " name ": ended with status " status " after " seen " of " planned " tests"
				failed++
			}
		}
		/^# part / { show = 0; if (name) close_part(); name = $3; planned = seen = bad = status = 0 }
		/^# status / { status = $3 }
		/^1\.\.[0-9]+/ { planned += substr($1, 4) }
		/^#/ && show-- > 0 { print }
		/^ok / { show = 0; seen++; if (/# skip/) { skipped++; skips[skipped] = $0 } else passed++ }
		/^not ok / { show = 60; seen++; bad++; failed++; print }
		END {
			close_part()
			for (i = 1; i <= skipped; i++) print skips[i]
			printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
			exit failed > 0
		}' "$log"
}
