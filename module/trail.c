// SPDX-License-Identifier: GPL-2.0
/* Every level on the way to one address. */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "env.h"
#include "trail.h"
#include "place.h"
#include "target.h"

/*
 * How long an address is looked at before giving up on a moving target; after
 * the first tries with pauses, since whoever has the lock may need this CPU.
 */
#define TRAIL_BUDGET_NS	(2 * NSEC_PER_SEC)
#define TRAIL_QUICK_TRIES	64

/*
 * Before a try; after the first one with nothing held. @since is when that began; 0:
 * nobody has noted it, and it counts from here on. False: give up.
 */
static bool may_retry(const struct hold *h, u64 *since, int tries)
{
	u64 budget = h->patience_ns ? h->patience_ns : TRAIL_BUDGET_NS;

	if (!tries)
		return true;
	if (!*since)
		*since = ktime_get_ns();
	if (ktime_get_ns() - *since > budget)
		return false;
	if (tries > TRAIL_QUICK_TRIES)
		usleep_range(50, 200);
	return true;
}

/*
 * How many levels, from the top, may be entered for an address? All of those
 * whose table a live VMA reaches into; the mmap lock then keeps them.
 */
static u8 levels_pinned(struct mm_struct *mm, u64 addr)
{
	struct vm_area_struct *vma;
	u64 size, base;
	u8 depth;

	for (depth = 1; depth < env.paging.nr; depth++) {
		size = 1ULL << env.paging.level[depth - 1].shift;
		base = addr & ~(size - 1);
		vma = find_vma(mm, base);
		if (!vma || vma->vm_start >= base + size)
			break;
	}
	return depth;
}

static void add_level(struct trail *trail, const struct place *p, u64 addr,
		      u64 raw, const struct decoded *d)
{
	trail->level[trail->nr++] = (struct vmscope_level){
		.entry_paddr = virt_to_phys(place_entry(p, addr)),
		.entry = raw,
		.flags = d->flags,
		.index = place_index(p, addr),
		.level = p->level,
	};
}

/* Is all above the last entry as it was read? Interrupts are off. */
static bool is_current(const struct trail *trail)
{
	u8 i;

	for (i = 0; i + 1 < trail->nr; i++)
		if (place_read(__va(trail->level[i].entry_paddr)) !=
		    trail->level[i].entry)
			return false;
	return true;
}

/*
 * Read the tables down to where the address is decided. Interrupts are off, so
 * that all that was read is still there; the last entry is for show until it
 * has been read again under its lock.
 */
static void read_levels(struct trail *trail, struct place *p,
			struct mm_struct *mm, u64 addr, u8 pinned)
{
	struct decoded d;
	u64 *entry, raw;

	trail->nr = 0;
	trail->why = VMSCOPE_WHY_KNOWN;
	place_top(p, mm);
	for (;;) {
		entry = place_entry(p, addr);
		raw = place_read(entry);
		decode_entry(&env.decode, p->level, raw, &d);
		add_level(trail, p, addr, raw, &d);
		if (p->level == VMSCOPE_LEVEL_PTE || !decoded_is_table(&d))
			return;
		if (trail->nr == pinned) {
			trail->why = VMSCOPE_WHY_TEARDOWN;
			return;
		}
		place_below(p, entry, raw, d.pfn);
	}
}

/* Hand out the one page that the address lies in. */
static void emit(const struct place *p, u64 vaddr, u64 raw,
		 const struct decoded *d, struct vm_area_struct *vma,
		 struct sink *sink)
{
	u64 inside = (vaddr & ((1ULL << p->shift) - 1)) >> PAGE_SHIFT;
	struct entry e = {
		.vaddr = vaddr,
		.vma_start = vma ? vma->vm_start : 0,
		.npages = 1,
		.raw = raw,
		.d = *d,
		.level = p->level,
		.page_shift = p->shift,
		.anon_vma = vma && !vma->vm_ops,
		.shared_table = vma && place_is_shared(p, vma),
		.normal = vma && p->level == VMSCOPE_LEVEL_PTE &&
			  d->state == VMSCOPE_STATE_PRESENT &&
			  !(d->flags & VMSCOPE_FLAG_SPECIAL),
	};

