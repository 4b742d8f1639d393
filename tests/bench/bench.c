// SPDX-License-Identifier: GPL-2.0
/*
 * bench ROUNDS REGEX TARGET... - ask about each target in all ways whose names it
 * matches, by turns.
 * bench be NAME - be a target: see targets.c
 *
 * Prints a line for each time something was asked: "sample TARGET METHOD
 * NANOSECONDS CPU_NANOSECONDS PAGES RECORDS RSS_KIB", and what else there is to say
 * as "fact TARGET NAME NUMBER". On a machine whose processor takes a nanosecond for
 * each instruction the second of these times is the instructions.
 *
 * Programs are called by their names; what they print goes to /dev/null.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* What takes so long is not done more often than this. */
#define SLOW_NS		1000000000ULL
#define SLOW_ROUNDS	3

#define WORDS(...)	((const char *const[]){ __VA_ARGS__, NULL })

static const struct method methods[] = {
	{ "netlink", .run = ours_netlink },
	{ "netlink each", .run = ours_netlink_each },
	{ "debugfs", .run = ours_debugfs },
	{ "debugfs each", .run = ours_debugfs_each },
	{ "netlink maps", .run = ours_maps },
	{ "pagemap", .run = peer_pagemap },
	{ "pagemap+flags+count", .run = peer_kpage },
	{ "PAGEMAP_SCAN", .run = peer_scan },
	{ "vmscope pages", .words = WORDS("vmscope", "pages", "PID") },
	{ "vmscope pages --each",
	  .words = WORDS("vmscope", "pages", "PID", "--each") },
	{ "vmscope pages --json",
	  .words = WORDS("vmscope", "--json", "pages", "PID") },
	{ "vmscope maps", .words = WORDS("vmscope", "maps", "PID") },
	{ "vmscope tables", .words = WORDS("vmscope", "tables", "PID") },
	{ "page-types -p", .words = WORDS("page-types", "-p", "PID") },
	{ "page-types -p -l", .words = WORDS("page-types", "-p", "PID", "-l") },
	{ "page-types -p -L", .words = WORDS("page-types", "-p", "PID", "-L") },
	{ "1000 walks", .run = ours_walks, .walk = true },
	{ "1000 refusals", .run = ours_refusals, .walk = true },
	{ "1000 walks at once", .run = ours_walks_batch, .walk = true },
	{ "1000 preads of pagemap", .run = peer_preads, .walk = true },
	{ "vmscope shared", .crowd = true,
	  .words = WORDS("vmscope", "shared", "--name", "bench-crowd") },
	{ "pagemap of each", .run = peer_pagemap, .crowd = true },
	{ "pagemap+flags+count of each", .run = peer_kpage, .crowd = true },
	{ "smaps_rollup of each", .run = peer_rollup, .crowd = true },
};

/**
 * struct tally - how often a method was used on a target
 * @rounds: so often
 * @pages: what it saw
 * @slow: it takes long
 * @missing: this machine does not have it
 */
struct tally {
	unsigned int rounds;
	uint64_t pages;
	bool slow;
	bool missing;
};

void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* The addresses of single walks lie all over the target. */
uint64_t walk_address(const struct target *t, size_t i)
{
	return t->start + (t->end - t->start) / PAGE / WALKS * i * PAGE;
}

static bool run_command(const struct method *m, const struct target *t,
			struct seen *seen)
{
	const char *argv[16] = { 0 };
	struct rusage usage;
	char pid[16];
	int status, null;
	pid_t child;
	size_t i;

	snprintf(pid, sizeof(pid), "%d", (int)t->pid);
	for (i = 0; m->words[i]; i++)
		argv[i] = strcmp(m->words[i], "PID") ? m->words[i] : pid;
	child = vfork();
	if (child < 0)
		die("vfork");
	if (!child) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (wait4(child, &status, 0, &usage) < 0)
		die("wait4");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return false;
	if (status) {
		fprintf(stderr, "bench: %s: status 0x%x\n", m->name, status);
		exit(1);
	}
	seen->rss_kib = usage.ru_maxrss;
	seen->cpu_ns = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
		       1000000000ULL +
		       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
	return true;
}

static void take(const struct method *m, const struct target *t,
		   struct tally *tally)
{
	struct seen seen = { 0 };
	uint64_t since, cpu, ns;

	since = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	tally->missing = !(m->run ? m->run(t, &seen) :
				    run_command(m, t, &seen));
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	ns = now(CLOCK_MONOTONIC) - since;
	if (tally->missing)
		return;
	tally->slow = ns > SLOW_NS;
	tally->pages = seen.pages;
	/* The first is to warm up, where that can matter. */
	if (tally->rounds++ || tally->slow)
		printf("sample\t%s\t%s\t%llu\t%llu\t%llu\t%llu\t%llu\n", t->name,
		       m->name, (unsigned long long)ns,
		       (unsigned long long)(m->run ? cpu : seen.cpu_ns),
		       (unsigned long long)seen.pages,
		       (unsigned long long)seen.records,
		       (unsigned long long)seen.rss_kib);
	fflush(stdout);
}

static bool applies(const struct method *m, const struct target *t,
		    const regex_t *only)
{
	const bool crowd = t->n > 1;

	if (regexec(only, m->name, 0, NULL, 0))
		return false;
	if (m->crowd != crowd)
		return false;
	return !m->walk || t->end - t->start >= WALKS * PAGE;
}

static void measure(const char *name, unsigned int rounds,
		    const regex_t *only)
{
	struct tally tally[ARRAY_SIZE(methods)] = { 0 };
	const unsigned int slow_rounds = rounds < SLOW_ROUNDS ? rounds :
							 SLOW_ROUNDS;
	struct target t;
	unsigned int round;
	size_t i;

	target_start(&t, name);
	for (round = 0; round <= rounds; round++)
		for (i = 0; i < ARRAY_SIZE(methods); i++)
			if (applies(&methods[i], &t, only) && !tally[i].missing &&
			    (!tally[i].slow || round < slow_rounds))
				take(&methods[i], &t, &tally[i]);
	ours_memory(&t);
	target_end(&t);
}

int main(int argc, char **argv)
{
	regex_t only;
	int i;

	if (argc == 3 && !strcmp(argv[1], "be")) {
		target_be(argv[2]);
		return 0;
	}
	if (argc < 4 || atoi(argv[1]) < 1 ||
	    regcomp(&only, argv[2], REG_EXTENDED | REG_NOSUB)) {
		fputs("usage: bench ROUNDS REGEX TARGET...\n", stderr);
		return 2;
	}
	for (i = 3; i < argc; i++)
		measure(argv[i], atoi(argv[1]), &only);
	return 0;
}
