// SPDX-License-Identifier: GPL-2.0
/*
 * Base register: the hardware adds it to each address, at each access. So a
 * process can lie anywhere, and be moved; but it reaches all that is above.
 */
#include "machine.h"

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	(void)m;
	(void)access;
	return (struct answer) { .paddr = p->base + vaddr };
}

uint64_t one_piece(const struct machine *m, const struct process *p)
{
	(void)m;
	return p->size;
}

const struct scheme scheme_base = {
	.name = "base",
	.title = "base register: added to each address",
	.translate = translate,
	.allocated = one_piece,
};
