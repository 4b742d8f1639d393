// SPDX-License-Identifier: GPL-2.0
/* PID -> bound process and address space, and how long they are kept. */
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/security.h>
#include "target.h"

/*
 * The address space of a process, with a reference on its memory; of another
 * thread where the leader has called pthread_exit() and the others live on.
 */
static struct mm_struct *process_mm(struct task_struct *leader)
{
	struct mm_struct *mm = get_task_mm(leader);
	struct task_struct *thread;

	if (mm)
		return mm;
	rcu_read_lock();
	for_each_thread(leader, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/**
 * target_check_lockdown() - may this kernel's memory be looked into at all?
 *
 * Frames and entries are what lockdown's confidentiality level keeps from root
 * as well, as it does with /proc/kcore.
 *
 * Return: 0 or -EPERM.
 */
int target_check_lockdown(void)
{
	return security_locked_down(LOCKDOWN_KCORE);
}

/**
 * target_open_pid() - bind a process by its struct pid
 * @t: filled
 * @pid: the process, or one of its threads
 *
 * Return: 0; -ESRCH no such process any more; -EOPNOTSUPP a kernel thread;
 * -ENXIO it has exited and waits to be reaped.
 */
int target_open_pid(struct target *t, struct pid *pid)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm;
	int err = 0;

	if (!task)
		return -ESRCH;
	if (task->flags & PF_KTHREAD) {
		err = -EOPNOTSUPP;
		goto put_task;
	}
	mm = process_mm(task);
	if (!mm) {
		err = -ENXIO;
		goto put_task;
	}
	mmgrab(mm);
	mmput_async(mm);
	t->pid = get_pid(pid);
	t->mm = mm;
put_task:
	put_task_struct(task);
	return err;
}

/**
 * target_open() - bind a process by its number
 * @t: filled
 * @nr: as the caller's PID namespace has it
 *
 * Return: as target_open_pid().
 */
int target_open(struct target *t, pid_t nr)
{
	struct pid *pid;
	int err;

	if (nr <= 0)
		return -ESRCH;
	pid = find_get_pid(nr);
	if (!pid)
		return -ESRCH;
	err = target_open_pid(t, pid);
	put_pid(pid);
	return err;
}

/**
 * target_close() - let go of what target_open() bound
 * @t: bound, or empty
 */
void target_close(struct target *t)
{
	if (!t->mm)
		return;
	mmdrop(t->mm);
	put_pid(t->pid);
	*t = (struct target){};
}

/* Has the process neither been reaped nor taken another mm by exec? */
static bool has_same_mm(const struct target *t)
{
	struct task_struct *task, *thread;
	bool same = false;

	rcu_read_lock();
	task = pid_task(t->pid, PIDTYPE_PID);
	/* Any thread: the leader may have exited before the others. */
	if (task)
		for_each_thread(task, thread)
			if (READ_ONCE(thread->mm) == t->mm) {
				same = true;
				break;
			}
	rcu_read_unlock();
	return same;
}

/**
 * target_hold() - keep the memory from going away for a while
 * @t: bound
 *
 * The mm alone does not tell: a vfork() child shares its parent's, and after
 * the child's exec the parent's memory is not an answer about the child.
 *
 * Return: false where the process has exited or called exec; else the caller
 * owes a target_release().
 */
bool target_hold(const struct target *t)
{
	if (!mmget_not_zero(t->mm))
		return false;
	if (has_same_mm(t))
		return true;
	mmput_async(t->mm);
	return false;
}

/**
 * target_release() - end of target_hold()
 * @t: held
 *
 * May be the last user of the memory: a worker then tears it down, which takes
 * as long as it takes and must not keep a netlink lock waiting.
 */
void target_release(const struct target *t)
{
	mmput_async(t->mm);
}
