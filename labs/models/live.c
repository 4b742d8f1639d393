// SPDX-License-Identifier: GPL-2.0
/*
 * The schemes, for a process that runs: what would it need under each?
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "live.h"

#define PAGE	4096ULL

/* The sums that the schemes are made of. */
struct sums {
	uint64_t span;		/* from the first to the last address */
	uint64_t mapped;
	uint64_t largest;	/* of the mappings */
	uint64_t largest_up;	/* likewise, with the stack at its limit */
	uint64_t grown;		/* bytes that the stack may yet grow */
	uint64_t touched;
	uint64_t present;
	uint64_t file_bytes;
	uint64_t shareable;	/* bytes of whole mappings */
};

/**
 * struct row - one scheme
 * @pieces: of RAM, each of which has to be contiguous
 * @contiguous: bytes of the largest
 * @ram: bytes together, page tables included
 * @inside: of them, bytes that are not used
 * @outside: free bytes of this machine that the largest piece cannot use
 * @tables: bytes of page tables
 * @shareable: bytes that a second process of the same program could share
 * @on_switch: bytes from and to disk when another process runs
 */
struct row {
	uint64_t pieces;
	uint64_t contiguous;
	uint64_t ram;
	uint64_t inside;
	uint64_t outside;
	uint64_t tables;
	uint64_t shareable;
	uint64_t on_switch;
};

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static struct sums add_up(const struct facts *facts)
{
	struct sums s = { 0 };
	size_t i;

	for (i = 0; i < facts->n; i++) {
		const struct part *p = &facts->part[i];
		const uint64_t size = p->end - p->start;
		uint64_t full = size;

		if (p->stack && facts->stack_limit > size)
			full = facts->stack_limit;
		s.span = p->end - facts->part[0].start;
		s.mapped += size;
		s.grown += full - size;
		s.largest = max(s.largest, size);
		s.largest_up = max(s.largest_up, full);
		s.touched += p->touched;
		s.present += p->present;
		s.file_bytes += p->file_bytes;
		if (p->shareable)
			s.shareable += size;
	}
	return s;
}

/*
 * Free RAM in blocks that are too small. The kernel lists blocks of up to 4 MB
 * and not which of these are neighbours: they count as large enough.
 */
static uint64_t too_small(const struct facts *facts, uint64_t piece)
{
	uint64_t bytes = 0;
	int order, last = 0;

	for (order = 0; order < BUDDY_ORDERS; order++)
		if (facts->buddy[order])
			last = order;
	for (order = 0; order < last && PAGE << order < piece; order++)
		bytes += facts->buddy[order] * (PAGE << order);
	return bytes;
}

/* All in one piece, holes and all: what no scheme with one base can avoid. */
static void in_one_piece(const struct facts *facts, const struct sums *s,
			 struct row *row)
{
	(void)facts;
	row->pieces = 1;
	row->contiguous = s->span;
	row->ram = s->span;
	row->inside = s->span - s->touched;
}

static void time_sharing(const struct facts *facts, const struct sums *s,
			 struct row *row)
{
	in_one_piece(facts, s, row);
	/* Of the holes nothing has to be written: what was touched, out and in. */
	row->on_switch = 2 * s->touched;
}

/* A mapping is a segment. A stack that grows up has its room from the start. */
static void segments_up(const struct facts *facts, const struct sums *s,
			struct row *row)
{
	row->pieces = facts->n;
	row->contiguous = s->largest_up;
	row->ram = s->mapped + s->grown;
	row->inside = row->ram - s->touched;
}

static void segments_down(const struct facts *facts, const struct sums *s,
			  struct row *row)
{
	row->pieces = facts->n;
	row->contiguous = s->largest;
	row->ram = s->mapped;
	row->inside = row->ram - s->touched;
}

static void segments_shared(const struct facts *facts, const struct sums *s,
			    struct row *row)
{
	segments_down(facts, s, row);
	row->shareable = s->shareable;
}

