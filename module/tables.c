// SPDX-License-Identifier: GPL-2.0
/* Page tables by level: how many, and how full. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include "env.h"
#include "fingerprint.h"
#include "place.h"
#include "tables.h"
#include "target.h"

/**
 * struct count - a count under way
 * @hold: the mmap lock
 * @cursor: first address not dealt with yet
 * @fresh: by depth: the first address whose table has not been counted
 * @fingerprint: of all VMAs
 * @t: the result
 */
struct count {
	struct hold hold;
	u64 cursor;
	u64 fresh[VMSCOPE_LEVELS_MAX];
	struct fingerprint fingerprint;
	struct tables *t;
};

static void count_table(struct count *c, const struct place *p)
{
	struct vmscope_table *level = &c->t->level[p->depth];
	unsigned int i, n = DECODE_TABLE_ENTRIES;

	if (c->cursor < c->fresh[p->depth])
		return;
	c->fresh[p->depth] = place_end(p, c->cursor);
	level->tables++;
	/* The top table's upper half is the kernel's, the same for everybody. */
	if (!p->depth)
		n /= 2;
	for (i = 0; i < n; i++)
		level->used += !decode_none(place_read(p->table + i));
}

/*
 * Count the tables on the way down to @c->cursor that are new. Interrupts are
 * off. Returns true with @p a PTE table, which is counted under its lock; false
 * where nothing is below the level that was reached: the cursor has moved.
 */
static bool descend(struct count *c, const struct vm_area_struct *vma,
		    struct place *p)
{
	struct decoded d;
	u64 *entry, raw;

	place_top(p, c->hold.target->mm);
	while (p->level != VMSCOPE_LEVEL_PTE) {
		count_table(c, p);
		entry = place_entry(p, c->cursor);
		raw = place_read(entry);
		decode_entry(&env.decode, p->level, raw, &d);
		if (decoded_is_table(&d)) {
			place_below(p, entry, raw, d.pfn);
			continue;
		}
		/* An anonymous huge page has a PTE table put by for its split. */
		if (p->level == VMSCOPE_LEVEL_PMD && !vma->vm_ops &&
		    d.state != VMSCOPE_STATE_NONE)
			c->t->total.deposited++;
		/*
		 * To come down to each from the top would take minutes where
		 * much is mapped and little is there.
		 */
		c->cursor = place_next_used(p, c->cursor);
		return false;
	}
	return true;
}

static void count_step(struct count *c, const struct vm_area_struct *vma)
{
	struct mm_struct *mm = c->hold.target->mm;
	unsigned long flags;
	spinlock_t *lock;	/* of the PTE table */
	struct place p;
	u64 since;

	local_irq_save(flags);
	since = hold_irqs_off();
	if (!descend(c, vma, &p))
		goto irqs_on;
	lock = place_lock(mm, &p, c->cursor);
	if (!spin_trylock(lock))
		goto retry;
	if (!place_is_current(&p)) {
		spin_unlock(lock);
		goto retry;
	}
	hold_irqs_on(&c->hold, since);
	local_irq_restore(flags);

	count_table(c, &p);
	spin_unlock(lock);
	c->cursor = place_end(&p, c->cursor);
	return;

retry:
	c->hold.stats.retries++;
irqs_on:
	hold_irqs_on(&c->hold, since);
	local_irq_restore(flags);
}

/* As far as one hold of the mmap lock goes. */
static void count_hold(struct count *c)
{
	struct mm_struct *mm = c->hold.target->mm;
	struct vm_area_struct *vma;

	do {
		vma = find_vma(mm, c->cursor);
		if (!vma) {
			c->cursor = env.user_end;
			break;
		}
		c->cursor = max_t(u64, c->cursor, vma->vm_start);
		count_step(c, vma);
	} while (c->cursor < env.user_end && !hold_is_over(&c->hold));
	c->t->total.accounted_bytes = mm_pgtables_bytes(mm);
}

/**
 * tables_count() - count the page tables of the user half
 * @t: filled
 * @target: bound
 *
 * May sleep. The tables are counted in parts, as a walk is made.
 *
 * Return: 0, the errors of hold_take() and hold_went_on().
 */
int tables_count(struct tables *t, const struct target *target)
{
	struct count c = { .hold.target = target, .t = t };
	u64 from;
	int err;
	u8 i;

	*t = (struct tables){ .nr = env.paging.nr };
	for (i = 0; i < t->nr; i++)
		t->level[i].level = env.paging.level[i].level;
	err = fingerprint_check(&c.fingerprint, &c.hold, 0, env.user_end);
	while (!err && c.cursor < env.user_end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = hold_take(&c.hold);
		if (err)
			return err;
		from = c.cursor;
		count_hold(&c);
		hold_drop(&c.hold);
		err = hold_went_on(&c.hold, c.cursor != from);
	}
	if (!err)
		err = fingerprint_check(&c.fingerprint, &c.hold, 0,
					env.user_end);
	t->stats = c.hold.stats;
	return err;
}
