// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "matrix.h"
#include "report.h"
#include "text.h"

static const struct surveyed *process_of(const void *row)
{
	return row;
}

static void get_comm(const void *row, struct value *v)
{
	value_string(v, process_of(row)->comm);
}

static void get_pss(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, process_of(row)->pss);
	v->estimate = !process_of(row)->mapcount_exact;
}

static void get_uss(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, process_of(row)->uss);
	v->estimate = !process_of(row)->mapcount_exact;
}

static void get_exact(const void *row, struct value *v)
{
	value_number(v, VALUE_BOOL, process_of(row)->mapcount_exact);
}

static const struct column process_column[] = {
	{ .name = "pid", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct surveyed, pid),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "comm", .get = get_comm, .flags = COLUMN_DEFAULT },
	{ .name = "present", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct surveyed, present),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "rss", .kind = VALUE_SIZE,
	  .offset = offsetof(struct surveyed, rss),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "pss", .get = get_pss,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "uss", .get = get_uss,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "mapcount_exact", .get = get_exact },
};

static const struct columns process_columns = COLUMNS(process_column);

#define PAIR(field) \
	{ .name = #field, .kind = VALUE_NUMBER, .width = 10, \
	  .offset = offsetof(struct pair, field), \
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT }

static const struct column pair_column[] = { PAIR(a), PAIR(b), PAIR(pages) };
static const struct columns pair_columns = COLUMNS(pair_column);

/**
 * struct file_row - a file, and what its columns need besides
 * @file: the file
 * @page_shift: log2 of the base page size
 */
struct file_row {
	const struct shared_file *file;
	unsigned int page_shift;
};

static const struct shared_file *file_of(const void *row)
{
	return ((const struct file_row *)row)->file;
}

static void get_file(const void *row, struct value *v)
{
	value_string(v, file_of(row)->label);
}

static void get_pages(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, file_of(row)->pages);
}

static void get_frames(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, file_of(row)->frames);
}

static void get_shared_by_all(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, file_of(row)->shared_by_all);
}

static void get_saved(const void *row, struct value *v)
{
	const struct file_row *r = row;

	value_number(v, VALUE_SIZE,
		     (r->file->pages - r->file->frames) << r->page_shift);
}

static const struct column file_column[] = {
	{ "pages", "pages of it that the processes map, all together",
	  get_pages, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "frames", "distinct frames among them", get_frames,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "shared_by_all", "frames that every one of them maps",
	  get_shared_by_all, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "saved_bytes", "memory saved by sharing", get_saved,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "file", "path, or a name such as [heap]", get_file,
	  .flags = COLUMN_DEFAULT },
};

const struct columns shared_file_columns = COLUMNS(file_column);

/**
 * struct place_row - one mapping of a frame, with the PID
 * @pid: the process
 * @vaddr: where
 */
struct place_row {
	__u64 pid;
	__u64 vaddr;
};

static const struct column place_column[] = {
	{ .name = "pid", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct place_row, pid) },
	{ .name = "vaddr", .kind = VALUE_HEX,
	  .offset = offsetof(struct place_row, vaddr) },
};

static const struct columns place_columns = COLUMNS(place_column);

struct frame_row {
	__u64 pfn;
	size_t n;
	struct place_row *places;
};

static void get_places(const void *row, struct value *v)
{
	const struct frame_row *frame = row;

	value_array(v, &place_columns, frame->places, frame->n,
		    sizeof(*frame->places));
}

static const struct column frame_column[] = {
	{ .name = "pfn", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct frame_row, pfn), .width = 10,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "maps", .get = get_places, .flags = COLUMN_DEFAULT },
};

static const struct columns shared_frame_columns = COLUMNS(frame_column);

static int print_processes(struct report *rep, struct render *out,
			   struct error *err)
{
	size_t i;

	for (i = 0; i < rep->s->n; i++)
		if (render_row(out, &rep->s->process[i], err))
			return -1;
	return 0;
}

static int print_pairs(struct report *rep, struct render *out,
		       struct error *err)
{
	const struct survey *s = rep->s;
	size_t i, j;

	for (i = 0; i < s->n; i++)
		for (j = i + 1; j < s->n; j++) {
			const struct pair pair = {
				.a = s->process[i].pid,
				.b = s->process[j].pid,
				.pages = sharing_pair(&s->sharing, i, j),
			};

			if (render_row(out, &pair, err))
				return -1;
		}
	return 0;
}

static int print_files(struct report *rep, struct render *out,
		       struct error *err)
{
	const struct sharing *s = &rep->s->sharing;
	size_t i;

	for (i = 0; i < s->nr_files; i++) {
		const struct shared_file *file = &s->files[i];
		const struct file_row row = { file, rep->s->page_shift };

		/* To people, what is not shared is only noise here. */
		if (!out->json && file->pages == file->frames)
			continue;
		if (render_row(out, &row, err))
			return -1;
	}
	return 0;
}

static int print_frames(struct report *rep, struct render *out,
			struct error *err)
{
	const struct shared_map *map;
	struct frame_row row = { 0 };
	size_t at = 0, room = 0, i;
	int ret = 0;

