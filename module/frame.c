// SPDX-License-Identifier: GPL-2.0
/*
 * PFN -> frame facts. struct page is read without a reference, as
 * /proc/kpagecount and /proc/kpageflags do: nothing in it is followed further
 * than to the head of its folio.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_idle.h>
#include "compat.h"
#include "frame.h"

#define KPF(name)	BIT_ULL(KPF_##name)

/* Bits that go from the kernel's word to /proc/kpageflags' as they are. */
static const struct {
	u8 kpf;
	u8 pg;
} copied_bits[] = {
#define COPIED(kpf, pg)	{ kpf, pg },
	COPIED(KPF_LOCKED, PG_locked)
	COPIED(KPF_DIRTY, PG_dirty)
	COPIED(KPF_UPTODATE, PG_uptodate)
	COPIED(KPF_WRITEBACK, PG_writeback)
	COPIED(KPF_LRU, PG_lru)
	COPIED(KPF_REFERENCED, PG_referenced)
	COPIED(KPF_ACTIVE, PG_active)
	COPIED(KPF_RECLAIM, PG_reclaim)
	COPIED(KPF_SWAPBACKED, PG_swapbacked)
	COPIED(KPF_UNEVICTABLE, PG_unevictable)
	COPIED(KPF_MLOCKED, PG_mlocked)
	COPIED(KPF_RESERVED, PG_reserved)
	COPIED(KPF_PRIVATE, PG_private)
	COPIED(KPF_PRIVATE_2, PG_private_2)
	COPIED(KPF_OWNER_PRIVATE, PG_owner_priv_1)
	COPIED(KPF_ARCH, PG_arch_1)
	COMPAT_KPF_COPIED(COPIED)
#undef COPIED
};

static u64 flag_if(bool set, u64 flag)
{
	return set ? flag : 0;
}

/* What the page is, which no single bit of its word says. */
static u64 kind_flags(struct page *page, bool huge_zero)
{
	struct folio *folio = page_folio(page);
	u64 k = 0;

	k |= flag_if(!compat_page_is_slab(page) && folio_mapped(folio),
		     KPF(MMAP));
	k |= flag_if(PageAnon(page), KPF(ANON));
	k |= flag_if(folio_test_ksm(folio), KPF(KSM));
	k |= flag_if(PageHead(page), KPF(COMPOUND_HEAD));
	k |= flag_if(PageTail(page), KPF(COMPOUND_TAIL));
	if (compat_page_is_hugetlb(page))
		k |= KPF(HUGE);
	else if (huge_zero)
		k |= KPF(ZERO_PAGE) | KPF(THP);
	else if (compat_page_is_thp(page))
		k |= KPF(THP);
	else if (is_zero_pfn(page_to_pfn(page)))
		k |= KPF(ZERO_PAGE);
	k |= flag_if(PageBuddy(page), KPF(BUDDY));
	k |= flag_if(PageOffline(page), KPF(OFFLINE));
	k |= flag_if(PageTable(page), KPF(PGTABLE));
	k |= flag_if(folio_test_idle(folio), KPF(IDLE));
	k |= flag_if(folio_test_swapcache(folio), KPF(SWAPCACHE));
	k |= flag_if(compat_page_is_slab(page), KPF(SLAB));
	return k;
}

static u64 page_kpageflags(struct page *page, bool huge_zero)
{
	unsigned long word = compat_page_flags(page);
	u64 k = kind_flags(page, huge_zero);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(copied_bits); i++)
		k |= (u64)((word >> copied_bits[i].pg) & 1)
		     << copied_bits[i].kpf;
#ifdef CONFIG_MEMORY_FAILURE
	k |= flag_if(PageHWPoison(page), KPF(HWPOISON));
#endif
	return k;
}

/**
 * frame_is_huge_zero() - does an entry map the huge zero page?
 * @e: a mapping entry
 *
 * The kernel keeps the address of its huge zero page to itself. But a leaf above
 * the PTE level of a VMA without a file holds either an anonymous folio or the
 * huge zero page.
 *
 * Return: true where it is the huge zero page.
 */
bool frame_is_huge_zero(const struct entry *e)
{
	struct page *page;

	if (e->level != VMSCOPE_LEVEL_PMD || !e->anon_vma)
		return false;
	page = pfn_to_online_page(e->d.pfn);
	return page && !PageAnon(page) && !compat_page_is_hugetlb(page);
}

/**
 * frame_read() - what the kernel knows of a frame
 * @pfn: any number
 * @huge_zero: the caller knows that it belongs to the huge zero page
 * @f: filled
 *
 * Return: false where the frame has no struct page that may be read: device
 * memory, a hole, an offline section.
 */
bool frame_read(u64 pfn, bool huge_zero, struct frame *f)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page)
		return false;
	f->kpageflags = page_kpageflags(page, huge_zero);
	f->mapcount = compat_page_mapcount(page);
	f->refcount = page_count(page);
	f->node = page_to_nid(page);
	return true;
}
