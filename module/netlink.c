// SPDX-License-Identifier: GPL-2.0
/* The generic-netlink way in; the messages are described in uapi/vmscope.h. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include "answer.h"
#include "env.h"
#include "netlink.h"
#include "netlink_dump.h"
#include "netlink_message.h"
#include "target.h"

static int do_info(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = message_check_sender(request, info->extack);
	if (err)
		return err;
	skb = genlmsg_new(nla_total_size_64bit(sizeof(env.info)), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &netlink_family, 0, VMSCOPE_CMD_INFO);
	if (!hdr || nla_put_64bit(skb, VMSCOPE_A_INFO, sizeof(env.info),
				  &env.info, VMSCOPE_A_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int put_answer(struct sk_buff *skb, const struct answer *a)
{
	if (message_put_walk(skb, a) ||
	    nla_put_64bit(skb, VMSCOPE_A_STATS, sizeof(a->hold.stats),
			  &a->hold.stats, VMSCOPE_A_PAD))
		return -EMSGSIZE;
	return a->has_vma ? message_put_vma(skb, &a->vma) : 0;
}

/* A message that is half empty is copied into one that fits, on its way. */
static size_t answer_size(const struct answer *a)
{
	return message_walk_size(a) +
	       nla_total_size_64bit(sizeof(a->hold.stats)) +
	       (a->has_vma ? message_vma_size(&a->vma) : 0);
}

static int reply_answer(struct genl_info *info, const struct answer *a)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(answer_size(a), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &netlink_family, 0, VMSCOPE_CMD_WALK);
	if (!hdr || put_answer(skb, a)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int do_walk(struct sk_buff *request, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[VMSCOPE_A_ADDR];
	struct target t = {};
	struct answer *a;
	int err;

	err = message_check_sender(request, info->extack);
	if (err)
		return err;
	if (!attr)
		return message_explain(info->extack, NULL, -EINVAL);
	err = message_open_target(&t, info->attrs, info->extack);
	if (err)
		return err;
	a = answer_alloc(false);
	if (!a) {
		err = -ENOMEM;
		goto close_target;
	}
	err = answer_address(a, &t, nla_get_u64(attr));
	message_explain(info->extack, attr, err);
	if (!err)
		err = reply_answer(info, a);
	kfree(a);
close_target:
	target_close(&t);
	return err;
}

static const struct genl_ops ops[] = {
	{ .cmd = VMSCOPE_CMD_INFO, .doit = do_info },
#define DUMP(NAME, ...) \
	{ \
		.cmd = VMSCOPE_CMD_##NAME, \
		.start = dump_start, \
		.dumpit = dump_part, \
		.done = dump_done, \
		__VA_ARGS__ \
	}
	DUMP(WALK, .doit = do_walk),
	DUMP(MAPS),
	DUMP(PAGES),
	DUMP(TABLES),
	DUMP(FRAME),
#undef DUMP
};

struct genl_family netlink_family __ro_after_init = {
	.name = VMSCOPE_GENL_NAME,
	.version = VMSCOPE_GENL_VERSION,
	.maxattr = VMSCOPE_A_MAX,
	.policy = message_policy,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	/* Nothing here is shared between two requests. */
	.parallel_ops = true,
	.module = THIS_MODULE,
};

/**
 * netlink_init() - open this way in
 *
 * Return: 0 or the error of genl_register_family().
 */
int __init netlink_init(void)
{
	return genl_register_family(&netlink_family);
}

/**
 * netlink_exit() - close it; no dump is left, each has held the module
 */
void netlink_exit(void)
{
	genl_unregister_family(&netlink_family);
}
