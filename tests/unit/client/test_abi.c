// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "transport_abi.h"
#include "unit.h"

static const struct vmscope_page present = {
	.vaddr = 0x7f0000001000,
	.entry = 0x8000000000123867,
	.pfn = 0x123,
	.kpageflags = 0x86c,
	.npages = 3,
	.flags = 0x30000095,
	.mapcount = 7,
	.refcount = 8,
	.node = 1,
	.state = VMSCOPE_STATE_PRESENT,
	.level = VMSCOPE_LEVEL_PMD,
	.page_shift = 21,
	.bits = VMSCOPE_PAGE_FRAME | VMSCOPE_PAGE_MAPCOUNT_EXACT,
};

static void test_present(void **state)
{
	char raw[sizeof(present) + 1];
	struct page page;

	(void)state;
	/* Records lie wherever a message has put them. */
	memcpy(raw + 1, &present, sizeof(present));
	abi_page(&page, raw + 1);
	assert_int_equal(page.vaddr, 0x7f0000001000);
	assert_true(page.entry == 0x8000000000123867);
	assert_true(page.has_pfn);
	assert_int_equal(page.pfn, 0x123);
	assert_int_equal(page.npages, 3);
	assert_int_equal(page.flags, 0x30000095);
	assert_int_equal(page.state, STATE_PRESENT);
	assert_int_equal(page.level, LEVEL_PMD);
	assert_int_equal(page.page_shift, 21);
	assert_int_equal(page.why, WHY_KNOWN);
	assert_true(page.has_frame);
	assert_int_equal(page.mapcount, 7);
	assert_true(page.mapcount_exact);
	assert_int_equal(page.refcount, 8);
	assert_int_equal(page.kpageflags, 0x86c);
	assert_int_equal(page.node, 1);
}

/* After another record one says what it says by itself, whatever differs. */
static void test_next(void **state)
{
	struct vmscope_page raw[2];
	struct page page, alone;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(raw[0]); i++) {
		bool alike = i < offsetof(struct vmscope_page, kpageflags);

		raw[0] = present;
		raw[1] = present;
		((char *)&raw[1])[i] ^= 1;
		abi_page(&page, &raw[0]);
		assert_false(page.alike);
		abi_next_page(&page, &raw[1]);
		abi_page(&alone, &raw[1]);
		assert_int_equal(page.alike, alike);
		page.alike = false;
		assert_memory_equal(&page, &alone, sizeof(page));
	}
	/* Without a frame there is nothing that could be one further on. */
	raw[0].pfn = VMSCOPE_PFN_NONE;
	raw[1] = raw[0];
	abi_page(&page, &raw[0]);
	abi_next_page(&page, &raw[1]);
	assert_false(page.alike);
}

static void test_frame_zero(void **state)
{
	struct vmscope_page raw = present;
	struct page page;

	(void)state;
	raw.pfn = 0;
	raw.node = VMSCOPE_NODE_NONE;
	raw.bits = VMSCOPE_PAGE_FRAME;
	abi_page(&page, &raw);
	assert_true(page.has_pfn);
	assert_int_equal(page.pfn, 0);
	assert_int_equal(page.node, -1);
	assert_false(page.mapcount_exact);
}

static void test_no_frame(void **state)
{
	struct vmscope_page raw = present;
	struct page page;

	(void)state;
	raw.pfn = VMSCOPE_PFN_NONE;
	raw.bits = 0;
	raw.state = VMSCOPE_STATE_MARKER;
	raw.swap_type = VMSCOPE_MARKER_GUARD;
	raw.why = VMSCOPE_WHY_MARKER;
	abi_page(&page, &raw);
	assert_false(page.has_pfn);
	assert_false(page.has_frame);
	assert_int_equal(page.mapcount, 0);
	assert_int_equal(page.marker, MARKER_GUARD);
	assert_int_equal(page.why, WHY_MARKER);
}

