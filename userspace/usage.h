/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much memory a process uses, counted as the kernel's own smaps does, from
 * the frames that it maps.
 */
#ifndef VMSCOPE_USAGE_H
#define VMSCOPE_USAGE_H

#include "model.h"

/* A page's share has so many bits behind the point, as in smaps. */
#define USAGE_SHIFT	12

/**
 * struct usage - sums over the pages of a process
 * @rss: pages that it maps
 * @uss: those that nothing else maps
 * @pss: bytes: of each page one part in as many as map it; << USAGE_SHIFT
 * @estimated: this kernel does not count the mappings of each page: @uss and
 *	@pss are only near
 */
struct usage {
	__u64 rss;
	__u64 uss;
	__u64 pss;
	bool estimated;
};

/**
 * usage_add() - count a run of pages
 * @u: the sums
 * @page: the pages; of a leaf above the PTE level each page for itself
 *	(MODE_SPLIT)
 * @page_shift: log2 of the base page size
 */
void usage_add(struct usage *u, const struct page *page,
	       unsigned int page_shift);

#endif /* VMSCOPE_USAGE_H */
