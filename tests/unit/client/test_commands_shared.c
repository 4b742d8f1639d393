// SPDX-License-Identifier: GPL-2.0
/*
 * Whole commands, on a way in that answers what a test has laid down: shared.
 */
#include "fake_transport.h"

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
		TEST(test_shared_json),
		TEST(test_shared_tables),
		TEST(test_shared_square),
		TEST(test_shared_twice),
		TEST(test_shared_places),
		TEST(test_shared_again),
	};

	return cmocka_run_group_tests_name("commands: shared", tests, NULL, NULL);
}
