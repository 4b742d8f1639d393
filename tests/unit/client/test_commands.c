// SPDX-License-Identifier: GPL-2.0
/*
 * Whole commands, on a way in that answers what a test has laid down.
 */
#include <json-c/json.h>

#include "command.h"
#include "procfs.h"
#include "unit.h"

FILE *__wrap_procfs_open_swaps(void);

/* What this machine has is of no concern. */
FILE *__wrap_procfs_open_swaps(void)
{
	return NULL;
}

#define VMAS	3

static const struct vma vma_list[VMAS] = {
	{ .start = 0x1000, .end = 0x3000, .pages = 2, .perms = PERM_READ,
	  .present = 2, .shared = 2, .inode = 5, .file = "/lib/x\\y.so",
	  .name = "", .vmflags = "rd ex mr" },
	{ .start = 0x3000, .end = 0x4000, .pages = 1, .perms = PERM_READ,
	  .mapcount_exact = true, .inode = 5, .file = "/lib/x\\y.so",
	  .name = "", .vmflags = "" },
	{ .start = 0x8000, .end = 0x9000, .pages = 1,
	  .perms = PERM_READ | PERM_WRITE, .file = "", .name = "[heap]",
	  .vmflags = "rd" },
};

/**
 * struct fake - the way in, and what it was asked
 * @base: the way in
 * @interrupted: so many of the next dumps of VMAs are inconsistent
 * @pages_interrupted: likewise, of pages
 * @dumps: how many were made
 * @request: the last one for pages
 * @page: the pages of each process
 * @nr_pages: how many
 * @fail_after: dumps of pages fail after so many records; -1: they do not
 * @walk: the answer to a walk
 */
static struct fake {
	struct transport base;
	int interrupted;
	int pages_interrupted;
	int dumps;
	struct pages_request request;
	struct page page[4];
	size_t nr_pages;
	int fail_after;
	struct walk walk;
} fake;

static struct transport *fake_open(struct error *err)
{
	(void)err;
	return &fake.base;
}

static void fake_cost(struct cost *cost, int *interrupted)
{
	fake.dumps++;
	*cost = (struct cost) { .interrupted = *interrupted > 0 };
	*interrupted -= *interrupted > 0;
}

static int fake_walk(struct transport *t, pid_t pid, __u64 vaddr, walk_fn fn,
		     void *arg, struct error *err)
{
	(void)t;
	fake.walk.pid = pid;
	fake.walk.vaddr = vaddr;
	return fn(&fake.walk, arg, err);
}

static int fake_maps(struct transport *t, pid_t pid, const struct range *range,
		     vma_fn fn, void *arg, struct cost *cost, struct error *err)
{
	int i;

	(void)t;
	(void)pid;
	(void)range;
	for (i = 0; i < VMAS; i++)
		if (fn(&vma_list[i], arg, err))
			return -1;
	fake_cost(cost, &fake.interrupted);
	return 0;
}

static int fake_pages(struct transport *t, const struct pages_request *req,
		      page_fn fn, void *arg, struct cost *cost,
		      struct error *err)
{
	size_t i;

	(void)t;
	fake.request = *req;
	for (i = 0; i < fake.nr_pages; i++) {
		if ((int)i == fake.fail_after)
			return error_set(err, STATUS_FAILED, "it broke");
		if (fn(&fake.page[i], arg, err))
			return -1;
	}
	fake_cost(cost, &fake.pages_interrupted);
	return 0;
}

static void fake_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops fake_ops = {
	.name = "fake",
	.open = fake_open,
	.walk = fake_walk,
	.maps = fake_maps,
	.pages = fake_pages,
	.close = fake_close,
};

static int fresh(void **state)
{
	(void)state;
	fake = (struct fake) {
		.base = { .ops = &fake_ops, .info = { .page_shift = 12 } },
		.fail_after = -1,
		.nr_pages = 3,
		.page = {
			{ .vaddr = 0x1000, .npages = 2, .state = STATE_PRESENT,
			  .level = LEVEL_PTE, .page_shift = 12, .has_pfn = true,
			  .pfn = 0, .has_frame = true, .mapcount = 2,
			  .node = -1, .flags = 5, .entry = 0x25 },
			{ .vaddr = 0x3000, .npages = 1, .state = STATE_PRESENT,
			  .level = LEVEL_PTE, .page_shift = 12, .has_pfn = true,
			  .pfn = 99, .has_frame = true, .node = -1,
			  .kpageflags = 1ULL << KPF_ZERO },
			{ .vaddr = 0x8000, .npages = 1, .state = STATE_SWAP,
			  .level = LEVEL_PTE, .page_shift = 12, .swap_type = 1,
			  .swap_offset = 77, .why = WHY_SWAPPED },
		},
	};
	return 0;
}

