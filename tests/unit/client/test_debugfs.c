// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs transport: how it opens, and one address.
 */
#include <errno.h>

#include "fake_debugfs.h"

static void test_info(void **state)
{
	struct transport *t = connect_ok();

	(void)state;
	assert_string_equal(t->info.version, "0.1.0");
	assert_string_equal(t->info.arch, "x86_64");
	assert_int_equal(t->info.levels, 5);
	assert_int_equal(t->info.page_shift, 12);
	assert_int_equal(t->info.va_bits, 57);
	assert_int_equal(t->info.pa_bits, 52);
	assert_int_equal(t->info.attach_max, 64);
	assert_true(t->info.tested);
	assert_int_equal(t->info.can, 1 | 8 | 16);
	transport_close(t);
}

static void test_open_errors(void **state)
{
	static const struct {
		const char *info;
		enum status status;
		const char *text;
	} rows[] = {
		{ "abi: 2\npage_shift: 12\n", STATUS_MODULE,
		  "module vmscope: has ABI 2, this client needs ABI 1" },
		{ "page_shift: 12\n", STATUS_MODULE,
		  "module vmscope: has ABI 0, this client needs ABI 1" },
		{ "abi: 1\npage_shift: 99\n", STATUS_MODULE,
		  "module vmscope: page shift 99 makes no sense" },
		{ "abi: x\n", STATUS_FAILED,
		  "module vmscope: bad answer: a line of info" },
		{ "abi: 1\npage_shift: 12", STATUS_FAILED,
		  "module vmscope: bad answer: it ends too early" },
	};
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		put_file("info", rows[i].info);
		assert_null(debugfs_open_dir(directory, &err));
		assert_int_equal(err.status, rows[i].status);
		assert_string_equal(err.text, rows[i].text);
	}
	assert_null(debugfs_open_dir("/nonexistent/vmscope", &err));
	assert_int_equal(err.status, STATUS_MODULE);
}

static const char walk_text[] =
	"pid: 42\nvaddr: 0x7f0000001234\nstate: present\nlevel: pte\n"
	"page_size: 4096\npfn: 291\nflags: present user accessed leaf pkey=3\n"
	"entry: 0x123025\nmapcount: 7\nmapcount_exact: yes\nrefcount: 8\n"
	"kpageflags: 0x86c\nnode: 1\n"
	"step: pgd 254 0x1000 0x2067 present rw user exec accessed\n"
	"step: pte 1 0x2008 0x123025 -\n"
	"vma: 0x7f0000000000-0x7f0000010000 r-xs 0x3000 fd:0a 77\n"
	"vmflags: rd ex mr\nfile: /a\\134b\\012c d\nuser_entry: 0x8000000000000067\n"
	"stats: holds 1 hold_max_ns 2 hold_total_ns 3 irqs_off_max_ns 4 retries 5 interrupted 6\n";

static int check_walk(const struct walk *w, void *arg, struct error *err)
{
	(void)err;
	*(bool *)arg = true;
	assert_int_equal(w->pid, 42);
	assert_int_equal(w->page.state, STATE_PRESENT);
	assert_int_equal(w->page.level, LEVEL_PTE);
	assert_int_equal(w->page.page_shift, 12);
	assert_true(w->page.has_pfn);
	assert_int_equal(w->page.pfn, 291);
	assert_int_equal(w->page.why, WHY_KNOWN);
	assert_int_equal(w->page.flags, 0x30000095);
	assert_int_equal(w->page.entry, 0x123025);
	assert_true(w->page.has_frame);
	assert_int_equal(w->page.mapcount, 7);
	assert_true(w->page.mapcount_exact);
	assert_int_equal(w->page.refcount, 8);
	assert_int_equal(w->page.kpageflags, 0x86c);
	assert_int_equal(w->page.node, 1);
	assert_int_equal(w->nr_steps, 2);
	assert_int_equal(w->steps[0].level, LEVEL_PGD);
	assert_int_equal(w->steps[0].index, 254);
	assert_int_equal(w->steps[0].entry_paddr, 0x1000);
	assert_int_equal(w->steps[0].entry, 0x2067);
	assert_int_equal(w->steps[0].flags, 0x1f);
	assert_int_equal(w->steps[1].flags, 0);
	assert_true(w->has_vma);
	assert_int_equal(w->vma.start, 0x7f0000000000);
	assert_int_equal(w->vma.pages, 16);
	assert_int_equal(w->vma.perms, PERM_READ | PERM_EXEC | PERM_SHARED);
	assert_int_equal(w->vma.offset, 0x3000);
	assert_int_equal(w->vma.dev_major, 0xfd);
	assert_int_equal(w->vma.dev_minor, 0x0a);
	assert_int_equal(w->vma.inode, 77);
	assert_string_equal(w->vma.vmflags, "rd ex mr");
	assert_string_equal(w->vma.name, "");
	assert_string_equal(w->vma.file, "/a\\b\nc d");
	assert_true(w->has_user_entry);
	assert_true(w->user_entry == 0x8000000000000067);
	assert_int_equal(w->cost.holds, 1);
	assert_int_equal(w->cost.interrupted, 6);
	return 0;
}

