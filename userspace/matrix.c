// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "matrix.h"

#define ROOM	80

unsigned int matrix_room(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (columns && atoi(columns) > 0)
		return atoi(columns);
	return ROOM;
}

static unsigned int digits(__u64 n)
{
	return snprintf(NULL, 0, "%llu", n);
}

/* Of each column: as wide as the largest number that can be in one. */
static unsigned int cell_width(const struct survey *s)
{
	unsigned int width = 3, n, i;

	for (i = 0; i < s->n; i++) {
		n = digits(s->process[i].pid);
		width = n > width ? n : width;
		/* No pair has more than one of the two. */
		n = digits(sharing_pair(&s->sharing, i, i));
		width = n > width ? n : width;
	}
	return width;
}

bool matrix_print(const struct survey *s, unsigned int room, bool headings)
{
	unsigned int width = cell_width(s), i, j;

	if ((s->n + 1) * (width + 1) - 1 > room)
		return false;
	if (headings) {
		printf("%*s", (int)width, "PID");
		for (i = 0; i < s->n; i++)
			printf(" %*llu", (int)width, s->process[i].pid);
		putchar('\n');
	}
	for (i = 0; i < s->n; i++) {
		printf("%*llu", (int)width, s->process[i].pid);
		for (j = 0; j < s->n; j++)
			printf(" %*llu", (int)width,
			       sharing_pair(&s->sharing, i, j));
		putchar('\n');
	}
	return true;
}

size_t matrix_top(const struct survey *s, struct pair top[TOP_PAIRS])
{
	size_t n = 0, at, i, j;

	for (i = 0; i < s->n; i++)
		for (j = i + 1; j < s->n; j++) {
			const struct pair pair = {
				.a = s->process[i].pid,
				.b = s->process[j].pid,
				.pages = sharing_pair(&s->sharing, i, j),
			};

			/* Of equal ones the first one comes first. */
			for (at = n; at && top[at - 1].pages < pair.pages; at--)
				;
			if (at == TOP_PAIRS)
				continue;
			if (n < TOP_PAIRS)
				n++;
			memmove(&top[at + 1], &top[at],
				(n - 1 - at) * sizeof(*top));
			top[at] = pair;
		}
	return n;
}
