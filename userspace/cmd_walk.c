// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope walk: one translation, step by step as the MMU makes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "freeze.h"
#include "prose.h"
#include "symbols.h"
#include "vmas.h"

enum {
	OPT_STATS,
	OPT_FREEZE,
	OPT_SYMBOLS,
};

static const struct command_option walk_options[] = {
	[OPT_STATS] = { "stats", NULL, "what it has cost the process, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	[OPT_SYMBOLS] = { "symbols", NULL,
			  "name symbol, section and segment also in JSON" },
	{ 0 }
};

static const struct walk *walk_of(const void *row)
{
	return ((const struct walk_row *)row)->walk;
}

static void get_pid(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, walk_of(row)->pid);
}

static void get_vaddr(const void *row, struct value *v)
{
	value_number(v, VALUE_HEX, walk_of(row)->vaddr);
}

static void get_vpn(const void *row, struct value *v)
{
	const struct walk_row *r = row;

	value_number(v, VALUE_OFFSET, r->walk->vaddr >> r->page_shift);
}

static void get_offset(const void *row, struct value *v)
{
	value_number(v, VALUE_OFFSET, walk_offset(row));
}

static void get_state(const void *row, struct value *v)
{
	value_string(v, state_name(walk_of(row)->page.state));
}

static void get_page_size(const void *row, struct value *v)
{
	const struct page *page = &walk_of(row)->page;

	if (page->state != STATE_NONE && page->state != STATE_UNMAPPED)
		value_number(v, VALUE_SIZE, 1ULL << page->page_shift);
}

static void get_pfn(const void *row, struct value *v)
{
	if (walk_of(row)->page.has_pfn)
		value_number(v, VALUE_NUMBER, walk_of(row)->page.pfn);
}

static void get_paddr(const void *row, struct value *v)
{
	if (walk_of(row)->page.has_pfn)
		value_number(v, VALUE_HEX, walk_paddr(row));
}

static void get_why(const void *row, struct value *v)
{
	if (walk_of(row)->page.why)
		value_string(v, why_name(walk_of(row)->page.why));
}

static void get_step_level(const void *row, struct value *v)
{
	value_string(v, level_name(((const struct step *)row)->level));
}

static void get_step_flags(const void *row, struct value *v)
{
	value_flags(v, ((const struct step *)row)->flags);
}

#define FIELD(field, how) \
	.name = #field, .kind = (how), .offset = offsetof(struct step, field)

static const struct column step_column[] = {
	{ .name = "level", .get = get_step_level },
	{ FIELD(index, VALUE_NUMBER) },
	{ FIELD(entry_paddr, VALUE_HEX) },
	{ FIELD(entry, VALUE_HEX) },
	{ .name = "flags", .get = get_step_flags },
};

static const struct columns step_columns = COLUMNS(step_column);

static void get_levels(const void *row, struct value *v)
{
	const struct walk *walk = walk_of(row);

	value_array(v, &step_columns, walk->steps, walk->nr_steps,
		    sizeof(walk->steps[0]));
}

static void get_walk_swap(const void *row, struct value *v)
{
	get_swap(&((const struct walk_row *)row)->page, v);
}

static void get_marker(const void *row, struct value *v)
{
	const struct page *page = &walk_of(row)->page;

	if (page->state == STATE_MARKER)
		value_string(v, marker_name(page->marker));
}

static void get_frame(const void *row, struct value *v)
{
	if (walk_of(row)->page.has_frame)
		value_object(v, &frame_columns,
			     &((const struct walk_row *)row)->page);
}

static void get_vma(const void *row, struct value *v)
{
	if (walk_of(row)->has_vma)
		value_object(v, &vma_identity_columns, &walk_of(row)->vma);
}

static void get_symbol(const void *row, struct value *v)
{
	const struct symbol_name *name = ((const struct walk_row *)row)->name;

	if (name && name->symbol)
		value_string(v, name->symbol);
}

static void get_symbol_type(const void *row, struct value *v)
{
	const struct symbol_name *name = ((const struct walk_row *)row)->name;

	if (name && name->symbol)
		value_string(v, symbol_type_name(name->type));
}

static void get_section(const void *row, struct value *v)
{
	const struct symbol_name *name = ((const struct walk_row *)row)->name;

	if (name && name->section)
		value_string(v, name->section);
}

