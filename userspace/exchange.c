// SPDX-License-Identifier: GPL-2.0
/*
 * A request and its answer over generic netlink.
 *
 * libnl builds the requests and finds the family. Answers are received here by
 * hand: its default handlers overlook an error inside NLMSG_DONE, know nothing
 * of extended acknowledgments, and let one callback swallow what another one
 * waits for. All three would make half an answer look like a whole one.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "exchange.h"

/* No errno is above; the kernel keeps so many addresses free for them. */
#define ERROR_MAX	4095

static const struct nla_policy policy[VMSCOPE_A_MAX + 1] = {
	[VMSCOPE_A_INFO]	= { .minlen = sizeof(struct vmscope_info) },
	[VMSCOPE_A_PAGE]	= { .minlen = sizeof(struct vmscope_page) },
	[VMSCOPE_A_VMA]		= { .minlen = sizeof(struct vmscope_vma) },
	[VMSCOPE_A_VMFLAGS]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_NAME]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_FILE]	= { .type = NLA_NUL_STRING },
	[VMSCOPE_A_STATS]	= { .minlen = sizeof(struct vmscope_stats) },
	[VMSCOPE_A_USER_ENTRY]	= { .type = NLA_U64 },
	[VMSCOPE_A_OWNER]	= { .minlen = sizeof(struct vmscope_owner) },
	[VMSCOPE_A_FRAME]	= { .minlen = sizeof(struct vmscope_frame) },
	[VMSCOPE_A_TABLES_TOTAL] = {
		.minlen = sizeof(struct vmscope_tables_total),
	},
};

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

/* What an error can be: -errno. */
static bool is_error(int error)
{
	return error < 0 && error >= -ERROR_MAX;
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
	if (!is_error(e->error))
		return abi_malformed(err, &x->what, "an error that is none");
	/*
	 * The kernel's own words: no such family any more, or one whose module no
	 * dump can hold.
	 */
	if (e->error == -ENOENT || e->error == -EPROTONOSUPPORT)
		return abi_not_loaded(err, "netlink");

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
	if (error && !is_error(error))
		return abi_malformed(err, &x->what, "an error that is none");
	if (error)
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
	x->done = x->one;
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

/* What a request has is some numbers; the library's usual page has to be zeroed. */
#define REQUEST_ROOM	256

struct nl_msg *request_new(struct netlink *nl, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(REQUEST_ROOM);

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
				flags, cmd, VMSCOPE_GENL_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

int exchange(struct exchange *x, struct nl_msg *msg, struct error *err)
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
	x->one = !x->dump && !(nlh->nlmsg_flags & NLM_F_ACK);

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
