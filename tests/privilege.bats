# SPDX-License-Identifier: GPL-2.0
#
# Who may ask: CAP_SYS_ADMIN of the initial user namespace, and nobody else.

load lib/guest

# denied STATUS COMMAND...: over both transports, one line, that status. The client
# is refused before it has asked: what refuses each request is the doors' test.
denied()
{
	local want=$1 way

	shift
	for way in netlink debugfs; do
		run --separate-stderr "$@" vmscope --transport "$way" walk "$BASHPID" 0x1000
		[[ $status -eq $want && -z $output && ${#stderr_lines[@]} -eq 1 &&
		   $stderr == "vmscope: "*": needs CAP_SYS_ADMIN in the initial user namespace" ]] ||
			fail "$way: status $status: $output$stderr"
	done
}

@test "not root" {
	denied 4 setpriv --reuid 65534 --regid 65534 --clear-groups
}

@test "root without CAP_SYS_ADMIN" {
	denied 4 setpriv --bounding-set -sys_admin --inh-caps -sys_admin
}

@test "CAP_NET_ADMIN alone is not enough" {
	denied 4 setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +net_admin --ambient-caps +net_admin
}

@test "root of a user namespace" {
	denied 4 unshare --user --map-root-user
}

@test "another network namespace: netlink says why, debugfs goes on" {
	run --separate-stderr unshare --net vmscope info
	assert_equal "$status" 4
	assert_equal "${#stderr_lines[@]}" 1
	[[ $stderr == *"initial network namespace"*debugfs* ]] || fail "$stderr"
	run -0 unshare --net vmscope --transport debugfs info
}

@test "a file opened by root does not serve an unprivileged user, nor the other way round" {
	# shellcheck disable=SC2016
	run setpriv --reuid 65534 --regid 65534 --clear-groups cat <"$DEBUGFS/info"
	assert_failure
	assert_output --partial "Operation not permitted"
}

@test "the files of debugfs are for root alone" {
	start sleep 1000
	echo "$STARTED" >"$DEBUGFS/attach"
	run -0 bash -c 'find "$1" -type f -printf "%U:%G %m %P\n" | sed "s:$2/:PID/:" | sort' - "$DEBUGFS" "$STARTED"
	echo "$STARTED" >"$DEBUGFS/detach"
	end "$STARTED"
	assert_output - <<-END
	0:0 200 attach
	0:0 200 detach
	0:0 400 info
	0:0 600 PID/maps
	0:0 600 PID/pages
	0:0 600 PID/pages.bin
	0:0 600 PID/swap
	0:0 600 PID/tables
	0:0 600 frame
	0:0 600 maps
	0:0 600 pages
	0:0 600 pages.bin
	0:0 600 swap
	0:0 600 tables
	0:0 600 walk
	END
}

# Sockets and open files that change hands: opener and user must both be allowed.
@test "a socket or a file handed on, to less and to more, serves neither" {
	start sleep 1000
	settle "$STARTED"
	run -0 python3 "$HELPERS/../../tests/helpers/doors.py" "$STARTED" \
		"$(vmscope maps "$STARTED" -o range --noheadings | sed 's/-.*//; q')"
	end "$STARTED"
	assert_output - <<-END
	socket of root, used by root: answered
	socket of nobody-with-sys-admin, used by nobody-with-sys-admin: answered
	socket of root, used by nobody: EPERM
	socket of nobody, used by root: EPERM
	socket of root, used by root-with-no-capability: EPERM
	socket of root-with-no-capability, used by root: EPERM
	dump begun by root, read by root: answered with pages
	dump begun by root, read by nobody: EPERM
	dumps begun by root and never read, the module has users: 1
	dumps begun by nobody and never read, the module has users: 0
	socket of nobody, written to by a setuid program: EPERM
	walk opened by nobody: EACCES
	pages opened by nobody: EACCES
	attach opened by nobody: EACCES
	walk opened by nobody-with-sys-admin: EACCES
	pages opened by nobody-with-sys-admin: EACCES
	attach opened by nobody-with-sys-admin: EACCES
	walk opened by root-with-dac-override: EPERM
	pages opened by root-with-dac-override: EPERM
	attach opened by root-with-dac-override: EPERM
	walk of root, asked by nobody: EPERM
	walk of root, read by nobody: EPERM
	walk of root, read by root: read
	pages.bin of root, asked by nobody: EPERM
	pages.bin of root, read by nobody: EPERM
	pages.bin of root, read by root: read
	maps of root, asked by nobody: EPERM
	maps of root, read by nobody: EPERM
	maps of root, read by root: read
	frame of root, asked by nobody: EPERM
	frame of root, read by nobody: EPERM
	frame of root, read by root: read
	attach of root, written to by nobody: EPERM
	END
}

# A setuid program is a target like any other: for root, and for nobody else.
@test "a setuid program as target" {
	local copy=/root/setuid-sleep

	cp /bin/sleep "$copy"
	chmod 4755 "$copy"
	chmod 755 /root
	start setpriv --reuid 65534 --regid 65534 --clear-groups "$copy" 1000
	settle "$STARTED"
	assert_equal "$(awk '/^Uid/ { print $2, $3 }' "/proc/$STARTED/status")" "65534 0"
	run -0 vmscope walk "$STARTED" '[stack]'
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups vmscope walk "$STARTED" '[stack]'
	end "$STARTED"
	assert_equal "$status" 4
}

@test "PIDs are those of the caller's PID namespace" {
	local way

	for way in netlink debugfs; do
		# shellcheck disable=SC2016
		run -0 unshare --pid --fork --mount-proc bash -c \
			'vmscope --transport '"$way"' --json walk $$ "[vdso]" | jq -r ".walk[0] | \"\(.pid) \(.state)\""'
		assert_output "1 present"
		# shellcheck disable=SC2016
		run -1 unshare --pid --fork --mount-proc vmscope --transport "$way" walk "$BASHPID" 0x1000
		assert_output "vmscope: PID $BASHPID: no such process"
	done
}

# In a container of three processes: owners are these alone, by its own numbers; the
# others, which map libc as well, are only counted. From outside all have a name.
@test "a container sees its own processes alone, in owners and groups, too" {
	local way

	for way in netlink debugfs; do
		# shellcheck disable=SC2016
		run -0 --separate-stderr unshare --pid --fork --mount-proc bash -c '
			sleep 1000 & sleep 1000 &
			until grep -q "^sleep" /proc/2/comm && grep -q "^sleep" /proc/3/comm &&
				grep -q "^State:.S" /proc/2/status &&
				grep -q "^State:.S" /proc/3/status; do :; done
			kill -STOP 2 3
			vmscope --transport '"$way"' --json frame --of 2:libc.so.6+0x28000 >/tmp/inside
			jq -r ".frame[0].owners[] | \"\(.pid) \(.comm)\"" /tmp/inside | sort -u | grep -v vmscope
			jq -r ".frame[0] | \"hidden \(.hidden > 0) complete \(.owners_complete)\"" /tmp/inside
			vmscope --transport '"$way"' --json shared --all >/tmp/all
			jq -r ".shared.processes | map(.comm) | sort | join(\" \")" /tmp/all'
		assert_output - <<-END
		1 bash
		2 sleep
		3 sleep
		hidden true complete false
		bash sleep sleep
		END
	done
}
