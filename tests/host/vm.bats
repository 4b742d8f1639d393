#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# scripts/vm, tested from outside: these run on the host and start guests.
# A start takes seconds, so each test looks at as much as one guest can show.
# Most guests get no5lvl, which starts twice as fast.

# shellcheck disable=SC2016 # programs for the guest to expand
# shellcheck disable=SC2154 # stderr: set by run

bats_require_minimum_version 1.5.0

setup_file()
{
	load_libraries
	REPO=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
	# A repository of its own: the one under test may hold no module, or one
	# that behaves.
	FIXTURE=$BATS_FILE_TMPDIR/repo
	export REPO FIXTURE
	make_fixture
	"$REPO/scripts/kernels" fetch 6.1 >/dev/null
}

teardown_file()
{
	local cache=${VMSCOPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vmscope}

	# The build of the fixture, which nobody will ask for again.
	rm -rf "$cache/build/${FIXTURE//[^A-Za-z0-9._-]/+}"
}

setup()
{
	load_libraries
	cd "$BATS_TEST_TMPDIR" || return
	# What a run makes with a name is made here.
	mkdir tmp out
	export TMPDIR=$PWD/tmp
}

load_libraries()
{
	load /usr/lib/bats/bats-support/load.bash
	load /usr/lib/bats/bats-assert/load.bash
}

# A copy of the harness, with a module that misbehaves when told to.
make_fixture()
{
	mkdir -p "$FIXTURE/module"
	cp -R "$REPO/scripts" "$FIXTURE/scripts"
	printf 'obj-m := vmscope.o\nvmscope-y := module/main.o\n' >"$FIXTURE/Kbuild"
	cat >"$FIXTURE/module/main.c" <<-'C'
	// SPDX-License-Identifier: GPL-2.0
	#include <linux/debugfs.h>
	#include <linux/module.h>

	static int misbehave(const char *how, const struct kernel_param *param)
	{
		if (sysfs_streq(how, "hold"))
			__module_get(THIS_MODULE);
		WARN_ON(sysfs_streq(how, "warn"));
		return 0;
	}

	static const struct kernel_param_ops ops = { .set = misbehave };
	module_param_cb(misbehave, &ops, NULL, 0200);
	MODULE_LICENSE("GPL");
	MODULE_DESCRIPTION("test of the harness");

	static const struct file_operations held_ops = { .owner = THIS_MODULE, .open = simple_open };
	static struct dentry *held;

	static int __init start(void)
	{
		held = debugfs_create_file("vmscope-held", 0400, NULL, NULL, &held_ops);
		return 0;
	}

	static void __exit end(void)
	{
		debugfs_remove(held);
	}
	module_init(start);
	module_exit(end);
	C
}

vm()
{
	"$REPO/scripts/vm" "$@"
}

quick()
{
	"$REPO/scripts/vm" run --no-module --append no5lvl "$@"
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || return
		sleep 0.1
	done
}

# nothing_left MARK: no guest with this on its kernel's command line, no file.
nothing_left()
{
	! pgrep -f "qemu.*$1" >/dev/null &&
		[[ -z $(ls -A tmp) ]] && ! compgen -G '/dev/shm/vm.??????' >/dev/null
}

