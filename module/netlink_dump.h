/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_NETLINK_DUMP_H
#define VMSCOPE_NETLINK_DUMP_H

struct netlink_callback;
struct sk_buff;

int dump_start(struct netlink_callback *cb);
int dump_part(struct sk_buff *skb, struct netlink_callback *cb);
int dump_done(struct netlink_callback *cb);

#endif /* VMSCOPE_NETLINK_DUMP_H */
