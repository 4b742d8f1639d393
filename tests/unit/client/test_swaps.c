// SPDX-License-Identifier: GPL-2.0
/*
 * Which swap area a type means: /proc/swaps is stood in for, and so is the dump.
 */
#include "procfs.h"
#include "swaps.h"
#include "unit.h"

FILE *__wrap_procfs_open_swaps(void);

#define HEADING	"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
#define LINE(name) \
	name "                               partition\t16380\t\t0\t\t-2\n"

static const char *list, *list_after;
static __u32 types;

/* The list is read before a dump, and after it. */
FILE *__wrap_procfs_open_swaps(void)
{
	const char *text = list;

	list = list_after ? list_after : list;
	return text ? fmemopen((void *)text, strlen(text), "r") : NULL;
}

/* Entries of all @types, two of each. */
static int fake_pages(struct transport *t, const struct pages_request *req,
		      page_fn fn, void *arg, struct cost *cost,
		      struct error *err)
{
	struct page page = { .state = STATE_SWAP };

	(void)t;
	assert_int_equal(req->pid, 42);
	assert_int_equal(req->states, 1 << STATE_SWAP);
	assert_int_equal(req->range.end, 0);
	memset(cost, 0, sizeof(*cost));
	for (page.swap_type = 0; page.swap_type < SWAP_TYPES; page.swap_type++)
		if (types & 1U << page.swap_type &&
		    (fn(&page, arg, err) || fn(&page, arg, err)))
			return -1;
	return 0;
}

static const struct transport_ops fake_ops = { .pages = fake_pages };
static struct transport fake = { .ops = &fake_ops };

static void look(struct swaps *s)
{
	struct error err = { 0 };
	struct cost cost;

	list_after = NULL;
	memset(s, 0, sizeof(*s));
	assert_int_equal(swaps_look(s, &fake, 42, &cost, &err), 0);
}

static const char * const lists[] = {
	NULL,
	HEADING LINE("/a"),
	HEADING LINE("/a") LINE("/b"),
	HEADING LINE("/a") LINE("/b") LINE("/c"),
};

/*
 * What is certain, from first principles: a type has an area for certain if it
 * has the same one under every numbering that the list and the types allow.
 */
static const char *brute_force(unsigned int areas, __u32 seen,
			       unsigned int type, const struct swaps *s)
{
	const char *only = NULL;
	__u32 used;

	/* Numbers of areas in use: all sets of that size that hold @seen. */
	for (used = 0; used < 1U << 8; used++) {
		unsigned int place = __builtin_popcount(used &
							((1U << type) - 1));

		if (__builtin_popcount(used) != (int)areas ||
		    (used & seen) != seen)
			continue;
		if (only && only != s->name[place])
			return NULL;
		only = s->name[place];
	}
	return only;
}

static void test_all(void **state)
{
	unsigned int areas, type;

	(void)state;
	/* Types up to 4, in a world of 8: the last number is never reached. */
	for (areas = 0; areas < ARRAY_SIZE(lists); areas++)
		for (types = 0; types < 1U << 5; types++) {
			struct swaps s;

			list = lists[areas];
			look(&s);
			assert_int_equal(s.n, areas);
			assert_int_equal(s.seen, types);
			for (type = 0; type < 5; type++) {
				const char *want;

				if (!(types & 1U << type))
					continue;
				want = brute_force(areas, types, type, &s);
				if (swaps_device(&s, type) != want)
					fail_msg("%u areas, types 0x%x, type %u",
						 areas, types, type);
			}
			swaps_free(&s);
		}
}

static void test_names(void **state)
{
	struct swaps s;

	(void)state;
	list_after = NULL;
	list = HEADING LINE("/a\\040b\\134c\\012")
	       LINE("/old\\040(deleted)") LINE("/dev/zram0");
	swaps_read(&s);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.name[0], "/a b\\c\n");
	assert_string_equal(s.name[1], "/old (deleted)");
	assert_string_equal(s.name[2], "/dev/zram0");
	swaps_free(&s);
	list = HEADING;
	swaps_read(&s);
	assert_int_equal(s.n, 0);
	assert_null(swaps_device(&s, 0));
}

/* A type that came up only after the dump does not make others wrong. */
static void test_late(void **state)
{
	struct swaps s;

	(void)state;
	list = lists[2];
	types = 1 << 1;
	look(&s);
	assert_null(swaps_device(&s, 1));
	assert_string_equal(swaps_device(&s, 0), "/a");
	swaps_free(&s);
	list = lists[1];
	look(&s);
	assert_string_equal(swaps_device(&s, 1), "/a");
	assert_null(swaps_device(&s, 2));
	assert_null(swaps_device(&s, 99));
	swaps_free(&s);
}

static void test_changed(void **state)
{
	struct error err = { 0 };
	struct cost cost;
	struct swaps s = { 0 };

	(void)state;
	types = 1 << 0;
	list = HEADING LINE("/a");
	list_after = HEADING LINE("/b");
	assert_int_equal(swaps_look(&s, &fake, 42, &cost, &err), 0);
	assert_null(swaps_device(&s, 0));
	assert_int_equal(s.seen, 1);
	swaps_free(&s);
}

static void test_need_look(void **state)
{
	static const struct {
		const char *list;
		unsigned int type;
		bool need;
	} rows[] = {
		{ HEADING, 1, false },
		{ HEADING LINE("/a"), 1, false },
		{ HEADING LINE("/a") LINE("/b"), 0, false },
		{ HEADING LINE("/a") LINE("/b"), 1, true },
	};
	struct page page = { .state = STATE_SWAP };
	struct swaps s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		list = rows[i].list;
		list_after = NULL;
		swaps_read(&s);
		assert_false(swaps_need_look(&s));
		page.swap_type = rows[i].type;
		swaps_see(&s, &page);
		assert_int_equal(swaps_need_look(&s), rows[i].need);
		swaps_free(&s);
	}
	swaps_see(&s, &(struct page){ .state = STATE_MARKER, .swap_type = 3 });
	assert_int_equal(s.seen, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_need_look),
	};

	return cmocka_run_group_tests_name("swaps", tests, NULL, NULL);
}
