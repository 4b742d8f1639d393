/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_DEBUGFS_H
#define VMSCOPE_DEBUGFS_H

void debugfs_init(void);
void debugfs_exit(void);

#endif /* VMSCOPE_DEBUGFS_H */
