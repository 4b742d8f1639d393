// SPDX-License-Identifier: GPL-2.0
#include <time.h>

#include "progress.h"
#include "unit.h"

int __wrap_isatty(int fd);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);

static int terminal;
static __u64 now;

int __wrap_isatty(int fd)
{
	(void)fd;
	return terminal;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	*t = (struct timespec) { now / 1000, now % 1000 * 1000000 };
	return 0;
}

/* What is on the screen after all that was written. */
static const char *screen(FILE *f, char line[80])
{
	int c, at = 0, len = 0;

	memset(line, 0, 80);
	rewind(f);
	while ((c = getc(f)) != EOF) {
		if (c == '\r') {
			at = 0;
			continue;
		}
		assert_in_range(at, 0, 78);
		line[at++] = c;
	}
	for (len = 79; len && (!line[len - 1] || line[len - 1] == ' '); len--)
		line[len - 1] = '\0';
	return line;
}

static void test_line(void **state)
{
	struct progress p;
	FILE *f = tmpfile();
	char line[80];

	(void)state;
	terminal = 1;
	now = 5000;
	progress_begin(&p, f);
	now += 999;
	progress_tick(&p, 1, 10000, "processes");
	progress_clear(&p);
	assert_int_equal(ftell(f), 0);
	now += 1;
	progress_tick(&p, 9999, 10000, "processes");
	assert_string_equal(screen(f, line), "vmscope: 9999 of 10000 processes");
	/* Not too often */
	now += 100;
	progress_tick(&p, 7, 10000, "processes");
	assert_string_equal(screen(f, line), "vmscope: 9999 of 10000 processes");
	/* A shorter one leaves nothing of a longer one. */
	now += 200;
	progress_tick(&p, 7, 8, "x");
	assert_string_equal(screen(f, line), "vmscope: 7 of 8 x");
	progress_clear(&p);
	assert_string_equal(screen(f, line), "");
	/* It comes again. */
	now += 200;
	progress_tick(&p, 8, 8, "x");
	assert_string_equal(screen(f, line), "vmscope: 8 of 8 x");
	fclose(f);
}

static void test_no_terminal(void **state)
{
	struct progress p;
	FILE *f = tmpfile();

	(void)state;
	terminal = 0;
	now = 0;
	progress_begin(&p, f);
	now = 100000;
	progress_tick(&p, 1, 2, "x");
	progress_clear(&p);
	assert_int_equal(ftell(f), 0);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_no_terminal),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
