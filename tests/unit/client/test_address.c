// SPDX-License-Identifier: GPL-2.0
#include "address.h"
#include "symbols.h"
#include "unit.h"

int __wrap_symbols_find(struct symbols *s, const char *text, size_t len,
			struct symbol *symbol, struct error *err);

/* How often it was asked for symbols. */
static int symbols_asked;

/* A process that has two symbols. */
int __wrap_symbols_find(struct symbols *s, const char *text, size_t len,
			struct symbol *symbol, struct error *err)
{
	(void)s;
	symbols_asked++;
	if (word_equal("main", text, len))
		*symbol = (struct symbol) { .vaddr = 0x5123, .size = 0x2000 };
	else if (word_equal("a:label", text, len))
		*symbol = (struct symbol) { .vaddr = 0x5fff };
	else
		return error_set(err, STATUS_FAILED, "%s: no such name", text);
	return 0;
}

static void test_pid(void **state)
{
	static const struct {
		const char *text;
		enum status status;
		pid_t pid;
	} rows[] = {
		{ "1", STATUS_DONE, 1 },
		{ "2147483647", STATUS_DONE, 2147483647 },
		{ "0", STATUS_FAILED, 0 },
		{ "2147483648", STATUS_FAILED, 0 },
		{ "99999999999999999999999", STATUS_FAILED, 0 },
		{ "-5", STATUS_USAGE, 0 },
		{ "1x", STATUS_USAGE, 0 },
		{ "", STATUS_USAGE, 0 },
		{ "self", STATUS_USAGE, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		pid_t pid = 0;
		int ret = address_pid(rows[i].text, &pid, &err);

		if (err.status != rows[i].status || pid != rows[i].pid ||
		    !ret != !err.status)
			fail_msg("'%s': %d, %d", rows[i].text, err.status, pid);
	}
}

static void test_pid_words(void **state)
{
	struct error err = { 0 };
	pid_t pid;

	(void)state;
	address_pid("-5", &pid, &err);
	assert_string_equal(err.text, "PID '-5': not a process ID");
	address_pid("99999999999", &pid, &err);
	assert_string_equal(err.text, "PID 99999999999: no such process");
}

static void test_address(void **state)
{
	static const struct {
		const char *text;
		enum status status;
		bool name;
		__u64 start;
	} rows[] = {
		{ "0x7f00", STATUS_DONE, false, 0x7f00 },
		{ "4096", STATUS_DONE, false, 4096 },
		{ "0xffffffffffffffff", STATUS_DONE, false, ~0ULL },
		{ "[heap]+0x10", STATUS_DONE, true, 0 },
		{ "libc.so.6", STATUS_DONE, true, 0 },
		{ "0xzz", STATUS_USAGE, false, 0 },
		{ "12abc", STATUS_USAGE, false, 0 },
		{ "0x10+0x10", STATUS_USAGE, false, 0 },
		{ "0x1ffffffffffffffff", STATUS_USAGE, false, 0 },
		{ "", STATUS_USAGE, false, 0 },
		{ "-5", STATUS_USAGE, false, 0 },
		{ "+5", STATUS_USAGE, false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		struct place place;

		address_parse(rows[i].text, &place, &err);
		if (err.status != rows[i].status ||
		    place.name != rows[i].name || place.start != rows[i].start)
			fail_msg("'%s': %d, %llu", rows[i].text, err.status,
				 place.start);
	}
}

static void test_where(void **state)
{
	static const struct {
		const char *text;
		const char *why;	/* NULL: it is fine */
		__u64 start;
		__u64 end;
	} rows[] = {
		{ "0x1000-0x3000", NULL, 0x1000, 0x3000 },
		{ "0x1000+0x10", NULL, 0x1000, 0x1010 },
		{ "4096+1", NULL, 4096, 4097 },
		{ "0-0xffffffffffffffff", NULL, 0, ~0ULL },
		{ "5-5", "empty range", 0, 0 },
		{ "5+0", "empty range", 0, 0 },
		{ "6-5", "reversed range", 0, 0 },
		{ "0xffffffffffffffff+1", "ends beyond 64 bits", 0, 0 },
		{ "0x1000", "not A-B, A+LEN or a name", 0, 0 },
		{ "1-2-3", "neither a number nor a name", 0, 0 },
		{ "1-", "neither a number nor a name", 0, 0 },
		{ "-1", "neither a number nor a name", 0, 0 },
		{ "", "not A-B, A+LEN or a name", 0, 0 },
		{ "0-0x1ffffffffffffffff", "more than 64 bits", 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		struct place place;
		int ret = address_parse_where(rows[i].text, &place, &err);

		if (!rows[i].why) {
			assert_int_equal(ret, 0);
			assert_false(place.name);
			assert_int_equal(place.start, rows[i].start);
			assert_int_equal(place.end, rows[i].end);
		} else if (ret != -1 || err.status != STATUS_USAGE ||
			   !strstr(err.text, rows[i].why)) {
			fail_msg("'%s': %s", rows[i].text, err.text);
		}
	}
}

static void test_round(void **state)
{
	struct place place = { .text = "x", .start = 0x1001, .end = 0x2001 };
	struct error err = { 0 };
	struct range range;

	(void)state;
	assert_int_equal(address_round(&place, 12, &range, &err), 0);
	assert_int_equal(range.start, 0x1000);
	assert_int_equal(range.end, 0x3000);

	place.start = 0x1000;
	place.end = 0x2000;
	assert_int_equal(address_round(&place, 12, &range, &err), 0);
	assert_int_equal(range.start, 0x1000);
	assert_int_equal(range.end, 0x2000);

	place.end = ~0ULL;
	assert_int_equal(address_round(&place, 12, &range, &err), -1);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.text, "x: outside the user address space");
}

static struct vma vma_list[] = {
	{ .start = 0x1000, .end = 0x2000, .file = "/usr/bin/a+0x10" },
	{ .start = 0x2000, .end = 0x4000, .file = "/usr/lib/libc.so.6" },
	{ .start = 0x4000, .end = 0x5000, .file = "/usr/lib/libc.so.6" },
	{ .start = 0x5000, .end = 0x6000, .file = "/usr/bin/a" },
	{ .start = 0x7000, .end = 0x8000, .file = "/usr/lib/libc.so.6" },
	{ .start = 0x8000, .end = 0x9000, .file = "/tmp/7z.so (deleted)" },
	{ .start = 0x9000, .end = 0xa000, .file = "", .name = "[heap]" },
	{ .start = 0xb000, .end = 0xc000, .file = "", .name = "" },
};

static const struct vmas vmas = {
	.vma = vma_list,
	.n = ARRAY_SIZE(vma_list),
};

static int setup(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(vma_list); i++)
		if (!vma_list[i].name)
			vma_list[i].name = "";
	return 0;
}

static void test_resolve(void **state)
{
	static const struct {
		const char *text;
		__u64 vaddr;		/* 0: there is none */
		bool symbols;		/* they had to be read */
	} rows[] = {
		{ "main", 0x5123, true },
		{ "main+0x10", 0x5133, true },
		{ "a:label+1", 0x6000, true },
		{ "[heap]", 0x9000, false },
		{ "[heap]+0x10", 0x9010, false },
		{ "[heap]+16", 0x9010, false },
		{ "[heap]+0x123456", 0x12c456, false },
		{ "libc.so.6", 0x2000, false },
		{ "lib/libc.so.6", 0x2000, false },
		{ "/usr/lib/libc.so.6", 0x2000, false },
		{ "libc.so.6+0x1001", 0x3001, false },
		{ "a", 0x5000, false },
		{ "a+0x10", 0x1000, false },		/* the whole is a name */
		{ "a+0x11", 0x5011, false },
		{ "a+0x10+0x10", 0x1010, false },
		{ "tmp/7z.so", 0x8000, false },
		{ "7z.so (deleted)", 0x8000, false },
		{ "c.so.6", 0, true },
		{ "heap", 0, true },
		{ "[heap]+", 0, true },
		{ "[heap]+x", 0, true },
		{ "(deleted)", 0, true },
		{ "", 0, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		const int before = symbols_asked;
		__u64 vaddr = 0;
		int ret = address_resolve(rows[i].text, &vmas, 42, &vaddr,
					  &err);

		if (vaddr != rows[i].vaddr || !ret != !!rows[i].vaddr)
			fail_msg("'%s': 0x%llx", rows[i].text, vaddr);
		assert_int_equal(symbols_asked - before, rows[i].symbols);
		if (ret)
			assert_int_equal(err.status, STATUS_FAILED);
	}
}

static void test_resolve_words(void **state)
{
	struct error err = { 0 };
	__u64 vaddr;

	(void)state;
	assert_int_equal(address_resolve("libfoo.so", &vmas, 42, &vaddr, &err),
			 -1);
	assert_string_equal(err.text,
			    "libfoo.so: no such name");
	assert_int_equal(address_resolve("[heap]+0xffffffffffffffff", &vmas, 42,
					 &vaddr, &err), -1);
	assert_string_equal(err.text, "[heap]+0xffffffffffffffff: outside the user address space");
}

static void test_resolve_where(void **state)
{
	struct error err = { 0 };
	struct range *ranges;
	size_t n;

	(void)state;
	assert_int_equal(address_resolve_where("libc.so.6", &vmas, 42, &ranges,
					       &n, &err), 0);
	/* Neighbours are one range; what is between stays out of it. */
	assert_int_equal(n, 2);
	assert_int_equal(ranges[0].start, 0x2000);
	assert_int_equal(ranges[0].end, 0x5000);
	assert_int_equal(ranges[1].start, 0x7000);
	assert_int_equal(ranges[1].end, 0x8000);
	free(ranges);

	assert_int_equal(address_resolve_where("nothing", &vmas, 42, &ranges,
					       &n, &err), -1);
	assert_int_equal(err.status, STATUS_FAILED);
	free(ranges);
}

/* A symbol, or a part of something: whole pages. */
static void test_resolve_part(void **state)
{
	static const struct {
		const char *text;
		__u64 start;		/* 0: there is none */
		__u64 end;
	} rows[] = {
		{ "main", 0x5000, 0x8000 },
		{ "main+1", 0x5000, 0x6000 },
		{ "main+0xedd", 0x5000, 0x6000 },
		{ "main+0xede", 0x5000, 0x7000 },
		{ "a:label", 0x5000, 0x6000 },
		{ "a:label+2", 0x5000, 0x7000 },
		{ "[heap]+0x10", 0x9000, 0xa000 },
		{ "libc.so.6+0x1001", 0x2000, 0x4000 },
		{ "[heap]+0", 0, 0 },
		{ "main+0", 0, 0 },
		{ "main+0xffffffffffffffff", 0, 0 },
		{ "nothing+1", 0, 0 },
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };
		struct range *ranges;
		int ret = address_resolve_where(rows[i].text, &vmas, 42,
						&ranges, &n, &err);

		if (!ret != !!rows[i].start || !ret != !err.status)
			fail_msg("'%s': %d, %s", rows[i].text, ret, err.text);
		if (!ret && (n != 1 || ranges->start != rows[i].start ||
			     ranges->end != rows[i].end))
			fail_msg("'%s': 0x%llx-0x%llx", rows[i].text,
				 ranges->start, ranges->end);
		free(ranges);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pid),
		cmocka_unit_test(test_pid_words),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_resolve_words),
		cmocka_unit_test(test_resolve_where),
		cmocka_unit_test(test_resolve_part),
	};

	return cmocka_run_group_tests_name("address", tests, setup, NULL);
}
