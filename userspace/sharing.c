// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sharing.h"

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

static __u64 frame_hash_at(const struct sharing *s, size_t i)
{
	return mix(s->frames[i].pfn);
}

static bool frame_same(const struct sharing *s, size_t i, const void *key)
{
	return s->frames[i].pfn == ((const struct shared_frame *)key)->pfn;
}

static const struct index_ops frame_ops = { frame_hash_at, frame_same };

static __u64 other_hash(const struct shared_frame *other)
{
	return mix(other->pfn ^ mix(other->file + 1));
}

static __u64 other_hash_at(const struct sharing *s, size_t i)
{
	return other_hash(&s->others[i]);
}

static bool other_same(const struct sharing *s, size_t i, const void *key)
{
	const struct shared_frame *a = &s->others[i], *b = key;

	return a->pfn == b->pfn && a->file == b->file;
}

static const struct index_ops other_ops = { other_hash_at, other_same };

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
		.words = (processes + 63) / 64,
		.keep_maps = keep_maps,
	};
}

unsigned int sharing_process(struct sharing *s)
{
	return s->processes++;
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

static __u64 *set_bits(const struct sharing *s, __u32 set)
{
	return &s->members[set * s->words];
}

static bool is_in(const __u64 *bits, unsigned int process)
{
	return bits[process / 64] >> process % 64 & 1;
}

/* Room for one more set; its bits grow with it. */
static bool grow_sets(struct sharing *s)
{
	size_t room = s->room_sets ? 2 * s->room_sets : 64;
	struct process_set *sets;
	__u64 *members;

	if (s->nr_sets < s->room_sets)
		return true;
	members = reallocarray(s->members, room, s->words * sizeof(*members));
	if (!members)
		return false;
	s->members = members;
	sets = reallocarray(s->sets, room, sizeof(*sets));
	if (!sets)
		return false;
	s->sets = sets;
	s->room_sets = room;
	return true;
}

/* A set that is not in use, all zeroes; 0 if there is no memory for it. */
static __u32 take_set(struct sharing *s)
{
	__u32 set = s->free_set;

	if (set) {
		s->free_set = s->sets[set].next;
	} else {
		if (!grow_sets(s))
			return 0;
		set = s->nr_sets++;
	}
	memset(&s->sets[set], 0, sizeof(*s->sets));
	memset(set_bits(s, set), 0, s->words * sizeof(__u64));
	return set;
}

/* @set and the process that is being read. 0 if there is no memory. */
static __u32 next_set(struct sharing *s, __u32 set)
{
	unsigned int process = s->processes - 1;
	__u32 next;

	if (s->sets[set].next_for == s->processes)
		return s->sets[set].next;
	next = take_set(s);
	if (!next)
		return 0;
	memcpy(set_bits(s, next), set_bits(s, set), s->words * sizeof(__u64));
	set_bits(s, next)[process / 64] |= 1ULL << process % 64;
	s->sets[next].members = s->sets[set].members + 1;
	s->sets[set].next = next;
	s->sets[set].next_for = s->processes;
	return next;
}

/*
 * The process that is being read maps @frame too. Where no frame is left in the
 * old set none will come to it again: that takes an earlier process.
 */
static bool join_set(struct sharing *s, struct shared_frame *frame)
{
	__u32 old = frame->set, next;

	if (is_in(set_bits(s, old), s->processes - 1))
		return true;
	next = next_set(s, old);
	if (!next)
		return false;
	frame->set = next;
	s->sets[next].frames++;
	if (old && !--s->sets[old].frames) {
		s->sets[old].next = s->free_set;
		s->free_set = old;
	}
	return true;
}

/* The frame seen in @file: in one more, perhaps. */
static bool add_file(struct sharing *s, const struct shared_frame *frame,
		     __u32 file)
{
	const struct shared_frame key = { .pfn = frame->pfn, .file = file };
	__u32 *slot;

	if (frame->file == file)
		return true;
	if (!index_grow(&s->other_index, &other_ops, s))
		return false;
	slot = index_slot(&s->other_index, &other_ops, s, other_hash(&key),
			  &key);
	if (*slot)
		return true;
	if (s->nr_others == ~0U - 1 ||
	    !array_grow(&s->others, s->nr_others, &s->room_others,
			sizeof(*s->others)))
		return false;
	s->others[s->nr_others++] = key;
	s->other_index.used++;
	*slot = s->nr_others;
	s->files[file].frames++;
	return true;
}

static struct shared_frame *find_frame(struct sharing *s, __u64 pfn,
				       __u32 file)
{
	const struct shared_frame key = { .pfn = pfn, .file = file };
	__u32 *slot;

	if (!index_grow(&s->frame_index, &frame_ops, s))
		return NULL;
	slot = index_slot(&s->frame_index, &frame_ops, s, mix(pfn), &key);
	if (!*slot) {
		if (s->nr_frames == ~0U - 1 ||
		    !array_grow(&s->frames, s->nr_frames, &s->room_frames,
				sizeof(*s->frames)))
			return NULL;
		s->frames[s->nr_frames++] = key;
		s->frame_index.used++;
		*slot = s->nr_frames;
		s->files[file].frames++;
	}
	return &s->frames[*slot - 1];
}

static bool add_map(struct sharing *s, __u64 pfn, __u64 vaddr)
{
	if (!array_grow(&s->maps, s->nr_maps, &s->room_maps, sizeof(*s->maps)))
		return false;
	s->maps[s->nr_maps++] = (struct shared_map) {
		.pfn = pfn,
		.vaddr = vaddr,
		.process = s->processes - 1,
	};
	return true;
}

int sharing_add(struct sharing *s, __u32 file, __u64 pfn, __u64 vaddr,
		struct error *err)
{
	struct shared_frame *frame;

	/* The empty set comes first: what is in no set yet is in that one. */
	if (!s->nr_sets && (!grow_sets(s) || take_set(s)))
		return no_memory(err);
	frame = find_frame(s, pfn, file);
	if (!frame || !join_set(s, frame) || !add_file(s, frame, file) ||
	    (s->keep_maps && !add_map(s, pfn, vaddr)))
		return no_memory(err);
	s->files[file].pages++;
	return 0;
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

/* Half of the square, the diagonal with it. */
static size_t pair_place(unsigned int a, unsigned int b)
{
	return a < b ? (size_t)b * (b + 1) / 2 + a : (size_t)a * (a + 1) / 2 + b;
}

__u64 sharing_pair(const struct sharing *s, unsigned int a, unsigned int b)
{
	return s->pairs[pair_place(a, b)];
}

/* Counts the frames of one set for each pair in it. @list has room for all. */
static void count_pairs(struct sharing *s, __u32 set, unsigned int *list)
{
	unsigned int n = 0, p, i, j;

	for (p = 0; p < s->processes; p++)
		if (is_in(set_bits(s, set), p))
			list[n++] = p;
	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++)
			s->pairs[pair_place(list[i], list[j])] +=
				s->sets[set].frames;
}

static bool is_all(const struct sharing *s, const struct shared_frame *frame)
{
	return s->sets[frame->set].members == s->processes;
}

static void count_files(struct sharing *s)
{
	size_t i;

	for (i = 0; i < s->nr_frames; i++)
		s->files[s->frames[i].file].shared_by_all +=
			is_all(s, &s->frames[i]);
	for (i = 0; i < s->nr_others; i++) {
		const struct shared_frame *other = &s->others[i];
		__u32 *slot = index_slot(&s->frame_index, &frame_ops, s,
					 mix(other->pfn), other);

		s->files[other->file].shared_by_all +=
			is_all(s, &s->frames[*slot - 1]);
	}
}

int sharing_count(struct sharing *s, struct error *err)
{
	unsigned int *list = calloc(s->processes + 1, sizeof(*list));
	size_t set;

	s->pairs = calloc(pair_place(0, s->processes) + 1, sizeof(*s->pairs));
	if (!list || !s->pairs) {
		free(list);
		return no_memory(err);
	}
	for (set = 1; set < s->nr_sets; set++)
		if (s->sets[set].frames)
			count_pairs(s, set, list);
	free(list);
	count_files(s);
	if (s->nr_maps)
		qsort(s->maps, s->nr_maps, sizeof(*s->maps), by_place);
	/* From here on the numbers of files mean nothing any more. */
	if (s->nr_files)
		qsort(s->files, s->nr_files, sizeof(*s->files), by_saved);
	return 0;
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

size_t sharing_bytes(const struct sharing *s)
{
	return (s->nr_frames + s->nr_others) * sizeof(*s->frames) +
	       (s->frame_index.size + s->other_index.size) *
		       sizeof(*s->frame_index.slot) +
	       s->nr_sets * (sizeof(*s->sets) + s->words * sizeof(__u64)) +
	       s->nr_maps * sizeof(*s->maps);
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
	free(s->others);
	free(s->other_index.slot);
	free(s->sets);
	free(s->members);
	free(s->maps);
	free(s->pairs);
	memset(s, 0, sizeof(*s));
}
