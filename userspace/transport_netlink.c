// SPDX-License-Identifier: GPL-2.0
/*
 * The way in through generic netlink.
 *
 * libnl builds the requests and finds the family. Answers are received here by
 * hand: its default handlers overlook an error inside NLMSG_DONE, know nothing
 * of extended acknowledgments, and let one callback swallow what another one
 * waits for. All three would make half an answer look like a whole one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>

#include <netlink/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "transport_abi.h"

/*
 * The kernel makes the parts of a dump as large as the buffers that it has seen
 * offered, so that this only has to be more than it ever makes.
 */
#define BUFFER_SIZE	(1U << 20)

struct netlink {
	struct transport base;
	struct nl_sock *sk;
	int family;
	char buffer[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/**
 * struct exchange - one request and what has come of it
 * @nl: the connection
 * @what: what it is about, for errors
 * @seq: its sequence number
 * @dump: ends with NLMSG_DONE, not with an acknowledgment
 * @part: called for each message of the family
 * @arg: for @part
 * @parts: messages of the family so far
 * @interrupted: the kernel flagged a part as inconsistent
 * @done: nothing more will come
 */
struct exchange {
	struct netlink *nl;
	struct subject what;
	__u32 seq;
	bool dump;
	int (*part)(struct nlattr **attrs, void *arg, struct error *err);
	void *arg;
	unsigned long parts;
	bool interrupted;
	bool done;
};

static const struct nla_policy policy[VMSCOPE_A_MAX + 1] = {
	[VMSCOPE_A_INFO]	= { .minlen = sizeof(struct vmscope_info) },
	[VMSCOPE_A_PAGE]	= { .minlen = sizeof(struct vmscope_page) },
	[VMSCOPE_A_VMA]		= { .minlen = sizeof(struct vmscope_vma) },
	[VMSCOPE_A_VMFLAGS]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_NAME]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_FILE]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_STATS]	= { .minlen = sizeof(struct vmscope_stats) },
	[VMSCOPE_A_USER_ENTRY]	= { .type = NLA_U64 },
	[VMSCOPE_A_TABLES_TOTAL] = {
		.minlen = sizeof(struct vmscope_tables_total),
	},
};

static struct netlink *to_netlink(struct transport *t)
{
	return (struct netlink *)((char *)t - offsetof(struct netlink, base));
}

/*
 * The message among the TLVs of an extended acknowledgment. @tlvs lies within
 * @nlh; NULL where there is no message, or none that ends.
 */
static const char *extack_message(struct nlmsghdr *nlh, size_t tlvs)
{
	struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || tlvs > nlh->nlmsg_len)
		return NULL;
	attr = nla_find((struct nlattr *)((char *)nlh + tlvs),
			(int)(nlh->nlmsg_len - tlvs), NLMSGERR_ATTR_MSG);
	if (!attr || !memchr(nla_data(attr), '\0', nla_len(attr)))
		return NULL;
	return nla_data(attr);
}

static int handle_error(struct exchange *x, struct nlmsghdr *nlh,
			struct error *err)
{
	struct nlmsgerr *e = nlmsg_data(nlh);
	size_t tlvs;

	if (nlmsg_datalen(nlh) < (int)sizeof(*e))
		return abi_malformed(err, &x->what, "a cut acknowledgment");
	if (!e->error) {
		/* A dump is over with its NLMSG_DONE, not before. */
		if (x->dump)
			return 0;
		if (!x->parts)
			return abi_malformed(err, &x->what, "it is empty");
		x->done = true;
		return 0;
	}

	/* The request comes back before the TLVs, unless it was left out. */
	tlvs = NLMSG_HDRLEN + sizeof(*e);
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		if (e->msg.nlmsg_len < sizeof(e->msg) ||
		    e->msg.nlmsg_len > nlh->nlmsg_len)
			tlvs = nlh->nlmsg_len;
		else
			tlvs += NLMSG_ALIGN(e->msg.nlmsg_len - sizeof(e->msg));
	}
	return abi_error(err, -e->error, extack_message(nlh, tlvs), &x->what);
}

static int handle_done(struct exchange *x, struct nlmsghdr *nlh,
		       struct error *err)
{
	int error;

	if (!x->dump || nlmsg_datalen(nlh) < (int)sizeof(error))
		return abi_malformed(err, &x->what, "a cut end of a dump");
	memcpy(&error, nlmsg_data(nlh), sizeof(error));
	if (error < 0)
		return abi_error(err, -error,
				 extack_message(nlh, NLMSG_HDRLEN +
						NLMSG_ALIGN(sizeof(error))),
				 &x->what);
	x->done = true;
	return 0;
}

static int handle_part(struct exchange *x, struct nlmsghdr *nlh,
		       struct error *err)
{
	struct nlattr *attrs[VMSCOPE_A_MAX + 1];

