// SPDX-License-Identifier: GPL-2.0
/*
 * decode for x86-64. Bit layout of mapping entries: Intel SDM vol. 3A ch. 4.5
 * and arch/x86/include/asm/pgtable_types.h; of non-present ones:
 * arch/x86/include/asm/pgtable_64.h ("Encode and de-code a swap entry").
 */
#include "decode.h"

#define BIT64(n)	(1ULL << (n))

#define PTE_PRESENT	DECODE_PRESENT
#define PTE_RW		BIT64(1)
#define PTE_USER	BIT64(2)
#define PTE_PWT		BIT64(3)
#define PTE_PCD		BIT64(4)
#define PTE_ACCESSED	BIT64(5)
#define PTE_DIRTY	BIT64(6)
#define PTE_PSE		DECODE_LARGE
#define PTE_PAT		BIT64(7)	/* PTE */
#define PTE_GLOBAL	BIT64(8)	/* of a present entry */
#define PTE_PROTNONE	BIT64(8)	/* of a non-present one */
#define PTE_PAT_LARGE	BIT64(12)	/* PMD and PUD leaves */
#define PTE_NX		BIT64(63)
#define PTE_PKEY_SHIFT	59
#define PTE_PKEY_MASK	0xfULL

#define SWP_TYPE_SHIFT	59
#define SWP_OFFSET_LOW	14	/* what __swp_offset() shifts right by */
#define SWP_TYPE_WIDTH	5

#define SWP_OFFSET_FIRST	9	/* bit of the entry that holds its bit 0 */
#define SWP_OFFSET_MASK	((BIT64(SWP_TYPE_SHIFT) - 1) & \
			 ~(BIT64(SWP_OFFSET_FIRST) - 1))

#define LEVEL_BITS	9
#define BASE_SHIFT	DECODE_BASE_SHIFT
/* log2 of the bytes that an entry of the PTE, PMD or PUD spans */
#define LEVEL_SHIFT(level)	(BASE_SHIFT + LEVEL_BITS * ((level) - 1))

static u32 flag_if(u64 raw, u64 bits, u32 flag)
{
	return raw & bits ? flag : 0;
}

/* Flags of an entry that maps something: a table, or a frame. */
static u32 mapping_flags(const struct decode_env *env, u8 level, u64 raw,
			 bool leaf)
{
	bool large = level != VMSCOPE_LEVEL_PTE;
	u32 flags = raw & PTE_NX ? 0 : VMSCOPE_FLAG_EXEC;

	/* No table of these: a walk decodes five entries an address. */
	flags |= flag_if(raw, PTE_PRESENT, VMSCOPE_FLAG_PRESENT);
	flags |= flag_if(raw, PTE_RW, VMSCOPE_FLAG_RW);
	flags |= flag_if(raw, PTE_USER, VMSCOPE_FLAG_USER);
	flags |= flag_if(raw, PTE_ACCESSED, VMSCOPE_FLAG_ACCESSED);
	flags |= flag_if(raw, PTE_PWT, VMSCOPE_FLAG_PWT);
	flags |= flag_if(raw, PTE_PCD, VMSCOPE_FLAG_PCD);
	/* The CPU ignores the bit of a dirty page in an entry that names a table. */
	if (!leaf)
		return flags;

	flags |= flag_if(raw, PTE_DIRTY, VMSCOPE_FLAG_DIRTY);
	flags |= VMSCOPE_FLAG_LEAF;
	/* Of a large leaf without the present bit it may have been inverted. */
	if (!large || (raw & PTE_PRESENT))
		flags |= flag_if(raw, large ? PTE_PAT_LARGE : PTE_PAT,
				 VMSCOPE_FLAG_PAT);
	flags |= flag_if(raw, env->soft_dirty, VMSCOPE_FLAG_SOFT_DIRTY);
	flags |= flag_if(raw, env->uffd_wp, VMSCOPE_FLAG_UFFD_WP);
	flags |= flag_if(raw, env->special, VMSCOPE_FLAG_SPECIAL);
	flags |= flag_if(raw, env->devmap, VMSCOPE_FLAG_DEVMAP);
	flags |= flag_if(raw, env->saved_dirty, VMSCOPE_FLAG_DIRTY);
	/* The same bit: global of a present entry, PROT_NONE of another. */
	flags |= flag_if(raw, PTE_GLOBAL, raw & PTE_PRESENT ?
			 VMSCOPE_FLAG_GLOBAL : VMSCOPE_FLAG_PROTNONE);
	flags |= (u32)((raw >> PTE_PKEY_SHIFT) & PTE_PKEY_MASK)
		 << VMSCOPE_PKEY_SHIFT;
	return flags;
}

static u64 mapping_pfn(const struct decode_env *env, u8 level, u64 raw,
		       bool leaf)
{
	u64 mask = env->pfn_mask;
	u64 addr;

	/*
	 * L1TF: the kernel stores the PFN of an entry without the present bit
	 * inverted, so that speculation finds no memory behind it
	 * (6b28baca9b1f "x86/speculation/l1tf: Protect PROT_NONE PTEs").
	 */
	addr = raw & PTE_PRESENT ? raw : ~raw;
	/*
	 * A large leaf's frame is aligned to its size; the bits below are PAT
	 * and reserved ones, which the inversion leaves alone.
	 */
	if (leaf)
		mask &= ~(BIT64(LEVEL_SHIFT(level)) - 1);
	return (addr & mask) >> BASE_SHIFT;
}