@test "vm: wrong usage has status 2 and says what is wrong" {
	while IFS='|' read -r message args; do
		# shellcheck disable=SC2086 # args are words
		run -2 --separate-stderr vm $args </dev/null
		assert_equal "$output" ""
		[[ $stderr == *"$message"* ]] ||
			fail "$args: expected '$message', got '$stderr'"
	done <<-'TABLE'
	usage: scripts/vm|
	no such command: walk|walk
	run: no command|run
	run: no command|run --no-module --
	shell: takes no command|shell -- true
	shell: not a terminal|shell --no-module
	unknown option: --fast|run --fast -- true
	unknown option: true|run true
	--kernel needs a value|run --kernel
	no such kernel: 0.1 (known: 6.1 |run --kernel 0.1 -- true
	--cpus: not a number: two|run --cpus two -- true
	--timeout: not a number: -1|run --timeout -1 -- true
	TABLE

	VM_OUT=/nowhere run -2 --separate-stderr vm run -- true
	[[ $stderr == "vm: VM_OUT: no such directory: /nowhere"* ]]
	VMSCOPE_CACHE=here run -2 --separate-stderr vm run -- true
	[[ $stderr == "kernels: VMSCOPE_CACHE: not an absolute path: here"* ]]

	run -0 vm --help
	run -0 vm kernels
	assert_line 6.1
}

@test "vm run: what COMMAND finds, and what it may do" {
	local file=$REPO/vm-test.$$ cache=${VMSCOPE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vmscope}

	# Here all is beneath /tmp, and the guest's is another one.
	mkdir -p tmp/cache/kernels
	cp -al "$cache/kernels/6.1" tmp/cache/kernels/ ||
		cp -a "$cache/kernels/6.1" tmp/cache/kernels/
	# Not one inode: when it was looked for a newer one is noted there.
	cp -a --remove-destination "$cache/kernels/6.1/checked" tmp/cache/kernels/6.1/
	[[ ! -e $cache/kvm ]] || cp -a "$cache/kvm" tmp/cache/
	VMSCOPE_CACHE=$PWD/tmp/cache VM_OUT=out run -7 --separate-stderr vm run --no-module --mem 1G -- bash -c '
		say() { printf "%s\n" "$*"; }
		say "cwd $PWD"
		say "args $1 $2"
		say "stdin $(wc -c)"
		say "path ${PATH%%:*}"
		say "home $HOME host $(hostname) lang $LANG"
		say "cpus $(nproc) levels $(grep -c -m 1 la57 /proc/cpuinfo)"
		say "fd $(cat <(echo works))"
		say "reopened" >/dev/stdout
		say "lo $(ip -o link show lo | grep -c LOWER_UP)"
		say "cache $(ls "$4/kernels")"
		say "swap $(modprobe zram && ls /dev/zram0)"
		say "mounts $(stat -f -c %T / /tmp /run /dev/shm /sys/fs/cgroup \
			/sys/kernel/debug | xargs)"
		say "oom $(cat /proc/self/oom_score_adj)"
		say "vmscope test: BUG: not a report" >/dev/kmsg
		touch "$3" /etc/vm-test && say "wrote"
		say "result" >"$VM_OUT/file"
		sleep 1000 &
		exit 7
	' sh "a  b" "it's" "$file" "$PWD/tmp/cache"

	assert_equal "${stderr#vm: the guest died before its init: once more}" ""
	assert_output - <<-OUTPUT
	cwd $REPO
	args a  b it's
	stdin 0
	path $REPO/userspace
	home /root host vmscope lang $LANG
	cpus 2 levels 1
	fd works
	reopened
	lo 1
	cache 6.1
	swap /dev/zram0
	mounts overlayfs tmpfs tmpfs tmpfs cgroup2fs debugfs
	oom 0
	wrote
	OUTPUT
	assert_equal "$(<out/file)" "result"
	[[ ! -e $file && ! -e /etc/vm-test ]]
}

@test "vm run: output is byte for byte, in two streams; a signal is 128+n" {
	local status=0 program='
		$| = 1;
		binmode STDOUT;
		print pack("C*", 0..255) x 20000, "no newline";
		print STDERR "err\0", "\r\n" x 3;
		kill 9, $$ if @ARGV'

	perl -e "$program" >want.out 2>want.err
	quick -- perl -e "$program" die >have.out 2>have.err || status=$?
	assert_equal "$status" 137
	cmp want.out have.out
	cmp want.err have.err
}

@test "vm run: output streams, the host's files of VM_OUT arrive, guests run side by side" {
	local other line status=0

	quick -- sh -c 'sleep 1; echo other; exit 3' >other &
	other=$!

	# The guest waits for an answer to what it says: a harness that keeps
	# output until the end never comes to its end.
	exec {from}< <(VM_OUT=out quick --timeout 200 -- sh -c '
		printf question
		until [ -e "$VM_OUT/answer" ]; do sleep 0.1; done
		cat "$VM_OUT/answer"' 2>&1)
	read -r -N 8 -t 200 -u "$from" line
	assert_equal "$line" "question"
	echo 42 >out/answer
	read -r -t 200 -u "$from" line
	assert_equal "$line" "42"

	wait "$other" || status=$?
	assert_equal "$status" 3
	assert_equal "$(<other)" "other"
}

@test "vm run: a reader that goes away ends the guest" {
	run -141 bash -o pipefail -c '"$1" run --no-module --append no5lvl -- yes | head -n 1' \
		sh "$REPO/scripts/vm"
	assert_output y
}

@test "vm run: a bug that the kernel reports is 125" {
	run -125 --separate-stderr quick -- sh -c '
		echo before
		echo "BUG: KASAN: in disguise" >/dev/kmsg
		exit 3'
	assert_equal "$output" "before"
	[[ $stderr == *"] BUG: KASAN: in disguise"*"vm: the guest failed: kernel report" ]]
}

@test "vm run: a panic is 125, with what the command had said" {
	run -125 --separate-stderr quick -- sh -c '
		echo before
		sleep 4
		echo c >/proc/sysrq-trigger'
	assert_equal "$output" "before"
	[[ $stderr == *"Kernel panic - not syncing: sysrq"*"vm: the guest failed: kernel report, and it died" ]]
}

@test "vm run: no end in time is 125, and so is a guest that is switched off" {
	run -125 --separate-stderr quick --timeout 6 -- sleep 100
	[[ $stderr == *"vm: the guest failed: no end after 6 seconds" ]]

	run -125 --separate-stderr quick -- sh -c 'sync; echo o >/proc/sysrq-trigger; sleep 100'
	[[ $stderr == *"vm: the guest failed: it died" ]]
}

@test "vm run: a guest that dies before its init is started once more" {
	run -125 --separate-stderr quick --append "no5lvl rdinit=/none" -- true
	[[ $stderr == *"vm: the guest died before its init: once more"*"not syncing"* ]]
}

@test "vm run: the module is built, loaded, unloaded, and its warnings count" {
	run -125 --separate-stderr "$FIXTURE/scripts/vm" run --append no5lvl -- sh -c '
		grep -c "^vmscope " /proc/modules
		echo warn >/sys/module/vmscope/parameters/misbehave'
	assert_equal "$output" "1"
	[[ $stderr == *"WARNING: "*"misbehave"*"vm: the guest failed: kernel report" ]]

	run -125 --separate-stderr "$FIXTURE/scripts/vm" run --append no5lvl -- sh -c '
		echo hold >/sys/module/vmscope/parameters/misbehave'
	[[ $stderr == *"vm: the guest failed: module still in use: "* ]]

	# Held open by a process that the command left, which is not the module's fault.
	run -0 --separate-stderr "$FIXTURE/scripts/vm" run --append no5lvl -- sh -c '
		sleep 1000 </sys/kernel/debug/vmscope-held & exit 0'
	assert_equal "${stderr#vm: the guest died before its init: once more}" ""
}

@test "vm: nothing is left of a guest when its runner is killed" {
	local signal want status mark runner

	for signal in KILL:137 TERM:143; do
		want=${signal#*:} signal=${signal%:*} mark=mark$BASHPID${signal%:*} status=0
		: >said
		"$REPO/scripts/vm" run --no-module --append "no5lvl $mark" -- \
			sh -c 'echo up; touch "$VM_OUT/file"; sleep 100' >said 2>&1 &
		runner=$!
		wait_for 200 grep -q up said
		pgrep -f "qemu.*$mark" >/dev/null
		[[ -n $(ls -A tmp) ]]

		kill -s "$signal" "$runner"
		# The shell would report the signal.
		wait "$runner" 2>/dev/null || status=$?
		assert_equal "$status" "$want"
		wait_for 60 nothing_left "$mark"
	done
}

@test "vm shell: a terminal of the right size, with job control" {
	run python3 - "$FIXTURE/scripts/vm" <<-'PYTHON'
	import fcntl, os, pty, re, select, struct, sys, termios, time

	def size(rows, columns):
	    fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

	def until(pattern, again="", pause=200):
	    """Read until the pattern comes; where again is given, type it at each pause."""
	    seen, end = "", time.time() + 200
	    while not re.search(pattern, seen):
	        if time.time() > end:
	            sys.exit(f"waited for {pattern!r}, got {seen!r}")
	        if select.select([tty], [], [], pause)[0]:
	            seen += os.read(tty, 4096).decode()
	        else:
	            type(again)

	def type(text):
	    os.write(tty, text.encode())

	child, tty = pty.fork()
	if child == 0:
	    time.sleep(0.2)
	    os.execv(sys.argv[1], [sys.argv[1], "shell", "--append", "no5lvl", "--timeout", "600"])
	size(33, 101)
	until(r"vm: exit or Ctrl-D ends the guest")
	until(r"vmscope:.*# ")
	type("stty size; grep -c '^vmscope ' /proc/modules; jobs -x echo $-\r")
	until(r"33 101\r\n1\r\n\S*m\S*\r\n")
	# One process that says when it runs: the terminal is its own then. A shell in a
	# loop can wait for the child it shares memory with, stopped before it ran a
	# program, and is not seen to stop.
	type("perl -e '$| = 1; $SIG{CONT} = sub { print \"again\\n\" }; print \"go\\n\"; sleep 1 while 1'\r")
	until(r"[\r\n]go\r\n")
	type("\x1a")
	until(r"Stopped[^\n]*\n.*# ")
	type("fg\r")
	until(r"\nagain\r\n")
	type("\x03")
	until(r"\^C\r\n.*# ")
	size(44, 88)
	type("stty size\r")
	until(r"44 88\r\n.*# ", again="stty size\r", pause=2)
	type("\x04")
	status = os.waitpid(child, 0)[1]
	echo = termios.tcgetattr(tty)[3] & termios.ECHO
	print("status", os.waitstatus_to_exitcode(status), "echo", bool(echo))
	PYTHON
	assert_output "status 0 echo True"
}
