// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope frame: what a frame is, and everybody who maps it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "command.h"
#include "owners.h"
#include "prose_frame.h"
#include "text.h"

enum {
	OPT_OF,
	OPT_SCAN,
	OPT_STATS,
};

static const struct command_option frame_options[] = {
	[OPT_OF] = { "of", "PID:ADDR", "the frame behind an address" },
	[OPT_SCAN] = { "scan", NULL, "walk every process, whatever the kernel says" },
	[OPT_STATS] = { "stats", NULL, "what it has cost, on stderr" },
	{ 0 }
};

static const struct owner *owner_of(const void *row)
{
	return row;
}

static void get_pid(const void *row, struct value *v)
{
	value_number(v, VALUE_NUMBER, owner_of(row)->pid);
}

static void get_comm(const void *row, struct value *v)
{
	value_string(v, owner_of(row)->comm);
}

static void get_state(const void *row, struct value *v)
{
	value_string(v, state_name(owner_of(row)->state));
}

static void get_level(const void *row, struct value *v)
{
	value_string(v, level_name(owner_of(row)->level));
}

static void get_page_size(const void *row, struct value *v)
{
	value_number(v, VALUE_SIZE, 1ULL << owner_of(row)->page_shift);
}

static void get_flags(const void *row, struct value *v)
{
	value_flags(v, owner_of(row)->flags);
}

static void get_owner_file(const void *row, struct value *v)
{
	value_string(v, owner_of(row)->file);
}

static const struct column owner_column[] = {
	{ "pid", "process", get_pid, .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "comm", "its name", get_comm, .flags = COLUMN_DEFAULT },
	{ .name = "vaddr", .help = "address", .kind = VALUE_HEX,
	  .offset = offsetof(struct owner, vaddr), .flags = COLUMN_DEFAULT },
	{ .name = "entry", .help = "raw entry", .kind = VALUE_HEX,
	  .offset = offsetof(struct owner, entry), .flags = COLUMN_DEFAULT },
	{ "state", "of the entry", get_state, .flags = 0 },
	{ "level", "of the entry", get_level, .flags = 0 },
	{ "page_size", "bytes that it maps", get_page_size, .flags = 0 },
	{ "flags", "of the entry", get_flags, .flags = COLUMN_DEFAULT },
	{ "file", "mapped there", get_owner_file, .flags = COLUMN_DEFAULT },
};

static const struct columns owner_columns = COLUMNS(owner_column);

/**
 * struct frame_row - a frame, and what its columns need besides
 * @frame: the frame
 * @owners: of it
 * @page_shift: log2 of the base page size
 */
struct frame_row {
	const struct frame *frame;
	const struct owners *owners;
	unsigned int page_shift;
};

static const struct frame *frame_of(const void *row)
{
	return ((const struct frame_row *)row)->frame;
}

static void get_paddr(const void *row, struct value *v)
{
	value_number(v, VALUE_HEX, frame_of(row)->pfn <<
		     ((const struct frame_row *)row)->page_shift);
}

static void get_kind(const void *row, struct value *v)
{
	value_string(v, frame_kind_name(frame_of(row)->kind));
}

static void get_how(const void *row, struct value *v)
{
	value_string(v, how_name(frame_of(row)->how));
}

static void get_mapcount(const void *row, struct value *v)
{
	if (!frame_of(row)->has_facts)
		return;
	value_number(v, VALUE_NUMBER, frame_of(row)->mapcount);
	v->estimate = !frame_of(row)->mapcount_exact;
}

static void get_exact(const void *row, struct value *v)
{
	if (frame_of(row)->has_facts)
		value_number(v, VALUE_BOOL, frame_of(row)->mapcount_exact);
}

static void get_frame_flags(const void *row, struct value *v)
{
	if (frame_of(row)->has_facts)
		value_kpageflags(v, frame_of(row)->kpageflags);
}

static void get_node(const void *row, struct value *v)
{
	if (frame_of(row)->node >= 0)
		value_number(v, VALUE_NUMBER, frame_of(row)->node);
}

