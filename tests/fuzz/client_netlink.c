// SPDX-License-Identifier: GPL-2.0
/*
 * Harness: the client over netlink, with a kernel that answers whatever the input
 * says. The first byte chooses the command, then come steps of one byte and what
 * belongs to them; what the kernel sends are datagrams put together from them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include "../../module/uapi/vmscope.h"
#include "client.h"

#define FAMILY		0x1c
#define DATAGRAM_MAX	8192

int __wrap_genl_connect(struct nl_sock *sk);
int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name);
int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

enum step {
	STEP_MESSAGE,	/* flags: begin a message of the family */
	STEP_ATTR,	/* type, length of 16 bits, data */
	STEP_DONE,	/* error of 32 bits */
	STEP_ERROR,	/* error of 32 bits, flags */
	STEP_SEND,	/* the datagram is complete */
	STEP_LENGTH,	/* 16 bits: the length that the last message says */
	STEP_NAME,	/* the same of its last attribute */
	STEP_STRANGER,	/* sender: the next datagram is not the kernel's */
	STEP_RAW,	/* length of 8 bits, data */
	STEPS
};

/**
 * struct source - what is left of the input
 * @at: next byte
 * @left: so many
 * @seq: of the request
 * @asked: requests so far
 * @buf: the datagram
 * @len: its length
 * @message: offset of its last message
 * @attr: offset of that one's last attribute
 * @from: who sends it
 */
static struct source {
	const uint8_t *at;
	size_t left;
	uint32_t seq;
	unsigned int asked;
	char buf[DATAGRAM_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len;
	size_t message;
	size_t attr;
	uint32_t from;
} source;

static uint32_t next(unsigned int bytes)
{
	uint32_t n = 0;

	while (bytes-- && source.left) {
		n = n << 8 | *source.at++;
		source.left--;
	}
	return n;
}

static void *put(size_t size)
{
	void *at = source.buf + source.len;

	if (source.len + NLMSG_ALIGN(size) > sizeof(source.buf))
		return NULL;
	memset(at, 0, NLMSG_ALIGN(size));
	source.len += NLMSG_ALIGN(size);
	return at;
}

/* As much of the input as there is. */
static void put_data(size_t size)
{
	const size_t n = size < source.left ? size : source.left;
	char *at = put(size);

	if (!at)
		return;
	memcpy(at, source.at, n);
	source.at += n;
	source.left -= n;
}

/* A run as long as memory is no damage, it only takes as long as memory. */
static void shorten_runs(size_t size)
{
	char *at = source.buf + source.attr + NLA_HDRLEN;
	struct vmscope_page page;

	for (; size >= sizeof(page); size -= sizeof(page), at += sizeof(page)) {
		memcpy(&page, at, sizeof(page));
		page.npages &= 0xfff;
		memcpy(at, &page, sizeof(page));
	}
}

static void fix_length(void)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(source.buf + source.message);

	if (source.message + NLMSG_HDRLEN <= source.len)
		nlh->nlmsg_len = source.len - source.message;
}

static void begin(int type, int flags)
{
	struct nlmsghdr *nlh;

	source.message = source.len;
	nlh = put(NLMSG_HDRLEN);
	if (!nlh)
		return;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = source.seq;
}

static void put_number(int32_t n)
{
	int32_t *at = put(sizeof(n));

	if (at)
		*at = n;
}

static void put_attr(int type, size_t size)
{
	struct nlattr *a;

	source.attr = source.len;
	a = put(NLA_HDRLEN);
	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + size;
	put_data(size);
	if (type == VMSCOPE_A_PAGES && source.len >= source.attr + NLA_HDRLEN + size)
		shorten_runs(size);
}

/* One step. True: it ends the datagram. */
static bool step(void)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(source.buf + source.message);
	struct nlattr *attr = (struct nlattr *)(source.buf + source.attr);
	uint32_t n, m;

	switch (next(1) % STEPS) {
	case STEP_MESSAGE:
		n = next(1);
		begin(FAMILY, n & 0x1f);
		put(GENL_HDRLEN);
		break;
	case STEP_ATTR:
		n = next(1);
		m = next(2) % 1024;
		put_attr(n, m);
		break;
	case STEP_DONE:
		n = next(4);
		begin(NLMSG_DONE, NLM_F_MULTI);
		put_number(n);
		break;
	case STEP_ERROR:
		n = next(4);
		begin(NLMSG_ERROR, next(2));
		put_number(n);
		put(sizeof(struct nlmsghdr));
		break;
	case STEP_SEND:
		return true;
	case STEP_LENGTH:
		if (source.message + NLMSG_HDRLEN <= source.len)
			nlh->nlmsg_len = next(2);
		return false;
	case STEP_NAME:
		if (source.attr && source.attr + NLA_HDRLEN <= source.len)
			attr->nla_len = next(2);
		return false;
	case STEP_STRANGER:
		source.from = next(1);
		return false;
	case STEP_RAW:
		put_data(next(1));
		break;
	}
	fix_length();
	return false;
}

