// SPDX-License-Identifier: GPL-2.0
#include "usage.h"

/*
 * Not memory of the process: frames that belong to the kernel or a device, that
 * nobody counts the mappings of; zero pages; and hugetlb, which smaps has lines
 * of its own for.
 */
static bool is_counted(const struct page *page)
{
	return page->has_frame && !(page->flags & FLAG_SPECIAL) &&
	       !(page->kpageflags & (1ULL << KPF_ZERO | 1ULL << KPF_HUGE));
}

void usage_add(struct usage *u, const struct page *page,
	       unsigned int page_shift)
{
	__u64 share = 1ULL << page_shift << USAGE_SHIFT;

	if (!is_counted(page))
		return;
	switch (page->state) {
	case STATE_PRESENT:
	case STATE_PROTNONE:
	case STATE_DEVICE:
		break;
	case STATE_MIGRATION:
		/* It is mapped, but how often cannot be told. */
		u->rss += page->npages;
		u->pss += share * page->npages;
		return;
	default:
		return;
	}
	u->rss += page->npages;
	if (page->mapcount > 1)
		share /= page->mapcount;
	else
		u->uss += page->npages;
	u->pss += share * page->npages;
	u->estimated |= !page->mapcount_exact;
}
