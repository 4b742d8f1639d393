// SPDX-License-Identifier: GPL-2.0
/* What debugfs shows, as lines for people, grep and awk. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include "names.h"
#include "text.h"

static __printf(2, 3) void put(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += vscnprintf(t->buf + t->len, t->size - t->len, fmt, args);
	va_end(args);
}

/* A name may hold anything; a line must stay a line, and be read back. */
static void put_escaped_but(struct text *t, const char *name, const char *what)
{
	size_t room = t->size - t->len;
	int len = string_escape_str(name, t->buf + t->len, room, ESCAPE_OCTAL,
				    what);

	t->len += min_t(size_t, len, room);
}

static void put_escaped(struct text *t, const char *name)
{
	put_escaped_but(t, name, "\n\\");
}

/* A name that has to stay one word. */
static void put_word(struct text *t, const char *name)
{
	put_escaped_but(t, *name ? name : "-", "\t\n\\ ");
}

static void put_perms(struct text *t, u32 perms)
{
	put(t, "%c%c%c%c", perms & VMSCOPE_PERM_READ ? 'r' : '-',
	    perms & VMSCOPE_PERM_WRITE ? 'w' : '-',
	    perms & VMSCOPE_PERM_EXEC ? 'x' : '-',
	    perms & VMSCOPE_PERM_SHARED ? 's' : 'p');
}

static void put_place(struct text *t, const struct vmscope_vma *v)
{
	put(t, "0x%llx-0x%llx ", v->start, v->end);
	put_perms(t, v->perms);
	put(t, " 0x%llx %02x:%02x %llu", v->offset, v->dev_major, v->dev_minor,
	    v->inode);
}

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

/**
 * text_info() - lines of the file "info"
 * @t: appended to
 * @info: what to tell
 */
void text_info(struct text *t, const struct vmscope_info *info)
{
	static const struct {
		u32 can;
		const char *name;
	} abilities[] = {
		{ VMSCOPE_CAN_MAPCOUNT, "mapcount" },
		{ VMSCOPE_CAN_SOFT_DIRTY, "soft-dirty" },
		{ VMSCOPE_CAN_UFFD_WP, "uffd-wp" },
		{ VMSCOPE_CAN_GUARD, "guard" },
		{ VMSCOPE_CAN_PTI, "pti" },
	};
	size_t i;

	put(t, "version: %s\nabi: %u\narch: %s\nlevels: %u\n", info->version,
	    info->abi, info->arch, info->levels);
	put(t, "page_shift: %u\nva_bits: %u\npa_bits: %u\nattach_max: %u\n",
	    info->page_shift, info->va_bits, info->pa_bits, info->attach_max);
	put(t, "tested: %s\n", yes_no(!(info->bits & VMSCOPE_INFO_UNTESTED)));
	put(t, "can:");
	for (i = 0; i < ARRAY_SIZE(abilities); i++)
		if (info->can & abilities[i].can)
			put(t, " %s", abilities[i].name);
	put(t, "\n");
}

static void put_frame(struct text *t, const struct vmscope_page *p)
{
	if (!(p->bits & VMSCOPE_PAGE_FRAME))
		return;
	put(t, "mapcount: %u\nmapcount_exact: %s\nrefcount: %u\n", p->mapcount,
	    yes_no(p->bits & VMSCOPE_PAGE_MAPCOUNT_EXACT), p->refcount);
	put(t, "kpageflags: 0x%llx\nnode: %u\n", p->kpageflags, p->node);
}

static void put_translation(struct text *t, const struct vmscope_page *p)
{
	char flags[NAMES_FLAGS_MAX];

	put(t, "state: %s\nlevel: %s\npage_size: %llu\n",
	    names_state(p->state), names_level(p->level),
	    1ULL << p->page_shift);
	if (p->state != VMSCOPE_STATE_SWAP && p->pfn != VMSCOPE_PFN_NONE)
		put(t, "pfn: %llu\n", p->pfn);
	if (p->why != VMSCOPE_WHY_KNOWN)
		put(t, "why: %s\n", names_why(p->why));
	names_flags(p->flags, ' ', flags, sizeof(flags));
	put(t, "flags: %s\nentry: 0x%llx\n", flags, p->entry);
	if (p->state == VMSCOPE_STATE_SWAP)
		put(t, "swap_type: %u\nswap_offset: %llu\n", p->swap_type,
		    p->pfn);
	if (p->state == VMSCOPE_STATE_MARKER)
		put(t, "marker: %s\n", names_marker(p->swap_type));
	put_frame(t, p);
}

