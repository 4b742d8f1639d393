/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A line on the terminal that says how far something is that takes its time.
 */
#ifndef VMSCOPE_PROGRESS_H
#define VMSCOPE_PROGRESS_H

#include <stdio.h>

#include "model.h"

/**
 * struct progress - the line
 * @out: the terminal; NULL: it is none, and nothing is said
 * @next: when to say it next, in ms
 * @width: how much of the line is written
 */
struct progress {
	FILE *out;
	__u64 next;
	int width;
};

/**
 * progress_begin() - from now on it takes its time
 * @p: where to
 * @out: where the line goes, if that is a terminal
 */
void progress_begin(struct progress *p, FILE *out);

/**
 * progress_tick() - so far
 * @p: the line; nothing is written within the first second, or too often
 * @done: how many
 * @all: of how many
 * @what: of what
 */
void progress_tick(struct progress *p, size_t done, size_t all,
		   const char *what);

/**
 * progress_clear() - take the line away
 * @p: the line; it may come again
 */
void progress_clear(struct progress *p);

#endif /* VMSCOPE_PROGRESS_H */
