// SPDX-License-Identifier: GPL-2.0
/*
 * entry ENTRY...: what the 64 bits of a last-level entry mean. Three functions are
 * yours; README.md has the table of the bits.
 */
#include <stdint.h>
#include "lab.h"

/* Does the processor use this entry? */
static int is_present(uint64_t entry)
{
	return entry & 1;
}

/* The number of the swap device, if it does not. */
static unsigned int device(uint64_t entry)
{
	return entry >> 59;
}

/* The slot on that device. */
static uint64_t slot(uint64_t entry)
{
	return ~entry >> 9 & ((1UL << 50) - 1);
}

int main(int argc, char *argv[])
{
	uint64_t entry;
	int i;

	for (i = 1; i < argc; i++) {
		entry = strtoull(argv[i], NULL, 0);
		if (is_present(entry))
			say("present\n");
		else if (!entry)
			say("nothing\n");
		else
			say("device %u slot %lu\n", device(entry), slot(entry));
	}
	return 0;
}
