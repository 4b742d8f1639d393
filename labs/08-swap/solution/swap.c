// SPDX-License-Identifier: GPL-2.0
/*
 * swap: four pages with something in each. The third goes to swap, and comes back.
 * Waits for `kill -CONT` before, between and after. Two functions are yours.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "lab.h"

#define PAGES	4
#define THIRD	2

static char array[PAGES][PAGE] __attribute__((aligned(4096)));

/* Ask the kernel to take this one page out of memory (madvise). */
static void push_out(char *page)
{
	madvise(page, PAGE, MADV_PAGEOUT);
}

/* Bring it back: return the first byte of it. */
static char bring_back(volatile char *page)
{
	return page[0];
}

/* Is it in swap? Asked of the kernel, since to read it is to bring it back. */
static int in_swap(const char *page)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t answer = 0;

	if (fd < 0 || pread(fd, &answer, 8, (uintptr_t)page / PAGE * 8) != 8)
		die("pagemap");
	close(fd);
	return answer >> 62 & 1;
}

/*
 * To ask is not to get: a page that the kernel has in hand at that moment stays. So
 * again, but not forever.
 */
static void push_out_until_it_is(char *page)
{
	int i;

	for (i = 0; i < 100 && !in_swap(page); i++) {
		push_out(page);
		usleep(1000);
	}
}

/* New pages are in a list of the processor that made them: stay there. */
static void stay_on_this_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* How many page faults this process has had that took something from a disk. */
static long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

int main(void)
{
	long before, n;
	char first;
	int i;

	stay_on_this_processor();
	for (i = 0; i < PAGES; i++)
		snprintf(array[i], PAGE, "this is page %d\n", i + 1);
	wait_here("array %p\n", (void *)array);
	push_out_until_it_is(array[THIRD]);
	wait_here("pushed out\n");
	before = major_faults();
	first = bring_back(array[THIRD]);
	n = major_faults() - before;
	wait_here("it begins with '%c'; %ld major faults\n", first ? first : '?', n);
	return 0;
}
