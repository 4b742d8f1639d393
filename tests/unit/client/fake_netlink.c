// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "fake_netlink.h"

int __wrap_genl_connect(struct nl_sock *sk);
int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name);
int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

struct datagram datagrams[PARTS];
static unsigned int nr_datagrams, next_datagram;
struct nlattr *request[VMSCOPE_A_MAX + 1];
static char request_data[512];
static __u32 seq;
int resolve_result;
bool module_is_live;

int __wrap_genl_connect(struct nl_sock *sk)
{
	(void)sk;
	return 0;
}

int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name)
{
	(void)sk;
	assert_string_equal(name, "vmscope");
	return resolve_result;
}

bool __wrap_procfs_module_is_live(void)
{
	return module_is_live;
}

/* Sequence numbers are known only now: messages were made with 0 and 1 more. */
static void fix_sequences(void)
{
	unsigned int i;

	for (i = next_datagram; i < nr_datagrams; i++) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)datagrams[i].data;
		int left = datagrams[i].len;

		for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
			nlh->nlmsg_seq += seq;
	}
}

int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	(void)sk;
	assert_true(nlh->nlmsg_len <= sizeof(request_data));
	assert_true(nlh->nlmsg_flags & NLM_F_REQUEST);
	memcpy(request_data, nlh, nlh->nlmsg_len);
	nlh = (struct nlmsghdr *)request_data;
	seq = nlh->nlmsg_seq;
	genlmsg_parse(nlh, 0, request, VMSCOPE_A_MAX, NULL);
	fix_sequences();
	return nlh->nlmsg_len;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct datagram *d = &datagrams[next_datagram];

	(void)fd;
	(void)flags;
	if (next_datagram == nr_datagrams)
		fail_msg("it would wait forever");
	next_datagram++;
	((struct sockaddr_nl *)msg->msg_name)->nl_pid = d->from;
	msg->msg_flags = d->truncated ? MSG_TRUNC : 0;
	if (d->error) {
		errno = d->error;
		return -1;
	}
	memcpy(msg->msg_iov->iov_base, d->data, d->len);
	return d->len;
}

struct datagram *datagram(void)
{
	assert_true(nr_datagrams < PARTS);
	return &datagrams[nr_datagrams++];
}

struct nlmsghdr *message(struct datagram *d, int type, int flags,
			 const void *data, size_t len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(d->data + d->len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = 0;
	nlh->nlmsg_pid = 0;
	nlh->nlmsg_len = NLMSG_HDRLEN + len;
	memcpy(nlmsg_data(nlh), data, len);
	d->len += NLMSG_ALIGN(nlh->nlmsg_len);
	return nlh;
}

void part_flagged(struct datagram *d, int attr, const void *data,
		  size_t len, int flags)
{
	char buf[4096] = { 0 };
	struct nlattr *nla = (struct nlattr *)(buf + GENL_HDRLEN);

	nla->nla_type = attr;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy((char *)nla + NLA_HDRLEN, data, len);
	message(d, FAMILY, flags, buf, GENL_HDRLEN + NLA_ALIGN(nla->nla_len));
}

void part(struct datagram *d, int attr, const void *data, size_t len)
{
	part_flagged(d, attr, data, len, NLM_F_MULTI);
}

void stats(struct datagram *d, __u32 interrupted)
{
	const struct vmscope_stats s = { .holds = 5, .interrupted = interrupted };

	part(d, VMSCOPE_A_STATS, &s, sizeof(s));
}

void done(struct datagram *d, int error)
{
	message(d, NLMSG_DONE, NLM_F_MULTI, &error, sizeof(error));
}

void ack(struct datagram *d, int error, const char *text, bool capped)
{
	char buf[256] = { 0 };
	struct nlmsgerr *e = (struct nlmsgerr *)buf;
	size_t len = sizeof(*e);
	int flags = capped ? NLM_F_CAPPED : 0;

	e->error = error;
	e->msg.nlmsg_len = NLMSG_HDRLEN + 6;
	if (!capped) {
		memset(buf + len, 0xaa, 6);
		len += NLMSG_ALIGN(6);
	}
	if (text) {
		struct nlattr *nla = (struct nlattr *)(buf + len);

		flags |= NLM_F_ACK_TLVS;
		nla->nla_type = NLMSGERR_ATTR_MSG;
		nla->nla_len = NLA_HDRLEN + strlen(text) + 1;
		strcpy((char *)nla + NLA_HDRLEN, text);
		len += NLA_ALIGN(nla->nla_len);
	}
	message(d, NLMSG_ERROR, flags, buf, len);
}

void info(__u32 abi)
{
	const struct vmscope_info i = {
		.abi = abi, .levels = 4, .page_shift = 12, .arch = "x86_64",
	};
	struct datagram *d = datagram();

	part_flagged(d, VMSCOPE_A_INFO, &i, sizeof(i), 0);
	ack(datagram(), 0, NULL, true);
}

int fresh(void **state)
{
	(void)state;
	memset(datagrams, 0, sizeof(datagrams));
	nr_datagrams = 0;
	next_datagram = 0;
	resolve_result = FAMILY;
	return 0;
}

struct transport *connect_ok(void)
{
	struct error err = { 0 };
	struct transport *t;

	info(VMSCOPE_ABI);
	t = transport_netlink.open(&err);
	if (!t)
		fail_msg("%s", err.text);
	fresh(NULL);
	return t;
}
