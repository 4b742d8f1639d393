// SPDX-License-Identifier: GPL-2.0
/* compare: an answer of vmscope as words, for tests/states.rows. */
#include <stdio.h>
#include "../../userspace/model.h"
#include "compare.h"

#define HUGE_PAGES	512

static void entry_words(__u32 flags)
{
	for (unsigned int i = 0; i < FLAGS; i++)
		if (flags >> i & 1)
			printf("+%s ", flag_name(i));
	if (flags >> PKEY_SHIFT)
		printf("+pkey=%u ", flags >> PKEY_SHIFT);
}

static void frame_words(const struct page *p)
{
	for (unsigned int i = 0; i < KPF_BITS; i++)
		if (p->kpageflags >> i & 1 && kpf_name(i))
			printf("%%%s ", kpf_name(i));
	printf("#%u node:%d ", p->mapcount, p->node);
}

void print_words(const struct walk *walk)
{
	const struct page *p = &walk->page;

	printf("=%s @%s ", state_name(p->state), level_name(p->level));
	if (walk->nr_steps)
		entry_words(walk->steps[walk->nr_steps - 1].flags);
	if (p->has_frame)
		frame_words(p);
	if (p->has_pfn)
		printf("pfn:%llu nth:%llu ", p->pfn, p->pfn % HUGE_PAGES);
	if (p->state == STATE_SWAP)
		printf("swap:%u ", p->swap_type);
	if (p->state == STATE_MARKER)
		printf("marker:%s ", marker_name(p->marker));
	if (!p->has_pfn || p->why == WHY_NO_STRUCT_PAGE)
		printf("why:%s ", why_name(p->why));
	printf("\n");
}

bool same_as_walk(const struct page *p, const struct page *walk)
{
	/* No record is of the kernel's half. */
	if (!p && walk->vaddr >> 63)
		return true;
	if (!p)
		return walk->state == STATE_NONE || walk->state == STATE_UNMAPPED;
	return p->state == walk->state && p->entry == walk->entry &&
	       p->flags == walk->flags && p->marker == walk->marker &&
	       p->has_pfn == walk->has_pfn && p->pfn == walk->pfn &&
	       p->level == walk->level && p->mapcount == walk->mapcount &&
	       p->kpageflags == walk->kpageflags &&
	       p->swap_type == walk->swap_type &&
	       p->swap_offset == walk->swap_offset;
}
