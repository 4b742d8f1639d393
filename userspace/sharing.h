/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes map the same frames. Knows numbers only.
 *
 * Takes memory for each distinct frame, not for each page: 16 bytes, and 5 to
 * 11 in an index. Frames that the same processes map share one set of processes;
 * there are never more sets than frames, and what pairs have in common is
 * counted once for each set.
 */
#ifndef VMSCOPE_SHARING_H
#define VMSCOPE_SHARING_H

#include "model.h"

/**
 * struct shared_file - what is known of the pages of one file
 * @label: its path, or a name such as [heap]
 * @dev_major: its device
 * @dev_minor: likewise
 * @inode: its inode
 * @pages: pages of it that the processes map, all together
 * @frames: distinct frames among them
 * @shared_by_all: frames that every process maps; after sharing_count()
 */
struct shared_file {
	char *label;
	__u32 dev_major;
	__u32 dev_minor;
	__u64 inode;
	__u64 pages;
	__u64 frames;
	__u64 shared_by_all;
};

/**
 * struct shared_map - one mapping of a frame
 * @pfn: the frame
 * @vaddr: where
 * @process: number of the process
 */
struct shared_map {
	__u64 pfn;
	__u64 vaddr;
	__u64 process;
};

/**
 * struct shared_frame - a frame
 * @pfn: the frame
 * @file: the file it was first seen in
 * @set: the processes that map it
 */
struct shared_frame {
	__u64 pfn;
	__u32 file;
	__u32 set;
};

/**
 * struct process_set - the processes that map some frames
 * @frames: how many frames; 0: not in use
 * @members: how many processes
 * @next: this set and one process more; or the next one not in use
 * @next_for: that process plus one; it means nothing for any other
 *
 * Processes come one after the other, so that a set only ever grows by the
 * process that is being read, and there is one way only to make it.
 */
struct process_set {
	__u32 frames;
	__u32 members;
	__u32 next;
	__u32 next_for;
};

/**
 * struct index - from a key to its place in an array
 * @slot: place plus one, 0 where free
 * @size: slots, a power of two
 * @used: slots in use
 */
struct index {
	__u32 *slot;
	size_t size;
	size_t used;
};

/**
 * struct sharing - all that was seen
 * @processes: how many there are so far
 * @words: 64-bit words of a set of processes
 * @keep_maps: keep each mapping too
 * @files: the files
 * @nr_files: how many
 * @room_files: for how many there is memory
 * @file_index: finds them
 * @frames: the frames
 * @nr_frames: how many
 * @room_frames: for how many there is memory
 * @frame_index: finds them
 * @others: further files that a frame was seen in
 * @nr_others: how many
 * @room_others: for how many there is memory
 * @other_index: finds them
 * @sets: the sets; the first one is empty, and stays
 * @members: their bits, @words for each
 * @nr_sets: how many there are or were
 * @room_sets: for how many there is memory
 * @free_set: one that is not in use, 0: none
 * @maps: the mappings
 * @nr_maps: how many
 * @room_maps: for how many there is memory
 * @pairs: see sharing_pair()
 */
struct sharing {
	unsigned int processes;
	size_t words;
	bool keep_maps;
	struct shared_file *files;
	size_t nr_files;
	size_t room_files;
	struct index file_index;
	struct shared_frame *frames;
	size_t nr_frames;
	size_t room_frames;
	struct index frame_index;
	struct shared_frame *others;
	size_t nr_others;
	size_t room_others;
	struct index other_index;
	struct process_set *sets;
	__u64 *members;
	size_t nr_sets;
	size_t room_sets;
	__u32 free_set;
	struct shared_map *maps;
	size_t nr_maps;
	size_t room_maps;
	__u32 *pairs;
};

/**
 * sharing_init() - begin
 * @s: where to
 * @processes: there will be no more than so many
 * @keep_maps: keep each mapping too
 */
void sharing_init(struct sharing *s, unsigned int processes, bool keep_maps);

/**
 * sharing_process() - what follows is of one process more
 * @s: the set
 *
 * Return: its number, from 0.
 */
unsigned int sharing_process(struct sharing *s);

/**
 * sharing_file() - the number of a file
 * @s: the set
 * @vma: a mapping of it
 * @label: what to call it
 * @file: where to
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int sharing_file(struct sharing *s, const struct vma *vma, const char *label,
		 __u32 *file, struct error *err);

/**
 * sharing_add() - one page of the process that sharing_process() began with
 * @s: the set
 * @file: which file, from sharing_file()
 * @pfn: its frame
 * @vaddr: its address
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int sharing_add(struct sharing *s, __u32 file, __u64 pfn, __u64 vaddr,
		struct error *err);

/**
 * sharing_count() - all pages have been seen: count
 * @s: the set; from now on files are sorted, most saved first, and maps by frame
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int sharing_count(struct sharing *s, struct error *err);

/**
 * sharing_pair() - frames that two processes have in common
 * @s: the set, counted
 * @a: number of one
 * @b: number of the other; the same one: frames that it has at all
 *
 * Return: how many.
 */
__u64 sharing_pair(const struct sharing *s, unsigned int a, unsigned int b);

/**
 * sharing_next() - frames that two or more processes map, one by one
 * @s: the set, with its mappings, counted
 * @at: 0 at first
 * @n: where to: how many mappings this frame has
 *
 * Return: the first of them, NULL at the end.
 */
const struct shared_map *sharing_next(const struct sharing *s, size_t *at,
				      size_t *n);

/**
 * sharing_bytes() - memory that is taken for frames and for sets
 * @s: the set
 *
 * Return: bytes in use; what is only reserved is not counted.
 */
size_t sharing_bytes(const struct sharing *s);

/**
 * sharing_free() - forget everything
 * @s: may be all zeroes
 */
void sharing_free(struct sharing *s);

#endif /* VMSCOPE_SHARING_H */
