// SPDX-License-Identifier: GPL-2.0
/*
 * Base + bounds: as base, but an address beyond the process's size interrupts.
 * The pair is all that the hardware knows: it is the same for code and data, so
 * that sharing code means sharing it writable.
 */
#include "machine.h"

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	(void)m;
	(void)access;
	if (!within_bounds(vaddr, p->size))
		return (struct answer) { .interrupt = "out of bounds" };
	return (struct answer) { .paddr = p->base + vaddr };
}

const struct scheme scheme_bounds = {
	.name = "bounds",
	.title = "base + bounds: and each address is compared first",
	.translate = translate,
	.allocated = one_piece,
};
