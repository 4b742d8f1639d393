// SPDX-License-Identifier: GPL-2.0
/*
 * Entries -> page records: filter, add the frame's facts, merge what follows
 * on. The rules are the header's ("Merging"): a run can be taken apart into the
 * very records that it was made of.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include "compat.h"
#include "env.h"
#include "frame.h"
#include "runs.h"

/* A run's length has 32 bits. */
#define RUN_PAGES_MAX	U32_MAX

static bool passes(const struct runs_filter *f, const struct decoded *d)
{
	return (f->states & BIT(d->state)) &&
	       (d->flags & f->flags_set) == f->flags_set &&
	       !(d->flags & f->flags_clear);
}

static u8 why_no_pfn(u8 state)
{
	return state == VMSCOPE_STATE_SWAP ? VMSCOPE_WHY_SWAPPED :
					     VMSCOPE_WHY_MARKER;
}

static u8 frame_bits(void)
{
	return compat_mapcount_exact() ?
	       VMSCOPE_PAGE_FRAME | VMSCOPE_PAGE_MAPCOUNT_EXACT :
	       VMSCOPE_PAGE_FRAME;
}

/* @f is NULL where the frame has no facts. */
static void add_frame(struct vmscope_page *p, u64 pfn, const struct frame *f)
{
	p->pfn = pfn;
	if (!f) {
		p->why = VMSCOPE_WHY_NO_STRUCT_PAGE;
		return;
	}
	p->kpageflags = f->kpageflags;
	p->mapcount = f->mapcount;
	p->refcount = f->refcount;
	p->node = f->node;
	p->bits = frame_bits();
}

/* The record for @npages pages of an entry, from its page @first on. */
static void make_record(struct vmscope_page *p, const struct entry *e,
			u64 first, u64 npages, const struct frame *f)
{
	*p = (struct vmscope_page){
		.vaddr = e->vaddr + (first << PAGE_SHIFT),
		.entry = entry_raw(e, first),
		.pfn = VMSCOPE_PFN_NONE,
		.npages = npages,
		.flags = e->d.flags,
		.node = VMSCOPE_NODE_NONE,
		.state = e->d.state,
		.level = e->level,
		.page_shift = e->page_shift,
	};

	if (e->d.pfn != VMSCOPE_PFN_NONE) {
		add_frame(p, e->d.pfn + first, f);
		if (e->shared_table)
			p->bits |= VMSCOPE_PAGE_SHARED_TABLE;
		return;
	}
	p->why = why_no_pfn(e->d.state);
	if (e->d.state == VMSCOPE_STATE_SWAP) {
		p->pfn = e->d.swap_offset + first;
		p->swap_type = e->d.swap_type;
	} else {
		p->swap_type = e->d.marker;
	}
}

static bool same_frame_facts(const struct vmscope_page *a,
			     const struct vmscope_page *b)
{
	return a->kpageflags == b->kpageflags && a->mapcount == b->mapcount &&
	       a->refcount == b->refcount && a->node == b->node &&
	       a->bits == b->bits;
}

/* Does @b go on where run @a ends, so that nothing is lost by making them one? */
static bool follows(const struct vmscope_page *a, const struct vmscope_page *b)
{
	if (b->vaddr != a->vaddr + ((u64)a->npages << PAGE_SHIFT) ||
	    b->state != a->state || b->level != a->level ||
	    b->flags != a->flags || b->swap_type != a->swap_type ||
	    b->why != a->why ||
	    (u64)a->npages + b->npages > RUN_PAGES_MAX)
		return false;
	if (a->pfn == VMSCOPE_PFN_NONE)
		return b->pfn == VMSCOPE_PFN_NONE && b->entry == a->entry;
	return b->pfn == a->pfn + a->npages &&
	       decode_differ_in_frame(&env.decode, a->level, a->entry,
				      b->entry);
}

/* The run that grows is complete. False: no room. */
static bool flush(struct runs *r)
{
	if (!r->has_pending)
		return true;
	if (r->nr == r->max)
		return false;
	r->buf[r->nr++] = r->pending;
	r->has_pending = false;
	return true;
}

/* Add a record: to the run that grows, or in its place. False: no room. */
static bool add_record(struct runs *r, const struct vmscope_page *p,
		       const struct entry *e)
{
	bool each = r->filter.mode & VMSCOPE_MODE_EACH;
	bool split = r->filter.mode & VMSCOPE_MODE_SPLIT;
	/* A further piece of the same leaf: the facts are the first page's. */
	bool piece = e->continues && !split;

	if (r->has_pending && r->pending_vma == e->vma_start &&
	    follows(&r->pending, p) &&
	    (piece || (!each && same_frame_facts(&r->pending, p)))) {
		r->pending.npages += p->npages;
		return true;
	}
	if (!flush(r))
		return false;
	r->pending = *p;
	r->pending_vma = e->vma_start;
	r->has_pending = true;
	return true;
}

