// SPDX-License-Identifier: GPL-2.0
/*
 * The generic-netlink way in; the messages are described in uapi/vmscope.h.
 *
 * A dump is bound to its process by .start, which always runs in the sender's
 * context: PID namespaces and capabilities are judged by that, and parts may be
 * made for whoever reads the socket. .start itself has no extended
 * acknowledgment to put words in, so the first part reports what it found.
 *
 * The core makes the first part, too, under a lock that all generic netlink
 * families of the machine wait for: it carries the statistics so far and
 * nothing else. The walking is done for the reader.
 *
 * The kernel keeps a module reference for as long as the dump lives, also while
 * nobody reads it.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include "answer.h"
#include "compat.h"
#include "env.h"
#include "netlink.h"
#include "runs.h"
#include "tables.h"
#include "target.h"
#include "vmas.h"
#include "walk.h"

/* Bytes of a part; a VMA with the longest path fits, little is gained beyond. */
#define PART_SIZE	(32 * 1024)
static struct genl_family family;

/* How far a dump has got. */
enum dump_stage {
	DUMP_BOUND,
	DUMP_WALK,
	DUMP_STATS,
	DUMP_DONE,
};

/**
 * struct dump - a dump from its first part to its .done
 * @target: whose memory
 * @walk: over it
 * @stage: how far it has got
 * @runs: for VMSCOPE_CMD_PAGES
 * @vmas: for VMSCOPE_CMD_MAPS
 * @skb: the part being filled, while it is
 * @cb: likewise
 */
struct dump {
	struct target target;
	struct walk walk;
	enum dump_stage stage;
	struct runs runs;
	struct vmas vmas;
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

static const struct nla_policy policy[VMSCOPE_A_MAX + 1] = {
	[VMSCOPE_A_PID] = { .type = NLA_U32 },
	[VMSCOPE_A_ADDR] = { .type = NLA_U64 },
	[VMSCOPE_A_START] = { .type = NLA_U64 },
	[VMSCOPE_A_END] = { .type = NLA_U64 },
	[VMSCOPE_A_MODE] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_MODES_ALL),
	[VMSCOPE_A_STATES] = { .type = NLA_U32 },
	[VMSCOPE_A_FLAGS_SET] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_FLAGS_ALL),
	[VMSCOPE_A_FLAGS_CLEAR] = NLA_POLICY_MASK(NLA_U32, VMSCOPE_FLAGS_ALL),
};

static const struct {
	int err;
	const char *text;
} errors[] = {
#define ERROR(number, text)	{ -(number), text },
	VMSCOPE_ERRORS(ERROR)
#undef ERROR
};

