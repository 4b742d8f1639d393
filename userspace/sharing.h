/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes map the same frames. Knows numbers only; takes memory for
 * each distinct frame, not for each page.
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
 * @shared_by_all: frames that every process maps
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
 * @processes: how many there are
 * @words: 64-bit words of a set of processes
 * @keep_maps: keep each mapping too
 * @files: the files
 * @nr_files: how many
 * @room_files: for how many there is memory
 * @file_index: finds them
 * @frames: struct shared_frame, of a size that depends on @words
 * @nr_frames: how many
 * @room_frames: for how many there is memory
 * @frame_index: finds them
 * @maps: the mappings
 * @nr_maps: how many
 * @room_maps: for how many there is memory
 * @pairs: @processes squared: frames that both map; after sharing_count()
 * @distinct: frames in all; after sharing_count()
 */
struct sharing {
	unsigned int processes;
	size_t words;
	bool keep_maps;
	struct shared_file *files;
	size_t nr_files;
	size_t room_files;
	struct index file_index;
	char *frames;
	size_t nr_frames;
	size_t room_frames;
	struct index frame_index;
	struct shared_map *maps;
	size_t nr_maps;
	size_t room_maps;
	__u64 *pairs;
	__u64 distinct;
};

/**
 * sharing_init() - begin
 * @s: where to
 * @processes: how many there will be
 * @keep_maps: keep each mapping too
 */
void sharing_init(struct sharing *s, unsigned int processes, bool keep_maps);

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
 * sharing_add() - one page of a process
 * @s: the set
 * @file: which file, from sharing_file()
 * @map: the page
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int sharing_add(struct sharing *s, __u32 file, const struct shared_map *map,
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
 * sharing_free() - forget everything
 * @s: may be all zeroes
 */
void sharing_free(struct sharing *s);

#endif /* VMSCOPE_SHARING_H */
