// SPDX-License-Identifier: GPL-2.0
#include "columns.h"
#include "vmas.h"

static const struct page *page_of(const void *row)
{
	return ((const struct page_row *)row)->page;
}

static void get_swap_type(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->swap_type);
}

static void get_swap_offset(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->swap_offset);
}

static void get_swap_device(const void *row, struct value *v)
{
	value_string(v, swaps_device(((const struct page_row *)row)->swaps,
				     page_of(row)->swap_type));
}

static const struct column swap_column[] = {
	{ .name = "type", .get = get_swap_type },
	{ .name = "offset", .get = get_swap_offset },
	{ .name = "device", .get = get_swap_device },
};

static const struct columns swap_columns = COLUMNS(swap_column);

void get_swap(const void *row, struct value *v)
{
	if (page_of(row)->state == STATE_SWAP)
		value_object(v, &swap_columns, row);
}

static void get_pfn(const void *row, struct value *v)
{
	if (page_of(row)->has_pfn)
		value_number(v, VALUE_NUMBER, page_of(row)->pfn);
}

void get_mapcount(const void *row, struct value *v)
{
	const struct page *page = page_of(row);

	if (!page->has_frame)
		return;
	value_number(v, VALUE_NUMBER, page->mapcount);
	v->estimate = !page->mapcount_exact;
}

/*
 * What the kernel keeps no count of is neither: zero pages, device memory. Parts
 * of a huge page may be mapped elsewhere page by page: then one row with the
 * count of its first page is only near.
 */
static void count_value(const struct page_row *row, bool shared,
			struct value *v)
{
	const struct page *page = row->page;
	const bool hugetlb = page->kpageflags & 1ULL << KPF_HUGE;
	const bool is_shared = page->mapcount > 1 || page->shared_table;

	if (!page->has_frame || (page->state != STATE_PRESENT &&
				 page->state != STATE_PROTNONE))
		return;
	value_number(v, VALUE_NUMBER, 0);
	if (page->flags & FLAG_SPECIAL || page->kpageflags & 1ULL << KPF_ZERO)
		return;
	if (page->mapcount && is_shared == shared)
		v->number = page->npages;
	v->estimate = !page->mapcount_exact ||
		      (row->whole && page->level > LEVEL_PTE && !hugetlb);
}

void get_shared(const void *row, struct value *v)
{
	count_value(row, true, v);
}

void get_exclusive(const void *row, struct value *v)
{
	count_value(row, false, v);
}

void get_mapcount_exact(const void *row, struct value *v)
{
	if (page_of(row)->has_frame)
		value_number(v, VALUE_BOOL, page_of(row)->mapcount_exact);
}

void get_refcount(const void *row, struct value *v)
{
	if (page_of(row)->has_frame)
		value_number(v, VALUE_NUMBER, page_of(row)->refcount);
}

void get_frame_flags(const void *row, struct value *v)
{
	if (page_of(row)->has_frame)
		value_kpageflags(v, page_of(row)->kpageflags);
}

void get_kpageflags(const void *row, struct value *v)
{
	if (page_of(row)->has_frame)
		value_number(v, VALUE_HEX, page_of(row)->kpageflags);
}

void get_node(const void *row, struct value *v)
{
	if (page_of(row)->has_frame && page_of(row)->node >= 0)
		value_number(v, VALUE_NUMBER, page_of(row)->node);
}

static const struct column frame_column[] = {
	{ .name = "pfn", .get = get_pfn },
	{ .name = "mapcount", .get = get_mapcount },
	{ .name = "mapcount_exact", .get = get_mapcount_exact },
	{ .name = "refcount", .get = get_refcount },
	{ .name = "flags", .get = get_frame_flags },
	{ .name = "kpageflags", .get = get_kpageflags },
	{ .name = "node", .get = get_node },
};

const struct columns frame_columns = COLUMNS(frame_column);

static void get_range(const void *row, struct value *v)
{
	const struct vma *vma = row;

	snprintf(v->room, sizeof(v->room), "0x%llx-0x%llx", vma->start,
		 vma->end);
	value_string(v, v->room);
}

static void get_perms(const void *row, struct value *v)
{
	value_string(v, perms_text(((const struct vma *)row)->perms, v->room));
}

static void get_dev(const void *row, struct value *v)
{
	const struct vma *vma = row;

	snprintf(v->room, sizeof(v->room), "%02x:%02x", vma->dev_major,
		 vma->dev_minor);
	value_string(v, v->room);
}

static void get_file(const void *row, struct value *v)
{
	value_string(v, ((const struct vma *)row)->file);
}

static void get_name(const void *row, struct value *v)
{
	value_string(v, ((const struct vma *)row)->name);
}

static void get_mapping(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_string(v, *vma->file || *vma->name ? vma_label(vma) : "");
}

