/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which swap area an entry means.
 *
 * An entry holds the area's number, its type. /proc/swaps lists the areas that
 * are in use by ascending type, but does not say the types: one that swapoff
 * has set free is a gap that the list does not show. So a type is the first
 * area, or the second, for certain only under the conditions of swaps_device().
 */
#ifndef VMSCOPE_SWAPS_H
#define VMSCOPE_SWAPS_H

#include "transport.h"

/* An entry has five bits for the type. */
#define SWAP_TYPES	32

/**
 * struct swaps - the areas, and the types that a process has entries of
 * @name: paths of the areas, in the order of /proc/swaps; NULL: more than fit
 * @n: how many
 * @seen: mask of 1 << type
 * @watch: tells when the list changes; NULL: nothing has been read
 */
struct swaps {
	char *name[SWAP_TYPES];
	size_t n;
	__u32 seen;
	struct swaps_watch *watch;
};

/**
 * swaps_read() - the areas that are in use
 * @s: where to; to be freed
 *
 * If they cannot be told there are none: names are an addition, no fact.
 */
void swaps_read(struct swaps *s);

/**
 * swaps_changed() - has an area come or gone since the list was read?
 * @s: the areas
 *
 * Return: true if so; from then on none of them is certain.
 */
bool swaps_changed(const struct swaps *s);

/**
 * swaps_see() - note a type
 * @s: the areas
 * @page: what has it, if it is in swap at all
 */
void swaps_see(struct swaps *s, const struct page *page);

/**
 * swaps_need_look() - would it help to know all types of the process?
 * @s: the areas
 *
 * Return: false where the areas are certain, or never will be.
 */
bool swaps_need_look(const struct swaps *s);

/**
 * swaps_look() - note all types that a process has entries of
 * @s: the areas; read again
 * @t: the way in
 * @pid: the process
 * @cost: what it has cost
 * @err: filled in on error
 *
 * This is a dump of its own. Nothing but the set of types is kept.
 *
 * Return: 0 or -1.
 */
int swaps_look(struct swaps *s, struct transport *t, pid_t pid,
	       struct cost *cost, struct error *err);

/**
 * swaps_device() - the area of a type
 * @s: the areas
 * @type: the type
 *
 * What is seen is in use, so with as many types seen as there are areas they
 * are the same, in order: one area is only a special case. Short of that, a
 * type can be no later in the list than its own number, and no earlier than the
 * number of lower types seen: where all of these were, there is no choice. In
 * all other cases a gap cannot be told from an area that has not been seen.
 *
 * To be asked when the entry has been read, not before: if the areas are still
 * the same as ever then, they were so when it was.
 *
 * Return: its path, or NULL where that is not certain.
 */
const char *swaps_device(const struct swaps *s, unsigned int type);

/**
 * swaps_free() - forget them
 * @s: may be all zeroes
 */
void swaps_free(struct swaps *s);

#endif /* VMSCOPE_SWAPS_H */
