/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_NETLINK_KINDS_H
#define VMSCOPE_NETLINK_KINDS_H

#include <linux/netlink.h>
#include "owners.h"
#include "runs.h"
#include "target.h"
#include "vmas.h"
#include "walk.h"

struct answer;
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

void *dump_put_header(const struct dump *d);
void dump_end_message(const struct dump *d, void *hdr);
const struct dump_kind *dump_kind(u8 cmd);

#endif /* VMSCOPE_NETLINK_KINDS_H */
