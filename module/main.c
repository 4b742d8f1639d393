// SPDX-License-Identifier: GPL-2.0
/* vmscope: where do a process's pages live? */
#include <linux/module.h>
#include "attached.h"
#include "debugfs.h"
#include "env.h"
#include "netlink.h"

static int __init vmscope_init(void)
{
	int err;

	err = env_init(ATTACHED_MAX);
	if (err)
		return err;
	err = netlink_init();
	if (err)
		return err;
	/*
	 * Last: nothing may fail once somebody may have a file open, and it
	 * cannot.
	 */
	debugfs_init();
	return 0;
}

static void __exit vmscope_exit(void)
{
	debugfs_exit();
	netlink_exit();
}

module_init(vmscope_init);
module_exit(vmscope_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Virtual-memory scope: page tables, VMAs and frames of live processes");
MODULE_VERSION(VMSCOPE_VERSION);
