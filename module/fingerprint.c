// SPDX-License-Identifier: GPL-2.0
/* Has the address space changed since the last look? */
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include "fingerprint.h"
#include "hold.h"
#include "target.h"

/* VMAs looked at between two looks at the clock. */
#define BATCH	64

static u64 mix(u64 hash, const struct vm_area_struct *vma)
{
	hash = hash_64(hash ^ vma->vm_start, 64);
	hash = hash_64(hash ^ vma->vm_end, 64);
	hash = hash_64(hash ^ vma->vm_flags, 64);
	hash = hash_64(hash ^ vma->vm_pgoff, 64);
	return hash_64(hash ^ (unsigned long)vma->vm_file, 64);
}

/* As far as one hold of the mmap lock goes: the first address not looked at. */
static u64 take_some(struct hold *h, u64 start, u64 end, u64 *hash)
{
	struct vm_area_struct *vma;
	unsigned int i;

	do {
		for (i = 0; i < BATCH && start < end; i++) {
			vma = find_vma(h->target->mm, start);
			if (!vma || vma->vm_start >= end)
				return end;
			*hash = mix(*hash, vma);
			start = vma->vm_end;
		}
	} while (start < end && !hold_is_over(h));
	return start;
}

static int take(struct hold *h, u64 start, u64 end, u64 *value)
{
	u64 hash = 0;
	int err;

	while (start < end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = hold_take(h);
		if (err)
			return err;
		start = take_some(h, start, end, &hash);
		hold_drop(h);
	}
	*value = hash;
	return 0;
}

/**
 * fingerprint_check() - look, and count it where something has changed
 * @f: of the last look; zeroed before the first
 * @h: not held
 * @start: of the range
 * @end: of the range
 *
 * To be called before each part of a walk and after the last, so that a change
 * between two parts, or inside one where the mmap lock was dropped, is never
 * missed (unless it has been undone again).
 *
 * Return: 0 with @h->stats.interrupted counted up or not; -EINTR, -ESTALE.
 */
int fingerprint_check(struct fingerprint *f, struct hold *h, u64 start,
		      u64 end)
{
	u64 since = ktime_get_ns();
	u64 value;
	int err = take(h, start, end, &value);

	f->when = ktime_get_ns();
	f->cost = f->when - since;
	if (err)
		return err;
	if (f->taken && value != f->value)
		h->stats.interrupted++;
	f->value = value;
	f->taken = true;
	return 0;
}

/**
 * fingerprint_is_fresh() - is it too early for another look?
 * @f: as last taken
 *
 * A process may have many VMAs and a walk many parts: between two parts a look
 * is worth a tenth of the time, no more. The last one is always taken.
 *
 * Return: true where it is.
 */
bool fingerprint_is_fresh(const struct fingerprint *f)
{
	return f->taken &&
	       ktime_get_ns() - f->when < 10 * f->cost;
}
