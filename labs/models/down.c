// SPDX-License-Identifier: GPL-2.0
/*
 * A segment that grows down is anchored at its end, which stays where it is. The
 * largest offset lies there; what is so much smaller lies so much lower.
 */
#include "machine.h"

bool down_offset_valid(uint64_t offset, uint64_t max_offset, uint64_t size)
{
	return offset <= max_offset && max_offset - offset <= size;
}

uint64_t down_paddr(uint64_t offset, uint64_t max_offset, uint64_t bounds)
{
	return bounds - (max_offset - offset);
}
