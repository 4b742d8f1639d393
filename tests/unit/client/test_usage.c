// SPDX-License-Identifier: GPL-2.0
#include "usage.h"
#include "unit.h"

#define PAGE	(1ULL << 12 << USAGE_SHIFT)

static void test_kinds(void **state)
{
	static const struct {
		struct page page;
		__u64 rss, uss, pss;
	} rows[] = {
		{ { .state = STATE_PRESENT, .npages = 3, .mapcount = 1 },
		  3, 3, 3 * PAGE },
		{ { .state = STATE_PROTNONE, .npages = 2, .mapcount = 4 },
		  2, 0, 2 * PAGE / 4 },
		/* Each page is rounded for itself, as in smaps. */
		{ { .state = STATE_PRESENT, .npages = 7, .mapcount = 3 },
		  7, 0, 7 * (PAGE / 3) },
		{ { .state = STATE_DEVICE, .npages = 1, .mapcount = 1 },
		  1, 1, PAGE },
		{ { .state = STATE_MIGRATION, .npages = 2, .mapcount = 9 },
		  2, 0, 2 * PAGE },
		/* A frame that the kernel counts no mappings of is nobody else's. */
		{ { .state = STATE_PRESENT, .npages = 1, .mapcount = 0 },
		  1, 1, PAGE },
		{ { .state = STATE_PRESENT, .npages = 1, .mapcount = 5,
		    .flags = FLAG_SPECIAL }, 0, 0, 0 },
		{ { .state = STATE_PRESENT, .npages = 1, .mapcount = 1,
		    .kpageflags = 1ULL << KPF_ZERO }, 0, 0, 0 },
		{ { .state = STATE_PRESENT, .npages = 512, .mapcount = 1,
		    .kpageflags = 1ULL << KPF_HUGE }, 0, 0, 0 },
		{ { .state = STATE_HWPOISON, .npages = 1 }, 0, 0, 0 },
		{ { .state = STATE_SWAP, .npages = 1 }, 0, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct page page = rows[i].page;
		struct usage u = { 0 };

		page.has_pfn = true;
		page.has_frame = true;
		page.mapcount_exact = true;
		usage_add(&u, &page, 12);
		if (u.rss != rows[i].rss || u.uss != rows[i].uss ||
		    u.pss != rows[i].pss)
			fail_msg("row %zu: rss %llu uss %llu pss %llu", i,
				 u.rss, u.uss, u.pss);
		assert_false(u.estimated);
		/* Of what is no memory nothing is known, and nothing counted. */
		page.has_frame = false;
		u = (struct usage) { 0 };
		usage_add(&u, &page, 12);
		assert_int_equal(u.rss + u.uss + u.pss, 0);
	}
}

static void test_sums(void **state)
{
	struct page page = { .state = STATE_PRESENT, .npages = 1,
			     .has_frame = true, .mapcount = 2,
			     .mapcount_exact = true };
	struct usage u = { 0 };

	(void)state;
	usage_add(&u, &page, 12);
	page.mapcount = 1;
	page.mapcount_exact = false;
	usage_add(&u, &page, 12);
	assert_int_equal(u.rss, 2);
	assert_int_equal(u.uss, 1);
	assert_int_equal(u.pss, PAGE + PAGE / 2);
	/* One that is only near makes the sum so. */
	assert_true(u.estimated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
