/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_NETLINK_H
#define VMSCOPE_NETLINK_H

#include <net/genetlink.h>

/* Registered by netlink_init(), the same from then on. */
extern struct genl_family netlink_family;

int netlink_init(void);
void netlink_exit(void);

#endif /* VMSCOPE_NETLINK_H */
