// SPDX-License-Identifier: GPL-2.0
/*
 * The walker: a range of one address space -> a stream of entries. place.c says
 * what keeps the tables in place meanwhile.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "compat.h"
#include "env.h"
#include "place.h"
#include "target.h"
#include "walk.h"

/* How long one call may take; a reader of a dump can be killed in between. */
#define PART_BUDGET_NS	(20 * NSEC_PER_MSEC)

/*
 * Descend from the top towards @w->cursor, skipping what is empty at the levels
 * that hold only tables. Interrupts are off.
 *
 * Return: true with @p a table whose lock is to be taken; false where there is
 * nothing up to @w->cursor, which has moved.
 */
static bool descend(struct walk *w, u64 end, struct place *p)
{
	u64 *entry, raw, pfn;

	place_top(p, w->hold.target->mm);
	while (p->level != VMSCOPE_LEVEL_PTE) {
		entry = place_entry(p, w->cursor);
		raw = place_read(entry);
		if (decode_table(&env.decode, p->level, raw, &pfn)) {
			place_below(p, entry, raw, pfn);
			continue;
		}
		if (place_holds_leaves(p))
			return true;
		w->cursor = min(end, place_next(p, w->cursor));
		return false;
	}
	return true;
}

/* So many PTEs, from one that is present on, are alike and name consecutive frames. */
static u64 stretch(const u64 *entry, u64 raw, u64 max)
{
	u64 n = 1;

	while (n < max && decode_follows(place_read(entry + n), raw, n))
		n++;
	return n;
}

/*
 * Hand out the entries of a table of PTEs from @w->cursor up to @end, or so many
 * pages that the lock was held long enough. False: the sink is full.
 */
static bool scan_ptes(struct walk *w, struct vm_area_struct *vma, u64 end,
		      const struct place *p, struct sink *sink)
{
	const u64 *entry = place_entry(p, w->cursor);
	u64 at = w->cursor, budget = ENTRY_PAGES_MAX;
	struct entry e = {
		.vma_start = vma->vm_start,
		.level = p->level,
		.page_shift = p->shift,
		.anon_vma = vma_is_anonymous(vma),
	};
	bool full = false;
	u64 raw, taken, empty;

	while (at < end && budget && !full) {
		raw = place_read(entry);
		if (decode_none(raw)) {
			empty = 1 + place_empty(entry + 1,
						((end - at) >> PAGE_SHIFT) - 1);
			at += empty << PAGE_SHIFT;
			entry += empty;
			continue;
		}
		if (!decode_like(&env.decode, raw, e.raw, &e.d))
			decode_entry(&env.decode, p->level, raw, &e.d);
		e.raw = raw;
		e.vaddr = at;
		e.npages = 1;
		if (raw & DECODE_PRESENT)
			e.npages = stretch(entry, raw,
					   min(budget, (end - at) >> PAGE_SHIFT));
		e.normal = raw & DECODE_PRESENT &&
			   !(e.d.flags & VMSCOPE_FLAG_SPECIAL);
		taken = sink->take(sink, &e);
		at += taken << PAGE_SHIFT;
		entry += taken;
		budget -= taken;
		full = taken < e.npages;
	}
	w->cursor = at;
	return !full;
}

/* Hand out the pages of a large entry from @w->cursor on. False: full. */
static bool emit(struct walk *w, struct vm_area_struct *vma, u64 end,
		 const struct place *p, u64 raw, struct decoded *d,
		 struct sink *sink)
{
	u64 size = 1ULL << p->shift;
	u64 base = w->cursor & ~(size - 1);
	u64 stop = min(end, base + size);
	u64 inside = (w->cursor - base) >> PAGE_SHIFT;
	u64 first = max_t(u64, base, vma->vm_start);
	struct entry e = {
		.vaddr = w->cursor,
		.vma_start = vma->vm_start,
		.npages = min_t(u64, (stop - w->cursor) >> PAGE_SHIFT,
				ENTRY_PAGES_MAX),
		.raw = raw,
		.d = *d,
		.level = p->level,
		.page_shift = p->shift,
		.continues = w->cursor > max(first, w->start),
		.anon_vma = vma_is_anonymous(vma),
		.shared_table = place_is_shared(p, vma),
	};
	u64 taken;

	if (d->pfn != VMSCOPE_PFN_NONE)
		e.d.pfn += inside;
	taken = sink->take(sink, &e);
	w->cursor += taken << PAGE_SHIFT;
	return taken == e.npages;
}

/*
 * As scan_ptes(), of a table of PMDs or PUDs: up to the next entry that leads further
 * down.
 */
