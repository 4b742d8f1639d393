// SPDX-License-Identifier: GPL-2.0
#include "sharing.h"
#include "unit.h"

static const struct vma libc = { .inode = 7, .dev_major = 8 };
static const struct vma old_libc = { .inode = 9, .dev_major = 8 };
static const struct vma other_disk = { .inode = 7, .dev_major = 9 };
static const struct vma anon = { 0 };

static __u32 file_of(struct sharing *s, const struct vma *vma,
		     const char *label)
{
	struct error err = { 0 };
	__u32 file = ~0U;

	assert_int_equal(sharing_file(s, vma, label, &file, &err), 0);
	return file;
}

static void add(struct sharing *s, __u32 file, __u64 process, __u64 pfn,
		__u64 vaddr)
{
	const struct shared_map map = { pfn, vaddr, process };
	struct error err = { 0 };

	assert_int_equal(sharing_add(s, file, &map, &err), 0);
}

static void test_file_identity(void **state)
{
	struct sharing s;
	__u32 a;

	(void)state;
	sharing_init(&s, 2, false);
	a = file_of(&s, &libc, "/libc");
	assert_int_equal(file_of(&s, &libc, "/libc"), a);
	assert_int_not_equal(file_of(&s, &old_libc, "/libc"), a);
	assert_int_not_equal(file_of(&s, &libc, "/other"), a);
	assert_int_not_equal(file_of(&s, &other_disk, "/libc"), a);
	assert_int_equal(s.nr_files, 4);
	sharing_free(&s);
}

static void test_counts(void **state)
{
	struct error err = { 0 };
	struct sharing s;
	__u32 f, h;

	(void)state;
	sharing_init(&s, 3, false);
	f = file_of(&s, &libc, "/libc");
	h = file_of(&s, &anon, "[heap]");
	/* 100: all three; 101: two; 102: one, which maps it twice */
	add(&s, f, 0, 100, 0x1000);
	add(&s, f, 1, 100, 0x2000);
	add(&s, f, 2, 100, 0x3000);
	add(&s, f, 0, 101, 0x4000);
	add(&s, f, 2, 101, 0x5000);
	add(&s, f, 1, 102, 0x6000);
	add(&s, f, 1, 102, 0x7000);
	add(&s, h, 0, 200, 0x8000);
	assert_int_equal(sharing_count(&s, &err), 0);

	assert_int_equal(s.distinct, 4);
	assert_int_equal(s.pairs[0 * 3 + 1], 1);
	assert_int_equal(s.pairs[0 * 3 + 2], 2);
	assert_int_equal(s.pairs[1 * 3 + 2], 1);
	assert_string_equal(s.files[0].label, "/libc");
	assert_int_equal(s.files[0].pages, 7);
	assert_int_equal(s.files[0].frames, 3);
	assert_int_equal(s.files[0].shared_by_all, 1);
	assert_string_equal(s.files[1].label, "[heap]");
	assert_int_equal(s.files[1].pages, 1);
	assert_int_equal(s.files[1].frames, 1);
	assert_int_equal(s.files[1].shared_by_all, 0);
	sharing_free(&s);
}

/* One frame under two names is one frame for the pair. */
static void test_frame_in_two_files(void **state)
{
	struct error err = { 0 };
	struct sharing s;

	(void)state;
	sharing_init(&s, 2, false);
	add(&s, file_of(&s, &libc, "/libc"), 0, 5, 0x1000);
	add(&s, file_of(&s, &anon, "[anon]"), 1, 5, 0x1000);
	assert_int_equal(sharing_count(&s, &err), 0);
	assert_int_equal(s.distinct, 1);
	assert_int_equal(s.pairs[0 * 2 + 1], 1);
	assert_int_equal(s.files[0].frames, 1);
	assert_int_equal(s.files[0].shared_by_all, 1);
	assert_int_equal(s.files[1].frames, 1);
	assert_int_equal(s.files[1].shared_by_all, 1);
	sharing_free(&s);
}

static void test_frames_one_by_one(void **state)
{
	const struct shared_map *map;
	struct error err = { 0 };
	struct sharing s;
	size_t at = 0, n;
	__u32 f;

	(void)state;
	sharing_init(&s, 2, true);
	f = file_of(&s, &libc, "/libc");
	add(&s, f, 1, 9, 0x9000);
	add(&s, f, 0, 7, 0x7000);
	add(&s, f, 0, 7, 0x8000);	/* twice, by one process only */
	add(&s, f, 0, 9, 0x3000);
	add(&s, f, 0, 9, 0x2000);
	assert_int_equal(sharing_count(&s, &err), 0);
	map = sharing_next(&s, &at, &n);
	assert_non_null(map);
	assert_int_equal(n, 3);
	assert_int_equal(map[0].pfn, 9);
	assert_int_equal(map[0].vaddr, 0x2000);
	assert_int_equal(map[1].vaddr, 0x3000);
	assert_int_equal(map[2].process, 1);
	assert_null(sharing_next(&s, &at, &n));
	sharing_free(&s);
}

/* More processes than a word has bits, more frames than the first tables. */
static void test_many(void **state)
{
	enum { PROCESSES = 130, FRAMES = 3000 };
	struct error err = { 0 };
	struct sharing s;
	__u32 f;
	int p, i;

	(void)state;
	sharing_init(&s, PROCESSES, false);
	f = file_of(&s, &libc, "/libc");
	for (p = 0; p < PROCESSES; p++)
		for (i = 0; i < FRAMES; i++)
			if (i < 10 || i % PROCESSES == p)
				add(&s, f, p, i, (__u64)i << 12);
	assert_int_equal(sharing_count(&s, &err), 0);
	assert_int_equal(s.distinct, FRAMES);
	assert_int_equal(s.files[0].frames, FRAMES);
	assert_int_equal(s.files[0].shared_by_all, 10);
	assert_int_equal(s.pairs[0 * PROCESSES + PROCESSES - 1], 10);
	assert_int_equal(s.pairs[63 * PROCESSES + 64], 10);
	sharing_free(&s);
}

static void test_nothing(void **state)
{
	struct error err = { 0 };
	struct sharing s;
	size_t at = 0, n;

	(void)state;
	sharing_init(&s, 2, true);
	assert_int_equal(sharing_count(&s, &err), 0);
	assert_int_equal(s.distinct, 0);
	assert_null(sharing_next(&s, &at, &n));
	sharing_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_identity),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_frame_in_two_files),
		cmocka_unit_test(test_frames_one_by_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("sharing", tests, NULL, NULL);
}
