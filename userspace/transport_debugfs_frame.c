// SPDX-License-Identifier: GPL-2.0
/* The lines of the debugfs file frame. */
#include <stddef.h>
#include <string.h>

#include "text.h"
#include "transport_debugfs.h"
#include "transport_debugfs_words.h"

int debugfs_parse_owner(struct owner *owner, char *line)
{
	__u32 pid;
	char *c, *comm;

	memset(owner, 0, sizeof(*owner));
	if (words_number32(words_next(&line), &pid))
		return -1;
	owner->pid = (pid_t)pid;
	comm = words_next(&line);
	text_unescape(comm);
	if (words_copy(owner->comm, sizeof(owner->comm), comm) ||
	    words_number(words_next(&line), &owner->vaddr) ||
	    words_state(words_next(&line), &owner->state) ||
	    words_level(words_next(&line), &owner->level) ||
	    words_page_shift(words_next(&line), &owner->page_shift) ||
	    words_number(words_next(&line), &owner->entry))
		return -1;
	comm = words_next(&line);
	for (c = comm; *c; c++)
		if (*c == ',')
			*c = ' ';
	if (words_flags(comm, &owner->flags))
		return -1;
	text_unescape(line);
	owner->file = line;
	return 0;
}

void frame_text_init(struct frame_text *text)
{
	memset(text, 0, sizeof(*text));
	text->frame.node = -1;
	text->frame.file = text->file;
}

/* One function for each kind of line that is not just a number. */

static int frame_kind(struct frame_text *t, char *value)
{
	int i = name_find(frame_kind_name, FRAME_KINDS, value, strlen(value));

	t->frame.kind = i;
	return i < 0 ? -1 : 0;
}

static int frame_how(struct frame_text *t, char *value)
{
	int i = name_find(how_name, HOWS, value, strlen(value));

	t->frame.how = i;
	return i < 0 ? -1 : 0;
}

static int frame_order(struct frame_text *t, char *value)
{
	t->frame.has_facts = true;
	if (words_number(value, &t->frame.order))
		return -1;
	return t->frame.order > ORDER_MAX ? -1 : 0;
}

static int frame_exact(struct frame_text *t, char *value)
{
	return words_yes_no(value, &t->frame.mapcount_exact);
}

static int frame_node(struct frame_text *t, char *value)
{
	return words_node(value, &t->frame.node);
}

static int frame_dev(struct frame_text *t, char *value)
{
	t->frame.has_file = true;
	return words_dev(value, &t->frame.dev_major, &t->frame.dev_minor);
}

static int frame_file(struct frame_text *t, char *value)
{
	text_unescape(value);
	return words_copy(t->file, sizeof(t->file), value);
}

static int frame_complete(struct frame_text *t, char *value)
{
	t->has_complete = true;
	return words_yes_no(value, &t->frame.complete);
}

int debugfs_parse_frame(struct frame_text *text, char *line)
{
	static const struct {
		const char *key;
		size_t offset;
	} numbers[] = {
		{ "pfn",		offsetof(struct frame, pfn) },
		{ "head_pfn",		offsetof(struct frame, head_pfn) },
		{ "mapcount",		offsetof(struct frame, mapcount) },
		{ "refcount",		offsetof(struct frame, refcount) },
		{ "kpageflags",		offsetof(struct frame, kpageflags) },
		{ "memcg_inode",	offsetof(struct frame, memcg_inode) },
		{ "inode",		offsetof(struct frame, inode) },
		{ "file_page",		offsetof(struct frame, file_page) },
		{ "found",		offsetof(struct frame, found) },
		{ "hidden",		offsetof(struct frame, hidden) },
		{ "skipped",		offsetof(struct frame, skipped) },
		{ "lock_max_ns",	offsetof(struct frame, lock_max_ns) },
	};
	static const struct {
		const char *key;
		int (*parse)(struct frame_text *text, char *value);
	} others[] = {
		{ "kind",		frame_kind },
		{ "how",		frame_how },
		{ "order",		frame_order },
		{ "mapcount_exact",	frame_exact },
		{ "node",		frame_node },
		{ "dev",		frame_dev },
		{ "file",		frame_file },
		{ "owners_complete",	frame_complete },
	};
	char *value = words_key(line);
	size_t i;

	for (i = 0; value && i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(line, numbers[i].key))
			return words_number(value,
					    (__u64 *)((char *)&text->frame +
						      numbers[i].offset));
	for (i = 0; value && i < ARRAY_SIZE(others); i++)
		if (!strcmp(line, others[i].key))
			return others[i].parse(text, value);
	return -1;
}
