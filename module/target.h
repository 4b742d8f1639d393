/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_TARGET_H
#define VMSCOPE_TARGET_H

#include <linux/types.h>

struct mm_struct;
struct pid;
struct pid_namespace;

/**
 * struct target - one process's address space, bound for the length of a query
 * @pid: the process itself: never a later one with the same number
 * @mm: its address space as it was when bound; the struct is pinned, not the
 *	memory, so that a process which exits meanwhile is not kept alive
 *
 * Both are NULL where nothing is bound; target_close() takes that too.
 */
struct target {
	struct pid *pid;
	struct mm_struct *mm;
};

int target_check_lockdown(void);
int target_open(struct target *t, pid_t nr);
int target_open_pid(struct target *t, struct pid *pid);
int target_open_mm(struct target *t, struct mm_struct *mm);
int target_open_next_user(struct target *t, struct mm_struct *mm,
			  struct pid_namespace *ns, pid_t *nr);
int target_open_next(struct target *t, struct pid_namespace *ns, pid_t *nr);
bool target_is_alive(const struct target *t);
bool target_is_booked(const struct target *t);
bool target_is_shared(const struct target *t);
void target_comm(const struct target *t, char *comm);
void target_close(struct target *t);
bool target_hold(const struct target *t);
void target_release(const struct target *t);

#endif /* VMSCOPE_TARGET_H */
