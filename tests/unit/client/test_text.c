// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "text.h"
#include "unit.h"

static void test_number(void **state)
{
	static const struct {
		const char *text;
		int ret;
		__u64 number;
	} rows[] = {
		{ "0", 0, 0 },
		{ "42", 0, 42 },
		{ "010", 0, 10 },
		{ "0x10", 0, 16 },
		{ "0XfF", 0, 255 },
		{ "18446744073709551615", 0, ~0ULL },
		{ "0xffffffffffffffff", 0, ~0ULL },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0x10000000000000000", -ERANGE, 0 },
		{ "99999999999999999999x", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "x", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "1a", -EINVAL, 0 },
		{ "0x1g", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		__u64 n = 0;
		int ret = text_number(rows[i].text, strlen(rows[i].text), &n);

		if (ret != rows[i].ret || n != rows[i].number)
			fail_msg("'%s': %d, %llu", rows[i].text, ret, n);
	}
}

static void test_number_of_length(void **state)
{
	__u64 n = 0;

	(void)state;
	assert_int_equal(text_number("12-34", 2, &n), 0);
	assert_int_equal(n, 12);
	assert_int_equal(text_number("0x12", 2, &n), -EINVAL);
}

static void test_escape(void **state)
{
	static const struct {
		const char *plain, *escaped;
	} rows[] = {
		{ "/bin/a b", "/bin/a b" },
		{ "a\nb", "a\\012b" },
		{ "a\\b", "a\\134b" },
		{ "a\\012b", "a\\134012b" },
		{ "\x1b[1m", "\\033[1m" },
		{ "\x7f", "\\177" },
		{ "\xc3\xa9", "\xc3\xa9" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text_escape(rows[i].plain, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].escaped);
		text_unescape(buf);
		assert_string_equal(buf, rows[i].plain);
	}
	/* What does not fit is left out whole. */
	assert_string_equal(text_escape("ab\n", buf, 6), "ab");
	assert_string_equal(text_escape("ab\n", buf, 7), "ab\\012");
}

static void test_unescape_leaves_others(void **state)
{
	char buf[] = "\\08\\9\\1";

	(void)state;
	text_unescape(buf);
	assert_string_equal(buf, "\\08\\9\\1");
}

static void test_utf8(void **state)
{
	static const struct {
		const char *bytes, *text;
	} rows[] = {
		{ "plain", "plain" },
		{ "\xc3\xa9", "\xc3\xa9" },			/* e acute */
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xff", "\\377" },
		{ "a\xc3", "a\\303" },			/* cut */
		{ "\xc0\xaf", "\\300\\257" },		/* overlong */
		{ "\xed\xa0\x80", "\\355\\240\\200" },	/* surrogate */
		{ "\xf4\x90\x80\x80", "\\364\\220\\200\\200" },
	};
	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(text_utf8(rows[i].bytes, buf, sizeof(buf)),
				    rows[i].text);
}

static void test_size(void **state)
{
	static const struct {
		__u64 bytes;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 1023, "1023" },
		{ 4096, "4K" },
		{ 2 << 20, "2M" },
		{ 1 << 30, "1G" },
		{ 1536, "1.5K" },
		{ 2047, "1.9K" },
		{ 20 * 1024 + 512, "20K" },
		{ ~0ULL, "15E" },
	};
	char buf[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(text_size(rows[i].bytes, buf, sizeof(buf)),
				    rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_number_of_length),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_unescape_leaves_others),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
