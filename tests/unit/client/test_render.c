// SPDX-License-Identifier: GPL-2.0
#include <json-c/json.h>

#include "render.h"
#include "unit.h"

struct row {
	__u64 address;
	__u64 count;
	const char *text;
	__u32 flags;
};

static void get_text(const void *row, struct value *v)
{
	value_string(v, ((const struct row *)row)->text);
}

static void get_flags(const void *row, struct value *v)
{
	value_flags(v, ((const struct row *)row)->flags);
}

static void get_near(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, ((const struct row *)row)->count);
	v->estimate = true;
}

static const struct column inner_column[] = {
	{ .name = "n", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct row, count) },
	{ .name = "hidden", .get = get_near, .flags = COLUMN_TEXT },
};

static const struct columns inner_columns = COLUMNS(inner_column);

static void get_object(const void *row, struct value *v)
{
	value_object(v, &inner_columns, row);
}

static void get_array(const void *row, struct value *v)
{
	value_array(v, &inner_columns, row, 2, 0);
}

static __u64 vary_count(const void *row)
{
	return ((const struct row *)row)->count;
}

static __u64 vary_address(const void *row)
{
	return ((const struct row *)row)->address;
}

static const struct column column[] = {
	{ .name = "address", .kind = VALUE_HEX, .width = 8,
	  .offset = offsetof(struct row, address), .flags = COLUMN_DEFAULT },
	{ .name = "count", .kind = VALUE_NUMBER, .width = 5,
	  .offset = offsetof(struct row, count),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "size", .kind = VALUE_SIZE, .width = 5,
	  .offset = offsetof(struct row, count) },
	{ .name = "text", .get = get_text, .width = 6,
	  .flags = COLUMN_DEFAULT },
	{ .name = "flags", .get = get_flags },
	{ .name = "near", .get = get_near, .flags = COLUMN_TEXT },
	{ .name = "object", .get = get_object },
	{ .name = "array", .get = get_array },
	{ .name = "own", .kind = VALUE_NUMBER, .width = 4,
	  .offset = offsetof(struct row, count),
	  .vary = vary_count, .flags = COLUMN_RIGHT },
	{ .name = "left", .kind = VALUE_HEX, .width = 8,
	  .offset = offsetof(struct row, address), .vary = vary_address },
};

static const struct columns columns = COLUMNS(column);

static const struct row rows[] = {
	{ 0x1000, 4096, "a\nb", 0x30000005 },
	{ 0xffffffffffffffff, 18446744073709551615ULL, "", 0 },
};

static char printed[8192];

/* Prints the first @n rows in some look; what came out is in printed[]. */
static void print_rows(const struct look *look, bool streaming, int n)
{
	struct error err = { 0 };
	struct capture c;
	struct render r;
	int i;

	if (render_open(&r, look, "rows", &columns, streaming, &err))
		fail_msg("%s", err.text);
	capture_begin(&c);
	for (i = 0; i < n; i++)
		assert_int_equal(render_row(&r, &rows[i], &err), 0);
	assert_int_equal(render_finish(&r, &err), 0);
	capture_end(&c, printed, sizeof(printed));
	render_close(&r);
}

/* Rows that are said to be alike look as others do, however their numbers grow. */
static void test_alike(void **state)
{
	static const struct row alike[] = {
		{ 0x1000, 1, "same", 5 }, { 0x2000, 22, "same", 5 },
		{ 0x3, 4444, "same", 5 }, { 0x4000, 55555, "same", 5 },
		{ 0x4000, 55555, "same", 5 }, { 0x14000, 55565, "same", 5 },
		{ 0x123456789, 55556, "same", 5 }, { 0x5000, 7, "same", 5 },
	};
	static const char *const looks[] = {
		"left,text,own,flags", "own,text,left", "flags,own", "left,text",
	};
	char plain[sizeof(printed)];
	struct error err = { 0 };
	struct capture c;
	struct render r;
	size_t i, j;
	int said;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(looks); i++)
		for (said = 0; said < 2; said++) {
			const struct look look = { .columns = looks[i] };

			assert_int_equal(render_open(&r, &look, "rows", &columns,
						     true, &err), 0);
			capture_begin(&c);
			for (j = 0; j < ARRAY_SIZE(alike); j++) {
				r.alike = said;
				assert_int_equal(render_row(&r, &alike[j],
							    &err), 0);
			}
			assert_int_equal(render_finish(&r, &err), 0);
			capture_end(&c, said ? printed : plain, sizeof(plain));
			render_close(&r);
			if (said)
				assert_string_equal(printed, plain);
		}
}

static struct json_object *field(struct json_object *o, const char *name)
{
	struct json_object *f = NULL;

	json_object_object_get_ex(o, name, &f);
	return f;
}

