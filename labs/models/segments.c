// SPDX-License-Identifier: GPL-2.0
/*
 * Segmentation: base and bounds for each part of the address space, chosen by
 * the topmost bits of the address, with bits that say what may be done there.
 */
#include "machine.h"

unsigned int segment_of(const struct machine *m, uint64_t vaddr,
			uint64_t *offset)
{
	const unsigned int offset_bits = m->address_bits - m->segment_bits;

	*offset = vaddr & ((1ULL << offset_bits) - 1);
	return vaddr >> offset_bits;
}

static const struct segment *find(const struct process *p, unsigned int number)
{
	size_t i;

	for (i = 0; i < p->nr_segments; i++)
		if (p->segment[i].number == number)
			return &p->segment[i];
	return NULL;
}

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	const unsigned int offset_bits = m->address_bits - m->segment_bits;
	const uint64_t max_offset = (1ULL << offset_bits) - 1;
	const struct segment *s;
	uint64_t offset;

	s = find(p, segment_of(m, vaddr, &offset));
	if (!s)
		return (struct answer) { .interrupt = "no such segment" };
	if (s->down ? !down_offset_valid(offset, max_offset, s->size) :
		      !within_bounds(offset, s->size))
		return (struct answer) { .interrupt = "out of bounds" };
	if (!(s->may & access))
		return (struct answer) { .interrupt = "protection" };
	return (struct answer) {
		.paddr = s->down ? down_paddr(offset, max_offset, s->base) :
				   s->base + offset,
	};
}

static uint64_t allocated(const struct machine *m, const struct process *p)
{
	uint64_t bytes = 0;
	size_t i;

	(void)m;
	for (i = 0; i < p->nr_segments; i++)
		bytes += p->segment[i].size;
	return bytes;
}

const struct scheme scheme_segments = {
	.name = "segments",
	.title = "segmentation: base + bounds for each part",
	.translate = translate,
	.allocated = allocated,
};
