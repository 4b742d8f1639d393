/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_PLACE_H
#define VMSCOPE_PLACE_H

#include <linux/mm.h>
#include <linux/spinlock.h>
#include "decode.h"

/**
 * struct place - a page table, and how the walk got there
 * @table: its entries
 * @parent: the entry that leads to it, NULL for the top table
 * @parent_raw: as it was read
 * @depth: levels above it
 * @level: enum vmscope_level_nr
 * @shift: log2 of the bytes that one of its entries spans
 */
struct place {
	u64 *table;
	u64 *parent;
	u64 parent_raw;
	u8 depth;
	u8 level;
	u8 shift;
};

/**
 * place_read() - an entry as the CPU would see it
 * @entry: where it stands
 *
 * Read once; Xen PV guests store machine frames, which pte_val() turns back.
 *
 * Return: the 64 bits.
 */
static inline u64 place_read(const u64 *entry)
{
	return pte_val(READ_ONCE(*(const pte_t *)entry));
}

static inline unsigned int place_index(const struct place *p, u64 addr)
{
	return (addr >> p->shift) & (DECODE_TABLE_ENTRIES - 1);
}

static inline u64 *place_entry(const struct place *p, u64 addr)
{
	return p->table + place_index(p, addr);
}

/* First address after the one that the entry for @addr spans. */
static inline u64 place_next(const struct place *p, u64 addr)
{
	return ((addr >> p->shift) + 1) << p->shift;
}

/* First address after the ones that the table for @addr spans. */
static inline u64 place_end(const struct place *p, u64 addr)
{
	u8 shift = p->shift + ilog2(DECODE_TABLE_ENTRIES);

	return ((addr >> shift) + 1) << shift;
}

void place_top(struct place *p, const struct mm_struct *mm);
void place_below(struct place *p, u64 *entry, u64 raw, u64 pfn);
u64 place_empty(const u64 *entry, u64 n);
u64 place_next_used(const struct place *p, u64 addr);
bool place_holds_leaves(const struct place *p);
spinlock_t *place_lock(struct mm_struct *mm, const struct place *p, u64 addr);
bool place_is_current(const struct place *p);
bool place_is_shared(const struct place *p, struct vm_area_struct *vma);

#endif /* VMSCOPE_PLACE_H */