	if (d->pfn != VMSCOPE_PFN_NONE)
		e.d.pfn += inside;
	sink->take(sink, &e);
}

/* The last entry again, under its lock. False: it leads further down now. */
static bool settle(struct trail *trail, const struct place *p, u64 vaddr,
		   struct vm_area_struct *vma, struct sink *sink)
{
	struct vmscope_level *last = &trail->level[trail->nr - 1];
	struct decoded d;

	last->entry = place_read(place_entry(p, vaddr));
	decode_entry(&env.decode, p->level, last->entry, &d);
	last->flags = d.flags;
	trail->state = d.state;
	if (!vma) {
		trail->state = VMSCOPE_STATE_UNMAPPED;
		return true;
	}
	if (p->level != VMSCOPE_LEVEL_PTE && decoded_is_table(&d))
		return false;
	if (d.state != VMSCOPE_STATE_NONE)
		emit(p, vaddr, last->entry, &d, vma, sink);
	return true;
}

/* One try at one address. False: it changed, or its lock was taken. */
static bool try_user(struct trail *trail, struct hold *h, u64 vaddr,
		     struct vm_area_struct *vma, struct sink *sink)
{
	struct mm_struct *mm = h->target->mm;
	/* A VMA that covers the address pins all of them. */
	u8 pinned = vma ? env.paging.nr : levels_pinned(mm, vaddr);
	unsigned long flags;
	spinlock_t *lock;	/* of the table that the walk ends in */
	struct place p;
	bool settled;
	u64 since;

	local_irq_save(flags);
	since = hold_irqs_off();
	read_levels(trail, &p, mm, vaddr, pinned);
	lock = place_lock(mm, &p, vaddr);
	if (!spin_trylock(lock))
		goto retry;
	if (!is_current(trail)) {
		spin_unlock(lock);
		goto retry;
	}
	hold_irqs_on(h, since);
	local_irq_restore(flags);

	settled = settle(trail, &p, vaddr, vma, sink);
	spin_unlock(lock);
	return settled;

retry:
	hold_irqs_on(h, since);
	local_irq_restore(flags);
	return false;
}

/**
 * trail_user() - read every level on the way to an address of the user half
 * @trail: filled
 * @h: a walk's start with its target; held only where it is kept, and then it may
 *	still be when this returns
 * @vaddr: page-aligned
 * @sink: @sink->vma gets the VMA that covers the address, or NULL, @sink->take
 *	its entry where one is installed; the last call counts
 *
 * Where no VMA covers the address the tables are read as far as the VMAs around
 * it keep them from being freed.
 *
 * Return: 0, -EINTR, -ESTALE, -EAGAIN where the entry kept changing, -EBUSY as
 * hold_take().
 */
int trail_user(struct trail *trail, struct hold *h, u64 vaddr,
	       struct sink *sink)
{
	struct vm_area_struct *vma;
	bool done = false;
	int tries, err;
	u64 since = 0;

	for (tries = 0; !done && may_retry(h, &since, tries); tries++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		/* A lock that was kept is asked for again where that fails. */
		if (!h->held) {
			err = hold_take(h);
			if (err)
				return err;
			if (!since)
				since = h->asked;
		}
		vma = find_vma(h->target->mm, vaddr);
		if (vma && vma->vm_start > vaddr)
			vma = NULL;
		sink->vma(sink, vma);
		done = try_user(trail, h, vaddr, vma, sink);
		h->stats.retries += !done;
		if (!done || !h->keep || hold_is_over(h))
			hold_drop(h);
	}
	return done ? 0 : -EAGAIN;
}

