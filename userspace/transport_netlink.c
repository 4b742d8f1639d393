// SPDX-License-Identifier: GPL-2.0
/* The way in through generic netlink: what each command asks and is told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>

#include "exchange.h"
#include "procfs.h"

static struct netlink *to_netlink(struct transport *t)
{
	return (struct netlink *)((char *)t - offsetof(struct netlink, base));
}

static int put_range(struct nl_msg *msg, const struct range *range)
{
	if (!range->end)
		return 0;
	return nla_put_u64(msg, VMSCOPE_A_START, range->start) ||
	       nla_put_u64(msg, VMSCOPE_A_END, range->end);
}

static int put_mask(struct nl_msg *msg, int attr, __u32 mask)
{
	return mask ? nla_put_u32(msg, attr, mask) : 0;
}

/* What the callbacks below share; each dump uses some of it. */
struct sink {
	struct exchange x;
	union {
		vma_fn vma;
		page_fn page;
		walk_fn walk;
		const struct frame_request *frame;
	} fn;
	void *arg;
	struct cost cost;
	bool has_cost;
	bool has_frame;
};

/* Only the last message's counts: a dump has others before and in between. */
static void get_cost(struct sink *sink, struct nlattr **attrs)
{
	sink->has_cost = attrs[VMSCOPE_A_STATS];
	if (!sink->has_cost)
		return;
	abi_cost(&sink->cost, nla_data(attrs[VMSCOPE_A_STATS]));
}

/* The end of a dump: only now is it known to be complete. */
static int finish(struct sink *sink, struct cost *cost, struct error *err)
{
	if (!sink->has_cost)
		return abi_cut(err, &sink->x.what);
	if (sink->x.interrupted && !sink->cost.interrupted)
		sink->cost.interrupted = 1;
	*cost = sink->cost;
	return 0;
}

static void get_vma(struct vma *vma, struct nlattr **attrs,
		    const struct exchange *x)
{
	abi_vma(vma, nla_data(attrs[VMSCOPE_A_VMA]),
		x->nl->base.info.page_shift);
	if (attrs[VMSCOPE_A_VMFLAGS])
		vma->vmflags = nla_get_string(attrs[VMSCOPE_A_VMFLAGS]);
	if (attrs[VMSCOPE_A_NAME])
		vma->name = nla_get_string(attrs[VMSCOPE_A_NAME]);
	if (attrs[VMSCOPE_A_FILE])
		vma->file = nla_get_string(attrs[VMSCOPE_A_FILE]);
}

static int part_info(struct nlattr **attrs, void *arg, struct error *err)
{
	struct sink *sink = arg;

	if (!attrs[VMSCOPE_A_INFO])
		return abi_malformed(err, &sink->x.what, "no INFO");
	abi_info(&sink->x.nl->base.info, nla_data(attrs[VMSCOPE_A_INFO]));
	return 0;
}

static int part_walk(struct nlattr **attrs, void *arg, struct error *err)
{
	const size_t size = sizeof(struct vmscope_level);
	struct sink *sink = arg;
	struct nlattr *levels = attrs[VMSCOPE_A_LEVELS];
	struct walk walk = {
		.pid = sink->x.what.pid,
		.vaddr = sink->x.what.start,
	};
	size_t n;

	if (!attrs[VMSCOPE_A_PAGE] || !levels || !attrs[VMSCOPE_A_STATS])
		return abi_cut(err, &sink->x.what);
	n = nla_len(levels) / size;
	if (nla_len(levels) % size || n > ARRAY_SIZE(walk.steps))
		return abi_malformed(err, &sink->x.what, "LEVELS");

	abi_page(&walk.page, nla_data(attrs[VMSCOPE_A_PAGE]));
	for (; walk.nr_steps < n; walk.nr_steps++)
		abi_step(&walk.steps[walk.nr_steps],
			 (char *)nla_data(levels) + walk.nr_steps * size);
	if (attrs[VMSCOPE_A_VMA]) {
		walk.has_vma = true;
		get_vma(&walk.vma, attrs, &sink->x);
	}
	if (attrs[VMSCOPE_A_USER_ENTRY]) {
		walk.has_user_entry = true;
		walk.user_entry = nla_get_u64(attrs[VMSCOPE_A_USER_ENTRY]);
	}
	get_cost(sink, attrs);
	walk.cost = sink->cost;
	return sink->fn.walk(&walk, sink->arg, err);
}

static int part_maps(struct nlattr **attrs, void *arg, struct error *err)
{
	struct sink *sink = arg;
	struct vma vma;

	get_cost(sink, attrs);
	if (!attrs[VMSCOPE_A_VMA])
		return 0;
	get_vma(&vma, attrs, &sink->x);
	return sink->fn.vma(&vma, sink->arg, err);
}

