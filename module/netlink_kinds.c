// SPDX-License-Identifier: GPL-2.0
/* What the dump of each command does in its own way. */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "answer.h"
#include "netlink.h"
#include "netlink_kinds.h"
#include "netlink_message.h"
#include "tables.h"

/* How long making one may take, where walk_run() does not see to that. */
#define PART_BUDGET_NS	(20 * NSEC_PER_MSEC)

/**
 * dump_put_header() - begin a message
 * @d: its part has room, or not
 *
 * Return: for dump_end_message(); NULL where there is no room.
 */
void *dump_put_header(const struct dump *d)
{
	return genlmsg_put(d->skb, NETLINK_CB(d->cb->skb).portid,
			   d->cb->nlh->nlmsg_seq, &netlink_family, NLM_F_MULTI,
			   d->kind->cmd);
}

/**
 * dump_end_message() - it is complete
 * @d: the dump
 * @hdr: of dump_put_header()
 *
 * Once the address space has changed, all that follows says so.
 */
void dump_end_message(const struct dump *d, void *hdr)
{
	struct nlmsghdr *nlh = hdr - GENL_HDRLEN - NLMSG_HDRLEN;

	genlmsg_end(d->skb, hdr);
	if (!d->kind->hold(d)->stats.interrupted)
		return;
	nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	/* NLMSG_DONE is the core's, which flags it when the two differ. */
	d->cb->seq = d->cb->prev_seq + 1;
}

static bool cancel_message(const struct dump *d, void *hdr)
{
	genlmsg_cancel(d->skb, hdr);
	return false;
}

/* A walk over a range of one process */

static int open_walk(struct dump *d, struct nlattr **attrs)
{
	u64 start, end;
	int err;

	err = message_get_range(attrs, &start, &end);
	if (err)
		return err;
	err = message_open_target(&d->target, attrs, NULL);
	if (err)
		return err;
	walk_start(&d->walk, &d->target, start, end);
	return 0;
}

static const struct hold *walk_hold(const struct dump *d)
{
	return &d->walk.hold;
}

/* walk, of many addresses */

static int open_walks(struct dump *d, struct nlattr **attrs)
{
	const struct nlattr *attr = attrs[VMSCOPE_A_ADDRS];
	struct walks *w = &d->walks;

	if (!attr || nla_len(attr) % sizeof(*w->addrs))
		return -EINVAL;
	w->nr = nla_len(attr) / sizeof(*w->addrs);
	w->addrs = kvmalloc(nla_len(attr), GFP_KERNEL);
	w->answer = answer_alloc(true);
	if (!w->addrs || !w->answer)
		return -ENOMEM;
	memcpy(w->addrs, nla_data(attr), nla_len(attr));
	return message_open_target(&d->target, attrs, NULL);
}

static void close_walks(struct dump *d)
{
	kvfree(d->walks.addrs);
	kfree(d->walks.answer);
}

static int put_walk(struct dump *d)
{
	struct walks *w = &d->walks;
	void *hdr = dump_put_header(d);
	int err;

	if (!hdr)
		return WALK_FULL;
	err = answer_address(w->answer, &d->target, w->addrs[w->next]);
	if (!err && message_put_walk(d->skb, w->answer))
		err = WALK_FULL;
	if (err)
		genlmsg_cancel(d->skb, hdr);
	else
		dump_end_message(d, hdr);
	return err;
}

static int part_walks(struct dump *d)
{
	u64 since = ktime_get_ns();
	struct walks *w = &d->walks;
	int ret = 0;

	for (; !ret && w->next < w->nr; w->next += !ret) {
		if (!w->answer->hold.held &&
		    ktime_get_ns() - since > PART_BUDGET_NS)
			ret = WALK_FULL;
		else
			ret = put_walk(d);
	}
	answer_pause(w->answer);
	return ret;
}

static const struct hold *walks_hold(const struct dump *d)
{
	return &d->walks.answer->hold;
}

static const struct dump_kind walks = {
	.cmd = VMSCOPE_CMD_WALK,
	.open = open_walks,
	.part = part_walks,
	.close = close_walks,
	.hold = walks_hold,
};

/* maps */

static bool emit_vma(struct vmas *v, const struct vma_desc *desc)
{
	struct dump *d = container_of(v, struct dump, vmas);
	void *hdr = dump_put_header(d);

	if (!hdr)
		return false;
	if (message_put_vma(d->skb, desc))
		return cancel_message(d, hdr);
	dump_end_message(d, hdr);
	return true;
}

static int open_maps(struct dump *d, struct nlattr **attrs)
{
	vmas_init(&d->vmas, emit_vma);
	return open_walk(d, attrs);
}

static int part_maps(struct dump *d)
{
	int ret = walk_run(&d->walk, &d->vmas.sink);

	if (!ret && !vmas_finish(&d->vmas))
		ret = WALK_FULL;
	return ret;
}

