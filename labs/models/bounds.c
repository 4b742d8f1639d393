// SPDX-License-Identifier: GPL-2.0
/*
 * Base + bounds: the address is compared before the base is added.
 */
#include "machine.h"

bool within_bounds(uint64_t vaddr, uint64_t bounds)
{
	return vaddr < bounds;
}