int __wrap_genl_connect(struct nl_sock *sk)
{
	(void)sk;
	return 0;
}

int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name)
{
	(void)sk;
	(void)name;
	return FAMILY;
}

int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg)
{
	(void)sk;
	source.seq = nlmsg_hdr(msg)->nlmsg_seq;
	source.asked++;
	return nlmsg_hdr(msg)->nlmsg_len;
}

/* What the module says of itself: most inputs shall get beyond it. */
static void put_info(void)
{
	const struct vmscope_info info = {
		.abi = VMSCOPE_ABI, .levels = 5, .page_shift = 12, .va_bits = 57,
		.pa_bits = 52, .arch = "x86_64", .version = "0.1.0", .can = 0x1f,
	};
	struct nlattr *a;

	begin(FAMILY, 0);
	put(GENL_HDRLEN);
	a = put(NLA_HDRLEN + sizeof(info));
	a->nla_type = VMSCOPE_A_INFO;
	a->nla_len = NLA_HDRLEN + sizeof(info);
	memcpy((char *)a + NLA_HDRLEN, &info, sizeof(info));
	fix_length();
	begin(NLMSG_ERROR, NLM_F_CAPPED);
	put_number(0);
	put(sizeof(struct nlmsghdr));
	fix_length();
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	size_t n;

	(void)fd;
	(void)flags;
	source.len = 0;
	source.message = 0;
	source.attr = 0;
	source.from = 0;
	if (source.asked == 1 && !(source.left && *source.at == 0xff)) {
		put_info();
	} else {
		if (!source.left) {
			errno = ENOBUFS;
			return -1;
		}
		while (source.left && !step())
			;
	}
	n = source.len < msg->msg_iov->iov_len ? source.len : msg->msg_iov->iov_len;
	memcpy(msg->msg_iov->iov_base, source.buf, n);
	((struct sockaddr_nl *)msg->msg_name)->nl_pid = source.from;
	msg->msg_flags = 0;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	source = (struct source){ .at = data + 1, .left = size - 1 };
	client_run(client_command(data[0]));
	return 0;
}

/* Seeds: an answer that each of the commands could get. */

static size_t seed_attr(uint8_t *to, int type, const void *data, size_t size)
{
	to[0] = STEP_ATTR;
	to[1] = type;
	to[2] = size >> 8;
	to[3] = size;
	memcpy(to + 4, data, size);
	return 4 + size;
}

static size_t seed_vma(uint8_t *to)
{
	const struct vmscope_vma vma = {
		.start = 0x7f0000000000, .end = 0x7f0000010000, .perms = 5,
		.bits = 3, .present = 5, .inode = 77, .dev_major = 8,
	};
	size_t n = 0;

	n += seed_attr(to + n, VMSCOPE_A_VMA, &vma, sizeof(vma));
	n += seed_attr(to + n, VMSCOPE_A_VMFLAGS, "rd ex mr", 9);
	n += seed_attr(to + n, VMSCOPE_A_NAME, "[heap]", 7);
	n += seed_attr(to + n, VMSCOPE_A_FILE, "/lib/libc.so.6", 15);
	return n;
}

static size_t seed_pages(uint8_t *to, int type)
{
	const struct vmscope_page page[2] = {
		{ .vaddr = 0x7f0000001000, .entry = 0x1067, .pfn = 1, .npages = 1,
		  .flags = 0x37, .mapcount = 1, .refcount = 1, .kpageflags = 0x5868,
		  .state = VMSCOPE_STATE_PRESENT, .level = 1, .page_shift = 12, .bits = 3 },
		{ .vaddr = 0x7f0000002000, .entry = 2, .pfn = 9, .npages = 3,
		  .state = VMSCOPE_STATE_SWAP, .level = 1, .page_shift = 12,
		  .swap_type = 1, .why = VMSCOPE_WHY_SWAPPED, .node = VMSCOPE_NODE_NONE },
	};

	return seed_attr(to, type, page, type == VMSCOPE_A_PAGE ? sizeof(page[0]) : sizeof(page));
}

