// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink messages, made from a good one by what can be wrong with it: an
 * attribute's type, length, place or number, a header's field, the end, a bit.
 * And what can be done with sockets meanwhile: read a bit of an answer, or none,
 * with little room, ask again in the middle, close.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "../../module/uapi/vmscope.h"
#include "fuzz.h"

#define SOCKETS		24
#define MESSAGE_MAX	(256 * 1024)

static int family;

/**
 * struct bench - what a worker has before it
 * @cast: whom to ask about
 * @d: what decides
 * @fd: sockets; 0: none
 * @buf: the message being made
 * @len: its length
 * @reply: where answers go
 */
struct bench {
	const struct cast *cast;
	struct dice *d;
	int fd[SOCKETS];
	char buf[MESSAGE_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len;
	char reply[64 * 1024];
};

static void resolve_family(void)
{
	struct nl_sock *sk = nl_socket_alloc();

	if (!sk || genl_connect(sk))
		broken("netlink");
	family = genl_ctrl_resolve(sk, VMSCOPE_GENL_NAME);
	nl_socket_free(sk);
	if (family < 0)
		broken("family vmscope");
}

static void *put(struct bench *b, size_t size)
{
	void *at = b->buf + b->len;

	if (b->len + NLMSG_ALIGN(size) > sizeof(b->buf))
		return NULL;
	memset(at, 0, NLMSG_ALIGN(size));
	b->len += NLMSG_ALIGN(size);
	return at;
}

static void put_attr(struct bench *b, int type, const void *data, size_t size)
{
	struct nlattr *a = put(b, NLA_HDRLEN + size);

	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + size;
	memcpy((char *)a + NLA_HDRLEN, data, size);
}

/* The attributes that some request has, with numbers that it may have. */
static void put_good_attr(struct bench *b, int type)
{
	const uint32_t masks[] = {
		VMSCOPE_MODE_EACH, VMSCOPE_MODE_SPLIT, VMSCOPE_MODES_ALL,
		VMSCOPE_FLAGS_ALL, 1 << VMSCOPE_STATE_PRESENT, 0, ~0U,
		dice_number(b->d),
	};
	uint64_t wide, addrs[200];
	uint32_t n;

	switch (type) {
	case VMSCOPE_A_PID:
		n = cast_pick(b->cast, b->d);
		put_attr(b, type, &n, sizeof(n));
		break;
	case VMSCOPE_A_ADDR:
	case VMSCOPE_A_START:
	case VMSCOPE_A_END:
		wide = cast_address(b->cast, b->d);
		put_attr(b, type, &wide, sizeof(wide));
		break;
	case VMSCOPE_A_ADDRS:
		for (n = 0; n < COUNT(addrs); n++)
			addrs[n] = cast_address(b->cast, b->d);
		put_attr(b, type, addrs, dice_below(b->d, COUNT(addrs)) * sizeof(*addrs));
		break;
	case VMSCOPE_A_PFN:
		wide = cast_frame(b->cast, b->d);
		put_attr(b, type, &wide, sizeof(wide));
		break;
	default:
		n = masks[dice_below(b->d, COUNT(masks))];
		/* To walk every process takes as long as a hundred others. */
		if (!dice_chance(b->d, 5) && type == VMSCOPE_A_MODE)
			n &= ~VMSCOPE_MODE_SCAN;
		put_attr(b, type, &n, sizeof(n));
	}
}

static void put_bad_attr(struct bench *b)
{
	static const int flags[] = { 0, NLA_F_NESTED, NLA_F_NET_BYTEORDER, 0xc000 };
	const int type = dice_below(b->d, VMSCOPE_A_MAX + 4) | flags[dice_below(b->d, COUNT(flags))];
	size_t size = dice_chance(b->d, 95) ? dice_below(b->d, 40) : dice_below(b->d, 60000);
	struct nlattr *a = put(b, NLA_HDRLEN + size), *inner;
	uint64_t number;
	size_t i;

	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + size;
	if (dice_chance(b->d, 20))
		a->nla_len = dice_number(b->d);
	number = dice_number(b->d);
	for (i = 0; i + sizeof(number) <= size; i += sizeof(number))
		memcpy((char *)a + NLA_HDRLEN + i, &number, sizeof(number));
	/* Attributes in it, as deep as there is room. */
	if (!dice_chance(b->d, 40))
		return;
	for (; size >= 2 * NLA_HDRLEN; size -= NLA_HDRLEN, a = inner) {
		inner = (struct nlattr *)((char *)a + NLA_HDRLEN);
		inner->nla_type = a->nla_type;
		inner->nla_len = size;
	}
}

static const struct {
	int cmd;
	int flags;
	int attrs[6];
} requests[] = {
	{ VMSCOPE_CMD_INFO, NLM_F_ACK, { 0 } },
	{ VMSCOPE_CMD_WALK, NLM_F_ACK, { VMSCOPE_A_PID, VMSCOPE_A_ADDR } },
	{ VMSCOPE_CMD_WALK, NLM_F_DUMP, { VMSCOPE_A_PID, VMSCOPE_A_ADDRS } },
	{ VMSCOPE_CMD_MAPS, NLM_F_DUMP, { VMSCOPE_A_PID } },
	{ VMSCOPE_CMD_MAPS, NLM_F_DUMP, { VMSCOPE_A_PID, VMSCOPE_A_START, VMSCOPE_A_END } },
	{ VMSCOPE_CMD_PAGES, NLM_F_DUMP, { VMSCOPE_A_PID, VMSCOPE_A_MODE } },
	{ VMSCOPE_CMD_PAGES, NLM_F_DUMP, { VMSCOPE_A_PID, VMSCOPE_A_START, VMSCOPE_A_END,
					   VMSCOPE_A_MODE } },
	{ VMSCOPE_CMD_PAGES, NLM_F_DUMP, { VMSCOPE_A_PID, VMSCOPE_A_STATES,
					   VMSCOPE_A_FLAGS_SET, VMSCOPE_A_FLAGS_CLEAR } },
	{ VMSCOPE_CMD_TABLES, NLM_F_DUMP, { VMSCOPE_A_PID } },
	{ VMSCOPE_CMD_FRAME, NLM_F_DUMP, { VMSCOPE_A_PFN } },
	{ VMSCOPE_CMD_FRAME, NLM_F_DUMP, { VMSCOPE_A_PFN, VMSCOPE_A_MODE } },
};

static struct nlmsghdr *begin_message(struct bench *b, int cmd, int flags)
{
	struct nlmsghdr *nlh = put(b, NLMSG_HDRLEN);
	struct genlmsghdr *genl = put(b, GENL_HDRLEN);

