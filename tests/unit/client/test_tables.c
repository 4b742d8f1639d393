// SPDX-License-Identifier: GPL-2.0
/*
 * The commands tables and swap, on a way in that answers what a test has laid
 * down, and a /proc/swaps that it made up.
 */
#include <json-c/json.h>

#include "command.h"
#include "procfs.h"
#include "unit.h"

FILE *__wrap_procfs_open_swaps(void);

static const char *list;

FILE *__wrap_procfs_open_swaps(void)
{
	return list ? fmemopen((void *)list, strlen(list), "r") : NULL;
}

/**
 * struct fake - the way in
 * @base: the way in
 * @tables: its answer
 * @interrupted: so many of the next answers are inconsistent
 * @asked: how many answers were given
 * @page: entries in swap
 * @nr_pages: how many
 */
static struct fake {
	struct transport base;
	struct tables tables;
	int interrupted;
	int asked;
	struct page page[3];
	size_t nr_pages;
} fake;

static struct transport *fake_open(struct error *err)
{
	(void)err;
	return &fake.base;
}

static int fake_tables(struct transport *t, pid_t pid, struct tables *tables,
		       struct error *err)
{
	(void)t;
	fake.asked++;
	if (pid != 42)
		return error_set(err, STATUS_FAILED, "it broke");
	*tables = fake.tables;
	tables->cost.interrupted = fake.interrupted > 0;
	fake.interrupted -= fake.interrupted > 0;
	return 0;
}

static int fake_pages(struct transport *t, const struct pages_request *req,
		      page_fn fn, void *arg, struct cost *cost,
		      struct error *err)
{
	size_t i;

	(void)t;
	fake.asked++;
	assert_int_equal(req->states, 1 << STATE_SWAP);
	assert_int_equal(req->mode, 0);
	memset(cost, 0, sizeof(*cost));
	for (i = 0; i < fake.nr_pages; i++)
		if (fn(&fake.page[i], arg, err))
			return -1;
	return 0;
}

static void fake_close(struct transport *t)
{
	(void)t;
}

static const struct transport_ops fake_ops = {
	.open = fake_open,
	.tables = fake_tables,
	.pages = fake_pages,
	.close = fake_close,
};

static int fresh(void **state)
{
	(void)state;
	list = NULL;
	fake = (struct fake) {
		.base = {
			.ops = &fake_ops,
			.info = { .page_shift = 12, .va_bits = 48 },
		},
		.tables = {
			.n = 2,
			.table = {
				{ .level = LEVEL_PGD, .tables = 1, .used = 2 },
				{ .level = LEVEL_PTE, .tables = 3, .used = 512 },
			},
			.accounted_bytes = 12288,
		},
		.nr_pages = 2,
		.page = {
			{ .vaddr = 0x7000, .npages = 16, .state = STATE_SWAP,
			  .swap_type = 0, .swap_offset = 5 },
			{ .vaddr = 0x9000, .npages = 1, .state = STATE_SWAP,
			  .swap_type = 2, .swap_offset = 99 },
		},
	};
	return 0;
}

static char printed[8192], warned[1024];
static struct error error;

/* Standard output is in printed[], standard error in warned[]. */
static int run(const struct command *c, const struct look *look, char *pid)
{
	struct invocation inv = {
		.command = c,
		.ops = &fake_ops,
		.look = *look,
		.argc = 1,
		.argv = &pid,
	};
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	struct capture cap;
	int ret;

	memset(&error, 0, sizeof(error));
	memset(warned, 0, sizeof(warned));
	dup2(fileno(file), STDERR_FILENO);
	capture_begin(&cap);
	ret = c->run(&inv, &error);
	capture_end(&cap, printed, sizeof(printed));
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_true(pread(fileno(file), warned, sizeof(warned) - 1, 0) >= 0);
	fclose(file);
	return ret;
}

static const struct look as_json = { .json = true };
static const struct look as_text = { .json = false };

static void test_tables_text(void **state)
{
	(void)state;
	assert_int_equal(run(&command_tables, &as_text, "42"), 0);
	assert_string_equal(printed,
			    "LEVEL TABLES BYTES ENTRIES USED  FILL\n"
			    "pgd        1    4K     512    2  0.4%\n"
			    "pte        3   12K    1536  512 33.3%\n"
			    "total: 4 tables, 16K; the kernel accounts 12K to the process\n"
			    "a flat table would take 256G (16777216 times as much)\n");
	fake.tables.deposited = 7;
	assert_int_equal(run(&command_tables, &as_text, "42"), 0);
	assert_non_null(strstr(printed, "\n7 more, in no tree, are set aside for splitting huge pages\n"));

	/* With columns chosen there is the table alone. */
	assert_int_equal(run(&command_tables,
			     &(struct look){ .columns = "level,fill" }, "42"),
			 0);
	assert_string_equal(printed, "LEVEL  FILL\npgd    0.4%\npte   33.3%\n");
}

