// SPDX-License-Identifier: GPL-2.0
/* The lines of the debugfs file walk. */
#include <string.h>

#include "text.h"
#include "transport_debugfs.h"
#include "transport_debugfs_words.h"

void walk_text_init(struct walk_text *text, pid_t pid, __u64 vaddr)
{
	memset(text, 0, sizeof(*text));
	text->walk.pid = pid;
	text->walk.vaddr = vaddr;
	text->walk.page.node = -1;
	text->walk.page.npages = 1;
	text->walk.vma.vmflags = text->vmflags;
	text->walk.vma.name = text->name;
	text->walk.vma.file = text->file;
}

/* One function for each kind of line of an answer of the file walk. */

static int walk_pid(struct walk_text *t, char *value)
{
	__u64 pid;

	return words_number(value, &pid) || pid != (__u64)t->walk.pid ? -1 : 0;
}

static int walk_vaddr(struct walk_text *t, char *value)
{
	__u64 vaddr;

	if (words_number(value, &vaddr) || vaddr != t->walk.vaddr)
		return -1;
	t->walk.page.vaddr = vaddr;
	return 0;
}

static int walk_state(struct walk_text *t, char *value)
{
	return words_state(value, &t->walk.page.state);
}

static int walk_level(struct walk_text *t, char *value)
{
	return words_level(value, &t->walk.page.level);
}

static int walk_page_size(struct walk_text *t, char *value)
{
	return words_page_shift(value, &t->walk.page.page_shift);
}

static int walk_pfn(struct walk_text *t, char *value)
{
	t->walk.page.has_pfn = true;
	return words_number(value, &t->walk.page.pfn);
}

static int walk_why(struct walk_text *t, char *value)
{
	int i = name_find(why_name, WHYS, value, strlen(value));

	t->walk.page.why = i;
	return i < 0 ? -1 : 0;
}

static int walk_flags(struct walk_text *t, char *value)
{
	return words_flags(value, &t->walk.page.flags);
}

static int walk_entry(struct walk_text *t, char *value)
{
	return words_number(value, &t->walk.page.entry);
}

static int walk_swap_type(struct walk_text *t, char *value)
{
	return words_number32(value, &t->walk.page.swap_type);
}

static int walk_swap_offset(struct walk_text *t, char *value)
{
	return words_number(value, &t->walk.page.swap_offset);
}

static int walk_marker(struct walk_text *t, char *value)
{
	int i = name_find(marker_name, MARKERS, value, strlen(value));

	t->walk.page.marker = i;
	return i < 0 ? -1 : 0;
}

static int walk_mapcount(struct walk_text *t, char *value)
{
	t->walk.page.has_frame = true;
	return words_number32(value, &t->walk.page.mapcount);
}

static int walk_mapcount_exact(struct walk_text *t, char *value)
{
	return words_yes_no(value, &t->walk.page.mapcount_exact);
}

static int walk_refcount(struct walk_text *t, char *value)
{
	return words_number32(value, &t->walk.page.refcount);
}

static int walk_kpageflags(struct walk_text *t, char *value)
{
	return words_number(value, &t->walk.page.kpageflags);
}

static int walk_node(struct walk_text *t, char *value)
{
	return words_node(value, &t->walk.page.node);
}

static int walk_step(struct walk_text *t, char *value)
{
	struct walk *walk = &t->walk;
	struct step *step = &walk->steps[walk->nr_steps];
	char *level = words_next(&value);
	int i = name_find(level_name, LEVELS, level, strlen(level));

	if (i < 0 || walk->nr_steps == ARRAY_SIZE(walk->steps))
		return -1;
	walk->nr_steps++;
	step->level = i;
	if (words_number(words_next(&value), &step->index) ||
	    words_number(words_next(&value), &step->entry_paddr) ||
	    words_number(words_next(&value), &step->entry))
		return -1;
	return words_flags(value, &step->flags);
}

static int walk_vma(struct walk_text *t, char *value)
{
	t->walk.has_vma = true;
	return debugfs_parse_area(&t->walk.vma, &value);
}

static int walk_vmflags(struct walk_text *t, char *value)
{
	return words_copy(t->vmflags, sizeof(t->vmflags), value);
}

static int walk_name(struct walk_text *t, char *value)
{
	text_unescape(value);
	return words_copy(t->name, sizeof(t->name), value);
}

static int walk_file(struct walk_text *t, char *value)
{
	text_unescape(value);
	return words_copy(t->file, sizeof(t->file), value);
}

static int walk_user_entry(struct walk_text *t, char *value)
{
	t->walk.has_user_entry = true;
	return words_number(value, &t->walk.user_entry);
}

static int walk_stats(struct walk_text *t, char *value)
{
	t->has_cost = true;
	return debugfs_parse_cost(&t->walk.cost, value);
}

int debugfs_parse_walk(struct walk_text *text, char *line)
{
	static const struct {
		const char *key;
		int (*parse)(struct walk_text *text, char *value);
	} keys[] = {
		{ "pid",		walk_pid },
		{ "vaddr",		walk_vaddr },
		{ "state",		walk_state },
		{ "level",		walk_level },
		{ "page_size",		walk_page_size },
		{ "pfn",		walk_pfn },
		{ "why",		walk_why },
		{ "flags",		walk_flags },
		{ "entry",		walk_entry },
		{ "swap_type",		walk_swap_type },
		{ "swap_offset",	walk_swap_offset },
		{ "marker",		walk_marker },
		{ "mapcount",		walk_mapcount },
		{ "mapcount_exact",	walk_mapcount_exact },
		{ "refcount",		walk_refcount },
		{ "kpageflags",		walk_kpageflags },
		{ "node",		walk_node },
		{ "step",		walk_step },
		{ "vma",		walk_vma },
		{ "vmflags",		walk_vmflags },
		{ "name",		walk_name },
		{ "file",		walk_file },
		{ "user_entry",		walk_user_entry },
		{ "stats",		walk_stats },
	};
	char *value = words_key(line);
	size_t i;

	for (i = 0; value && i < ARRAY_SIZE(keys); i++)
		if (!strcmp(line, keys[i].key))
			return keys[i].parse(text, value);
	return -1;
}
