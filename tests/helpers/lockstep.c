// SPDX-License-Identifier: GPL-2.0
/*
 * lockstep run FILE - be a process that never stops changing, and of which one
 * thing is true at each moment: PAGES pages are to its left or to its right, each
 * exactly once. Threads move them from one side to the other, with much memory in
 * between; another one starts threads that end at once.
 *
 * Prints "pid N", "places 0xA-0xB" (all of that), "pages N", "ready". FILE has a
 * number for each of THREADS threads, which grows as long as it runs, and then
 * how many SIGRTMIN have come.
 *
 * lockstep trace TID - trace that thread, without stopping it. Prints "ready".
 *
 * Both end with whoever started them.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <unistd.h>

#define PAGE		4096UL
#define PAGES		64
#define MOVERS		4
#define THREADS		(MOVERS + 1)
#define LEFT		0x20000000000UL
#define BETWEEN		(LEFT + PAGES * PAGE)
#define BETWEEN_SIZE	(16UL << 20)
#define RIGHT		(BETWEEN + BETWEEN_SIZE)
#define END		(RIGHT + PAGES * PAGE)

static volatile uint64_t *count;

static int fail(const char *what)
{
	fprintf(stderr, "lockstep: %s: %s\n", what, strerror(errno));
	return 1;
}

static void move(uint64_t from, uint64_t to, unsigned int i)
{
	if (mremap((void *)(from + i * PAGE), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   to + i * PAGE) == MAP_FAILED) {
		fail("mremap");
		_exit(1);
	}
}

static void *keep_moving(void *arg)
{
	unsigned int n = (uintptr_t)arg;

	for (;;) {
		for (unsigned int i = n; i < PAGES; i += MOVERS)
			move(LEFT, RIGHT, i);
		for (unsigned int i = n; i < PAGES; i += MOVERS)
			move(RIGHT, LEFT, i);
		count[n]++;
	}
	return NULL;
}

static void *do_nothing(void *arg)
{
	return arg;
}

static void *keep_starting(void *arg)
{
	pthread_t thread;

	for (;;) {
		if (!pthread_create(&thread, NULL, do_nothing, arg))
			pthread_join(thread, NULL);
		count[MOVERS]++;
	}
	return NULL;
}

static void count_signal(int sig)
{
	(void)sig;
	__atomic_fetch_add(&count[THREADS], 1, __ATOMIC_RELAXED);
}

static int map_all(const char *path)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || ftruncate(fd, PAGE))
		return fail(path);
	count = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (count == MAP_FAILED ||
	    mmap((void *)LEFT, END - LEFT, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ||
	    madvise((void *)LEFT, END - LEFT, MADV_NOHUGEPAGE) ||
	    madvise((void *)LEFT, RIGHT - LEFT, MADV_POPULATE_WRITE) ||
	    munmap((void *)RIGHT, END - RIGHT))
		return fail("mmap");
	return 0;
}

static int run(const char *path)
{
	const struct sigaction sa = { .sa_handler = count_signal, .sa_flags = SA_RESTART };
	pthread_t thread;

	if (map_all(path) || sigaction(SIGRTMIN, &sa, NULL))
		return 1;
	/* Those who look at it need processors, too. */
	if (nice(10) < 0)
		return fail("nice");
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, i < MOVERS ? keep_moving : keep_starting,
				   (void *)i))
			return fail("pthread_create");
	printf("pid %d\nplaces 0x%lx-0x%lx\npages %d\nready\n", getpid(), LEFT, END, PAGES);
	fflush(stdout);
	for (;;)
		pause();
}

static int trace(pid_t tid)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL))
		return fail("ptrace");
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc == 3 && !strcmp(argv[1], "run"))
		return run(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "trace"))
		return trace(atoi(argv[2]));
	fprintf(stderr, "usage: lockstep run FILE | lockstep trace TID\n");
	return 2;
}
