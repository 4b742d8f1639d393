// SPDX-License-Identifier: GPL-2.0
/*
 * The text of the debugfs files. It is made for people and awk; here it is read
 * as strictly as the binary records are, since a line that is only nearly right
 * would become a wrong answer.
 */
#include <stddef.h>
#include <string.h>

#include "text.h"
#include "transport_debugfs.h"

/* What the module prints for a node that is not known. */
#define NODE_NONE	0xffff

/* The next blank-separated word of *text, "" at the end. */
static char *next_word(char **text)
{
	char *word = *text;
	char *end = strchrnul(word, ' ');

	*text = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static int number(const char *word, __u64 *n)
{
	return text_number(word, strlen(word), n) ? -1 : 0;
}

/* A number without 0x that is hexadecimal all the same: 08:01. */
static int hex32(const char *word, __u32 *n)
{
	size_t len = strlen(word);
	char buf[16] = "0x";
	__u64 wide;

	if (!len || len > 8)
		return -1;
	memcpy(buf + 2, word, len);
	if (text_number(buf, len + 2, &wide))
		return -1;
	*n = (__u32)wide;
	return 0;
}

static int yes_no(const char *word, bool *yes)
{
	*yes = !strcmp(word, "yes");
	return *yes || !strcmp(word, "no") ? 0 : -1;
}

/* Splits "key: value"; "key:" has an empty value. */
static char *split_key(char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return NULL;
	*colon++ = '\0';
	return *colon == ' ' ? colon + 1 : colon;
}

static int copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size)
		return -1;
	memcpy(to, from, len + 1);
	return 0;
}

static int parse_flags(char *text, __u32 *flags)
{
	__u64 key;
	char *word;
	int bit;

	*flags = 0;
	if (!strcmp(text, "-"))
		return 0;
	while (*(word = next_word(&text))) {
		if (!strncmp(word, "pkey=", 5)) {
			if (number(word + 5, &key) || key > 15)
				return -1;
			*flags |= (__u32)key << PKEY_SHIFT;
			continue;
		}
		bit = name_find(flag_name, FLAGS, word, strlen(word));
		if (bit < 0)
			return -1;
		*flags |= 1U << bit;
	}
	return 0;
}