static char printed[16384];
static struct error error;

/* Runs a command; standard output is in printed[], its error in error. */
static int run(const struct command *c, const struct look *look, int argc,
	       const char * const *argv, const char * const *options)
{
	struct invocation inv = {
		.command = c,
		.ops = &fake_ops,
		.look = *look,
		.argc = argc,
		.argv = (char **)argv,
	};
	struct capture cap;
	int ret, i;

	for (i = 0; options && options[i]; i += 2)
		inv.option[atoi(options[i])] = options[i + 1];
	memset(&error, 0, sizeof(error));
	capture_begin(&cap);
	ret = c->run(&inv, &error);
	capture_end(&cap, printed, sizeof(printed));
	return ret;
}

#define ARGS(...) \
	(int)ARRAY_SIZE(((const char *[]){ __VA_ARGS__ })), \
	(const char *[]){ __VA_ARGS__ }
#define OPTS(...) (const char *[]){ __VA_ARGS__, NULL }

static const struct look as_json = { .json = true };
static const struct look as_text = { .no_headings = true };

static struct json_object *field(struct json_object *o, const char *name)
{
	struct json_object *f = NULL;

	json_object_object_get_ex(o, name, &f);
	return f;
}

static const char *string(struct json_object *o, const char *name)
{
	return json_object_get_string(field(o, name));
}

static void test_pages_json(void **state)
{
	struct json_object *top, *list, *row;

	(void)state;
	assert_int_equal(run(&command_pages, &as_json, ARGS("42"), NULL), 0);
	top = json_tokener_parse(printed);
	list = field(top, "pages");
	assert_int_equal(json_object_array_length(list), 3);
	row = json_object_array_get_idx(list, 0);
	assert_string_equal(string(row, "vaddr"), "0x1000");
	assert_string_equal(string(row, "npages"), "2");
	assert_string_equal(string(row, "state"), "present");
	assert_string_equal(string(row, "level"), "pte");
	assert_string_equal(string(row, "page_size"), "4096");
	/* A frame 0 is one; a swapped page has none, and says why. */
	assert_string_equal(string(row, "pfn"), "0");
	assert_string_equal(string(row, "mapcount_exact"), "false");
	assert_null(field(row, "why"));
	assert_null(field(row, "node"));
	assert_null(field(row, "swap"));
	row = json_object_array_get_idx(list, 2);
	assert_null(field(row, "pfn"));
	assert_null(field(row, "mapcount"));
	assert_string_equal(string(row, "why"), "swapped");
	assert_string_equal(string(field(row, "swap"), "type"), "1");
	assert_string_equal(string(field(row, "swap"), "offset"), "77");
	json_object_put(top);
}

static void test_pages_text(void **state)
{
	(void)state;
	fake.page[1].mapcount_exact = true;
	fake.page[1].mapcount = 3;
	assert_int_equal(run(&command_pages,
			     &(struct look){ .columns = "vaddr,mapcount,detail" },
			     ARGS("42"), NULL), 0);
	assert_string_equal(printed,
			    "VADDR          MAPCOUNT DETAIL\n"
			    "0x1000               ~2 -\n"
			    "0x3000                3 zero_page\n"
			    "0x8000                - type=1,offset=77\n");
}

/* As smaps has it: nothing of what the kernel does not count. */
static void test_pages_shared(void **state)
{
	(void)state;
	fake.page[0].mapcount_exact = true;
	assert_int_equal(run(&command_pages,
			     &(struct look){ .columns = "shared,exclusive" },
			     ARGS("42"), NULL), 0);
	assert_string_equal(printed, " SHARED EXCLUSIVE\n"
				     "      2         0\n      0         0\n      -         -\n");
	fake.page[0].mapcount = 1;
	fake.page[0].level = LEVEL_PMD;
	fake.page[1].kpageflags = 0;
	fake.page[1].mapcount = 7;
	fake.page[1].flags = FLAG_SPECIAL;
	assert_int_equal(run(&command_pages,
			     &(struct look){ .columns = "shared,exclusive" },
			     ARGS("42"), NULL), 0);
	assert_string_equal(printed, " SHARED EXCLUSIVE\n"
				     "     ~0        ~2\n      0         0\n      -         -\n");
	/* With --split each page speaks for itself. */
	assert_int_equal(run(&command_pages,
			     &(struct look){ .columns = "shared,exclusive" },
			     ARGS("42"), OPTS("1", "")), 0);
	assert_non_null(strstr(printed, "      0         2\n"));
}

