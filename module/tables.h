/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_TABLES_H
#define VMSCOPE_TABLES_H

#include "decode.h"
#include "hold.h"

struct target;

/**
 * struct tables - how many page tables an address space has
 * @nr: levels in use
 * @level: from the top, @nr are valid
 * @total: all together
 * @stats: what counting them has cost
 */
struct tables {
	u8 nr;
	struct vmscope_table level[VMSCOPE_LEVELS_MAX];
	struct vmscope_tables_total total;
	struct vmscope_stats stats;
};

int tables_count(struct tables *t, const struct target *target);

#endif /* VMSCOPE_TABLES_H */
