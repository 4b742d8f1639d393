# SPDX-License-Identifier: GPL-2.0
#
# Coming and going: of the module, of directories, of the process looked at.

load lib/guest
load lib/wait

@test "attach twice, detach of what is not attached, too many" {
	local i pids=()

	start sleep 1000
	echo "$STARTED" >"$DEBUGFS/attach"
	run bash -c "echo $STARTED >$DEBUGFS/attach"
	assert_failure
	assert_output --partial "File exists"
	echo "$STARTED" >"$DEBUGFS/detach"
	run bash -c "echo $STARTED >$DEBUGFS/detach"
	assert_failure
	assert_output --partial "No such file or directory"
	for bad in 2:"not supported" 4194304:"No such process" 0:"No such process" -1:"No such process" x:"Invalid" "1 2":"Invalid"; do
		run bash -c "echo ${bad%%:*} >$DEBUGFS/attach"
		assert_failure
		assert_output --partial "${bad#*:}"
	done
	end "$STARTED"

	for ((i = 0; i < 65; i++)); do
		start sleep 1000
		pids+=("$STARTED")
	done
	for ((i = 0; i < 64; i++)); do
		echo "${pids[i]}" >"$DEBUGFS/attach"
	done
	run bash -c "echo ${pids[64]} >$DEBUGFS/attach"
	assert_failure
	assert_output --partial "Too many users"
	# One that is gone makes room.
	end "${pids[0]}"
	echo "${pids[64]}" >"$DEBUGFS/attach"
	[[ ! -e $DEBUGFS/${pids[0]} && -d $DEBUGFS/${pids[64]} ]]
	for ((i = 1; i < 65; i++)); do
		echo "${pids[i]}" >"$DEBUGFS/detach"
	done
	end "${pids[@]:1}"
}

@test "an attached process's number does not lead to the next one that has it" {
	local pid

	start sleep 1000
	pid=$STARTED
	echo "$pid" >"$DEBUGFS/attach"
	end "$pid"
	run cat "$DEBUGFS/$pid/maps"
	assert_failure
	assert_output --partial "No such process"
	# Take the number again.
	echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
	start sleep 1000
	[[ $STARTED -eq $pid ]] || skip "the kernel did not give number $pid again"
	run cat "$DEBUGFS/$pid/maps"
	assert_failure
	assert_output --partial "No such process"
	# It can be attached itself; the old directory gives way.
	echo "$pid" >"$DEBUGFS/attach"
	run -0 cat "$DEBUGFS/$pid/maps"
	echo "$pid" >"$DEBUGFS/detach"
	end "$pid"
}

@test "the module stays while a file is open or a dump in flight, and goes after" {
	local fd

	start sleep 1000
	exec {fd}<"$DEBUGFS/info"
	run rmmod vmscope
	assert_failure
	exec {fd}<&-
	# The client stops reading in the middle of a dump.
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	vmscope pages "$$" --each >"$BATS_TEST_TMPDIR/pipe" 3>&- &
	exec {fd}<"$BATS_TEST_TMPDIR/pipe"
	read -r -u "$fd" _
	kill -STOP $!
	run rmmod vmscope
	kill -KILL $!
	exec {fd}<&-
	wait $! || true
	echo "$STARTED" >"$DEBUGFS/attach"
	rmmod vmscope
	[[ ! -e $DEBUGFS && ! -e /sys/module/vmscope ]]
	insmod "$MODULE"
	[[ ! -e $DEBUGFS/$STARTED ]]
	run -0 vmscope walk "$STARTED" '[stack]'
	end "$STARTED"
}

