// SPDX-License-Identifier: GPL-2.0
/*
 * tagged PAGES - be a process whose pages say which one they are: each begins
 * with its own address, as 64 bits, and the PID.
 *
 * Prints "pid N", "at 0xADDR", "ready", and obeys lines from stdin:
 *
 *   out A B		pages A up to B to swap, each in a place away from its
 *			neighbour's; "done", or "failed: WHY"
 *   check		all are as they were: "done", or "failed: WHY". Brings
 *			them back.
 */
#include <errno.h>
#include "state.h"

#define STEP	7	/* neighbours in swap are so far from each other */

struct tag {
	uint64_t at;
	uint64_t pid;
};

static char *base;
static size_t pages;

static struct tag *tag_of(size_t i)
{
	return (struct tag *)(base + i * PAGE);
}

static void write_tags(size_t a, size_t b)
{
	for (size_t i = a; i < b; i++)
		*tag_of(i) = (struct tag){ (uintptr_t)tag_of(i), getpid() };
}

static int put_out(size_t a, size_t b)
{
	for (size_t first = a; first < b && first < a + STEP; first++)
		for (size_t i = first; i < b; i += STEP)
			if (page_out(base + i * PAGE, PAGE))
				return -1;
	return 0;
}

static int check(void)
{
	for (size_t i = 0; i < pages; i++)
		if (tag_of(i)->at != (uintptr_t)tag_of(i) ||
		    tag_of(i)->pid != (uint64_t)getpid()) {
			errno = EILSEQ;
			return -1;
		}
	return 0;
}

static void obey(const char *line)
{
	size_t a, b;
	int ret = -1;

	errno = EINVAL;
	if (sscanf(line, "out %zu %zu", &a, &b) == 2)
		ret = put_out(a, b);
	else if (sscanf(line, "again %zu %zu", &a, &b) == 2)
		ret = (write_tags(a, b), put_out(a, b));
	else if (!strcmp(line, "check\n"))
		ret = check();
	if (ret)
		printf("failed: %s\n", strerror(errno));
	else
		printf("done\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[64];

	pages = argc == 2 ? strtoul(argv[1], NULL, 0) : 0;
	base = pages ? lone(pages * PAGE, HUGE) : NULL;
	if (!base || madvise(base, pages * PAGE, MADV_NOHUGEPAGE)) {
		fprintf(stderr, "usage: tagged PAGES\n");
		return 2;
	}
	write_tags(0, pages);
	printf("pid %d\nat 0x%lx\nready\n", getpid(), (unsigned long)base);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	return 0;
}