static void get_vmflags(const void *row, struct value *v)
{
	const char *from = ((const struct vma *)row)->vmflags;
	char *to = v->room;
	bool in_word = false;

	v->kind = VALUE_WORDS;
	for (; *from && to + 1 < v->room + sizeof(v->room); from++, to++) {
		bool blank = *from == ' ';

		*to = blank ? '\0' : *from;
		if (!blank && !in_word && v->nr_words < WORDS_MAX)
			v->words[v->nr_words++] = to;
		in_word = !blank;
	}
	*to = '\0';
}

static void get_vma_shared(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_number(v, VALUE_NUMBER, vma->shared);
	v->estimate = !vma->mapcount_exact;
}

static void get_vma_exclusive(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_number(v, VALUE_NUMBER, vma->exclusive);
	v->estimate = !vma->mapcount_exact;
}

static void get_vma_mapcount(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_number(v, VALUE_NUMBER, vma->mapcount);
	v->estimate = !vma->mapcount_exact;
}

static void get_pss(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_number(v, VALUE_SIZE, vma->pss);
	v->estimate = !vma->mapcount_exact;
}

static void get_exact(const void *row, struct value *v)
{
	value_number(v, VALUE_BOOL, ((const struct vma *)row)->mapcount_exact);
}

static void get_size(const void *row, struct value *v)
{
	const struct vma *vma = row;

	value_number(v, VALUE_SIZE, vma->end - vma->start);
}

#define FIELD(field, how) \
	.name = #field, .kind = (how), .offset = offsetof(struct vma, field)
#define COUNT(field) FIELD(field, VALUE_NUMBER)

/* What it is first: vma_identity_columns is the beginning of this table. */
static const struct column vma_column[] = {
	{ .name = "range", .get = get_range,
	  .flags = COLUMN_DEFAULT | COLUMN_TEXT, .help = "start and end in one" },
	{ FIELD(start, VALUE_HEX), .help = "first address" },
	{ FIELD(end, VALUE_HEX), .help = "first address after it" },
	{ .name = "perms", .get = get_perms, .flags = COLUMN_DEFAULT,
	  .help = "permissions, s: shared, p: private" },
	{ FIELD(offset, VALUE_OFFSET), .flags = COLUMN_RIGHT,
	  .help = "bytes into the file" },
	{ .name = "dev", .get = get_dev, .help = "device of the file" },
	{ FIELD(inode, VALUE_NUMBER), .flags = COLUMN_RIGHT,
	  .help = "of the file, 0 where none" },
	{ .name = "file", .get = get_file, .help = "path of the file" },
	{ .name = "name", .get = get_name, .help = "[heap], [stack] ..." },
	{ .name = "vmflags", .get = get_vmflags,
	  .help = "flags, as in /proc/PID/smaps" },
#define IDENTITY 10
	{ .name = "size", .get = get_size, .flags = COLUMN_TEXT | COLUMN_RIGHT,
	  .help = "bytes from start to end" },
	{ COUNT(pages), .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "pages from start to end" },
	{ COUNT(present), .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "pages with a frame" },
	{ COUNT(swap), .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "pages in swap" },
	{ .name = "shared", .get = get_vma_shared,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "present ones mapped more than once, by whomever" },
	{ .name = "exclusive", .get = get_vma_exclusive,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "present ones mapped once, which is here" },
	{ .name = "mapcount_exact", .get = get_exact,
	  .help = "shared and exclusive are not estimates (~)" },
	{ COUNT(anon), .flags = COLUMN_DEFAULT | COLUMN_RIGHT,
	  .help = "present ones that are anonymous" },
	{ COUNT(file_pages), .flags = COLUMN_RIGHT,
	  .help = "present ones of the page cache" },
	{ COUNT(huge), .flags = COLUMN_RIGHT,
	  .help = "present ones mapped by a huge entry" },
	{ COUNT(dirty), .flags = COLUMN_RIGHT,
	  .help = "present ones whose entry is dirty" },
	{ COUNT(accessed), .flags = COLUMN_RIGHT,
	  .help = "present ones whose entry is accessed" },
	{ COUNT(zero), .flags = COLUMN_RIGHT,
	  .help = "present ones that map a zero page" },
	{ .name = "mapcount", .get = get_vma_mapcount, .flags = COLUMN_RIGHT,
	  .help = "map counts of the shared and exclusive ones, added up" },
	{ .name = "pss", .get = get_pss, .flags = COLUMN_RIGHT,
	  .help = "bytes of them, each page divided by its map count" },
	{ .name = "mapping", .get = get_mapping,
	  .flags = COLUMN_DEFAULT | COLUMN_TEXT, .help = "file, or else name" },
};

const struct columns vma_columns = COLUMNS(vma_column);
const struct columns vma_identity_columns = { vma_column, IDENTITY };
