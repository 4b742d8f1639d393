// SPDX-License-Identifier: GPL-2.0
/* The target's mmap lock: taken for reading, for a bounded time, and accounted. */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "compat.h"
#include "hold.h"
#include "target.h"

#define HOLD_BUDGET_NS	(200 * NSEC_PER_USEC)

/* Whose caller has not said how long it can wait: a dump of one process. */
#define PATIENCE_NS	(10 * NSEC_PER_SEC)

/* After that it stands in line, if the line moves. */
#define QUEUE_AFTER_NS	(10 * NSEC_PER_MSEC)

static u64 patience(const struct hold *h)
{
	return h->patience_ns ? h->patience_ns : PATIENCE_NS;
}

/*
 * Only tried at first: who has the lock may never let go of it, as a reader who
 * waits for a page of a FUSE server that does not answer. A process whose threads
 * map and unmap all the time has it taken whenever it is tried; but then it
 * changes hands, and waiting for one's turn comes to an end.
 */
static int lock_in_time(const struct hold *h)
{
	struct mm_struct *mm = h->target->mm;
	long owner = compat_rwsem_owner(&mm->mmap_lock);
	u64 waited;

	while (!mmap_read_trylock(mm)) {
		/* It is being taken apart, which takes its time. */
		if (!atomic_read(&mm->mm_users))
			return -ESTALE;
		waited = ktime_get_ns() - h->asked;
		if (waited > patience(h))
			return -EBUSY;
		if (!h->patience_ns && waited > QUEUE_AFTER_NS &&
		    compat_rwsem_owner(&mm->mmap_lock) != owner)
			return mmap_read_lock_killable(mm);
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
 * The memory itself is held after the wait: of a process that is killed
 * meanwhile it is freed.
 *
 * Return: 0, -ESTALE where the process has exited or called exec, -EINTR where
 * the caller is to die, -EBUSY where its patience is at an end.
 */
int hold_take(struct hold *h)
{
	int err;

	h->asked = ktime_get_ns();
	err = lock_in_time(h);
	h->since = ktime_get_ns();
	h->waited_ns += h->since - h->asked;
	if (err)
		return err;
	if (!target_hold(h->target)) {
		mmap_read_unlock(h->target->mm);
		return -ESTALE;
	}
	h->held = true;
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

	h->held = false;
	mmap_read_unlock(h->target->mm);
	h->dropped = ktime_get_ns();
	ns = h->dropped - h->since;
	h->stats.hold_max_ns = max(h->stats.hold_max_ns, ns);
	h->stats.hold_total_ns += ns;
	target_release(h->target);
	cond_resched();
}

/**
 * hold_went_on() - was the last hold good for anything?
 * @h: dropped
 * @on: yes
 *
 * A target with threads enough can keep the lock of a page table taken for as long
 * as it likes; that lock, too, is only tried.
 *
 * Return: 0; -EBUSY where no hold was, for as long as the caller has patience; one
 * alone may have been bad luck.
 */
int hold_went_on(struct hold *h, bool on)
{
	u64 before = h->idle_ns;

	h->idle_ns = on ? 0 : before + (h->dropped - h->asked);
	return before && h->idle_ns > patience(h) ? -EBUSY : 0;
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
