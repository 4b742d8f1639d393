// SPDX-License-Identifier: GPL-2.0
/*
 * crowd N DEPTH - be N processes that share memory in known ways.
 * crowd huge - be two processes that share huge pages.
 * crowd run COMMAND... - say on stderr how long it takes, and its peak RSS.
 *
 * N: each maps the same SHARED pages; has INHERITED pages from the first one,
 * of which it writes to every (its number + 2)th, so that each is a copy here and
 * is shared there; and has OWN pages that nobody else has. They fork each other
 * in chains of DEPTH.
 *
 * huge: 2M that one process maps by one entry, the other page by page; 2M of
 * which one has given half away; and where there are pages in hugetlbfs, a
 * mapping so large and so placed that both use one table for it.
 *
 * Statically linked: what they share with others is [vdso] alone. Prints a line
 * "pid N" for each, then "ready", and stays until it is killed, and all with it.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define PAGE		4096UL
#define HUGE		(512 * PAGE)
#define GIGA		(512 * HUGE)
#define SHARED		64
#define INHERITED	48
#define OWN		8

/* A process to be tells that it is ready by one byte. */
static int ready[2];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static char *map(size_t size, int flags)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("crowd: mmap");
	return p;
}

static void fill(char *p, size_t pages, size_t step, int with)
{
	for (size_t i = 0; i < pages; i += step)
		p[i * PAGE] = (char)with;
}

static void tell(void)
{
	char byte = 'r';

	printf("pid %d\n", (int)getpid());
	fflush(stdout);
	if (write(ready[1], &byte, 1) != 1)
		die("crowd: pipe");
}

static void hear(int n)
{
	char byte;

	for (int i = 0; i < n; i++)
		if (read(ready[0], &byte, 1) != 1)
			die("crowd: a process is missing");
}

/* Wait until the first one goes. */
static void stay(pid_t first)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != first)
		_exit(0);
	for (;;)
		pause();
}

/* A chain of processes, each forked by the one before it. */
static void be_chain(int number, int length, char *shared, char *inherited)
{
	volatile char sum = 0;
	pid_t parent, pid = 0;

	do {
		parent = getppid();
		for (size_t i = 0; i < SHARED; i++)
			sum += shared[i * PAGE];
		for (size_t i = 0; i < INHERITED; i++)
			sum += inherited[i * PAGE];
		fill(inherited, INHERITED, number % INHERITED + 2, number);
		fill(map(OWN * PAGE, MAP_PRIVATE), OWN, 1, number);
		number++;
		if (--length > 0)
			pid = fork();
		if (pid < 0)
			die("crowd: fork");
	} while (length > 0 && !pid);
	tell();
	stay(parent);
}

static void be_many(int n, int depth)
{
	char *shared = map(SHARED * PAGE, MAP_SHARED);
	char *inherited = map(INHERITED * PAGE, MAP_PRIVATE);

	fill(shared, SHARED, 1, 's');
	fill(inherited, INHERITED, 1, 'i');
	for (int i = 0; i < n; i += depth) {
		int length = n - i < depth ? n - i : depth;
		pid_t pid = fork();

		if (pid < 0)
			die("crowd: fork");
		if (!pid)
			be_chain(i, length, shared, inherited);
	}
	hear(n);
}

static char *aligned(size_t size, size_t to)
{
	char *p = map(size + to, MAP_PRIVATE | MAP_NORESERVE);
	char *at = (char *)(((uintptr_t)p + to - 1) & ~(to - 1));

	munmap(p, size + to);
	return at;
}

static char *huge_page(void)
{
	char *p = mmap(aligned(HUGE, HUGE), HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (p == MAP_FAILED || madvise(p, HUGE, MADV_HUGEPAGE))
		die("crowd: huge page");
	p[0] = 'h';
	return p;
}

static void be_huge(void)
{
	char *split = huge_page(), *half = huge_page();
	char *table = mmap(aligned(GIGA, GIGA), GIGA, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB |
			   MAP_NORESERVE | MAP_FIXED, -1, 0);
	pid_t parent = getpid(), pid;

	if (table == MAP_FAILED)
		die("crowd: hugetlb");
	table[0] = 't';
	pid = fork();
	if (pid < 0)
		die("crowd: fork");
	if (!pid) {
		volatile char sum = table[0];

		(void)sum;
		/* What is private to one page of it cannot stay one entry. */
		if (mprotect(split, PAGE, PROT_READ) ||
		    munmap(half, HUGE / 2))
			die("crowd: split");
		tell();
		stay(parent);
	}
	tell();
	hear(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* What a process had before it called exec counts, too: here that is little. */
static int measure(char **argv)
{
	double since = now();
	pid_t pid = fork();
	struct rusage use;
	int status;

	prctl(PR_SET_NAME, "crowd-run");
	if (!pid) {
		execvp(argv[0], argv);
		die(argv[0]);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		die("crowd: run");
	fprintf(stderr, "seconds %.1f peak_kb %ld\n", now() - since,
		use.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "run"))
		return measure(argv + 2);
	if (argc < 2 || pipe(ready)) {
		fprintf(stderr, "usage: crowd N DEPTH | crowd huge | crowd run COMMAND...\n");
		return 2;
	}
	prctl(PR_SET_NAME, "crowd-parent");
	if (!strcmp(argv[1], "huge")) {
		be_huge();
	} else {
		/* All but the first one are called so. */
		prctl(PR_SET_NAME, "crowd");
		be_many(atoi(argv[1]), argc > 2 ? atoi(argv[2]) : 1);
		prctl(PR_SET_NAME, "crowd-parent");
	}
	printf("ready\n");
	fflush(stdout);
	for (;;)
		pause();
}