/* The slot of a swapped page stands where a PFN does, and is none. */
static void test_swap(void **state)
{
	struct vmscope_page raw = present;
	struct page page;

	(void)state;
	raw.state = VMSCOPE_STATE_SWAP;
	raw.pfn = 77;
	raw.swap_type = 2;
	raw.bits = 0;
	abi_page(&page, &raw);
	assert_false(page.has_pfn);
	assert_int_equal(page.swap_type, 2);
	assert_int_equal(page.swap_offset, 77);
	assert_int_equal(page.marker, MARKER_NONE);
}

static void test_vma(void **state)
{
	struct vmscope_vma raw = {
		.start = 0x1000, .end = 0x5000, .present = 9,
	};
	struct vma vma;

	(void)state;
	abi_vma(&vma, &raw, 12);
	assert_int_equal(vma.pages, 4);
	/* Counts that were not made are not there. */
	assert_int_equal(vma.present, 0);
	assert_string_equal(vma.file, "");
	raw.bits = VMSCOPE_VMA_COUNTED | VMSCOPE_VMA_MAPCOUNT_EXACT;
	abi_vma(&vma, &raw, 12);
	assert_int_equal(vma.present, 9);
	assert_true(vma.mapcount_exact);
}

static void test_tables(void **state)
{
	const struct vmscope_table table = {
		.level = VMSCOPE_LEVEL_PUD, .tables = 3, .used = 1ULL << 40,
	};
	const struct vmscope_tables_total total = {
		.accounted_bytes = 4096, .deposited = 7,
	};
	char raw[sizeof(table) + sizeof(total) + 1];
	struct tables tables = { .n = 5 };

	(void)state;
	memcpy(raw + 1, &table, sizeof(table));
	memcpy(raw + 1 + sizeof(table), &total, sizeof(total));
	abi_table(&tables.table[0], raw + 1);
	abi_tables_total(&tables, raw + 1 + sizeof(table));
	assert_int_equal(tables.table[0].level, LEVEL_PUD);
	assert_int_equal(tables.table[0].tables, 3);
	assert_true(tables.table[0].used == 1ULL << 40);
	assert_int_equal(tables.accounted_bytes, 4096);
	assert_int_equal(tables.deposited, 7);
	assert_int_equal(tables.n, 5);
}

static void test_info_strings(void **state)
{
	struct vmscope_info raw;
	struct module_info info;

	(void)state;
	memset(&raw, 'x', sizeof(raw));
	abi_info(&info, &raw);
	assert_int_equal(strlen(info.version), sizeof(raw.version) - 1);
	assert_int_equal(strlen(info.arch), sizeof(raw.arch) - 1);
}

static void test_errors(void **state)
{
	static const struct {
		int error;
		const char *said;
		struct subject what;
		enum status status;
		const char *text;
	} rows[] = {
		{ ESRCH, NULL, { .pid = 42 }, STATUS_FAILED,
		  "PID 42: no such process" },
		{ ESRCH, "words", { .pid = 42 }, STATUS_FAILED,
		  "PID 42: words" },
		{ ERANGE, NULL, { .pid = 42, .start = 0x1000 }, STATUS_FAILED,
		  "0x1000: outside the user address space" },
		{ ERANGE, NULL, { .pid = 42, .start = 0x1000, .end = 0x2000 }, STATUS_FAILED,
		  "0x1000-0x2000: outside the user address space" },
		{ EPERM, NULL, { 0 }, STATUS_PERMISSION,
		  "module vmscope: needs CAP_SYS_ADMIN in the initial user namespace" },
		{ EACCES, NULL, { 0 }, STATUS_PERMISSION,
		  "module vmscope: needs CAP_SYS_ADMIN in the initial user namespace" },
		{ EIO, NULL, { .pid = 42, .start = 0x1000 }, STATUS_FAILED,
		  "PID 42: Input/output error" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct error err = { 0 };

		assert_int_equal(abi_error(&err, rows[i].error, rows[i].said,
					   &rows[i].what), -1);
		assert_int_equal(err.status, rows[i].status);
		assert_begins(err.text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_present),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_frame_zero),
		cmocka_unit_test(test_no_frame),
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_vma),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_info_strings),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
