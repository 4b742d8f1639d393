// SPDX-License-Identifier: GPL-2.0
/* state: private memory, the heap and the stack. */
#include <alloca.h>
#include <sys/resource.h>
#include "state.h"

static char *make_zero(void)
{
	char *p = anon_page();

	if (p)
		read_byte(p);
	return p;
}

static char *make_exec(void)
{
	char *p = anon_written();

	return p && !mprotect(p, PAGE, PROT_READ | PROT_EXEC) ? p : NULL;
}

static char *make_populated(void)
{
	char *p = map(16 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1);

	return p ? p + 8 * PAGE : NULL;
}

static char *make_hole(void)
{
	char *p = anon_written();

	return p && !munmap(p, PAGE) ? p : NULL;
}

static int fill_hole(char *p)
{
	char *there = mmap(p, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			   MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	return there == p ? write_it(p) : -1;
}

static int move_page(char *p)
{
	char *to = anon_page();

	if (!to)
		return -1;
	moved_to = mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	return moved_to == to ? 0 : -1;
}

/* What a page leaves behind when it moves elsewhere. */
static int move_away(char *p)
{
	int ret = move_page(p);

	moved_to = NULL;
	return ret;
}

static char *make_heap(void)
{
	char *p = sbrk(3 * PAGE);

	if (p == (void *)-1)
		return NULL;
	p = (char *)(((uintptr_t)p + PAGE - 1) & ~(PAGE - 1)) + PAGE;
	write_byte(p);
	return p;
}

static int shrink_heap(char *p)
{
	return brk(p);
}

/* A page of the stack that nothing uses any more. */
static char *make_stack(void)
{
	char *deep = alloca(64 * PAGE);
	char *p = (char *)(((uintptr_t)deep + PAGE - 1) & ~(PAGE - 1));

	write_byte(p);
	return p;
}

static char *stack_start(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long start = 0, begin;
	char line[512];

	while (f && !start && fgets(line, sizeof(line), f))
		if (strstr(line, "[stack]") && sscanf(line, "%lx-", &begin) == 1)
			start = begin;
	if (f)
		fclose(f);
	return (char *)start;
}

/* The stack grows where it is touched below its end. */
static char *make_stack_below(void)
{
	char *p = stack_start();

	return p ? p - PAGE : NULL;
}

/* But not when something else is mapped within the gap it keeps (1 MiB). */
static char *make_stack_gap(void)
{
	char *p = stack_start();
	char *other;

	if (!p)
		return NULL;
	other = mmap(p - 64 * PAGE, PAGE, PROT_READ, MAP_PRIVATE |
		     MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return other == p - 64 * PAGE ? p - PAGE : NULL;
}

static int open_gap(char *p)
{
	return munmap(p - 63 * PAGE, PAGE) || read_it(p);
}

struct kind anon_kinds[] = {
	{ "untouched", anon_page, write_it, NULL },
	{ "zero", make_zero, write_it, NULL },
	{ "written", anon_written, allow_read, NULL },
	{ "exec", make_exec, allow_read, NULL },
	{ "protnone", anon_written, allow_none, NULL },
	{ "unmapped", anon_written, unmap_page, NULL },
	{ "hole", make_hole, fill_hole, NULL },
	{ "populated", make_populated, drop_page, NULL },
	{ "dropped", anon_written, drop_page, NULL },
	{ "moved", anon_written, move_page, NULL },
	{ "moved-away", anon_written, move_away, NULL },
	{ "heap", make_heap, shrink_heap, NULL },
	{ "stack", make_stack, drop_page, NULL },
	{ "stack-below", make_stack_below, read_it, NULL },
	{ "stack-gap", make_stack_gap, open_gap, NULL },
	{ }
};
