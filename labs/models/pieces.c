// SPDX-License-Identifier: GPL-2.0
/*
 * Where in RAM the processes lie, whatever the scheme.
 */
#include <stdlib.h>

#include "pieces.h"

static size_t add(struct piece *piece, size_t n, const struct process *p,
		  uint64_t start, uint64_t size)
{
	piece[n] = (struct piece) { .process = p, .start = start, .size = size };
	return n + 1;
}

static size_t pieces_of(const struct machine *m, const struct process *p,
			struct piece *piece, size_t n)
{
	size_t i;

	for (i = 0; i < p->nr_segments; i++)
		n = add(piece, n, p,
			p->segment[i].base -
			(p->segment[i].down ? p->segment[i].size : 0),
			p->segment[i].size);
	for (i = 0; i < p->nr_pages; i++)
		n = add(piece, n, p, p->page[i].ppn * m->page_size,
			m->page_size);
	if (!p->nr_segments && !p->nr_pages && p->size)
		n = add(piece, n, p, p->base, p->size);
	return n;
}

size_t pieces(const struct machine *m, struct piece piece[PIECES_MAX])
{
	size_t n = 0, i;

	for (i = 0; i < m->nr_processes; i++)
		n = pieces_of(m, &m->process[i], piece, n);
	return n;
}

static int by_start(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

struct holes holes(const struct machine *m)
{
	struct piece piece[PIECES_MAX];
	const size_t n = pieces(m, piece);
	struct holes h = { 0 };
	uint64_t end = 0, hole;
	size_t i;

	qsort(piece, n, sizeof(*piece), by_start);
	for (i = 0; i <= n; i++) {
		uint64_t next = i < n ? piece[i].start : m->ram;

		hole = next > end ? next - end : 0;
		h.free += hole;
		if (hole > h.largest)
			h.largest = hole;
		if (i < n && piece[i].start + piece[i].size > end)
			end = piece[i].start + piece[i].size;
	}
	return h;
}
