/* SPDX-License-Identifier: GPL-2.0 */
/* What the client's unit tests share. */
#ifndef VMSCOPE_UNIT_H
#define VMSCOPE_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/**
 * struct capture - standard output while a test looks at it
 * @file: what is printed
 * @saved: the real one
 */
struct capture {
	FILE *file;
	int saved;
};

static inline void capture_begin(struct capture *c)
{
	fflush(stdout);
	c->file = tmpfile();
	assert_non_null(c->file);
	c->saved = dup(STDOUT_FILENO);
	dup2(fileno(c->file), STDOUT_FILENO);
}

/* What was printed, in @buf, which is large enough for what these tests do. */
static inline const char *capture_end(struct capture *c, char *buf, size_t size)
{
	size_t n;

	fflush(stdout);
	dup2(c->saved, STDOUT_FILENO);
	close(c->saved);
	rewind(c->file);
	n = fread(buf, 1, size - 1, c->file);
	buf[n] = '\0';
	fclose(c->file);
	return buf;
}

/* For words that are the module's, and may go on. */
static inline void assert_begins(const char *text, const char *with)
{
	if (strncmp(text, with, strlen(with)))
		fail_msg("'%s' does not begin with '%s'", text, with);
}

#endif /* VMSCOPE_UNIT_H */
