# SPDX-License-Identifier: GPL-2.0
#
# Who may ask: CAP_SYS_ADMIN of the initial user namespace, and nobody else.

load lib/guest

# denied STATUS COMMAND...: over both transports, one line, that status.
denied()
{
	local want=$1 way

	shift
	for way in netlink debugfs; do
		run --separate-stderr "$@" vmscope --transport "$way" walk "$BASHPID" 0x1000
		[[ $status -eq $want && -z $output && $stderr == "vmscope: "*": "* &&
		   ${#stderr_lines[@]} -eq 1 ]] ||
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
	run -0 find "$DEBUGFS" -type f -perm /077
	assert_output ""
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
