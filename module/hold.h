/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_HOLD_H
#define VMSCOPE_HOLD_H

#include <linux/types.h>
#include "uapi/vmscope.h"

struct target;

/**
 * struct hold - the target's mmap lock, held for a while, many times over
 * @target: bound for as long as the struct is used
 * @patience_ns: how long to wait for the lock, and for entries to settle; 0: for
 *	the lock until it is there
 * @since: when the lock was taken, in ns
 * @stats: what it has cost so far
 */
struct hold {
	const struct target *target;
	u64 patience_ns;
	u64 since;
	struct vmscope_stats stats;
};

int hold_take(struct hold *h);
void hold_drop(struct hold *h);
bool hold_is_over(const struct hold *h);
u64 hold_irqs_off(void);
void hold_irqs_on(struct hold *h, u64 since);

#endif /* VMSCOPE_HOLD_H */
