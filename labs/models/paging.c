// SPDX-License-Identifier: GPL-2.0
/*
 * Paging: the address space and RAM are cut into pieces of one size. Any piece
 * of the one may lie in any piece of the other; a table says in which.
 */
#include "machine.h"

static struct answer translate(const struct machine *m,
			       const struct process *p, uint64_t vaddr,
			       unsigned int access)
{
	const uint64_t vpn = vaddr / m->page_size;
	const uint64_t offset = vaddr % m->page_size;
	size_t i;

	for (i = 0; i < p->nr_pages; i++) {
		if (p->page[i].vpn != vpn)
			continue;
		if (!(p->page[i].may & access))
			return (struct answer) { .interrupt = "protection" };
		return (struct answer) {
			.paddr = p->page[i].ppn * m->page_size + offset,
		};
	}
	return (struct answer) { .interrupt = "page fault" };
}

static uint64_t allocated(const struct machine *m, const struct process *p)
{
	return p->nr_pages * m->page_size;
}

const struct scheme scheme_paging = {
	.name = "paging",
	.title = "paging: pieces of one size, each anywhere",
	.translate = translate,
	.allocated = allocated,
};
