// SPDX-License-Identifier: GPL-2.0
/* Processes that have a directory in debugfs. */
#include <linux/debugfs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include "attached.h"
#include "target.h"

/**
 * struct attached - a process with a directory
 * @node: in the list of them
 * @pid: the process; pinned, so that its number coming back is not mistaken
 * @nr: its number in the initial PID namespace, the directory's name
 * @dir: the directory
 * @leaving: somebody is removing it
 */
struct attached {
	struct list_head node;
	struct pid *pid;
	pid_t nr;
	struct dentry *dir;
	bool leaving;
};

static LIST_HEAD(attached);
static unsigned int attached_count;
/* Covers the two above, and that a directory and its struct go together. */
static DEFINE_MUTEX(attached_lock);

static void forget(struct attached *a)
{
	put_pid(a->pid);
	kfree(a);
}

/*
 * Waits for the calls inside the directory's files, which may take long: not
 * under the lock. Files that stay open keep what they have bound, and look at @a
 * no more. The caller has marked it as leaving: it stays in the list, so that its
 * name is not used again as long as the directory is there.
 */
static void remove_directory(struct attached *a)
{
	debugfs_remove(a->dir);
	mutex_lock(&attached_lock);
	list_del(&a->node);
	attached_count--;
	mutex_unlock(&attached_lock);
	forget(a);
}

static bool is_gone(const struct attached *a)
{
	bool gone;

	rcu_read_lock();
	gone = !pid_task(a->pid, PIDTYPE_PID);
	rcu_read_unlock();
	return gone;
}

/* One whose process is no more; the caller owes a remove_directory(). */
static struct attached *take_gone(void)
{
	struct attached *a, *gone = NULL;

	mutex_lock(&attached_lock);
	list_for_each_entry(a, &attached, node)
		if (!a->leaving && is_gone(a)) {
			a->leaving = true;
			gone = a;
			break;
		}
	mutex_unlock(&attached_lock);
	return gone;
}

/* Directories of processes that are no more make room for new ones. */
static void reap(void)
{
	struct attached *a;

	while ((a = take_gone()))
		remove_directory(a);
}

static struct attached *find_pid_of(const struct pid *pid)
{
	struct attached *a;

	list_for_each_entry(a, &attached, node)
		if (a->pid == pid)
			return a;
	return NULL;
}

static struct attached *find_name(pid_t nr)
{
	struct attached *a;

	list_for_each_entry(a, &attached, node)
		if (a->nr == nr)
			return a;
	return NULL;
}

/* Sets *@half where a directory was made but not filled: to be removed. */
static int add(struct pid *pid, struct dentry *parent,
	       int (*fill)(struct dentry *dir, struct attached *a),
	       struct attached **half)
{
	struct attached *a;
	char name[16];
	int err;

	lockdep_assert_held(&attached_lock);
	/* Also one that is leaving, or whose process had the same number. */
	if (find_pid_of(pid) || find_name(pid_nr(pid)))
		return -EEXIST;
	if (attached_count >= ATTACHED_MAX)
		return -EUSERS;
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	a->pid = get_pid(pid);
	a->nr = pid_nr(pid);
	snprintf(name, sizeof(name), "%d", a->nr);
	a->dir = debugfs_create_dir(name, parent);
	if (IS_ERR(a->dir)) {
		err = PTR_ERR(a->dir);
		put_pid(a->pid);
		kfree(a);
		return err;
	}
	list_add(&a->node, &attached);
	attached_count++;
	err = fill(a->dir, a);
	if (err) {
		a->leaving = true;
		*half = a;
	}
	return err;
}

/**
 * attached_add() - give a process a directory
 * @nr: its number in the caller's PID namespace
 * @parent: where the directory goes
 * @fill: makes the files in it, all of them or fails; they may use the struct
 *	attached for as long as they are there
 *
 * Return: 0; the errors of target_open(); -EEXIST it has one; -EUSERS too many
 * have; -ENOMEM; -EINTR; the error of @fill.
 */
int attached_add(pid_t nr, struct dentry *parent,
		 int (*fill)(struct dentry *dir, struct attached *a))
{
	struct attached *half = NULL;
	struct target t = {};
	int err;

	/* Tells a kernel thread and a zombie apart, as every other way does. */
	err = target_open(&t, nr);
	if (err)
		return err;
	reap();
	err = mutex_lock_killable(&attached_lock);
	if (err)
		goto close_target;
	err = add(t.pid, parent, fill, &half);
	mutex_unlock(&attached_lock);
	if (half)
		remove_directory(half);
close_target:
	target_close(&t);
	return err;
}

/**
 * attached_remove() - take the directory away
 * @nr: the process's number in the caller's PID namespace or, where the process
 *	is gone, the directory's name
 *
 * Return: 0, or -ENOENT where there is none.
 */
int attached_remove(pid_t nr)
{
	struct pid *pid = find_get_pid(nr);
	struct attached *a;

	mutex_lock(&attached_lock);
	a = pid ? find_pid_of(pid) : NULL;
	if (!a) {
		a = find_name(nr);
		if (a && !is_gone(a))
			a = NULL;
	}
	if (a && a->leaving)
		a = NULL;
	if (a)
		a->leaving = true;
	mutex_unlock(&attached_lock);
	if (a)
		remove_directory(a);
	put_pid(pid);
	return a ? 0 : -ENOENT;
}

/**
 * attached_forget_all() - the module goes; the directories are gone already
 */
void attached_forget_all(void)
{
	struct attached *a, *next;

	list_for_each_entry_safe(a, next, &attached, node)
		forget(a);
}

/**
 * attached_pid() - the process itself
 * @a: valid
 *
 * Return: valid for as long as @a is.
 */
struct pid *attached_pid(const struct attached *a)
{
	return a->pid;
}