int debugfs_parse_cost(struct cost *cost, char *text)
{
	static const struct {
		const char *key;
		size_t offset;
	} keys[] = {
		{ "holds", offsetof(struct cost, holds) },
		{ "hold_max_ns", offsetof(struct cost, hold_max_ns) },
		{ "hold_total_ns", offsetof(struct cost, hold_total_ns) },
		{ "irqs_off_max_ns", offsetof(struct cost, irqs_off_max_ns) },
		{ "retries", offsetof(struct cost, retries) },
		{ "interrupted", offsetof(struct cost, interrupted) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		__u64 *n = (__u64 *)((char *)cost + keys[i].offset);

		if (strcmp(next_word(&text), keys[i].key) ||
		    number(next_word(&text), n))
			return -1;
	}
	return 0;
}

/* "0xSTART-0xEND perms 0xOFFSET MAJ:MIN INODE", and what follows it in *text */
static int parse_area(struct vma *vma, char **text)
{
	static const char letters[] = "rwxs", absent[] = "---p";
	char *range = next_word(text), *perms = next_word(text);
	char *dash = strchr(range, '-');
	char *dev, *colon;
	size_t i;

	if (!dash || strlen(perms) != 4)
		return -1;
	*dash = '\0';
	vma->perms = 0;
	for (i = 0; i < 4; i++) {
		if (perms[i] == letters[i])
			vma->perms |= 1U << i;
		else if (perms[i] != absent[i])
			return -1;
	}
	if (number(range, &vma->start) || number(dash + 1, &vma->end) ||
	    vma->start >= vma->end || number(next_word(text), &vma->offset))
		return -1;

	dev = next_word(text);
	colon = strchr(dev, ':');
	if (!colon)
		return -1;
	*colon = '\0';
	if (hex32(dev, &vma->dev_major) || hex32(colon + 1, &vma->dev_minor))
		return -1;
	return number(next_word(text), &vma->inode);
}

int debugfs_parse_vma(struct vma *vma, char *line, unsigned int page_shift)
{
	static const size_t counts[] = {
		offsetof(struct vma, present),
		offsetof(struct vma, swap),
		offsetof(struct vma, shared),
		offsetof(struct vma, exclusive),
		offsetof(struct vma, anon),
		offsetof(struct vma, file_pages),
		offsetof(struct vma, huge),
		offsetof(struct vma, dirty),
		offsetof(struct vma, accessed),
		offsetof(struct vma, zero),
	};
	char *vmflags, *c;
	size_t i;

	memset(vma, 0, sizeof(*vma));
	if (parse_area(vma, &line))
		return -1;
	vma->pages = (vma->end - vma->start) >> page_shift;
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (number(next_word(&line),
			   (__u64 *)((char *)vma + counts[i])))
			return -1;
	if (yes_no(next_word(&line), &vma->mapcount_exact))
		return -1;

	vmflags = next_word(&line);
	if (!*vmflags)
		return -1;
	for (c = vmflags; *c; c++)
		if (*c == ',')
			*c = ' ';
	vma->vmflags = strcmp(vmflags, "-") ? vmflags : "";

	text_unescape(line);
	vma->name = *line == '[' ? line : "";
	vma->file = *line == '[' ? "" : line;
	return 0;
}

static int parse_total(struct tables *tables, char *text)
{
	if (strcmp(next_word(&text), "accounted_bytes") ||
	    number(next_word(&text), &tables->accounted_bytes) ||
	    strcmp(next_word(&text), "deposited") ||
	    number(next_word(&text), &tables->deposited))
		return -1;
	return *text ? -1 : 0;
}

int debugfs_parse_table(struct tables *tables, char *line)
{
	struct table *table = &tables->table[tables->n];
	char *word = next_word(&line);
	int level;

	if (!strcmp(word, "total"))
		return parse_total(tables, line);
	level = name_find(level_name, LEVELS, word, strlen(word));
	if (level <= LEVEL_NONE || tables->n == ARRAY_SIZE(tables->table))
		return -1;
	tables->n++;
	table->level = level;
	if (number(next_word(&line), &table->tables) ||
	    number(next_word(&line), &table->used))
		return -1;
	return *line ? -1 : 0;
}

int debugfs_parse_info(struct module_info *info, char *line)
{
	const struct {
		const char *key;
		__u64 *n;
	} numbers[] = {
		{ "abi", &info->abi },
		{ "levels", &info->levels },
		{ "page_shift", &info->page_shift },
		{ "va_bits", &info->va_bits },
		{ "pa_bits", &info->pa_bits },
		{ "attach_max", &info->attach_max },
	};
	char *value = split_key(line);
	char *word;
	size_t i;
	int bit;

	if (!value)
		return -1;
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(line, numbers[i].key))
			return number(value, numbers[i].n);
	if (!strcmp(line, "version"))
		return copy(info->version, sizeof(info->version), value);
	if (!strcmp(line, "arch"))
		return copy(info->arch, sizeof(info->arch), value);
	if (!strcmp(line, "can")) {
		while (*(word = next_word(&value))) {
			bit = name_find(can_name, CAN_BITS, word, strlen(word));
			if (bit >= 0)
				info->can |= 1ULL << bit;
		}
	}
	return 0;
}

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

static int number32(const char *value, __u32 *n)
{
	__u64 wide;

	if (number(value, &wide) || wide > ~0U)
		return -1;
	*n = (__u32)wide;
	return 0;
}

static int walk_pid(struct walk_text *t, char *value)
{
	__u64 pid;

	return number(value, &pid) || pid != (__u64)t->walk.pid ? -1 : 0;
}

