// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink transport, against a kernel that is stood in for: nl_send() takes
 * the request, recvmsg() gives whatever datagrams a test has put together.
 */
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "transport_abi.h"
#include "unit.h"

#define FAMILY	0x1c
#define PARTS	8

int __wrap_genl_connect(struct nl_sock *sk);
int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name);
int __wrap_nl_send(struct nl_sock *sk, struct nl_msg *msg);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

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

static struct datagram datagrams[PARTS];
static unsigned int nr_datagrams, next_datagram;
static struct nlattr *request[VMSCOPE_A_MAX + 1];
static char request_data[512];
static __u32 seq;
static int resolve_result;

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

static struct datagram *datagram(void)
{
	assert_true(nr_datagrams < PARTS);
	return &datagrams[nr_datagrams++];
}

/* Appends a message to a datagram. */
static struct nlmsghdr *message(struct datagram *d, int type, int flags,
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

static void part_flagged(struct datagram *d, int attr, const void *data,
			 size_t len, int flags)
{
	char buf[4096] = { 0 };
	struct nlattr *nla = (struct nlattr *)(buf + GENL_HDRLEN);

	nla->nla_type = attr;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy((char *)nla + NLA_HDRLEN, data, len);
	message(d, FAMILY, flags, buf, GENL_HDRLEN + NLA_ALIGN(nla->nla_len));
}

static void part(struct datagram *d, int attr, const void *data, size_t len)
{
	part_flagged(d, attr, data, len, NLM_F_MULTI);
}

static void stats(struct datagram *d, __u32 interrupted)
{
	const struct vmscope_stats s = { .holds = 5, .interrupted = interrupted };

	part(d, VMSCOPE_A_STATS, &s, sizeof(s));
}

static void done(struct datagram *d, int error)
{
	message(d, NLMSG_DONE, NLM_F_MULTI, &error, sizeof(error));
}

/* An acknowledgment; @text comes behind the request, or without it. */
static void ack(struct datagram *d, int error, const char *text, bool capped)
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

static void info(__u32 abi)
{
	const struct vmscope_info i = {
		.abi = abi, .levels = 4, .page_shift = 12, .arch = "x86_64",
	};
	struct datagram *d = datagram();

	part_flagged(d, VMSCOPE_A_INFO, &i, sizeof(i), 0);
	ack(datagram(), 0, NULL, true);
}

static int fresh(void **state)
{
	(void)state;
	memset(datagrams, 0, sizeof(datagrams));
	nr_datagrams = 0;
	next_datagram = 0;
	resolve_result = FAMILY;
	return 0;
}

static struct transport *connect_ok(void)
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

static int count_page(const struct page *page, void *arg, struct error *err)
{
	(void)page;
	(void)err;
	++*(int *)arg;
	return 0;
}

static int count_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)err;
	assert_string_equal(vma->file, "");
	++*(int *)arg;
	return 0;
}

static void pages(struct datagram *d, int n)
{
	struct vmscope_page records[20] = { 0 };

	part(d, VMSCOPE_A_PAGES, records, n * sizeof(records[0]));
}

/* Asks for pages; what the test has put together is the answer. */
static int ask(struct transport *t, int *n, struct cost *cost,
	       struct error *err)
{
	const struct pages_request req = { .pid = 42, .mode = MODE_EACH };

	*n = 0;
	memset(err, 0, sizeof(*err));
	return t->ops->pages(t, &req, count_page, n, cost, err);
}

static void test_open(void **state)
{
	struct transport *t = connect_ok();

	(void)state;
	assert_int_equal(t->info.levels, 4);
	assert_string_equal(t->info.arch, "x86_64");
	transport_close(t);
}

static void test_open_other_abi(void **state)
{
	struct error err;

	(void)state;
	info(VMSCOPE_ABI + 1);
	assert_null(transport_netlink.open(&err));
	assert_int_equal(err.status, STATUS_MODULE);
	assert_string_equal(err.text,
			    "module vmscope: has ABI 2, this client needs ABI 1");
}

static void test_open_not_allowed(void **state)
{
	struct error err;

	(void)state;
	ack(datagram(), -EPERM, NULL, true);
	assert_null(transport_netlink.open(&err));
	assert_int_equal(err.status, STATUS_PERMISSION);
	assert_begins(err.text, "module vmscope: needs CAP_SYS_ADMIN in the initial user namespace");
}

static void test_open_no_family(void **state)
{
	struct error err;

	(void)state;
	resolve_result = -NLE_OBJ_NOTFOUND;
	assert_null(transport_netlink.open(&err));
	if (access("/sys/module/vmscope", F_OK))
		assert_int_equal(err.status, STATUS_MODULE);
	else
		assert_int_equal(err.status, STATUS_PERMISSION);
}