static void put_step(struct text *t, const struct vmscope_level *l)
{
	char flags[NAMES_FLAGS_MAX];

	names_flags(l->flags, ' ', flags, sizeof(flags));
	put(t, "step: %s %u 0x%llx 0x%llx %s\n", names_level(l->level),
	    l->index, l->entry_paddr, l->entry, flags);
}

static void put_covering_vma(struct text *t, const struct vma_desc *d)
{
	put(t, "vma: ");
	put_place(t, &d->v);
	put(t, "\nvmflags: %s\n", d->flags);
	if (d->name[0]) {
		put(t, "name: ");
		put_escaped(t, d->name);
		put(t, "\n");
	}
	if (d->file) {
		put(t, "file: ");
		put_escaped(t, d->file);
		put(t, "\n");
	}
}

/**
 * text_answer() - lines about one address
 * @t: appended to
 * @a: what was found
 * @nr: process, by the number that was asked for
 * @addr: address that was asked for
 */
void text_answer(struct text *t, const struct answer *a, pid_t nr, u64 addr)
{
	u8 i;

	put(t, "pid: %d\nvaddr: 0x%llx\n", nr, addr);
	put_translation(t, &a->page);
	for (i = 0; i < a->trail.nr; i++)
		put_step(t, &a->trail.level[i]);
	if (a->has_user_entry)
		put(t, "user_entry: 0x%llx\n", a->user_entry);
	if (a->has_vma)
		put_covering_vma(t, &a->vma);
	text_stats(t, "stats:", &a->hold.stats);
}

/**
 * text_vma_heading() - names of text_vma()'s columns
 * @t: appended to
 */
void text_vma_heading(struct text *t)
{
	put(t,
	    "# start-end perms offset dev inode present swap shared exclusive anon file_pages huge dirty accessed zero mapcount pss exact vmflags name\n");
}

/**
 * text_vma() - one VMA, one line
 * @t: appended to; TEXT_VMA_MAX bytes are enough
 * @d: the VMA
 */
void text_vma(struct text *t, const struct vma_desc *d)
{
	const struct vmscope_vma *v = &d->v;
	char flags[VMA_FLAGS_MAX];

	strscpy(flags, d->flags[0] ? d->flags : "-", sizeof(flags));
	strreplace(flags, ' ', ',');
	put_place(t, v);
	put(t, " %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %llu %s %s ",
	    v->present, v->swap, v->shared, v->exclusive, v->anon,
	    v->file_pages, v->huge, v->dirty, v->accessed, v->zero, v->mapcount, v->pss,
	    yes_no(v->bits & VMSCOPE_VMA_MAPCOUNT_EXACT), flags);
	put_escaped(t, d->file ? d->file : d->name);
	put(t, "\n");
}

/**
 * text_page_heading() - names of text_page()'s columns
 * @t: appended to
 */
void text_page_heading(struct text *t)
{
	put(t,
	    "# vaddr npages state level page_size pfn swap marker entry mapcount refcount kpageflags node flags\n");
}

/**
 * text_page() - one record, one line; "-" for what is not known
 * @t: appended to; TEXT_PAGE_MAX bytes are enough
 * @p: the record
 */
void text_page(struct text *t, const struct vmscope_page *p)
{
	bool swap = p->state == VMSCOPE_STATE_SWAP;
	char flags[NAMES_FLAGS_MAX];

	put(t, "0x%llx %u %s %s %llu ", p->vaddr, p->npages,
	    names_state(p->state), names_level(p->level),
	    1ULL << p->page_shift);
	if (!swap && p->pfn != VMSCOPE_PFN_NONE)
		put(t, "%llu ", p->pfn);
	else
		put(t, "- ");
	if (swap)
		put(t, "%u:%llu ", p->swap_type, p->pfn);
	else
		put(t, "- ");
	put(t, "%s 0x%llx ", p->state == VMSCOPE_STATE_MARKER ?
	    names_marker(p->swap_type) : "-", p->entry);
	if (p->bits & VMSCOPE_PAGE_FRAME)
		put(t, "%s%u %u 0x%llx %u ",
		    p->bits & VMSCOPE_PAGE_MAPCOUNT_EXACT ? "" : "~",
		    p->mapcount, p->refcount, p->kpageflags, p->node);
	else
		put(t, "- - - - ");
	names_flags(p->flags, ',', flags, sizeof(flags));
	put(t, "%s\n", flags);
}

