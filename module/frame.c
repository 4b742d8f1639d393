// SPDX-License-Identifier: GPL-2.0
/*
 * PFN -> frame facts. struct page is read without a reference, as
 * /proc/kpagecount, /proc/kpageflags and /proc/kpagecgroup do, but for large folios
 * that nothing else is known to keep: nothing in it is followed further than to the
 * head of its folio, and to the memory cgroup, which RCU keeps.
 */
#include <linux/cgroup.h>
#include <linux/ioport.h>
#include <linux/memcontrol.h>
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

/*
 * Is it part of a free block? Only the block's first page says so, and how large
 * it is; no lock is taken, so that this is true of a moment, as all here is.
 */
static bool is_free(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	struct page *head;
	unsigned int order;

	/* A device's are never, and what is before it need not have any. */
	if (page_count(page) || is_zone_device_page(page))
		return false;
	for (order = 0; order <= COMPAT_MAX_PAGE_ORDER; order++) {
		head = pfn_to_page(pfn & ~((1UL << order) - 1));
		if (PageBuddy(head) && READ_ONCE(head->private) >= order)
			return true;
	}
	return false;
}

/*
 * What the page is, which no single bit of its word says. @frozen: as frame_read()
 * has it.
 */
static u64 kind_flags(struct page *page, const struct frame *f, bool huge_zero,
		      bool frozen)
{
	struct folio *folio = page_folio(page);
	bool slab = compat_page_is_slab(page);
	u64 k = flag_if(slab, KPF(SLAB));

	/* Its own count first: folio_mapped() may look at each of 512 pages. */
	k |= flag_if(f->mapcount || (f->compound && !frozen && !slab &&
				     folio_mapped(folio)),
		     KPF(MMAP));
	/*
	 * A slab has something else where a folio has its mapping: /proc/kpageflags
	 * looks at that, and calls some slabs anonymous.
	 */
	k |= flag_if(!slab && PageAnon(page), KPF(ANON));
	k |= flag_if(!slab && folio_test_ksm(folio), KPF(KSM));
	k |= flag_if(PageHead(page), KPF(COMPOUND_HEAD));
	k |= flag_if(PageTail(page), KPF(COMPOUND_TAIL));
	if (compat_page_is_hugetlb(page))
		k |= KPF(HUGE);
	else if (huge_zero)
		k |= KPF(ZERO_PAGE) | KPF(THP);
	else if (f->compound && !slab && !frozen && compat_page_is_thp(page))
		k |= KPF(THP);
	else if (is_zero_pfn(page_to_pfn(page)))
		k |= KPF(ZERO_PAGE);
	k |= flag_if(is_free(page), KPF(BUDDY));
	k |= flag_if(PageOffline(page), KPF(OFFLINE));
	k |= flag_if(PageTable(page), KPF(PGTABLE));
	return k;
}

/* @word: of the folio */
static u64 folio_flags_of(unsigned long word)
{
	const unsigned long in_swapcache = BIT(PG_swapbacked) |
					   BIT(PG_swapcache);
	u64 k = flag_if((word & in_swapcache) == in_swapcache, KPF(SWAPCACHE));

#ifdef CONFIG_PAGE_IDLE_FLAG
	k |= flag_if(word & BIT(PG_idle), KPF(IDLE));
#endif
	return k;
}

/*
 * @word: the page's own. Of a page by itself nothing more is read by what
 * CONFIG_DEBUG_VM insists is called for no tail: it may have become one.
 */
