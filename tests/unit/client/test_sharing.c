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

/* A page of the process that is being read; @process says which one that is. */
static void add(struct sharing *s, __u32 file, __u64 process, __u64 pfn,
		__u64 vaddr)
{
	struct error err = { 0 };

	while (s->processes <= process)
		sharing_process(s);
	assert_int_equal(s->processes, process + 1);
	assert_int_equal(sharing_add(s, file, pfn, vaddr, &err), 0);
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
	add(&s, f, 0, 101, 0x4000);
	add(&s, h, 0, 200, 0x8000);
	add(&s, f, 1, 100, 0x2000);
	add(&s, f, 1, 102, 0x6000);
	add(&s, f, 1, 102, 0x7000);
	add(&s, f, 2, 100, 0x3000);
	add(&s, f, 2, 101, 0x5000);
	assert_int_equal(sharing_count(&s, &err), 0);

	assert_int_equal(s.nr_frames, 4);
	assert_int_equal(sharing_pair(&s, 0, 1), 1);
	assert_int_equal(sharing_pair(&s, 0, 2), 2);
	assert_int_equal(sharing_pair(&s, 2, 1), 1);
	/* A process and itself: its own frames, each once. */
	assert_int_equal(sharing_pair(&s, 0, 0), 3);
	assert_int_equal(sharing_pair(&s, 1, 1), 2);
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
	assert_int_equal(s.nr_frames, 1);
	assert_int_equal(sharing_pair(&s, 0, 1), 1);
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
	add(&s, f, 0, 7, 0x7000);
	add(&s, f, 0, 7, 0x8000);	/* twice, by one process only */
	add(&s, f, 0, 9, 0x3000);
	add(&s, f, 0, 9, 0x2000);
	add(&s, f, 1, 9, 0x9000);
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

/* A frame with a second name in the same process, and in a later one a third. */
static void test_frame_in_three_files(void **state)
{
	struct error err = { 0 };
	struct sharing s;
	__u32 f, h, o;

	(void)state;
	sharing_init(&s, 3, false);
	f = file_of(&s, &libc, "/libc");
	h = file_of(&s, &anon, "[heap]");
	o = file_of(&s, &other_disk, "/other");
	add(&s, f, 0, 5, 0x1000);
	add(&s, h, 0, 5, 0x2000);
	add(&s, h, 0, 6, 0x3000);
	add(&s, h, 1, 5, 0x2000);
	add(&s, h, 1, 5, 0x4000);
	add(&s, o, 2, 5, 0x2000);
	assert_int_equal(sharing_count(&s, &err), 0);
	assert_int_equal(s.nr_frames, 2);
	assert_int_equal(sharing_pair(&s, 0, 1), 1);
	assert_int_equal(sharing_pair(&s, 0, 2), 1);
	/* sorted by what is saved, then by name: [heap], /libc, /other */
	assert_string_equal(s.files[0].label, "[heap]");
	assert_int_equal(s.files[0].pages, 4);
	assert_int_equal(s.files[0].frames, 2);
	assert_int_equal(s.files[0].shared_by_all, 1);
	assert_int_equal(s.files[1].frames, 1);
	assert_int_equal(s.files[1].shared_by_all, 1);
	assert_int_equal(s.files[2].frames, 1);
	assert_int_equal(s.files[2].shared_by_all, 1);
	sharing_free(&s);
}

/* Of a number that looks random, and is the same each time. */
static __u32 scramble(__u32 n)
{
	n = (n ^ 61) ^ n >> 16;
	n *= 9;
	n ^= n >> 4;
	n *= 0x27d4eb2d;
	return n ^ n >> 15;
}

enum { PROCESSES = 130, FRAMES = 3000 };

/* Which processes map a frame: all, none but one, a few kinds, or any at all. */
static bool maps_frame(int process, int frame)
{
	switch (frame % 5) {
	case 0:
		return true;
	case 1:
		return frame % PROCESSES == process;
	case 2:
		return process % 2;
	case 3:
		return process >= frame % 7;
	default:
		return scramble(frame * PROCESSES + process) % 3 == 0;
	}
}

/* Against counting each pair of processes frame by frame. */
static void test_many(void **state)
{
	struct error err = { 0 };
	struct sharing s;
	int a, b, i, all = 0;
	__u32 f;

	(void)state;
	sharing_init(&s, PROCESSES, false);
	f = file_of(&s, &libc, "/libc");
	for (a = 0; a < PROCESSES; a++)
		for (i = 0; i < FRAMES; i++)
			if (maps_frame(a, i))
				add(&s, f, a, i, (__u64)i << 12);
	assert_int_equal(sharing_count(&s, &err), 0);
	assert_int_equal(s.nr_frames, FRAMES);
	assert_int_equal(s.files[0].frames, FRAMES);
	for (i = 0; i < FRAMES; i++) {
		bool in_all = true;

		for (a = 0; a < PROCESSES; a++)
			in_all &= maps_frame(a, i);
		all += in_all;
	}
	assert_int_equal(s.files[0].shared_by_all, all);
	for (a = 0; a < PROCESSES; a++)
		for (b = 0; b <= a; b++) {
			__u64 common = 0;

			for (i = 0; i < FRAMES; i++)
				common += maps_frame(a, i) && maps_frame(b, i);
			assert_int_equal(sharing_pair(&s, a, b), common);
		}
	sharing_free(&s);
}

/* Sets that no frame has any more are used again: never more than frames. */
static void test_memory(void **state)
{
	struct error err = { 0 };
	struct sharing s;
	size_t bytes;
	__u32 f;
	int p, i;

	(void)state;
	sharing_init(&s, 512, false);
	f = file_of(&s, &libc, "/libc");
	for (p = 0; p < 512; p++)
		for (i = 0; i < 2000; i++)
			if (i % 2 || scramble(i * 512 + p) % 2)
				add(&s, f, p, i, 0x1000);
	assert_int_equal(sharing_count(&s, &err), 0);
	/* 1000 sets of their own, the one of the others, the empty one */
	assert_in_range(s.nr_sets, 1000, 1010);
	bytes = 2000 * 27 + s.nr_sets * (16 + 512 / 8);
	assert_in_range(sharing_bytes(&s), 2000 * 16, bytes + 1024 * 4);
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
	assert_int_equal(s.nr_frames, 0);
	assert_null(sharing_next(&s, &at, &n));
	sharing_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_identity),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_frame_in_two_files),
		cmocka_unit_test(test_frame_in_three_files),
		cmocka_unit_test(test_frames_one_by_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("sharing", tests, NULL, NULL);
}
