/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_FRAME_H
#define VMSCOPE_FRAME_H

#include "entry.h"

/**
 * struct frame - what the kernel knows of one frame
 * @kpageflags: the 64 bits that /proc/kpageflags has for it
 * @mapcount: times it is mapped, in all processes
 * @refcount: references held on its folio
 * @node: NUMA node
 */
struct frame {
	u64 kpageflags;
	u32 mapcount;
	u32 refcount;
	u16 node;
};

bool frame_read(u64 pfn, bool huge_zero, struct frame *f);
bool frame_is_huge_zero(const struct entry *e);
void frame_describe(u64 pfn, struct vmscope_frame *d);

#endif /* VMSCOPE_FRAME_H */
