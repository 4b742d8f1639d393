/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Columns that more than one command shows.
 */
#ifndef VMSCOPE_COLUMNS_H
#define VMSCOPE_COLUMNS_H

#include "render.h"
#include "swaps.h"

/**
 * struct page_row - a page, and what its columns need besides
 * @page: the page
 * @swaps: the swap areas
 * @whole: a leaf above the PTE level is one row, with the facts of its first
 *	frame
 */
struct page_row {
	const struct page *page;
	const struct swaps *swaps;
	bool whole;
};

/* Of struct page_row: what kind of a frame it is. */
extern const struct columns frame_columns;

/**
 * get_swap() - where a page is in swap
 * @row: struct page_row
 * @v: the value
 */
void get_swap(const void *row, struct value *v);

/**
 * get_node() - the NUMA node of a frame
 * @row: struct page_row
 * @v: the value
 */
void get_node(const void *row, struct value *v);

/**
 * get_mapcount() - how often a frame is mapped
 * @row: struct page_row
 * @v: the value
 */
void get_mapcount(const void *row, struct value *v);

/**
 * get_shared() - pages of it that are mapped more than once, as in smaps
 * @row: struct page_row
 * @v: the value
 */
void get_shared(const void *row, struct value *v);

/**
 * get_exclusive() - pages of it that are mapped only here
 * @row: struct page_row
 * @v: the value
 */
void get_exclusive(const void *row, struct value *v);

/**
 * get_mapcount_exact() - whether that is certain
 * @row: struct page_row
 * @v: the value
 */
void get_mapcount_exact(const void *row, struct value *v);

/**
 * get_refcount() - references to a frame
 * @row: struct page_row
 * @v: the value
 */
void get_refcount(const void *row, struct value *v);

/**
 * get_kpageflags() - a frame's flags as one number
 * @row: struct page_row
 * @v: the value
 */
void get_kpageflags(const void *row, struct value *v);

/**
 * get_frame_flags() - a frame's flags as words
 * @row: struct page_row
 * @v: the value
 */
void get_frame_flags(const void *row, struct value *v);

/* Of struct vma: all, and those that say what it is, without the counts. */
extern const struct columns vma_columns;
extern const struct columns vma_identity_columns;

#endif /* VMSCOPE_COLUMNS_H */
