// SPDX-License-Identifier: GPL-2.0
/*
 * What a walk says in words, where it is not the ordinary translation.
 */
#include "prose.h"
#include "unit.h"

#define KERNEL	0xffffffff81000123ULL
#define VSYSCALL 0xffffffffff600010ULL

#define TABLE	(1U | FLAG_RW | FLAG_USER | FLAG_EXEC)

static struct vma vma;
static struct walk walk;
static struct swaps swaps;
static char printed[8192];

static int fresh(void **state)
{
	(void)state;
	vma = (struct vma) {
		.start = 0x1000, .end = 0x9000,
		.perms = PERM_READ | PERM_WRITE,
		.vmflags = "", .name = "", .file = "",
	};
	walk = (struct walk) {
		.pid = getpid(),
		.vaddr = 0x2010,
		.nr_steps = 2,
		.steps = {
			{ .level = LEVEL_PGD, .entry = 0x2067, .flags = TABLE },
			{ .level = LEVEL_PMD },
		},
		.page = { .node = -1, .page_shift = 12,
			  .state = STATE_NONE, .why = WHY_EMPTY },
		.has_vma = true,
	};
	memset(&swaps, 0, sizeof(swaps));
	return 0;
}

static const char *say(void)
{
	const struct walk_row row = {
		.walk = &walk, .page_shift = 12,
		.page = { .page = &walk.page, .swaps = &swaps },
	};
	struct error err = { 0 };
	struct capture cap;

	walk.vma = vma;
	capture_begin(&cap);
	assert_int_equal(prose_walk(&row, true, &err), 0);
	return capture_end(&cap, printed, sizeof(printed));
}

static void says(const char *text)
{
	if (!strstr(say(), text))
		fail_msg("not '%s' in:\n%s", text, printed);
}

static void says_not(const char *text)
{
	if (strstr(say(), text))
		fail_msg("'%s' in:\n%s", text, printed);
}

static void test_stop(void **state)
{
	(void)state;
	says("=> none: no frame (empty)\n"
	     "   stops at the pmd: entry is empty\n"
	     "   an access meets: demand fault");
	walk.steps[1].level = LEVEL_PTE;
	walk.steps[1].entry = 0x8000000000000000;
	says("stops at the pte: entry is not present\n");

	walk.has_vma = false;
	walk.page.state = STATE_UNMAPPED;
	walk.page.why = WHY_TEARDOWN;
	walk.steps[1] = (struct step) {
		.level = LEVEL_PUD, .entry = 0x3067, .flags = TABLE,
	};
	says("=> unmapped: no frame (teardown)\n"
	     "   stops at the pud: the table below is not entered, since no mapping keeps it from being freed\n"
	     "   an access meets: SIGSEGV: no mapping covers it\n");
	walk.nr_steps = 0;
	says_not("stops");
}

static void test_shmem(void **state)
{
	static const struct {
		const char *file;
		__u32 perms;
		bool may_be;
	} rows[] = {
		{ "/dev/zero (deleted)", PERM_SHARED, true },
		{ "/memfd:x (deleted)", PERM_READ, true },
		{ "/SYSV00000000 (deleted)", PERM_SHARED, true },
		{ "/dev/shm/x", PERM_READ, true },
		{ "/tmp/x", PERM_SHARED, true },
		{ "/tmp/x", PERM_READ, false },
		{ "/usr/dev/shm/x", PERM_READ, false },
		{ "", PERM_SHARED, false },
		{ "", PERM_READ, false },
	};
	static const char words[] =
		"never touched, or (shared memory) swapped out: the table does not tell\n";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		vma.file = rows[i].file;
		vma.perms = rows[i].perms;
		if (rows[i].may_be)
			says(words);
		else
			says_not(words);
	}
	vma.file = "/dev/shm/x";
	walk.page.state = STATE_SWAP;
	says_not(words);
}

static void test_swap(void **state)
{
	char name[] = "/a\nb";

	(void)state;
	walk.page = (struct page) {
		.state = STATE_SWAP, .why = WHY_SWAPPED, .node = -1,
		.page_shift = 12, .swap_type = 1, .swap_offset = 77,
	};
	says("=> swap: device 1, slot 77\n");
	swaps.name[0] = name;
	swaps.n = 1;
	says("=> swap: device 1 (/a\\012b), slot 77\n");
	swaps.n = 2;
	says("=> swap: device 1, slot 77\n");
}

static void kernel(enum state state, __u64 vaddr)
{
	walk.vaddr = vaddr;
	walk.has_vma = false;
	walk.steps[1] = (struct step) {
		.level = LEVEL_PMD, .entry = 0x1e3, .flags = 1U | FLAG_RW,
	};
	walk.page.state = state;
	walk.page.why = WHY_KNOWN;
	walk.page.has_pfn = state == STATE_PRESENT;
	walk.page.has_frame = walk.page.has_pfn;
}

static void test_kernel(void **state)
{
	(void)state;
	kernel(STATE_PRESENT, KERNEL);
	says("virtual address 0xffffffff81000123 = page 0xffffffff81000, offset 0x123\n"
	     "kernel half: the same in every process (as this process's own table has it)\n\n");
	says("   an access from user mode meets: SIGSEGV: kernel address\n");
	says_not("isolation");
	says_not("in no mapping");
	/* All levels but the last let user mode in; all have to. */
	walk.steps[1].flags |= FLAG_USER;
	walk.steps[0].flags &= ~FLAG_USER;
	says("meets: SIGSEGV: kernel address\n");

	kernel(STATE_UNMAPPED, KERNEL);
	walk.page.why = WHY_UNMAPPED;
	walk.steps[1].entry = 0;
	says("=> unmapped: no frame (unmapped)\n   stops at the pmd: entry is empty\n"
	     "   an access from user mode meets: SIGSEGV: kernel address\n");
}

static void test_vsyscall(void **state)
{
	(void)state;
	kernel(STATE_PRESENT, VSYSCALL);
	walk.steps[1].flags = 1U | FLAG_USER;
	says("an access from user mode meets: no refusal: all levels have the user flag; it may read\n");
	walk.steps[1].flags = TABLE;
	says("it may read and write and execute\n");
	walk.steps[1].flags = 0;
	walk.page.state = STATE_UNMAPPED;
	says("SIGSEGV: kernel address (but for a call, where the kernel emulates vsyscalls)\n");
}

static void test_isolation(void **state)
{
	(void)state;
	kernel(STATE_PRESENT, KERNEL);
	walk.has_user_entry = true;
	says("   page-table isolation: user mode's own top table has 0x0 here (nothing mapped)\n"
	     "   an access from user mode meets: SIGSEGV: kernel address\n");
	walk.user_entry = 0x5067;
	says("has 0x5067 here (tables of its own)\n");
	walk.user_entry = walk.steps[0].entry;
	says("has 0x2067 here (the same table below)\n");

	/* What the kernel's table allows counts only where it is the same. */
	kernel(STATE_PRESENT, VSYSCALL);
	walk.steps[1].flags = TABLE;
	says("no refusal: all levels have the user flag; it may read and write and execute\n");
	walk.user_entry = 0x5067;
	says("and execute, if user mode's own tables say so too\n");
	walk.user_entry = 0;
	says("SIGSEGV: kernel address");
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stop),
		TEST(test_shmem),
		TEST(test_swap),
		TEST(test_kernel),
		TEST(test_vsyscall),
		TEST(test_isolation),
	};

	return cmocka_run_group_tests_name("prose", tests, NULL, NULL);
}
