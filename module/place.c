// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of the tree: how to get from one to the next, and which lock is whose.
 *
 * What keeps a table from being freed while it is read:
 *
 *   mmap lock, for reading	keeps VMAs, and with them every table that a live
 *			VMA reaches into: free_pgtables() frees a table only
 *			once no VMA is left in the range it covers, and takes
 *			the VMAs out under the mmap lock for writing. So a table
 *			is entered only while a live VMA needs it.
 *   interrupts off	from the first table on. Two kinds of table go away
 *			under a live VMA: PTE tables (khugepaged retracts them,
 *			and from 6.12 on without the mmap lock; from 7.x on
 *			empty ones are freed as well) and PMD tables that
 *			hugetlb shares. Both are freed only after every CPU has
 *			had interrupts on: through RCU, for which this is a
 *			read side, or after tlb_remove_table_sync_one().
 *   page-table lock	of the table that the entries are read from. It is only
 *			ever *tried* while interrupts are off: its holder may
 *			be waiting for this very CPU to answer a TLB flush.
 *			Once it is held and the entry that leads to the table
 *			is seen unchanged (place_is_current()) the table stays,
 *			interrupts go on again, and the frames found stay
 *			mapped.
 *
 * Each upper entry is read once into a local, and the next table found from
 * that. An empty entry at a level that can hold leaves counts only when seen
 * under the lock: some changes (splitting the huge zero page, hugetlb's copy
 * on write) clear an entry for a moment before they set the new one.
 */
#include "compat.h"
#include "env.h"
#include "place.h"

static void place_at(struct place *p, u8 depth)
{
	p->depth = depth;
	p->level = env.paging.level[depth].level;
	p->shift = env.paging.level[depth].shift;
}

/**
 * place_top() - the table that the CPU's root register points to
 * @p: filled
 * @mm: whose memory
 */
void place_top(struct place *p, const struct mm_struct *mm)
{
	*p = (struct place){ .table = (u64 *)mm->pgd };
	place_at(p, 0);
}

/**
 * place_below() - go down to the table that an entry leads to
 * @p: the table that it stands in; becomes the one below
 * @entry: where it stands
 * @raw: as it was read
 * @pfn: the frame that it names
 */
void place_below(struct place *p, u64 *entry, u64 raw, u64 pfn)
{
	p->table = __va(pfn << PAGE_SHIFT);
	p->parent = entry;
	p->parent_raw = raw;
	place_at(p, p->depth + 1);
}

/**
 * place_empty() - how many entries are zero?
 * @entry: the first of them
 * @n: so many are there
 *
 * What is not zero is to be read by place_read().
 *
 * Return: how many, from the first on; there may be more that are empty.
 */
u64 place_empty(const u64 *entry, u64 n)
{
	u64 i;

	/* Tables are mostly empty: eight at a time, for what that saves. */
	for (i = 0; i + 8 <= n; i += 8, entry += 8)
		if (READ_ONCE(entry[0]) | READ_ONCE(entry[1]) |
		    READ_ONCE(entry[2]) | READ_ONCE(entry[3]) |
		    READ_ONCE(entry[4]) | READ_ONCE(entry[5]) |
		    READ_ONCE(entry[6]) | READ_ONCE(entry[7]))
			break;
	while (i < n && !READ_ONCE(*entry++))
		i++;
	return i;
}

/**
 * place_next_used() - where does an entry end, and those that are empty after it?
 * @p: the table
 * @addr: in the entry
 *
 * A table has few enough entries to be read through with interrupts off.
 *
 * Return: the first address of a later entry, all before which are empty, or the
 * table's end.
 */
u64 place_next_used(const struct place *p, u64 addr)
{
	u64 next = place_next(p, addr);
	u64 left = (place_end(p, addr) - next) >> p->shift;

	return next + (place_empty(place_entry(p, addr) + 1, left) << p->shift);
}

/**
 * place_holds_leaves() - can entries of this table name frames?
 * @p: the table
 *
 * Return: true from the PUD down.
 */
bool place_holds_leaves(const struct place *p)
{
	return p->level <= VMSCOPE_LEVEL_PUD;
}

/**
 * place_is_shared() - is the table one that several processes share?
 * @p: the table, locked
 * @vma: what it is walked for
 *
 * Return: true where it is one of a hugetlb mapping that they do share.
 */
bool place_is_shared(const struct place *p, struct vm_area_struct *vma)
{
	return p->level == VMSCOPE_LEVEL_PMD && is_vm_hugetlb_page(vma) &&
	       hugetlb_pmd_shared((pte_t *)p->table);
}

/**
 * place_lock() - the lock that covers changes of a table's entries
 * @mm: whose memory
 * @p: the table
 * @addr: an address that it spans
 *
 * The lock is part of the table's struct page: interrupts are off.
 *
 * Return: the lock.
 */
spinlock_t *place_lock(struct mm_struct *mm, const struct place *p, u64 addr)
{
	pmd_t pmd;

	switch (p->level) {
	case VMSCOPE_LEVEL_PTE:
		pmd = __pmd(p->parent_raw);
		return pte_lockptr(mm, &pmd);
	case VMSCOPE_LEVEL_PMD:
		return pmd_lockptr(mm, (pmd_t *)place_entry(p, addr));
	default:
		return &mm->page_table_lock;
	}
}

/**
 * place_is_current() - does the tree still lead to this table?
 * @p: the table
 *
 * Asked with the table's lock held and interrupts off, which must stay off
 * until the lock of a table that has been taken out of the tree is let go of
 * again: lock and table are freed together.
 *
 * Return: true where it does.
 */
bool place_is_current(const struct place *p)
{
	return !p->parent || place_read(p->parent) == p->parent_raw;
}
