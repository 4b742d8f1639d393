// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sharing.h"

/**
 * struct shared_frame - a frame as it appears in one file
 * @pfn: the frame
 * @file: the file
 * @processes: bits of those that map it there
 */
struct shared_frame {
	__u64 pfn;
	__u64 file;
	__u64 processes[];
};

/* How an index gets at what it is the index of. */
struct index_ops {
	__u64 (*hash)(const struct sharing *s, size_t i);
	bool (*same)(const struct sharing *s, size_t i, const void *key);
};

static int no_memory(struct error *err)
{
	return error_set(err, STATUS_FAILED, "shared: %s", strerror(ENOMEM));
}

static __u64 mix(__u64 n)
{
	n *= 0x9e3779b97f4a7c15ULL;
	return n ^ n >> 32;
}

static size_t frame_size(const struct sharing *s)
{
	return sizeof(struct shared_frame) + s->words * sizeof(__u64);
}

static struct shared_frame *frame_at(const struct sharing *s, size_t i)
{
	return (struct shared_frame *)(s->frames + i * frame_size(s));
}

static __u64 frame_hash(__u64 pfn, __u64 file)
{
	return mix(pfn ^ mix(file));
}

static __u64 frame_hash_at(const struct sharing *s, size_t i)
{
	return frame_hash(frame_at(s, i)->pfn, frame_at(s, i)->file);
}

static bool frame_same(const struct sharing *s, size_t i, const void *key)
{
	const struct shared_frame *a = frame_at(s, i), *b = key;

	return a->pfn == b->pfn && a->file == b->file;
}

static const struct index_ops frame_ops = { frame_hash_at, frame_same };

static __u64 file_hash(const struct shared_file *file)
{
	__u64 hash = mix(file->inode);
	const char *c;

	for (c = file->label; *c; c++)
		hash = mix(hash ^ (unsigned char)*c);
	return hash;
}

static __u64 file_hash_at(const struct sharing *s, size_t i)
{
	return file_hash(&s->files[i]);
}

/* A path alone will not do: two files may have had it, one after the other. */
static bool file_same(const struct sharing *s, size_t i, const void *key)
{
	const struct shared_file *a = &s->files[i], *b = key;

	return a->inode == b->inode && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor && !strcmp(a->label, b->label);
}

static const struct index_ops file_ops = { file_hash_at, file_same };

static __u32 *free_slot(const struct index *index, __u64 hash)
{
	size_t i = hash & (index->size - 1);

	while (index->slot[i])
		i = (i + 1) & (index->size - 1);
	return &index->slot[i];
}

/* Makes sure that there is a free slot, and seldom a long way to it. */
static bool index_grow(struct index *index, const struct index_ops *ops,
		       const struct sharing *s)
{
	struct index more = { .size = index->size ? 2 * index->size : 1024 };
	size_t i;

	if (index->used * 4 < index->size * 3)
		return true;
	more.slot = calloc(more.size, sizeof(*more.slot));
	if (!more.slot)
		return false;
	for (i = 0; i < index->used; i++)
		*free_slot(&more, ops->hash(s, i)) = i + 1;
	more.used = index->used;
	free(index->slot);
	*index = more;
	return true;
}

/* The slot of what equals @key, or the free one where it belongs. */
static __u32 *index_slot(const struct index *index, const struct index_ops *ops,
			 const struct sharing *s, __u64 hash, const void *key)
{
	size_t i = hash & (index->size - 1);

	while (index->slot[i] && !ops->same(s, index->slot[i] - 1, key))
		i = (i + 1) & (index->size - 1);
	return &index->slot[i];
}

/* Room for one more of @n elements. */
static bool array_grow(void *array, size_t n, size_t *room, size_t size)
{
	void **a = array;
	size_t wanted = *room ? 2 * *room : 256;
	void *more;

	if (n < *room)
		return true;
	more = reallocarray(*a, wanted, size);
	if (!more)
		return false;
	*a = more;
	*room = wanted;
	return true;
}

void sharing_init(struct sharing *s, unsigned int processes, bool keep_maps)
{
	*s = (struct sharing) {
		.processes = processes,
		.words = (processes + 63) / 64,
		.keep_maps = keep_maps,
	};
}

int sharing_file(struct sharing *s, const struct vma *vma, const char *label,
		 __u32 *file, struct error *err)
{
	struct shared_file key = {
		.label = (char *)label,
		.dev_major = vma->dev_major,
		.dev_minor = vma->dev_minor,
		.inode = vma->inode,
	};
	__u32 *slot;

	if (!index_grow(&s->file_index, &file_ops, s))
		return no_memory(err);
	slot = index_slot(&s->file_index, &file_ops, s, file_hash(&key), &key);
	if (!*slot) {
		if (!array_grow(&s->files, s->nr_files, &s->room_files,
				sizeof(*s->files)))
			return no_memory(err);
		key.label = strdup(label);
		if (!key.label)
			return no_memory(err);
		s->files[s->nr_files++] = key;
		s->file_index.used++;
		*slot = s->nr_files;
	}
	*file = *slot - 1;
	return 0;
}

static int add_map(struct sharing *s, const struct shared_map *map,
		   struct error *err)
{
	if (!array_grow(&s->maps, s->nr_maps, &s->room_maps, sizeof(*s->maps)))
		return no_memory(err);
	s->maps[s->nr_maps++] = *map;
	return 0;
}

