/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_TRAIL_H
#define VMSCOPE_TRAIL_H

#include "entry.h"
#include "hold.h"

/**
 * struct trail - every entry on the way to one address
 * @nr: levels read, from the top
 * @level: the entries
 * @state: enum vmscope_state that the translation ends in
 * @why: VMSCOPE_WHY_TEARDOWN where a table was there that may not be entered
 */
struct trail {
	u8 nr;
	struct vmscope_level level[VMSCOPE_LEVELS_MAX];
	u8 state;
	u8 why;
};

int trail_user(struct trail *trail, struct hold *h, u64 vaddr,
	       struct sink *sink);
int trail_kernel(struct trail *trail, struct hold *h, u64 vaddr,
		 struct sink *sink);
u64 trail_user_entry(const struct hold *h, u64 vaddr);

#endif /* VMSCOPE_TRAIL_H */
