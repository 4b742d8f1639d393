/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the helper `storm` share: where the process that never rests
 * keeps its memory, and what is true of each place whatever happens there.
 */
#ifndef STORM_H
#define STORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/*
 * Places, at fixed addresses. Page i of the first three is never anything but
 * page i of a file whose frames are known; which file, the entry's exec bit says.
 *
 * SWING: page i of the file EXEC, executable, or of the file DATA, not so, or
 * nothing; HINGE: of DATA, for reading, writing or nobody; SLIDE: of DATA, at one
 * of two addresses; CHURN: private memory, in pages of either size, and in swap;
 * ARENA: whole mappings that come and go.
 */
enum place {
	SWING,
	HINGE,
	SLIDE,
	CHURN,
	ARENA,
	PLACES
};

#define FILE_PAGES	512
#define SLIDE_PAGES	64
#define CHURN_SIZE	(8 * HUGE)
#define ARENA_SIZE	(64UL << 20)

/* The files, and what of a place is which one's. */
enum file {
	EXEC,
	DATA,
	FILES
};

extern const struct area {
	uint64_t start;
	uint64_t end;
} area[PLACES];

/* storm_threads.c: the process itself. Does not return. */
void storm_rage(const int fd[FILES]);

/*
 * storm_told.c: is a change of the address space during a dump told, and none
 * where there is none? The number of wrong answers.
 */
struct transport;
int check_told(struct transport *t);

#endif /* STORM_H */