	if (!nlh || !genl)
		return NULL;
	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = dice_next(b->d);
	genl->cmd = cmd;
	genl->version = VMSCOPE_GENL_VERSION;
	return nlh;
}

static void end_message(struct bench *b, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = b->buf + b->len - (char *)nlh;
}

/* Only a family of ours is asked: another one's might do as it is told. */
static void damage_header(struct bench *b, struct nlmsghdr *nlh)
{
	const int types[] = {
		NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE, NLMSG_OVERRUN,
		NLMSG_MIN_TYPE - 1, 0xfffe, family,
	};
	struct genlmsghdr *genl = (struct genlmsghdr *)((char *)nlh + NLMSG_HDRLEN);
	const uint64_t number = dice_number(b->d);

	switch (dice_below(b->d, 7)) {
	case 0:
		nlh->nlmsg_type = types[dice_below(b->d, COUNT(types))];
		break;
	case 1:
		nlh->nlmsg_len = number;
		break;
	case 2:
		nlh->nlmsg_len += dice_below(b->d, 33) - 16;
		break;
	case 3:
		nlh->nlmsg_flags = number;
		break;
	case 4:
		nlh->nlmsg_pid = number;
		break;
	case 5:
		genl->cmd = number;
		break;
	case 6:
		genl->version = number;
		genl->reserved = number >> 8;
		break;
	}
}

static void flip_bits(struct bench *b, struct nlmsghdr *nlh)
{
	const size_t size = b->buf + b->len - (char *)nlh;
	unsigned int n = 1 + dice_below(b->d, 8);
	uint64_t bit;

	while (n--) {
		bit = dice_below(b->d, 8 * size);
		((char *)nlh)[bit / 8] ^= 1 << bit % 8;
	}
	/* See damage_header(). */
	nlh->nlmsg_type = family;
}

static void put_request(struct bench *b)
{
	const size_t row = dice_below(b->d, COUNT(requests));
	struct nlmsghdr *nlh = begin_message(b, requests[row].cmd, requests[row].flags);
	const unsigned int how = dice_below(b->d, 10);
	unsigned int i, n;

	if (!nlh)
		return;
	for (i = 0; i < COUNT(requests[row].attrs) && requests[row].attrs[i]; i++) {
		/* One that is missing, or twice there. */
		n = how == 4 ? dice_below(b->d, 3) : 1;
		while (n--)
			put_good_attr(b, requests[row].attrs[i]);
	}
	if (how == 5 || how == 6)
		for (n = 1 + dice_below(b->d, 4); n; n--)
			put_bad_attr(b);
	if (how == 7 && dice_chance(b->d, 10))
		while (b->len < sizeof(b->buf) / 2)
			put_bad_attr(b);
	end_message(b, nlh);
	if (how == 8)
		damage_header(b, nlh);
	if (how == 9)
		flip_bits(b, nlh);
}

static void put_noise(struct bench *b)
{
	size_t size = dice_below(b->d, 200), i;
	struct nlmsghdr *nlh = (struct nlmsghdr *)b->buf;

	for (i = 0; i < size; i++)
		b->buf[i] = dice_next(b->d);
	b->len = size;
	if (size >= NLMSG_HDRLEN)
		nlh->nlmsg_type = family;
}

static void open_socket(struct bench *b, int *fd)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_NO_ENOBUFS, NETLINK_GET_STRICT_CHK,
	};
	const int room = dice_chance(b->d, 30) ? 1 : 212992;
	const uint64_t which = dice_next(b->d);
	int on = 1, large = MESSAGE_MAX * 2;
	size_t i;

	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);
	if (*fd < 0)
		broken("socket");
	/* 1 is what the kernel makes its minimum of. */
	setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(*fd, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof(large));
	for (i = 0; i < COUNT(options); i++)
		if (which & 1 << i)
			setsockopt(*fd, SOL_NETLINK, options[i], &on, sizeof(on));
}

