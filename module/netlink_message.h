/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_NETLINK_MESSAGE_H
#define VMSCOPE_NETLINK_MESSAGE_H

#include <net/genetlink.h>
#include "target.h"
#include "vmas.h"

struct answer;

extern const struct nla_policy message_policy[VMSCOPE_A_MAX + 1];

int message_explain(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int err);
bool message_is_privileged(struct sk_buff *request);
int message_check_sender(struct sk_buff *request,
			 struct netlink_ext_ack *extack);
int message_open_target(struct target *t, struct nlattr **attrs,
			struct netlink_ext_ack *extack);
int message_get_range(struct nlattr **attrs, u64 *start, u64 *end);
u64 message_get_u64(const struct nlattr *attr, u64 otherwise);
u32 message_get_u32(const struct nlattr *attr, u32 otherwise);
size_t message_walk_size(const struct answer *a);
size_t message_vma_size(const struct vma_desc *d);
int message_put_walk(struct sk_buff *skb, const struct answer *a);
int message_put_vma(struct sk_buff *skb, const struct vma_desc *d);

#endif /* VMSCOPE_NETLINK_MESSAGE_H */
