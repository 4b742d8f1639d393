// SPDX-License-Identifier: GPL-2.0
/*
 * Whole commands, on a way in that answers what a test has laid down: pages, maps,
 * walk.
 */
#include "fake_transport.h"

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
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