int sharing_add(struct sharing *s, __u32 file, const struct shared_map *map,
		struct error *err)
{
	const struct shared_frame key = { .pfn = map->pfn, .file = file };
	struct shared_frame *frame;
	__u32 *slot;

	if (!index_grow(&s->frame_index, &frame_ops, s))
		return no_memory(err);
	slot = index_slot(&s->frame_index, &frame_ops, s,
			  frame_hash(key.pfn, key.file), &key);
	if (!*slot) {
		if (s->nr_frames == ~0U ||
		    !array_grow(&s->frames, s->nr_frames, &s->room_frames,
				frame_size(s)))
			return no_memory(err);
		frame = frame_at(s, s->nr_frames++);
		memset(frame, 0, frame_size(s));
		*frame = key;
		s->frame_index.used++;
		*slot = s->nr_frames;
	}
	frame = frame_at(s, *slot - 1);
	frame->processes[map->process / 64] |= 1ULL << map->process % 64;
	s->files[file].pages++;
	return s->keep_maps ? add_map(s, map, err) : 0;
}

static int by_pfn(const void *a, const void *b)
{
	const struct shared_frame *x = a, *y = b;

	return (x->pfn > y->pfn) - (x->pfn < y->pfn);
}

static int by_place(const void *a, const void *b)
{
	const struct shared_map *x = a, *y = b;

	if (x->pfn != y->pfn)
		return x->pfn < y->pfn ? -1 : 1;
	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

static int by_saved(const void *a, const void *b)
{
	const struct shared_file *x = a, *y = b;
	__u64 saved_x = x->pages - x->frames, saved_y = y->pages - y->frames;

	if (saved_x != saved_y)
		return saved_x > saved_y ? -1 : 1;
	return strcmp(x->label, y->label);
}

static bool is_in(const __u64 *set, unsigned int process)
{
	return set[process / 64] >> process % 64 & 1;
}

/* Counts one frame for each pair that has it. @members has room for all. */
static void count_pairs(struct sharing *s, const __u64 *set,
			unsigned int *members)
{
	unsigned int n = 0, p, i, j;

	for (p = 0; p < s->processes; p++)
		if (is_in(set, p))
			members[n++] = p;
	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			s->pairs[members[i] * s->processes + members[j]]++;
}

static bool is_all(const struct sharing *s, const __u64 *set)
{
	unsigned int p;

	for (p = 0; p < s->processes; p++)
		if (!is_in(set, p))
			return false;
	return true;
}

/*
 * Frames [from, to) are the same one, in different files: one that a process
 * has moved, or samepage merging has put there. It is still one frame.
 */
static void count_frame(struct sharing *s, size_t from, size_t to, __u64 *set,
			unsigned int *members)
{
	bool all;
	size_t i, w;

	memset(set, 0, s->words * sizeof(*set));
	for (i = from; i < to; i++)
		for (w = 0; w < s->words; w++)
			set[w] |= frame_at(s, i)->processes[w];
	s->distinct++;
	count_pairs(s, set, members);
	all = is_all(s, set);
	for (i = from; i < to; i++) {
		struct shared_file *file = &s->files[frame_at(s, i)->file];

		file->frames++;
		file->shared_by_all += all;
	}
}

int sharing_count(struct sharing *s, struct error *err)
{
	unsigned int *members = calloc(s->processes, sizeof(*members));
	__u64 *set = calloc(s->words, sizeof(*set));
	size_t from, to;
	int ret = -1;

	s->pairs = calloc((size_t)s->processes * s->processes,
			  sizeof(*s->pairs));
	if (!members || !set || !s->pairs) {
		no_memory(err);
		goto out;
	}
	/* From here on places change: nothing can be found by index any more. */
	if (s->nr_frames)
		qsort(s->frames, s->nr_frames, frame_size(s), by_pfn);
	for (from = 0; from < s->nr_frames; from = to) {
		to = from + 1;
		while (to < s->nr_frames &&
		       frame_at(s, to)->pfn == frame_at(s, from)->pfn)
			to++;
		count_frame(s, from, to, set, members);
	}
	if (s->nr_maps)
		qsort(s->maps, s->nr_maps, sizeof(*s->maps), by_place);
	if (s->nr_files)
		qsort(s->files, s->nr_files, sizeof(*s->files), by_saved);
	ret = 0;
out:
	free(set);
	free(members);
	return ret;
}

const struct shared_map *sharing_next(const struct sharing *s, size_t *at,
				      size_t *n)
{
	while (*at < s->nr_maps) {
		const struct shared_map *first = &s->maps[*at];
		size_t i = *at + 1;

		while (i < s->nr_maps && s->maps[i].pfn == first->pfn)
			i++;
		*n = i - *at;
		*at = i;
		/* Sorted by process: two are in it if the ends differ. */
		if (s->maps[i - 1].process != first->process)
			return first;
	}
	return NULL;
}

void sharing_free(struct sharing *s)
{
	size_t i;

	for (i = 0; i < s->nr_files; i++)
		free(s->files[i].label);
	free(s->files);
	free(s->file_index.slot);
	free(s->frames);
	free(s->frame_index.slot);
	free(s->maps);
	free(s->pairs);
	memset(s, 0, sizeof(*s));
}
