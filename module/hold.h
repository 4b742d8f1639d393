/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_HOLD_H
#define VMSCOPE_HOLD_H

#include <linux/types.h>
#include "uapi/vmscope.h"

struct target;

/**
 * struct hold - the target's mmap lock, held for a while, many times over
 * @target: bound for as long as the struct is used
 * @patience_ns: how long to wait for the lock, and for entries to settle; 0: some
 *	seconds
 * @asked: when it was last asked for, in ns
 * @since: when it was got, or given up
 * @dropped: when it was let go of
 * @waited_ns: for the lock, in all
 * @idle_ns: for holds, since the last one that was good for anything
 * @held: it is taken
 * @keep: trail_user() may leave it taken, for the next address
 * @stats: what it has cost so far
 */
struct hold {
	const struct target *target;
	u64 patience_ns;
	u64 asked;
	u64 since;
	u64 dropped;
	u64 waited_ns;
	u64 idle_ns;
	bool held;
	bool keep;
	struct vmscope_stats stats;
};

int hold_take(struct hold *h);
void hold_drop(struct hold *h);
int hold_went_on(struct hold *h, bool on);
bool hold_is_over(const struct hold *h);
u64 hold_irqs_off(void);
void hold_irqs_on(struct hold *h, u64 since);

#endif /* VMSCOPE_HOLD_H */
