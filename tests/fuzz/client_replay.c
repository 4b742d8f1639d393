// SPDX-License-Identifier: GPL-2.0
/*
 * client-HARNESS [--write DIR | FILE...]
 *
 * Without libFuzzer: each seed, each seed cut at each byte, and as many more as
 * FUZZ says (5000), made from the seeds by numbers that are always the same. So
 * this is a test, and takes seconds. With FILEs: these inputs alone. --write makes
 * a file of each seed, for libFuzzer to begin with.
 *
 * Prints TAP. The sanitizers end it where something is wrong; the input is in the
 * file "crash" of the current directory then.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sanitizer/common_interface_defs.h>
#include "client.h"
#include "fuzz.h"

#define SEEDS_MAX	128
#define SECONDS_MAX	60	/* for one input */

/**
 * struct seeds - what harness_seed() gives
 * @data: the inputs
 * @size: their lengths
 * @n: how many
 */
static struct seeds {
	uint8_t data[SEEDS_MAX][INPUT_MAX];
	size_t size[SEEDS_MAX];
	unsigned int n;
} seeds;

static uint8_t input[INPUT_MAX];
static size_t input_size;

/* Standard output is the client's, and goes nowhere. */
static FILE *report;

static void save_input(void)
{
	int fd = open("crash", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0 && write(fd, input, input_size) == (ssize_t)input_size)
		fprintf(stderr, "the input is in the file crash\n");
}

static void too_long(int signal)
{
	(void)signal;
	save_input();
	_exit(1);
}

/* On the heap, and no longer than it is: a read behind its end is seen. */
static void feed(void)
{
	uint8_t *copy = malloc(input_size ? input_size : 1);

	if (!copy)
		abort();
	memcpy(copy, input, input_size);
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput(copy, input_size);
	alarm(0);
	free(copy);
}

static void take(const uint8_t *data, size_t size)
{
	memcpy(input, data, size);
	input_size = size;
}

static void remove_some(struct dice *d)
{
	const size_t at = dice_below(d, input_size + 1);
	size_t n = dice_below(d, 16);

	if (n > input_size - at)
		n = input_size - at;
	memmove(input + at, input + at + n, input_size - at - n);
	input_size -= n;
}

/* The end of another seed. */
static void graft(struct dice *d)
{
	const unsigned int other = dice_below(d, seeds.n);
	const size_t at = dice_below(d, input_size + 1);
	const size_t from = dice_below(d, seeds.size[other] + 1);
	size_t n = seeds.size[other] - from;

	if (n > INPUT_MAX - at)
		n = INPUT_MAX - at;
	memcpy(input + at, seeds.data[other] + from, n);
	input_size = at + n;
}

static void put_number(struct dice *d)
{
	const uint64_t number = dice_number(d);
	const size_t n = 1ULL << dice_below(d, 4);
	size_t at;

	if (input_size < n)
		return;
	at = dice_below(d, input_size - n + 1);
	memcpy(input + at, &number, n);
}

static void mutate(struct dice *d)
{
	unsigned int n = 1 + dice_below(d, 6);
	const unsigned int seed = dice_below(d, seeds.n);

	take(seeds.data[seed], seeds.size[seed]);
	while (n--) {
		switch (dice_below(d, 6)) {
		case 0:
			remove_some(d);
			break;
		case 1:
			graft(d);
			break;
		case 2:
		case 3:
			put_number(d);
			break;
		default:
			if (input_size)
				input[dice_below(d, input_size)] = dice_next(d);
		}
	}
	if (dice_chance(d, 20))
		input_size = dice_below(d, input_size + 1);
}

static void run_all(unsigned long more)
{
	struct dice d = { 1 };
	unsigned long fed = 0;
	unsigned int i;
	size_t cut;

	for (i = 0; i < seeds.n; i++)
		for (cut = 0; cut <= seeds.size[i]; cut++, fed++) {
			take(seeds.data[i], cut);
			feed();
		}
	for (; more; more--, fed++) {
		mutate(&d);
		feed();
	}
	fprintf(report, "ok 1 %s: %lu inputs\n", program_invocation_short_name, fed);
}

static void run_file(const char *name)
{
	FILE *f = fopen(name, "r");

	if (!f) {
		perror(name);
		exit(2);
	}
	input_size = fread(input, 1, sizeof(input), f);
	fclose(f);
	feed();
}

static void write_seeds(const char *dir)
{
	char path[4096];
	unsigned int i;
	FILE *f;

	for (i = 0; i < seeds.n; i++) {
		snprintf(path, sizeof(path), "%s/seed-%u", dir, i);
		f = fopen(path, "w");
		if (!f || fwrite(seeds.data[i], 1, seeds.size[i], f) != seeds.size[i] ||
		    fclose(f)) {
			perror(path);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	const char *more = getenv("FUZZ");

	report = fdopen(dup(STDOUT_FILENO), "w");
	if (!report)
		return 2;
	while (seeds.n < SEEDS_MAX) {
		seeds.size[seeds.n] = harness_seed(seeds.n, seeds.data[seeds.n]);
		if (!seeds.size[seeds.n])
			break;
		seeds.n++;
	}
	if (argc == 3 && !strcmp(argv[1], "--write")) {
		write_seeds(argv[2]);
		return 0;
	}
	__sanitizer_set_death_callback(save_input);
	signal(SIGALRM, too_long);
	if (argc > 1) {
		while (*++argv)
			run_file(*argv);
		return 0;
	}
	fprintf(report, "1..1\n");
	fflush(report);
	run_all(more ? strtoul(more, NULL, 0) : 5000);
	fclose(report);
	return 0;
}
