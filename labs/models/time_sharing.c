// SPDX-License-Identifier: GPL-2.0
/*
 * Time sharing: one process at a time has all of RAM, from 0 up. Addresses need
 * no translation; a switch costs what has to be written out and read in.
 */
#include "machine.h"

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	(void)p;
	(void)access;
	if (m->ram && vaddr >= m->ram)
		return (struct answer) { .interrupt = "no such RAM" };
	return (struct answer) { .paddr = vaddr };
}

const struct scheme scheme_time_sharing = {
	.name = "time-sharing",
	.title = "time sharing: the whole memory goes to disk at each switch",
	.translate = translate,
	.allocated = one_piece,
};
