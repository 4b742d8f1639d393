// SPDX-License-Identifier: GPL-2.0
/*
 * tree KIND - be a process whose page tables are of a known shape, and stop.
 *
 * Prints "ready". A KIND that this machine does not have is answered by "missing:
 * WHY", and the status is 77.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define GIANT		(1UL << 30)
#define LOW		0x20000000000UL	/* a whole table of each level begins there */
#define HIGH		(1UL << 52)	/* beyond what four levels can translate */

/* NULL where it cannot be had. */
static char *map(uint64_t at, size_t size, int flags)
{
	void *p = mmap((void *)at, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static const char *touch(char *p, size_t size, size_t step)
{
	if (!p)
		return "no memory there";
	for (size_t i = 0; i < size; i += step)
		((volatile char *)p)[i] = 1;
	return NULL;
}

/* 64 MiB, each page: tables that are full. */
static const char *make_dense(void)
{
	char *p = map(LOW, 64UL << 20, MAP_FIXED_NOREPLACE);

	if (p)
		madvise(p, 64UL << 20, MADV_NOHUGEPAGE);
	return touch(p, 64UL << 20, PAGE);
}

/* 1 TiB, a page each GiB: a table of the lower levels for each of them. */
static const char *make_sparse(void)
{
	char *p = map(LOW, 1UL << 40, MAP_FIXED_NOREPLACE);

	if (p)
		madvise(p, 1UL << 40, MADV_NOHUGEPAGE);
	return touch(p, 1UL << 40, GIANT);
}

/* Each huge page has a table put by for the day on which it is split. */
static const char *make_thp(void)
{
	char *p = map(LOW, 16 * HUGE, MAP_FIXED_NOREPLACE);

	if (p && madvise(p, 16 * HUGE, MADV_HUGEPAGE))
		return "no huge pages";
	return touch(p, 16 * HUGE, HUGE);
}

/* Half of them split: that table is in the tree now. */
static const char *make_split(void)
{
	const char *why = make_thp();

	for (int i = 0; !why && i < 8; i++)
		madvise((char *)LOW + i * HUGE + PAGE, PAGE, MADV_DONTNEED);
	return why;
}

static const char *make_hugetlb(void)
{
	return touch(map(LOW, 4 * HUGE, MAP_HUGETLB), 4 * HUGE, HUGE);
}

/* Mapped, touched, given back: the tables stay. */
static const char *make_left(void)
{
	const char *why = make_dense();

	return why ? why : madvise((void *)LOW, 64UL << 20, MADV_DONTNEED) ? "?" : NULL;
}

/* Nothing but a look at memory never written to: tables all the same. */
static const char *make_zero(void)
{
	char *p = map(LOW, 1UL << 30, MAP_FIXED_NOREPLACE);

	if (!p || madvise(p, 1UL << 30, MADV_NOHUGEPAGE))
		return "no memory there";
	for (size_t i = 0; i < 1UL << 30; i += 8 * HUGE)
		(void)((volatile char *)p)[i];
	return NULL;
}

static const char *make_high(void)
{
	char *p = map(HIGH, PAGE, 0);

	if (p != (char *)HIGH)
		return "four levels of page tables";
	return touch(p, PAGE, PAGE);
}

static const struct {
	const char *name;
	const char *(*make)(void);
} kinds[] = {
	{ "dense", make_dense },
	{ "sparse", make_sparse },
	{ "thp", make_thp },
	{ "split", make_split },
	{ "hugetlb", make_hugetlb },
	{ "left", make_left },
	{ "zero", make_zero },
	{ "high", make_high },
};

int main(int argc, char **argv)
{
	const char *why = "no such kind";

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; argc == 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(argv[1], kinds[i].name))
			why = kinds[i].make();
	printf(why ? "missing: %s\n" : "ready\n", why);
	fflush(stdout);
	if (why)
		return 77;
	for (;;)
		raise(SIGSTOP);
}
