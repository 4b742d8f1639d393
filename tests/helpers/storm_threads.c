// SPDX-License-Identifier: GPL-2.0
/* storm: threads that change one address space in every way there is. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "storm.h"

/* Younger than the oldest C library that this is built with. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static int files[FILES];

static unsigned int any(unsigned int *seed, unsigned int n)
{
	return (unsigned int)rand_r(seed) % n;
}

/* Part of a place of @n pages: its first page, and how many. */
static unsigned int any_part(unsigned int *seed, unsigned int n,
			     unsigned int *count)
{
	unsigned int first = any(seed, n);

	*count = 1 + any(seed, n - first);
	return first;
}

static char *at(enum place place, unsigned int page)
{
	return (char *)(uintptr_t)(area[place].start + page * PAGE);
}

/* What fails here fails because another thread was faster. */
static void swing(unsigned int *seed)
{
	unsigned int count, first = any_part(seed, FILE_PAGES, &count);
	enum file file = any(seed, FILES);
	int prot = file == EXEC ? PROT_READ | PROT_EXEC : PROT_READ;

	if (any(seed, 4))
		mmap(at(SWING, first), count * PAGE, prot,
		     MAP_SHARED | MAP_FIXED | MAP_POPULATE, files[file],
		     first * PAGE);
	else
		munmap(at(SWING, first), count * PAGE);
}

static void hinge(unsigned int *seed)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
	};
	unsigned int count, first = any_part(seed, FILE_PAGES, &count);

	mprotect(at(HINGE, first), count * PAGE, prots[any(seed, 3)]);
	if (!any(seed, 8)) {
		mprotect(at(HINGE, 0), FILE_PAGES * PAGE, PROT_READ);
		madvise(at(HINGE, first), count * PAGE, MADV_POPULATE_READ);
	}
}

static void slide(unsigned int *seed)
{
	size_t size = SLIDE_PAGES * PAGE;

	(void)seed;
	mremap(at(SLIDE, 0), size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
	       at(SLIDE, SLIDE_PAGES));
	mremap(at(SLIDE, SLIDE_PAGES), size, size,
	       MREMAP_MAYMOVE | MREMAP_FIXED, at(SLIDE, 0));
}

/* Into huge pages, and out of them; and away, in part or as a whole. */
static void churn(unsigned int *seed)
{
	char *huge = at(CHURN, 0) + any(seed, CHURN_SIZE / HUGE) * HUGE;
	unsigned int count, first = any_part(seed, HUGE / PAGE, &count);

	switch (any(seed, 6)) {
	case 0:
		madvise(huge, HUGE, any(seed, 2) ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		break;
	case 1:
		madvise(huge, HUGE, MADV_COLLAPSE);
		break;
	case 2:
		madvise(huge + first * PAGE, count * PAGE, MADV_DONTNEED);
		break;
	case 3:
		madvise(huge, HUGE, MADV_DONTNEED);
		break;
	case 4:
		madvise(huge + first * PAGE, count * PAGE, MADV_PAGEOUT);
		break;
	case 5:
		mprotect(huge + first * PAGE, count * PAGE, PROT_READ);
		mprotect(huge, HUGE, PROT_READ | PROT_WRITE);
		break;
	}
}

static void touch(unsigned int *seed)
{
	char *huge = at(CHURN, 0) + any(seed, CHURN_SIZE / HUGE) * HUGE;
	unsigned int count, first = any_part(seed, HUGE / PAGE, &count);

	/* Written by the kernel: where it may not be it is no crash. */
	madvise(huge + first * PAGE, count * PAGE,
		any(seed, 4) ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

static void come_and_go(unsigned int *seed)
{
	size_t size = (1 + any(seed, 256)) * PAGE;
	char *p = at(ARENA, any(seed, (ARENA_SIZE - size) / PAGE));

	mmap(p, size, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
	munmap(at(ARENA, any(seed, ARENA_SIZE / PAGE)), size);
}

/* All private memory is shared for a moment, and then it is not. */
static void multiply(unsigned int *seed)
{
	pid_t child = fork();

	(void)seed;
	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
}

static void *keep_on(void *doing)
{
	unsigned int seed = (uintptr_t)doing;

	for (;;)
		((void (*)(unsigned int *))doing)(&seed);
	return NULL;
}

static int make_places(void)
{
	static const struct {
		enum place place;
		size_t size;
		int prot;
		int flags;
	} begin[] = {
		{ SWING, FILE_PAGES * PAGE, PROT_READ, MAP_SHARED },
		{ HINGE, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED },
		{ SLIDE, SLIDE_PAGES * PAGE, PROT_READ, MAP_SHARED },
		{ CHURN, CHURN_SIZE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS },
	};

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (mmap(at(begin[i].place, 0), begin[i].size, begin[i].prot,
			 begin[i].flags | MAP_FIXED_NOREPLACE | MAP_POPULATE,
			 begin[i].flags == MAP_SHARED ? files[DATA] : -1, 0) ==
		    MAP_FAILED)
			return -1;
	return 0;
}

void storm_rage(const int fd[FILES])
{
	static void (*const doings[])(unsigned int *) = {
		swing, hinge, slide, churn, touch, come_and_go, multiply,
	};
	pthread_t thread;

	memcpy(files, fd, sizeof(files));
	if (make_places()) {
		perror("storm");
		_exit(1);
	}
	for (size_t i = 0; i < sizeof(doings) / sizeof(doings[0]); i++)
		if (pthread_create(&thread, NULL, keep_on, (void *)doings[i])) {
			perror("storm");
			_exit(1);
		}
	for (;;)
		pause();
}
