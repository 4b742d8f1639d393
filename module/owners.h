/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_OWNERS_H
#define VMSCOPE_OWNERS_H

#include "entry.h"
#include "rmap.h"
#include "target.h"
#include "walk.h"

struct pid_namespace;

/* Mappings of one VMA that are handed out before the walk goes on. */
#define OWNERS_HITS	32

/**
 * struct hit - an entry that maps the frame
 * @vaddr: of the frame's base page
 * @raw: the entry
 * @flags: VMSCOPE_FLAG_* and the protection key
 * @state: enum vmscope_state
 * @level: enum vmscope_level_nr
 * @page_shift: log2 of the bytes that one such entry maps
 */
struct hit {
	u64 vaddr;
	u64 raw;
	u32 flags;
	u8 state;
	u8 level;
	u8 page_shift;
};

/**
 * struct owners - a query for the owners of a frame, made in parts
 * @sink: given to the walks
 * @emit: takes an owner, and the path of the file it maps there or NULL; returns
 *	false where there is no room: the owner comes again with the next part
 * @ns: processes are named as this namespace names them
 * @mode: VMSCOPE_MODE_SCAN or 0
 * @stage: enum stage
 * @frame: the answer; complete when the query is at its end
 * @counted: mappings found that the map count counts
 * @mapcount: as it was when the query began
 * @rmap: the places to look at
 * @next_place: index of the next one
 * @next_nr: number of the next process to scan
 * @waited_ns: for processes that were then left out
 * @target: the process at hand; empty where there is none
 * @walk: over all of it, in a scan; else only what looking has cost so far
 * @vma: the VMA that the walk is in; valid under the mmap lock
 * @vma_start: start of the one that the hits are in
 * @nr: hits
 * @next: index of the next one to hand out
 * @first_nr: number of the first process named for the hits
 * @sharer_nr: of the other processes on the same memory, the number of the next;
 *	0 where there is none
 * @hit: the entries found in the VMA at hand
 * @path: of the file that it maps; empty where there is none
 */
struct owners {
	struct sink sink;
	bool (*emit)(struct owners *o, const struct vmscope_owner *owner,
		     const char *file);
	struct pid_namespace *ns;
	u32 mode;
	u8 stage;
	struct vmscope_frame frame;
	u64 counted;
	u32 mapcount;
	struct rmap rmap;
	u32 next_place;
	pid_t next_nr;
	u64 waited_ns;
	struct target target;
	struct walk walk;
	struct vm_area_struct *vma;
	u64 vma_start;
	u32 nr;
	u32 next;
	pid_t first_nr;
	pid_t sharer_nr;
	struct hit hit[OWNERS_HITS];
	char path[PATH_MAX];
};

bool owners_may_ask(u64 pfn);
int owners_start(struct owners *o, u64 pfn, u32 mode,
		 bool (*emit)(struct owners *o,
			      const struct vmscope_owner *owner,
			      const char *file));
int owners_run(struct owners *o);
void owners_end(struct owners *o);

#endif /* VMSCOPE_OWNERS_H */
