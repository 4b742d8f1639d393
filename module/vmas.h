/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_VMAS_H
#define VMSCOPE_VMAS_H

#include <linux/limits.h>
#include "entry.h"
#include "frame.h"

/* Mnemonics of two letters and a blank, one for each bit of vm_flags. */
#define VMA_FLAGS_MAX	(64 * 3)
/* "[anon:" + up to 80 bytes given by prctl() + "]" */
#define VMA_NAME_MAX	96

/**
 * struct vma_desc - one VMA in words and numbers
 * @v: what goes to the client as it is
 * @flags: vm_flags as smaps' VmFlags, blank between
 * @name: "[heap]", "[stack]", "[vdso]", "[anon:x]" or empty
 * @file: path of the mapped file, in @path; NULL where there is none
 * @path: room for it
 */
struct vma_desc {
	struct vmscope_vma v;
	char flags[VMA_FLAGS_MAX];
	char name[VMA_NAME_MAX];
	const char *file;
	char path[PATH_MAX];
};

/**
 * struct vmas - a sink that describes VMAs and counts what they hold
 * @sink: give this to the walk
 * @emit: takes one VMA when it is complete; returns false where there is no
 *	room: it comes again with the next part. Called under the mmap lock or,
 *	from vmas_finish(), without. NULL: describe only.
 * @cur: the VMA that the walk is in
 * @pss: of it so far, in 1 / 4096 bytes as the kernel counts it
 * @has_cur: there is one
 * @frame: looked at last
 */
struct vmas {
	struct sink sink;
	bool (*emit)(struct vmas *v, const struct vma_desc *d);
	struct vma_desc cur;
	u64 pss;
	bool has_cur;
	struct frame frame;
};

void vmas_init(struct vmas *v,
	       bool (*emit)(struct vmas *v, const struct vma_desc *d));
bool vmas_finish(struct vmas *v);
void vma_describe(struct vma_desc *d, struct vm_area_struct *vma);

#endif /* VMSCOPE_VMAS_H */