/* Some of what there is to read, and perhaps in too little room. */
static void read_some(struct bench *b, int fd)
{
	static const size_t rooms[] = { 0, 1, 20, 4096, 16384, 32768, sizeof(b->reply) };
	const size_t room = rooms[dice_below(b->d, COUNT(rooms))];
	int parts = dice_chance(b->d, 1) ? 200 : dice_below(b->d, 3);

	while (parts-- && recv(fd, b->reply, room, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
}

static void one_input(struct bench *b)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int *fd = &b->fd[dice_below(b->d, SOCKETS)];
	unsigned int n = dice_chance(b->d, 10) ? 1 + dice_below(b->d, 5) : 1;
	const bool noise = dice_chance(b->d, 3), cut = dice_chance(b->d, 5);
	const bool read = dice_chance(b->d, 40), end = dice_chance(b->d, 8);

	if (*fd <= 0)
		open_socket(b, fd);
	b->len = 0;
	if (noise)
		put_noise(b);
	else
		while (n--)
			put_request(b);
	if (cut)
		b->len = dice_below(b->d, b->len + 1);
	sendto(*fd, b->buf, b->len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	if (read)
		read_some(b, *fd);
	if (!end)
		return;
	close(*fd);
	*fd = -1;
}

static void work(const struct cast *cast, struct dice *d, uint64_t n, volatile uint64_t *done)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		broken("memory");
	b->cast = cast;
	b->d = d;
	for (; n; n--, ++*done)
		one_input(b);
	/* The sockets, and dumps halfway, end with the process. */
}

static void nothing(void)
{
}

const struct way way_netlink = { "netlink", resolve_family, work, nothing };
