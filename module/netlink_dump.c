// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of many messages.
 *
 * A dump is bound to its process by .start, which always runs in the sender's
 * context: PID namespaces and capabilities are judged by that, and parts may be
 * made for whoever reads the socket. .start itself has no extended
 * acknowledgment to put words in (not on all kernels), so the first part reports
 * what it found.
 *
 * The core makes the first part, too, under a lock that all generic netlink
 * families of the machine wait for: it carries the statistics so far and
 * nothing else. The walking is done for the reader.
 *
 * The kernel keeps a module reference for as long as the dump lives, also while
 * nobody reads it.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "compat.h"
#include "netlink_dump.h"
#include "netlink_kinds.h"
#include "netlink_message.h"

/* Bytes of a part; a VMA with the longest path fits, little is gained beyond. */
#define PART_SIZE	SKB_WITH_OVERHEAD(32 * 1024)

static struct dump *dump_of(struct netlink_callback *cb)
{
	return (struct dump *)cb->args[0];
}

static int put_stats(struct dump *d)
{
	const struct vmscope_stats *stats = &d->kind->hold(d)->stats;
	void *hdr = dump_put_header(d);

	if (!hdr)
		return WALK_FULL;
	if (nla_put_64bit(d->skb, VMSCOPE_A_STATS, sizeof(*stats), stats,
			  VMSCOPE_A_PAD)) {
		genlmsg_cancel(d->skb, hdr);
		return WALK_FULL;
	}
	dump_end_message(d, hdr);
	return 0;
}

static void free_dump(struct dump *d)
{
	if (d->kind->close)
		d->kind->close(d);
	target_close(&d->target);
	kvfree(d);
}

static int open_dump(struct netlink_callback *cb)
{
	const struct genlmsghdr *genl = nlmsg_data(cb->nlh);
	struct dump *d;
	int err;

	err = message_check_sender(cb->skb, NULL);
	if (err)
		return err;
	d = kvzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->kind = dump_kind(genl->cmd);
	err = d->kind->open(d, compat_dump_attrs(cb));
	if (err) {
		free_dump(d);
		return err;
	}
	cb->prev_seq = 1;
	cb->seq = 1;
	cb->args[0] = (long)d;
	return 0;
}

/**
 * dump_start() - .start of all
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part. -EPERM to who has no
 * business here: a first part that his socket has no room for would be kept until
 * he makes room, and the module with it. Some kernels give this no words.
 */
int dump_start(struct netlink_callback *cb)
{
	if (!message_is_privileged(cb->skb))
		return message_explain(cb->extack, NULL, -EPERM);
	cb->min_dump_alloc = PART_SIZE;
	cb->args[1] = open_dump(cb);
	return 0;
}

/**
 * dump_part() - .dumpit of all
 * @skb: filled
 * @cb: the dump
 *
 * An empty part would end the dump, so none is made before the end: a part that
 * found nothing in its time carries the statistics so far. Only the part after
 * the last statistics is empty.
 *
 * Return: bytes, 0 at the end, or an error.
 */
int dump_part(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *d = dump_of(cb);
	int ret;

	/* Also of whoever reads on with a socket that was handed over. */
	ret = message_check_sender(cb->skb, cb->extack);
	if (ret)
		return ret;
	if (!d)
		return message_explain(cb->extack, NULL, cb->args[1]);
	d->skb = skb;
	d->cb = cb;
	if (d->stage == DUMP_BOUND) {
		d->stage = DUMP_WALK;
		put_stats(d);
		return skb->len;
	}
	if (d->stage == DUMP_WALK) {
		ret = d->kind->part(d);
		if (ret < 0)
			return message_explain(cb->extack, NULL, ret);
		if (!ret)
			d->stage = DUMP_STATS;
		else if (!skb->len)
			put_stats(d);
	}
	if (d->stage == DUMP_STATS && !put_stats(d))
		d->stage = DUMP_DONE;
	else if (d->stage == DUMP_DONE)
		return 0;
	return skb->len;
}

/**
 * dump_done() - .done of all
 * @cb: the dump
 *
 * Return: 0.
 */
int dump_done(struct netlink_callback *cb)
{
	struct dump *d = dump_of(cb);

	if (d)
		free_dump(d);
	return 0;
}
