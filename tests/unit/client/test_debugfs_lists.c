// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs transport: answers of many lines, or records.
 */
#include <errno.h>

#include "fake_debugfs.h"

static const char maps_text[] =
	"# start-end perms ...\n"
	"0x1000-0x3000 rw-p 0x0 00:00 0 1 2 3 4 5 6 7 8 9 10 11 12 yes rd,wr,mr [heap]\n"
	"0x5000-0x6000 ---s 0x10 08:1f 99 0 0 0 0 0 0 0 0 0 0 0 0 no - \n"
	"0x7000-0x8000 r--p 0x10 08:1f 99 0 0 0 0 0 0 0 0 0 0 0 0 no - /x y\\012z\n"
	"# stats holds 1 hold_max_ns 2 hold_total_ns 3 irqs_off_max_ns 4 retries 5 interrupted 1\n";

static int check_vma(const struct vma *vma, void *arg, struct error *err)
{
	int *n = arg;

	(void)err;
	switch ((*n)++) {
	case 0:
		assert_int_equal(vma->pages, 2);
		assert_int_equal(vma->present, 1);
		assert_int_equal(vma->swap, 2);
		assert_int_equal(vma->shared, 3);
		assert_int_equal(vma->exclusive, 4);
		assert_int_equal(vma->anon, 5);
		assert_int_equal(vma->file_pages, 6);
		assert_int_equal(vma->huge, 7);
		assert_int_equal(vma->dirty, 8);
		assert_int_equal(vma->accessed, 9);
		assert_int_equal(vma->zero, 10);
		assert_true(vma->mapcount_exact);
		assert_string_equal(vma->vmflags, "rd wr mr");
		assert_string_equal(vma->name, "[heap]");
		assert_string_equal(vma->file, "");
		break;
	case 1:
		assert_int_equal(vma->perms, PERM_SHARED);
		assert_false(vma->mapcount_exact);
		assert_string_equal(vma->vmflags, "");
		assert_string_equal(vma->name, "");
		assert_string_equal(vma->file, "");
		break;
	default:
		assert_string_equal(vma->file, "/x y\nz");
	}
	return 0;
}

static void test_maps(void **state)
{
	const struct range all = { 0 }, part = { 0x1000, 0x9000 };
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;

	(void)state;
	fake.answer = maps_text;
	fake.size = strlen(maps_text);
	fake.read_max = 100;
	if (t->ops->maps(t, 42, &all, check_vma, &n, &cost, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 3);
	assert_int_equal(cost.interrupted, 1);
	assert_string_equal(fake.request, "42\n");
	n = 0;
	assert_int_equal(t->ops->maps(t, 42, &part, check_vma, &n, &cost, &err),
			 0);
	assert_string_equal(fake.request, "42 0x1000-0x9000\n");
	transport_close(t);
}

static int count_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)vma;
	(void)err;
	++*(int *)arg;
	return 0;
}

/* Wherever an answer is cut, it must not pass for a whole one. */
static void test_maps_cut_anywhere(void **state)
{
	const struct range all = { 0 };
	struct transport *t = connect_ok();
	struct cost cost;
	int n = 0;

	(void)state;
	fake.answer = maps_text;
	for (fake.size = 0; fake.size < strlen(maps_text); fake.size++) {
		struct error err = { 0 };

		if (!t->ops->maps(t, 42, &all, count_vma, &n, &cost, &err) ||
		    err.status != STATUS_FAILED)
			fail_msg("cut after %zu", fake.size);
	}
	transport_close(t);
}

static void test_maps_read_error(void **state)
{
	const struct range all = { 0 };
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;

	(void)state;
	fake.answer = maps_text;
	fake.size = strlen(maps_text);
	fake.error_at = 120;
	fake.read_error = ESTALE;
	assert_int_equal(t->ops->maps(t, 42, &all, count_vma, &n, &cost, &err),
			 -1);
	assert_int_equal(n, 1);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.text, "PID 42: the process exited or called exec meanwhile");
	transport_close(t);
}

static int stop_vma(const struct vma *vma, void *arg, struct error *err)
{
	count_vma(vma, arg, err);
	return error_set(err, STATUS_FAILED, "enough");
}

static void test_callback_stops(void **state)
{
	const struct range all = { 0 };
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;

	(void)state;
	fake.answer = maps_text;
	fake.size = strlen(maps_text);
	assert_int_equal(t->ops->maps(t, 42, &all, stop_vma, &n, &cost, &err),
			 -1);
	assert_int_equal(n, 1);
	assert_string_equal(err.text, "enough");
	transport_close(t);
}

static const char tables_text[] =
	"# level tables used\n"
	"pgd 1 2\n"
	"pte 30 5000000000\n"
	"total accounted_bytes 126976 deposited 3\n"
	"# stats holds 1 hold_max_ns 2 hold_total_ns 3 irqs_off_max_ns 4 retries 5 interrupted 6\n";

