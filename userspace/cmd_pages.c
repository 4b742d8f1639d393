// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope pages: every populated page of a process.
 *
 * There may be millions: nothing is kept, each row is printed as it comes.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "columns.h"
#include "command.h"
#include "freeze.h"
#include "vmas.h"

enum {
	OPT_EACH,
	OPT_SPLIT,
	OPT_STATE,
	OPT_FLAGS,
	OPT_STATS,
	OPT_FREEZE,
};

static const struct command_option pages_options[] = {
	[OPT_EACH] = { "each", NULL, "one row an entry, no runs" },
	[OPT_SPLIT] = { "split", NULL, "huge entries as base pages" },
	[OPT_STATE] = { "state", "S,...", "only entries in one of these states" },
	[OPT_FLAGS] = { "flags", "F,~F,...", "only with flag F; with ~: without it" },
	[OPT_STATS] = { "stats", NULL, "what it has cost the process, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	{ 0 }
};

static const struct page *page_of(const void *row)
{
	return ((const struct page_row *)row)->page;
}

static __u64 vary_vaddr(const void *row)
{
	return page_of(row)->vaddr;
}

static void get_vaddr(const void *row, struct value *v)
{
	value_number(v, VALUE_HEX, page_of(row)->vaddr);
}

static void get_npages(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->npages);
}

static void get_state(const void *row, struct value *v)
{
	value_string(v, state_name(page_of(row)->state));
}

static void get_level(const void *row, struct value *v)
{
	value_string(v, level_name(page_of(row)->level));
}

static void get_page_size(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, 1ULL << page_of(row)->page_shift);
}

static __u64 vary_pfn(const void *row)
{
	return page_of(row)->pfn;
}

static void get_pfn(const void *row, struct value *v)
{
	if (page_of(row)->has_pfn)
		value_number(v, VALUE_NUMBER, page_of(row)->pfn);
}

static void get_why(const void *row, struct value *v)
{
	if (page_of(row)->why)
		value_string(v, why_name(page_of(row)->why));
}

static __u64 vary_entry(const void *row)
{
	return page_of(row)->entry;
}

static void get_entry(const void *row, struct value *v)
{
	value_number(v, VALUE_HEX, page_of(row)->entry);
}

static void get_flags(const void *row, struct value *v)
{
	value_flags(v, page_of(row)->flags);
}

static void get_marker(const void *row, struct value *v)
{
	if (page_of(row)->state == STATE_MARKER)
		value_string(v, marker_name(page_of(row)->marker));
}

/* Whatever there is to say beyond the entry: there is only ever one of them. */
static void get_detail(const void *row, struct value *v)
{
	get_frame_flags(row, v);
	if (v->kind == VALUE_ABSENT)
		get_swap(row, v);
	if (v->kind == VALUE_ABSENT)
		get_marker(row, v);
	if (v->kind == VALUE_ABSENT)
		get_why(row, v);
}

