// SPDX-License-Identifier: GPL-2.0
/*
 * Traces: one directive a line, done as it is read. README.md lists them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"
#include "relocate.h"
#include "trace.h"

#define WORDS_MAX	16
#define CODE_MAX	32
#define LINE_MAX_LEN	256

static const struct scheme * const schemes[] = {
	&scheme_time_sharing, &scheme_relocation, &scheme_base,
	&scheme_bounds, &scheme_segments, &scheme_paging,
};

/**
 * struct trace - a trace, while it is read
 * @path: of the file
 * @line: number of the line
 * @rest: of the line, after the directive
 * @word: its words; after the last one NULL
 * @machine: what has been said so far
 * @code: lines of the program
 * @nr_code: how many
 */
struct trace {
	const char *path;
	unsigned int line;
	const char *rest;
	char *word[WORDS_MAX + 1];
	struct machine machine;
	char code[CODE_MAX][LINE_MAX_LEN];
	size_t nr_code;
};

__attribute__((format(printf, 2, 3)))
static int wrong(const struct trace *t, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "models: %s:%u: ", t->path, t->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -1;
}

/* 100, 0x64, 0b1100100, 4K */
static int parse_number(const struct trace *t, const char *word, uint64_t *n)
{
	const bool binary = word && !strncmp(word, "0b", 2);
	char *end;

	if (!word)
		return wrong(t, "a number is missing");
	errno = 0;
	*n = strtoull(binary ? word + 2 : word, &end, binary ? 2 : 0);
	if (*end == 'K') {
		*n *= 1024;
		end++;
	}
	if (errno || *end || end == word || *word == '-')
		return wrong(t, "'%s' is not a number", word);
	return 0;
}

/* 5096 (5 KB - 24): the way the lecture says it, beside the number. */
static void print_bytes(uint64_t n)
{
	const uint64_t kb = (n + 512) / 1024;
	const int64_t beyond = n - kb * 1024;

	printf("%" PRIu64, n);
	if (kb)
		printf(" (%" PRIu64 " KB", kb);
	if (kb && beyond)
		printf(" %c %" PRIu64, beyond < 0 ? '-' : '+',
		       beyond < 0 ? -beyond : beyond);
	if (kb)
		printf(")");
}

/* The process of that name; NULL, and it has been said, if there is none. */
static struct process *find_process(struct trace *t, const char *name)
{
	size_t i;

	for (i = 0; name && i < t->machine.nr_processes; i++)
		if (!strcmp(t->machine.process[i].name, name))
			return &t->machine.process[i];
	wrong(t, "there is no process %s", name ?: "here");
	return NULL;
}

static struct segment *find_segment(const struct trace *t, struct process *p,
				    const char *name)
{
	size_t i;

	for (i = 0; name && i < p->nr_segments; i++)
		if (!strcmp(p->segment[i].name, name))
			return &p->segment[i];
	wrong(t, "%s has no segment %s", p->name, name ?: "here");
	return NULL;
}

static int copy_name(const struct trace *t, const char *word,
		     char name[NAME_MAX_LEN])
{
	if (!word || strlen(word) >= NAME_MAX_LEN)
		return wrong(t, "a name of less than %d characters is missing",
			     NAME_MAX_LEN);
	strcpy(name, word);
	return 0;
}

/* What may stand at the end of a line, in any order. */
struct option {
	const char *name;
	enum { NUMBER, FLAG, MAY } kind;
	void *value;		/* uint64_t, bool, unsigned int */
};

static int parse_may(const struct trace *t, const char *word, unsigned int *may)
{
	const char *c;

	*may = 0;
	for (c = word; c && *c; c++)
		if (*c == 'r')
			*may |= MAY_LOAD;
		else if (*c == 'w')
			*may |= MAY_STORE;
		else if (*c == 'x')
			*may |= MAY_FETCH;
		else if (*c != '-')
			return wrong(t, "'%s': not made of r, w, x and -", word);
	return word ? 0 : wrong(t, "rwx is missing");
}