static void get_file(const void *row, struct value *v)
{
	value_string(v, frame_of(row)->file);
}

static void get_dev(const void *row, struct value *v)
{
	const struct frame *frame = frame_of(row);

	if (!frame->has_file)
		return;
	snprintf(v->room, sizeof(v->room), "%02x:%02x", frame->dev_major,
		 frame->dev_minor);
	value_string(v, v->room);
}

static void get_complete(const void *row, struct value *v)
{
	value_number(v, VALUE_BOOL, frame_of(row)->complete);
}

static void get_owners(const void *row, struct value *v)
{
	const struct owners *owners = ((const struct frame_row *)row)->owners;

	value_array(v, &owner_columns, owners->owner, owners->n,
		    sizeof(owners->owner[0]));
}

/* Numbers that are there always, or only if something is known. */
#define NUMBER(field, how, known)					\
	static void get_##field(const void *row, struct value *v)	\
	{								\
		if (known)						\
			value_number(v, how, frame_of(row)->field);	\
	}

NUMBER(pfn, VALUE_NUMBER, true)
NUMBER(found, VALUE_NUMBER, true)
NUMBER(hidden, VALUE_NUMBER, true)
NUMBER(skipped, VALUE_NUMBER, true)
NUMBER(lock_max_ns, VALUE_NUMBER, true)
NUMBER(order, VALUE_NUMBER, frame_of(row)->has_facts)
NUMBER(head_pfn, VALUE_NUMBER, frame_of(row)->has_facts)
NUMBER(refcount, VALUE_NUMBER, frame_of(row)->has_facts)
NUMBER(kpageflags, VALUE_HEX, frame_of(row)->has_facts)
NUMBER(memcg_inode, VALUE_NUMBER, frame_of(row)->memcg_inode)
NUMBER(inode, VALUE_NUMBER, frame_of(row)->has_file)
NUMBER(file_page, VALUE_NUMBER, frame_of(row)->has_file)

static const struct column frame_column[] = {
	{ "pfn", "number of the frame", get_pfn,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "paddr", "its physical address", get_paddr, .flags = 0 },
	{ "kind", "what it is used for", get_kind, .flags = COLUMN_DEFAULT },
	{ "order", "log2 of the pages of its folio", get_order,
	  .flags = COLUMN_RIGHT },
	{ "head_pfn", "first frame of the folio", get_head_pfn,
	  .flags = COLUMN_RIGHT },
	{ "mapcount", "mappings of it, in all processes", get_mapcount,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "mapcount_exact", "that is no estimate (~)", get_exact, .flags = 0 },
	{ "refcount", "references to its folio", get_refcount,
	  .flags = COLUMN_RIGHT },
	{ "flags", "as /proc/kpageflags has them", get_frame_flags, .flags = 0 },
	{ "kpageflags", "as one number", get_kpageflags, .flags = 0 },
	{ "node", "NUMA node", get_node, .flags = COLUMN_RIGHT },
	{ "memcg_inode", "inode of the memory cgroup that pays for it",
	  get_memcg_inode, .flags = COLUMN_RIGHT },
	{ "file", "whose page it caches", get_file, .flags = COLUMN_DEFAULT },
	{ "file_page", "which page of the file", get_file_page,
	  .flags = COLUMN_RIGHT },
	{ "inode", "of the file", get_inode, .flags = COLUMN_RIGHT },
	{ "dev", "device of the file", get_dev, .flags = 0 },
	{ "how", "how owners were looked for: none, file, anon, scan, locked, changed",
	  get_how, .flags = COLUMN_DEFAULT },
	{ "found", "mappings found", get_found,
	  .flags = COLUMN_DEFAULT | COLUMN_RIGHT },
	{ "hidden", "of them, outside of this PID namespace", get_hidden,
	  .flags = COLUMN_RIGHT },
	{ "skipped", "mappings or processes that could not be looked at",
	  get_skipped, .flags = COLUMN_RIGHT },
	{ "lock_max_ns", "longest that the folio's locks were held",
	  get_lock_max_ns, .flags = COLUMN_RIGHT },
	{ "owners_complete", "the owners found are all there are",
	  get_complete, .flags = COLUMN_DEFAULT },
	{ "owners", "who maps it, where, by which entry", get_owners,
	  .flags = 0 },
};

