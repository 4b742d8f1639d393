// SPDX-License-Identifier: GPL-2.0
/* What the debugfs file frame says, line by line. */
#include "transport_debugfs.h"
#include "unit.h"

static int parse_owner(struct owner *owner, const char *line)
{
	static char copy[512];

	snprintf(copy, sizeof(copy), "%s", line);
	return debugfs_parse_owner(owner, copy);
}

static void test_owner(void **state)
{
	static const char line[] =
		"137 a\\040b 0x7000 present pmd 2097152 0x80000000000000e7 present,rw,pkey=3 /x y\\012z";
	struct owner owner;

	(void)state;
	assert_int_equal(parse_owner(&owner, line), 0);
	assert_int_equal(owner.pid, 137);
	assert_string_equal(owner.comm, "a b");
	assert_int_equal(owner.vaddr, 0x7000);
	assert_int_equal(owner.state, STATE_PRESENT);
	assert_int_equal(owner.level, LEVEL_PMD);
	assert_int_equal(owner.page_shift, 21);
	assert_true(owner.entry == 0x80000000000000e7);
	assert_int_equal(owner.flags, 1 | 2 | 3 << PKEY_SHIFT);
	assert_string_equal(owner.file, "/x y\nz");

	/* Without its last words it is no owner. */
	assert_int_equal(parse_owner(&owner, "1 a 0x1 none pte 4096"), -1);
	assert_int_equal(parse_owner(&owner, "1 a 0x1 none pte"), -1);
	assert_int_equal(parse_owner(&owner, "1 a"), -1);
	assert_int_equal(parse_owner(&owner, ""), -1);
	assert_int_equal(parse_owner(&owner, "1 a 0x1 gone pte 4096 0x1 rw "), -1);
	assert_int_equal(parse_owner(&owner, "1 a 0x1 none ptt 4096 0x1 rw "), -1);
	assert_int_equal(parse_owner(&owner, "1 a 0x1 none pte 4095 0x1 rw "), -1);
	assert_int_equal(parse_owner(&owner, "1 a 0x1 none pte 4096 0x1 r "), -1);
	assert_int_equal(parse_owner(&owner, "1 0123456789abcdef 0x1 none pte 4096 0x1 rw "), -1);
}

static void test_frame(void **state)
{
	static const char * const lines[] = {
		"pfn: 4711", "kind: file", "order: 2", "head_pfn: 4708",
		"mapcount: 7", "mapcount_exact: yes", "refcount: 9",
		"kpageflags: 0x86c", "node: 65535", "memcg_inode: 3",
		"dev: 08:1a", "inode: 12", "file_page: 5",
		"file: /a\\012b", "how: file", "found: 7", "hidden: 1",
		"skipped: 2", "lock_max_ns: 100", "owners_complete: no",
	};
	static const char * const wrong[] = {
		"pfn: x", "kind: cheese", "how: luck", "node: 65536",
		"mapcount_exact: perhaps", "dev: 8", "words: 1", "pfn",
		"order: 52", "order: x",
	};
	struct frame_text text;
	char line[64];

	(void)state;
	frame_text_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(line, sizeof(line), "%s", lines[i]);
		assert_int_equal(debugfs_parse_frame(&text, line), 0);
	}
	assert_int_equal(text.frame.pfn, 4711);
	assert_int_equal(text.frame.kind, FRAME_FILE);
	assert_int_equal(text.frame.how, HOW_FILE);
	assert_int_equal(text.frame.order, 2);
	assert_int_equal(text.frame.head_pfn, 4708);
	assert_int_equal(text.frame.mapcount, 7);
	assert_int_equal(text.frame.refcount, 9);
	assert_int_equal(text.frame.kpageflags, 0x86c);
	assert_int_equal(text.frame.node, -1);
	assert_int_equal(text.frame.memcg_inode, 3);
	assert_int_equal(text.frame.dev_major, 8);
	assert_int_equal(text.frame.dev_minor, 0x1a);
	assert_int_equal(text.frame.inode, 12);
	assert_int_equal(text.frame.file_page, 5);
	assert_string_equal(text.frame.file, "/a\nb");
	assert_int_equal(text.frame.hidden, 1);
	assert_int_equal(text.frame.skipped, 2);
	assert_true(text.frame.mapcount_exact);
	assert_true(text.frame.has_facts);
	assert_true(text.frame.has_file);
	assert_true(text.has_complete);
	assert_false(text.frame.complete);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(line, sizeof(line), "%s", wrong[i]);
		assert_int_equal(debugfs_parse_frame(&text, line), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_frame),
	};

	return cmocka_run_group_tests_name("frame text", tests, NULL, NULL);
}
