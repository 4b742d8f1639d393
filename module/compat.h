/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat: what differs between kernel versions, and nothing else. The rest of
 * the module is written to the newest API; no other file knows a version.
 */
#ifndef VMSCOPE_COMPAT_H
#define VMSCOPE_COMPAT_H

#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kernel-page-flags.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/version.h>
#include <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "vmscope needs Linux 6.1 or later"
#endif

#ifdef CONFIG_PREEMPT_RT
#error "vmscope does not know PREEMPT_RT: its page-table locks sleep"
#endif

/*
 * Those that the suite is run on (scripts/matrix). On any other one the module still
 * does what it does by the rules of the nearest older one, or does not build; it
 * says so when it is loaded.
 */
#define COMPAT_TESTED(X)	X(6, 1) X(6, 12) X(7, 2)
#define COMPAT_VERSION(major, minor)	KERNEL_VERSION(major, minor, 0),

static inline bool compat_is_tested(void)
{
	static const unsigned int tested[] = { COMPAT_TESTED(COMPAT_VERSION) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tested); i++)
		if (tested[i] == (LINUX_VERSION_CODE & ~0xff))
			return true;
	return false;
}

#define COMPAT_NAME(major, minor)	" " #major "." #minor
#define COMPAT_TESTED_NAMES		COMPAT_TESTED(COMPAT_NAME)

/*
 * Debian's kernels have it; on others nobody has looked at how page tables of
 * others are freed (see place.c).
 */
#ifndef CONFIG_MMU_GATHER_RCU_TABLE_FREE
#error "vmscope needs CONFIG_MMU_GATHER_RCU_TABLE_FREE"
#endif

/* 6.6 gave dumps a struct genl_info of their own. */
static inline struct nlattr **compat_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/*
 * What a file that stands on another one (overlayfs) is called by its user:
 * 6.7 gave it a path of its own, 6.8 an inode; before, f_path was the user's.
 */
static inline const struct path *compat_file_path(struct file *file)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	return file_user_path(file);
#else
	return &file->f_path;
#endif
}

static inline const struct inode *compat_file_inode(struct file *file)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	return file_user_inode(file);
#else
	return file_inode(file);
#endif
}

/*
 * Whether /proc calls a VMA the heap: in 6.1 also one that only borders on it, as the
 * last pages of .bss do where nothing is between them and the heap, in 6.12 no more.
 * Since 6.6 the rule is in mm.h.
 */
static inline bool compat_is_heap(const struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	return vma_is_initial_heap(vma);
#else
	return vma->vm_start <= vma->vm_mm->brk &&
	       vma->vm_end >= vma->vm_mm->start_brk;
#endif
}

/* What prctl() called an anonymous VMA; anon_vma_name() is not exported. */
static inline const char *compat_anon_name(const struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
	return vma->anon_name ? vma->anon_name->name : NULL;
#else
	return NULL;
#endif
}

/*
 * The word that /proc/kpageflags takes its bits from: that of the page itself
 * until 6.10, then that of the folio. A memdesc_flags_t since 6.18.
 */
static inline unsigned long compat_page_flags(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	return READ_ONCE(page_folio(page)->flags.f);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return READ_ONCE(page_folio(page)->flags);
#else
	return READ_ONCE(page->flags);
#endif
}

/* It is taken for a part of the word that pages of one kind have in common. */
#ifdef NODE_NOT_IN_PAGE_FLAGS
#error "a page's node is not in its word"
#endif

/* The page's own word, also where the folio has one. */
static inline unsigned long compat_page_word(const struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	return READ_ONCE(page->flags.f);
#else
	return READ_ONCE(page->flags);
#endif
}

/* A slab page, whose _mapcount is something else. */
static inline bool compat_page_is_slab(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return folio_test_slab(page_folio(page));
#else
	return PageSlab(page) || PageSlab(compound_head(page));
#endif
}

static inline bool compat_page_is_hugetlb(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return folio_test_hugetlb(page_folio(page));
#else
	return PageHuge(page);
#endif
}

/* As /proc/kpageflags has it: since 6.10 of all pages of a hugetlb folio. */
static inline bool compat_page_is_poisoned(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	if (folio_test_hugetlb(page_folio(page)))
		page = &page_folio(page)->page;
#endif
	return PageHWPoison(page);
}

/* Who has it, with bits that say how; to see whether it changes hands. */
static inline long compat_rwsem_owner(const struct rw_semaphore *sem)
{
	return atomic_long_read(&sem->owner);
}

/* The names of a file, under its i_lock; a macro of the kernel's own by 7.2. */
#ifdef for_each_alias
#define compat_for_each_alias	for_each_alias
#else
#define compat_for_each_alias(dentry, inode) \
	hlist_for_each_entry(dentry, &(inode)->i_dentry, d_u.d_alias)
#endif