static const struct column pages_column[] = {
	{ "vaddr", "address of the first page", get_vaddr,
	  .width = 14, .vary = vary_vaddr, .flags = COLUMN_DEFAULT },
	{ "npages", "base pages in the run", get_npages,
	  .width = 7, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "state", "present, protnone, swap, migration ...", get_state,
	  .width = 9, .flags = COLUMN_DEFAULT },
	{ "level", "at which the entry stands", get_level,
	  .width = 5 },
	{ "page_size", "bytes that one entry maps", get_page_size,
	  .width = 9, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "pfn", "first frame", get_pfn,
	  .width = 10, .vary = vary_pfn,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "why", "why there is no frame, or nothing known of it", get_why,
	  .width = 14 },
	{ "entry", "the first entry's raw 64 bits", get_entry,
	  .width = 18, .vary = vary_entry },
	{ "mapcount", "how often the frame is mapped (~: estimate)",
	  get_mapcount, .width = 8, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "mapcount_exact", "not an estimate", get_mapcount_exact,
	  .width = 14 },
	{ "shared", "pages of it mapped more than once, by whomever", get_shared,
	  .width = 7, .flags = COLUMN_RIGHT },
	{ "exclusive", "pages of it mapped once, which is here", get_exclusive,
	  .width = 9, .flags = COLUMN_RIGHT },
	{ "refcount", "references to the frame", get_refcount,
	  .width = 8, .flags = COLUMN_RIGHT },
	{ "flags", "of the entry", get_flags,
	  .width = 46, .flags = COLUMN_DEFAULT },
	{ "kpageflags", "of the frame, as /proc/kpageflags", get_kpageflags,
	  .width = 14 },
	{ "node", "NUMA node of the frame", get_node,
	  .width = 4, .flags = COLUMN_RIGHT },
	{ "swap", "where in swap", get_swap,
	  .width = 24 },
	{ "marker", "kind of marker", get_marker,
	  .width = 8 },
	{ "frame_flags", "kpageflags as words", get_frame_flags,
	  .width = 40, .flags = COLUMN_TEXT },
	{ "detail", "frame flags, place in swap, marker or why", get_detail,
	  .width = 40, .flags = COLUMN_DEFAULT | COLUMN_TEXT },
};

static const struct columns pages_columns = COLUMNS(pages_column);

/* States that an entry can be in; the others have no entry. */
#define POPULATED	(~(1U << STATE_NONE | 1U << STATE_UNMAPPED))

static int parse_states(const char *words, __u32 *mask, struct error *err)
{
	for (;;) {
		size_t len = strcspn(words, ",");
		int state = name_find(state_name, STATES, words, len);

		if (state < 0 || !(POPULATED & 1U << state))
			return error_set(err, STATUS_USAGE,
					 "state '%.*s': not one of present, protnone, swap, migration, hwpoison, device, marker",
					 (int)len, words);
		*mask |= 1U << state;
		if (!words[len])
			return 0;
		words += len + 1;
	}
}

static int parse_flags(const char *words, struct pages_request *req,
		       struct error *err)
{
	for (;;) {
		bool clear = *words == '~';
		size_t len;
		int flag;

		words += clear;
		len = strcspn(words, ",");
		flag = name_find(flag_name, FLAGS, words, len);
		if (flag < 0)
			return error_set(err, STATUS_USAGE,
					 "flag '%.*s': not one that can be filtered by (present rw user exec accessed dirty global leaf soft-dirty uffd-wp protnone special devmap pwt pcd pat)",
					 (int)len, words);
		*(clear ? &req->flags_clear : &req->flags_set) |= 1U << flag;
		if (!words[len])
			return 0;
		words += len + 1;
	}
}

static int parse_request(const struct invocation *inv,
			 struct pages_request *req, struct place *where,
			 struct error *err)
{
	if (address_pid(inv->argv[0], &req->pid, err))
		return -1;
	if (inv->argc > 1 && address_parse_where(inv->argv[1], where, err))
		return -1;
	if (inv->option[OPT_EACH])
		req->mode |= MODE_EACH;
	if (inv->option[OPT_SPLIT])
		req->mode |= MODE_SPLIT;
	if (inv->option[OPT_STATE] &&
	    parse_states(inv->option[OPT_STATE], &req->states, err))
		return -1;
	if (inv->option[OPT_FLAGS] &&
	    parse_flags(inv->option[OPT_FLAGS], req, err))
		return -1;
	return 0;
}

/* The ranges that WHERE stands for; one that is all zeroes without it. */
static int find_ranges(const struct place *where, struct transport *t,
		       const struct pages_request *req, struct range **ranges,
		       size_t *n, struct error *err)
{
	struct vmas vmas = { 0 };
	int ret;

	if (where->name) {
		ret = vmas_load(&vmas, t, req->pid, err) ||
		      address_resolve_where(where->text, &vmas, req->pid,
					    ranges, n, err);
		vmas_free(&vmas);
		return ret ? -1 : 0;
	}
	*ranges = calloc(1, sizeof(**ranges));
	if (!*ranges)
		return error_set(err, STATUS_FAILED, "pages: out of memory");
	*n = 1;
	if (!where->text)
		return 0;
	return address_round(where, t->info.page_shift, *ranges, err);
}

