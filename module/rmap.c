// SPDX-License-Identifier: GPL-2.0
/*
 * PFN -> the places where it may be mapped, from the kernel's own reverse map.
 *
 * A frame of the page cache is looked up in the tree of VMAs that map its file,
 * an anonymous one in the tree of VMAs that may share it. Both trees are read
 * under the locks that their writers take, and no further: what is found are
 * places to look at, an mm and an address, which the caller walks when all locks
 * are dropped.
 *
 * Any PFN may be asked about, and struct page means something else in every
 * state of a page. So, in this order:
 *
 *   map count	above 0 and no type of its own, or on an LRU list, read without a
 *		reference: only then is the page's mapping a mapping.
 *   reference	on the folio, which must still be the page's folio after, and all
 *		that was read still true: it is neither freed nor put together
 *		anew from here on.
 *   folio lock	keeps it in its file, and so the file's inode in memory; keeps
 *		an anonymous folio with its anon_vma. Only tried: the holder may
 *		be waiting for a disk.
 *   tree lock	i_mmap_rwsem or the anon_vma's root->rwsem. Only tried as well.
 *
 * Others wait for these locks, so a tree with many places in it is read in parts.
 * The way back to where a part ended leads through the last place it found: the mmap
 * lock of that process (tried, and before all others, as their order is) keeps its
 * VMA in the tree until the tree itself is locked. Between two parts it may have
 * moved within the tree, as others may: places can be missed, or found twice. Whoever
 * counts what maps the frame finds out.
 *
 * An anon_vma may be freed, and be another one's at once, until its lock is held
 * and its page is seen mapped after that: the last unmapping comes before the
 * freeing, and freeing waits for the lock (SLAB_TYPESAFE_BY_RCU; anon_vma_free()
 * in mm/rmap.c). What keeps the memory from going to somebody else meanwhile is
 * RCU. No reference is taken on it: put_anon_vma() is not for modules.
 */
#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/interval_tree_generic.h>
#include <linux/kdev_t.h>
#include <linux/ktime.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include "compat.h"
#include "rmap.h"

/* How long locks that others have are waited for. */
#define PATIENCE_NS	(100 * NSEC_PER_MSEC)

/* Places in one hold of the locks, which takes some hundred microseconds. */
#define PART_PLACES	1024
/* 1 MiB of places; who maps one page that often is scanned for. */
#define ROOM_MAX	65536
/* So many places before the end of a part are tried for the way back. */
#define BACK_MAX	64
/* Names of a file that are looked at for one that is not gone, under a spinlock. */
#define ALIASES_MAX	64
/* How often a query begins again where there is none. */
#define RESTARTS_MAX	3

/* Not an answer: the part is full, the tree is not at its end. */
#define PART_FULL	(-EXFULL)

/*
 * The kernel's iterators are not for modules; these are made from the same
 * header. Only the walk is used, the trees are never changed.
 */
