// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink transport: how it connects, and what comes of dumps that go well,
 * are cut short, or fail.
 */
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>

#include "fake_netlink.h"

static int count_page(const struct page *page, void *arg, struct error *err)
{
	(void)page;
	(void)err;
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
	module_is_live = false;
	assert_null(transport_netlink.open(&err));
	assert_int_equal(err.status, STATUS_MODULE);
	/* It is there, but answers elsewhere alone. */
	module_is_live = true;
	assert_null(transport_netlink.open(&err));
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

/* It was there when the connection was made. */
static void test_unloaded_meanwhile(void **state)
{
	static const int errors[] = { -ENOENT, -EPROTONOSUPPORT };
	struct transport *t = connect_ok();
	struct cost cost;
	struct error err;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		fresh(NULL);
		ack(datagram(), errors[i], NULL, true);
		assert_int_equal(ask(t, &n, &cost, &err), -1);
		assert_int_equal(err.status, STATUS_MODULE);
		assert_begins(err.text, "netlink: module vmscope is not loaded");
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
		TEST(test_unloaded_meanwhile),
		TEST(test_wild_ack),
	};

	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