	if (nlh->nlmsg_type != x->nl->family || !genlmsg_valid_hdr(nlh, 0) ||
	    genlmsg_parse(nlh, 0, attrs, VMSCOPE_A_MAX, policy) < 0)
		return abi_malformed(err, &x->what, "an unknown message");
	x->parts++;
	return x->part(attrs, x->arg, err);
}

static int handle_message(struct exchange *x, struct nlmsghdr *nlh,
			  struct error *err)
{
	if (nlh->nlmsg_seq != x->seq)
		return 0;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_OVERRUN:
		return abi_cut(err, &x->what);
	case NLMSG_ERROR:
		return handle_error(x, nlh, err);
	case NLMSG_DONE:
		return handle_done(x, nlh, err);
	default:
		return handle_part(x, nlh, err);
	}
}

static int receive(struct exchange *x, struct error *err)
{
	struct netlink *nl = x->nl;
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { nl->buffer, sizeof(nl->buffer) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	struct nlmsghdr *nlh = (struct nlmsghdr *)nl->buffer;
	ssize_t n;
	int left;

	do {
		n = recvmsg(nl_socket_get_fd(nl->sk), &msg, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set(err, STATUS_FAILED, "netlink: %s",
				 strerror(errno));
	if (!n || (msg.msg_flags & MSG_TRUNC))
		return abi_cut(err, &x->what);
	if (from.nl_pid)
		return 0;	/* not from the kernel */

	for (left = n; nlmsg_ok(nlh, left) && !x->done;
	     nlh = nlmsg_next(nlh, &left))
		if (handle_message(x, nlh, err))
			return -1;
	if (!x->done && left > 0)
		return abi_malformed(err, &x->what, "a cut message");
	return 0;
}

static struct nl_msg *request_new(struct netlink *nl, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
				flags, cmd, VMSCOPE_GENL_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

/* Sends @msg, which may be NULL for want of memory, and sees its answer out. */
static int exchange(struct exchange *x, struct nl_msg *msg, struct error *err)
{
	struct nlmsghdr *nlh;
	int ret;

	if (!msg)
		return error_set(err, STATUS_FAILED, "netlink: %s",
				 strerror(ENOMEM));
	nl_complete_msg(x->nl->sk, msg);
	nlh = nlmsg_hdr(msg);
	x->seq = nlh->nlmsg_seq;
	x->dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	ret = nl_send(x->nl->sk, msg);
	nlmsg_free(msg);
	if (ret < 0)
		return error_set(err, ret == -NLE_PERM ? STATUS_PERMISSION :
				 STATUS_FAILED, "netlink: %s",
				 nl_geterror(ret));
	while (!x->done)
		if (receive(x, err))
			return -1;
	return 0;
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
	} fn;
	void *arg;
	struct cost cost;
	bool has_cost;
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
		abi_page(&page, (char *)nla_data(pages) + i);
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

	if (!list || !attrs[VMSCOPE_A_TABLES_TOTAL] || !attrs[VMSCOPE_A_STATS])
		return abi_cut(err, &sink->x.what);
	n = nla_len(list) / size;
	if (!n || nla_len(list) % size || n > ARRAY_SIZE(tables->table))
		return abi_malformed(err, &sink->x.what, "TABLES");

	for (tables->n = 0; tables->n < n; tables->n++)
		abi_table(&tables->table[tables->n],
			  (char *)nla_data(list) + tables->n * size);
	abi_tables_total(tables, nla_data(attrs[VMSCOPE_A_TABLES_TOTAL]));
	abi_cost(&tables->cost, nla_data(attrs[VMSCOPE_A_STATS]));
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
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_WALK, NLM_F_ACK);

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
			.what = { pid, range->start, range->end },
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
			.what = { req->pid, req->range.start, req->range.end },
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
	struct nl_msg *msg = request_new(nl, VMSCOPE_CMD_TABLES, NLM_F_ACK);

	if (msg && nla_put_u32(msg, VMSCOPE_A_PID, pid)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return exchange(&sink.x, msg, err);
}

static void netlink_close(struct transport *t)
{
	struct netlink *nl = to_netlink(t);

	nl_socket_free(nl->sk);
	free(nl);
}

static int resolve(struct netlink *nl, struct error *err)
{
	nl->family = genl_ctrl_resolve(nl->sk, VMSCOPE_GENL_NAME);
	if (nl->family >= 0)
		return 0;
	if (nl->family != -NLE_OBJ_NOTFOUND)
		return error_set(err, STATUS_FAILED, "netlink: %s",
				 nl_geterror(nl->family));
	if (access("/sys/module/vmscope", F_OK))
		return error_set(err, STATUS_MODULE,
				 "netlink: module vmscope is not loaded (modprobe vmscope)");
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
	.close = netlink_close,
};
