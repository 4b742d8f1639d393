/* SPDX-License-Identifier: GPL-2.0 */
/*
 * decode: the raw 64 bits of a page-table entry -> state, flags, PFN, swap.
 *
 * No mm header is included here or in decode_x86.c: what differs from kernel to
 * kernel arrives in struct decode_env, so that the unit tests compile the same
 * files in user space and feed them any kernel's numbers.
 */
#ifndef VMSCOPE_DECODE_H
#define VMSCOPE_DECODE_H

#ifdef __KERNEL__
#include <linux/kernel.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
typedef __u64 u64;
typedef __u32 u32;
typedef __u16 u16;
typedef __u8 u8;
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif
#include "uapi/vmscope.h"

#define DECODE_SWP_TYPES	32	/* 5 bits of the entry hold the type */

/**
 * struct swp_kind - what one swap type number stands for on this kernel
 * @state: VMSCOPE_STATE_SWAP for a real device
 * @has_pfn: the offset holds a PFN (and, above it, bits to be cut off)
 * @marker: for a type that is a marker by itself (not by its offset)
 */
struct swp_kind {
	u8 state;
	bool has_pfn;
	u8 marker;
};

/**
 * struct decode_env - what differs between kernels and machines
 * @levels: 4 or 5
 * @pfn_mask: bits of an entry that hold the physical page address
 * @swp_pfn_mask: bits of a swap offset that hold a PFN
 * @soft_dirty: software bits of a mapping entry, 0 where the kernel has none
 * @uffd_wp: likewise
 * @special: likewise
 * @devmap: likewise
 * @saved_dirty: likewise; dirty while write-protected (shadow stacks)
 * @swp_soft_dirty: software bits of a non-present entry
 * @swp_uffd_wp: likewise
 * @marker_uffd_wp: bits of a marker's offset, 0 where the kernel has none
 * @marker_poisoned: likewise
 * @marker_guard: likewise
 * @swp: what each swap type number stands for
 */
struct decode_env {
	u8 levels;
	u64 pfn_mask;
	u64 swp_pfn_mask;
	u64 soft_dirty;
	u64 uffd_wp;
	u64 special;
	u64 devmap;
	u64 saved_dirty;
	u64 swp_soft_dirty;
	u64 swp_uffd_wp;
	u64 marker_uffd_wp;
	u64 marker_poisoned;
	u64 marker_guard;
	struct swp_kind swp[DECODE_SWP_TYPES];
};

/**
 * struct decoded - what an entry means
 * @pfn: frame, VMSCOPE_PFN_NONE where the entry has none. For a table entry
 *	the frame of the next table.
 * @swap_offset: slot, for VMSCOPE_STATE_SWAP
 * @flags: VMSCOPE_FLAG_* and the protection key
 * @state: enum vmscope_state
 * @swap_type: device index, for VMSCOPE_STATE_SWAP
 * @marker: enum vmscope_marker, for VMSCOPE_STATE_MARKER
 */
struct decoded {
	u64 pfn;
	u64 swap_offset;
	u32 flags;
	u8 state;
	u8 swap_type;
	u8 marker;
};

/**
 * struct paging - the tree's shape on this machine
 * @nr: levels in use
 * @level: from the top, [0] is the one whose table the CPU's root register
 *	points to; @nr are valid
 */
struct paging {
	u8 nr;
	struct {
		u8 level;	/* enum vmscope_level_nr */
		u8 shift;	/* log2 of the bytes one entry spans */
	} level[VMSCOPE_LEVELS_MAX];
};

#define DECODE_TABLE_ENTRIES	512
#define DECODE_BASE_SHIFT	12
/* Bits of an entry that the hardware looks at. */
#define DECODE_PRESENT		(1ULL << 0)
#define DECODE_LARGE		(1ULL << 7)	/* PMD and PUD: a leaf */

/* A table entry: the walk goes on at the frame it names. */
static inline bool decoded_is_table(const struct decoded *d)
{
	return d->state == VMSCOPE_STATE_PRESENT &&
	       !(d->flags & VMSCOPE_FLAG_LEAF);
}

/* The frame is there, whether or not the hardware would translate the entry. */
static inline bool decoded_is_mapped(const struct decoded *d)
{
	return d->state == VMSCOPE_STATE_PRESENT ||
	       d->state == VMSCOPE_STATE_PROTNONE;
}

/**
 * decode_table() - does an entry lead to a table?
 * @env: of this kernel
 * @level: of the table that it stands in, not the PTEs'
 * @raw: as read
 * @pfn: frame of the next table, where it does
 *
 * Return: as decoded_is_table() of what decode_entry() says.
 */
static inline bool decode_table(const struct decode_env *env, u8 level, u64 raw,
				u64 *pfn)
{
	u64 leaf = level <= VMSCOPE_LEVEL_PUD ? DECODE_LARGE : 0;

	*pfn = (raw & env->pfn_mask) >> DECODE_BASE_SHIFT;
	return (raw & (DECODE_PRESENT | leaf)) == DECODE_PRESENT;
}

/**
 * decode_like() - what a PTE means, by one that is known
 * @env: of this kernel
 * @raw: as read
 * @known: another PTE
 * @d: what that means; becomes what @raw means
 *
 * Neighbours are often alike but for the frame.
 *
 * Return: false where they are not: @d is as it was.
 */
static inline bool decode_like(const struct decode_env *env, u64 raw, u64 known,
			       struct decoded *d)
{
	if (!(raw & DECODE_PRESENT) || ((raw ^ known) & ~env->pfn_mask))
		return false;
	d->pfn = (raw & env->pfn_mask) >> DECODE_BASE_SHIFT;
	return true;
}

/**
 * decode_follows() - does a PTE differ from one before it in the frame alone?
 * @raw: as read
 * @first: a PTE
 * @n: so many places before
 *
 * Return: true where its frame is @n frames after the first one's.
 */
static inline bool decode_follows(u64 raw, u64 first, u64 n)
{
	return raw == first + (n << DECODE_BASE_SHIFT) &&
	       (raw & DECODE_PRESENT);
}

bool decode_none(u64 raw);
void decode_entry(const struct decode_env *env, u8 level, u64 raw,
		  struct decoded *d);
void decode_paging(const struct decode_env *env, struct paging *p);
bool decode_differ_in_frame(const struct decode_env *env, u8 level, u64 a,
			    u64 b);

#endif /* VMSCOPE_DECODE_H */
