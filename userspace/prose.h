/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walk, told in words: for people, where columns would say too little.
 */
#ifndef VMSCOPE_PROSE_H
#define VMSCOPE_PROSE_H

#include "columns.h"
#include "symbols.h"

/**
 * struct walk_row - a walk, and what showing it needs besides
 * @walk: the walk
 * @page: its page, with what that needs
 * @page_shift: log2 of the base page size
 * @name: what the mapped file says of the address; NULL: it was not asked
 */
struct walk_row {
	const struct walk *walk;
	struct page_row page;
	unsigned int page_shift;
	const struct symbol_name *name;
};

/**
 * walk_offset() - of the address in its page
 * @row: the walk
 *
 * Return: bytes.
 */
__u64 walk_offset(const struct walk_row *row);

/**
 * walk_paddr() - what the address translates to
 * @row: the walk; its page has a PFN
 *
 * Return: the physical address.
 */
__u64 walk_paddr(const struct walk_row *row);

/**
 * prose_walk() - print a walk
 * @row: the walk
 * @first: nothing has been printed before
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int prose_walk(const struct walk_row *row, bool first, struct error *err);

#endif /* VMSCOPE_PROSE_H */