/* Words for an error of our own; @attr is to blame, or NULL. */
static int explain(struct netlink_ext_ack *extack, const struct nlattr *attr,
		   int err)
{
	size_t i;

	for (i = 0; err && extack && i < ARRAY_SIZE(errors); i++) {
		if (errors[i].err != err)
			continue;
		/* NL_SET_ERR_MSG() takes literals alone. */
		extack->_msg = errors[i].text;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

static int check_sender(struct sk_buff *request, struct netlink_ext_ack *extack)
{
	/* The opener of the socket, and whoever runs this, both. */
	if (!netlink_capable(request, CAP_SYS_ADMIN))
		return explain(extack, NULL, -EPERM);
	if (target_check_lockdown()) {
		if (extack)
			NL_SET_ERR_MSG(extack, "the kernel is locked down");
		return -EPERM;
	}
	return 0;
}

static int open_target(struct target *t, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VMSCOPE_A_PID];
	u32 nr;

	if (!attr)
		return explain(extack, NULL, -EINVAL);
	nr = nla_get_u32(attr);
	return explain(extack, attr,
		       target_open(t, nr > INT_MAX ? 0 : (pid_t)nr));
}

static u64 get_u64(const struct nlattr *attr, u64 otherwise)
{
	return attr ? nla_get_u64(attr) : otherwise;
}

static u32 get_u32(const struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

static int get_range(struct nlattr **attrs, struct netlink_ext_ack *extack,
		     u64 *start, u64 *end)
{
	*start = get_u64(attrs[VMSCOPE_A_START], 0);
	*end = get_u64(attrs[VMSCOPE_A_END], env.user_end);
	if (*end > env.user_end || *start >= env.user_end)
		return explain(extack, attrs[VMSCOPE_A_END], -ERANGE);
	if (!PAGE_ALIGNED(*start) || !PAGE_ALIGNED(*end) || *start >= *end)
		return explain(extack, attrs[VMSCOPE_A_START], -EINVAL);
	return 0;
}

static int put_vma(struct sk_buff *skb, const struct vma_desc *d)
{
	if (nla_put_64bit(skb, VMSCOPE_A_VMA, sizeof(d->v), &d->v,
			  VMSCOPE_A_PAD) ||
	    nla_put_string(skb, VMSCOPE_A_VMFLAGS, d->flags) ||
	    (d->name[0] && nla_put_string(skb, VMSCOPE_A_NAME, d->name)) ||
	    (d->file && nla_put_string(skb, VMSCOPE_A_FILE, d->file)))
		return -EMSGSIZE;
	return 0;
}

static int do_info(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = check_sender(request, info->extack);
	if (err)
		return err;
	skb = genlmsg_new(nla_total_size_64bit(sizeof(env.info)), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &family, 0, VMSCOPE_CMD_INFO);
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
	if (nla_put_64bit(skb, VMSCOPE_A_PAGE, sizeof(a->page), &a->page,
			  VMSCOPE_A_PAD) ||
	    nla_put_64bit(skb, VMSCOPE_A_LEVELS,
			  a->trail.nr * sizeof(a->trail.level[0]), a->trail.level,
			  VMSCOPE_A_PAD) ||
	    nla_put_64bit(skb, VMSCOPE_A_STATS, sizeof(a->stats), &a->stats,
			  VMSCOPE_A_PAD))
		return -EMSGSIZE;
	if (a->has_user_entry &&
	    nla_put_u64_64bit(skb, VMSCOPE_A_USER_ENTRY, a->user_entry,
			      VMSCOPE_A_PAD))
		return -EMSGSIZE;
	return a->has_vma ? put_vma(skb, &a->vma) : 0;
}

static int reply_answer(struct genl_info *info, const struct answer *a)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(sizeof(*a) + GENL_HDRLEN, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &family, 0, VMSCOPE_CMD_WALK);
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

	err = check_sender(request, info->extack);
	if (err)
		return err;
	if (!attr)
		return explain(info->extack, NULL, -EINVAL);
	err = open_target(&t, info->attrs, info->extack);
	if (err)
		return err;
	a = kmalloc(sizeof(*a), GFP_KERNEL);
	if (!a) {
		err = -ENOMEM;
		goto close_target;
	}
	err = explain(info->extack, attr,
		      answer_address(a, &t, nla_get_u64(attr)));
	if (!err)
		err = reply_answer(info, a);
	kfree(a);
close_target:
	target_close(&t);
	return err;
}

static int reply_tables(struct genl_info *info, const struct tables *t)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(sizeof(*t) + 64, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &family, 0, VMSCOPE_CMD_TABLES);
	if (!hdr ||
	    nla_put_64bit(skb, VMSCOPE_A_TABLES,
			  t->nr * sizeof(t->level[0]), t->level,
			  VMSCOPE_A_PAD) ||
	    nla_put_64bit(skb, VMSCOPE_A_TABLES_TOTAL, sizeof(t->total),
			  &t->total, VMSCOPE_A_PAD) ||
	    nla_put_64bit(skb, VMSCOPE_A_STATS, sizeof(t->stats), &t->stats,
			  VMSCOPE_A_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int do_tables(struct sk_buff *request, struct genl_info *info)
{
	struct target t = {};
	struct tables tables;
	int err;

	err = check_sender(request, info->extack);
	if (err)
		return err;
	err = open_target(&t, info->attrs, info->extack);
	if (err)
		return err;
	err = explain(info->extack, info->attrs[VMSCOPE_A_PID],
		      tables_count(&tables, &t));
	if (!err)
		err = reply_tables(info, &tables);
	target_close(&t);
	return err;
}

static struct dump *dump_of(struct netlink_callback *cb)
{
	return (struct dump *)cb->args[0];
}

/* Once the address space has changed, all that follows says so. */
static void mark_interrupted(const struct dump *d, void *hdr)
{
	struct nlmsghdr *nlh = hdr - GENL_HDRLEN - NLMSG_HDRLEN;

	if (!d->walk.hold.stats.interrupted)
		return;
	nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	/* NLMSG_DONE is the core's, which flags it when the two differ. */
	d->cb->seq = d->cb->prev_seq + 1;
}

static void *put_header(const struct dump *d, u8 cmd)
{
	return genlmsg_put(d->skb, NETLINK_CB(d->cb->skb).portid,
			   d->cb->nlh->nlmsg_seq, &family, NLM_F_MULTI, cmd);
}

static void end_message(const struct dump *d, void *hdr)
{
	genlmsg_end(d->skb, hdr);
	mark_interrupted(d, hdr);
}

static bool emit_vma(struct vmas *v, const struct vma_desc *desc)
{
	struct dump *d = container_of(v, struct dump, vmas);
	void *hdr = put_header(d, VMSCOPE_CMD_MAPS);

	if (!hdr)
		return false;
	if (put_vma(d->skb, desc)) {
		genlmsg_cancel(d->skb, hdr);
		return false;
	}
	end_message(d, hdr);
	return true;
}

/* Returns 0 at the end, WALK_FULL, or an error. */
static int dump_vmas(struct dump *d)
{
	int ret = walk_run(&d->walk, &d->vmas.sink);

	if (!ret && !vmas_finish(&d->vmas))
		ret = WALK_FULL;
	return ret;
}

/*
 * The records are written where they will be sent from: reserve all the room
 * there is, then give back what was not needed.
 */
static int dump_pages(struct dump *d)
{
	void *hdr = put_header(d, VMSCOPE_CMD_PAGES);
	struct nlattr *attr;
	int room, ret;

	if (!hdr)
		return WALK_FULL;
	room = skb_tailroom(d->skb) - nla_total_size_64bit(0);
	/* An attribute's length has 16 bits. */
	room = min_t(int, room, U16_MAX - NLA_HDRLEN);
	room = room / (int)sizeof(struct vmscope_page);
	if (room <= 0)
		goto cancel;
	attr = nla_reserve_64bit(d->skb, VMSCOPE_A_PAGES,
				 room * sizeof(struct vmscope_page),
				 VMSCOPE_A_PAD);
	if (!attr)
		goto cancel;

	runs_use(&d->runs, nla_data(attr), room);
	ret = walk_run(&d->walk, &d->runs.sink);
	if (!ret && !runs_finish(&d->runs))
		ret = WALK_FULL;
	if (ret < 0 || !d->runs.nr) {
		genlmsg_cancel(d->skb, hdr);
		return ret;
	}
	attr->nla_len = nla_attr_size(d->runs.nr * sizeof(struct vmscope_page));
	nlmsg_trim(d->skb, nla_data(attr) +
			   d->runs.nr * sizeof(struct vmscope_page));
	end_message(d, hdr);
	return ret;
cancel:
	genlmsg_cancel(d->skb, hdr);
	return WALK_FULL;
}

static int dump_stats(struct dump *d, u8 cmd)
{
	void *hdr = put_header(d, cmd);

	if (!hdr)
		return WALK_FULL;
	if (nla_put_64bit(d->skb, VMSCOPE_A_STATS, sizeof(d->walk.hold.stats),
			  &d->walk.hold.stats, VMSCOPE_A_PAD)) {
		genlmsg_cancel(d->skb, hdr);
		return WALK_FULL;
	}
	end_message(d, hdr);
	return 0;
}

static int open_dump(struct netlink_callback *cb)
{
	struct nlattr **attrs = compat_dump_attrs(cb);
	struct runs_filter filter = {
		.mode = get_u32(attrs[VMSCOPE_A_MODE], 0),
		.states = get_u32(attrs[VMSCOPE_A_STATES], ~0U),
		.flags_set = get_u32(attrs[VMSCOPE_A_FLAGS_SET], 0),
		.flags_clear = get_u32(attrs[VMSCOPE_A_FLAGS_CLEAR], 0),
	};
	struct dump *d;
	u64 start, end;
	int err;

	err = check_sender(cb->skb, NULL);
	if (err)
		return err;
	err = get_range(attrs, NULL, &start, &end);
	if (err)
		return err;
	d = kvzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	err = open_target(&d->target, attrs, NULL);
	if (err)
		goto free;
	err = runs_init(&d->runs, &filter);
	if (err)
		goto close_target;
	vmas_init(&d->vmas, emit_vma);
	walk_start(&d->walk, &d->target, start, end);
	cb->prev_seq = 1;
	cb->seq = 1;
	cb->args[0] = (long)d;
	return 0;
close_target:
	target_close(&d->target);
free:
	kvfree(d);
	return err;
}

static int start_dump(struct netlink_callback *cb)
{
	cb->min_dump_alloc = PART_SIZE;
	cb->args[1] = open_dump(cb);
	return 0;
}

static int done_dump(struct netlink_callback *cb)
{
	struct dump *d = dump_of(cb);

	if (d) {
		target_close(&d->target);
		kvfree(d);
	}
	return 0;
}

/*
 * One part. An empty one would end the dump, so none is made before the end: a
 * part that found nothing in its time carries the statistics so far. Only the
 * part after the last statistics is empty.
 */
static int dump_part(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		     int (*dump)(struct dump *d))
{
	struct dump *d = dump_of(cb);
	int ret;

	if (!d)
		return explain(cb->extack, NULL, cb->args[1]);
	/* Also of whoever reads on with a socket that was handed over. */
	ret = check_sender(cb->skb, cb->extack);
	if (ret)
		return ret;
	d->skb = skb;
	d->cb = cb;
	if (d->stage == DUMP_BOUND) {
		d->stage = DUMP_WALK;
		dump_stats(d, cmd);
		return skb->len;
	}
	if (d->stage == DUMP_WALK) {
		ret = dump(d);
		if (ret < 0)
			return explain(cb->extack, NULL, ret);
		if (!ret)
			d->stage = DUMP_STATS;
		else if (!skb->len)
			dump_stats(d, cmd);
	}
	if (d->stage == DUMP_STATS && !dump_stats(d, cmd))
		d->stage = DUMP_DONE;
	else if (d->stage == DUMP_DONE)
		return 0;
	return skb->len;
}

static int dump_maps_part(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_part(skb, cb, VMSCOPE_CMD_MAPS, dump_vmas);
}

static int dump_pages_part(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_part(skb, cb, VMSCOPE_CMD_PAGES, dump_pages);
}

static const struct genl_ops ops[] = {
	{ .cmd = VMSCOPE_CMD_INFO, .doit = do_info },
	{ .cmd = VMSCOPE_CMD_WALK, .doit = do_walk },
	{ .cmd = VMSCOPE_CMD_TABLES, .doit = do_tables },
	{
		.cmd = VMSCOPE_CMD_MAPS,
		.start = start_dump,
		.dumpit = dump_maps_part,
		.done = done_dump,
	},
	{
		.cmd = VMSCOPE_CMD_PAGES,
		.start = start_dump,
		.dumpit = dump_pages_part,
		.done = done_dump,
	},
};

static struct genl_family family __ro_after_init = {
	.name = VMSCOPE_GENL_NAME,
	.version = VMSCOPE_GENL_VERSION,
	.maxattr = VMSCOPE_A_MAX,
	.policy = policy,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = __VMSCOPE_CMD_MAX,
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
	return genl_register_family(&family);
}

/**
 * netlink_exit() - close it; no dump is left, each has held the module
 */
void netlink_exit(void)
{
	genl_unregister_family(&family);
}
