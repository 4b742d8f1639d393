/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_ATTACHED_H
#define VMSCOPE_ATTACHED_H

#include <linux/types.h>

struct attached;
struct dentry;
struct pid;

/* Processes attached at once; each costs a directory and a struct pid. */
#define ATTACHED_MAX	64

int attached_add(pid_t nr, struct dentry *parent,
		 int (*fill)(struct dentry *dir, struct attached *a));
int attached_remove(pid_t nr);
void attached_forget_all(void);
struct pid *attached_pid(const struct attached *a);

#endif /* VMSCOPE_ATTACHED_H */
