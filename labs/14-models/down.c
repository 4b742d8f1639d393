// SPDX-License-Identifier: GPL-2.0
/*
 * A segment that grows down is anchored at its end, which stays where it is. The
 * largest offset lies there; what is so much smaller lies so much lower.
 */
#include "machine.h"

/*
 * TODO 2: is this offset in the segment? It has `size` bytes below its anchor, and
 * `max_offset` is the largest offset that an address has room for.
 */
bool down_offset_valid(uint64_t offset, uint64_t max_offset, uint64_t size)
{
	return true;
}

/*
 * TODO 3: where does it lie, in physical memory? `bounds` is the anchor. (What
 * stands here is right for a segment that grows up.)
 */
uint64_t down_paddr(uint64_t offset, uint64_t max_offset, uint64_t bounds)
{
	return bounds + offset;
}