/* What broke midway must not look like a whole answer. */
static void test_pages_broken(void **state)
{
	struct json_object *top;

	(void)state;
	fake.fail_after = 2;
	assert_int_equal(run(&command_pages, &as_json, ARGS("42"), NULL), -1);
	assert_string_equal(error.text, "it broke");
	assert_non_null(strstr(printed, "0x3000"));
	top = json_tokener_parse(printed);
	assert_null(top);

	/* Nothing at all before the first row. */
	fake.fail_after = 0;
	assert_int_equal(run(&command_pages, &as_json, ARGS("42"), NULL), -1);
	assert_string_equal(printed, "");
}

static void test_pages_request(void **state)
{
	(void)state;
	assert_int_equal(run(&command_pages, &as_text,
			     ARGS("42", "0x1001-0x2001"),
			     OPTS("0", "", "1", "", "2", "present,swap", "3",
				  "rw,~dirty,~soft-dirty")), 0);
	assert_int_equal(fake.request.pid, 42);
	assert_int_equal(fake.request.range.start, 0x1000);
	assert_int_equal(fake.request.range.end, 0x3000);
	assert_int_equal(fake.request.mode, MODE_EACH | MODE_SPLIT);
	assert_int_equal(fake.request.states,
			 1 << STATE_PRESENT | 1 << STATE_SWAP);
	assert_int_equal(fake.request.flags_set, 1 << 1);
	assert_int_equal(fake.request.flags_clear, 1 << 5 | 1 << 8);

	assert_int_equal(run(&command_pages, &as_text, ARGS("42"), NULL), 0);
	assert_int_equal(fake.request.range.end, 0);
	assert_int_equal(fake.request.states, 0);
}

