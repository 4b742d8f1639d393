# SPDX-License-Identifier: GPL-2.0
#
# Every kind of page in states.rows, made and changed: what vmscope says of it,
# and what the kernel's own files, or the hardware, say of the same page.

load lib/guest
load lib/rows
load lib/wait

balancing=/sys/kernel/debug/sched/numa_balancing

# Two swap devices; the second is for the row that switches it on.
setup_file()
{
	local dev

	fresh_zram 2
	for dev in zram0 zram1; do
		echo 64M >/sys/block/$dev/disksize
		mkswap /dev/$dev >/dev/null
	done
	swapon /dev/zram0
	# A device with memory of its own, where the kernel has it.
	modprobe -q test_hmm || true
	mount_dax
	for ((dev = 0; dev < 100 && $(</proc/sys/vm/nr_hugepages) < 4; dev++)); do
		echo 4 >/proc/sys/vm/nr_hugepages
	done
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
	echo advise >/sys/kernel/mm/transparent_hugepage/shmem_enabled
	echo 1 >/sys/kernel/mm/transparent_hugepage/use_zero_page
	[[ ! -e $balancing ]] || for dev in scan_delay_ms scan_period_min_ms; do
		echo 10 >$balancing/$dev
	done
}

# A file system on persistent memory, where the kernel has both. What finds out
# what the memory is for does so in its time.
mount_dax()
{
	modprobe -q -a nd_e820 nd_pmem || return 0
	until_true [ -e /dev/pmem0 ]
	# Two megabytes of a file shall be two of memory.
	mkfs.ext4 -q -b 4096 -E stride=512,stripe_width=512 /dev/pmem0
	mkdir /run/dax
	mount -t ext4 -o dax /dev/pmem0 /run/dax
}

teardown_file()
{
	! mountpoint -q /run/dax || umount /run/dax
	echo never >/sys/kernel/mm/transparent_hugepage/shmem_enabled
	echo 0 >/proc/sys/vm/nr_hugepages
	swapoff /dev/zram0
	rmmod zram
	# test_hmm stays: where a page of memory has been poisoned, 6.1 with its own checks
	# switched on takes fright at taking away memory that was never set up.
}

@test "private memory, heap and stack" {
	check_rows anonymous
}

@test "what is noted in an entry, or of a frame" {
	check_rows notes
}

@test "files, shared memory, libraries" {
	check_rows files
}

@test "parent and child" {
	check_rows sharing
}

@test "huge pages and their parts" {
	check_rows huge
}

@test "not in memory: swap" {
	check_rows swap
}

@test "watched entries, markers and poison" {
	check_rows markers
}

@test "two memory nodes" {
	check_rows nodes
}

@test "the kernel's own pages, devices, firmware" {
	check_rows machine
}