static u64 page_kpageflags(struct page *page, unsigned long word,
			   const struct frame *f, bool huge_zero, bool frozen)
{
	u64 k = kind_flags(page, f, huge_zero, frozen);
	size_t i;

	k |= folio_flags_of(f->compound ? compat_page_word(compound_head(page)) :
					  word);
	if (f->compound)
		word = compat_page_flags(page);

	for (i = 0; i < ARRAY_SIZE(copied_bits); i++)
		k |= (u64)((word >> copied_bits[i].pg) & 1)
		     << copied_bits[i].kpf;
#ifdef CONFIG_MEMORY_FAILURE
	k |= flag_if(compat_page_is_poisoned(page), KPF(HWPOISON));
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
 * frame_known() - what an entry tells of its frame before anybody looks
 * @e: any entry
 *
 * By the rules of vm_normal_page(): a frame that an entry maps and counts has a
 * struct page, which stays for as long as the lock is held, also where it is a
 * device's: since 6.15 persistent memory is mapped so.
 *
 * Return: enum frame_known.
 */
enum frame_known frame_known(const struct entry *e)
{
	if (e->normal)
		return FRAME_NORMAL;
	if (!decoded_is_mapped(&e->d))
		return FRAME_UNKNOWN;
	if (frame_is_huge_zero(e))
		return FRAME_HUGE_ZERO;
	/* Without a VMA it is the kernel's, which counts none of its own. */
	if (!e->vma_start)
		return FRAME_UNKNOWN;
	if (e->d.flags & (VMSCOPE_FLAG_SPECIAL | VMSCOPE_FLAG_DEVMAP) ||
	    (e->level != VMSCOPE_LEVEL_PTE && !COMPAT_LARGE_SPECIAL))
		return FRAME_MAPPED;
	return FRAME_NORMAL;
}

/* Without what the kernel keeps there for itself: zone, age, who touched it last. */
#define LASTING_WORD	(PAGEFLAGS_MASK | NODES_MASK << NODES_PGSHIFT)

static unsigned long page_word(const struct page *page)
{
	return compat_page_word(page) & LASTING_WORD;
}

/* Of a tail it means nothing. */
static unsigned long page_mapping_kind(const struct page *page)
{
	return (unsigned long)READ_ONCE(((struct folio *)page)->mapping) &
	       COMPAT_MAPPING_FLAGS;
}

/*
 * Is the page plain, and of the same kind as one that is known to be? It is of the
 * same node, then, too, which is in the word. Its counts are read once: nothing may
 * pin it, and what it becomes has no map count. That it is a device's would make no
 * difference to what is said of it.
 *
 * Inline: it is what a page costs.
 */
static __always_inline bool is_like(const struct page *page,
				    const struct frame *f,
				    u32 *mapcount, u32 *refcount)
{
	int mapped = atomic_read(&page->_mapcount);
	int refs = page_ref_count(page);

	*mapcount = mapped + 1;
	*refcount = refs;
	return page_word(page) == f->word && !PageCompound((struct page *)page) &&
	       page_mapping_kind(page) == f->mapping && mapped >= 0 && refs > 0;
}

/*
 * May others be known by it? Not by the zero page, which its number alone tells
 * from other reserved ones.
 */
static bool is_plain(struct page *page, const struct frame *f)
{
	return f->mapcount && f->refcount && !PageCompound(page) &&
	       f->mapcount == (u32)atomic_read(&page->_mapcount) + 1 &&
	       !PageReserved(page) && !is_zone_device_page(page);
}

static struct page *page_of(u64 pfn, enum frame_known known)
{
	if (known != FRAME_NORMAL)
		return pfn_to_online_page(pfn);
	/* Of a page table that is corrupt nothing is certain. */
	return pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;
}

/*
 * Keep a large folio as it is. Of a frame that no page table is seen to map it could
 * be split or freed, and its pages be others', between two looks: what counts its
 * pages would count as many as something else says, and CONFIG_DEBUG_VM insists
 * that a head is one. To give back the last reference is allowed where this is
 * called, also under a page table's lock; the hold is a few instructions, and then,
 * where its owner gave back his meanwhile, the freeing.
 *
 * Return: with a reference; NULL where the page is one by itself, or nobody holds it,
 * or it has just become part of another folio.
 */
static struct folio *pin(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!PageCompound(page) || !folio_try_get(folio))
		return NULL;
	if (page_folio(page) == folio)
		return folio;
	folio_put(folio);
	return NULL;
}

/* Of a folio that is being split the order may be any number. */
static void read_order(struct page *page, u64 pfn, struct frame *f)
{
	struct page *head = compound_head(page);
	u64 first = page_to_pfn(head);
	unsigned int order = compound_order(head);

	f->head_pfn = pfn;
	f->order = 0;
	if (!f->compound || order > PUD_SHIFT - PAGE_SHIFT ||
	    pfn >> order != first >> order || first & ((1UL << order) - 1))
		return;
	f->head_pfn = first;
	f->order = order;
}

/* Is it to be kept while it is looked at? */
static bool wants_pin(enum frame_known known)
{
	return known == FRAME_UNKNOWN || known == FRAME_HUGE_ZERO;
}