static int options(const struct trace *t, size_t from, const struct option *o,
		   size_t n)
{
	size_t i, k;

	for (i = from; t->word[i]; i++) {
		for (k = 0; k < n && strcmp(o[k].name, t->word[i]); k++)
			;
		if (k == n)
			return wrong(t, "'%s' is not known here", t->word[i]);
		if (o[k].kind == FLAG)
			*(bool *)o[k].value = true;
		else if (o[k].kind == MAY ?
			 parse_may(t, t->word[++i], o[k].value) :
			 parse_number(t, t->word[++i], o[k].value))
			return -1;
	}
	return 0;
}

#define OPTIONS(t, from, ...)						\
	options(t, from, (const struct option[]) { __VA_ARGS__ },	\
		sizeof((const struct option[]) { __VA_ARGS__ }) /	\
		sizeof(struct option))

static int do_scheme(struct trace *t)
{
	size_t i;

	for (i = 0; t->word[1] && i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!strcmp(schemes[i]->name, t->word[1])) {
			t->machine = (struct machine) { .scheme = schemes[i] };
			t->nr_code = 0;
			printf("\n%s\n", schemes[i]->title);
			return 0;
		}
	return wrong(t, "there is no scheme %s", t->word[1] ?: "here");
}

static int do_machine(struct trace *t)
{
	struct machine *m = &t->machine;
	uint64_t address_bits = m->address_bits, segment_bits = m->segment_bits;

	if (OPTIONS(t, 1, { "ram", NUMBER, &m->ram },
		    { "page", NUMBER, &m->page_size },
		    { "address-bits", NUMBER, &address_bits },
		    { "segment-bits", NUMBER, &segment_bits }))
		return -1;
	if (address_bits > 63 || segment_bits > address_bits)
		return wrong(t, "these are not so many bits");
	if (m->page_size & (m->page_size - 1))
		return wrong(t, "a page is a power of two of bytes");
	m->address_bits = address_bits;
	m->segment_bits = segment_bits;
	return 0;
}

static int do_process(struct trace *t)
{
	struct machine *m = &t->machine;
	struct process *p = &m->process[m->nr_processes];

	if (m->nr_processes == PROCESSES_MAX)
		return wrong(t, "at most %d processes", PROCESSES_MAX);
	*p = (struct process) { 0 };
	m->nr_processes++;
	return copy_name(t, t->word[1], p->name) ||
	       OPTIONS(t, 2, { "base", NUMBER, &p->base }, { "size", NUMBER, &p->size });
}

static int do_segment(struct trace *t)
{
	struct segment s = { .may = MAY_ALL };
	struct process *p = find_process(t, t->word[1]);
	uint64_t n;

	if (!p)
		return -1;
	if (p->nr_segments == SEGMENTS_MAX)
		return wrong(t, "at most %d segments", SEGMENTS_MAX);
	if (parse_number(t, t->word[2], &n) || copy_name(t, t->word[3], s.name) ||
	    OPTIONS(t, 4, { "base", NUMBER, &s.base }, { "size", NUMBER, &s.size },
		    { "may", MAY, &s.may }, { "down", FLAG, &s.down }))
		return -1;
	s.number = n;
	p->segment[p->nr_segments++] = s;
	return 0;
}

static int do_move(struct trace *t)
{
	struct segment *s;
	struct process *p = find_process(t, t->word[1]);

	s = p ? find_segment(t, p, t->word[2]) : NULL;
	if (!s || OPTIONS(t, 3, { "base", NUMBER, &s->base }, { "size", NUMBER, &s->size }))
		return -1;
	printf("%s: %s is now %s ", p->name, s->name,
	       s->down ? "anchored at" : "at");
	print_bytes(s->base);
	printf(", %" PRIu64 " bytes\n", s->size);
	return 0;
}

static int do_page(struct trace *t)
{
	struct mapping page = { .may = MAY_ALL };
	struct process *p = find_process(t, t->word[1]);

	if (!p)
		return -1;
	if (p->nr_pages == PAGES_MAX)
		return wrong(t, "at most %d pages", PAGES_MAX);
	if (!t->machine.page_size)
		return wrong(t, "machine page SIZE has to come first");
	if (parse_number(t, t->word[2], &page.vpn) ||
	    OPTIONS(t, 3, { "frame", NUMBER, &page.ppn }, { "may", MAY, &page.may }))
		return -1;
	p->page[p->nr_pages++] = page;
	return 0;
}

