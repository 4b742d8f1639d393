/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_FRAME_H
#define VMSCOPE_FRAME_H

#include "entry.h"

/**
 * struct frame - what the kernel knows of one frame
 * @kpageflags: as in struct vmscope_page
 * @mapcount: times it is mapped, in all processes
 * @refcount: references held on its folio
 * @node: NUMA node
 * @head_pfn: first frame of its folio: its own where it is not @compound
 * @order: log2 of the folio's pages: 0 where it is not @compound
 * @compound: it is part of a large folio
 * @plain: it is a page by itself, and mapped: the two below decide @kpageflags of
 *	such a page
 * @word: of its struct page: the flags and the node
 * @mapping: the bits of its mapping that say of which kind that is
 */
struct frame {
	u64 kpageflags;
	u32 mapcount;
	u32 refcount;
	u64 head_pfn;
	u16 node;
	u8 order;
	bool compound;
	bool plain;
	unsigned long word;
	unsigned long mapping;
};

/* What the caller knows of a frame. */
enum frame_known {
	FRAME_UNKNOWN,		/* nothing, nor what keeps it as it is */
	FRAME_MAPPED,		/* an entry maps it, whose lock is held */
	FRAME_NORMAL,		/* it is mapped as any page is, and counted */
	FRAME_HUGE_ZERO,	/* it belongs to the huge zero page */
};

bool frame_read(u64 pfn, enum frame_known known, struct frame *f);
u32 frame_mapcount(u64 pfn);
u64 frame_alike(u64 pfn, u64 n, const struct frame *f);
bool frame_is_huge_zero(const struct entry *e);
enum frame_known frame_known(const struct entry *e);
void frame_describe(u64 pfn, struct vmscope_frame *d);

#endif /* VMSCOPE_FRAME_H */