static const struct columns frame_columns_all = COLUMNS(frame_column);

/**
 * struct query - one run of the command
 * @inv: the command
 * @t: the way into the module
 * @out: the output
 * @owners: of the frame at hand
 * @frame: the frame at hand
 * @file: its path
 * @first: nothing has been printed
 * @prose: text without columns
 */
struct query {
	const struct invocation *inv;
	struct transport *t;
	struct render out;
	struct owners owners;
	struct frame frame;
	char file[TEXT_MAX];
	bool first;
	bool prose;
};

static int take_owner(const struct owner *owner, void *arg, struct error *err)
{
	struct query *q = arg;

	return owners_add(&q->owners, owner, err);
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	struct query *q = arg;

	(void)err;
	q->frame = *frame;
	snprintf(q->file, sizeof(q->file), "%s", frame->file);
	q->frame.file = q->file;
	return 0;
}

static int ask(struct query *q, __u64 pfn, bool scan, struct error *err)
{
	const struct frame_request req = {
		.pfn = pfn,
		.scan = scan || q->inv->option[OPT_SCAN],
		.owner = take_owner,
		.frame = take_frame,
		.arg = q,
	};
	struct cost cost;

	owners_clear(&q->owners);
	if (q->t->ops->frame(q->t, &req, &cost, err))
		return -1;
	owners_sort(&q->owners);
	if (q->inv->option[OPT_STATS])
		print_stats("frame", 0, &cost);
	return 0;
}

/* A table of its own, below the words about the frame. */
static int print_owners(const struct query *q, struct error *err)
{
	const struct look look = { .no_headings = q->inv->look.no_headings };
	struct render out = { 0 };
	int ret;
	size_t i;

	prose_owners(&q->frame, q->owners.n);
	if (!q->owners.n)
		return 0;
	ret = render_open(&out, &look, "owners", &owner_columns, false, err);
	for (i = 0; !ret && i < q->owners.n; i++)
		ret = render_row(&out, &q->owners.owner[i], err);
	if (!ret)
		ret = render_finish(&out, err);
	render_close(&out);
	return ret;
}

static int show(struct query *q, struct error *err)
{
	const struct frame_row row = {
		.frame = &q->frame,
		.owners = &q->owners,
		.page_shift = q->t->info.page_shift,
	};

	if (!q->prose)
		return render_row(&q->out, &row, err);
	prose_frame(&q->frame, q->t->info.page_shift, q->first);
	q->first = false;
	return print_owners(q, err);
}

/**
 * struct behind - an address whose frame is asked for
 * @text: PID:ADDR as typed
 * @pid: the process
 * @place: the address
 */
struct behind {
	const char *text;
	pid_t pid;
	struct place place;
};

static int parse_behind(struct behind *b, const char *text, struct error *err)
{
	const char *colon = strchr(text, ':');
	char pid[32];

	b->text = text;
	if (!colon || colon - text >= (int)sizeof(pid))
		return error_set(err, STATUS_USAGE, "%s: not PID:ADDR", text);
	memcpy(pid, text, colon - text);
	pid[colon - text] = '\0';
	if (address_pid(pid, &b->pid, err))
		return -1;
	return address_parse(colon + 1, &b->place, err);
}

static int take_page(const struct walk *walk, void *arg, struct error *err)
{
	struct page *page = arg;

	(void)err;
	*page = walk->page;
	return 0;
}

/*
 * The process runs on: what was behind the address may be elsewhere by the time
 * the frame is looked at. Ask until the address is among the owners.
 */