static int do_region(struct trace *t)
{
	struct region *r;
	struct process *p = find_process(t, t->word[1]);

	if (!p)
		return -1;
	if (p->nr_regions == REGIONS_MAX)
		return wrong(t, "at most %d regions", REGIONS_MAX);
	r = &p->region[p->nr_regions++];
	if (copy_name(t, t->word[2], r->name) ||
	    parse_number(t, t->word[3], &r->start) || parse_number(t, t->word[4], &r->end))
		return -1;
	return r->end > r->start ? 0 : wrong(t, "the region is empty");
}

/* Who else has this byte of RAM? */
static void print_owners(const struct machine *m, const struct process *p,
			 uint64_t paddr)
{
	struct piece piece[PIECES_MAX];
	const size_t n = pieces(m, piece);
	bool own = false;
	size_t i;

	for (i = 0; i < n; i++)
		if (piece[i].process == p && paddr - piece[i].start < piece[i].size)
			own = true;
	for (i = 0; i < n; i++)
		if (piece[i].process != p && paddr - piece[i].start < piece[i].size)
			printf(": %s's memory%s", piece[i].process->name,
			       own ? " as well" : ", and nothing stops it");
}

static int access_as(struct trace *t, unsigned int access)
{
	const struct machine *m = &t->machine;
	uint64_t vaddr, printed = 0;
	struct answer answer;
	struct process *p = find_process(t, t->word[1]);

	if (!p || parse_number(t, t->word[2], &vaddr) ||
	    OPTIONS(t, 3, { "printed", NUMBER, &printed }))
		return -1;
	answer = m->scheme->translate(m, p, vaddr, access);
	printf("%s %s %s -> ", p->name, t->word[0], t->word[2]);
	if (answer.interrupt) {
		printf("interrupt: %s\n", answer.interrupt);
		return 0;
	}
	print_bytes(answer.paddr);
	if (m->scheme != &scheme_time_sharing)
		print_owners(m, p, answer.paddr);
	if (printed && printed != answer.paddr)
		printf("; the slide prints %" PRIu64 ", but %" PRIu64 " + %" PRIu64 " is %" PRIu64,
		       printed, p->base, vaddr, answer.paddr);
	putchar('\n');
	return 0;
}

static int do_load(struct trace *t)
{
	return access_as(t, MAY_LOAD);
}

static int do_store(struct trace *t)
{
	return access_as(t, MAY_STORE);
}

static int do_fetch(struct trace *t)
{
	return access_as(t, MAY_FETCH);
}

static int do_split(struct trace *t)
{
	const struct machine *m = &t->machine;
	unsigned int digits = (m->address_bits - m->segment_bits + 3) / 4;
	uint64_t vaddr, offset;
	unsigned int number_of;

	if (parse_number(t, t->word[1], &vaddr))
		return -1;
	if (!m->address_bits || vaddr >> m->address_bits)
		return wrong(t, "an address has %u bits", m->address_bits);
	number_of = segment_of(m, vaddr, &offset);
	printf("%s -> segment %u, offset 0x%0*" PRIx64 "\n", t->word[1],
	       number_of, (int)digits, offset);
	return 0;
}

static int do_switch(struct trace *t)
{
	const struct process *from = find_process(t, t->word[1]);
	const struct process *to = from ? find_process(t, t->word[2]) : NULL;

	if (!to)
		return -1;
	printf("switch %s -> %s: %" PRIu64 " bytes out, %" PRIu64 " bytes in",
	       from->name, to->name, from->size, to->size);
	printf(", %" PRIu64 " together\n", from->size + to->size);
	return 0;
}

static int do_instruction(struct trace *t)
{
	if (t->nr_code == CODE_MAX)
		return wrong(t, "at most %d instructions", CODE_MAX);
	snprintf(t->code[t->nr_code++], LINE_MAX_LEN, "%s", t->rest);
	return 0;
}

