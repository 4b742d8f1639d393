// SPDX-License-Identifier: GPL-2.0
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procfs.h"
#include "swaps.h"
#include "text.h"

/**
 * struct swaps_watch - the list, kept open
 * @file: the kernel says once of an open one that it has changed
 * @changed: it has said so
 */
struct swaps_watch {
	FILE *file;
	bool changed;
};

void swaps_read(struct swaps *s)
{
	FILE *f = procfs_open_swaps();
	char line[TEXT_MAX];

	memset(s, 0, sizeof(*s));
	if (!f)
		return;
	s->watch = calloc(1, sizeof(*s->watch));
	if (!s->watch) {
		fclose(f);
		return;
	}
	s->watch->file = f;
	/* The first line names the columns. */
	if (fgets(line, sizeof(line), f))
		while (fgets(line, sizeof(line), f)) {
			/* Blanks within a path are escaped. */
			line[strcspn(line, " \t\n")] = '\0';
			text_unescape(line);
			if (s->n < SWAP_TYPES)
				s->name[s->n] = strdup(line);
			s->n++;
		}
}

bool swaps_changed(const struct swaps *s)
{
	struct pollfd fd = { .events = POLLPRI };

	if (!s->watch || s->watch->changed)
		return s->watch;
	fd.fd = fileno(s->watch->file);
	s->watch->changed = poll(&fd, 1, 0) > 0 && fd.revents & POLLPRI;
	return s->watch->changed;
}

void swaps_see(struct swaps *s, const struct page *page)
{
	if (page->state == STATE_SWAP && page->swap_type < SWAP_TYPES)
		s->seen |= 1U << page->swap_type;
}

bool swaps_need_look(const struct swaps *s)
{
	unsigned int type;

	for (type = 0; s->n > 1 && type < SWAP_TYPES; type++)
		if (s->seen & 1U << type && !swaps_device(s, type))
			return true;
	return false;
}

static int see_page(const struct page *page, void *arg, struct error *err)
{
	(void)err;
	swaps_see(arg, page);
	return 0;
}

static bool is_same(const struct swaps *a, const struct swaps *b)
{
	size_t i;

	for (i = 0; i < a->n && i < SWAP_TYPES; i++)
		if (i >= b->n || !a->name[i] || !b->name[i] ||
		    strcmp(a->name[i], b->name[i]))
			return false;
	return a->n == b->n;
}

int swaps_look(struct swaps *s, struct transport *t, pid_t pid,
	       struct cost *cost, struct error *err)
{
	const struct pages_request req = {
		.pid = pid,
		.states = 1U << STATE_SWAP,
	};
	struct swaps after = { 0 };
	int ret;

	swaps_free(s);
	swaps_read(s);
	ret = t->ops->pages(t, &req, see_page, s, cost, err);
	/* A list that changed meanwhile may fit none of the types. */
	swaps_read(&after);
	if (!is_same(s, &after)) {
		__u32 seen = s->seen;

		swaps_free(s);
		s->seen = seen;
	}
	swaps_free(&after);
	return ret;
}

const char *swaps_device(const struct swaps *s, unsigned int type)
{
	__u32 lower;
	size_t seen;

	if (type >= SWAP_TYPES || s->n > SWAP_TYPES || swaps_changed(s))
		return NULL;
	lower = s->seen & ((1U << type) - 1);
	seen = __builtin_popcount(s->seen | 1U << type);
	if (seen > s->n)
		return NULL;
	if (seen < s->n && __builtin_popcount(lower) != (int)type)
		return NULL;
	return s->name[__builtin_popcount(lower)];
}

void swaps_free(struct swaps *s)
{
	size_t i;

	for (i = 0; i < SWAP_TYPES; i++)
		free(s->name[i]);
	if (s->watch)
		fclose(s->watch->file);
	free(s->watch);
	memset(s, 0, sizeof(*s));
}
