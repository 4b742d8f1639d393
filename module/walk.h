/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_WALK_H
#define VMSCOPE_WALK_H

#include "entry.h"
#include "fingerprint.h"
#include "hold.h"

struct target;

/* walk_run(): the sink is full, or time is up; there may be more. */
#define WALK_FULL	1

/**
 * struct walk - a walk over a range of one address space
 * @hold: the mmap lock, and what the walk has cost so far
 * @start: first address of the range
 * @cursor: first address not dealt with yet
 * @end: first address after the range
 * @vma_start: of the VMA that @cursor was in, or was last in
 * @fingerprint: of the VMAs in the range
 */
struct walk {
	struct hold hold;
	u64 start;
	u64 cursor;
	u64 end;
	u64 vma_start;
	struct fingerprint fingerprint;
};

void walk_start(struct walk *w, const struct target *t, u64 start, u64 end);
int walk_run(struct walk *w, struct sink *sink);

#endif /* VMSCOPE_WALK_H */