static void test_walk(void **state)
{
	struct transport *t = connect_ok();
	struct error err = { 0 };
	bool called = false;

	(void)state;
	fake.answer = walk_text;
	fake.size = strlen(walk_text);
	fake.read_max = 7;	/* lines come in pieces */
	if (t->ops->walk(t, 42, 0x7f0000001234, check_walk, &called, &err))
		fail_msg("%s", err.text);
	assert_true(called);
	assert_string_equal(fake.request, "42 0x7f0000001234\n");
	transport_close(t);
}

static int no_walk(const struct walk *w, void *arg, struct error *err)
{
	(void)w;
	(void)arg;
	(void)err;
	fail_msg("passed on");
	return 0;
}

/* A line that makes no sense, though all the rest does. */
static void test_walk_bad(void **state)
{
	static const char * const lines[] = {
		"pid: 43\n",
		"vaddr: 0x2000\n",
		"state: nonsense\n",
		"level: 5\n",
		"page_size: 4097\n",
		"pfn: -1\n",
		"flags: present wrong\n",
		"flags: pkey=16\n",
		"mapcount: 4294967296\n",
		"mapcount_exact: maybe\n",
		"step: pgd 1 0x1000\n",
		"vma: 0x2000-0x1000 r--p 0x0 00:00 0\n",
		"vma: 0x1000-0x1000 r--p 0x0 00:00 0\n",
		"vma: 0x1000-0x2000 r-- 0x0 00:00 0\n",
		"vma: 0x1000-0x2000 r-zp 0x0 00:00 0\n",
		"vma: 0x1000-0x2000 r--p 0x0 00 0\n",
		"user_entry: none\n",
		"unknown: 1\n",
		"no colon\n",
		"stats: holds 1 hold_max_ns 2\n",
	};
	struct transport *t = connect_ok();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct error err = { 0 };
		char answer[256];

		snprintf(answer, sizeof(answer), "%s%s", lines[i], STATS_LINE);
		fake.answer = answer;
		fake.size = strlen(answer);
		if (!t->ops->walk(t, 42, 0x1000, no_walk, NULL, &err) ||
		    strcmp(err.text, "PID 42: bad answer: a line of walk"))
			fail_msg("%s%s", lines[i], err.text);
	}
	transport_close(t);
}

/* Wherever an answer is cut, it must not pass for a whole one. */
static void test_walk_cut_anywhere(void **state)
{
	struct transport *t = connect_ok();

	(void)state;
	fake.answer = walk_text;
	for (fake.size = 0; fake.size < strlen(walk_text); fake.size++) {
		struct error err = { 0 };

		if (!t->ops->walk(t, 42, 0x7f0000001234, no_walk, NULL, &err) ||
		    err.status != STATUS_FAILED)
			fail_msg("cut after %zu", fake.size);
	}
	transport_close(t);
}

static void test_walk_errors(void **state)
{
	static const struct {
		int error;
		enum status status;
		const char *text;
	} rows[] = {
		{ ESRCH, STATUS_FAILED, "PID 42: no such process" },
		{ EPERM, STATUS_PERMISSION,
		  "PID 42: needs CAP_SYS_ADMIN in the initial user namespace" },
		{ EDOM, STATUS_FAILED, "0x1000: not a canonical address" },
		{ ERANGE, STATUS_FAILED,
		  "0x1000: outside the user address space" },
		{ EOPNOTSUPP, STATUS_FAILED,
		  "PID 42: a kernel thread has no user address space" },
	};
	struct transport *t = connect_ok();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };

		fake.write_error = rows[i].error;
		assert_int_equal(t->ops->walk(t, 42, 0x1000, no_walk, NULL,
					      &err), -1);
		assert_int_equal(err.status, rows[i].status);
		assert_begins(err.text, rows[i].text);
	}
	transport_close(t);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),
		TEST(test_open_errors),
		TEST(test_walk),
		TEST(test_walk_bad),
		TEST(test_walk_cut_anywhere),
		TEST(test_walk_errors),
	};

	return cmocka_run_group_tests_name("debugfs", tests, setup, teardown);
}
