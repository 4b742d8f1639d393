/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the fuzzer share: numbers to choose by, processes to ask
 * about, and the two ways in.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE		4096UL
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/*
 * Numbers that follow from a seed alone. Whatever the kernel answers, a worker
 * takes as many of them: a seed gives the same inputs again.
 */
struct dice {
	uint64_t state;
};

uint64_t dice_next(struct dice *d);
/* A number below @n, which is not 0. */
uint64_t dice_below(struct dice *d, uint64_t n);
bool dice_chance(struct dice *d, unsigned int percent);
/* A number of the kind that breaks things: ends of ranges, one off, any. */
uint64_t dice_number(struct dice *d);

/* Processes that are asked about. */
enum role {
	ROLE_ROCK,	/* sleeps, and its memory is known */
	ROLE_BUSY,	/* maps, unmaps, forks, and never rests */
	ROLE_MANY,	/* has thousands of VMAs */
	ROLE_BRIEF,	/* lives a moment */
	ROLE_ZOMBIE,
	ROLE_SELF,
	ROLE_INIT,
	ROLE_KTHREAD,
	ROLE_NOBODY,
	ROLES
};

#define WORKERS		3
#define ROCK_PAGES	600
#define ROCK_FRAMES	16

/**
 * struct cast - the processes, in memory that all share
 * @pid: of each role; ROLE_BRIEF's changes
 * @player: who plays it; ROLE_BRIEF's starts one after the other
 * @rock: where the rock has ROCK_PAGES pages, written to, and one more that is not
 * @frame: of some of them
 * @done: inputs given by each worker, for who waits
 */
struct cast {
	volatile pid_t pid[ROLES];
	pid_t player[ROLES];
	uint64_t rock;
	uint64_t frame[ROCK_FRAMES];
	volatile uint64_t done[WORKERS];
};

struct cast *cast_start(void);
void cast_end(struct cast *cast);
pid_t cast_pick(const struct cast *cast, struct dice *d);
/* Of the rock, near it, or anything. */
uint64_t cast_address(const struct cast *cast, struct dice *d);
uint64_t cast_frame(const struct cast *cast, struct dice *d);

/**
 * struct way - a way in
 * @name: for the command line
 * @prepare: before the workers, which inherit it
 * @work: give @n inputs; count them in *@done
 * @finish: after them
 */
struct way {
	const char *name;
	void (*prepare)(void);
	void (*work)(const struct cast *cast, struct dice *d, uint64_t n,
		     volatile uint64_t *done);
	void (*finish)(void);
};

extern const struct way way_netlink;
extern const struct way way_debugfs;

#define DEBUGFS		"/sys/kernel/debug/vmscope/"

/* fuzz_check.c: what is wrong is printed; true where nothing is. */
bool check_answers(const struct cast *cast);
bool check_references(void);
/* Unreclaimable memory of the kernel, in KiB. */
long check_memory(void);

/* "fuzz: WHAT: errno", and the end. */
_Noreturn void broken(const char *what);

#endif /* FUZZ_H */