/* An acknowledgment without the answer itself is no success. */
static void test_ack_alone(void **state)
{
	struct error err;

	(void)state;
	ack(datagram(), 0, NULL, true);
	assert_null(transport_netlink.open(&err));
	assert_int_equal(err.status, STATUS_FAILED);
}

static void test_dump(void **state)
{
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	pages(d, 3);
	pages(d, 4);
	d = datagram();
	pages(d, 1);
	stats(d, 0);
	done(datagram(), 0);
	if (ask(t, &n, &cost, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 8);
	assert_int_equal(cost.holds, 5);
	assert_int_equal(cost.interrupted, 0);
	assert_int_equal(nla_get_u32(request[VMSCOPE_A_PID]), 42);
	assert_int_equal(nla_get_u32(request[VMSCOPE_A_MODE]), MODE_EACH);
	assert_null(request[VMSCOPE_A_START]);
	assert_null(request[VMSCOPE_A_STATES]);
	transport_close(t);
}

/* The first bug of its kind: an error inside NLMSG_DONE. */
static void test_error_in_done(void **state)
{
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	pages(d, 3);
	stats(d, 0);
	done(datagram(), -ESTALE);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_int_equal(n, 3);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.text, "PID 42: the process exited or called exec meanwhile");
	transport_close(t);
}

static void test_words_in_done(void **state)
{
	struct {
		int error;
		struct nlattr nla;
		char text[12];
	} body = { -ESTALE, { NLA_HDRLEN + 10, NLMSGERR_ATTR_MSG }, "its words" };
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	stats(d, 0);
	message(d, NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS, &body,
		sizeof(body));
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_string_equal(err.text, "PID 42: its words");
	transport_close(t);
}