static void test_json(void **state)
{
	struct json_object *top, *list, *row;

	(void)state;
	print_rows(&(struct look){ .json = true }, true, 2);
	top = json_tokener_parse(printed);
	assert_non_null(top);
	list = field(top, "rows");
	assert_int_equal(json_object_array_length(list), 2);

	row = json_object_array_get_idx(list, 0);
	assert_string_equal(json_object_get_string(field(row, "address")),
			    "0x1000");
	assert_int_equal(json_object_get_uint64(field(row, "count")), 4096);
	assert_int_equal(json_object_get_uint64(field(row, "size")), 4096);
	assert_string_equal(json_object_get_string(field(row, "text")), "a\nb");
	assert_string_equal(json_object_to_json_string_ext(field(row, "flags"),
							   0),
			    "[\"present\",\"user\",\"pkey=3\"]");
	assert_null(field(row, "near"));
	assert_string_equal(json_object_to_json_string_ext(field(row, "object"),
							   0),
			    "{\"n\":4096}");
	assert_string_equal(json_object_to_json_string_ext(field(row, "array"),
							   0),
			    "[{\"n\":4096},{\"n\":4096}]");

	/* What is absent is left out; numbers keep all their bits. */
	row = json_object_array_get_idx(list, 1);
	assert_null(field(row, "text"));
	assert_null(strstr(printed, "null"));
	assert_true(json_object_get_uint64(field(row, "count")) == ~0ULL);
	assert_int_equal(json_object_array_length(field(row, "flags")), 0);
	json_object_put(top);
}

static void test_json_shapes(void **state)
{
	(void)state;
	print_rows(&(struct look){ .json = true }, false, 0);
	assert_string_equal(printed, "{\"rows\":[]}\n");
	print_rows(&(struct look){ .json = true, .nested = true }, false, 0);
	assert_string_equal(printed, "\"rows\":[]\n");
	print_rows(&(struct look){ .json = true, .columns = "count" }, false, 1);
	assert_string_equal(printed, "{\"rows\":[\n{\"count\":4096}\n]}\n");
	print_rows(&(struct look){ .json = true, .nested = true,
				   .columns = "near" }, false, 1);
	assert_string_equal(printed, "\"rows\":[\n{\"near\":4096}\n]\n");
}

static void test_text(void **state)
{
	(void)state;
	print_rows(&(struct look){ 0 }, true, 1);
	assert_string_equal(printed, "ADDRESS  COUNT TEXT\n"
				     "0x1000    4096 a\\012b\n");
	print_rows(&(struct look){ .no_headings = true }, true, 2);
	assert_string_equal(printed, "0x1000    4096 a\\012b\n"
			    "0xffffffffffffffff 18446744073709551615 -\n");
	print_rows(&(struct look){ .columns = "flags,near,size,object,array" },
		   true, 1);
	assert_string_equal(printed, "FLAGS NEAR SIZE  OBJECT ARRAY\n"
			    "present,user,pkey=3 ~4096 4K    n=4096 n=4096;n=4096\n");
	print_rows(&(struct look){ 0 }, true, 0);
	assert_string_equal(printed, "");
}

static void test_table(void **state)
{
	(void)state;
	print_rows(&(struct look){ 0 }, false, 2);
	assert_string_equal(printed,
			    "ADDRESS                           COUNT TEXT\n"
			    "0x1000                             4096 a\\012b\n"
			    "0xffffffffffffffff 18446744073709551615 -\n");
	print_rows(&(struct look){ .no_headings = true, .columns = "count" },
		   false, 1);
	/* Aligned as if the headings were there. */
	assert_string_equal(printed, " 4096\n");
}

static void test_unknown_column(void **state)
{
	static const char * const lists[] = {
		"bogus", "count,bogus", "coun", "", "count,", "COUNT",
	};
	struct error err;
	struct render r;
	size_t i;

	(void)state;
	assert_int_equal(render_open(&r, &(struct look){ .columns = "near,near" },
				     "rows", &columns, true, &err), -1);
	assert_string_equal(err.text, "column 'near': given twice");
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		const struct look look = { .columns = lists[i] };

		assert_int_equal(render_open(&r, &look, "rows", &columns, true,
					     &err), -1);
		assert_int_equal(err.status, STATUS_USAGE);
		assert_non_null(strstr(err.text, "not one of address count"));
		render_close(&r);
	}
}

static void test_full(void **state)
{
	static const struct look looks[] = {
		{ .json = true }, { .json = false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2 * ARRAY_SIZE(looks); i++) {
		FILE *full = fopen("/dev/full", "w"), *saved = stdout;
		struct error err = { 0 };
		struct render r;
		int n;

		assert_non_null(full);
		setvbuf(full, NULL, _IONBF, 0);
		stdout = full;
		if (render_open(&r, &looks[i / 2], "rows", &columns, i % 2,
				&err))
			n = -2;
		else
			n = render_row(&r, &rows[0], &err) ||
			    render_finish(&r, &err);
		stdout = saved;
		fclose(full);
		render_close(&r);
		assert_int_equal(n, 1);
		assert_int_equal(err.status, STATUS_FAILED);
		assert_string_equal(err.text,
				    "stdout: No space left on device");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_json_shapes),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_unknown_column),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