static bool is_large(u8 level, u64 raw)
{
	return (level == VMSCOPE_LEVEL_PMD || level == VMSCOPE_LEVEL_PUD) &&
	       (raw & PTE_PSE);
}

static u8 marker_kind(const struct decode_env *env, u64 offset)
{
	if (offset & env->marker_guard)
		return VMSCOPE_MARKER_GUARD;
	if (offset & env->marker_poisoned)
		return VMSCOPE_MARKER_POISONED;
	if (offset & env->marker_uffd_wp)
		return VMSCOPE_MARKER_UFFD_WP;
	return VMSCOPE_MARKER_UNKNOWN;
}

/* Non-present entries: type in the top 5 bits, offset below it inverted. */
static void decode_nonpresent(const struct decode_env *env, u64 raw,
			      struct decoded *d)
{
	u64 offset = ~raw << SWP_TYPE_WIDTH >> SWP_OFFSET_LOW;
	u8 type = raw >> SWP_TYPE_SHIFT;
	const struct swp_kind *kind = &env->swp[type];

	d->state = kind->state;
	d->flags = flag_if(raw, env->swp_soft_dirty, VMSCOPE_FLAG_SOFT_DIRTY) |
		   flag_if(raw, env->swp_uffd_wp, VMSCOPE_FLAG_UFFD_WP);
	if (kind->has_pfn)
		d->pfn = offset & env->swp_pfn_mask;

	switch (kind->state) {
	case VMSCOPE_STATE_SWAP:
		d->swap_type = type;
		d->swap_offset = offset;
		break;
	case VMSCOPE_STATE_MARKER:
		d->marker = kind->marker ? kind->marker :
					   marker_kind(env, offset);
		break;
	}
}

/**
 * decode_none() - is the entry empty?
 * @raw: as read
 *
 * Accessed and dirty alone do not count: a CPU erratum lets them appear in an
 * empty entry (97e3c602ccbd "x86/mm: Ignore A/D bits in pte/pmd/pud_none()").
 *
 * Return: true where nothing is installed.
 */
bool decode_none(u64 raw)
{
	return !(raw & ~(PTE_ACCESSED | PTE_DIRTY));
}

/**
 * decode_entry() - what an entry means
 * @env: of this kernel
 * @level: enum vmscope_level_nr of the table it stands in
 * @raw: as read
 * @d: filled
 */
void decode_entry(const struct decode_env *env, u8 level, u64 raw,
		  struct decoded *d)
{
	bool large = is_large(level, raw);
	bool leaf = large || level == VMSCOPE_LEVEL_PTE;

	*d = (struct decoded){ .pfn = VMSCOPE_PFN_NONE };
	if (decode_none(raw)) {
		d->state = VMSCOPE_STATE_NONE;
	} else if (raw & PTE_PRESENT) {
		d->state = VMSCOPE_STATE_PRESENT;
		d->flags = mapping_flags(env, level, raw, leaf);
		d->pfn = mapping_pfn(env, level, raw, leaf);
	} else if (large || (raw & PTE_PROTNONE)) {
		/*
		 * PSE without present and PROT_NONE bits is a THP while it is
		 * being split or changed: the frame is still there.
		 */
		d->state = VMSCOPE_STATE_PROTNONE;
		d->flags = mapping_flags(env, level, raw, true);
		d->pfn = mapping_pfn(env, level, raw, true);
	} else {
		decode_nonpresent(env, raw, d);
	}
}

/**
 * decode_differ_in_frame() - are two entries alike but for the frame?
 * @env: of this kernel
 * @level: of both
 * @a: raw entry
 * @b: raw entry
 *
 * Return: true where the bits outside of PFN (or swap offset) are the same.
 */
bool decode_differ_in_frame(const struct decode_env *env, u8 level, u64 a,
			    u64 b)
{
	u64 mask = SWP_OFFSET_MASK;

	if ((a & (PTE_PRESENT | PTE_PROTNONE)) || is_large(level, a))
		mask = env->pfn_mask;
	else if (env->swp[a >> SWP_TYPE_SHIFT].has_pfn)
		mask = env->swp_pfn_mask << SWP_OFFSET_FIRST;
	return !((a ^ b) & ~mask);
}

/**
 * decode_paging() - shape of the tree
 * @env: of this kernel
 * @p: filled; with 4 levels the P4D is folded away
 */
void decode_paging(const struct decode_env *env, struct paging *p)
{
	u8 shift = BASE_SHIFT + LEVEL_BITS * (env->levels - 1);
	u8 level = VMSCOPE_LEVEL_PGD;
	u8 i;

	p->nr = env->levels;
	for (i = 0; i < p->nr; i++, shift -= LEVEL_BITS, level--) {
		if (level == VMSCOPE_LEVEL_P4D && p->nr < VMSCOPE_LEVELS_MAX)
			level--;
		p->level[i].level = level;
		p->level[i].shift = shift;
	}
}