static const struct dump_kind maps = {
	.cmd = VMSCOPE_CMD_MAPS,
	.open = open_maps,
	.part = part_maps,
	.hold = walk_hold,
};

/* pages */

static int open_pages(struct dump *d, struct nlattr **attrs)
{
	const struct runs_filter filter = {
		.mode = message_get_u32(attrs[VMSCOPE_A_MODE], 0),
		.states = message_get_u32(attrs[VMSCOPE_A_STATES], ~0U),
		.flags_set = message_get_u32(attrs[VMSCOPE_A_FLAGS_SET], 0),
		.flags_clear = message_get_u32(attrs[VMSCOPE_A_FLAGS_CLEAR], 0),
	};
	int err = runs_init(&d->runs, &filter);

	return err ? err : open_walk(d, attrs);
}

/*
 * The records are written where they will be sent from: reserve all the room
 * there is, then give back what was not needed.
 */
static int part_pages(struct dump *d)
{
	void *hdr = dump_put_header(d);
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
	dump_end_message(d, hdr);
	return ret;
cancel:
	genlmsg_cancel(d->skb, hdr);
	return WALK_FULL;
}

static const struct dump_kind pages = {
	.cmd = VMSCOPE_CMD_PAGES,
	.open = open_pages,
	.part = part_pages,
	.hold = walk_hold,
};

/* tables: one message, but making it may take long */

static int part_tables(struct dump *d)
{
	struct tables t;
	void *hdr;
	int err;

	err = tables_count(&t, &d->target);
	if (err)
		return err;
	d->walk.hold.stats = t.stats;
	hdr = dump_put_header(d);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_64bit(d->skb, VMSCOPE_A_TABLES,
			  t.nr * sizeof(t.level[0]), t.level, VMSCOPE_A_PAD) ||
	    nla_put_64bit(d->skb, VMSCOPE_A_TABLES_TOTAL, sizeof(t.total),
			  &t.total, VMSCOPE_A_PAD)) {
		genlmsg_cancel(d->skb, hdr);
		return -EMSGSIZE;
	}
	dump_end_message(d, hdr);
	return 0;
}

static const struct dump_kind tables = {
	.cmd = VMSCOPE_CMD_TABLES,
	.open = open_walk,
	.part = part_tables,
	.hold = walk_hold,
};

/* frame */

static bool emit_owner(struct owners *o, const struct vmscope_owner *owner,
		       const char *file)
{
	struct dump *d = container_of(o, struct dump, owners);
	void *hdr = dump_put_header(d);

	if (!hdr)
		return false;
	if (nla_put_64bit(d->skb, VMSCOPE_A_OWNER, sizeof(*owner), owner,
			  VMSCOPE_A_PAD) ||
	    (file && nla_put_string(d->skb, VMSCOPE_A_FILE, file)))
		return cancel_message(d, hdr);
	dump_end_message(d, hdr);
	return true;
}

static int open_frame(struct dump *d, struct nlattr **attrs)
{
	u32 mode = message_get_u32(attrs[VMSCOPE_A_MODE], 0);

	if (!attrs[VMSCOPE_A_PFN])
		return -EINVAL;
	return owners_start(&d->owners, nla_get_u64(attrs[VMSCOPE_A_PFN]),
			    mode & VMSCOPE_MODE_SCAN, emit_owner);
}

static int part_frame(struct dump *d)
{
	const struct rmap *rmap = &d->owners.rmap;
	int ret = owners_run(&d->owners);
	void *hdr;

	if (ret)
		return ret;
	hdr = dump_put_header(d);
	if (!hdr)
		return WALK_FULL;
	if (nla_put_64bit(d->skb, VMSCOPE_A_FRAME, sizeof(d->owners.frame),
			  &d->owners.frame, VMSCOPE_A_PAD) ||
	    (rmap->file && nla_put_string(d->skb, VMSCOPE_A_FILE, rmap->file))) {
		genlmsg_cancel(d->skb, hdr);
		return WALK_FULL;
	}
	dump_end_message(d, hdr);
	return 0;
}

static void close_frame(struct dump *d)
{
	owners_end(&d->owners);
}

static const struct hold *frame_hold(const struct dump *d)
{
	return &d->owners.walk.hold;
}

static const struct dump_kind frame = {
	.cmd = VMSCOPE_CMD_FRAME,
	.open = open_frame,
	.part = part_frame,
	.close = close_frame,
	.hold = frame_hold,
};

/**
 * dump_kind() - what a command's dump does
 * @cmd: enum vmscope_cmd
 *
 * Return: NULL where it has none.
 */
const struct dump_kind *dump_kind(u8 cmd)
{
	static const struct dump_kind * const kinds[] = {
		&walks, &maps, &pages, &tables, &frame,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i]->cmd == cmd)
			return kinds[i];
	return NULL;
}