static int walk_vaddr(struct walk_text *t, char *value)
{
	__u64 vaddr;

	if (number(value, &vaddr) || vaddr != t->walk.vaddr)
		return -1;
	t->walk.page.vaddr = vaddr;
	return 0;
}

static int walk_state(struct walk_text *t, char *value)
{
	int i = name_find(state_name, STATES, value, strlen(value));

	t->walk.page.state = i;
	return i < 0 ? -1 : 0;
}

static int walk_level(struct walk_text *t, char *value)
{
	int i = name_find(level_name, LEVELS, value, strlen(value));

	t->walk.page.level = i;
	return i < 0 ? -1 : 0;
}

static int walk_page_size(struct walk_text *t, char *value)
{
	__u64 size;

	if (number(value, &size) || !size || (size & (size - 1)))
		return -1;
	t->walk.page.page_shift = __builtin_ctzll(size);
	return 0;
}

static int walk_pfn(struct walk_text *t, char *value)
{
	t->walk.page.has_pfn = true;
	return number(value, &t->walk.page.pfn);
}

static int walk_why(struct walk_text *t, char *value)
{
	int i = name_find(why_name, WHYS, value, strlen(value));

	t->walk.page.why = i;
	return i < 0 ? -1 : 0;
}

static int walk_flags(struct walk_text *t, char *value)
{
	return parse_flags(value, &t->walk.page.flags);
}

static int walk_entry(struct walk_text *t, char *value)
{
	return number(value, &t->walk.page.entry);
}

static int walk_swap_type(struct walk_text *t, char *value)
{
	return number32(value, &t->walk.page.swap_type);
}

static int walk_swap_offset(struct walk_text *t, char *value)
{
	return number(value, &t->walk.page.swap_offset);
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
	return number32(value, &t->walk.page.mapcount);
}

static int walk_mapcount_exact(struct walk_text *t, char *value)
{
	return yes_no(value, &t->walk.page.mapcount_exact);
}

static int walk_refcount(struct walk_text *t, char *value)
{
	return number32(value, &t->walk.page.refcount);
}

static int walk_kpageflags(struct walk_text *t, char *value)
{
	return number(value, &t->walk.page.kpageflags);
}

static int walk_node(struct walk_text *t, char *value)
{
	__u32 node;

	if (number32(value, &node) || node > NODE_NONE)
		return -1;
	t->walk.page.node = node == NODE_NONE ? -1 : (int)node;
	return 0;
}

static int walk_step(struct walk_text *t, char *value)
{
	struct walk *walk = &t->walk;
	struct step *step = &walk->steps[walk->nr_steps];
	char *level = next_word(&value);
	int i = name_find(level_name, LEVELS, level, strlen(level));

	if (i < 0 || walk->nr_steps == ARRAY_SIZE(walk->steps))
		return -1;
	walk->nr_steps++;
	step->level = i;
	if (number(next_word(&value), &step->index) ||
	    number(next_word(&value), &step->entry_paddr) ||
	    number(next_word(&value), &step->entry))
		return -1;
	return parse_flags(value, &step->flags);
}

static int walk_vma(struct walk_text *t, char *value)
{
	t->walk.has_vma = true;
	return parse_area(&t->walk.vma, &value);
}

static int walk_vmflags(struct walk_text *t, char *value)
{
	return copy(t->vmflags, sizeof(t->vmflags), value);
}

static int walk_name(struct walk_text *t, char *value)
{
	text_unescape(value);
	return copy(t->name, sizeof(t->name), value);
}

static int walk_file(struct walk_text *t, char *value)
{
	text_unescape(value);
	return copy(t->file, sizeof(t->file), value);
}

static int walk_user_entry(struct walk_text *t, char *value)
{
	t->walk.has_user_entry = true;
	return number(value, &t->walk.user_entry);
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
	char *value = split_key(line);
	size_t i;

	for (i = 0; value && i < ARRAY_SIZE(keys); i++)
		if (!strcmp(line, keys[i].key))
			return keys[i].parse(text, value);
	return -1;
}