/* Entries of any kind, by the rules as they stand. */
static u64 take_any(struct runs *r, const struct entry *e)
{
	/* Below the PMD each page's facts are its own. */
	bool split = r->filter.mode & VMSCOPE_MODE_SPLIT ||
		     e->level == VMSCOPE_LEVEL_PTE;
	u64 step = split ? 1 : e->npages;
	enum frame_known known = frame_known(e);
	struct vmscope_page p;
	bool has_facts;
	u64 first;

	for (first = 0; first < e->npages; first += step) {
		has_facts = e->d.pfn != VMSCOPE_PFN_NONE &&
			    frame_read(e->d.pfn + first, known, &r->frame);
		make_record(&p, e, first, step, has_facts ? &r->frame : NULL);
		if (!add_record(r, &p, e))
			break;
	}
	return first;
}

/* follows() and same_frame_facts() in short: both are present PTEs. */
static bool normal_follows(const struct runs *r, const struct entry *e,
			   u64 first)
{
	const struct vmscope_page *p = &r->pending;
	const struct frame *f = &r->frame;

	return r->has_pending && p->level == VMSCOPE_LEVEL_PTE &&
	       decode_follows(entry_raw(e, first), p->entry, p->npages) &&
	       p->vaddr + ((u64)p->npages << PAGE_SHIFT) ==
	       e->vaddr + (first << PAGE_SHIFT) &&
	       r->pending_vma == e->vma_start && p->bits == frame_bits() &&
	       p->kpageflags == f->kpageflags && p->mapcount == f->mapcount &&
	       p->refcount == f->refcount && p->node == f->node &&
	       p->npages <= RUN_PAGES_MAX - ENTRY_PAGES_MAX;
}

/* One record for each page, of so many that are alike. Returns how many. */
static u64 add_each(struct runs *r, u64 n)
{
	struct vmscope_page *p = &r->pending;
	u64 i;

	for (i = 0; i < n && r->nr < r->max; i++) {
		r->buf[r->nr++] = *p;
		p->vaddr += PAGE_SIZE;
		p->entry += PAGE_SIZE;
		p->pfn++;
	}
	return i;
}

/*
 * The same for what there is most of: PTEs of pages that have nothing special
 * about them. Pages whose frames have the same facts are dealt with as one.
 */
static u64 take_normal(struct runs *r, const struct entry *e)
{
	bool each = r->filter.mode & VMSCOPE_MODE_EACH;
	u64 pfn = e->d.pfn, first, n;
	struct vmscope_page p;

	for (first = 0; first < e->npages; first += n) {
		n = 1;
		if (!frame_read(pfn + first, FRAME_NORMAL, &r->frame)) {
			make_record(&p, e, first, 1, NULL);
			if (!add_record(r, &p, e))
				break;
			continue;
		}
		n += frame_alike(pfn + first + 1, e->npages - first - 1,
				 &r->frame);
		if (!each && normal_follows(r, e, first)) {
			r->pending.npages += n;
			continue;
		}
		if (!flush(r))
			break;
		make_record(&r->pending, e, first, each ? 1 : n, &r->frame);
		r->pending_vma = e->vma_start;
		r->has_pending = true;
		if (each)
			n = 1 + add_each(r, n - 1);
	}
	return first;
}

static u64 runs_take(struct sink *sink, const struct entry *e)
{
	struct runs *r = container_of(sink, struct runs, sink);

	if (!passes(&r->filter, &e->d))
		return e->npages;
	return e->normal ? take_normal(r, e) : take_any(r, e);
}

/**
 * runs_init() - set up the sink
 * @r: filled
 * @filter: what to keep
 *
 * Return: 0, or -EINVAL where @filter asks for what does not exist.
 */
int runs_init(struct runs *r, const struct runs_filter *filter)
{
	if (filter->mode & ~(VMSCOPE_MODE_EACH | VMSCOPE_MODE_SPLIT) ||
	    (filter->flags_set | filter->flags_clear) & ~VMSCOPE_FLAGS_ALL)
		return -EINVAL;
	*r = (struct runs){
		.sink.take = runs_take,
		.filter = *filter,
	};
	return 0;
}

/**
 * runs_use() - give the sink room for the next part
 * @r: set up
 * @buf: for records
 * @max: how many it holds
 */
void runs_use(struct runs *r, struct vmscope_page *buf, u32 max)
{
	r->buf = buf;
	r->max = max;
	r->nr = 0;
}

/**
 * runs_finish() - the walk has ended: the last run is complete
 * @r: in use
 *
 * Return: false where there is no room for it: once more, with new room.
 */
bool runs_finish(struct runs *r)
{
	return flush(r);
}
