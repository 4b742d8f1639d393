/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the netlink transport: a request goes out, its answer is seen to the end.
 */
#ifndef VMSCOPE_EXCHANGE_H
#define VMSCOPE_EXCHANGE_H

#include <linux/netlink.h>
#include <netlink/netlink.h>
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
 * @one: ends with the answer's one message
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
	bool one;
	int (*part)(struct nlattr **attrs, void *arg, struct error *err);
	void *arg;
	unsigned long parts;
	bool interrupted;
	bool done;
};

/**
 * request_new() - begin a request
 * @nl: the connection
 * @cmd: VMSCOPE_CMD_*
 * @flags: NLM_F_*
 *
 * Return: to be given to exchange(); NULL where there is no memory.
 */
struct nl_msg *request_new(struct netlink *nl, int cmd, int flags);

/**
 * exchange() - send a request and see its answer out
 * @x: what is to come of it
 * @msg: the request, which this frees; NULL for want of memory
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int exchange(struct exchange *x, struct nl_msg *msg, struct error *err);

#endif /* VMSCOPE_EXCHANGE_H */