static bool scan_leaves(struct walk *w, struct vm_area_struct *vma,
			u64 end, const struct place *p, struct sink *sink)
{
	u64 budget = ENTRY_PAGES_MAX;
	struct decoded d;
	u64 raw, before;

	while (w->cursor < end && budget) {
		raw = place_read(place_entry(p, w->cursor));
		if (decode_none(raw)) {
			w->cursor = min(end, place_next_used(p, w->cursor));
			continue;
		}
		decode_entry(&env.decode, p->level, raw, &d);
		if (decoded_is_table(&d))
			break;
		before = w->cursor;
		if (!emit(w, vma, end, p, raw, &d, sink))
			return false;
		budget -= min(budget, (w->cursor - before) >> PAGE_SHIFT);
	}
	return true;
}

/* One descent and the table it ends in. False: the sink is full. */
static bool walk_table(struct walk *w, struct vm_area_struct *vma,
		       struct sink *sink)
{
	struct mm_struct *mm = w->hold.target->mm;
	u64 end = min_t(u64, w->end, vma->vm_end);
	unsigned long flags;
	spinlock_t *lock;	/* of the table that the walk ends in */
	struct place p;
	u64 since;
	bool more;

	local_irq_save(flags);
	since = hold_irqs_off();
	if (!descend(w, end, &p))
		goto irqs_on;
	lock = place_lock(mm, &p, w->cursor);
	if (!spin_trylock(lock))
		goto retry;
	if (!place_is_current(&p)) {
		spin_unlock(lock);
		goto retry;
	}
	hold_irqs_on(&w->hold, since);
	local_irq_restore(flags);

	end = min(end, place_end(&p, w->cursor));
	more = p.level == VMSCOPE_LEVEL_PTE ?
	       scan_ptes(w, vma, end, &p, sink) :
	       scan_leaves(w, vma, end, &p, sink);
	spin_unlock(lock);
	return more;

retry:
	w->hold.stats.retries++;
irqs_on:
	hold_irqs_on(&w->hold, since);
	local_irq_restore(flags);
	return true;
}

/* As far as one hold of the mmap lock goes. */
static int walk_hold(struct walk *w, struct sink *sink)
{
	struct vm_area_struct *vma = NULL;

	while (w->cursor < w->end) {
		if (!vma || w->cursor >= vma->vm_end) {
			vma = find_vma(w->hold.target->mm, w->cursor);
			if (!vma || vma->vm_start >= w->end) {
				w->cursor = w->end;
				break;
			}
			/*
			 * What was passed of it was another one's then. That may
			 * be undone by the next look at the fingerprint.
			 */
			if (w->cursor > max_t(u64, vma->vm_start, w->start) &&
			    vma->vm_start != w->vma_start)
				w->hold.stats.interrupted++;
			w->vma_start = vma->vm_start;
			w->cursor = max_t(u64, w->cursor, vma->vm_start);
			if (sink->vma && !sink->vma(sink, vma))
				return WALK_FULL;
		}
		if (!walk_table(w, vma, sink))
			return WALK_FULL;
		if (hold_is_over(&w->hold))
			break;
	}
	return 0;
}

/**
 * walk_start() - set up a walk over a range
 * @w: filled
 * @t: bound, must outlive @w
 * @start: first address, page-aligned
 * @end: first address after the range, page-aligned, at most env.user_end
 */
void walk_start(struct walk *w, const struct target *t, u64 start, u64 end)
{
	*w = (struct walk){
		.hold.target = t,
		.start = start,
		.cursor = start,
		.end = end,
	};
}

/**
 * walk_run() - go on with a walk
 * @w: set up
 * @sink: takes what is found
 *
 * May sleep; the target's locks are not held when it returns. Takes and lets go
 * of them as often as it needs to stay within its bounds.
 *
 * Comes back after PART_BUDGET_NS whether or not something was found.
 *
 * Return: 0 at the end of the range, WALK_FULL, the errors of hold_take() and
 * hold_went_on().
 */
int walk_run(struct walk *w, struct sink *sink)
{
	int err, ret = 0;
	u64 since, from;

	if (!fingerprint_is_fresh(&w->fingerprint)) {
		err = fingerprint_check(&w->fingerprint, &w->hold, w->start,
					w->end);
		if (err)
			return err;
	}
	since = ktime_get_ns();
	while (!ret && w->cursor < w->end) {
		if (ktime_get_ns() - since > PART_BUDGET_NS)
			return WALK_FULL;
		if (fatal_signal_pending(current))
			return -EINTR;
		err = hold_take(&w->hold);
		if (err)
			return err;
		from = w->cursor;
		ret = walk_hold(w, sink);
		hold_drop(&w->hold);
		err = hold_went_on(&w->hold, ret || w->cursor != from);
		if (err)
			return err;
	}
	return ret ? ret : fingerprint_check(&w->fingerprint, &w->hold,
					     w->start, w->end);
}