static int part_pages(struct nlattr **attrs, void *arg, struct error *err)
{
	const int size = sizeof(struct vmscope_page);
	struct nlattr *pages = attrs[VMSCOPE_A_PAGES];
	struct sink *sink = arg;
	struct page page;
	int i;

	get_cost(sink, attrs);
	if (!pages)
		return 0;
	if (nla_len(pages) % size)
		return abi_malformed(err, &sink->x.what, "PAGES");
	for (i = 0; i < nla_len(pages); i += size) {
		if (i)
			abi_next_page(&page, (char *)nla_data(pages) + i);
		else
			abi_page(&page, nla_data(pages));
		if (sink->fn.page(&page, sink->arg, err))
			return -1;
	}
	return 0;
}

static int part_tables(struct nlattr **attrs, void *arg, struct error *err)
{
	const size_t size = sizeof(struct vmscope_table);
	struct sink *sink = arg;
	struct nlattr *list = attrs[VMSCOPE_A_TABLES];
	struct tables *tables = sink->arg;
	size_t n;

	get_cost(sink, attrs);
	if (!list && !attrs[VMSCOPE_A_TABLES_TOTAL])
		return 0;
	if (!list || !attrs[VMSCOPE_A_TABLES_TOTAL])
		return abi_cut(err, &sink->x.what);
	n = nla_len(list) / size;
	if (!n || nla_len(list) % size || n > ARRAY_SIZE(tables->table))
		return abi_malformed(err, &sink->x.what, "TABLES");

	for (tables->n = 0; tables->n < n; tables->n++)
		abi_table(&tables->table[tables->n],
			  (char *)nla_data(list) + tables->n * size);
	abi_tables_total(tables, nla_data(attrs[VMSCOPE_A_TABLES_TOTAL]));
	return 0;
}

static int netlink_walk(struct transport *t, pid_t pid, __u64 vaddr,
			walk_fn fn, void *arg, struct error *err)
{
	struct netlink *nl = to_netlink(t);
	struct sink sink = {
		.x = {
			.nl = nl,
			.what = { .pid = pid, .start = vaddr },
			.part = part_walk,
			.arg = &sink,
		},
		.fn.walk = fn,
		.arg = arg,
	};
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_WALK, 0);

	if (msg && (nla_put_u32(msg, VMSCOPE_A_PID, pid) ||
		    nla_put_u64(msg, VMSCOPE_A_ADDR, vaddr))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return exchange(&sink.x, msg, err);
}

static int netlink_maps(struct transport *t, pid_t pid,
			const struct range *range, vma_fn fn, void *arg,
			struct cost *cost, struct error *err)
{
	struct netlink *nl = to_netlink(t);
	struct sink sink = {
		.x = {
			.nl = nl,
			.what = {
				.pid = pid,
				.start = range->start,
				.end = range->end,
			},
			.part = part_maps,
			.arg = &sink,
		},
		.fn.vma = fn,
		.arg = arg,
	};
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_MAPS, NLM_F_DUMP);

	if (msg && (nla_put_u32(msg, VMSCOPE_A_PID, pid) ||
		    put_range(msg, range))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	if (exchange(&sink.x, msg, err))
		return -1;
	return finish(&sink, cost, err);
}

static int netlink_pages(struct transport *t, const struct pages_request *req,
			 page_fn fn, void *arg, struct cost *cost,
			 struct error *err)
{
	struct netlink *nl = to_netlink(t);
	struct sink sink = {
		.x = {
			.nl = nl,
			.what = {
				.pid = req->pid,
				.start = req->range.start,
				.end = req->range.end,
			},
			.part = part_pages,
			.arg = &sink,
		},
		.fn.page = fn,
		.arg = arg,
	};
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_PAGES, NLM_F_DUMP);

	if (msg && (nla_put_u32(msg, VMSCOPE_A_PID, req->pid) ||
		    put_range(msg, &req->range) ||
		    put_mask(msg, VMSCOPE_A_MODE, req->mode) ||
		    put_mask(msg, VMSCOPE_A_STATES, req->states) ||
		    put_mask(msg, VMSCOPE_A_FLAGS_SET, req->flags_set) ||
		    put_mask(msg, VMSCOPE_A_FLAGS_CLEAR, req->flags_clear))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	if (exchange(&sink.x, msg, err))
		return -1;
	return finish(&sink, cost, err);
}

static int netlink_tables(struct transport *t, pid_t pid,
			  struct tables *tables, struct error *err)
{
	struct netlink *nl = to_netlink(t);
	struct sink sink = {
		.x = {
			.nl = nl,
			.what = { .pid = pid },
			.part = part_tables,
			.arg = &sink,
		},
		.arg = tables,
	};
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_TABLES, NLM_F_DUMP);

	if (msg && nla_put_u32(msg, VMSCOPE_A_PID, pid)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	tables->n = 0;
	if (exchange(&sink.x, msg, err))
		return -1;
	return tables->n ? finish(&sink, &tables->cost, err) :
			   abi_cut(err, &sink.x.what);
}