static int do_relocate(struct trace *t)
{
	char buf[2 * LINE_MAX_LEN];
	struct process *p = find_process(t, t->word[1]);
	size_t i;

	if (!p)
		return -1;
	printf("%s, loaded at 0x%" PRIx64 ":\n", p->name, p->base);
	for (i = 0; i < t->nr_code; i++) {
		relocate(t->code[i], p->base, buf, sizeof(buf));
		printf("  %s\n", buf);
	}
	return 0;
}

static int do_waste(struct trace *t)
{
	const struct machine *m = &t->machine;
	uint64_t allocated, used = 0;
	struct process *p = find_process(t, t->word[1]);
	size_t i;

	if (!p)
		return -1;
	for (i = 0; i < p->nr_regions; i++)
		used += p->region[i].end - p->region[i].start;
	allocated = m->scheme->allocated(m, p);
	if (allocated < used)
		return wrong(t, "%s uses more than it has", p->name);
	printf("%s: %" PRIu64 " bytes of RAM, %" PRIu64 " used, %" PRIu64 " wasted inside\n",
	       p->name, allocated, used, allocated - used);
	return 0;
}

/* Would SIZE bytes more find room? Pages need not lie together. */
static int do_place(struct trace *t)
{
	const bool paged = t->machine.scheme == &scheme_paging;
	const struct holes h = holes(&t->machine);
	uint64_t size;
	bool fits;

	if (parse_number(t, t->word[1], &size))
		return -1;
	fits = size <= (paged ? h.free : h.largest);
	printf("place %" PRIu64 " bytes: %" PRIu64 " free, ", size, h.free);
	printf("the largest hole has %" PRIu64 ": %s; ", h.largest,
	       !fits ? "refused" :
	       paged ? "placed, a page here and a page there" : "placed");
	printf("wasted outside: %" PRIu64 "\n", fits ? 0 : h.free);
	return 0;
}

static int do_note(struct trace *t)
{
	printf("- %s\n", t->rest);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct trace *t);
} directives[] = {
	{ "scheme", do_scheme },
	{ "machine", do_machine },
	{ "process", do_process },
	{ "segment", do_segment },
	{ "move", do_move },
	{ "page", do_page },
	{ "region", do_region },
	{ "load", do_load },
	{ "store", do_store },
	{ "fetch", do_fetch },
	{ "split", do_split },
	{ "switch", do_switch },
	{ "instruction", do_instruction },
	{ "relocate", do_relocate },
	{ "waste", do_waste },
	{ "place", do_place },
	{ "note", do_note },
};

static int run_line(struct trace *t, char *line)
{
	static const char blanks[] = " \t\n";
	char copy[LINE_MAX_LEN];
	char *word, *save;
	size_t n = 0, i;

	line[strcspn(line, "\n")] = '\0';
	line += strspn(line, blanks);
	if (!*line || *line == '#')
		return 0;
	strcpy(copy, line);
	t->rest = copy + strcspn(copy, blanks);
	t->rest += strspn(t->rest, blanks);
	for (word = strtok_r(line, blanks, &save); word && n < WORDS_MAX;
	     word = strtok_r(NULL, blanks, &save))
		t->word[n++] = word;
	t->word[n] = NULL;
	if (!t->machine.scheme && strcmp(t->word[0], "scheme"))
		return wrong(t, "scheme has to come first");
	for (i = 0; i < sizeof(directives) / sizeof(*directives); i++)
		if (!strcmp(directives[i].name, t->word[0]))
			return directives[i].run(t);
	return wrong(t, "'%s' is not a directive", t->word[0]);
}

int trace_run(const char *path)
{
	struct trace t = { .path = path };
	char line[LINE_MAX_LEN];
	int ret = 0;
	FILE *f = fopen(path, "re");

	if (!f) {
		fprintf(stderr, "models: %s: %s\n", path, strerror(errno));
		return 2;
	}
	while (!ret && fgets(line, sizeof(line), f)) {
		t.line++;
		ret = strchr(line, '\n') || feof(f) ?
		      run_line(&t, line) : wrong(&t, "the line is too long");
	}
	fclose(f);
	return ret ? 2 : 0;
}
