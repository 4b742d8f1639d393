// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz [--seed S] [--batch B] netlink|debugfs INPUTS - the module, given what
 * makes no sense by several workers at once.
 *
 * Inputs come in batches. Each worker of a batch is a process of its own; when
 * they have ended, questions that make sense must get the right answers, and the
 * module must be held by nobody. In the end the kernel must not have kept memory.
 *
 * Inputs follow from the seed, which is printed: the same seed gives the same
 * ones, and with --batch those of that batch alone. In which order the kernel gets
 * those of several workers does not follow from it.
 *
 * Prints a line when all is well. Status 1 where something is wrong, 2 where the
 * fuzzer itself could not go on.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fuzz.h"

#define BATCH		400	/* inputs of one worker; memory is looked at after the first */
#define BATCH_MAX	4000
#define BATCHES		25	/* by and large, between these */
#define STUCK		600	/* seconds without an input */
/*
 * What the kernel's memory may have grown by, in KiB: caches of every kind fill
 * at first. A leak of the smallest struct at each hundredth of a million inputs
 * is more.
 */
#define MEMORY_SLACK	1024

static const struct way * const ways[] = { &way_netlink, &way_debugfs };

/**
 * struct run - what was asked for, and how far it has got
 * @way: the way in
 * @cast: the processes
 * @seed: of all inputs
 * @batch: the one at work
 * @most: inputs of one worker in it
 * @inputs: still to be given
 * @given: so far
 */
struct run {
	const struct way *way;
	struct cast *cast;
	uint64_t seed;
	uint64_t batch;
	uint64_t most;
	uint64_t inputs;
	uint64_t given;
};

static void begin_worker(struct run *run, unsigned int i, uint64_t n)
{
	struct dice d = { run->seed };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		broken("prctl");
	/* Far apart, so that no two are the same a few numbers on. */
	d.state ^= (run->batch * WORKERS + i) * 0xd1342543de82ef95ULL;
	dice_next(&d);
	d.state = dice_next(&d);
	run->way->work(run->cast, &d, n, &run->cast->done[i]);
	_exit(0);
}

static uint64_t done(const struct run *run)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		sum += run->cast->done[i];
	return sum;
}

/* Until it has ended. False: it is stuck, or has died of something. */
static bool await(const struct run *run, pid_t pid)
{
	uint64_t before = done(run), now;
	unsigned int idle = 0;
	int status;
	pid_t ended;

	while (!(ended = waitpid(pid, &status, WNOHANG))) {
		usleep(20000);
		now = done(run);
		idle = now == before ? idle + 1 : 0;
		before = now;
		if (idle > STUCK * 50) {
			printf("fuzz: a worker is stuck\n");
			return false;
		}
	}
	if (ended == pid && WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	printf("fuzz: a worker has ended with status 0x%x\n", status);
	return false;
}

static bool run_batch(struct run *run)
{
	uint64_t n = run->inputs / WORKERS + 1;
	pid_t pid[WORKERS];
	bool right = true;
	unsigned int i;

	if (n > run->most)
		n = run->most;
	memset((void *)run->cast->done, 0, sizeof(run->cast->done));
	for (i = 0; i < WORKERS; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			broken("fork");
		if (!pid[i])
			begin_worker(run, i, n);
	}
	for (i = 0; i < WORKERS; i++)
		right &= await(run, pid[i]);
	run->given += n * WORKERS;
	run->inputs -= n * WORKERS < run->inputs ? n * WORKERS : run->inputs;
	return right;
}

static bool run_all(struct run *run, bool only)
{
	long before = 0, grown = 0;
	bool right;

	run->most = run->inputs / WORKERS / BATCHES;
	if (run->most < BATCH)
		run->most = BATCH;
	if (run->most > BATCH_MAX)
		run->most = BATCH_MAX;
	if (!check_answers(run->cast))
		return false;
	do {
		run->way->prepare();
		right = run_batch(run);
		run->way->finish();
		if (!right || !check_references() || !check_answers(run->cast)) {
			printf("fuzz: %s: --seed 0x%llx --batch %llu\n", run->way->name,
			       (unsigned long long)run->seed, (unsigned long long)run->batch);
			return false;
		}
		if (!before)
			before = check_memory();
		run->batch++;
	} while (run->inputs && !only);
	grown = check_memory() - before;
	printf("%s: %llu inputs by %d workers, seed 0x%llx; the kernel's memory: %+ld KiB\n",
	       run->way->name, (unsigned long long)run->given, WORKERS,
	       (unsigned long long)run->seed, grown);
	return grown <= MEMORY_SLACK;
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "fuzz: wants [--seed S] [--batch B] netlink|debugfs INPUTS\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	bool only = false, right;
	size_t i;

	if (getrandom(&run.seed, sizeof(run.seed), 0) != sizeof(run.seed))
		broken("getrandom");
	for (; argc > 3; argc -= 2, argv += 2) {
		if (!strcmp(argv[1], "--seed")) {
			run.seed = strtoull(argv[2], NULL, 0);
		} else if (!strcmp(argv[1], "--batch")) {
			run.batch = strtoull(argv[2], NULL, 0);
			only = true;
		} else {
			usage();
		}
	}
	if (argc != 3)
		usage();
	for (i = 0; i < COUNT(ways); i++)
		if (!strcmp(argv[1], ways[i]->name))
			run.way = ways[i];
	run.inputs = strtoull(argv[2], NULL, 0);
	if (!run.way || !run.inputs)
		usage();
	setlinebuf(stdout);
	run.cast = cast_start();
	right = run_all(&run, only);
	cast_end(run.cast);
	return right ? 0 : 1;
}