static void test_pages_usage(void **state)
{
	static const struct {
		const char *number, *value, *text;
	} rows[] = {
		{ "2", "bogus", "state 'bogus': not one of" },
		{ "2", "none", "state 'none': not one of" },
		{ "2", "present,", "state '': not one of" },
		{ "3", "bogus", "flag 'bogus': not one" },
		{ "3", "pkey=1", "flag 'pkey=1': not one" },
		{ "3", "~", "flag '': not one" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(run(&command_pages, &as_text, ARGS("42"),
				     OPTS(rows[i].number, rows[i].value)), -1);
		assert_int_equal(error.status, STATUS_USAGE);
		if (strncmp(error.text, rows[i].text, strlen(rows[i].text)))
			fail_msg("%s", error.text);
	}
	assert_int_equal(fake.dumps, 0);
}

/* A name is every mapping of it, neighbours as one range. */
static void test_pages_name(void **state)
{
	(void)state;
	assert_int_equal(run(&command_pages, &as_text, ARGS("42", "x\\y.so"),
			     NULL), 0);
	assert_int_equal(fake.request.range.start, 0x1000);
	assert_int_equal(fake.request.range.end, 0x4000);
	assert_int_equal(run(&command_pages, &as_text, ARGS("42", "nope"),
			     NULL), -1);
	assert_int_equal(error.status, STATUS_FAILED);
}

static void test_maps(void **state)
{
	struct json_object *top, *row;

	(void)state;
	assert_int_equal(run(&command_maps, &as_json, ARGS("42"), NULL), 0);
	top = json_tokener_parse(printed);
	row = json_object_array_get_idx(field(top, "maps"), 0);
	assert_string_equal(string(row, "start"), "0x1000");
	assert_string_equal(string(row, "perms"), "r--p");
	assert_string_equal(string(row, "dev"), "00:00");
	assert_string_equal(string(row, "file"), "/lib/x\\y.so");
	assert_null(field(row, "name"));
	assert_int_equal(json_object_array_length(field(row, "vmflags")), 3);
	assert_string_equal(string(row, "mapcount_exact"), "false");
	assert_null(field(row, "range"));
	json_object_put(top);

	assert_int_equal(run(&command_maps,
			     &(struct look){ .no_headings = true,
					     .columns = "shared,mapping" },
			     ARGS("42"), NULL), 0);
	assert_string_equal(printed,
			    "    ~2 /lib/x\\134y.so\n     0 /lib/x\\134y.so\n    ~0 [heap]\n");
}

static void test_maps_again(void **state)
{
	(void)state;
	fake.interrupted = 2;
	assert_int_equal(run(&command_maps, &as_text, ARGS("42"), NULL), 0);
	assert_int_equal(fake.dumps, 3);
	fake.dumps = 0;
	fake.interrupted = 9;
	assert_int_equal(run(&command_maps, &as_json, ARGS("42"), NULL), 0);
	assert_int_equal(fake.dumps, 3);
	/* Only the last try is printed. */
	assert_null(strstr(strstr(printed, "[heap]") + 1, "[heap]"));
}

static void set_walk(enum state state, enum why why)
{
	fake.walk = (struct walk) {
		.page = { .state = state, .why = why, .page_shift = 21,
			  .node = -1, .swap_type = 1, .swap_offset = 77,
			  .marker = MARKER_GUARD },
		.nr_steps = 1,
		.steps = { { .level = LEVEL_PGD, .index = 254,
			     .entry_paddr = 0x2ff0, .entry = 0x3067,
			     .flags = 0x17 } },
		.has_vma = state != STATE_UNMAPPED,
		.vma = vma_list[2],
	};
}

static void test_walk_json(void **state)
{
	struct json_object *top, *row, *step;

	(void)state;
	set_walk(STATE_PRESENT, WHY_KNOWN);
	fake.walk.page.has_pfn = true;
	fake.walk.page.pfn = 0x123;
	fake.walk.page.has_frame = true;
	fake.walk.page.kpageflags = 0x8;
	assert_int_equal(run(&command_walk, &as_json, ARGS("42", "0x8123"),
			     NULL), 0);
	top = json_tokener_parse(printed);
	row = json_object_array_get_idx(field(top, "walk"), 0);
	assert_string_equal(string(row, "pid"), "42");
	assert_string_equal(string(row, "vaddr"), "0x8123");
	assert_string_equal(string(row, "vpn"), "8");
	assert_string_equal(string(row, "offset"), "291");
	assert_string_equal(string(row, "page_size"), "2097152");
	assert_string_equal(string(row, "pfn"), "291");
	assert_string_equal(string(row, "paddr"), "0x123123");
	assert_null(field(row, "why"));
	step = json_object_array_get_idx(field(row, "levels"), 0);
	assert_string_equal(string(step, "level"), "pgd");
	assert_string_equal(string(step, "index"), "254");
	assert_string_equal(string(step, "entry_paddr"), "0x2ff0");
	assert_string_equal(string(step, "entry"), "0x3067");
	assert_int_equal(json_object_array_length(field(step, "flags")), 4);
	assert_string_equal(string(field(row, "frame"), "kpageflags"), "0x8");
	assert_string_equal(string(field(row, "vma"), "name"), "[heap]");
	assert_null(field(field(row, "vma"), "present"));
	json_object_put(top);

	set_walk(STATE_NONE, WHY_EMPTY);
	assert_int_equal(run(&command_walk, &as_json, ARGS("42", "0x8123"),
			     NULL), 0);
	top = json_tokener_parse(printed);
	row = json_object_array_get_idx(field(top, "walk"), 0);
	assert_null(field(row, "pfn"));
	assert_null(field(row, "paddr"));
	assert_null(field(row, "page_size"));
	assert_null(field(row, "frame"));
	assert_null(field(row, "marker"));
	assert_string_equal(string(row, "why"), "empty");
	json_object_put(top);
}

static void test_walk_text(void **state)
{
	static const struct {
		enum state state;
		const char *text;
	} rows[] = {
		{ STATE_NONE, "an access meets: demand fault" },
		{ STATE_UNMAPPED, "an access meets: SIGSEGV: no mapping" },
		{ STATE_SWAP, ", slot 77\n   an access meets: major fault" },
		{ STATE_PROTNONE, "an access meets: hint fault" },
		{ STATE_MIGRATION, "an access meets: short wait" },
		{ STATE_HWPOISON, "an access meets: SIGBUS" },
		{ STATE_DEVICE, "an access meets: fault: the driver" },
		{ STATE_MARKER, "=> marker (guard)" },
		{ STATE_PRESENT, "a write meets: protection fault, copy on write" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_walk(rows[i].state, WHY_EMPTY);
		assert_int_equal(run(&command_walk, &as_text,
				     ARGS("42", "[heap]+0x10"), NULL), 0);
		if (!strstr(printed, rows[i].text))
			fail_msg("not '%s' in:\n%s", rows[i].text, printed);
		assert_non_null(strstr(printed, "page 0x8, offset 0x010"));
		assert_non_null(strstr(printed, "pgd     254  0x0000000000002ff0 0x0000000000003067 -> present rw user accessed\n"));
	}
}

static void test_walk_columns(void **state)
{
	(void)state;
	set_walk(STATE_SWAP, WHY_SWAPPED);
	assert_int_equal(run(&command_walk,
			     &(struct look){ .columns = "state,pfn,why" },
			     ARGS("42", "1", "2"), NULL), 0);
	assert_string_equal(printed, "STATE PFN WHY\n"
				     "swap    - swapped\nswap    - swapped\n");
}

static void test_shared_json(void **state)
{
	struct json_object *top, *s, *row;

	(void)state;
	assert_int_equal(run(&command_shared, &as_json, ARGS("1", "2"),
			     OPTS("0", "")), 0);
	top = json_tokener_parse(printed);
	s = field(top, "shared");
	row = json_object_array_get_idx(field(s, "processes"), 1);
	assert_string_equal(string(row, "pid"), "2");
	/* Zero pages are left out, and so is what is not there. */
	assert_string_equal(string(row, "present"), "2");
	row = json_object_array_get_idx(field(s, "pairs"), 0);
	assert_string_equal(string(row, "a"), "1");
	assert_string_equal(string(row, "b"), "2");
	assert_string_equal(string(row, "pages"), "2");
	assert_int_equal(json_object_array_length(field(s, "files")), 1);
	row = json_object_array_get_idx(field(s, "files"), 0);
	assert_string_equal(string(row, "file"), "/lib/x\\y.so");
	assert_string_equal(string(row, "pages"), "4");
	assert_string_equal(string(row, "frames"), "2");
	assert_string_equal(string(row, "shared_by_all"), "2");
	assert_string_equal(string(row, "saved_bytes"), "8192");
	assert_int_equal(json_object_array_length(field(s, "frames")), 2);
	row = json_object_array_get_idx(field(s, "frames"), 1);
	assert_string_equal(string(row, "pfn"), "1");
	row = json_object_array_get_idx(field(row, "maps"), 1);
	assert_string_equal(string(row, "pid"), "2");
	assert_string_equal(string(row, "vaddr"), "0x2000");
	json_object_put(top);

	/* Without --frames there are none; -o leaves the files only. */
	assert_int_equal(run(&command_shared, &as_json, ARGS("1", "2"), NULL),
			 0);
	top = json_tokener_parse(printed);
	assert_non_null(top);
	assert_null(field(field(top, "shared"), "frames"));
	json_object_put(top);
	assert_int_equal(run(&command_shared,
			     &(struct look){ .json = true, .columns = "frames" },
			     ARGS("1", "2"), NULL), 0);
	assert_string_equal(printed,
			    "{\"shared\":{\n\"files\":[\n{\"frames\":2}\n]\n}}\n");
}

/* The tables besides the files: all of one, or the whole answer. */
static void test_shared_tables(void **state)
{
	struct json_object *top, *s, *row;

	(void)state;
	fake.page[0].mapcount = 4;
	fake.page[0].mapcount_exact = true;
	assert_int_equal(run(&command_shared, &as_json, ARGS("1", "2"), NULL),
			 0);
	top = json_tokener_parse(printed);
	s = field(top, "shared");
	row = json_object_array_get_idx(field(s, "processes"), 0);
	assert_string_equal(string(row, "rss"), "8192");
	assert_string_equal(string(row, "pss"), "2048");
	assert_string_equal(string(row, "uss"), "0");
	assert_string_equal(string(row, "mapcount_exact"), "true");
	assert_string_equal(string(s, "skipped"), "0");
	assert_string_equal(string(field(s, "total"), "pages"), "4");
	assert_string_equal(string(field(s, "total"), "frames"), "2");
	json_object_put(top);

	assert_int_equal(run(&command_shared,
			     &(struct look){ .no_headings = true,
					     .columns = "a,b,pages" },
			     ARGS("1", "2", "3"), NULL), 0);
	assert_string_equal(printed,
			    "         1          2          2\n"
			    "         1          3          2\n"
			    "         2          3          2\n");
	/* A name that is in two tables means the files. */
	assert_int_equal(run(&command_shared,
			     &(struct look){ .json = true, .columns = "pages" },
			     ARGS("1", "2"), NULL), 0);
	assert_non_null(strstr(printed, "\"files\":["));
	/* An estimate says so. */
	fake.page[0].mapcount = 1;
	fake.page[0].mapcount_exact = false;
	assert_int_equal(run(&command_shared,
			     &(struct look){ .columns = "pid,rss,pss,uss" },
			     ARGS("1", "2"), NULL), 0);
	assert_string_equal(printed, "PID RSS PSS USS\n"
				     "  1  8K ~8K ~8K\n  2  8K ~8K ~8K\n");
	assert_int_equal(run(&command_shared,
			     &(struct look){ .columns = "pid,file" },
			     ARGS("1", "2"), NULL), -1);
	assert_int_equal(error.status, STATUS_USAGE);
}

/* A square where there is room for it, else the pairs that share most. */
static void test_shared_square(void **state)
{
	static const char * const pids[] = {
		"11", "12", "13", "14", "15", "16", "17", "18",
	};

	(void)state;
	setenv("COLUMNS", "15", 1);
	assert_int_equal(run(&command_shared, &(struct look){ 0 },
			     ARGS("11", "12", "13"), NULL), 0);
	assert_non_null(strstr(printed, "\n\nPID  11  12  13\n"
					" 11   2   2   2\n"
					" 12   2   2   2\n"
					" 13   2   2   2\n\n"));
	setenv("COLUMNS", "14", 1);
	assert_int_equal(run(&command_shared, &(struct look){ 0 },
			     ARGS("11", "12", "13"), NULL), 0);
	assert_non_null(strstr(printed, "\n A  B PAGES\n11 12     2\n"
					"11 13     2\n12 13     2\n\n"));
	assert_null(strstr(printed, "more pairs"));
	assert_int_equal(run(&command_shared, &(struct look){ 0 },
			     ARRAY_SIZE(pids), pids, NULL), 0);
	assert_non_null(strstr(printed, "\nand 8 more pairs: "));
	unsetenv("COLUMNS");
}

static void test_shared_twice(void **state)
{
	(void)state;
	assert_int_equal(run(&command_shared, &as_text, ARGS("7", "8", "0x7"),
			     NULL), -1);
	assert_int_equal(error.status, STATUS_USAGE);
	assert_string_equal(error.text, "PID 7: given twice");
}

/* A page belongs to the mapping it lies in; outside of all it is a stray. */
static void test_shared_places(void **state)
{
	(void)state;
	fake.page[2].state = STATE_PRESENT;
	fake.page[2].has_pfn = true;
	fake.page[2].pfn = 55;
	assert_int_equal(run(&command_shared,
			     &(struct look){ .json = true,
					     .columns = "file,pages" },
			     ARGS("1", "2"), NULL), 0);
	assert_string_equal(printed, "{\"shared\":{\n\"files\":[\n"
			    "{\"file\":\"/lib/x\\\\y.so\",\"pages\":4},\n"
			    "{\"file\":\"[heap]\",\"pages\":2}\n]\n}}\n");
	assert_int_equal(fake.dumps, 4);

	fake.dumps = 0;
	fake.page[2].vaddr = 0x9000;
	assert_int_equal(run(&command_shared,
			     &(struct look){ .json = true,
					     .columns = "file" },
			     ARGS("1", "2"), NULL), 0);
	assert_null(strstr(printed, "[heap]"));
	assert_int_equal(fake.dumps, 12);
}

/* A try that does not hold together is forgotten, not added. */
static void test_shared_again(void **state)
{
	(void)state;
	fake.interrupted = 2;
	fake.pages_interrupted = 2;
	assert_int_equal(run(&command_shared,
			     &(struct look){ .no_headings = true,
					     .columns = "pages,frames" },
			     ARGS("1", "2"), NULL), 0);
	assert_string_equal(printed, "    4      2\n");
	assert_int_equal(fake.pages_interrupted, 0);
	/* three VMA dumps, two more with the pages, three of pages; then both */
	assert_int_equal(fake.dumps, 3 + 2 + 3 + 2);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pages_json),
		TEST(test_pages_text),
		TEST(test_pages_shared),
		TEST(test_pages_broken),
		TEST(test_pages_request),
		TEST(test_pages_usage),
		TEST(test_pages_name),
		TEST(test_maps),
		TEST(test_maps_again),
		TEST(test_walk_json),
		TEST(test_walk_text),
		TEST(test_walk_columns),
		TEST(test_shared_json),
		TEST(test_shared_tables),
		TEST(test_shared_square),
		TEST(test_shared_twice),
		TEST(test_shared_places),
		TEST(test_shared_again),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
