// SPDX-License-Identifier: GPL-2.0
/*
 * decode and names, from raw bits, with the numbers of a 6.1 kernel (and of a
 * newer one where it differs). The same source files the module is built from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "../../../module/decode.h"
#include "../../../module/names.h"

#define BIT(n)		(1ULL << (n))
#define PFN_MASK	0x000ffffffffff000ULL
#define PMD_MASK	(PFN_MASK & ~(BIT(21) - 1))
#define PUD_MASK	(PFN_MASK & ~(BIT(30) - 1))

static const struct decode_env env61 = {
	.levels = 4,
	.pfn_mask = PFN_MASK,
	.swp_pfn_mask = BIT(34) - 1,
	.special = BIT(9),
	.uffd_wp = BIT(10),
	.soft_dirty = BIT(11),
	.devmap = BIT(58),
	.swp_soft_dirty = BIT(1),
	.swp_uffd_wp = BIT(2),
	.marker_uffd_wp = BIT(0),
	.swp = {
		[26] = { VMSCOPE_STATE_HWPOISON, true, 0 },
		[27] = { VMSCOPE_STATE_MIGRATION, true, 0 },
		[28] = { VMSCOPE_STATE_DEVICE, true, 0 },
		[30] = { VMSCOPE_STATE_MARKER, false, 0 },
		[31] = { VMSCOPE_STATE_MARKER, false,
			 VMSCOPE_MARKER_POISONED },
		[0] = { VMSCOPE_STATE_SWAP, false, 0 },
		[3] = { VMSCOPE_STATE_SWAP, false, 0 },
	},
};

/* What arch/x86's __swp_entry() makes. */
static u64 swp(u64 type, u64 offset, u64 low)
{
	return type << 59 | (~offset << 14 >> 5 & (BIT(59) - 1)) | low;
}

struct mapping_row {
	const char *what;
	u8 level;
	u64 raw;
	u8 state;
	u64 pfn;
	const char *flags;
};

#define PTE VMSCOPE_LEVEL_PTE
#define PMD VMSCOPE_LEVEL_PMD
#define PUD VMSCOPE_LEVEL_PUD
#define PGD VMSCOPE_LEVEL_PGD
#define PRESENT VMSCOPE_STATE_PRESENT
#define PROTNONE VMSCOPE_STATE_PROTNONE
#define NONE VMSCOPE_STATE_NONE
#define NO_PFN VMSCOPE_PFN_NONE
#define NX BIT(63)

/* Each flag is there in one row and not in the one before. */
static const struct mapping_row mapping_rows[] = {
	{ "empty", PTE, 0, NONE, NO_PFN, "-" },
	{ "A and D alone are empty", PTE, 0x60, NONE, NO_PFN, "-" },
	{ "present", PTE, NX | 0x5001, PRESENT, 5, "present leaf" },
	{ "rw", PTE, NX | 0x5003, PRESENT, 5, "present rw leaf" },
	{ "user", PTE, NX | 0x5005, PRESENT, 5, "present user leaf" },
	{ "exec", PTE, 0x5001, PRESENT, 5, "present exec leaf" },
	{ "pwt", PTE, NX | 0x5009, PRESENT, 5, "present leaf pwt" },
	{ "pcd", PTE, NX | 0x5011, PRESENT, 5, "present leaf pcd" },
	{ "accessed", PTE, NX | 0x5021, PRESENT, 5, "present accessed leaf" },
	{ "dirty", PTE, NX | 0x5041, PRESENT, 5, "present dirty leaf" },
	{ "pat", PTE, NX | 0x5081, PRESENT, 5, "present leaf pat" },
	{ "global", PTE, NX | 0x5101, PRESENT, 5, "present global leaf" },
	{ "special", PTE, NX | 0x5201, PRESENT, 5, "present leaf special" },
	{ "uffd-wp", PTE, NX | 0x5401, PRESENT, 5, "present leaf uffd-wp" },
	{ "soft-dirty", PTE, NX | 0x5801, PRESENT, 5,
	  "present leaf soft-dirty" },
	{ "devmap", PTE, NX | BIT(58) | 0x5001, PRESENT, 5,
	  "present leaf devmap" },
	{ "pkey", PTE, NX | 9ULL << 59 | 0x5001, PRESENT, 5,
	  "present leaf pkey=9" },
	{ "highest PFN", PTE, NX | PFN_MASK | 1, PRESENT, BIT(40) - 1,
	  "present leaf" },
	{ "protnone, PFN inverted", PTE, NX | (~0x5000ULL & PFN_MASK) | 0x120,
	  PROTNONE, 5, "accessed leaf protnone" },
	{ "table: D, G and software bits mean nothing", PMD, 0x5f67, PRESENT,
	  5, "present rw user exec accessed" },
	{ "leaf of a PMD", PMD, NX | 0x2000e7, PRESENT, 0x200,
	  "present rw user accessed dirty leaf" },
	{ "PAT of a large leaf is bit 12", PMD, NX | 0x201081, PRESENT, 0x200,
	  "present leaf pat" },
	{ "leaf of a PUD", PUD, NX | 0x40000081, PRESENT, 0x40000,
	  "present leaf" },
	/* The inversion takes in the bits of the leaf's own frame alone. */
	{ "PROT_NONE leaf of a PMD", PMD,
	  NX | (~0x12400000ULL & PMD_MASK) | 0x180, PROTNONE, 0x12400,
	  "leaf protnone" },
	{ "PROT_NONE leaf of a PUD", PUD,
	  NX | (~0x80000000ULL & PUD_MASK) | 0x180, PROTNONE, 0x80000,
	  "leaf protnone" },
	{ "hugetlb inverts more", PMD,
	  NX | (~0x12400000ULL & PFN_MASK) | 0x180, PROTNONE, 0x12400,
	  "leaf protnone" },
	{ "THP in the middle of a split", PMD,
	  NX | (~0x12400000ULL & PMD_MASK) | 0xe6, PROTNONE, 0x12400,
	  "rw user accessed dirty leaf" },
	{ "no leaves in a PGD", PGD, 0x5087, PRESENT, 5,
	  "present rw user exec" },
};