/* What /proc/kpageflags calls a transparent huge page (any large folio). */
static inline bool compat_page_is_thp(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	return folio_test_large(page_folio(page)) &&
	       folio_test_large_rmappable(page_folio(page));
#else
	return PageTransCompound(page) && (PageLRU(compound_head(page)) ||
					   PageAnon(compound_head(page)));
#endif
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0) && \
	!defined(CONFIG_PAGE_MAPCOUNT) && !defined(CONFIG_NO_PAGE_MAPCOUNT)
#error "how this kernel counts mappings is not known"
#endif

/* With CONFIG_NO_PAGE_MAPCOUNT (6.15) only the folio as a whole is counted. */
static inline bool compat_mapcount_exact(void)
{
	return !IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
/* Of a large folio's pages one by one, rounded, but not to nothing. */
static inline int compat_average_mapcount(struct folio *folio)
{
	int parts = folio_large_mapcount(folio) - folio_entire_mapcount(folio);

	if (parts <= 0)
		return 0;
	return max_t(int, 1, (parts + folio_nr_pages(folio) / 2) >>
			     folio_order(folio));
}
#endif

/*
 * Times one page is mapped, as /proc/kpagecount has it; 0 for pages that use
 * the field for something else. page_mapcount() went away in 6.11.
 */
static inline unsigned int compat_page_mapcount(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	int count = atomic_read(&page->_mapcount) + 1;

	if (count < 0 || page_has_type(page))
		count = 0;
	if (!PageCompound(page))
		return count;
	if (!compat_mapcount_exact())
		count = compat_average_mapcount(page_folio(page));
	return count + folio_entire_mapcount(page_folio(page));
#else
	if (PageSlab(page) || page_has_type(page))
		return 0;
	return page_mapcount(page);
#endif
}

/* The largest block of the page allocator; its name and meaning since 6.8. */
#ifdef MAX_PAGE_ORDER
#define COMPAT_MAX_PAGE_ORDER	MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define COMPAT_MAX_PAGE_ORDER	MAX_ORDER
#else
#define COMPAT_MAX_PAGE_ORDER	(MAX_ORDER - 1)
#endif

/* The low bits of folio->mapping, renamed in 6.17. */
#ifdef FOLIO_MAPPING_FLAGS
#define COMPAT_MAPPING_FLAGS	FOLIO_MAPPING_FLAGS
#define COMPAT_MAPPING_ANON	FOLIO_MAPPING_ANON
#define COMPAT_MAPPING_KSM	FOLIO_MAPPING_KSM
#else
#define COMPAT_MAPPING_FLAGS	PAGE_MAPPING_FLAGS
#define COMPAT_MAPPING_ANON	PAGE_MAPPING_ANON
#define COMPAT_MAPPING_KSM	PAGE_MAPPING_KSM
#endif

/* Where in the file, or among anonymous pages, in base pages; since 6.7 always. */
static inline pgoff_t compat_folio_index(struct folio *folio)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	if (folio_test_hugetlb(folio))
		return folio->index << folio_order(folio);
#endif
	return folio->index;
}

/*
 * What an anonymous page of a VMA is filed under. Since 7.3 no longer the offset
 * in the file, where it is a private copy of a file's page.
 */
static inline pgoff_t compat_anon_pgoff(const struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
	return vma_start_anon_pgoff(vma);
#else
	return vma->vm_pgoff;
#endif
}

/* May a cgroup pay for it? Of any folio, held or not. */
static inline bool compat_folio_is_charged(const struct folio *folio)
{
#ifdef CONFIG_MEMCG
	return READ_ONCE(folio->memcg_data);
#else
	return false;
#endif
}

/* Under RCU; any page may be asked about. It took a page before 6.11. */
static inline struct mem_cgroup *compat_folio_memcg(struct folio *folio)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	return folio_memcg_check(folio);
#else
	return page_memcg_check(&folio->page);
#endif
}

/*
 * Since 6.15 the first tail of a large folio has the folio's number of pages where
 * a head has its cgroup: what may become a tail meanwhile has to be kept. Before,
 * 59d9094df3d7 (6.13, and later ones of 6.1 and 6.12) saw to it that a reference on
 * a hugetlb page table does not make it one that is shared.
 */
#define COMPAT_MEMCG_NEEDS_REF	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0))

/*
 * Since 6.12 an entry above the PTE level, too, says itself that its frame is
 * nobody's to count (pmd_special()).
 */
#define COMPAT_LARGE_SPECIAL	IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP)