static void test_tables_json(void **state)
{
	struct json_object *top;

	(void)state;
	fake.tables.deposited = 7;
	fake.base.info.va_bits = 57;
	assert_int_equal(run(&command_tables, &as_json, "42"), 0);
	top = json_tokener_parse(printed);
	assert_non_null(top);
	assert_string_equal(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PLAIN),
			    "{\"tables\":[{\"level\":\"pgd\",\"tables\":1,\"bytes\":4096,\"entries\":512,\"used\":2},{\"level\":\"pte\",\"tables\":3,\"bytes\":12288,\"entries\":1536,\"used\":512}],\"total\":{\"bytes\":16384,\"flat_bytes\":140737488355328,\"accounted_bytes\":12288,\"deposited\":7}}");
	json_object_put(top);
}

static void test_tables_again(void **state)
{
	(void)state;
	fake.interrupted = 2;
	assert_int_equal(run(&command_tables, &as_text, "42"), 0);
	assert_int_equal(fake.asked, 3);
	assert_string_equal(warned, "");
	fake.asked = 0;
	fake.interrupted = 9;
	assert_int_equal(run(&command_tables, &as_text, "42"), 0);
	assert_int_equal(fake.asked, 3);
	assert_non_null(strstr(warned, "address space changed"));
	assert_int_equal(run(&command_tables, &as_text, "43"), -1);
	assert_string_equal(error.text, "it broke");
	assert_string_equal(printed, "");
	assert_int_equal(run(&command_tables, &as_text, "x"), -1);
	assert_int_equal(error.status, STATUS_USAGE);
}

#define HEADING	"Filename Type Size Used Priority\n"

static void test_swap_certain(void **state)
{
	(void)state;
	list = HEADING "/dev/vda partition 1 0 -2\n/b\\040c file 1 0 -3\n";
	assert_int_equal(run(&command_swap, &as_text, "42"), 0);
	assert_string_equal(printed,
			    "VADDR           NPAGES TYPE     OFFSET DEVICE\n"
			    "0x7000              16    0          5 /dev/vda\n"
			    "0x9000               1    2         99 /b c\n");
	assert_string_equal(warned, "");
	assert_int_equal(fake.asked, 2);
	assert_int_equal(run(&command_swap, &as_json, "42"), 0);
	assert_string_equal(printed, "{\"swap\":[\n"
			    "{\"vaddr\":\"0x7000\",\"npages\":16,\"type\":0,\"offset\":5,\"device\":\"/dev/vda\"},\n"
			    "{\"vaddr\":\"0x9000\",\"npages\":1,\"type\":2,\"offset\":99,\"device\":\"/b c\"}\n]}\n");

	/* With a single area one look is enough. */
	list = HEADING "/only partition 1 0 -2\n";
	fake.asked = 0;
	fake.nr_pages = 1;
	assert_int_equal(run(&command_swap, &as_text, "42"), 0);
	assert_int_equal(fake.asked, 1);
	assert_non_null(strstr(printed, " /only\n"));
}

static void test_swap_uncertain(void **state)
{
	(void)state;
	list = HEADING "/a partition 1 0 -2\n/b partition 1 0 -3\n"
	       "/c partition 1 0 -4\n";
	assert_int_equal(run(&command_swap,
			     &(struct look){ .columns = "vaddr,device" }, "42"),
			 0);
	assert_string_equal(printed, "VADDR          DEVICE\n0x7000         /a\n"
			    "0x9000         type 2\n");
	assert_string_equal(warned, "vmscope: PID 42: swap type 2: one of 3 areas, but /proc/swaps does not tell which\n");
	assert_int_equal(run(&command_swap, &as_json, "42"), 0);
	assert_non_null(strstr(printed, "\"offset\":99}"));
	assert_string_equal(warned, "");

	list = NULL;
	assert_int_equal(run(&command_swap, &as_text, "42"), 0);
	assert_non_null(strstr(printed, " type 0\n"));
	assert_string_equal(warned, "vmscope: PID 42: swap type 0,2: no area in /proc/swaps, or they changed meanwhile\n");
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tables_text),
		TEST(test_tables_json),
		TEST(test_tables_again),
		TEST(test_swap_certain),
		TEST(test_swap_uncertain),
	};

	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
