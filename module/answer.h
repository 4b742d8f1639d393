/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_ANSWER_H
#define VMSCOPE_ANSWER_H

#include "trail.h"
#include "vmas.h"

struct target;

/**
 * struct answer - everything about one address
 * @trail: every level
 * @page: the one base page that the address lies in
 * @vma: the VMA that covers it, where @has_vma
 * @has_vma: one does
 * @user_entry: for the kernel half: what user mode's own top table has for it
 * @has_user_entry: there is such a table, page-table isolation being on
 * @stats: what the walk has cost
 */
struct answer {
	struct trail trail;
	struct vmscope_page page;
	struct vma_desc vma;
	bool has_vma;
	u64 user_entry;
	bool has_user_entry;
	struct vmscope_stats stats;
};

int answer_address(struct answer *a, const struct target *t, u64 addr);

#endif /* VMSCOPE_ANSWER_H */
