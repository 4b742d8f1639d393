// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of a process that is at hand: this one.
 */
#include <sys/mman.h>

#include "symbols.h"
#include "unit.h"

extern char **environ;

int test_data_word = 1;
__thread int test_thread_word = 2;

__attribute__((noinline, used)) static int test_static_function(void)
{
	return test_data_word;
}

static int test_chosen(void)
{
	return 1;
}

static int (*test_choose(void))(void)
{
	return test_chosen;
}

int test_indirect(void) __attribute__((ifunc("test_choose")));

static struct symbols *symbols;

static int open_symbols(void **state)
{
	struct error err;

	(void)state;
	symbols = symbols_open(getpid(), &err);
	return symbols ? 0 : -1;
}

static int close_symbols(void **state)
{
	(void)state;
	symbols_close(symbols);
	return 0;
}

static int find(const char *text, struct symbol *symbol, struct error *err)
{
	*err = (struct error) { 0 };
	return symbols_find(symbols, text, strlen(text), symbol, err);
}

static __u64 at(const void *p)
{
	return (uintptr_t)p;
}

static void test_find(void **state)
{
	const struct {
		const char *text;
		__u64 vaddr;
		enum symbol_type type;
		__u64 size;
	} rows[] = {
		{ "test_data_word", at(&test_data_word), SYMBOL_DATA, 4 },
		{ "test_static_function", at(test_static_function),
		  SYMBOL_FUNCTION, 0 },
		{ "test_symbols:test_static_function",
		  at(test_static_function), SYMBOL_FUNCTION, 0 },
		{ "test_indirect", at(test_choose), SYMBOL_IFUNC, 0 },
		{ "libc.so.6:getpid", at(getpid), SYMBOL_FUNCTION, 0 },
		{ "getpid", at(getpid), SYMBOL_FUNCTION, 0 },
	};
	struct symbol symbol;
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (find(rows[i].text, &symbol, &err))
			fail_msg("%s", err.text);
		if (symbol.vaddr != rows[i].vaddr ||
		    symbol.type != rows[i].type ||
		    (rows[i].size && symbol.size != rows[i].size))
			fail_msg("%s: 0x%llx, type %d, %llu bytes",
				 rows[i].text, symbol.vaddr, symbol.type,
				 symbol.size);
	}
	assert_true(symbols_were_read(symbols));
}

/* Only as much of the text as the length says is the name. */
static void test_find_length(void **state)
{
	struct symbol symbol;
	struct error err;

	(void)state;
	assert_int_equal(symbols_find(symbols, "test_data_word+0x10",
				      strlen("test_data_word"), &symbol, &err),
			 0);
	assert_int_equal(symbol.vaddr, at(&test_data_word));
}

static void test_errors(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "test_no_such", "test_no_such: no mapping of that name and no symbol in process " },
		{ "libc.so.6:test_no_such", "libc.so.6:test_no_such: no such symbol in libc.so.6" },
		{ "test_no.so:main", "test_no.so:main: no mapped ELF file of the name test_no.so in process " },
		{ "test_thread_word", "test_thread_word: thread-local: " },
		{ "main@V1", "main@V1: no mapping of that name and no symbol in " },
		{ "", ": no mapping" },
		{ "libc.so.6:", "libc.so.6:: no such symbol in libc.so.6" },
	};
	struct symbol symbol;
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(find(rows[i].text, &symbol, &err), -1);
		assert_int_equal(err.status, STATUS_FAILED);
		assert_begins(err.text, rows[i].why);
	}
}

/* The mapping that covers an address, as /proc has it. */
static struct vma mapping(__u64 vaddr)
{
	static char file[256];
	struct vma vma = { .name = "", .file = file };
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512], perms[5];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		*file = '\0';
		if (sscanf(line, "%llx-%llx %4s %llx %*s %*s %255s", &vma.start,
			   &vma.end, perms, &vma.offset, file) >= 4 &&
		    vaddr >= vma.start && vaddr < vma.end)
			break;
	}
	fclose(f);
	vma.perms = perms[2] == 'x' ? PERM_READ | PERM_EXEC : PERM_READ;
	if (*file == '[') {
		vma.name = file;
		vma.file = "";
	}
	return vma;
}

static void test_name(void **state)
{
	const struct {
		__u64 vaddr;
		const char *symbol;
		const char *section;
		const char *perms;
	} rows[] = {
		{ at(test_static_function) + 1, "test_static_function+0x1",
		  ".text", "r-x" },
		{ at(&test_data_word), "test_data_word", ".data", "rw-" },
		{ at(&symbols) + 2, "symbols+0x2", ".bss", "rw-" },
	};
	struct symbol_name name;
	struct vma vma;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		vma = mapping(rows[i].vaddr);
		assert_true(symbols_name(symbols, rows[i].vaddr, &vma, &name));
		assert_string_equal(name.symbol, rows[i].symbol);
		assert_string_equal(name.section, rows[i].section);
		assert_string_equal(strrchr(name.segment, ':') + 1,
				    rows[i].perms);
	}
}

/* What is asked for by one of its names keeps that name. */
static void test_alias(void **state)
{
	static const char * const names[] = { "environ", "__environ" };
	struct symbol_name name;
	struct symbol symbol;
	struct error err;
	struct vma vma;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char text[32];

		close_symbols(NULL);
		open_symbols(NULL);
		snprintf(text, sizeof(text), "libc.so.6:%s", names[i]);
		assert_int_equal(find(text, &symbol, &err), 0);
		vma = mapping(symbol.vaddr);
		assert_true(symbols_name(symbols, symbol.vaddr, &vma, &name));
		assert_string_equal(name.symbol, names[i]);
	}
}

/* A file that is mapped some other way than its segments say is only data. */
static void test_not_a_segment(void **state)
{
	struct vma vma = mapping(at(test_static_function));
	struct symbol_name name;

	(void)state;
	vma.offset += 4096;
	assert_false(symbols_name(symbols, at(test_static_function), &vma,
				  &name));
	vma.offset -= 4096;
	vma.perms = PERM_READ;
	assert_false(symbols_name(symbols, at(test_static_function), &vma,
				  &name));
	vma = mapping(at(&vma));
	assert_false(symbols_name(symbols, at(&vma), &vma, &name));
	assert_null(name.segment);
}

static void test_no_process(void **state)
{
	struct symbols *none;
	struct symbol symbol;
	struct error err;

	(void)state;
	none = symbols_open(0x7ffffffe, &err);
	assert_non_null(none);
	assert_int_equal(symbols_load(none, &err), -1);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.text, "PID 2147483646: no such process");
	symbols_close(none);

	none = symbols_open(0x7ffffffe, &err);
	assert_int_equal(symbols_find(none, "main", 4, &symbol, &err), -1);
	assert_string_equal(err.text, "PID 2147483646: no such process");
	assert_false(symbols_were_read(none));
	symbols_close(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_length),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_alias),
		cmocka_unit_test(test_not_a_segment),
		cmocka_unit_test(test_no_process),
	};

	return cmocka_run_group_tests_name("symbols", tests, open_symbols,
					   close_symbols);
}