static void get_segment(const void *row, struct value *v)
{
	const struct symbol_name *name = ((const struct walk_row *)row)->name;

	if (name && name->segment)
		value_string(v, name->segment);
}

static void get_kernel_half(const void *row, struct value *v)
{
	if (address_is_kernel(walk_of(row)->vaddr))
		value_number(v, VALUE_BOOL, true);
}

static void get_user_entry(const void *row, struct value *v)
{
	if (walk_of(row)->has_user_entry)
		value_number(v, VALUE_HEX, walk_of(row)->user_entry);
}

static const struct column walk_column[] = {
	{ "pid", "process", get_pid, .flags = COLUMN_RIGHT },
	{ "vaddr", "virtual address", get_vaddr, .flags = 0 },
	{ "vpn", "virtual page number", get_vpn, .flags = 0 },
	{ "offset", "of the address in its page", get_offset, .flags = 0 },
	{ "state", "what the translation ends in", get_state, .flags = 0 },
	{ "page_size", "bytes that the last entry maps", get_page_size,
	  .flags = COLUMN_RIGHT },
	{ "pfn", "frame", get_pfn, .flags = COLUMN_RIGHT },
	{ "paddr", "physical address", get_paddr, .flags = 0 },
	{ "why", "why there is no frame, or nothing known of it", get_why,
	  .flags = 0 },
	{ "levels", "each step: its entry, where that lies, its flags",
	  get_levels, .flags = 0 },
	{ "swap", "where in swap", get_walk_swap, .flags = 0 },
	{ "marker", "kind of marker", get_marker, .flags = 0 },
	{ "frame", "what is known of the frame", get_frame, .flags = 0 },
	{ "vma", "the mapping that covers the address", get_vma, .flags = 0 },
	{ "symbol", "the symbol that the address lies in, and how far", get_symbol,
	  .flags = 0 },
	{ "symbol_type", "function, data, ifunc (a resolver), other",
	  get_symbol_type, .flags = 0 },
	{ "section", "section of the ELF file", get_section, .flags = 0 },
	{ "segment", "NUMBER:LOAD:PERMS, numbered as readelf -l does",
	  get_segment, .flags = 0 },
	{ "kernel_half", "the address is in the kernel half", get_kernel_half,
	  .flags = 0 },
	{ "user_entry", "page-table isolation: user mode's own top entry",
	  get_user_entry, .flags = 0 },
};

static const struct columns walk_columns = COLUMNS(walk_column);

/**
 * struct walk_sink - where walks go
 * @inv: the command
 * @out: the output
 * @row: for its columns
 * @symbols: of the process; NULL: they are not to be named
 * @name: what they say of this address
 * @first: nothing has been printed
 * @prose: text without columns
 */
struct walk_sink {
	const struct invocation *inv;
	struct render out;
	struct walk_row row;
	struct symbols *symbols;
	struct symbol_name name;
	bool first;
	bool prose;
};

static int take_walk(const struct walk *walk, void *arg, struct error *err)
{
	struct walk_sink *sink = arg;
	int ret;

	sink->row.walk = walk;
	sink->row.page.page = &walk->page;
	sink->row.name = NULL;
	if (sink->symbols && walk->has_vma &&
	    symbols_name(sink->symbols, walk->vaddr, &walk->vma, &sink->name))
		sink->row.name = &sink->name;
	if (sink->prose)
		ret = prose_walk(&sink->row, sink->first, err);
	else
		ret = render_row(&sink->out, &sink->row, err);
	sink->first = false;
	if (!ret && sink->inv->option[OPT_STATS])
		print_stats("walk", walk->pid, &walk->cost);
	return ret;
}

static bool is_asked_for(const struct render *out, const char *columns)
{
	size_t i;

	for (i = 0; columns && i < out->nr_selected; i++)
		if (out->selected[i]->get == get_symbol ||
		    out->selected[i]->get == get_symbol_type ||
		    out->selected[i]->get == get_section ||
		    out->selected[i]->get == get_segment)
			return true;
	return false;
}

/*
 * To name an address can take as long as all the rest of a walk: it is done for
 * people, and for who says so. That one is told if it cannot be done; to people a
 * walk without names is worth more than none.
 */
static int prepare_names(struct walk_sink *sink, struct symbols *symbols,
			 struct error *err)
{
	const struct invocation *inv = sink->inv;
	const bool asked = inv->option[OPT_SYMBOLS] ||
			   is_asked_for(&sink->out, inv->look.columns);

