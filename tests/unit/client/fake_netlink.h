/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel that is stood in for: nl_send() takes the request, recvmsg() gives
 * whatever datagrams a test has put together.
 */
#ifndef VMSCOPE_FAKE_NETLINK_H
#define VMSCOPE_FAKE_NETLINK_H

#include <netlink/netlink.h>

#include "transport_abi.h"
#include "unit.h"

#define FAMILY	0x1c
#define PARTS	8

/**
 * struct datagram - what one recvmsg() gives
 * @data: messages
 * @len: their length
 * @error: errno instead
 * @truncated: there was more
 * @from: port of the sender
 */
struct datagram {
	char data[8192];
	size_t len;
	int error;
	bool truncated;
	__u32 from;
};

extern struct datagram datagrams[PARTS];

/* The attributes of the last request. */
extern struct nlattr *request[VMSCOPE_A_MAX + 1];

/* What looking up the family gives. */
extern int resolve_result;
extern bool module_is_live;

/* For the setup of a test: no datagrams. */
int fresh(void **state);

/* Connects; then there are no datagrams again. */
struct transport *connect_ok(void);

/* One more datagram, and what may be appended to it. */
struct datagram *datagram(void);
struct nlmsghdr *message(struct datagram *d, int type, int flags,
			 const void *data, size_t len);
void part_flagged(struct datagram *d, int attr, const void *data,
		  size_t len, int flags);
void part(struct datagram *d, int attr, const void *data, size_t len);
void stats(struct datagram *d, __u32 interrupted);
void done(struct datagram *d, int error);

/* An acknowledgment; @text comes behind the request, or without it. */
void ack(struct datagram *d, int error, const char *text, bool capped);

/* The answer to what a transport asks first, as datagrams of its own. */
void info(__u32 abi);

#endif /* VMSCOPE_FAKE_NETLINK_H */
