// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "facts.h"

#define PAGE	4096ULL

/* vmscope's answer, or NULL with its exit status; it says itself what is wrong. */
static struct json_object *ask(const char *command, int pid, int *status)
{
	char line[64], buf[65536];
	struct json_tokener *parser;
	struct json_object *answer = NULL;
	size_t n;
	FILE *f;

	snprintf(line, sizeof(line), "vmscope --json %s %d", command, pid);
	*status = 1;
	parser = json_tokener_new();
	f = popen(line, "re");
	while (parser && f && (n = fread(buf, 1, sizeof(buf), f)))
		if (!answer)
			answer = json_tokener_parse_ex(parser, buf, n);
	if (f)
		*status = pclose(f);
	if (*status > 0)
		*status = WIFEXITED(*status) ? WEXITSTATUS(*status) : 1;
	json_tokener_free(parser);
	if (!*status && !answer) {
		fprintf(stderr, "models: no answer from: %s\n", line);
		*status = 1;
	}
	if (*status) {
		json_object_put(answer);
		return NULL;
	}
	return answer;
}

static struct json_object *field(struct json_object *o, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(o, name, &value);
	return value;
}

static uint64_t count(struct json_object *o, const char *name)
{
	return json_object_get_uint64(field(o, name));
}

/* Addresses are strings. */
static uint64_t address(struct json_object *o, const char *name)
{
	const char *text = json_object_get_string(field(o, name));

	return text ? strtoull(text, NULL, 0) : 0;
}

/* The page in which the file ends, if the mapping has it. */
static void find_tail(int pid, struct part *p)
{
	struct stat st;
	char path[96];
	uint64_t in;

	snprintf(path, sizeof(path),
		 "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, p->start,
		 p->end);
	if (stat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_size % PAGE) ||
	    (uint64_t)st.st_size <= p->offset)
		return;
	in = st.st_size - p->offset;
	if (in >= p->end - p->start)
		return;
	p->tail_page = p->start + in - in % PAGE;
	p->tail = PAGE - in % PAGE;
}

static int take_maps(int pid, struct json_object *rows, struct facts *facts)
{
	const size_t n = json_object_array_length(rows);
	size_t i;

	facts->part = calloc(n ? n : 1, sizeof(*facts->part));
	if (!facts->part)
		return -1;
	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const char *name = json_object_get_string(field(row, "name"));
		const char *perms = json_object_get_string(field(row, "perms"));
		struct part *p = &facts->part[facts->n];

		/* Lent by the kernel: [vdso], [vvar], [vsyscall]. */
		if (name && !strncmp(name, "[v", 2))
			continue;
		facts->n++;
		p->start = address(row, "start");
		p->end = address(row, "end");
		/* The page of zeroes belongs to everybody and nobody. */
		p->present = (count(row, "present") - count(row, "zero")) * PAGE;
		p->touched = p->present + count(row, "swap") * PAGE;
		p->file_bytes = count(row, "file_pages") * PAGE;
		p->offset = count(row, "offset");
		p->file = field(row, "file");
		p->shareable = p->file && perms &&
			       (perms[1] != 'w' || perms[3] == 's');
		if (p->file)
			find_tail(pid, p);
		p->stack = name && !strcmp(name, "[stack]");
	}
	return 0;
}

static void take_pages(struct json_object *rows, struct facts *facts)
{
	const size_t n = json_object_array_length(rows);
	size_t i, k;

	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const char *state = json_object_get_string(field(row, "state"));
		const uint64_t start = address(row, "vaddr");
		const uint64_t end = start + count(row, "npages") * PAGE;

		if (!state || strcmp(state, "present"))
			continue;
		if (count(row, "page_size") > facts->page_max)
			facts->page_max = count(row, "page_size");
		for (k = 0; k < facts->n; k++)
			if (facts->part[k].tail &&
			    facts->part[k].tail_page >= start &&
			    facts->part[k].tail_page < end)
				facts->tails += facts->part[k].tail;
	}
}

static void read_stack_limit(int pid, struct facts *facts)
{
	static const char name[] = "Max stack size";
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		/* "unlimited" becomes 0. */
		if (!strncmp(line, name, strlen(name)))
			facts->stack_limit = strtoull(line + strlen(name), NULL,
						      10);
	if (f)
		fclose(f);
}

static void read_buddy(struct facts *facts)
{
	FILE *f = fopen("/proc/buddyinfo", "re");
	char line[512];
	int order;

	while (f && fgets(line, sizeof(line), f)) {
		char *at = strstr(line, "zone");
		uint64_t blocks;
		int n;

		if (!at)
			continue;
		/* Behind the zone's name. */
		at += strlen("zone");
		at += strspn(at, " ");
		at += strcspn(at, " ");
		for (order = 0; order < BUDDY_ORDERS &&
		     sscanf(at, "%" SCNu64 "%n", &blocks, &n) == 1; order++) {
			facts->buddy[order] += blocks;
			at += n;
		}
	}
	if (f)
		fclose(f);
}

int facts_read(int pid, struct facts *facts)
{
	struct json_object *maps, *pages = NULL, *tables = NULL;
	int status;

	memset(facts, 0, sizeof(*facts));
	maps = ask("maps", pid, &status);
	if (maps)
		pages = ask("pages", pid, &status);
	if (pages)
		tables = ask("tables", pid, &status);
	if (tables && take_maps(pid, field(maps, "maps"), facts)) {
		fprintf(stderr, "models: out of memory\n");
		status = 1;
	} else if (tables) {
		take_pages(field(pages, "pages"), facts);
		facts->tables = count(field(tables, "total"), "bytes");
		read_stack_limit(pid, facts);
		read_buddy(facts);
	}
	json_object_put(maps);
	json_object_put(pages);
	json_object_put(tables);
	return status;
}

void facts_free(struct facts *facts)
{
	free(facts->part);
	memset(facts, 0, sizeof(*facts));
}
