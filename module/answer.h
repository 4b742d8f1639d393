/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_ANSWER_H
#define VMSCOPE_ANSWER_H

#include "frame.h"
#include "hold.h"
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
 * @hold: the lock under which it walks, and what that has cost
 * @brief: one of many: @vma is not wanted, and the costs are of all so far
 * @frame: looked at last
 */
struct answer {
	struct trail trail;
	struct vmscope_page page;
	struct vma_desc vma;
	bool has_vma;
	u64 user_entry;
	bool has_user_entry;
	struct hold hold;
	bool brief;
	struct frame frame;
};

struct answer *answer_alloc(bool brief);
void answer_pause(struct answer *a);
int answer_address(struct answer *a, const struct target *t, u64 addr);

#endif /* VMSCOPE_ANSWER_H */