	if (sink->prose || asked)
		sink->symbols = symbols;
	return asked ? symbols_load(symbols, err) : 0;
}

/*
 * Numbers are checked before anything is asked, names once there are VMAs. With
 * a symbol among them the symbols have been read: then they are shown as well.
 */
static int resolve(struct place *places, int n, struct transport *t,
		   struct symbols *symbols, pid_t pid, struct walk_sink *sink,
		   struct error *err)
{
	struct vmas vmas = { 0 };
	bool loaded = false;
	int ret = 0, i;

	for (i = 0; i < n && !ret; i++) {
		if (!places[i].name)
			continue;
		if (!loaded)
			ret = vmas_load(&vmas, t, pid, err);
		loaded = true;
		if (!ret)
			ret = address_resolve_in(places[i].text, &vmas, symbols,
						 &places[i].start, err);
	}
	vmas_free(&vmas);
	if (symbols_were_read(symbols))
		sink->symbols = symbols;
	return ret;
}

static int see_walk(const struct walk *walk, void *arg, struct error *err)
{
	(void)err;
	swaps_see(arg, &walk->page);
	return 0;
}

/* Where there are several swap areas the names depend on the whole process. */
static int look_at_swaps(const struct place *places, int n, struct transport *t,
			 pid_t pid, const struct invocation *inv,
			 struct swaps *swaps, struct error *err)
{
	struct cost cost;
	int i;

	swaps_read(swaps);
	for (i = 0; swaps->n > 1 && i < n; i++)
		if (t->ops->walk(t, pid, places[i].start, see_walk, swaps, err))
			return -1;
	if (!swaps_need_look(swaps))
		return 0;
	if (swaps_look(swaps, t, pid, &cost, err))
		return -1;
	if (inv->option[OPT_STATS])
		print_stats("swap types", pid, &cost);
	return 0;
}

static int walk_places(const struct place *places, int n, struct transport *t,
		       pid_t pid, struct walk_sink *sink, struct error *err)
{
	int i;

	for (i = 0; i < n; i++)
		if (t->ops->walk(t, pid, places[i].start, take_walk, sink, err))
			return -1;
	return sink->prose ? 0 : render_finish(&sink->out, err);
}

static int run_walk(const struct invocation *inv, struct error *err)
{
	struct walk_sink sink = {
		.inv = inv,
		.first = true,
		.prose = !inv->look.json && !inv->look.columns,
	};
	const int n = inv->argc - 1;
	struct place *places = calloc(n, sizeof(*places));
	struct transport *t = NULL;
	struct freeze freeze = { 0 };
	struct swaps swaps = { 0 };
	struct symbols *symbols = NULL;
	pid_t pid;
	int ret = -1, i;

	if (!places) {
		error_set(err, STATUS_FAILED, "walk: out of memory");
		goto out;
	}
	if (address_pid(inv->argv[0], &pid, err))
		goto out;
	for (i = 0; i < n; i++)
		if (address_parse(inv->argv[i + 1], &places[i], err))
			goto out;
	if (render_open(&sink.out, &inv->look, "walk", &walk_columns, false,
			err))
		goto out;
	t = inv->ops->open(err);
	if (!t)
		goto out;
	sink.row.page_shift = t->info.page_shift;
	sink.row.page.swaps = &swaps;
	if (inv->option[OPT_FREEZE] && freeze_processes(&freeze, &pid, 1, err))
		goto out;
	symbols = symbols_open(pid, err);
	if (!symbols)
		goto out;
	if (!resolve(places, n, t, symbols, pid, &sink, err) &&
	    !look_at_swaps(places, n, t, pid, inv, &swaps, err) &&
	    !prepare_names(&sink, symbols, err))
		ret = walk_places(places, n, t, pid, &sink, err);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	symbols_close(symbols);
	swaps_free(&swaps);
	free(places);
	transport_close(t);
	render_close(&sink.out);
	return ret;
}

const struct command command_walk = {
	.name = "walk",
	.alias = "vtop",
	.operands = "PID ADDR...",
	.summary = "one translation, level by level as the MMU makes it",
	.details =
	"Text is prose; with -o it is a table of one row an address. Frames are those of\n"
	"the machine that this kernel runs on: in a guest they are guest-physical.\n",
	.min_operands = 2,
	.options = walk_options,
	.columns = &walk_columns,
	.run = run_walk,
};
