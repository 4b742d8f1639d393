// SPDX-License-Identifier: GPL-2.0
/*
 * Static relocation: the loader adds the place of the program to each address
 * that it finds in its code. What the code computes, it cannot find; when the
 * program runs nothing is translated, and nothing checked.
 */
#include "machine.h"

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	(void)m;
	(void)access;
	return (struct answer) { .paddr = vaddr + p->base };
}

const struct scheme scheme_relocation = {
	.name = "relocation",
	.title = "static relocation: the loader rewrites addresses",
	.translate = translate,
	.allocated = one_piece,
};
