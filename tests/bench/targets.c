// SPDX-License-Identifier: GPL-2.0
/*
 * What is asked about. A target is a process of its own: it makes its memory,
 * says on stdout where ("START END", before that "pid N" for each child), and
 * ends with its standard input.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define GIGA		(1UL << 30)
#define HUGE		(1UL << 21)
#define TOUCHED		1000UL
#define VMAS		4096UL
#define INHERITED	512UL	/* pages that a process of the crowd was given */
#define OWN		64UL	/* of which it has written to so many */

static char *map(size_t size, int advice)
{
	/* Aligned, so that huge pages fit. */
	char *p = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *at = (char *)(((uintptr_t)p + HUGE - 1) & -HUGE);

	if (p == MAP_FAILED)
		die("mmap");
	munmap(p, at - p);
	munmap(at + size, HUGE - (at - p));
	if (madvise(at, size, advice))
		die("madvise");
	return at;
}

static void be_known(char *at, size_t size)
{
	char byte;

	printf("%p %p\n", at, at + size);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static void be_dense(void)
{
	char *at = map(GIGA, MADV_NOHUGEPAGE);

	for (size_t i = 0; i < GIGA; i += PAGE)
		at[i] = 1;
	be_known(at, GIGA);
}

/* No page's frame is the one after its neighbour's. */
static void be_shuffled(void)
{
	char *at = map(GIGA, MADV_NOHUGEPAGE);
	size_t n = GIGA / PAGE;

	/* Odd: every page once. */
	for (size_t i = 0; i < n; i++)
		at[i * 100003 % n * PAGE] = 1;
	be_known(at, GIGA);
}

static void be_thp(void)
{
	char *at = map(GIGA, MADV_HUGEPAGE);

	for (size_t i = 0; i < GIGA; i += PAGE)
		at[i] = 1;
	be_known(at, GIGA);
}

static void be_sparse(void)
{
	size_t size = GIGA << 10;
	char *at = map(size, MADV_NOHUGEPAGE);

	for (size_t i = 0; i < TOUCHED; i++)
		at[size / TOUCHED / PAGE * PAGE * i] = 1;
	be_known(at, size);
}

static void be_vmas(void)
{
	size_t size = VMAS * PAGE;
	char *at = map(size, MADV_NOHUGEPAGE);

	for (size_t i = 0; i < size; i += PAGE) {
		at[i] = 1;
		if (i / PAGE % 2 && mprotect(at + i, PAGE, PROT_READ))
			die("mprotect");
	}
	be_known(at, size);
}

/* Each has the first one's pages, and some that it has written to. */
static void be_crowd(void)
{
	char *at = map(INHERITED * PAGE, MADV_NOHUGEPAGE);
	char byte;
	int ready[2];
	int i;

	prctl(PR_SET_NAME, "bench-crowd");
	memset(at, 1, INHERITED * PAGE);
	if (pipe(ready))
		die("pipe");
	for (i = 1; i < MEMBERS_MAX; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (size_t p = 0; p < OWN; p++)
				at[p * PAGE] = 2;
			if (write(ready[1], "", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		printf("pid %d\n", pid);
	}
	for (i = 1; i < MEMBERS_MAX; i++)
		if (read(ready[0], &byte, 1) != 1)
			die("read");
	be_known(at, 0);
}

/**
 * struct kind - a target, and how to become it
 * @name: of the target
 * @be: makes the memory and stays
 * @words: or the program to be
 */
struct kind {
	const char *name;
	void (*be)(void);
	const char *words[12];
};

static const struct kind kinds[] = {
	{ "dense", .be = be_dense },
	{ "shuffled", .be = be_shuffled },
	{ "thp", .be = be_thp },
	{ "sparse", .be = be_sparse },
	{ "vmas", .be = be_vmas },
	{ "crowd", .be = be_crowd },
	{ "python3", .words = { "python3", "tests/bench/program.py" } },
	{ "database",
	  /* It does not say anything into a pipe before it ends. */
	  .words = { "stdbuf", "-oL", "sqlite3", "-batch", "-init",
		     "tests/bench/database.sql", "/tmp/bench.db" } },
};

static const struct kind *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	fprintf(stderr, "bench: %s: no such target\n", name);
	exit(2);
}

void target_be(const char *name)
{
	const struct kind *k = find(name);

	if (k->be) {
		k->be();
		return;
	}
	execvp(k->words[0], (char *const *)k->words);
	die(k->words[0]);
}

/* All lines up to the one of two numbers; a real program may say more. */
static void listen_to(struct target *t, FILE *from)
{
	unsigned long long start, end;
	char line[80];
	int pid;

	t->pids[t->n++] = t->pid;
	while (fgets(line, sizeof(line), from)) {
		if (sscanf(line, "pid %d", &pid) == 1 && t->n < MEMBERS_MAX)
			t->pids[t->n++] = pid;
		if (sscanf(line, "%llx %llx", &start, &end) != 2)
			continue;
		t->start = start;
		t->end = end;
		return;
	}
	die(t->name);
}

void target_start(struct target *t, const char *name)
{
	int to[2], from[2];
	FILE *said;

	find(name);
	*t = (struct target){ .name = name };
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		die("pipe");
	t->pid = fork();
	if (t->pid < 0)
		die("fork");
	if (!t->pid) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		execl("/proc/self/exe", "bench", "be", name, NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	t->hold = to[1];
	said = fdopen(from[0], "r");
	if (!said)
		die("fdopen");
	listen_to(t, said);
	fclose(said);
}

void target_end(struct target *t)
{
	close(t->hold);
	waitpid(t->pid, NULL, 0);
}
