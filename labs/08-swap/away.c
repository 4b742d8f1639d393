// SPDX-License-Identifier: GPL-2.0
/*
 * away PID: the whole memory of another process out of memory, as it was done when a
 * machine had room for one. One function is yours.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/uio.h>
#include "lab.h"

#define TRIES	20

/*
 * TODO 6: ask the kernel to take `length` bytes from `start` on, in the process that `pidfd`
 * stands for, out of memory (process_madvise).
 */
static void push_out(int pidfd, void *start, size_t length)
{
}

/* A file of the process. */
static int open_its(const char *pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(path);
	return fd;
}

/* How many pages from `start` on are in memory, and in no file (see pagemap(5)). */
static long there(int pagemap, unsigned long start, unsigned long end)
{
	uint64_t answer;
	long n = 0;

	for (; start < end; start += PAGE)
		if (pread(pagemap, &answer, 8, start / PAGE * 8) == 8)
			n += answer >> 63 && !(answer >> 61 & 1);
	return n;
}

/* All of its mappings: push them out, if `push`; how many pages were there? */
static long all(const char *pid, int pidfd, int push)
{
	FILE *maps = fdopen(open_its(pid, "maps"), "r");
	int pagemap = open_its(pid, "pagemap");
	unsigned long start, end;
	long n = 0;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps)) {
		/* Of the kernel's, and the same for all. */
		if (strstr(line, "[v") || sscanf(line, "%lx-%lx", &start, &end) != 2)
			continue;
		n += there(pagemap, start, end);
		if (push)
			push_out(pidfd, (void *)start, end - start);
	}
	close(pagemap);
	if (maps)
		fclose(maps);
	return n;
}

/* Pages that a processor still has in a list of its own go where they can be found. */
static void settle(void)
{
	int fd = open("/proc/sys/vm/compact_memory", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("compact_memory");
	close(fd);
}

int main(int argc, char *argv[])
{
	long before, after;
	int pidfd, i;

	if (argc != 2) {
		fprintf(stderr, "usage: away PID\n");
		return 2;
	}
	pidfd = pidfd_open(atoi(argv[1]), 0);
	if (pidfd < 0)
		die(argv[1]);
	before = all(argv[1], pidfd, 0);
	after = before;
	for (i = 0; i < TRIES && after; i++) {
		settle();
		all(argv[1], pidfd, 1);
		after = all(argv[1], pidfd, 0);
	}
	say("%ld pages were there, %ld are\n", before, after);
	return 0;
}