/**
 * struct pages_sink - where records go
 * @out: the output
 * @row: for its columns
 */
struct pages_sink {
	struct render out;
	struct page_row row;
};

static int take_page(const struct page *page, void *arg, struct error *err)
{
	struct pages_sink *sink = arg;

	sink->row.page = page;
	sink->out.alike = page->alike;
	return render_row(&sink->out, &sink->row, err);
}

static int print_ranges(const struct invocation *inv, struct transport *t,
			struct pages_request *req, const struct range *ranges,
			size_t n, struct pages_sink *sink, struct error *err)
{
	struct cost cost;
	size_t i;

	for (i = 0; i < n; i++) {
		req->range = ranges[i];
		if (t->ops->pages(t, req, take_page, sink, &cost, err))
			return -1;
		warn_interrupted(req->pid, &cost);
		if (inv->option[OPT_STATS])
			print_stats("pages", req->pid, &cost);
	}
	return render_finish(&sink->out, err);
}

/* Where there are several swap areas the names depend on the whole process. */
static int look_at_swaps(const struct invocation *inv, struct transport *t,
			 const struct pages_request *req, struct swaps *swaps,
			 struct error *err)
{
	struct cost cost;

	swaps_read(swaps);
	if (swaps->n <= 1 ||
	    (req->states && !(req->states & 1U << STATE_SWAP)))
		return 0;
	if (swaps_look(swaps, t, req->pid, &cost, err))
		return -1;
	if (inv->option[OPT_STATS])
		print_stats("swap types", req->pid, &cost);
	return 0;
}

static int run_pages(const struct invocation *inv, struct error *err)
{
	struct pages_request req = { 0 };
	struct pages_sink sink = { 0 };
	struct place where = { 0 };
	struct range *ranges = NULL;
	struct transport *t = NULL;
	struct freeze freeze = { 0 };
	struct swaps swaps = { 0 };
	size_t n = 0;
	int ret = -1;

	if (parse_request(inv, &req, &where, err) ||
	    render_open(&sink.out, &inv->look, "pages", &pages_columns, true,
			err))
		goto out;
	sink.row.swaps = &swaps;
	sink.row.whole = !inv->option[OPT_SPLIT];
	t = inv->ops->open(err);
	if (!t)
		goto out;
	if (inv->option[OPT_FREEZE] &&
	    freeze_processes(&freeze, &req.pid, 1, err))
		goto out;
	if (!find_ranges(&where, t, &req, &ranges, &n, err) &&
	    !look_at_swaps(inv, t, &req, &swaps, err))
		ret = print_ranges(inv, t, &req, ranges, n, &sink, err);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	swaps_free(&swaps);
	free(ranges);
	transport_close(t);
	render_close(&sink.out);
	return ret;
}

const struct command command_pages = {
	.name = "pages",
	.operands = "PID [WHERE]",
	.summary = "populated pages, runs of like ones merged",
	.details =
	"WHERE is A-B, A+LEN, NAME for every mapping of it, SYMBOL for its bytes, or NAME+LEN\n"
	"or SYMBOL+LEN for as many from its start; addresses are rounded outwards to\n"
	"whole pages. A row is a run of entries of one kind: page i of it has\n"
	"address vaddr + i pages and frame pfn + i. Shared and exclusive are those of smaps;\n"
	"of a huge page its first page speaks for all without --split, so there is a ~.\n",
	.min_operands = 1,
	.max_operands = 2,
	.options = pages_options,
	.columns = &pages_columns,
	.run = run_pages,
};
