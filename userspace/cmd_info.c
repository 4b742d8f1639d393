// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope info: the module, the kernel, and what can be told here.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "command.h"

struct info_row {
	const struct module_info *module;
	struct utsname kernel;
};

static const struct module_info *module_of(const void *row)
{
	return ((const struct info_row *)row)->module;
}

static void get_version(const void *row, struct value *v)
{
	value_string(v, module_of(row)->version);
}

static void get_client_version(const void *row, struct value *v)
{
	(void)row;
	value_string(v, transport_version);
}

static void get_abi(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, module_of(row)->abi);
}

static void get_kernel(const void *row, struct value *v)
{
	value_string(v, ((const struct info_row *)row)->kernel.release);
}

static void get_arch(const void *row, struct value *v)
{
	value_string(v, module_of(row)->arch);
}

static void get_levels(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, module_of(row)->levels);
}

static void get_level_names(const void *row, struct value *v)
{
	__u64 folded = LEVEL_PGD - module_of(row)->levels;
	int level;

	v->kind = VALUE_WORDS;
	/* What is folded is the level below the top one, then the next. */
	for (level = LEVEL_PGD; level > LEVEL_NONE; level--)
		if (level == LEVEL_PGD || LEVEL_PGD - level > (int)folded)
			v->words[v->nr_words++] = level_name(level);
}

static void get_page_size(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, 1ULL << module_of(row)->page_shift);
}

static void get_va_bits(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, module_of(row)->va_bits);
}

static void get_pa_bits(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, module_of(row)->pa_bits);
}

static void get_attach_max(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, module_of(row)->attach_max);
}

static void get_tested(const void *row, struct value *v)
{
	value_number(v, VALUE_BOOL, module_of(row)->tested);
}

static void get_can(const void *row, struct value *v)
{
	unsigned int i;

	v->kind = VALUE_WORDS;
	for (i = 0; i < CAN_BITS; i++)
		if (module_of(row)->can & 1ULL << i)
			v->words[v->nr_words++] = can_name(i);
}

static const struct column info_column[] = {
	{ .name = "version", .get = get_version, .help = "of the module" },
	{ .name = "client_version", .get = get_client_version,
	  .help = "of this program" },
	{ .name = "abi", .get = get_abi, .help = "spoken by both" },
	{ .name = "kernel", .get = get_kernel, .help = "release" },
	{ .name = "arch", .get = get_arch, .help = "architecture" },
	{ .name = "levels", .get = get_levels,
	  .help = "of the page-table tree" },
	{ .name = "level_names", .get = get_level_names,
	  .help = "from the top" },
	{ .name = "page_size", .get = get_page_size,
	  .help = "smallest page, in bytes" },
	{ .name = "va_bits", .get = get_va_bits,
	  .help = "bits of a virtual address that are translated" },
	{ .name = "pa_bits", .get = get_pa_bits,
	  .help = "bits of a physical address" },
	{ .name = "attach_max", .get = get_attach_max,
	  .help = "processes that debugfs keeps attached at once" },
	{ .name = "tested", .get = get_tested,
	  .help = "the suite has passed on a kernel of this version" },
	{ .name = "can", .get = get_can,
	  .help = "what this kernel can tell; mapcount: exact ones" },
};

static const struct columns info_columns = COLUMNS(info_column);

/* One row, so text has a line for each column instead. */
static int print_text(const struct info_row *row, struct error *err)
{
	char buf[256];
	struct value v;
	size_t i;

	for (i = 0; i < info_columns.n; i++) {
		const struct column *c = &info_columns.column[i];

		column_value(c, row, &v);
		printf("%-15s %s\n", c->name,
		       value_text(&v, ' ', buf, sizeof(buf)));
	}
	return render_check(err);
}

static int run_info(const struct invocation *inv, struct error *err)
{
	struct render out = { 0 };
	struct info_row row;
	struct transport *t;
	int ret;

	if (render_open(&out, &inv->look, "info", &info_columns, false, err))
		return -1;
	t = inv->ops->open(err);
	if (!t) {
		ret = -1;
		goto out_close;
	}
	row.module = &t->info;
	uname(&row.kernel);
	if (!inv->look.json && !inv->look.columns)
		ret = print_text(&row, err);
	else
		ret = render_row(&out, &row, err) || render_finish(&out, err);
	transport_close(t);
out_close:
	render_close(&out);
	return ret;
}

const struct command command_info = {
	.name = "info",
	.operands = "",
	.summary = "what the module is, runs on, and can tell",
	.columns = &info_columns,
	.run = run_info,
};
