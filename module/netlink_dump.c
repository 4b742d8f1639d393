// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of many messages.
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
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "answer.h"
#include "compat.h"
#include "netlink.h"
#include "netlink_dump.h"
#include "netlink_message.h"
#include "owners.h"
#include "runs.h"
#include "tables.h"
#include "vmas.h"
#include "walk.h"

/* Bytes of a part; a VMA with the longest path fits, little is gained beyond. */
#define PART_SIZE	SKB_WITH_OVERHEAD(32 * 1024)
/* How long making one may take, where walk_run() does not see to that. */
#define PART_BUDGET_NS	(20 * NSEC_PER_MSEC)

struct dump;

/**
 * struct dump_kind - what one command's dump does in its own way
 * @cmd: the command
 * @open: make it ready for what is asked; returns 0 or an error
 * @part: put what there is room for; returns 0 at the end, WALK_FULL, an error
 * @close: undo @open, also where that has failed; may be NULL
 * @hold: what it has cost so far
 */
struct dump_kind {
	u8 cmd;
	int (*open)(struct dump *d, struct nlattr **attrs);
	int (*part)(struct dump *d);
	void (*close)(struct dump *d);
	const struct hold *(*hold)(const struct dump *d);
};

/* How far a dump has got. */
enum dump_stage {
	DUMP_BOUND,
	DUMP_WALK,
	DUMP_STATS,
	DUMP_DONE,
};

/**
 * struct walks - single addresses
 * @addrs: those asked for
 * @nr: so many
 * @next: the first that has not been answered
 * @answer: room for one
 */
struct walks {
	u64 *addrs;
	u32 nr;
	u32 next;
	struct answer *answer;
};

/**
 * struct dump - a dump from its first part to its .done
 * @kind: of which command
 * @stage: how far it has got
 * @skb: the part being filled, while it is
 * @cb: likewise
 * @target: whose memory, where it is one process's
 * @walk: over it
 * @runs: for VMSCOPE_CMD_PAGES
 * @vmas: for VMSCOPE_CMD_MAPS
 * @owners: for VMSCOPE_CMD_FRAME
 * @walks: for VMSCOPE_CMD_WALK
 */
struct dump {
	const struct dump_kind *kind;
	enum dump_stage stage;
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct target target;
	struct walk walk;
	union {
		struct runs runs;
		struct vmas vmas;
		struct owners owners;
		struct walks walks;
	};
};

static struct dump *dump_of(struct netlink_callback *cb)
{
	return (struct dump *)cb->args[0];
}

static void *put_header(const struct dump *d)
{
	return genlmsg_put(d->skb, NETLINK_CB(d->cb->skb).portid,
			   d->cb->nlh->nlmsg_seq, &netlink_family, NLM_F_MULTI,
			   d->kind->cmd);
}

/* Once the address space has changed, all that follows says so. */
static void end_message(const struct dump *d, void *hdr)
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

static int put_stats(struct dump *d)
{
	const struct vmscope_stats *stats = &d->kind->hold(d)->stats;
	void *hdr = put_header(d);

	if (!hdr)
		return WALK_FULL;
	if (nla_put_64bit(d->skb, VMSCOPE_A_STATS, sizeof(*stats), stats,
			  VMSCOPE_A_PAD)) {
		genlmsg_cancel(d->skb, hdr);
		return WALK_FULL;
	}
	end_message(d, hdr);
	return 0;
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
	void *hdr = put_header(d);
	int err;

	if (!hdr)
		return WALK_FULL;
	err = answer_address(w->answer, &d->target, w->addrs[w->next]);
	if (!err && message_put_walk(d->skb, w->answer))
		err = WALK_FULL;
	if (err)
		genlmsg_cancel(d->skb, hdr);
	else
		end_message(d, hdr);
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
	void *hdr = put_header(d);

	if (!hdr)
		return false;
	if (message_put_vma(d->skb, desc))
		return cancel_message(d, hdr);
	end_message(d, hdr);
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
	void *hdr = put_header(d);
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
	hdr = put_header(d);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_64bit(d->skb, VMSCOPE_A_TABLES,
			  t.nr * sizeof(t.level[0]), t.level, VMSCOPE_A_PAD) ||
	    nla_put_64bit(d->skb, VMSCOPE_A_TABLES_TOTAL, sizeof(t.total),
			  &t.total, VMSCOPE_A_PAD)) {
		genlmsg_cancel(d->skb, hdr);
		return -EMSGSIZE;
	}
	end_message(d, hdr);
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
	void *hdr = put_header(d);

	if (!hdr)
		return false;
	if (nla_put_64bit(d->skb, VMSCOPE_A_OWNER, sizeof(*owner), owner,
			  VMSCOPE_A_PAD) ||
	    (file && nla_put_string(d->skb, VMSCOPE_A_FILE, file)))
		return cancel_message(d, hdr);
	end_message(d, hdr);
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
	hdr = put_header(d);
	if (!hdr)
		return WALK_FULL;
	if (nla_put_64bit(d->skb, VMSCOPE_A_FRAME, sizeof(d->owners.frame),
			  &d->owners.frame, VMSCOPE_A_PAD) ||
	    (rmap->file && nla_put_string(d->skb, VMSCOPE_A_FILE, rmap->file))) {
		genlmsg_cancel(d->skb, hdr);
		return WALK_FULL;
	}
	end_message(d, hdr);
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

/* From .start to .done */

static void free_dump(struct dump *d)
{
	if (d->kind->close)
		d->kind->close(d);
	target_close(&d->target);
	kvfree(d);
}

static int open_dump(struct netlink_callback *cb, const struct dump_kind *kind)
{
	struct dump *d;
	int err;

	err = message_check_sender(cb->skb, NULL);
	if (err)
		return err;
	d = kvzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->kind = kind;
	err = kind->open(d, compat_dump_attrs(cb));
	if (err) {
		free_dump(d);
		return err;
	}
	cb->prev_seq = 1;
	cb->seq = 1;
	cb->args[0] = (long)d;
	return 0;
}

static int start_dump(struct netlink_callback *cb, const struct dump_kind *kind)
{
	cb->min_dump_alloc = PART_SIZE;
	cb->args[1] = open_dump(cb, kind);
	return 0;
}

/**
 * dump_start_walks() - .start of VMSCOPE_CMD_WALK
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part.
 */
int dump_start_walks(struct netlink_callback *cb)
{
	return start_dump(cb, &walks);
}

/**
 * dump_start_maps() - .start of VMSCOPE_CMD_MAPS
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part.
 */
int dump_start_maps(struct netlink_callback *cb)
{
	return start_dump(cb, &maps);
}

/**
 * dump_start_pages() - .start of VMSCOPE_CMD_PAGES
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part.
 */
int dump_start_pages(struct netlink_callback *cb)
{
	return start_dump(cb, &pages);
}

/**
 * dump_start_tables() - .start of VMSCOPE_CMD_TABLES
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part.
 */
int dump_start_tables(struct netlink_callback *cb)
{
	return start_dump(cb, &tables);
}

/**
 * dump_start_frame() - .start of VMSCOPE_CMD_FRAME
 * @cb: the dump
 *
 * Return: 0; what went wrong is told by the first part.
 */
int dump_start_frame(struct netlink_callback *cb)
{
	return start_dump(cb, &frame);
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
