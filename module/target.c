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

/*
 * Is this the process's memory? Asked of any thread, as the leader may have
 * exited before the others. A kernel thread may use a process's memory for a
 * while (vhost), and is not its owner. Under RCU.
 */
static bool runs_on(struct task_struct *task, const struct mm_struct *mm)
{
	struct task_struct *thread;

	if (task->flags & PF_KTHREAD)
		return false;
	for_each_thread(task, thread)
		if (READ_ONCE(thread->mm) == mm)
			return true;
	return false;
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

/* Bind a process whose memory is known; the references are the target's. */
static void bind(struct target *t, struct pid *pid, struct mm_struct *mm)
{
	mmgrab(mm);
	t->pid = pid;
	t->mm = mm;
}

/* The process that the kernel has booked as the memory's owner, or NULL. */
static struct pid *booked_owner(const struct mm_struct *mm)
{
	struct pid *pid = NULL;
#ifdef CONFIG_MEMCG
	struct task_struct *task;

	rcu_read_lock();
	task = rcu_dereference(mm->owner);
	/*
	 * A fork that may yet fail has booked the memory already; what else its
	 * task points to is not RCU's then. It is after it has been attached,
	 * which its number tells: until then it has its parent's.
	 */
	if (task && pid_task(task_pid(task), PIDTYPE_PID) == task &&
	    runs_on(task, mm))
		pid = get_pid(task_tgid(task));
	rcu_read_unlock();
#endif
	return pid;
}

/**
 * target_open_mm() - bind a process by its memory
 * @t: filled
 * @mm: held by the caller
 *
 * Return: 0, -ESRCH where nobody owns it: use target_open_next_user().
 */
int target_open_mm(struct target *t, struct mm_struct *mm)
{
	struct pid *pid = booked_owner(mm);

	if (!pid)
		return -ESRCH;
	bind(t, pid, mm);
	return 0;
}

/**
 * target_is_booked() - is it the one process that memory is booked to?
 * @t: bound
 *
 * Return: false for the others that run on it.
 */
bool target_is_booked(const struct target *t)
{
	struct pid *pid = booked_owner(t->mm);
	bool booked = !pid || pid == t->pid;

	put_pid(pid);
	return booked;
}

/**
 * target_is_shared() - may other processes run on the same memory?
 * @t: bound
 *
 * vfork() and clone(CLONE_VM) make them. Other users, who hold the memory for a
 * moment as this module does, look the same.
 *
 * Return: false where there is certainly none.
 */
bool target_is_shared(const struct target *t)
{
	struct task_struct *task, *thread;
	int users = atomic_read(&t->mm->mm_users);
	int threads = 0;

	rcu_read_lock();
	task = pid_task(t->pid, PIDTYPE_TGID);
	if (task)
		for_each_thread(task, thread)
			threads += READ_ONCE(thread->mm) == t->mm;
	rcu_read_unlock();
	/* A thread that exits takes its use with it: others would be hidden. */
	return users > threads || atomic_read(&t->mm->mm_users) != users;
}

/**
 * target_open_next_user() - bind the next process that runs on some memory
 * @t: filled
 * @mm: held by the caller
 * @ns: look among its processes
 * @nr: first number to look at; becomes the one found
 *
 * Return: 0, -ESRCH where there is no further one, -EINTR.
 */
int target_open_next_user(struct target *t, struct mm_struct *mm,
			  struct pid_namespace *ns, pid_t *nr)
{
	struct task_struct *task;
	struct pid *pid;

	do {
		rcu_read_lock();
		pid = find_ge_pid(*nr, ns);
		if (pid) {
			*nr = pid_nr_ns(pid, ns);
			task = pid_task(pid, PIDTYPE_TGID);
			pid = task && runs_on(task, mm) ? get_pid(pid) : NULL;
			if (pid) {
				rcu_read_unlock();
				bind(t, pid, mm);
				return 0;
			}
			++*nr;
			pid = ERR_PTR(-EAGAIN);
		}
		rcu_read_unlock();
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	} while (pid);
	return -ESRCH;
}

/**
 * target_open_next() - bind the next process there is
 * @t: filled
 * @ns: look among its processes
 * @nr: first number to look at; becomes the one looked at
 *
 * Return: 0; -ESRCH where there is no further one; as target_open_pid() where
 * the one found has no memory.
 */
int target_open_next(struct target *t, struct pid_namespace *ns, pid_t *nr)
{
	struct task_struct *task;
	struct pid *pid;
	int err;

	for (;;) {
		rcu_read_lock();
		pid = find_ge_pid(*nr, ns);
		if (pid)
			*nr = pid_nr_ns(pid, ns);
		task = pid ? pid_task(pid, PIDTYPE_TGID) : NULL;
		if (!pid || task)
			break;
		rcu_read_unlock();
		++*nr;
		cond_resched();
	}
	pid = get_pid(pid);
	rcu_read_unlock();
	if (!pid)
		return -ESRCH;
	err = target_open_pid(t, pid);
	put_pid(pid);
	/* Reaped in between: that is not the end of them. */
	return err == -ESRCH ? -ENXIO : err;
}

/**
 * target_comm() - the process's name
 * @t: bound
 * @comm: TASK_COMM_LEN bytes; empty where the process is gone
 */
void target_comm(const struct target *t, char *comm)
{
	struct task_struct *task = get_pid_task(t->pid, PIDTYPE_PID);
	char name[TASK_COMM_LEN] = "";

	if (task) {
		get_task_comm(name, task);
		put_task_struct(task);
	}
	memcpy(comm, name, sizeof(name));
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
	struct task_struct *task;
	bool same;

	rcu_read_lock();
	task = pid_task(t->pid, PIDTYPE_PID);
	same = task && runs_on(task, t->mm);
	rcu_read_unlock();
	return same;
}

/**
 * target_is_alive() - has the process not been reaped yet?
 * @t: bound
 *
 * Return: true where it has not; it may have other memory by now.
 */
bool target_is_alive(const struct target *t)
{
	bool alive;

	rcu_read_lock();
	alive = pid_task(t->pid, PIDTYPE_PID);
	rcu_read_unlock();
	return alive;
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
