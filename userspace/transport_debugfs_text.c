// SPDX-License-Identifier: GPL-2.0
/* The lines of the debugfs files maps, tables and info, and of what it cost. */
#include <stddef.h>
#include <string.h>

#include "text.h"
#include "transport_debugfs.h"
#include "transport_debugfs_words.h"

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

		if (strcmp(words_next(&text), keys[i].key) ||
		    words_number(words_next(&text), n))
			return -1;
	}
	return 0;
}

/* "0xSTART-0xEND perms 0xOFFSET MAJ:MIN INODE", and what follows it in *text */
int debugfs_parse_area(struct vma *vma, char **text)
{
	static const char letters[] = "rwxs", absent[] = "---p";
	char *range = words_next(text), *perms = words_next(text);
	char *dash = strchr(range, '-');
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
	if (words_number(range, &vma->start) || words_number(dash + 1, &vma->end) ||
	    vma->start >= vma->end || words_number(words_next(text), &vma->offset))
		return -1;

	if (words_dev(words_next(text), &vma->dev_major, &vma->dev_minor))
		return -1;
	return words_number(words_next(text), &vma->inode);
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
		offsetof(struct vma, mapcount),
		offsetof(struct vma, pss),
	};
	char *vmflags, *c;
	size_t i;

	memset(vma, 0, sizeof(*vma));
	if (debugfs_parse_area(vma, &line))
		return -1;
	vma->pages = (vma->end - vma->start) >> page_shift;
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (words_number(words_next(&line),
				 (__u64 *)((char *)vma + counts[i])))
			return -1;
	if (words_yes_no(words_next(&line), &vma->mapcount_exact))
		return -1;

	vmflags = words_next(&line);
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
	if (strcmp(words_next(&text), "accounted_bytes") ||
	    words_number(words_next(&text), &tables->accounted_bytes) ||
	    strcmp(words_next(&text), "deposited") ||
	    words_number(words_next(&text), &tables->deposited))
		return -1;
	return *text ? -1 : 0;
}

int debugfs_parse_table(struct tables *tables, char *line)
{
	struct table *table = &tables->table[tables->n];
	char *word = words_next(&line);
	int level;

	if (!strcmp(word, "total"))
		return parse_total(tables, line);
	level = name_find(level_name, LEVELS, word, strlen(word));
	if (level <= LEVEL_NONE || tables->n == ARRAY_SIZE(tables->table))
		return -1;
	tables->n++;
	table->level = level;
	if (words_number(words_next(&line), &table->tables) ||
	    words_number(words_next(&line), &table->used))
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
	char *value = words_key(line);
	char *word;
	size_t i;
	int bit;

	if (!value)
		return -1;
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(line, numbers[i].key))
			return words_number(value, numbers[i].n);
	if (!strcmp(line, "tested"))
		return words_yes_no(value, &info->tested);
	if (!strcmp(line, "version"))
		return words_copy(info->version, sizeof(info->version), value);
	if (!strcmp(line, "arch"))
		return words_copy(info->arch, sizeof(info->arch), value);
	if (!strcmp(line, "can")) {
		while (*(word = words_next(&value))) {
			bit = name_find(can_name, CAN_BITS, word, strlen(word));
			if (bit >= 0)
				info->can |= 1ULL << bit;
		}
	}
	return 0;
}