static int part_frame(struct nlattr **attrs, void *arg, struct error *err)
{
	const char *file = attrs[VMSCOPE_A_FILE] ?
			   nla_get_string(attrs[VMSCOPE_A_FILE]) : "";
	struct sink *sink = arg;
	const struct frame_request *req = sink->fn.frame;
	struct owner owner;
	struct frame frame;

	get_cost(sink, attrs);
	if (attrs[VMSCOPE_A_OWNER]) {
		abi_owner(&owner, nla_data(attrs[VMSCOPE_A_OWNER]));
		owner.file = file;
		return req->owner(&owner, req->arg, err);
	}
	if (!attrs[VMSCOPE_A_FRAME])
		return 0;
	sink->has_frame = true;
	abi_frame(&frame, nla_data(attrs[VMSCOPE_A_FRAME]));
	if (frame.order > ORDER_MAX)
		return abi_malformed(err, &sink->x.what, "FRAME");
	frame.file = file;
	return req->frame(&frame, req->arg, err);
}

static int netlink_frame(struct transport *t, const struct frame_request *req,
			 struct cost *cost, struct error *err)
{
	struct netlink *nl = to_netlink(t);
	struct sink sink = {
		.x = {
			.nl = nl,
			.what = { .frame = true, .pfn = req->pfn },
			.part = part_frame,
			.arg = &sink,
		},
		.fn.frame = req,
	};
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_FRAME, NLM_F_DUMP);

	if (msg && (nla_put_u64(msg, VMSCOPE_A_PFN, req->pfn) ||
		    put_mask(msg, VMSCOPE_A_MODE,
			     req->scan ? VMSCOPE_MODE_SCAN : 0))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	if (exchange(&sink.x, msg, err))
		return -1;
	return sink.has_frame ? finish(&sink, cost, err) :
				abi_cut(err, &sink.x.what);
}

static void netlink_close(struct transport *t)
{
	struct netlink *nl = to_netlink(t);

	nl_socket_free(nl->sk);
	free(nl);
}

static int resolve(struct netlink *nl, struct error *err)
{
	int tries;

	/* Twice: it may just have been loaded. */
	for (tries = 0; tries < 2; tries++) {
		nl->family = genl_ctrl_resolve(nl->sk, VMSCOPE_GENL_NAME);
		if (nl->family >= 0)
			return 0;
		if (nl->family != -NLE_OBJ_NOTFOUND)
			return error_set(err, STATUS_FAILED, "netlink: %s",
					 nl_geterror(nl->family));
		if (!procfs_module_is_live())
			return abi_not_loaded(err, "netlink");
	}
	return error_set(err, STATUS_PERMISSION,
			 "netlink: family vmscope answers only in the initial network namespace (try --transport debugfs)");
}

static int ask_info(struct netlink *nl, struct error *err)
{
	struct sink sink = {
		.x = { .nl = nl, .part = part_info, .arg = &sink },
	};

	if (exchange(&sink.x, request_new(nl, VMSCOPE_CMD_INFO, NLM_F_ACK),
		     err))
		return -1;
	return abi_check(&nl->base.info, err);
}

static struct transport *netlink_open(struct error *err)
{
	struct netlink *nl = calloc(1, sizeof(*nl));
	int on = 1, ret;

	if (!nl) {
		error_set(err, STATUS_FAILED, "netlink: %s", strerror(ENOMEM));
		return NULL;
	}
	nl->base.ops = &transport_netlink;
	nl->sk = nl_socket_alloc();
	if (!nl->sk) {
		error_set(err, STATUS_FAILED, "netlink: %s", strerror(ENOMEM));
		goto out_free;
	}
	ret = genl_connect(nl->sk);
	if (ret < 0) {
		error_set(err, STATUS_FAILED, "netlink: %s", nl_geterror(ret));
		goto out_sock;
	}
	if (resolve(nl, err))
		goto out_sock;
	nl_socket_disable_auto_ack(nl->sk);
	/*
	 * Without it errors have no words of their own, but stay errors. Not
	 * before the family is found: libnl must not meet TLVs it cannot read.
	 */
	(void)setsockopt(nl_socket_get_fd(nl->sk), SOL_NETLINK,
			 NETLINK_EXT_ACK, &on, sizeof(on));
	if (ask_info(nl, err))
		goto out_sock;
	return &nl->base;

out_sock:
	nl_socket_free(nl->sk);
out_free:
	free(nl);
	return NULL;
}

const struct transport_ops transport_netlink = {
	.name = "netlink",
	.open = netlink_open,
	.walk = netlink_walk,
	.maps = netlink_maps,
	.pages = netlink_pages,
	.tables = netlink_tables,
	.frame = netlink_frame,
	.close = netlink_close,
};
