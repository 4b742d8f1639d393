/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_RMAP_H
#define VMSCOPE_RMAP_H

#include <linux/limits.h>
#include <linux/types.h>
#include "uapi/vmscope.h"

struct mm_struct;

/**
 * struct rmap_place - where a frame may be mapped
 * @mm: whose memory; the struct is pinned, not the memory
 * @vaddr: where in it
 */
struct rmap_place {
	struct mm_struct *mm;
	u64 vaddr;
};

/**
 * struct rmap - the places where the kernel says that a frame may be mapped
 * @how: enum vmscope_how: what became of it
 * @nr: places found
 * @room: places that @place has room for
 * @place: these
 * @mapping: what the frame's page belonged to when it was last looked at
 * @locked_max_ns: longest that the folio and the tree were locked
 * @has_file: the frame is page cache; the following are about its file
 * @inode: number of the file
 * @file_page: which of its pages, in base pages
 * @dev_major: device of the file
 * @dev_minor: likewise
 * @file: its path, in @path; NULL where it is not known
 * @path: room for it
 */
struct rmap {
	u8 how;
	u32 nr;
	u32 room;
	struct rmap_place *place;
	const void *mapping;
	u64 locked_max_ns;
	bool has_file;
	u64 inode;
	u64 file_page;
	u32 dev_major;
	u32 dev_minor;
	const char *file;
	char path[PATH_MAX];
};

int rmap_gather(struct rmap *r, u64 pfn);
void rmap_free(struct rmap *r);

#endif /* VMSCOPE_RMAP_H */