static size_t seed_levels(uint8_t *to)
{
	const struct vmscope_level level[2] = {
		{ .entry_paddr = 0x1000, .entry = 0x2067, .flags = 7, .index = 3, .level = 5 },
		{ .entry_paddr = 0x2008, .entry = 0x3067, .flags = 7, .index = 1, .level = 1 },
	};

	return seed_attr(to, VMSCOPE_A_LEVELS, level, sizeof(level));
}

static size_t seed_tables(uint8_t *to)
{
	const struct vmscope_table table[2] = {
		{ .level = 5, .tables = 1, .used = 2 }, { .level = 1, .tables = 9, .used = 99 },
	};
	const struct vmscope_tables_total total = { .accounted_bytes = 40960 };
	size_t n = seed_attr(to, VMSCOPE_A_TABLES, table, sizeof(table));

	return n + seed_attr(to + n, VMSCOPE_A_TABLES_TOTAL, &total, sizeof(total));
}

static size_t seed_owner(uint8_t *to)
{
	const struct vmscope_owner owner = {
		.vaddr = 0x7f0000001000, .entry = 0x1067, .pid = 1, .flags = 7,
		.state = VMSCOPE_STATE_PRESENT, .level = 1, .page_shift = 12, .comm = "init",
	};

	return seed_attr(to, VMSCOPE_A_OWNER, &owner, sizeof(owner));
}

static size_t seed_frame(uint8_t *to)
{
	const struct vmscope_frame frame = {
		.pfn = 4711, .head_pfn = 4711, .mapcount = 1, .refcount = 2, .found = 1,
		.inode = 77, .bits = 0xf, .kind = VMSCOPE_KIND_FILE, .how = VMSCOPE_HOW_FILE,
	};

	return seed_attr(to, VMSCOPE_A_FRAME, &frame, sizeof(frame));
}

static size_t seed_stats(uint8_t *to)
{
	const struct vmscope_stats stats = { .holds = 3, .hold_max_ns = 1000 };

	return seed_attr(to, VMSCOPE_A_STATS, &stats, sizeof(stats));
}

/* The parts of an answer to the command, without its end. */
static size_t seed_answer(unsigned int i, uint8_t *to)
{
	const char *command = client_command(i);
	size_t n = 0;

	to[n++] = STEP_MESSAGE;
	to[n++] = NLM_F_MULTI;
	if (strstr(command, "walk") || strstr(command, "--of")) {
		n += seed_pages(to + n, VMSCOPE_A_PAGE);
		n += seed_levels(to + n);
		n += seed_vma(to + n);
		return n + seed_stats(to + n);
	}
	if (strstr(command, "maps") || strstr(command, "shared") || strstr(command, "libc"))
		n += seed_vma(to + n);
	else if (strstr(command, "tables"))
		n += seed_tables(to + n);
	else if (strstr(command, "frame"))
		n += seed_owner(to + n);
	else
		n += seed_pages(to + n, VMSCOPE_A_PAGES);
	if (strstr(command, "frame")) {
		to[n++] = STEP_MESSAGE;
		to[n++] = NLM_F_MULTI;
		n += seed_frame(to + n);
	}
	to[n++] = STEP_MESSAGE;
	to[n++] = NLM_F_MULTI;
	return n + seed_stats(to + n);
}

/* That there is none. */
static size_t seed_error(uint8_t *to)
{
	memset(to, 0, 4);
	return 4;
}

size_t harness_seed(unsigned int i, uint8_t *buf)
{
	const char *command = client_command(i);
	unsigned int times;
	size_t n = 0;

	if (i && !strcmp(command, client_command(0)))
		return 0;
	buf[n++] = i;
	for (times = 0; times < 3; times++) {
		n += seed_answer(i, buf + n);
		if (strstr(command, "walk") || strstr(command, "--of")) {
			buf[n++] = STEP_ERROR;
			n += seed_error(buf + n);
			buf[n++] = NLM_F_CAPPED >> 8;
			buf[n++] = 0;
		} else {
			buf[n++] = STEP_DONE;
			n += seed_error(buf + n);
		}
		buf[n++] = STEP_SEND;
		if (strstr(command, "shared")) {
			buf[n++] = STEP_MESSAGE;
			buf[n++] = NLM_F_MULTI;
			n += seed_pages(buf + n, VMSCOPE_A_PAGES);
			buf[n++] = STEP_MESSAGE;
			buf[n++] = NLM_F_MULTI;
			n += seed_stats(buf + n);
			buf[n++] = STEP_DONE;
			n += seed_error(buf + n);
			buf[n++] = STEP_SEND;
		}
	}
	return n;
}
