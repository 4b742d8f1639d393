// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope tables: what the page tables of a process themselves take.
 */
#include <stdio.h>

#include "address.h"
#include "command.h"
#include "freeze.h"
#include "text.h"
#include "vmas.h"

#define ENTRY_SIZE	8

enum {
	OPT_STATS,
	OPT_FREEZE,
};

static const struct command_option tables_options[] = {
	[OPT_STATS] = { "stats", NULL, "what it has cost the process, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	{ 0 }
};

/**
 * struct table_row - the tables of one level, and what their columns need
 * @table: the tables
 * @page_shift: log2 of the base page size, which is that of a table, too
 */
struct table_row {
	const struct table *table;
	unsigned int page_shift;
};

static const struct table *table_of(const void *row)
{
	return ((const struct table_row *)row)->table;
}

static __u64 bytes_of(const struct table_row *row)
{
	return row->table->tables << row->page_shift;
}

static void get_level(const void *row, struct value *v)
{
	value_string(v, level_name(table_of(row)->level));
}

static void get_tables(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, table_of(row)->tables);
}

static void get_bytes(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, bytes_of(row));
}

static void get_entries(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, bytes_of(row) / ENTRY_SIZE);
}

static void get_used(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, table_of(row)->used);
}

static void get_fill(const void *row, struct value *v)
{
	const __u64 entries = bytes_of(row) / ENTRY_SIZE;

	if (!entries)
		return;
	snprintf(v->room, sizeof(v->room), "%.1f%%",
		 100.0 * (double)table_of(row)->used / (double)entries);
	value_string(v, v->room);
}

static const struct column tables_column[] = {
	{ "level", "pgd (p4d) pud pmd pte", get_level,
	  .flags = COLUMN_DEFAULT },
	{ "tables", "how many there are", get_tables,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "bytes", "memory that they take", get_bytes,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "entries", "places in them", get_entries,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "used", "places that are not empty", get_used,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "fill", "used of entries", get_fill,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT | COLUMN_TEXT },
};

static const struct columns tables_columns = COLUMNS(tables_column);

/**
 * struct total - all levels together
 * @tables: how many tables
 * @bytes: memory that they take
 * @flat_bytes: what one table without levels would take
 * @accounted_bytes: what the kernel has booked for the process
 * @deposited: tables that are in no tree
 */
struct total {
	__u64 tables;
	__u64 bytes;
	__u64 flat_bytes;
	__u64 accounted_bytes;
	__u64 deposited;
};

#define TOTAL(field) \
	{ .name = #field, .kind = VALUE_NUMBER, \
	  .offset = offsetof(struct total, field) }

static const struct column total_column[] = {
	TOTAL(bytes), TOTAL(flat_bytes), TOTAL(accounted_bytes),
	TOTAL(deposited),
};

static const struct columns total_columns = COLUMNS(total_column);

static void sum_up(struct total *total, const struct tables *tables,
		   const struct module_info *info)
{
	size_t i;

	*total = (struct total) {
		.accounted_bytes = tables->accounted_bytes,
		.deposited = tables->deposited,
	};
	for (i = 0; i < tables->n; i++)
		total->tables += tables->table[i].tables;
	total->bytes = total->tables << info->page_shift;
	/* An entry for each page of the user half, which is half of it all. */
	if (info->va_bits > info->page_shift && info->va_bits <= 64)
		total->flat_bytes = ENTRY_SIZE *
			(1ULL << (info->va_bits - 1 - info->page_shift));
}

static void print_total(const struct total *total)
{
	char bytes[16], accounted[16], flat[16];

	printf("total: %llu tables, %s; the kernel accounts %s to the process\n",
	       total->tables, text_size(total->bytes, bytes, sizeof(bytes)),
	       text_size(total->accounted_bytes, accounted, sizeof(accounted)));
	if (total->deposited)
		printf("%llu more, in no tree, are set aside for splitting huge pages\n",
		       total->deposited);
	printf("a flat table would take %s",
	       text_size(total->flat_bytes, flat, sizeof(flat)));
	if (total->bytes)
		printf(" (%llu times as much)",
		       total->flat_bytes / total->bytes);
	putchar('\n');
}

static int print_tables(const struct look *look, struct render *out,
			const struct tables *tables,
			const struct module_info *info, struct error *err)
{
	struct table_row row = { .page_shift = info->page_shift };
	struct total total;
	size_t i;

	sum_up(&total, tables, info);
	if (look->json)
		putchar('{');
	for (i = 0; i < tables->n; i++) {
		row.table = &tables->table[i];
		if (render_row(out, &row, err))
			return -1;
	}
	if (render_finish(out, err))
		return -1;
	if (look->json) {
		putchar(',');
		if (render_object("total", &total_columns, &total, err))
			return -1;
		puts("}");
	} else if (!look->columns) {
		print_total(&total);
	}
	return render_check(err);
}

/* Once more, until an answer holds together. */
static int count_tables(struct transport *t, pid_t pid, struct tables *tables,
			struct error *err)
{
	int tries;

	for (tries = 0; tries < VMAS_TRIES; tries++) {
		if (t->ops->tables(t, pid, tables, err))
			return -1;
		if (!tables->cost.interrupted)
			break;
	}
	return 0;
}

static int run_tables(const struct invocation *inv, struct error *err)
{
	struct look look = inv->look;
	struct render out = { 0 };
	struct transport *t = NULL;
	struct freeze freeze = { 0 };
	struct tables tables = { 0 };
	pid_t pid;
	int ret = -1;

	look.nested = true;
	if (address_pid(inv->argv[0], &pid, err) ||
	    render_open(&out, &look, "tables", &tables_columns, false, err))
		goto out;
	t = inv->ops->open(err);
	if (!t)
		goto out;
	if (inv->option[OPT_FREEZE] && freeze_processes(&freeze, &pid, 1, err))
		goto out;
	if (count_tables(t, pid, &tables, err))
		goto out;
	ret = print_tables(&look, &out, &tables, &t->info, err);
	if (ret)
		goto out;
	warn_interrupted(pid, &tables.cost);
	if (inv->option[OPT_STATS])
		print_stats("tables", pid, &tables.cost);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	transport_close(t);
	render_close(&out);
	return ret;
}

const struct command command_tables = {
	.name = "tables",
	.operands = "PID",
	.summary = "page tables: how many, how full, what they take",
	.details =
	"Tables of the user half. A flat table would have an entry for each page of it.\n"
	"What the kernel accounts to the process (VmPTE and more in /proc/PID/status) is\n"
	"without the top table, and with those set aside for splitting huge pages.\n",
	.min_operands = 1,
	.max_operands = 1,
	.options = tables_options,
	.columns = &tables_columns,
	.run = run_tables,
};
