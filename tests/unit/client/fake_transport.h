/* SPDX-License-Identifier: GPL-2.0 */
/* A way in that answers what a test has laid down, for whole commands. */
#ifndef VMSCOPE_FAKE_TRANSPORT_H
#define VMSCOPE_FAKE_TRANSPORT_H

#include <json-c/json.h>

#include "command.h"
#include "unit.h"

#define VMAS		3
#define PRINTED_MAX	16384

/* The mappings of each process. */
extern const struct vma vma_list[VMAS];

/**
 * struct fake - the way in, and what it was asked
 * @base: the way in
 * @interrupted: so many of the next dumps of VMAs are inconsistent
 * @pages_interrupted: likewise, of pages
 * @dumps: how many were made
 * @request: the last one for pages
 * @page: the pages of each process
 * @nr_pages: how many
 * @fail_after: dumps of pages fail after so many records; -1: they do not
 * @walk: the answer to a walk
 */
struct fake {
	struct transport base;
	int interrupted;
	int pages_interrupted;
	int dumps;
	struct pages_request request;
	struct page page[4];
	size_t nr_pages;
	int fail_after;
	struct walk walk;
};

extern struct fake fake;

/* For the setup of a test. */
int fresh(void **state);

/* Runs a command; standard output is in printed[], its error in error. */
int run(const struct command *c, const struct look *look, int argc,
	const char * const *argv, const char * const *options);

extern char printed[PRINTED_MAX];
extern struct error error;

#define ARGS(...) \
	(int)ARRAY_SIZE(((const char *[]){ __VA_ARGS__ })), \
	(const char *[]){ __VA_ARGS__ }
#define OPTS(...) (const char *[]){ __VA_ARGS__, NULL }

extern const struct look as_json, as_text;

struct json_object *field(struct json_object *o, const char *name);
const char *string(struct json_object *o, const char *name);

#endif /* VMSCOPE_FAKE_TRANSPORT_H */