static void paging(const struct facts *facts, const struct sums *s,
		   struct row *row)
{
	row->pieces = s->present / PAGE;
	row->contiguous = max(facts->page_max, PAGE);
	row->tables = facts->tables;
	row->ram = s->present + facts->tables;
	row->inside = facts->tails;
	row->shareable = s->file_bytes;
}

static const struct {
	const char *name;
	void (*apply)(const struct facts *facts, const struct sums *s,
		      struct row *row);
} schemes[] = {
	{ "time-sharing", time_sharing },
	{ "relocation", in_one_piece },
	{ "base", in_one_piece },
	{ "bounds", in_one_piece },
	{ "segments-up", segments_up },
	{ "segments-down", segments_down },
	{ "segments-shared", segments_shared },
	{ "paging", paging },
};

static const char *human(uint64_t bytes, char buf[16])
{
	static const char units[] = "BKMGTP";
	uint64_t unit = 1;
	int i = 0;

	while (bytes / unit >= 1024 && units[i + 1]) {
		unit *= 1024;
		i++;
	}
	if (bytes % unit && bytes / unit < 10)
		snprintf(buf, 16, "%.1f%c", (double)bytes / unit, units[i]);
	else
		snprintf(buf, 16, "%" PRIu64 "%c", bytes / unit, units[i]);
	return buf;
}

static void print_row(const char *name, const struct row *row)
{
	char b[7][16];

	printf("%-15s %6" PRIu64 " %10s %6s %6s %7s %6s %9s %6s\n", name,
	       row->pieces, human(row->contiguous, b[0]), human(row->ram, b[1]),
	       human(row->inside, b[2]), human(row->outside, b[3]),
	       human(row->tables, b[4]), human(row->shareable, b[5]),
	       human(row->on_switch, b[6]));
}

#define FIELD(field)	{ #field, offsetof(struct row, field) }

static const struct {
	const char *name;
	size_t offset;
} fields[] = {
	FIELD(pieces), FIELD(contiguous), FIELD(ram), FIELD(inside),
	FIELD(outside), FIELD(tables), FIELD(shareable), FIELD(on_switch),
};

static struct json_object *json_row(const char *name, const struct row *row)
{
	struct json_object *o = json_object_new_object();
	size_t i;

	json_object_object_add(o, "scheme", json_object_new_string(name));
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const void *at = (const char *)row + fields[i].offset;
		struct json_object *n =
			json_object_new_uint64(*(const uint64_t *)at);

		json_object_object_add(o, fields[i].name, n);
	}
	return o;
}

static void print(const struct facts *facts, bool json)
{
	const struct sums s = add_up(facts);
	struct json_object *rows = json_object_new_array();
	struct json_object *top = json_object_new_object();
	size_t i;

	if (!json)
		printf("%-15s %6s %10s %6s %6s %7s %6s %9s %6s\n", "SCHEME",
		       "PIECES", "CONTIGUOUS", "RAM", "INSIDE", "OUTSIDE",
		       "TABLES", "SHAREABLE", "SWITCH");
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct row row = { 0 };

		schemes[i].apply(facts, &s, &row);
		if (schemes[i].apply != paging)
			row.outside = too_small(facts, row.contiguous);
		if (!json)
			print_row(schemes[i].name, &row);
		json_object_array_add(rows, json_row(schemes[i].name, &row));
	}
	json_object_object_add(top, "models", rows);
	if (json)
		puts(json_object_to_json_string_ext(top,
						    JSON_C_TO_STRING_PLAIN));
	json_object_put(top);
}

int live_run(const char *pid, bool json)
{
	struct facts facts;
	char *end;
	long n = strtol(pid, &end, 10);
	int status;

	if (*end || n < 1 || n > INT_MAX) {
		fprintf(stderr, "models: PID '%s': not a process ID\n", pid);
		return 2;
	}
	status = facts_read(n, &facts);
	if (!status)
		print(&facts, json);
	facts_free(&facts);
	return status;
}