static void test_mappings(void **state)
{
	char flags[NAMES_FLAGS_MAX];
	struct decoded d;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(mapping_rows); i++) {
		const struct mapping_row *r = &mapping_rows[i];

		decode_entry(&env61, r->level, r->raw, &d);
		names_flags(d.flags, ' ', flags, sizeof(flags));
		if (d.state != r->state || d.pfn != r->pfn ||
		    strcmp(flags, r->flags))
			fail_msg("%s: state %s pfn %llx flags '%s'", r->what,
				 names_state(d.state),
				 (unsigned long long)d.pfn, flags);
	}
}

static void test_swap(void **state)
{
	struct decoded d;

	(void)state;
	decode_entry(&env61, PTE, swp(3, 0x12345, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_SWAP);
	assert_int_equal(d.swap_type, 3);
	assert_int_equal(d.swap_offset, 0x12345);
	assert_true(d.pfn == VMSCOPE_PFN_NONE);
	assert_int_equal(d.flags, 0);

	/* Slot 0 of device 0 is not an empty entry. */
	decode_entry(&env61, PTE, swp(0, 0, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_SWAP);
	assert_int_equal(d.swap_offset, 0);

	decode_entry(&env61, PTE, swp(3, 1, 2), &d);
	assert_int_equal(d.flags, VMSCOPE_FLAG_SOFT_DIRTY);
	decode_entry(&env61, PTE, swp(3, 1, 4), &d);
	assert_int_equal(d.flags, VMSCOPE_FLAG_UFFD_WP);
	/* Bit 3 says that the page is exclusive; it is no flag of ours. */
	decode_entry(&env61, PTE, swp(3, 1, 8), &d);
	assert_int_equal(d.flags, 0);
}

static void test_special_types(void **state)
{
	const u64 young_dirty = BIT(34) | BIT(35);
	struct decoded d;

	(void)state;
	decode_entry(&env61, PTE, swp(27, 0x777 | young_dirty, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_MIGRATION);
	assert_int_equal(d.pfn, 0x777);
	decode_entry(&env61, PMD, swp(27, 0x600, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_MIGRATION);
	assert_int_equal(d.pfn, 0x600);
	decode_entry(&env61, PTE, swp(26, 0x42, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_HWPOISON);
	assert_int_equal(d.pfn, 0x42);
	decode_entry(&env61, PTE, swp(28, 0x42, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_DEVICE);
	assert_int_equal(d.pfn, 0x42);
}

static void test_markers(void **state)
{
	struct decode_env newer = env61;
	struct decoded d;

	(void)state;
	newer.marker_poisoned = BIT(1);
	newer.marker_guard = BIT(2);
	decode_entry(&env61, PTE, swp(30, 1, 0), &d);
	assert_int_equal(d.state, VMSCOPE_STATE_MARKER);
	assert_int_equal(d.marker, VMSCOPE_MARKER_UFFD_WP);
	assert_true(d.pfn == VMSCOPE_PFN_NONE);
	decode_entry(&newer, PTE, swp(30, 2, 0), &d);
	assert_int_equal(d.marker, VMSCOPE_MARKER_POISONED);
	decode_entry(&newer, PTE, swp(30, 4, 0), &d);
	assert_int_equal(d.marker, VMSCOPE_MARKER_GUARD);
	decode_entry(&env61, PTE, swp(30, 4, 0), &d);
	assert_int_equal(d.marker, VMSCOPE_MARKER_UNKNOWN);
	decode_entry(&env61, PTE, swp(31, 0, 0), &d);
	assert_int_equal(d.marker, VMSCOPE_MARKER_POISONED);
}

static void test_differ_in_frame(void **state)
{
	(void)state;
	assert_true(decode_differ_in_frame(&env61, PTE, 0x5067, 0x6067));
	assert_false(decode_differ_in_frame(&env61, PTE, 0x5067, 0x6027));
	assert_false(decode_differ_in_frame(&env61, PTE, 0x5067, BIT(57) | 0x6067));
	assert_true(decode_differ_in_frame(&env61, PTE, swp(3, 7, 2),
					   swp(3, 8, 2)));
	assert_false(decode_differ_in_frame(&env61, PTE, swp(3, 7, 2),
					    swp(0, 8, 2)));
	assert_false(decode_differ_in_frame(&env61, PTE, swp(3, 7, 2),
					    swp(3, 8, 10)));
	/* Above a migration entry's PFN stands whether it was young, dirty. */
	assert_true(decode_differ_in_frame(&env61, PTE, swp(27, 7, 0),
					   swp(27, 8, 0)));
	assert_false(decode_differ_in_frame(&env61, PTE, swp(27, 7, 0),
					    swp(27, 8 | BIT(34), 0)));
}

/* The short ways say what the long ones say. */
static void test_short_ways(void **state)
{
	static const u64 raws[] = {
		0, 0x60, 0x5067, 0x6067, 0x5027, BIT(63) | 0x6067, 0xe7, 0x50e7,
		0x1e7, 0x5166, 0x166, 0x80, BIT(57) | 0x6067,
		BIT(51) | 0x7067, 0x60 | BIT(52),
	};
	struct decoded d, by;
	size_t i, j;
	u64 pfn;
	u8 level;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(raws); i++) {
		for (level = PTE + 1; level <= VMSCOPE_LEVEL_PGD; level++) {
			decode_entry(&env61, level, raws[i], &d);
			assert_int_equal(decode_table(&env61, level, raws[i],
						      &pfn),
					 decoded_is_table(&d));
			if (decoded_is_table(&d))
				assert_int_equal(pfn, d.pfn);
		}
		for (j = 0; j < ARRAY_SIZE(raws); j++) {
			decode_entry(&env61, PTE, raws[j], &by);
			decode_entry(&env61, PTE, raws[i], &d);
			if (decode_like(&env61, raws[i], raws[j], &by))
				assert_memory_equal(&by, &d, sizeof(d));
		}
	}
	decode_entry(&env61, PTE, 0x5067, &by);
	assert_true(decode_like(&env61, 0x6067, 0x5067, &by));
	assert_false(decode_like(&env61, 0x5067, 0x5027, &by));
	assert_true(decode_follows(0x7067, 0x5067, 2));
	assert_false(decode_follows(0x7067, 0x5067, 1));
	assert_false(decode_follows(0x7027, 0x5067, 2));
	assert_false(decode_follows(0x2000, 0x1000, 1));
}

static void check_paging(u8 levels, const char *names, u8 top_shift)
{
	struct decode_env e = { .levels = levels };
	char got[32] = "";
	struct paging p;
	u8 i;

	decode_paging(&e, &p);
	assert_int_equal(p.nr, levels);
	for (i = 0; i < p.nr; i++) {
		strcat(got, names_level(p.level[i].level));
		strcat(got, " ");
		assert_int_equal(p.level[i].shift, top_shift - 9 * i);
	}
	assert_string_equal(got, names);
}

static void test_paging(void **state)
{
	(void)state;
	check_paging(4, "pgd pud pmd pte ", 39);
	check_paging(5, "pgd p4d pud pmd pte ", 48);
}

static void test_names(void **state)
{
	char flags[NAMES_FLAGS_MAX];

	(void)state;
	names_flags(VMSCOPE_FLAGS_ALL | VMSCOPE_PKEY_MASK, ',', flags,
		    sizeof(flags));
	assert_string_equal(flags,
			    "present,rw,user,exec,accessed,dirty,global,leaf,soft-dirty,uffd-wp,protnone,special,devmap,pwt,pcd,pat,pkey=15");
	assert_string_equal(names_state(__VMSCOPE_STATE_MAX), "?");
	assert_string_equal(names_why(VMSCOPE_WHY_TEARDOWN), "teardown");
	assert_string_equal(names_marker(VMSCOPE_MARKER_GUARD), "guard");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_special_types),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(test_differ_in_frame),
		cmocka_unit_test(test_short_ways),
		cmocka_unit_test(test_paging),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
