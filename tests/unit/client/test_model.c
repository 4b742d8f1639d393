// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel-page-flags.h>

#include "model.h"
#include "unit.h"

static void test_flag_order(void **state)
{
	static const char * const words[] = {
		"present", "rw", "user", "exec", "accessed", "dirty", "global",
		"leaf", "soft-dirty", "uffd-wp", "protnone", "special",
		"devmap", "pwt", "pcd", "pat",
	};
	size_t i;

	(void)state;
	assert_int_equal(ARRAY_SIZE(words), FLAGS);
	for (i = 0; i < FLAGS; i++)
		assert_string_equal(flag_name(i), words[i]);
}

static void test_kpf(void **state)
{
	static const struct {
		unsigned int bit;
		const char *word;
	} rows[] = {
		{ KPF_LOCKED, "locked" },
		{ KPF_UPTODATE, "uptodate" },
		{ KPF_LRU, "lru" },
		{ KPF_BUDDY, "buddy" },
		{ KPF_MMAP, "mmap" },
		{ KPF_ANON, "anon" },
		{ KPF_COMPOUND_TAIL, "compound_tail" },
		{ KPF_HUGE, "huge" },
		{ KPF_KSM, "ksm" },
		{ KPF_THP, "thp" },
		{ KPF_ZERO_PAGE, "zero_page" },
		{ KPF_PGTABLE, "pgtable" },
		{ 32, "reserved" },
		{ 33, "mlocked" },
		{ 40, "softdirty" },
		{ 41, "arch_2" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(kpf_name(rows[i].bit), rows[i].word);
	assert_null(kpf_name(27));
	assert_null(kpf_name(63));
	assert_null(kpf_name(64));
	assert_int_equal(KPF_ZERO, KPF_ZERO_PAGE);
}

static void test_lists_are_full(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < STATES; i++)
		assert_non_null(state_name(i));
	for (i = 0; i < LEVELS; i++)
		assert_non_null(level_name(i));
	for (i = 0; i < MARKERS; i++)
		assert_non_null(marker_name(i));
	for (i = 0; i < WHYS; i++)
		assert_non_null(why_name(i));
	assert_string_equal(state_name(STATES), "unknown");
	assert_string_equal(level_name((enum level)-1), "unknown");
}

static void test_find(void **state)
{
	(void)state;
	assert_int_equal(name_find(state_name, STATES, "swap", 4), STATE_SWAP);
	assert_int_equal(name_find(state_name, STATES, "swap,x", 4),
			 STATE_SWAP);
	assert_int_equal(name_find(state_name, STATES, "swapped", 7), -1);
	assert_int_equal(name_find(state_name, STATES, "swa", 3), -1);
	assert_int_equal(name_find(state_name, STATES, "", 0), -1);
}

static void test_perms(void **state)
{
	char buf[5];

	(void)state;
	assert_string_equal(perms_text(0, buf), "---p");
	assert_string_equal(perms_text(PERM_READ | PERM_EXEC, buf), "r-xp");
	assert_string_equal(perms_text(PERM_WRITE | PERM_SHARED, buf), "-w-s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flag_order),
		cmocka_unit_test(test_kpf),
		cmocka_unit_test(test_lists_are_full),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_perms),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
