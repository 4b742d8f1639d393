// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink transport: answers of each kind, taken apart.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>

#include "fake_netlink.h"

static int count_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)err;
	assert_string_equal(vma->file, "");
	++*(int *)arg;
	return 0;
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
		TEST(test_maps),
		TEST(test_tables),
		TEST(test_frame),
		TEST(test_frame_order),
		TEST(test_walk_user_entry),
	};

	return cmocka_run_group_tests_name("netlink answers", tests, NULL, NULL);
}
