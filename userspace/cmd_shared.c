// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope shared: which pages processes have in common.
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "freeze.h"
#include "procfs.h"
#include "sharing.h"
#include "text.h"
#include "vmas.h"

enum {
	OPT_FRAMES,
	OPT_STATS,
	OPT_FREEZE,
};

static const struct command_option shared_options[] = {
	[OPT_FRAMES] = { "frames", NULL, "also each frame that two of them map" },
	[OPT_STATS] = { "stats", NULL, "what it has cost the processes, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	{ 0 }
};

/**
 * struct process - one of those compared
 * @pid: its number
 * @present: pages that it maps, zero pages left out
 * @comm: what it calls itself
 */
struct process {
	__u64 pid;
	__u64 present;
	char comm[COMM_SIZE];
};

static void get_comm(const void *row, struct value *v)
{
	value_string(v, ((const struct process *)row)->comm);
}

static const struct column process_column[] = {
	{ .name = "pid", .kind = VALUE_NUMBER, .offset = offsetof(struct process, pid),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ .name = "comm", .get = get_comm, .flags = COLUMN_DEFAULT },
	{ .name = "present", .kind = VALUE_NUMBER,
	  .offset = offsetof(struct process, present),
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
};

static const struct columns process_columns = COLUMNS(process_column);

/**
 * struct pair - two processes
 * @a: PID of one
 * @b: PID of the other
 * @pages: distinct frames that both map
 */
struct pair {
	__u64 a;
	__u64 b;
	__u64 pages;
};

#define PAIR(field) \
	{ .name = #field, .kind = VALUE_NUMBER, \
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

static const struct columns file_columns = COLUMNS(file_column);

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

/**
 * struct run - pages of one process with frames in a row
 * @vaddr: of the first one
 * @pfn: of the first one
 * @npages: how many
 * @vma: number of their VMA
 */
struct run {
	__u64 vaddr;
	__u64 pfn;
	__u64 npages;
	size_t vma;
};

/**
 * struct reader - reads one process after the other
 * @t: the way in
 * @stats: print what it costs
 * @vmas: VMAs of this process
 * @at: the VMA that the last page was in
 * @run: its pages; kept until they are known to be consistent
 * @n: how many
 * @room: for how many there is memory
 * @strays: pages outside of all @vmas: it has changed since those were read
 */
struct reader {
	struct transport *t;
	bool stats;
	struct vmas vmas;
	size_t at;
	struct run *run;
	size_t n;
	size_t room;
	__u64 strays;
};

static int take_page(const struct page *page, void *arg, struct error *err)
{
	struct reader *r = arg;

	/* Every process has zero pages; there is one frame for them all. */
	if (!page->has_pfn ||
	    (page->has_frame && page->kpageflags & 1ULL << KPF_ZERO))
		return 0;
	/* Pages come by ascending address, and so do VMAs. */
	while (r->at < r->vmas.n && r->vmas.vma[r->at].end <= page->vaddr)
		r->at++;
	if (r->at == r->vmas.n || page->vaddr < r->vmas.vma[r->at].start) {
		r->strays++;
		return 0;
	}
	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 1024;
		struct run *more = reallocarray(r->run, room, sizeof(*more));

		if (!more)
			return error_set(err, STATUS_FAILED,
					 "shared: out of memory");
		r->run = more;
		r->room = room;
	}
	r->run[r->n++] = (struct run) {
		.vaddr = page->vaddr,
		.pfn = page->pfn,
		.npages = page->npages,
		.vma = r->at,
	};
	return 0;
}

/* A process once more, until an answer holds together. */
static int read_process(struct reader *r, pid_t pid, struct error *err)
{
	const struct pages_request req = {
		.pid = pid,
		.mode = MODE_SPLIT,
		.states = 1U << STATE_PRESENT | 1U << STATE_PROTNONE,
	};
	struct cost cost = { 0 };
	int tries;

	for (tries = 0; tries < VMAS_TRIES; tries++) {
		r->at = 0;
		r->n = 0;
		r->strays = 0;
		if (vmas_load(&r->vmas, r->t, pid, err) ||
		    r->t->ops->pages(r->t, &req, take_page, r, &cost, err))
			return -1;
		if (r->stats) {
			print_stats("maps", pid, &r->vmas.cost);
			print_stats("pages", pid, &cost);
		}
		if (!r->vmas.cost.interrupted && !cost.interrupted &&
		    !r->strays)
			return 0;
	}
	/* What is left is an estimate, and said to be one. */
	cost.interrupted += r->vmas.cost.interrupted + (r->strays != 0);
	warn_interrupted(pid, &cost);
	return 0;
}

static int add_process(struct sharing *s, const struct reader *r,
		       unsigned int number, unsigned int page_shift,
		       struct process *process, struct error *err)
{
	size_t vma = (size_t)-1;
	__u32 file = 0;
	size_t i;
	__u64 p;

	for (i = 0; i < r->n; i++) {
		const struct run *run = &r->run[i];
		const struct vma *v = &r->vmas.vma[run->vma];

		if (run->vma != vma &&
		    sharing_file(s, v, vma_label(v), &file, err))
			return -1;
		vma = run->vma;
		for (p = 0; p < run->npages; p++) {
			const struct shared_map map = {
				.pfn = run->pfn + p,
				.vaddr = run->vaddr + (p << page_shift),
				.process = number,
			};

			if (sharing_add(s, file, &map, err))
				return -1;
		}
		process->present += run->npages;
	}
	return 0;
}

static int read_all(struct sharing *s, const struct invocation *inv,
		    struct transport *t, struct process *processes,
		    struct error *err)
{
	struct reader r = { .t = t, .stats = inv->option[OPT_STATS] };
	int ret = -1, i;

	for (i = 0; i < inv->argc; i++)
		if (read_process(&r, (pid_t)processes[i].pid, err) ||
		    add_process(s, &r, i, t->info.page_shift, &processes[i],
				err))
			goto out;
	ret = sharing_count(s, err);
out:
	free(r.run);
	vmas_free(&r.vmas);
	return ret;
}

/**
 * struct report - what is printed
 * @inv: the command
 * @s: the set, counted
 * @processes: the processes
 * @page_shift: log2 of the base page size
 * @sections: how many were printed
 */
struct report {
	const struct invocation *inv;
	const struct sharing *s;
	const struct process *processes;
	unsigned int page_shift;
	unsigned int sections;
};

static int print_processes(struct report *rep, struct render *out,
			   struct error *err)
{
	int i;

	for (i = 0; i < rep->inv->argc; i++)
		if (render_row(out, &rep->processes[i], err))
			return -1;
	return 0;
}

static int print_pairs(struct report *rep, struct render *out,
		       struct error *err)
{
	const int n = rep->inv->argc;
	int i, j;

	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++) {
			const struct pair pair = {
				.a = rep->processes[i].pid,
				.b = rep->processes[j].pid,
				.pages = rep->s->pairs[(size_t)i * n + j],
			};

			if (render_row(out, &pair, err))
				return -1;
		}
	return 0;
}

static int print_files(struct report *rep, struct render *out,
		       struct error *err)
{
	size_t i;

	for (i = 0; i < rep->s->nr_files; i++) {
		const struct shared_file *file = &rep->s->files[i];
		const struct file_row row = { file, rep->page_shift };

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

	while (!ret && (map = sharing_next(rep->s, &at, &row.n))) {
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
				.pid = rep->processes[map[i].process].pid,
				.vaddr = map[i].vaddr,
			};
		ret = render_row(out, &row, err);
	}
	free(row.places);
	return ret;
}

static const struct section {
	const char *key;
	const struct columns *columns;
	bool streaming;
	int (*print)(struct report *rep, struct render *out, struct error *err);
} sections[] = {
	{ "processes", &process_columns, false, print_processes },
	{ "pairs", &pair_columns, false, print_pairs },
	{ "files", &file_columns, false, print_files },
	{ "frames", &shared_frame_columns, true, print_frames },
};

/* -o names columns of the files, and so asks for these alone. */
static bool is_wanted(const struct section *section,
		      const struct invocation *inv)
{
	if (inv->look.columns)
		return section->columns == &file_columns;
	return section->columns != &shared_frame_columns ||
	       inv->option[OPT_FRAMES];
}

static int print_section(struct report *rep, const struct section *section,
			 struct error *err)
{
	struct look look = rep->inv->look;
	struct render out;
	int ret;

	look.nested = true;
	ret = render_open(&out, &look, section->key, section->columns,
			  section->streaming, err);
	if (!ret && rep->sections++)
		fputs(look.json ? "," : "\n", stdout);
	if (!ret)
		ret = section->print(rep, &out, err) ||
		      render_finish(&out, err);
	render_close(&out);
	return ret ? -1 : 0;
}

static void print_total(const struct report *rep)
{
	__u64 pages = 0;
	char size[16];
	int i;

	for (i = 0; i < rep->inv->argc; i++)
		pages += rep->processes[i].present;
	printf("\ntotal: %llu pages in %llu frames, %s saved\n", pages,
	       rep->s->distinct,
	       text_size((pages - rep->s->distinct) << rep->page_shift, size,
			 sizeof(size)));
}

static int print_report(struct report *rep, struct error *err)
{
	const struct look *look = &rep->inv->look;
	size_t i;

	if (look->json)
		fputs("{\"shared\":{\n", stdout);
	for (i = 0; i < ARRAY_SIZE(sections); i++)
		if (is_wanted(&sections[i], rep->inv) &&
		    print_section(rep, &sections[i], err))
			return -1;
	if (look->json)
		puts("}}");
	else if (!look->columns)
		print_total(rep);
	return render_check(err);
}

static int parse_processes(const struct invocation *inv,
			   struct process *processes, struct error *err)
{
	pid_t pid;
	int i, j;

	for (i = 0; i < inv->argc; i++) {
		if (address_pid(inv->argv[i], &pid, err))
			return -1;
		for (j = 0; j < i; j++)
			if (processes[j].pid == (__u64)pid)
				return error_set(err, STATUS_USAGE,
						 "PID %d: given twice",
						 (int)pid);
		processes[i].pid = pid;
		procfs_comm(pid, processes[i].comm);
	}
	return 0;
}

/* Before anything is read: are there such columns? */
static int check_columns(const struct look *look, struct error *err)
{
	struct render out;
	int ret = render_open(&out, look, "files", &file_columns, true, err);

	render_close(&out);
	return ret;
}

static int freeze_all(struct freeze *f, const struct process *processes, int n,
		      struct error *err)
{
	pid_t *pid = calloc(n, sizeof(*pid));
	int ret = -1, i;

	for (i = 0; pid && i < n; i++)
		pid[i] = (pid_t)processes[i].pid;
	if (pid)
		ret = freeze_processes(f, pid, n, err);
	else
		error_set(err, STATUS_FAILED, "shared: out of memory");
	free(pid);
	return ret;
}

static int run_shared(const struct invocation *inv, struct error *err)
{
	struct process *processes = calloc(inv->argc, sizeof(*processes));
	struct report rep = { .inv = inv, .processes = processes };
	struct transport *t = NULL;
	struct freeze freeze = { 0 };
	struct sharing s = { 0 };
	int ret = -1;

	if (!processes) {
		error_set(err, STATUS_FAILED, "shared: out of memory");
		goto out;
	}
	if (parse_processes(inv, processes, err) ||
	    check_columns(&inv->look, err))
		goto out;
	t = inv->ops->open(err);
	if (!t)
		goto out;
	sharing_init(&s, inv->argc, inv->option[OPT_FRAMES]);
	if (inv->option[OPT_FREEZE] &&
	    freeze_all(&freeze, processes, inv->argc, err))
		goto out;
	if (read_all(&s, inv, t, processes, err))
		goto out;
	rep.s = &s;
	rep.page_shift = t->info.page_shift;
	ret = print_report(&rep, err);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	sharing_free(&s);
	transport_close(t);
	free(processes);
	return ret;
}

const struct command command_shared = {
	.name = "shared",
	.operands = "PID PID...",
	.summary = "pages that processes have in common",
	.details =
	"Counts pages that are present or protnone, without zero pages. A page belongs to\n"
	"what its mapping maps: a private copy of a file's page counts for the file.\n"
	"Text leaves files out of which nothing is shared. -o selects columns of the\n"
	"files, and shows these alone.\n",
	.min_operands = 2,
	.options = shared_options,
	.columns = &file_columns,
	.run = run_shared,
};
