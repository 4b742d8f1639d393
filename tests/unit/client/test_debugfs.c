// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs transport, on files of a temporary directory: write() and pread()
 * are stood in for, so that a file answers what the module would.
 */
#include <errno.h>
#include <fcntl.h>

#include "transport_abi.h"
#include "transport_debugfs.h"
#include "unit.h"

ssize_t __wrap_write(int fd, const void *buf, size_t n);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos);
ssize_t __real_pread(int fd, void *buf, size_t n, off_t pos);

/**
 * struct fake - what the module does in this test
 * @active: stand in for it
 * @request: what was written to it
 * @write_error: what writing fails with
 * @answer: what is read from it
 * @size: its length
 * @read_max: no read gives more than that; 0: any length
 * @error_at: a read from there on fails with @read_error
 * @read_error: errno, 0: none
 * @stats: at VMSCOPE_STATS_POS; NULL: nothing there
 */
static struct fake {
	bool active;
	char request[256];
	int write_error;
	const void *answer;
	size_t size;
	size_t read_max;
	off_t error_at;
	int read_error;
	const struct vmscope_stats *stats;
} fake;

ssize_t __wrap_write(int fd, const void *buf, size_t n)
{
	(void)fd;
	snprintf(fake.request, sizeof(fake.request), "%.*s", (int)n,
		 (const char *)buf);
	if (fake.write_error) {
		errno = fake.write_error;
		return -1;
	}
	return n;
}

ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos)
{
	if (!fake.active)
		return __real_pread(fd, buf, n, pos);
	if (pos == (off_t)VMSCOPE_STATS_POS) {
		if (!fake.stats)
			return 0;
		memcpy(buf, fake.stats, sizeof(*fake.stats));
		return sizeof(*fake.stats);
	}
	if (fake.read_error && pos >= fake.error_at) {
		errno = fake.read_error;
		return -1;
	}
	if (pos >= (off_t)fake.size)
		return 0;
	if (n > fake.size - pos)
		n = fake.size - pos;
	if (fake.read_max && n > fake.read_max)
		n = fake.read_max;
	if (fake.read_error && pos + (off_t)n > fake.error_at)
		n = fake.error_at - pos;
	memcpy(buf, (const char *)fake.answer + pos, n);
	return n;
}

static char directory[] = "/tmp/vmscope-unit.XXXXXX";

static const char info_text[] =
	"version: 0.1.0\nabi: 1\narch: x86_64\nlevels: 5\npage_shift: 12\n"
	"va_bits: 57\npa_bits: 52\nattach_max: 64\ntested: yes\ncan: mapcount guard pti\n"
	"later: something new\n";

static void put_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	/* Not fwrite() of much: a stream may write() through the stand-in. */
	fclose(f);
	if (*text) {
		int fd = open(path, O_WRONLY);

		assert_int_equal(pwrite(fd, text, strlen(text), 0),
				 strlen(text));
		close(fd);
	}
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	put_file("info", info_text);
	put_file("walk", "");
	put_file("maps", "");
	put_file("tables", "");
	put_file("pages.bin", "");
	return 0;
}

static int teardown(void **state)
{
	static const char * const names[] = {
		"info", "walk", "maps", "tables", "pages.bin",
	};
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	return rmdir(directory);
}

static int fresh(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	put_file("info", info_text);
	return 0;
}

static struct transport *connect_ok(void)
{
	struct error err = { 0 };
	struct transport *t = debugfs_open_dir(directory, &err);

	if (!t)
		fail_msg("%s", err.text);
	fake.active = true;
	return t;
}

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

static const char stats_line[] =
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

		snprintf(answer, sizeof(answer), "%s%s", lines[i], stats_line);
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
			 stats_line);
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
		TEST(test_info),
		TEST(test_open_errors),
		TEST(test_walk),
		TEST(test_walk_bad),
		TEST(test_walk_cut_anywhere),
		TEST(test_walk_errors),
		TEST(test_maps),
		TEST(test_maps_cut_anywhere),
		TEST(test_maps_read_error),
		TEST(test_callback_stops),
		TEST(test_tables),
		TEST(test_tables_bad),
		TEST(test_pages),
		TEST(test_pages_request),
	};

	return cmocka_run_group_tests_name("debugfs", tests, setup, teardown);
}