static int ask_behind(struct query *q, const struct behind *b,
		      struct error *err)
{
	const __u64 mask = ~((1ULL << q->t->info.page_shift) - 1);
	struct page page;
	__u64 before = 0;
	int tries;

	for (tries = 0; tries < 8; tries++) {
		if (q->t->ops->walk(q->t, b->pid, b->place.start, take_page,
				    &page, err))
			return -1;
		if (!page.has_pfn)
			return error_set(err, STATUS_FAILED,
					 "%s: no frame: its state is %s",
					 b->text, state_name(page.state));
		/* The kernel's own mappings are in no reverse map. */
		if (ask(q, page.pfn, tries && page.pfn == before, err))
			return -1;
		if (address_is_kernel(b->place.start) ||
		    owners_have(&q->owners, b->pid, b->place.start & mask))
			return show(q, err);
		before = page.pfn;
	}
	fprintf(stderr,
		"vmscope: %s: it kept changing: what follows is the last frame seen there\n",
		b->text);
	return show(q, err);
}

static int look_up(struct behind *b, struct transport *t, struct error *err)
{
	struct vmas vmas = { 0 };
	int ret;

	if (!b->place.name)
		return 0;
	ret = vmas_load(&vmas, t, b->pid, err);
	if (!ret)
		ret = address_resolve(b->place.text, &vmas, b->pid,
				      &b->place.start, err);
	vmas_free(&vmas);
	return ret;
}

static int ask_all(struct query *q, const __u64 *pfns, struct behind *b,
		   struct error *err)
{
	int i;

	if (b->text && (look_up(b, q->t, err) || ask_behind(q, b, err)))
		return -1;
	for (i = 0; i < q->inv->argc; i++)
		if (ask(q, pfns[i], false, err) || show(q, err))
			return -1;
	return q->prose ? 0 : render_finish(&q->out, err);
}

static int parse_pfns(const struct invocation *inv, __u64 *pfns,
		      struct error *err)
{
	int i;

	for (i = 0; i < inv->argc; i++)
		if (text_number(inv->argv[i], strlen(inv->argv[i]), &pfns[i]))
			return error_set(err, STATUS_USAGE,
					 "%s: not a frame number",
					 inv->argv[i]);
	return 0;
}

static int run_frame(const struct invocation *inv, struct error *err)
{
	struct query *q = calloc(1, sizeof(*q));
	__u64 *pfns = calloc(inv->argc + 1, sizeof(*pfns));
	struct behind behind = { 0 };
	int ret = -1;

	if (!q || !pfns) {
		error_set(err, STATUS_FAILED, "frame: out of memory");
		goto out;
	}
	q->inv = inv;
	q->first = true;
	q->prose = !inv->look.json && !inv->look.columns;
	if (!inv->option[OPT_OF] && !inv->argc) {
		error_set(err, STATUS_USAGE, "frame: needs PFN... or --of PID:ADDR");
		goto out;
	}
	if (inv->option[OPT_OF] &&
	    parse_behind(&behind, inv->option[OPT_OF], err))
		goto out;
	if (parse_pfns(inv, pfns, err) ||
	    render_open(&q->out, &inv->look, "frame", &frame_columns_all, false,
			err))
		goto out;
	q->t = inv->ops->open(err);
	if (q->t)
		ret = ask_all(q, pfns, &behind, err);
out:
	if (q) {
		owners_free(&q->owners);
		transport_close(q->t);
		render_close(&q->out);
	}
	free(pfns);
	free(q);
	return ret;
}

const struct command command_frame = {
	.name = "frame",
	.operands = "PFN...",
	.summary = "what a frame is, and who maps it",
	.details =
	"Also: vmscope frame --of PID:ADDR. Text is prose; with -o it is a table of one\n"
	"row a frame. Owners are found by the kernel's own reverse map; where it has none\n"
	"(KSM, zero pages, device memory), or with --scan, every process is walked.\n"
	"A process that maps a frame through a device file is only found by --scan.\n",
	.options = frame_options,
	.columns = &frame_columns_all,
	.run = run_frame,
};