/* The second: the result of receiving. */
static void test_receive_errors(void **state)
{
	static const struct {
		int error;
		bool truncated;
		bool empty;
	} rows[] = {
		{ .error = ENOBUFS },
		{ .error = ENOMEM },
		{ .truncated = true },
		{ .empty = true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct transport *t = connect_ok();
		struct datagram *d = datagram();
		struct cost cost;
		struct error err;
		int n;

		pages(d, 3);
		stats(d, 0);
		d = datagram();
		if (!rows[i].empty)
			done(d, 0);
		d->error = rows[i].error;
		d->truncated = rows[i].truncated;
		assert_int_equal(ask(t, &n, &cost, &err), -1);
		assert_int_equal(err.status, STATUS_FAILED);
		transport_close(t);
		fresh(NULL);
	}
}

/* The third: what belongs to another request, or is not the kernel's. */
static void test_strangers(void **state)
{
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	d->from = 1234;
	pages(d, 9);
	done(d, 0);
	d = datagram();
	((struct nlmsghdr *)d->data)->nlmsg_seq = 0;
	done(d, -EIO);
	((struct nlmsghdr *)d->data)->nlmsg_seq = 100;	/* not this one's */
	ack(d, 0, NULL, true);		/* no end of a dump either */
	d = datagram();
	pages(d, 2);
	stats(d, 0);
	done(d, 0);
	if (ask(t, &n, &cost, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 2);
	transport_close(t);
}

static void test_done_without_stats(void **state)
{
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	pages(d, 3);
	done(d, 0);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_string_equal(err.text,
			    "PID 42: bad answer: it ends too early");
	fresh(NULL);
	/* Those of an earlier part do not count. */
	d = datagram();
	stats(d, 0);
	pages(d, 3);
	done(d, 0);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_string_equal(err.text,
			    "PID 42: bad answer: it ends too early");
	transport_close(t);
}

static void test_malformed(void **state)
{
	struct transport *t = connect_ok();
	struct vmscope_page record = { 0 };
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	/* half a record */
	part(datagram(), VMSCOPE_A_PAGES, &record, sizeof(record) - 4);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_int_equal(n, 0);
	fresh(NULL);
	/* statistics that are too short */
	part(datagram(), VMSCOPE_A_STATS, &record, 4);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	fresh(NULL);
	/* a message of another family */
	message(datagram(), FAMILY + 1, NLM_F_MULTI, &record, 8);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	fresh(NULL);
	/* a datagram that ends within a message */
	pages(datagram(), 3);
	datagrams[0].len -= 8;
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	fresh(NULL);
	/* a DONE without its error code */
	message(datagram(), NLMSG_DONE, NLM_F_MULTI, "", 0);
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	transport_close(t);
}

static void test_interrupted(void **state)
{
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct vmscope_page record = { 0 };
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	part_flagged(d, VMSCOPE_A_PAGES, &record, sizeof(record),
		     NLM_F_MULTI | NLM_F_DUMP_INTR);
	stats(d, 0);
	done(d, 0);
	assert_int_equal(ask(t, &n, &cost, &err), 0);
	assert_int_equal(cost.interrupted, 1);
	fresh(NULL);
	d = datagram();
	stats(d, 7);
	done(d, 0);
	assert_int_equal(ask(t, &n, &cost, &err), 0);
	assert_int_equal(cost.interrupted, 7);
	transport_close(t);
}

static void test_words_of_errors(void **state)
{
	static const struct {
		int error;
		const char *said;
		bool capped;
		enum status status;
		const char *text;
	} rows[] = {
		{ -ESRCH, NULL, true, STATUS_FAILED,
		  "PID 42: no such process" },
		{ -ESRCH, "its words", true, STATUS_FAILED,
		  "PID 42: its words" },
		{ -EINVAL, "its words", false, STATUS_FAILED,
		  "PID 42: its words" },
		{ -EPERM, NULL, false, STATUS_PERMISSION,
		  "PID 42: needs CAP_SYS_ADMIN in the initial user namespace" },
		{ -EIO, NULL, true, STATUS_FAILED,
		  "PID 42: Input/output error" },
		{ EIO, NULL, true, STATUS_FAILED,
		  "PID 42: bad answer: an error that is none" },
		{ -4096, NULL, true, STATUS_FAILED,
		  "PID 42: bad answer: an error that is none" },
		{ INT_MIN, NULL, true, STATUS_FAILED,
		  "PID 42: bad answer: an error that is none" },
	};
	struct transport *t = connect_ok();
	struct cost cost;
	struct error err;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fresh(NULL);
		ack(datagram(), rows[i].error, rows[i].said, rows[i].capped);
		assert_int_equal(ask(t, &n, &cost, &err), -1);
		assert_int_equal(err.status, rows[i].status);
		assert_begins(err.text, rows[i].text);
		/* The same at the end of a dump. */
		fresh(NULL);
		stats(datagram(), 0);
		done(datagram(), rows[i].error);
		assert_int_equal(ask(t, &n, &cost, &err), -1);
		assert_int_equal(err.status, rows[i].status);
	}
	transport_close(t);
}

/* Lengths that point outside of the message must not be followed. */
static void test_wild_ack(void **state)
{
	struct transport *t = connect_ok();
	struct nlmsgerr *e;
	struct cost cost;
	struct error err;
	int n;

	(void)state;
	ack(datagram(), -ESRCH, "its words", false);
	e = nlmsg_data((struct nlmsghdr *)datagrams[0].data);
	e->msg.nlmsg_len = 0x7fffffff;
	assert_int_equal(ask(t, &n, &cost, &err), -1);
	assert_string_equal(err.text, "PID 42: no such process");
	transport_close(t);
}

static void test_maps(void **state)
{
	const struct vmscope_vma vma = { .start = 0x1000, .end = 0x3000 };
	const struct range range = { 0x1000, 0x9000 };
	struct transport *t = connect_ok();
	struct datagram *d = datagram();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;

	(void)state;
	part(d, VMSCOPE_A_VMA, &vma, sizeof(vma));
	part(d, VMSCOPE_A_VMA, &vma, sizeof(vma));
	stats(d, 0);
	done(d, 0);
	if (t->ops->maps(t, 42, &range, count_vma, &n, &cost, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 2);
	assert_int_equal(nla_get_u64(request[VMSCOPE_A_START]), 0x1000);
	assert_int_equal(nla_get_u64(request[VMSCOPE_A_END]), 0x9000);
	transport_close(t);
}

/**
 * struct tables_reply - an answer to VMSCOPE_CMD_TABLES
 * @tables: the records; an attribute begins 4 bytes off their alignment
 * @n: how many bytes of them
 * @total: put it in
 * @stats: likewise
 */
struct tables_reply {
	struct vmscope_table tables[8];
	size_t n;
	bool total;
	bool stats;
};

static char *put(char *to, int attr, const void *data, size_t len)
{
	struct nlattr *nla = (struct nlattr *)to;

	nla->nla_type = attr;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy(to + NLA_HDRLEN, data, len);
	return to + NLA_ALIGN(nla->nla_len);
}

static int ask_tables(struct transport *t, const struct tables_reply *r,
		      struct tables *tables, struct error *err)
{
	const struct vmscope_tables_total total = {
		.accounted_bytes = 8192, .deposited = 2,
	};
	char buf[1024] = { 0 };
	char *end = buf + GENL_HDRLEN;

	fresh(NULL);
	memset(err, 0, sizeof(*err));
	stats(datagram(), 0);
	end = put(end, VMSCOPE_A_TABLES, r->tables, r->n);
	if (r->total)
		end = put(end, VMSCOPE_A_TABLES_TOTAL, &total, sizeof(total));
	message(datagram(), FAMILY, NLM_F_MULTI, buf, end - buf);
	if (r->stats)
		stats(datagram(), 1);
	done(datagram(), 0);
	return t->ops->tables(t, 42, tables, err);
}

static void test_tables(void **state)
{
	struct tables_reply r = {
		.tables = {
			{ .level = VMSCOPE_LEVEL_PGD, .tables = 1, .used = 2 },
			{ .level = VMSCOPE_LEVEL_PTE, .tables = 9, .used = 3 },
		},
		.n = 2 * sizeof(r.tables[0]),
		.total = true,
		.stats = true,
	};
	struct transport *t = connect_ok();
	struct tables tables = { .n = 3 };
	struct error err;

	(void)state;
	if (ask_tables(t, &r, &tables, &err))
		fail_msg("%s", err.text);
	assert_int_equal(nla_get_u32(request[VMSCOPE_A_PID]), 42);
	assert_int_equal(tables.n, 2);
	assert_int_equal(tables.table[1].level, LEVEL_PTE);
	assert_int_equal(tables.table[1].tables, 9);
	assert_int_equal(tables.accounted_bytes, 8192);
	assert_int_equal(tables.deposited, 2);
	assert_int_equal(tables.cost.holds, 5);
	assert_int_equal(tables.cost.interrupted, 1);

	/* Parts that are missing, or that make no sense. */
	r.stats = false;
	assert_int_equal(ask_tables(t, &r, &tables, &err), -1);
	r.stats = true;
	r.total = false;
	assert_int_equal(ask_tables(t, &r, &tables, &err), -1);
	r.total = true;
	r.n--;
	assert_int_equal(ask_tables(t, &r, &tables, &err), -1);
	assert_string_equal(err.text, "PID 42: bad answer: TABLES");
	r.n = 0;
	assert_int_equal(ask_tables(t, &r, &tables, &err), -1);
	r.n = 7 * sizeof(r.tables[0]);
	assert_int_equal(ask_tables(t, &r, &tables, &err), -1);
	transport_close(t);
}

/**
 * struct answer - what came of a question about a frame
 * @owners: how many
 * @owner: the last one
 * @frame: what is known of the frame
 * @path: the strings they had
 */
struct answer {
	int owners;
	struct owner owner;
	struct frame frame;
	char path[2][32];
};

static int take_owner(const struct owner *owner, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	a->owners++;
	a->owner = *owner;
	snprintf(a->path[0], sizeof(a->path[0]), "%s", owner->file);
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	a->frame = *frame;
	snprintf(a->path[1], sizeof(a->path[1]), "%s", frame->file);
	return 0;
}

static int ask_frame(struct transport *t, struct answer *a, bool scan,
		     struct error *err)
{
	const struct frame_request req = {
		.pfn = 4711,
		.scan = scan,
		.owner = take_owner,
		.frame = take_frame,
		.arg = a,
	};
	struct cost cost;

	memset(a, 0, sizeof(*a));
	memset(err, 0, sizeof(*err));
	return t->ops->frame(t, &req, &cost, err);
}

static void test_frame(void **state)
{
	const struct vmscope_owner owner = {
		.vaddr = 0x7000, .pid = 42, .comm = "0123456789abcdef",
		.state = VMSCOPE_STATE_PRESENT, .level = VMSCOPE_LEVEL_PTE,
		.page_shift = 12,
	};
	const struct vmscope_frame frame = {
		.pfn = 4711, .kind = VMSCOPE_KIND_FILE, .mapcount = 7,
		.how = VMSCOPE_HOW_FILE, .found = 1, .node = VMSCOPE_NODE_NONE,
		.inode = 12, .bits = VMSCOPE_FRAME_FACTS,
	};
	struct transport *t = connect_ok();
	char buf[512] = { 0 };
	struct answer a;
	struct error err;
	char *end;

	(void)state;
	stats(datagram(), 0);
	end = put(buf + GENL_HDRLEN, VMSCOPE_A_OWNER, &owner, sizeof(owner));
	end = put(end, VMSCOPE_A_FILE, "/a", 3);
	message(datagram(), FAMILY, NLM_F_MULTI, buf, end - buf);
	part(datagram(), VMSCOPE_A_FRAME, &frame, sizeof(frame));
	stats(datagram(), 0);
	done(datagram(), 0);
	if (ask_frame(t, &a, false, &err))
		fail_msg("%s", err.text);
	assert_int_equal(nla_get_u64(request[VMSCOPE_A_PFN]), 4711);
	assert_null(request[VMSCOPE_A_MODE]);
	assert_int_equal(a.owners, 1);
	assert_int_equal(a.owner.pid, 42);
	/* The module's string had no end. */
	assert_string_equal(a.owner.comm, "0123456789abcde");
	assert_string_equal(a.path[0], "/a");
	assert_string_equal(a.path[1], "");
	assert_int_equal(a.frame.mapcount, 7);
	assert_int_equal(a.frame.node, -1);
	assert_false(a.frame.has_file);
	assert_false(a.frame.complete);

	/* Owners alone are no answer. */
	fresh(NULL);
	part(datagram(), VMSCOPE_A_OWNER, &owner, sizeof(owner));
	stats(datagram(), 0);
	done(datagram(), 0);
	assert_int_equal(ask_frame(t, &a, true, &err), -1);
	assert_int_equal(nla_get_u32(request[VMSCOPE_A_MODE]),
			 VMSCOPE_MODE_SCAN);
	assert_string_equal(err.text,
			    "frame 4711: bad answer: it ends too early");
	/* Nor is one that fails after all. */
	fresh(NULL);
	part(datagram(), VMSCOPE_A_FRAME, &frame, sizeof(frame));
	done(datagram(), -E2BIG);
	assert_int_equal(ask_frame(t, &a, true, &err), -1);
	assert_string_equal(err.text,
			    "frame 4711: no physical address has so many bits");
	transport_close(t);
}

/* Pages of a folio that are more than there can be. */
static void test_frame_order(void **state)
{
	struct vmscope_frame frame = {
		.pfn = 4711, .bits = VMSCOPE_FRAME_FACTS, .order = ORDER_MAX,
	};
	struct transport *t = connect_ok();
	struct answer a;
	struct error err;

	(void)state;
	for (; frame.order <= ORDER_MAX + 1; frame.order++) {
		fresh(NULL);
		part(datagram(), VMSCOPE_A_FRAME, &frame, sizeof(frame));
		stats(datagram(), 0);
		done(datagram(), 0);
		assert_int_equal(ask_frame(t, &a, false, &err),
				 frame.order > ORDER_MAX ? -1 : 0);
	}
	assert_string_equal(err.text, "frame 4711: bad answer: FRAME");
	transport_close(t);
}

static int take_walk(const struct walk *walk, void *arg, struct error *err)
{
	(void)err;
	assert_true(walk->has_user_entry);
	assert_true(walk->user_entry == 0x8000000000000067);
	assert_int_equal(walk->nr_steps, 1);
	++*(int *)arg;
	return 0;
}

static void test_walk_user_entry(void **state)
{
	const struct vmscope_page page = { .state = VMSCOPE_STATE_UNMAPPED };
	const struct vmscope_level level = { .level = VMSCOPE_LEVEL_PGD };
	const struct vmscope_stats cost = { .holds = 1 };
	const __u64 entry = 0x8000000000000067;
	struct transport *t = connect_ok();
	struct error err = { 0 };
	char buf[512] = { 0 };
	char *end = buf + GENL_HDRLEN;
	int n = 0;

	(void)state;
	end = put(end, VMSCOPE_A_PAGE, &page, sizeof(page));
	end = put(end, VMSCOPE_A_LEVELS, &level, sizeof(level));
	end = put(end, VMSCOPE_A_USER_ENTRY, &entry, sizeof(entry));
	end = put(end, VMSCOPE_A_STATS, &cost, sizeof(cost));
	message(datagram(), FAMILY, 0, buf, end - buf);
	ack(datagram(), 0, NULL, true);
	if (t->ops->walk(t, 42, ~0xfffULL, take_walk, &n, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 1);
	transport_close(t);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_open_other_abi),
		TEST(test_open_not_allowed),
		TEST(test_open_no_family),
		TEST(test_ack_alone),
		TEST(test_dump),
		TEST(test_error_in_done),
		TEST(test_words_in_done),
		TEST(test_receive_errors),
		TEST(test_strangers),
		TEST(test_done_without_stats),
		TEST(test_malformed),
		TEST(test_interrupted),
		TEST(test_words_of_errors),
		TEST(test_wild_ack),
		TEST(test_maps),
		TEST(test_tables),
		TEST(test_frame),
		TEST(test_frame_order),
		TEST(test_walk_user_entry),
	};

	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