# Asks each of the files about a process, again and again, as fast as it can; told
# to end, prints how many answers it got.
ask='
my ($dir, $pid, $once) = @ARGV;
my %say = (walk => "$pid 0x1000", frame => "4096");
my $n = 0;
$SIG{TERM} = sub { print "$n\n"; exit };
for (;;) {
	for my $file (qw(info walk frame attach maps pages pages.bin swap tables detach)) {
		my $f;
		open $f, "+<", "$dir/$file" or open $f, "<", "$dir/$file" or next;
		$n++ if ($file eq "info" or syswrite $f, $say{$file} // $pid) and
			sysread $f, my $answer, 65536;
		# Perl keeps one that it could not write to.
		close $f;
	}
	open my $f, ">", $once if $n;
	select undef, undef, undef, 0.3;	# or it never could be unloaded
}'

# Unloads and loads it so many times, whenever nobody has it open.
come_and_go='
my ($file, $times) = @ARGV;
my ($name, $nothing) = ("vmscope", "");
for my $i (1..$times) {
	until (syscall(176, $name, 0x800) == 0) {	# delete_module(), O_NONBLOCK
		die "unload $i: $!\n" unless $!{EAGAIN};
		select undef, undef, undef, 0.005;
	}
	open my $module, "<", $file or die "$file: $!\n";
	syscall(313, fileno $module, $nothing, 0) == 0 or die "load $i: $!\n";	# finit_module()
}'

# client_loop NAME ARG...: the client, again and again until it is killed. Files:
# NAME.said, what it complained about; NAME.once, that it was content; NAME.count,
# how often.
client_loop()
{
	local name=$1 n=0

	shift
	trap 'echo $n >"$name.count"; exit' TERM
	while :; do
		! vmscope "$@" >/dev/null 2>>"$name.said" || echo $((++n)) >"$name.once"
		sleep 0.2
	done
}

every_loop_once()
{
	[[ $(find "$1" -name '*.once' | wc -l) -eq 4 ]]
}

@test "loaded and unloaded while everything is in use" {
	local out=$BATS_TEST_TMPDIR loops=() way

	start sleep 1000
	perl -e "$ask" "$DEBUGFS" "$STARTED" "$out/ask.once" >"$out/ask.count" 3>&- &
	loops+=($!)
	for way in "netlink maps $STARTED" "debugfs walk $STARTED 0x1000" "netlink frame 4096"; do
		# shellcheck disable=SC2086 # words
		client_loop "$out/${way// /-}" --transport $way 3>&- &
		loops+=($!)
	done
	# Not before each of them has had its say.
	until_true every_loop_once "$out"
	run -0 perl -MErrno -e "$come_and_go" "$MODULE" "${LOADS-10}"
	kill -TERM "${loops[@]}"
	wait "${loops[@]}" || true
	end "$STARTED"
	echo "# answers: $(cat "$out"/*.count | xargs)" >&3
	run grep -Lx '[1-9][0-9]*' "$out"/*.count
	assert_output ""
	# Whoever came when it was not there was told.
	run grep -hvE '^vmscope: (netlink|debugfs): module vmscope is not loaded' "$out"/*.said
	assert_output ""
	run -0 vmscope info
}

# A process of 1500 mappings, with a page each, in swap: to list the mappings, the
# pages, or what is in swap, takes several parts. At a line from $1 it calls exec.
start_many()
{
	rm -f "$BATS_TEST_TMPDIR/many"
	python3 -c '
import mmap, os, sys
many = []
for i in range(1500):
	# Neighbours that differ stay two mappings.
	m = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 3 if i % 2 else 7)
	m[0] = 1
	m.madvise(21)	# MADV_PAGEOUT
	many.append(m)
print("ready", flush=True)
sys.stdin.readline()
os.execlp("sleep", "sleep", "1000")' <"$1" >"$BATS_TEST_TMPDIR/many" 3>&- &
	MANY=$!
	until_true grep -q ready "$BATS_TEST_TMPDIR/many"
}

# While all that comes in parts is on its way the process does $2. Each command must
# fail, and say why.
dies_midway()
{
	local way=$1 what=$2 in=$BATS_TEST_TMPDIR/in command dir fd status wrong=''
	local -A clients

	rm -f "$in"
	mkfifo "$in"
	exec {fd}<>"$in"
	start_many "$in"
	for command in maps pages swap; do
		dir=$BATS_TEST_TMPDIR/$command
		mkdir -p "$dir"
		BATS_TEST_TMPDIR=$dir hold --transport "$way" "$command" "$MANY"
		clients[$command]=$CLIENT
	done
	case $what in
	exit) kill -KILL "$MANY"; wait "$MANY" 2>/dev/null || true ;;
	exec) echo >&"$fd"; until_true grep -q sleep "/proc/$MANY/comm" ;;
	esac
	kill -CONT "${clients[@]}"
	for command in maps pages swap; do
		status=0
		wait "${clients[$command]}" || status=$?
		[[ "$status $(<"$BATS_TEST_TMPDIR/$command/said")" == \
		   "1 vmscope: PID $MANY: the process exited or called exec meanwhile" ]] ||
			wrong+="$what $way $command: status $status: $(<"$BATS_TEST_TMPDIR/$command/said")"$'\n'
	done
	exec {fd}<&-
	end "$MANY"
	[[ -z $wrong ]] || fail "$wrong"
}

@test "a process that exits or execs during a dump makes it fail" {
	local way what

	fresh_zram 1
	echo 64M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	for way in netlink debugfs; do
		for what in exit exec; do
			dies_midway "$way" "$what"
		done
	done
	swapoff /dev/zram0
	rmmod zram
}

@test "a dump streams, and takes no memory for what is long" {
	local way peak

	start_large
	for way in netlink debugfs; do
		run -0 perl -e '
			open P, "-|", "vmscope", "--transport", $ARGV[1], "pages", $ARGV[0], "--each", "--split" or die;
			while (<P>) { $n++; }
			close P; exit $? >> 8 if $?;
			print "$n\n"' "$LARGE" "$way"
		[[ $output -gt 48000 ]]
		peak=$(command time -f %M vmscope --transport "$way" pages "$LARGE" --each --split 2>&1 >/dev/null)
		[[ $peak -lt 16384 ]] || fail "$way: $peak kB"
	done
	end "$LARGE"
}

mapped_by_now()
{
	[[ $(grep -c mapped "$BATS_TEST_TMPDIR/large") -eq $1 ]]
}

@test "a VMA that comes between two parts is told of" {
	local way n=0

	# Maps one more when it is told to.
	python3 -c '
import mmap, signal
x = bytearray(200_000_000)
more = []
def come(*_):
	more.append(mmap.mmap(-1, 1 << 20, prot=mmap.PROT_READ))
	print("mapped", flush=True)
signal.signal(signal.SIGUSR1, come)
print("ready", flush=True)
while True:
	signal.pause()' >"$BATS_TEST_TMPDIR/large" 3>&- &
	LARGE=$!
	until_true test -s "$BATS_TEST_TMPDIR/large"
	for way in netlink debugfs; do
		hold --transport "$way" pages "$LARGE" --each --split
		kill -USR1 "$LARGE"
		until_true mapped_by_now $((++n))
		kill -CONT "$CLIENT"
		wait "$CLIENT"
		run cat "$BATS_TEST_TMPDIR/said"
		assert_output --regexp "^vmscope: PID $LARGE: address space changed"
	done
	end "$LARGE"
}
