/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_RUNS_H
#define VMSCOPE_RUNS_H

#include "entry.h"
#include "frame.h"

/**
 * struct runs_filter - which entries become records, and how
 * @mode: VMSCOPE_MODE_*
 * @states: mask of 1 << enum vmscope_state
 * @flags_set: VMSCOPE_FLAG_* that must all be set
 * @flags_clear: VMSCOPE_FLAG_* of which none may be
 */
struct runs_filter {
	u32 mode;
	u32 states;
	u32 flags_set;
	u32 flags_clear;
};

#define RUNS_FILTER_ALL	((struct runs_filter){ .states = ~0U })

/**
 * struct runs - a sink that makes page records, and runs of them
 * @sink: give this to the walk
 * @filter: as asked for
 * @buf: room for records; may be exchanged between two parts of a walk
 * @max: how many records @buf holds
 * @nr: how many it has got
 * @pending: the run that is still growing; it lives on from part to part, so
 *	that where parts end does not show
 * @pending_vma: start of the VMA that it lies in
 * @has_pending: there is one
 * @frame: looked at last
 */
struct runs {
	struct sink sink;
	struct runs_filter filter;
	struct vmscope_page *buf;
	u32 max;
	u32 nr;
	struct vmscope_page pending;
	u64 pending_vma;
	bool has_pending;
	struct frame frame;
};

int runs_init(struct runs *r, const struct runs_filter *filter);
void runs_use(struct runs *r, struct vmscope_page *buf, u32 max);
bool runs_finish(struct runs *r);

#endif /* VMSCOPE_RUNS_H */
