/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_ENTRY_H
#define VMSCOPE_ENTRY_H

#include "decode.h"

struct vm_area_struct;

/*
 * The most base pages that one entry handed out covers, and that are dealt with
 * in one hold of a page-table lock: some 100 us under emulation, where each one's
 * struct page is looked at.
 */
#define ENTRY_PAGES_MAX	128

/**
 * struct entry - a populated page-table entry, as the walker hands it out; or a
 *	stretch of PTEs that are alike, each with the frame after the last one's
 * @vaddr: first virtual address that it translates, within the range asked for
 * @vma_start: start of the VMA it lies in
 * @npages: base pages that it covers from @vaddr on, within VMA and range; at
 *	most ENTRY_PAGES_MAX, a larger leaf comes in several pieces
 * @raw: the first one's 64 bits, read once under the page-table lock
 * @d: what they mean; @d.pfn is the frame of @vaddr, also inside a leaf above
 *	the PTE level
 * @level: enum vmscope_level_nr
 * @page_shift: log2 of the bytes that one entry of this level maps
 * @continues: the same leaf's earlier piece was handed out just before
 * @normal: a PTE by which a page is mapped as any page is, and counted: it has a
 *	struct page, which stays for as long as the lock is held
 * @anon_vma: the VMA has no file behind it
 * @shared_table: hugetlb has several processes use the table that it stands in;
 *	the frame's map count has them as one
 */
struct entry {
	u64 vaddr;
	u64 vma_start;
	u64 npages;
	u64 raw;
	struct decoded d;
	u8 level;
	u8 page_shift;
	bool continues;
	bool normal;
	bool anon_vma;
	bool shared_table;
};

/* The 64 bits that page @i of an entry has. */
static inline u64 entry_raw(const struct entry *e, u64 i)
{
	return e->level == VMSCOPE_LEVEL_PTE ?
	       e->raw + (i << DECODE_BASE_SHIFT) : e->raw;
}

/**
 * struct sink - where a walk's VMAs and entries go
 * @vma: the walk enters a VMA (again, after it let go of the mmap lock);
 *	returns false where there is no room: the walk stops and a later one
 *	comes back to this VMA. Under the mmap lock; must not sleep for long.
 *	May be NULL.
 * @take: takes an entry; returns how many of its base pages it has dealt
 *	with. Fewer than @npages means full: the walk stops and a later one goes
 *	on with the first page not taken.
 *
 * @take is called under the entry's page-table lock with preemption off, so
 * that the frame stays mapped here meanwhile: it must not sleep, and must do
 * no more than a bounded amount of work a page.
 */
struct sink {
	bool (*vma)(struct sink *sink, struct vm_area_struct *vma);
	u64 (*take)(struct sink *sink, const struct entry *e);
};

#endif /* VMSCOPE_ENTRY_H */
