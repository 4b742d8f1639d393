// SPDX-License-Identifier: GPL-2.0
/*
 * owners_cost [K...] - what it costs to ask who maps a frame.
 *
 * For each K (1 10 100 1000): a page that K processes map, one of a file and one
 * that is anonymous, while as many others as make 1000 in all sleep. Asked by
 * reverse map and by walking every process, over netlink; medians of five, and
 * the longest time that the folio's locks, and a process's mmap lock, were held.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "owners.h"

#define CROWD	1000
#define RUNS	5

struct answer {
	unsigned long owners;
	struct frame frame;
};

static int count_owner(const struct owner *owner, void *arg, struct error *err)
{
	(void)owner;
	(void)err;
	((struct answer *)arg)->owners++;
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	((struct answer *)arg)->frame = *frame;
	return 0;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}

/* Microseconds; the median. */
static double cost(struct transport *t, uint64_t pfn, bool scan,
		   struct answer *a, struct cost *held)
{
	struct frame_request req = {
		.pfn = pfn,
		.scan = scan,
		.owner = count_owner,
		.frame = take_frame,
		.arg = a,
	};
	double took[RUNS];
	struct error err;
	uint64_t lock_max = 0;

	for (int i = 0; i < RUNS; i++) {
		a->owners = 0;
		took[i] = now();
		if (t->ops->frame(t, &req, held, &err)) {
			fprintf(stderr, "owners_cost: %s\n", err.text);
			exit(1);
		}
		took[i] = now() - took[i];
		if (a->frame.lock_max_ns > lock_max)
			lock_max = a->frame.lock_max_ns;
	}
	a->frame.lock_max_ns = lock_max;
	qsort(took, RUNS, sizeof(took[0]), by_size);
	return took[RUNS / 2];
}

static void measure(struct transport *t, long k, const char *what, int flags)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_ANONYMOUS | flags, -1, 0);
	struct cost held, walked;
	static pid_t crowd[CROWD];
	struct answer a, b;
	int ready[2];
	double rmap, scan;
	char c;

	*p = 1;
	if (pipe(ready))
		exit(2);
	for (int i = 0; i < CROWD; i++) {
		crowd[i] = fork();
		if (crowd[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (i < k - 1)
			*(volatile char *)p;
		else
			munmap(p, PAGE);
		if (write(ready[1], "r", 1) == 1)
			pause();
		_exit(1);
	}
	for (int i = 0; i < CROWD; i++)
		if (read(ready[0], &c, 1) != 1)
			exit(2);
	rmap = cost(t, frame_at(getpid(), p), false, &a, &held);
	scan = cost(t, frame_at(getpid(), p), true, &b, &walked);
	printf("%-5s %5ld %7lu %10.0f %10.0f %7.1f %12.1f %12.1f\n", what, k,
	       a.owners, rmap, scan, scan / rmap, a.frame.lock_max_ns / 1e3,
	       held.hold_max_ns / 1e3);
	fflush(stdout);
	for (int i = 0; i < CROWD; i++)
		kill(crowd[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	close(ready[0]);
	close(ready[1]);
	munmap(p, PAGE);
}

int main(int argc, char **argv)
{
	static const long defaults[] = { 1, 10, 100, 1000 };
	struct transport *t;
	struct error err;

	t = transport_find("netlink", &err)->open(&err);
	if (!t) {
		fprintf(stderr, "owners_cost: %s\n", err.text);
		return 1;
	}
	printf("PAGE  MAPPED  OWNERS  REVERSE us    SCAN us   RATIO   TREE LOCK us   MMAP LOCK us\n");
	for (int i = 0; i < (argc > 1 ? argc - 1 : 4); i++) {
		long k = argc > 1 ? atol(argv[i + 1]) : defaults[i];

		measure(t, k, "file", MAP_SHARED);
		measure(t, k, "anon", MAP_PRIVATE);
	}
	return 0;
}