/*
 * No lock of ours covers the kernel's own tables. They are hardly ever freed:
 * when vmalloc() puts a huge mapping where small ones were, and when memory is
 * unplugged. On CPUs that are told by interrupts to flush their TLB the former
 * waits for interrupts to be on; on others nothing does. So reads may fail, and
 * what was read counts only where all of it reads the same again.
 */
static bool read_kernel_entry(const u64 *entry, u64 *raw)
{
	pte_t pte;

	if (copy_from_kernel_nofault(&pte, entry, sizeof(pte)))
		return false;
	*raw = pte_val(pte);
	return true;
}

static bool read_kernel_levels(struct trail *trail, struct place *p,
			       struct mm_struct *mm, u64 addr,
			       struct decoded *d)
{
	u64 *entry, raw;

	trail->nr = 0;
	trail->why = VMSCOPE_WHY_KNOWN;
	place_top(p, mm);
	for (;;) {
		entry = place_entry(p, addr);
		if (!read_kernel_entry(entry, &raw))
			return false;
		decode_entry(&env.decode, p->level, raw, d);
		/*
		 * What is not present here is no swap entry: memory taken out
		 * of the direct map (secretmem) leaves all but one bit.
		 */
		if (!(d->flags & VMSCOPE_FLAG_PRESENT))
			*d = (struct decoded){
				.pfn = VMSCOPE_PFN_NONE,
				.state = VMSCOPE_STATE_UNMAPPED,
			};
		add_level(trail, p, addr, raw, d);
		if (p->level == VMSCOPE_LEVEL_PTE || !decoded_is_table(d))
			return true;
		place_below(p, entry, raw, d->pfn);
	}
}

static bool reads_the_same(const struct trail *trail)
{
	u64 raw;
	u8 i;

	for (i = 0; i < trail->nr; i++)
		if (!read_kernel_entry(__va(trail->level[i].entry_paddr),
				       &raw) || raw != trail->level[i].entry)
			return false;
	return true;
}

/**
 * trail_kernel() - read every level on the way to an address of the kernel half
 * @trail: filled
 * @h: its target's own table is read; no lock of the target is needed
 * @vaddr: page-aligned
 * @sink: @sink->take gets the entry where one is installed, with preemption off
 *
 * Return: 0, -EINTR, -ESTALE, or -EAGAIN where the entry kept changing.
 */
int trail_kernel(struct trail *trail, struct hold *h, u64 vaddr,
		 struct sink *sink)
{
	struct decoded d;
	struct place p;
	unsigned long flags;
	bool done = false;
	u64 start = ktime_get_ns(), since;
	int tries;

	for (tries = 0; !done && may_retry(h, &start, tries); tries++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!target_hold(h->target))
			return -ESTALE;
		preempt_disable();
		local_irq_save(flags);
		since = hold_irqs_off();
		done = read_kernel_levels(trail, &p, h->target->mm, vaddr, &d) &&
		       reads_the_same(trail);
		hold_irqs_on(h, since);
		local_irq_restore(flags);
		/* Nothing keeps the frame: look at it at once. */
		if (done && d.state == VMSCOPE_STATE_PRESENT)
			emit(&p, vaddr, trail->level[trail->nr - 1].entry, &d,
			     NULL, sink);
		preempt_enable();
		h->stats.retries += !done;
		target_release(h->target);
	}
	if (!done)
		return -EAGAIN;
	trail->state = d.state;
	return 0;
}

/**
 * trail_user_entry() - what user mode's own top table has for an address
 * @h: its target's tables; the memory need not be held
 * @vaddr: any
 *
 * Under page-table isolation a process has two top tables side by side: the
 * kernel's, and the one that the CPU uses in user mode. The pages live as long as
 * the struct mm_struct.
 *
 * Return: the entry.
 */
u64 trail_user_entry(const struct hold *h, u64 vaddr)
{
	struct place p;

	place_top(&p, h->target->mm);
	return place_read(place_entry(&p, vaddr) + DECODE_TABLE_ENTRIES);
}
