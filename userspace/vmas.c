// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmas.h"

/* The strings are one allocation, which vmflags points to. */
static bool own_strings(struct vma *vma)
{
	size_t vmflags = strlen(vma->vmflags) + 1;
	size_t name = strlen(vma->name) + 1;
	size_t file = strlen(vma->file) + 1;
	char *text = malloc(vmflags + name + file);

	if (!text)
		return false;
	vma->vmflags = memcpy(text, vma->vmflags, vmflags);
	vma->name = memcpy(text + vmflags, vma->name, name);
	vma->file = memcpy(text + vmflags + name, vma->file, file);
	return true;
}

int vmas_add(const struct vma *vma, void *arg, struct error *err)
{
	struct vmas *vmas = arg;

	if (vmas->n == vmas->room) {
		size_t room = vmas->room ? 2 * vmas->room : 64;
		struct vma *more = reallocarray(vmas->vma, room, sizeof(*more));

		if (!more)
			goto no_memory;
		vmas->vma = more;
		vmas->room = room;
	}
	vmas->vma[vmas->n] = *vma;
	if (!own_strings(&vmas->vma[vmas->n]))
		goto no_memory;
	vmas->n++;
	return 0;

no_memory:
	return error_set(err, STATUS_FAILED, "VMAs: %s", strerror(ENOMEM));
}

int vmas_load(struct vmas *vmas, struct transport *t, pid_t pid,
	      struct error *err)
{
	const struct range all = { 0 };
	int tries;

	for (tries = 0; tries < VMAS_TRIES; tries++) {
		vmas_free(vmas);
		if (t->ops->maps(t, pid, &all, vmas_add, vmas, &vmas->cost,
				 err))
			return -1;
		if (!vmas->cost.interrupted)
			break;
	}
	return 0;
}

void vmas_free(struct vmas *vmas)
{
	size_t i;

	for (i = 0; i < vmas->n; i++)
		free((char *)vmas->vma[i].vmflags);
	free(vmas->vma);
	memset(vmas, 0, sizeof(*vmas));
}

const char *vma_label(const struct vma *vma)
{
	if (*vma->file)
		return vma->file;
	return *vma->name ? vma->name : "[anon]";
}