/**
 * frame_read() - what the kernel knows of a frame
 * @pfn: any number
 * @known: what the caller knows of it
 * @f: filled; what it says of another frame, if anything, makes this faster: not
 *	to be touched between two calls, zeroed before the first
 *
 * Return: false where the frame has no struct page that may be read: a device's
 * memory, unless it is known to be normal, a hole, an offline section.
 */
bool frame_read(u64 pfn, enum frame_known known, struct frame *f)
{
	struct page *page = page_of(pfn, known);
	struct folio *pinned = NULL;
	u32 mapcount, refcount;
	unsigned long word;
	bool frozen;

	if (!page)
		return false;
	if (f->plain && is_like(page, f, &mapcount, &refcount)) {
		f->mapcount = mapcount;
		f->refcount = refcount;
		f->head_pfn = pfn;
		return true;
	}
	/* Again: it may have become part of a folio just now. */
	if (wants_pin(known))
		pinned = pin(page) ?: pin(page);
	word = compat_page_word(page);
	f->word = word & LASTING_WORD;
	f->mapping = page_mapping_kind(page);
	f->compound = PageCompound(page);
	/* A large folio that nobody holds, for this moment: nobody maps it, either. */
	frozen = f->compound && wants_pin(known) && !pinned;
	f->mapcount = frozen ? 0 : compat_page_mapcount(page);
	f->kpageflags = page_kpageflags(page, word, f, known == FRAME_HUGE_ZERO,
					frozen);
	f->refcount = page_count(page) - (pinned ? 1 : 0);
	f->node = page_to_nid(page);
	read_order(page, pfn, f);
	if (pinned)
		folio_put(pinned);
	/*
	 * Bits of both change under the lock of the PTE, too. What was made of some
	 * and is kept with others would be told of all pages that follow.
	 */
	f->plain = !f->compound && is_plain(page, f) && page_word(page) == f->word &&
		   page_mapping_kind(page) == f->mapping;
	return true;
}

/**
 * frame_mapcount() - how often is a page mapped?
 * @pfn: of a page of the same large folio as one that frame_read() has looked at,
 *	mapped by the same entry
 *
 * Return: the map count, as frame_read() would have it.
 */
u32 frame_mapcount(u64 pfn)
{
	return compat_page_mapcount(pfn_to_page(pfn));
}

/**
 * frame_alike() - how many frames have the same facts as one before them?
 * @pfn: the first of them; all are those of an entry that is normal
 * @n: so many at most
 * @f: the one before them
 *
 * Return: how many, from the first on; there may be more.
 */
u64 frame_alike(u64 pfn, u64 n, const struct frame *f)
{
	u32 mapcount, refcount;
	struct page *page;
	u64 i;

	if (!f->plain || !n || !pfn_valid(pfn + n - 1))
		return 0;
	for (i = 0; i < n; i++) {
		page = pfn_to_page(pfn + i);
		if (!is_like(page, f, &mapcount, &refcount) ||
		    mapcount != f->mapcount || refcount != f->refcount)
			break;
	}
	return i;
}

