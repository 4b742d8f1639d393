// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope swap: what of a process is in swap, and where.
 */
#include <stdio.h>

#include "address.h"
#include "columns.h"
#include "command.h"
#include "freeze.h"

enum {
	OPT_STATS,
	OPT_FREEZE,
};

static const struct command_option swap_options[] = {
	[OPT_STATS] = { "stats", NULL, "what it has cost the process, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	{ 0 }
};

/**
 * struct swap_row - a run of entries, and what its columns need besides
 * @page: the entries
 * @swaps: the swap areas
 * @text: people want to see something where a device is not certain
 */
struct swap_row {
	const struct page *page;
	const struct swaps *swaps;
	bool text;
};

static const struct page *page_of(const void *row)
{
	return ((const struct swap_row *)row)->page;
}

static void get_vaddr(const void *row, struct value *v)
{
	value_number(v, VALUE_HEX, page_of(row)->vaddr);
}

static void get_npages(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->npages);
}

static void get_type(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->swap_type);
}

static void get_offset(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, page_of(row)->swap_offset);
}

static void get_device(const void *row, struct value *v)
{
	const struct swap_row *r = row;
	const char *device = swaps_device(r->swaps, r->page->swap_type);

	if (!device && r->text) {
		snprintf(v->room, sizeof(v->room), "type %u",
			 r->page->swap_type);
		device = v->room;
	}
	value_string(v, device);
}

static const struct column swap_column[] = {
	{ "vaddr", "address of the first page", get_vaddr,
	  .width = 14, .flags = COLUMN_DEFAULT },
	{ "npages", "base pages in the run", get_npages,
	  .width = 7, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "type", "number of the swap area", get_type,
	  .width = 4, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "offset", "slot of the first page, counted in pages", get_offset,
	  .width = 10, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "device", "the swap area, where that is certain", get_device,
	  .width = 24, .flags = COLUMN_DEFAULT },
};

static const struct columns swap_columns = COLUMNS(swap_column);

/**
 * struct swap_sink - where records go
 * @out: the output
 * @row: for its columns
 * @unknown: mask of the types whose device is not certain
 */
struct swap_sink {
	struct render out;
	struct swap_row row;
	__u32 unknown;
};

static int take_page(const struct page *page, void *arg, struct error *err)
{
	struct swap_sink *sink = arg;

	sink->row.page = page;
	if (!swaps_device(sink->row.swaps, page->swap_type))
		sink->unknown |= 1U << (page->swap_type % SWAP_TYPES);
	return render_row(&sink->out, &sink->row, err);
}

/* Why there are devices that are not told: one line for all of them. */
static void note_unknown(const struct swap_sink *sink, pid_t pid)
{
	const struct swaps *swaps = sink->row.swaps;
	char types[128] = "";
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < SWAP_TYPES; i++)
		if (sink->unknown & 1U << i)
			used += snprintf(types + used, sizeof(types) - used,
					 "%s%u", used ? "," : "", i);
	if (swaps->n && !swaps_changed(swaps))
		fprintf(stderr,
			"vmscope: PID %d: swap type %s: one of %zu areas, but /proc/swaps does not tell which\n",
			(int)pid, types, swaps->n);
	else
		fprintf(stderr,
			"vmscope: PID %d: swap type %s: no area in /proc/swaps, or they changed meanwhile\n",
			(int)pid, types);
}

static int print_swap(const struct invocation *inv, struct transport *t,
		      pid_t pid, struct swap_sink *sink, struct swaps *swaps,
		      struct error *err)
{
	const struct pages_request req = {
		.pid = pid,
		.states = 1U << STATE_SWAP,
	};
	struct cost cost;

	swaps_read(swaps);
	if (swaps->n > 1) {
		if (swaps_look(swaps, t, pid, &cost, err))
			return -1;
		if (inv->option[OPT_STATS])
			print_stats("swap types", pid, &cost);
	}
	if (t->ops->pages(t, &req, take_page, sink, &cost, err))
		return -1;
	warn_interrupted(pid, &cost);
	if (sink->unknown && !inv->look.json)
		note_unknown(sink, pid);
	if (inv->option[OPT_STATS])
		print_stats("swap", pid, &cost);
	return render_finish(&sink->out, err);
}

static int run_swap(const struct invocation *inv, struct error *err)
{
	struct swap_sink sink = { .row.text = !inv->look.json };
	struct swaps swaps = { 0 };
	struct freeze freeze = { 0 };
	struct transport *t = NULL;
	pid_t pid;
	int ret = -1;

	if (address_pid(inv->argv[0], &pid, err) ||
	    render_open(&sink.out, &inv->look, "swap", &swap_columns, true,
			err))
		goto out;
	t = inv->ops->open(err);
	if (!t)
		goto out;
	sink.row.swaps = &swaps;
	if (inv->option[OPT_FREEZE] && freeze_processes(&freeze, &pid, 1, err))
		goto out;
	ret = print_swap(inv, t, pid, &sink, &swaps, err);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	swaps_free(&swaps);
	transport_close(t);
	render_close(&sink.out);
	return ret;
}

const struct command command_swap = {
	.name = "swap",
	.operands = "PID",
	.summary = "what is in swap, and where",
	.details =
	"A row is a run: page i of it has address vaddr + i pages and slot offset + i.\n"
	"The kernel numbers swap areas, /proc/swaps lists them without their numbers:\n"
	"where a number freed by swapoff might be missing the device is not told.\n"
	"Shared memory in swap has no entries, and so no rows.\n",
	.min_operands = 1,
	.max_operands = 1,
	.options = swap_options,
	.columns = &swap_columns,
	.run = run_swap,
};
