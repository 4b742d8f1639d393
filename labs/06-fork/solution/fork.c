// SPDX-License-Identifier: GPL-2.0
/*
 * fork: a parent and a child, four pages of which each has its own, and one that
 * they share. Waits for `kill -CONT` of the parent before and after the child has
 * written.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include "lab.h"

#define PAGES	4

/* PAGES pages that parent and child will each have for itself after fork(). */
static char *map_private(void)
{
	return mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* One page that will be one and the same for both. */
static char *map_shared(void)
{
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/*
 * What the child does with the private pages: exactly one of them has to be copied,
 * but the child has to have read from all. It is the third. Returns the sum of the four numbers
 * that it read.
 */
static int use_private(volatile char *private)
{
	int i, sum = 0;

	for (i = 0; i < PAGES; i++)
		sum += private[i * PAGE];
	private[2 * PAGE] = 100;
	return sum;
}

/* The child tells the parent the sum, by way of the shared page. */
static void tell(volatile char *shared, int sum)
{
	shared[0] = sum;
}

static void child(char *private, char *shared, int wake, int done)
{
	char byte;

	/* Not longer than its parent. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(wake, &byte, 1) == 1)
		tell(shared, use_private(private));
	if (write(done, "", 1) == 1)
		pause();
	_exit(0);
}

int main(void)
{
	char *private = map_private(), *shared = map_shared(), byte;
	int wake[2], done[2], i;
	pid_t pid;

	if (private == MAP_FAILED || shared == MAP_FAILED || pipe(wake) || pipe(done))
		die("cannot start");
	/* The numbers 1 to 4, so that all pages are there. */
	for (i = 0; i < PAGES; i++)
		private[i * PAGE] = i + 1;
	shared[0] = 0;
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		/* At the end of the parent, read() finds the end of this, too. */
		close(wake[1]);
		child(private, shared, wake[0], done[1]);
	}
	say("parent  %d\nchild   %d\n", getpid(), pid);
	say("private %p\nshared  %p\n", (void *)private, (void *)shared);
	wait_here("the child waits\n");
	if (write(wake[1], "", 1) != 1 || read(done[0], &byte, 1) != 1)
		die("the child is gone");
	wait_here("the child says %d; the first private page has %d, the third %d\n",
		  shared[0], private[0], private[2 * PAGE]);
	/* What happens to a page that was copied when its other user writes? */
	private[2 * PAGE] = 50;
	wait_here("the parent has written, too\n");
	return 0;
}