/**
 * text_swap_heading() - names of text_swap()'s columns
 * @t: appended to
 */
void text_swap_heading(struct text *t)
{
	put(t, "# vaddr npages type offset\n");
}

/**
 * text_swap() - a run of swap entries, one line
 * @t: appended to; TEXT_PAGE_MAX bytes are enough
 * @p: the record
 */
void text_swap(struct text *t, const struct vmscope_page *p)
{
	put(t, "0x%llx %u %u %llu\n", p->vaddr, p->npages, p->swap_type,
	    p->pfn);
}

/**
 * text_owner_heading() - names of text_owner()'s columns
 * @t: appended to
 */
void text_owner_heading(struct text *t)
{
	put(t,
	    "# owner: pid comm vaddr state level page_size entry flags file\n");
}

/**
 * text_owner() - an owner of a frame, one line
 * @t: appended to; TEXT_OWNER_MAX bytes are enough
 * @o: the owner
 * @file: path of the file that it maps there, or NULL
 */
void text_owner(struct text *t, const struct vmscope_owner *o, const char *file)
{
	char flags[NAMES_FLAGS_MAX];

	names_flags(o->flags, ',', flags, sizeof(flags));
	put(t, "owner: %u ", o->pid);
	put_word(t, o->comm);
	put(t, " 0x%llx %s %s %llu 0x%llx %s ", o->vaddr,
	    names_state(o->state), names_level(o->level),
	    1ULL << o->page_shift, o->entry, flags);
	if (file)
		put_escaped(t, file);
	put(t, "\n");
}

static void put_frame_facts(struct text *t, const struct vmscope_frame *f)
{
	put(t, "order: %u\nhead_pfn: %llu\nmapcount: %u\nmapcount_exact: %s\n",
	    f->order, f->head_pfn, f->mapcount,
	    yes_no(f->bits & VMSCOPE_FRAME_MAPCOUNT_EXACT));
	put(t, "refcount: %u\nkpageflags: 0x%llx\nnode: %u\nmemcg_inode: %llu\n",
	    f->refcount, f->kpageflags, f->node, f->memcg_inode);
}

/**
 * text_frame() - what a frame is, "key: value" lines
 * @t: appended to; TEXT_FRAME_MAX bytes are enough
 * @f: the frame
 * @file: path of the file whose page it caches, or NULL
 */
void text_frame(struct text *t, const struct vmscope_frame *f, const char *file)
{
	put(t, "pfn: %llu\nkind: %s\n", f->pfn, names_kind(f->kind));
	if (f->bits & VMSCOPE_FRAME_FACTS)
		put_frame_facts(t, f);
	if (f->bits & VMSCOPE_FRAME_FILE)
		put(t, "dev: %02x:%02x\ninode: %llu\nfile_page: %llu\n",
		    f->dev_major, f->dev_minor, f->inode, f->file_page);
	if (file) {
		put(t, "file: ");
		put_escaped(t, file);
		put(t, "\n");
	}
	put(t, "how: %s\nfound: %llu\nhidden: %u\nskipped: %u\n",
	    names_how(f->how), f->found, f->hidden, f->skipped);
	put(t, "lock_max_ns: %llu\nowners_complete: %s\n", f->lock_max_ns,
	    yes_no(f->bits & VMSCOPE_FRAME_COMPLETE));
}

/**
 * text_tables() - page tables, one line a level, and a line for them all
 * @t: appended to
 * @tables: what was counted
 */
void text_tables(struct text *t, const struct tables *tables)
{
	u8 i;

	put(t, "# level tables used\n");
	for (i = 0; i < tables->nr; i++)
		put(t, "%s %llu %llu\n", names_level(tables->level[i].level),
		    tables->level[i].tables, tables->level[i].used);
	put(t, "total accounted_bytes %llu deposited %llu\n",
	    tables->total.accounted_bytes, tables->total.deposited);
}

/**
 * text_stats() - what an answer has cost, one line
 * @t: appended to
 * @lead: how the line begins
 * @st: the numbers
 */
void text_stats(struct text *t, const char *lead,
		const struct vmscope_stats *st)
{
	put(t,
	    "%s holds %llu hold_max_ns %llu hold_total_ns %llu irqs_off_max_ns %llu retries %llu interrupted %u\n",
	    lead, st->holds, st->hold_max_ns, st->hold_total_ns,
	    st->irqs_off_max_ns, st->retries, st->interrupted);
}