/* Without a struct page: what the machine has at that address. */
static u8 kind_of_address(u64 pfn)
{
	static const struct {
		unsigned long flags;
		u8 kind;
	} regions[] = {
		{ IORESOURCE_SYSTEM_RAM, VMSCOPE_KIND_OFFLINE },
		{ IORESOURCE_MEM, VMSCOPE_KIND_DEVICE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++)
		if (region_intersects(pfn << PAGE_SHIFT, PAGE_SIZE,
				      regions[i].flags, IORES_DESC_NONE) !=
		    REGION_DISJOINT)
			return regions[i].kind;
	return VMSCOPE_KIND_NOTHING;
}

/* Its mapping is that of page cache or of an anonymous page; not followed. */
static u8 kind_of_mapping(struct folio *folio, u64 kpf)
{
	unsigned long mapping = (unsigned long)READ_ONCE(folio->mapping);

	switch (mapping & COMPAT_MAPPING_FLAGS) {
	case COMPAT_MAPPING_KSM:
		return VMSCOPE_KIND_KSM;
	case COMPAT_MAPPING_ANON:
		return VMSCOPE_KIND_ANON;
	case 0:
		if (!mapping)
			return VMSCOPE_KIND_KERNEL;
		return kpf & KPF(SWAPBACKED) ? VMSCOPE_KIND_SHMEM :
					       VMSCOPE_KIND_FILE;
	default:
		return VMSCOPE_KIND_KERNEL;
	}
}

static u8 kind_of_page(struct page *page, const struct frame *f)
{
	static const struct {
		u64 kpf;
		u8 kind;
	} kinds[] = {
		{ KPF(BUDDY), VMSCOPE_KIND_FREE },
		{ KPF(OFFLINE), VMSCOPE_KIND_OFFLINE },
		{ KPF(PGTABLE), VMSCOPE_KIND_PGTABLE },
		{ KPF(SLAB), VMSCOPE_KIND_SLAB },
		{ KPF(HUGE), VMSCOPE_KIND_HUGETLB },
		{ KPF(ZERO_PAGE), VMSCOPE_KIND_ZERO },
	};
	/* These alone have a mapping; others use its place for what they like. */
	const u64 has_mapping = KPF(LRU) | KPF(MMAP) | KPF(UPTODATE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (f->kpageflags & kinds[i].kpf)
			return kinds[i].kind;
	/* In nobody's hands; what is allocated without a reference is compound. */
	if (!f->refcount && !PageCompound(page))
		return VMSCOPE_KIND_FREE;
	if (PageReserved(page) && !f->mapcount)
		return VMSCOPE_KIND_RESERVED;
	return f->kpageflags & has_mapping ?
	       kind_of_mapping(page_folio(page), f->kpageflags) :
	       VMSCOPE_KIND_KERNEL;
}

/* Under RCU. */
static u64 inode_of_memcg(struct mem_cgroup *memcg)
{
	u64 inode = 0;

#ifdef CONFIG_MEMCG
	while (memcg && !(memcg->css.flags & CSS_ONLINE))
		memcg = parent_mem_cgroup(memcg);
	if (memcg)
		inode = cgroup_ino(memcg->css.cgroup);
#endif
	return inode;
}

/*
 * Several pages that are no folio are freed one by one where somebody else has a
 * reference, and the cgroup pays for all but one of them for ever. No such page has
 * any of these.
 */
static bool is_one_piece(const struct frame *f)
{
	return f->kpageflags & (KPF(LRU) | KPF(MMAP) | KPF(UPTODATE) |
				KPF(SWAPBACKED) | KPF(PGTABLE) |
				KPF(COMPOUND_HEAD) | KPF(COMPOUND_TAIL));
}

/*
 * The cgroup that pays, or the one that has taken over its debts; 0 where no memory
 * of a cgroup is known to be there: what pays for a slab stands elsewhere.
 */
static u64 memcg_inode(struct page *page, const struct frame *f)
{
	struct folio *folio = page_folio(page);
	u64 inode = 0;

	if (f->kpageflags & KPF(SLAB) || !compat_folio_is_charged(folio))
		return 0;
	if (COMPAT_MEMCG_NEEDS_REF &&
	    (!is_one_piece(f) || !folio_try_get(folio)))
		return 0;
	if (page_folio(page) == folio) {
		rcu_read_lock();
		inode = inode_of_memcg(compat_folio_memcg(folio));
		rcu_read_unlock();
	}
	if (COMPAT_MEMCG_NEEDS_REF)
		folio_put(folio);
	return inode;
}

/**
 * frame_describe() - all that its struct page says of a frame
 * @pfn: any number
 * @d: the part of it that this knows is filled: not file, owners and how
 */
void frame_describe(u64 pfn, struct vmscope_frame *d)
{
	struct page *page = pfn_to_online_page(pfn);
	struct frame f = {};

	d->pfn = pfn;
	d->node = VMSCOPE_NODE_NONE;
	d->bits &= ~(VMSCOPE_FRAME_FACTS | VMSCOPE_FRAME_MAPCOUNT_EXACT);
	if (!page || !frame_read(pfn, d->kind == VMSCOPE_KIND_HUGE_ZERO ?
				 FRAME_HUGE_ZERO : FRAME_UNKNOWN, &f)) {
		d->kind = kind_of_address(pfn);
		return;
	}
	d->head_pfn = f.head_pfn;
	d->order = f.order;
	d->kpageflags = f.kpageflags;
	d->mapcount = f.mapcount;
	d->refcount = f.refcount;
	d->node = f.node;
	d->memcg_inode = memcg_inode(page, &f);
	d->bits |= VMSCOPE_FRAME_FACTS;
	if (compat_mapcount_exact())
		d->bits |= VMSCOPE_FRAME_MAPCOUNT_EXACT;
	if (d->kind != VMSCOPE_KIND_HUGE_ZERO)
		d->kind = kind_of_page(page, &f);
}
