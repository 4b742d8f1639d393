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
	err = debugfs_init();
	if (err)
		return err;
	err = netlink_init();
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	debugfs_exit();
	return err;
}

static void __exit vmscope_exit(void)
{
	netlink_exit();
	debugfs_exit();
}

module_init(vmscope_init);
module_exit(vmscope_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Virtual-memory scope: page tables, VMAs and frames of live processes");
MODULE_VERSION(VMSCOPE_VERSION);