/*
 * Page flags that /proc/kpageflags copies one to one and that not every kernel
 * has: X(kpf, pg). PG_error went away in 6.12, PG_uncached in 6.9, and
 * mappedtodisk became owner_2 in 6.11.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define COMPAT_KPF_ERROR(X)	X(KPF_ERROR, PG_error)
#else
#define COMPAT_KPF_ERROR(X)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0) && \
	defined(CONFIG_ARCH_USES_PG_UNCACHED)
#define COMPAT_KPF_UNCACHED(X)	X(KPF_UNCACHED, PG_uncached)
#else
#define COMPAT_KPF_UNCACHED(X)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define COMPAT_KPF_OWNER_2(X)	X(KPF_MAPPEDTODISK, PG_mappedtodisk)
#else
#define COMPAT_KPF_OWNER_2(X)	X(KPF_OWNER_2, PG_owner_2)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) || \
	defined(CONFIG_ARCH_USES_PG_ARCH_2)
#define COMPAT_KPF_ARCH_2(X)	X(KPF_ARCH_2, PG_arch_2)
#else
#define COMPAT_KPF_ARCH_2(X)
#endif

#define COMPAT_KPF_COPIED(X) \
	COMPAT_KPF_ERROR(X) \
	COMPAT_KPF_UNCACHED(X) \
	COMPAT_KPF_OWNER_2(X) \
	COMPAT_KPF_ARCH_2(X)

/*
 * Software bits and swap types of the page-table entries: an enumeration of
 * the kernel's own, 0 (bits) or -1 (types) where this kernel has none.
 */
#ifdef CONFIG_MEM_SOFT_DIRTY
#define COMPAT_SOFT_DIRTY	_PAGE_SOFT_DIRTY
#define COMPAT_SWP_SOFT_DIRTY	_PAGE_SWP_SOFT_DIRTY
#else
#define COMPAT_SOFT_DIRTY	0
#define COMPAT_SWP_SOFT_DIRTY	0
#endif

#if defined(_PAGE_UFFD)		/* its name since 7.3 */
#define COMPAT_UFFD_WP		_PAGE_UFFD
#define COMPAT_SWP_UFFD_WP	_PAGE_SWP_UFFD
#elif defined(CONFIG_HAVE_ARCH_USERFAULTFD_WP)
#define COMPAT_UFFD_WP		_PAGE_UFFD_WP
#define COMPAT_SWP_UFFD_WP	_PAGE_SWP_UFFD_WP
#else
#define COMPAT_UFFD_WP		0
#define COMPAT_SWP_UFFD_WP	0
#endif

#ifdef _PAGE_DEVMAP
#define COMPAT_DEVMAP		_PAGE_DEVMAP
#else
#define COMPAT_DEVMAP		0	/* gone in 6.17 */
#endif

#ifdef _PAGE_SAVED_DIRTY
#define COMPAT_SAVED_DIRTY	_PAGE_SAVED_DIRTY
#else
#define COMPAT_SAVED_DIRTY	0	/* shadow stacks came in 6.6 */
#endif

#ifdef PTE_MARKER_GUARD
#define COMPAT_MARKER_GUARD	PTE_MARKER_GUARD
#else
#define COMPAT_MARKER_GUARD	0	/* 6.13 */
#endif

#ifdef PTE_MARKER_POISONED
#define COMPAT_MARKER_POISONED	PTE_MARKER_POISONED
#else
#define COMPAT_MARKER_POISONED	0	/* 6.6; before, a type of its own: */
#endif

#ifdef SWP_SWAPIN_ERROR
#define COMPAT_SWP_SWAPIN_ERROR	SWP_SWAPIN_ERROR
#else
#define COMPAT_SWP_SWAPIN_ERROR	-1
#endif

/* Made configurable in 5.19, unconditional by 6.4. */
#if defined(CONFIG_PTE_MARKER) || LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define COMPAT_SWP_MARKER	SWP_PTE_MARKER
#define COMPAT_MARKER_UFFD_WP	PTE_MARKER_UFFD_WP
#else
#define COMPAT_SWP_MARKER	-1
#define COMPAT_MARKER_UFFD_WP	0
#endif

/* Flags of VMAs that not every kernel has, as rows of { flag, mnemonic }. */
#ifdef VM_SHADOW_STACK
#define COMPAT_VM_SHADOW_STACK	{ VM_SHADOW_STACK, "ss" },	/* 6.6 */
#else
#define COMPAT_VM_SHADOW_STACK
#endif
#ifdef VM_SEALED
#define COMPAT_VM_SEALED	{ VM_SEALED, "sl" },	/* 6.10 */
#else
#define COMPAT_VM_SEALED
#endif
#ifdef VM_DROPPABLE
#define COMPAT_VM_DROPPABLE	{ VM_DROPPABLE, "dp" },	/* 6.11 */
#else
#define COMPAT_VM_DROPPABLE
#endif
#ifdef VM_MAYBE_GUARD
#define COMPAT_VM_MAYBE_GUARD	{ VM_MAYBE_GUARD, "gu" },	/* 6.19 */
#else
#define COMPAT_VM_MAYBE_GUARD
#endif
#define COMPAT_VM_FLAGS \
	COMPAT_VM_SHADOW_STACK COMPAT_VM_SEALED COMPAT_VM_DROPPABLE \
	COMPAT_VM_MAYBE_GUARD

#endif /* VMSCOPE_COMPAT_H */
