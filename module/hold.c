// SPDX-License-Identifier: GPL-2.0
/* The target's mmap lock: taken for reading, for a bounded time, and accounted. */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "hold.h"
#include "target.h"

#define HOLD_BUDGET_NS	(200 * NSEC_PER_USEC)

/* Among many processes one that has its lock taken must not hold up the rest. */
static int lock_in_time(struct mm_struct *mm, u64 patience_ns)
{
	u64 since = ktime_get_ns();

	while (!mmap_read_trylock(mm)) {
		if (ktime_get_ns() - since > patience_ns)
			return -EBUSY;
		if (fatal_signal_pending(current))
			return -EINTR;
		usleep_range(50, 200);
	}
	return 0;
}

/**
 * hold_take() - take the lock, and keep the memory from going away
 * @h: not held
 *
 * Return: 0, -ESTALE where the process has exited or called exec, -EINTR where
 * the caller is to die, -EBUSY where its patience is at an end.
 */
int hold_take(struct hold *h)
{
	int err;

	if (!target_hold(h->target))
		return -ESTALE;
	err = h->patience_ns ? lock_in_time(h->target->mm, h->patience_ns) :
			       mmap_read_lock_killable(h->target->mm);
	if (err) {
		target_release(h->target);
		return err;
	}
	h->since = ktime_get_ns();
	h->stats.holds++;
	return 0;
}

/**
 * hold_drop() - let go of the lock, and of the CPU if somebody wants it
 * @h: held
 */
void hold_drop(struct hold *h)
{
	u64 ns;

	mmap_read_unlock(h->target->mm);
	ns = ktime_get_ns() - h->since;
	h->stats.hold_max_ns = max(h->stats.hold_max_ns, ns);
	h->stats.hold_total_ns += ns;
	target_release(h->target);
	cond_resched();
}

/**
 * hold_is_over() - has the lock been held long enough?
 * @h: held
 *
 * Return: true after HOLD_BUDGET_NS, or as soon as somebody waits for the lock.
 */
bool hold_is_over(const struct hold *h)
{
	return mmap_lock_is_contended(h->target->mm) ||
	       ktime_get_ns() - h->since > HOLD_BUDGET_NS;
}

/**
 * hold_irqs_off() - note that interrupts have just gone off
 *
 * Return: for hold_irqs_on().
 */
u64 hold_irqs_off(void)
{
	return ktime_get_ns();
}

/**
 * hold_irqs_on() - note that they are about to go on again
 * @h: accounted to
 * @since: of hold_irqs_off()
 */
void hold_irqs_on(struct hold *h, u64 since)
{
	u64 ns = ktime_get_ns() - since;

	h->stats.irqs_off_max_ns = max(h->stats.irqs_off_max_ns, ns);
}