static void test_tables(void **state)
{
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct tables tables = { .n = 4 };

	(void)state;
	fake.answer = tables_text;
	fake.size = strlen(tables_text);
	fake.read_max = 7;
	if (t->ops->tables(t, 42, &tables, &err))
		fail_msg("%s", err.text);
	assert_string_equal(fake.request, "42\n");
	assert_int_equal(tables.n, 2);
	assert_int_equal(tables.table[0].level, LEVEL_PGD);
	assert_int_equal(tables.table[0].tables, 1);
	assert_int_equal(tables.table[0].used, 2);
	assert_int_equal(tables.table[1].level, LEVEL_PTE);
	assert_true(tables.table[1].used == 5000000000);
	assert_int_equal(tables.accounted_bytes, 126976);
	assert_int_equal(tables.deposited, 3);
	assert_int_equal(tables.cost.interrupted, 6);

	/* Wherever it is cut, it must not pass for a whole one. */
	for (fake.size = 0; fake.size < strlen(tables_text); fake.size++)
		if (!t->ops->tables(t, 42, &tables, &err) ||
		    err.status != STATUS_FAILED)
			fail_msg("cut after %zu", fake.size);
	fake.write_error = ESRCH;
	assert_int_equal(t->ops->tables(t, 42, &tables, &err), -1);
	assert_string_equal(err.text, "PID 42: no such process");
	transport_close(t);
}

/* Lines that make no sense, or that are missing, though there are the stats. */
static void test_tables_bad(void **state)
{
#define TOTAL	"total accounted_bytes 1 deposited 0\n"
	static const char * const answers[] = {
		"", "# level tables used\n", "pgd 1 2\n", TOTAL,
		"pgd 1\n" TOTAL, "pgd 1 2 3\n" TOTAL, "pgd x 2\n" TOTAL,
		"none 1 2\n" TOTAL, "bogus 1 2\n" TOTAL,
		TOTAL "pgd 1 2\n",
		"pgd 1 2\ntotal accounted_bytes 1\n",
		"pgd 1 2\ntotal deposited 1 accounted_bytes 2\n",
		"pgd 1 2\ntotal accounted_bytes 1 deposited 0 more\n",
		"pgd 1 2\npgd 1 2\npgd 1 2\npgd 1 2\npgd 1 2\npgd 1 2\npgd 1 2\n"
		TOTAL,
	};
#undef TOTAL
	struct transport *t = connect_ok();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		struct tables tables = { 0 };
		struct error err = { 0 };
		char answer[512];

		snprintf(answer, sizeof(answer), "%s# %s", answers[i],
			 STATS_LINE);
		memmove(strstr(answer, "stats:") + 5, strstr(answer, "stats:") + 6,
			strlen(strstr(answer, "stats:") + 6) + 1);
		fake.answer = answer;
		fake.size = strlen(answer);
		if (!t->ops->tables(t, 42, &tables, &err) ||
		    strncmp(err.text, "PID 42: bad answer: ", 20))
			fail_msg("%s%s", answers[i], err.text);
	}
	transport_close(t);
}

static int take_page(const struct page *page, void *arg, struct error *err)
{
	int *n = arg;

	(void)err;
	assert_int_equal(page->vaddr, 0x1000 * (__u64)(*n + 1));
	++*n;
	return 0;
}

static void test_pages(void **state)
{
	const struct vmscope_stats stats = { .holds = 3, .interrupted = 2 };
	struct vmscope_page records[100];
	struct pages_request req = { .pid = 42 };
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;
	size_t i;

	(void)state;
	memset(records, 0, sizeof(records));
	for (i = 0; i < ARRAY_SIZE(records); i++)
		records[i].vaddr = 0x1000 * (i + 1);
	fake.answer = records;
	fake.size = sizeof(records);
	fake.stats = &stats;
	fake.read_max = sizeof(records[0]) + 5;
	if (t->ops->pages(t, &req, take_page, &n, &cost, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n, 100);
	assert_int_equal(cost.holds, 3);
	assert_int_equal(cost.interrupted, 2);
	assert_string_equal(fake.request, "42\n");

	/* A record that is cut is an error; so is the want of statistics. */
	n = 0;
	fake.size--;
	assert_int_equal(t->ops->pages(t, &req, take_page, &n, &cost, &err),
			 -1);
	assert_int_equal(n, 99);
	n = 0;
	fake.size++;
	fake.stats = NULL;
	assert_int_equal(t->ops->pages(t, &req, take_page, &n, &cost, &err),
			 -1);
	n = 0;
	fake.stats = &stats;
	fake.read_error = ESTALE;
	fake.error_at = sizeof(records);
	assert_int_equal(t->ops->pages(t, &req, take_page, &n, &cost, &err),
			 -1);
	transport_close(t);
}

static void test_pages_request(void **state)
{
	const struct vmscope_stats stats = { 0 };
	const struct pages_request req = {
		.pid = 42,
		.range = { 0x1000, 0x2000 },
		.mode = MODE_EACH | MODE_SPLIT,
		.states = 0x14,
		.flags_set = 0x2,
		.flags_clear = 0x20,
	};
	struct transport *t = connect_ok();
	struct error err = { 0 };
	struct cost cost;
	int n = 0;

	(void)state;
	fake.stats = &stats;
	assert_int_equal(t->ops->pages(t, &req, take_page, &n, &cost, &err), 0);
	assert_string_equal(fake.request, "42 0x1000-0x2000 each split states=0x14 set=0x2 clear=0x20\n");
	transport_close(t);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_maps),
		TEST(test_maps_cut_anywhere),
		TEST(test_maps_read_error),
		TEST(test_callback_stops),
		TEST(test_tables),
		TEST(test_tables_bad),
		TEST(test_pages),
		TEST(test_pages_request),
	};

	return cmocka_run_group_tests_name("debugfs lists", tests, setup, teardown);
}