	while (!ret && (map = sharing_next(&rep->s->sharing, &at, &row.n))) {
		if (row.n > room) {
			free(row.places);
			row.places = calloc(row.n, sizeof(*row.places));
			room = row.n;
		}
		if (!row.places)
			return error_set(err, STATUS_FAILED,
					 "shared: out of memory");
		row.pfn = map->pfn;
		for (i = 0; i < row.n; i++)
			row.places[i] = (struct place_row) {
				.pid = rep->s->process[map[i].process].pid,
				.vaddr = map[i].vaddr,
			};
		ret = render_row(out, &row, err);
	}
	free(row.places);
	return ret;
}

/**
 * struct section - one table
 * @key: of its JSON array
 * @columns: its columns
 * @streaming: too long to be kept
 * @print: its rows
 */
struct section {
	const char *key;
	const struct columns *columns;
	bool streaming;
	int (*print)(struct report *rep, struct render *out, struct error *err);
};

static const struct section sections[] = {
	{ "processes", &process_columns, false, print_processes },
	{ "pairs", &pair_columns, true, print_pairs },
	{ "files", &shared_file_columns, false, print_files },
	{ "frames", &shared_frame_columns, true, print_frames },
};

/* The order in which it is looked whose columns -o names */
static const struct section *const by_columns[] = {
	&sections[2], &sections[1], &sections[0],
};

int report_open(struct report *rep, struct error *err)
{
	struct error other;
	struct render out;
	size_t i;

	if (!rep->look->columns)
		return 0;
	for (i = 0; i < ARRAY_SIZE(by_columns) && !rep->only; i++) {
		if (!render_open(&out, rep->look, by_columns[i]->key,
				 by_columns[i]->columns, true,
				 i ? &other : err))
			rep->only = by_columns[i];
		render_close(&out);
	}
	if (!rep->only)
		return -1;
	err->status = STATUS_DONE;
	return 0;
}

static int open_section(struct report *rep, const struct section *section,
			struct render *out, struct error *err)
{
	struct look look = *rep->look;

	look.nested = true;
	if (render_open(out, &look, section->key, section->columns,
			section->streaming, err))
		return -1;
	if (rep->sections++)
		fputs(look.json ? "," : "\n", stdout);
	return 0;
}

static int print_section(struct report *rep, const struct section *section,
			 struct error *err)
{
	struct render out = { 0 };
	int ret;

	ret = open_section(rep, section, &out, err) ||
	      section->print(rep, &out, err) || render_finish(&out, err);
	render_close(&out);
	return ret ? -1 : 0;
}

static int print_top(struct report *rep, struct error *err)
{
	const size_t n = rep->s->n, all = n * (n - 1) / 2;
	static const struct section top = { "pairs", &pair_columns, false,
					    NULL };
	struct pair pair[TOP_PAIRS];
	struct render out = { 0 };
	size_t shown = matrix_top(rep->s, pair), i;
	int ret = open_section(rep, &top, &out, err);

	for (i = 0; i < shown && !ret; i++)
		ret = render_row(&out, &pair[i], err);
	if (!ret)
		ret = render_finish(&out, err);
	render_close(&out);
	if (!ret && shown < all)
		printf("and %zu more pairs: -o a,b,pages or --json shows them all\n",
		       all - shown);
	return ret;
}

/* For people: all pairs at a glance, or those that matter. */
static int print_matrix(struct report *rep, struct error *err)
{
	putchar('\n');
	if (matrix_print(rep->s, rep->room, !rep->look->no_headings))
		return render_check(err);
	rep->sections = 0;
	return print_top(rep, err);
}

/**
 * struct total - all processes together
 * @pages: that they map
 * @frames: distinct ones
 * @saved_bytes: memory saved by sharing
 */
struct total {
	__u64 pages;
	__u64 frames;
	__u64 saved_bytes;
};

static const struct column total_column[] = {
	{ .name = "pages", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct total, pages) },
	{ .name = "frames", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct total, frames) },
	{ .name = "saved_bytes", .kind = VALUE_SIZE,
	  .offset = offsetof(struct total, saved_bytes) },
};

static const struct columns total_columns = COLUMNS(total_column);

static int print_total(const struct report *rep, struct error *err)
{
	const struct survey *s = rep->s;
	struct total total = { .frames = s->sharing.nr_frames };
	char size[16];
	size_t i;

	for (i = 0; i < s->n; i++)
		total.pages += s->process[i].present;
	total.saved_bytes = (total.pages - total.frames) << s->page_shift;
	if (!rep->look->json) {
		printf("\ntotal: %llu pages in %llu frames, %s saved\n",
		       total.pages, total.frames,
		       text_size(total.saved_bytes, size, sizeof(size)));
		return 0;
	}
	printf(",\"skipped\":%zu,\n", s->skipped);
	return render_object("total", &total_columns, &total, err);
}

static int print_tables(struct report *rep, struct error *err)
{
	const bool json = rep->look->json;

	if (print_section(rep, &sections[0], err) ||
	    (json ? print_section(rep, &sections[1], err) :
		    print_matrix(rep, err)) ||
	    print_section(rep, &sections[2], err) ||
	    (rep->frames &&
	     print_section(rep, &sections[3], err)))
		return -1;
	return print_total(rep, err);
}

int report_print(struct report *rep, struct error *err)
{
	if (rep->look->json)
		fputs("{\"shared\":{\n", stdout);
	if (rep->only ? print_section(rep, rep->only, err) :
			print_tables(rep, err))
		return -1;
	if (rep->look->json)
		puts("}}");
	return render_check(err);
}
