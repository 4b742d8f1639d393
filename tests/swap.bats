# SPDX-License-Identifier: GPL-2.0
#
# Several swap devices, and such that come and go: where a device is named, the
# page is on it, in that slot, by its content.

load lib/guest
load lib/wait

PAGES=1500

setup_file()
{
	local i

	fresh_zram 3
	for i in 0 1 2; do
		echo 64M >/sys/block/zram$i/disksize
		mkswap /dev/zram$i >/dev/null
	done
}

teardown_file()
{
	rmmod zram
}

setup()
{
	coproc TAGGED { exec "$HELPERS/tagged" "$PAGES" 3>&-; }
	read -r _ PID <&"${TAGGED[0]}"
	read -r _ AT <&"${TAGGED[0]}"
	read -r _ <&"${TAGGED[0]}"
}

teardown()
{
	local dev

	kill -KILL "$PID" "${CLIENT-$PID}" 2>/dev/null || true
	for dev in /dev/zram[012]; do
		swapoff "$dev" 2>/dev/null || true
	done
}

# tell WORD...: a line for the helper, which does it.
tell()
{
	local said

	echo "$*" >&"${TAGGED[1]}"
	read -r -t 600 said <&"${TAGGED[0]}"
	[[ $said == "done" ]] || fail "$*: $said"
}

# use DEVICE PRIORITY: as swap.
use()
{
	swapon -p "$2" "/dev/$1"
}

# check FILE: of an answer in JSON: for each page whose device is named, the slot
# holds that very page. Prints "N pages: NAMES" with how many were on which, and
# what is not so.
check()
{
	jq -r '.swap[] | "\(.vaddr) \(.npages) \(.type) \(.offset) \(.device // "-")"' "$1" |
		perl -e '
		my $pid = shift;
		while (<STDIN>) {
			my ($at, $n, $type, $offset, $dev) = split;
			for my $i (0 .. $n - 1) {
				$pages++;
				$on{"$type:$dev"}++;
				next if $dev eq "-";
				if (!$fd{$dev}) {
					system "blockdev", "--flushbufs", $dev;
					open $fd{$dev}, "<:raw", $dev or die "$dev: $!";
				}
				sysseek $fd{$dev}, 4096 * ($offset + $i), 0;
				sysread $fd{$dev}, $_, 16;
				my ($a, $p) = unpack "QQ";
				$wrong++ if $a != hex($at) + 4096 * $i or $p != $pid;
			}
		}
		print "$pages pages:", (map { " $_=$on{$_}" } sort keys %on), "\n";
		print "$wrong are not there\n" if $wrong' "$PID"
}

# Both ways in, and what pagemap has of the type and slot.
swap_of()
{
	local way

	kill -STOP "$PID"
	for way in netlink debugfs; do
		vmscope --json --transport "$way" swap "$PID" >"$BATS_TEST_TMPDIR/$way" 2>"$BATS_TEST_TMPDIR/said"
		"$HELPERS/compare" "$way" "$PID" | grep -v ': 0 differences\|, 0 differences' || true
	done
	kill -CONT "$PID"
	cmp "$BATS_TEST_TMPDIR/netlink" "$BATS_TEST_TMPDIR/debugfs"
	check "$BATS_TEST_TMPDIR/netlink"
}

@test "three devices, then two: named where that is certain, and rightly" {
	local third=$((PAGES / 3)) at

	use zram0 1
	tell out 0 $third
	use zram1 2
	tell out $third $((2 * third))
	use zram2 3
	tell out $((2 * third)) $PAGES
	run swap_of
	assert_output --regexp "^$PAGES pages: 0:/dev/zram0=[0-9]+ 1:/dev/zram1=[0-9]+ 2:/dev/zram2=[0-9]+\$"
	at=$(printf '0x%x' $((AT + (PAGES - 1) * 4096)))
	[[ $(vmscope --json walk "$PID" "$at" | jq -r '.walk[0].swap.device') == /dev/zram2 ]]

	# A gap in the numbers; but all that are left are in use here.
	swapoff /dev/zram1
	run swap_of
	assert_output --regexp "^[0-9]+ pages: 0:/dev/zram0=[0-9]+ 2:/dev/zram2=[0-9]+\$"

	# The number that is free again.
	use zram1 4
	tell again $third $((2 * third))
	run swap_of
	assert_output --regexp " 0:/dev/zram0=[0-9]+ 1:/dev/zram1=[0-9]+ 2:/dev/zram2=[0-9]+\$"

	# Nothing in the first: the others might be those behind a gap.
	tell again 0 $((2 * third))
	run swap_of
	assert_output --regexp "^[0-9]+ pages: 1:-=[0-9]+ 2:-=[0-9]+\$"
	swapoff /dev/zram0
	run swap_of
	assert_output --regexp "^[0-9]+ pages: 1:/dev/zram1=[0-9]+ 2:/dev/zram2=[0-9]+\$"
	tell check
}

# How it is asked, and after which part it is held; devices before; the commands
# that change them meanwhile. Where there are several, there is a dump before the
# one whose answer is printed.
changes()
{
	cat <<-END
	netlink 1|zram0 1|use zram1 2; tell again 0 $PAGES
	debugfs 1|zram0 1|use zram1 2; tell again 0 $PAGES
	netlink 1|zram0 1,zram1 2|swapoff /dev/zram0; use zram2 3; tell again 0 $PAGES
	netlink 4|zram0 1,zram1 2|swapoff /dev/zram0; use zram2 3; tell again 0 $PAGES
	debugfs 2|zram0 1,zram1 2|swapoff /dev/zram0; use zram2 3; tell again 0 $PAGES
	netlink 4|zram0 1,zram1 2|swapoff /dev/zram0; swapoff /dev/zram1; use zram1 1; use zram0 2; tell again 0 $PAGES
	debugfs 1|zram0 1,zram1 2|swapoff /dev/zram1; tell again 0 $PAGES
	END
}

@test "devices that come and go during a dump are never named wrongly" {
	local way begin change dev devices said status wrong=''

	while IFS='|' read -r way begin change; do
		IFS=, read -r -a devices <<<"$begin"
		for dev in "${devices[@]}"; do
			# shellcheck disable=SC2086 # name and priority
			use $dev
			tell again 0 "$PAGES"
		done
		HOLD_AT=${way#* } hold --json --transport "${way% *}" swap "$PID"
		eval "$change"
		kill -CONT "$CLIENT" 2>/dev/null || true
		status=0
		wait "$CLIENT" || status=$?
		said=$(check "$BATS_TEST_TMPDIR/held")
		[[ $status -eq 0 && $said != *"not there"* ]] ||
			wrong+="$way: $begin: $change: status $status, $said"$'\n'
		for dev in /dev/zram[012]; do
			swapoff "$dev" 2>/dev/null || true
		done
		tell check
	done < <(changes)
	[[ -z $wrong ]] || fail "$wrong"
}
