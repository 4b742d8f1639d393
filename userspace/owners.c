// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "owners.h"

/* Owners come by the thousand, of a few files: one string for all that follow. */
static const char *keep_file(struct owners *owners, const char *file)
{
	char **files;

	if (!*file)
		return "";
	if (owners->nr_files &&
	    !strcmp(owners->file[owners->nr_files - 1], file))
		return owners->file[owners->nr_files - 1];
	files = realloc(owners->file,
			(owners->nr_files + 1) * sizeof(*owners->file));
	if (!files)
		return NULL;
	owners->file = files;
	files[owners->nr_files] = strdup(file);
	if (!files[owners->nr_files])
		return NULL;
	return files[owners->nr_files++];
}

static int make_room(struct owners *owners)
{
	size_t room = owners->room ? 2 * owners->room : 64;
	struct owner *owner;

	if (owners->n < owners->room)
		return 0;
	owner = realloc(owners->owner, room * sizeof(*owner));
	if (!owner)
		return -1;
	owners->owner = owner;
	owners->room = room;
	return 0;
}

int owners_add(struct owners *owners, const struct owner *owner,
	       struct error *err)
{
	const char *file = keep_file(owners, owner->file);

	if (!file || make_room(owners))
		return error_set(err, STATUS_FAILED, "frame: out of memory");
	owners->owner[owners->n] = *owner;
	owners->owner[owners->n++].file = file;
	return 0;
}

bool owners_have(const struct owners *owners, pid_t pid, __u64 vaddr)
{
	size_t i;

	for (i = 0; i < owners->n; i++)
		if (owners->owner[i].pid == pid &&
		    owners->owner[i].vaddr == vaddr)
			return true;
	return false;
}

static int compare(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->vaddr > b->vaddr) - (a->vaddr < b->vaddr);
}

void owners_sort(struct owners *owners)
{
	if (owners->n)
		qsort(owners->owner, owners->n, sizeof(*owners->owner),
		      compare);
}

void owners_clear(struct owners *owners)
{
	while (owners->nr_files)
		free(owners->file[--owners->nr_files]);
	owners->n = 0;
}

void owners_free(struct owners *owners)
{
	owners_clear(owners);
	free(owners->file);
	free(owners->owner);
	*owners = (struct owners) { 0 };
}