static inline pgoff_t file_first(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static inline pgoff_t file_last(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

INTERVAL_TREE_DEFINE(struct vm_area_struct, shared.rb, unsigned long,
		     shared.rb_subtree_last, file_first, file_last,
		     static inline __maybe_unused, file_tree)

static inline pgoff_t anon_first(struct anon_vma_chain *avc)
{
	return compat_anon_pgoff(avc->vma);
}

static inline pgoff_t anon_last(struct anon_vma_chain *avc)
{
	return compat_anon_pgoff(avc->vma) + vma_pages(avc->vma) - 1;
}

INTERVAL_TREE_DEFINE(struct anon_vma_chain, rb, unsigned long, rb_subtree_last,
		     anon_first, anon_last, static inline __maybe_unused,
		     anon_tree)

/* Note a place; there is room for a part. False: that was its last one. */
static bool add_place(struct rmap *r, struct vm_area_struct *vma, pgoff_t first,
		      pgoff_t index)
{
	mmgrab(vma->vm_mm);
	r->place[r->nr++] = (struct rmap_place){
		.mm = vma->vm_mm,
		.vaddr = vma->vm_start + ((u64)(index - first) << PAGE_SHIFT),
	};
	return r->nr % PART_PLACES;
}

static void drop_places(struct rmap *r)
{
	u32 i;

	for (i = 0; i < r->nr; i++) {
		mmdrop(r->place[i].mm);
		cond_resched();
	}
	r->nr = 0;
}

static int compare_places(const void *left, const void *right)
{
	const struct rmap_place *a = left, *b = right;

	/* sort() itself lets nobody run before all 65536 of them are in order. */
	cond_resched();
	if (a->mm != b->mm)
		return a->mm < b->mm ? -1 : 1;
	return a->vaddr < b->vaddr ? -1 : a->vaddr > b->vaddr;
}

/*
 * Each place once. While a VMA is split, both halves are in the tree of their
 * anon_vma before the bounds of the one are moved: anon_vma_clone() lets go of
 * the lock in between. And what has left the tree between two parts and come back
 * may be in both.
 */
static void drop_doubles(struct rmap *r)
{
	u32 i, nr = 0;

	if (r->nr < 2)
		return;
	sort(r->place, r->nr, sizeof(*r->place), compare_places, NULL);
	for (i = 0; i < r->nr; i++) {
		if (nr && !compare_places(&r->place[nr - 1], &r->place[i]))
			mmdrop(r->place[i].mm);
		else
			r->place[nr++] = r->place[i];
	}
	r->nr = nr;
}

static bool is_mapped(struct page *page)
{
	return !compat_page_is_slab(page) && compat_page_mapcount(page);
}

/*
 * Is its mapping a mapping? Page cache that nobody maps is on a list of the LRU,
 * where nothing else is; some of it for a moment is not, and stays unknown.
 */
static bool has_mapping(struct page *page)
{
	return is_mapped(page) || PageLRU(page);
}

/*
 * The same of a page that nobody keeps. What counts the pages of a large folio is
 * not asked: it wants the folio to stay one.
 */
static bool may_have_mapping(struct page *page)
{
	if (!PageCompound(page))
		return has_mapping(page);
	return !compat_page_is_slab(page) &&
	       (page_count(page) || PageLRU(page));
}

/*
 * A reference on what the page belongs to. It may have been freed and be somebody
 * else's by then.
 */
static struct folio *get_folio(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!folio_try_get(folio))
		return NULL;
	if (page_folio(page) == folio)
		return folio;
	folio_put(folio);
	return NULL;
}

/* What is the file called? By somebody who maps it, if there is one. */
static void name_file(struct rmap *r, const struct vm_area_struct *vma)
{
	char *path;

	if (r->file || !vma->vm_file)
		return;
	path = d_path(compat_file_path(vma->vm_file), r->path,
		      sizeof(r->path));
	r->file = IS_ERR(path) ? "(path too long)" : path;
}

/**
 * struct way_back - where the part before has ended
 * @vma: the VMA of a place found, NULL where there is no part before
 * @mm: whose it is, held with its mmap lock; NULL where it is not held (any more)
 * @vaddr: the place
 */
struct way_back {
	struct vm_area_struct *vma;
	struct mm_struct *mm;
	u64 vaddr;
};

/* A fork that has failed leaves entries behind that are none (MMF_UNSTABLE). */
static struct vm_area_struct *find_place(const struct rmap_place *place)
{
	struct vm_area_struct *vma;

	if (check_stable_address_space(place->mm))
		return NULL;
	vma = find_vma(place->mm, place->vaddr);
	return vma && vma->vm_start <= place->vaddr ? vma : NULL;
}

/* Return: 0, -EAGAIN where locks are taken, -ESTALE where there is no way back. */
static int pin_last(const struct rmap *r, struct way_back *last)
{
	const struct rmap_place *place;
	const struct mm_struct *busy = NULL;
	struct vm_area_struct *vma;
	u32 i;

	*last = (struct way_back){};
	if (!r->nr)
		return 0;
	for (i = r->nr; i && r->nr - i < BACK_MAX; i--) {
		place = &r->place[i - 1];
		if (place->mm == busy || !mmget_not_zero(place->mm))
			continue;
		if (mmap_read_trylock(place->mm)) {
			vma = find_place(place);
			if (vma) {
				last->vma = vma;
				last->mm = place->mm;
				last->vaddr = place->vaddr;
				return 0;
			}
			mmap_read_unlock(place->mm);
		} else {
			busy = place->mm;
		}
		mmput_async(place->mm);
	}
	return busy ? -EAGAIN : -ESTALE;
}

static void unpin(struct way_back *last)
{
	if (!last->mm)
		return;
	mmap_read_unlock(last->mm);
	mmput_async(last->mm);
	last->mm = NULL;
}

/* Does its VMA, which begins with page @first, have the page at the place still? */
static bool leads_back(const struct way_back *last, pgoff_t first, pgoff_t index)
{
	return last->vaddr == last->vma->vm_start +
			      ((u64)(index - first) << PAGE_SHIFT);
}

/*
 * The tree of the file's VMAs, from after @last on. The folio is locked and in the
 * page cache.
 */
static int gather_file(struct rmap *r, struct address_space *mapping,
		       pgoff_t index, struct way_back *last)
{
	struct vm_area_struct *vma = last->vma;

	if (vma && (!vma->vm_file || vma->vm_file->f_mapping != mapping ||
		    !leads_back(last, file_first(vma), index)))
		return -ESTALE;
	if (!i_mmap_trylock_read(mapping))
		return -EAGAIN;
	unpin(last);
	vma = vma ? file_tree_iter_next(vma, index, index) :
		    file_tree_iter_first(&mapping->i_mmap, index, index);
	for (; vma; vma = file_tree_iter_next(vma, index, index)) {
		name_file(r, vma);
		if (!add_place(r, vma, file_first(vma), index))
			break;
	}
	i_mmap_unlock_read(mapping);
	return vma ? PART_FULL : VMSCOPE_HOW_FILE;
}

/* Its node in the tree of an anon_vma, which is locked. NULL: it has none there. */
static struct anon_vma_chain *find_chain(const struct way_back *last,
					 const struct anon_vma *anon_vma,
					 pgoff_t index)
{
	struct anon_vma_chain *avc, *found = NULL;

	/* A first one may come under a mmap lock that is held for reading. */
	spin_lock(&last->mm->page_table_lock);
	list_for_each_entry(avc, &last->vma->anon_vma_chain, same_vma) {
		if (avc->anon_vma == anon_vma) {
			found = avc;
			break;
		}
	}
	spin_unlock(&last->mm->page_table_lock);
	return found && leads_back(last, anon_first(found), index) ? found : NULL;
}

/* The tree of the VMAs that may share it, likewise. The folio is locked. */
static int gather_anon(struct rmap *r, struct folio *folio, pgoff_t index,
		       struct way_back *last)
{
	unsigned long word;
	struct anon_vma_chain *avc = NULL;
	struct anon_vma *anon_vma, *root;

	rcu_read_lock();
	/* Mapped at a moment inside: what it has now is there until the end. */
	if (!folio_mapped(folio)) {
		rcu_read_unlock();
		return VMSCOPE_HOW_CHANGED;
	}
	word = (unsigned long)READ_ONCE(folio->mapping);
	anon_vma = (struct anon_vma *)(word & ~COMPAT_MAPPING_FLAGS);
	root = READ_ONCE(anon_vma->root);
	if (!down_read_trylock(&root->rwsem)) {
		rcu_read_unlock();
		return -EAGAIN;
	}
	if (!folio_mapped(folio) ||
	    (unsigned long)READ_ONCE(folio->mapping) != word) {
		up_read(&root->rwsem);
		rcu_read_unlock();
		return VMSCOPE_HOW_CHANGED;
	}
	rcu_read_unlock();

	if (last->vma) {
		avc = find_chain(last, anon_vma, index);
		if (!avc) {
			up_read(&root->rwsem);
			return -ESTALE;
		}
		unpin(last);
		avc = anon_tree_iter_next(avc, index, index);
	} else {
		avc = anon_tree_iter_first(&anon_vma->rb_root, index, index);
	}
	for (; avc; avc = anon_tree_iter_next(avc, index, index))
		if (!add_place(r, avc->vma, anon_first(avc), index))
			break;
	up_read(&root->rwsem);
	return avc ? PART_FULL : VMSCOPE_HOW_ANON;
}

/*
 * A name of the file, from the top of its file system. No reference is taken: it
 * could be the last one when it is given back, and unmounting, or deleting the
 * file, would be ours to do.
 */
static void name_inode(struct rmap *r, struct inode *inode)
{
	struct dentry *dentry;
	char *path;
	u32 seen = 0;

	spin_lock(&inode->i_lock);
	compat_for_each_alias(dentry, inode) {
		/* Names that were deleted stay here while they are open. */
		if (seen++ == ALIASES_MAX)
			break;
		if (d_unhashed(dentry))
			continue;
		path = dentry_path_raw(dentry, r->path, sizeof(r->path));
		r->file = IS_ERR(path) ? "(path too long)" : path;
		break;
	}
	spin_unlock(&inode->i_lock);
}

/* The folio is locked and in the page cache, and keeps the inode there. */
static void describe_file(struct rmap *r, struct inode *inode, pgoff_t index)
{
	r->has_file = true;
	r->inode = inode->i_ino;
	r->dev_major = MAJOR(inode->i_sb->s_dev);
	r->dev_minor = MINOR(inode->i_sb->s_dev);
	r->file_page = index;
	if (!r->file)
		name_inode(r, inode);
}

/*
 * Of a locked folio; returns enum vmscope_how, PART_FULL, -EAGAIN, or -ESTALE where
 * @last leads nowhere.
 */
static int gather_locked(struct rmap *r, struct folio *folio,
			 struct page *page, struct way_back *last)
{
	struct address_space *mapping = READ_ONCE(folio->mapping);
	unsigned long word = (unsigned long)mapping & COMPAT_MAPPING_FLAGS;
	pgoff_t index = compat_folio_index(folio) +
			(page_to_pfn(page) - folio_pfn(folio));
	bool mapped = is_mapped(page);
	int ret = VMSCOPE_HOW_NONE;

	/* Another page may have come to the frame. */
	if (last->vma && r->mapping != mapping)
		return -ESTALE;
	r->mapping = mapping;
	if (word == COMPAT_MAPPING_ANON)
		return mapped ? gather_anon(r, folio, index, last) : ret;
	/*
	 * A driver may have noted a file for pages of its own that it maps, whose
	 * inode may be gone; those are neither read from anywhere nor on a list.
	 */
	if (word || !mapping ||
	    (!folio_test_uptodate(folio) && !folio_test_lru(folio)))
		return mapped ? VMSCOPE_HOW_SCAN : ret;
	if (mapped)
		ret = gather_file(r, mapping, index, last);
	if (ret >= 0 || ret == PART_FULL)
		describe_file(r, mapping->host, index);
	return ret;
}

/* One try for a part, after @last; returns what gather_locked() does. */
static int try_gather(struct rmap *r, u64 pfn, struct way_back *last)
{
	struct page *page = pfn_to_online_page(pfn);
	struct folio *folio;
	int ret = -EAGAIN;
	u64 since;

	if (!page)
		return VMSCOPE_HOW_CHANGED;
	if (!may_have_mapping(page))
		return VMSCOPE_HOW_NONE;
	folio = get_folio(page);
	if (!folio)
		return -EAGAIN;
	/* Before the lock, which slab uses in its own way. */
	if (!has_mapping(page)) {
		ret = VMSCOPE_HOW_NONE;
	} else if (folio_trylock(folio)) {
		since = ktime_get_ns();
		ret = gather_locked(r, folio, page, last);
		folio_unlock(folio);
		r->locked_max_ns = max(r->locked_max_ns,
				       ktime_get_ns() - since);
	}
	folio_put(folio);
	return ret;
}

/* The next part. */
static int gather_part(struct rmap *r, u64 pfn)
{
	struct way_back last;
	int ret;

	ret = pin_last(r, &last);
	if (ret)
		return ret;
	ret = try_gather(r, pfn, &last);
	unpin(&last);
	/* What was found before is not of this answer. */
	if (last.vma && ret >= 0 && ret != VMSCOPE_HOW_FILE &&
	    ret != VMSCOPE_HOW_ANON)
		ret = -ESTALE;
	return ret;
}

static void start_over(struct rmap *r)
{
	drop_places(r);
	r->file = NULL;
	r->has_file = false;
}

/* For one more part. */
static int make_room(struct rmap *r)
{
	u32 room = r->nr + PART_PLACES;
	struct rmap_place *place;

	if (room <= r->room)
		return 0;
	room = min_t(u32, max(room, 2 * r->room), ROOM_MAX);
	place = kvmalloc_array(room, sizeof(*place), GFP_KERNEL);
	if (!place)
		return -ENOMEM;
	if (r->nr)
		memcpy(place, r->place, r->nr * sizeof(*place));
	kvfree(r->place);
	r->place = place;
	r->room = room;
	return 0;
}

/**
 * rmap_gather() - find the places where a frame may be mapped
 * @r: zeroed; to be freed by rmap_free() whatever is returned
 * @pfn: any number
 *
 * May sleep. Takes no lock that others may hold for long without trying, and tries
 * for a bounded time.
 *
 * Return: 0 with @r->how telling what @r->place is good for; -ENOMEM, -EINTR.
 */
int rmap_gather(struct rmap *r, u64 pfn)
{
	u64 waited = 0, since;
	int err, ret, restarts = 0;

	for (;;) {
		err = make_room(r);
		if (err)
			return err;
		ret = gather_part(r, pfn);
		if (ret == PART_FULL && r->nr + PART_PLACES > ROOM_MAX)
			ret = VMSCOPE_HOW_SCAN;
		if (ret >= 0)
			break;
		if (fatal_signal_pending(current))
			return -EINTR;
		if (ret == PART_FULL) {
			cond_resched();
			continue;
		}
		if (ret == -ESTALE) {
			start_over(r);
			if (restarts++ == RESTARTS_MAX) {
				ret = VMSCOPE_HOW_SCAN;
				break;
			}
		}
		if (waited > PATIENCE_NS) {
			ret = VMSCOPE_HOW_LOCKED;
			break;
		}
		since = ktime_get_ns();
		usleep_range(50, 200);
		waited += ktime_get_ns() - since;
	}
	if (ret != VMSCOPE_HOW_FILE && ret != VMSCOPE_HOW_ANON)
		drop_places(r);
	else if (ret == VMSCOPE_HOW_ANON || r->nr > PART_PLACES)
		drop_doubles(r);
	r->how = ret;
	return 0;
}

/**
 * rmap_free() - let go of what rmap_gather() found
 * @r: of rmap_gather(), or zeroed
 */
void rmap_free(struct rmap *r)
{
	drop_places(r);
	kvfree(r->place);
	r->place = NULL;
	r->room = 0;
}
