// SPDX-License-Identifier: GPL-2.0
/*
 * entry ENTRY...: what the 64 bits of a last-level entry mean. Three functions are
 * yours; README.md has the table of the bits.
 */
#include <stdint.h>
#include "lab.h"

/* TODO 3: does the processor use this entry? */
static int is_present(uint64_t entry)
{
	return 0;
}

/* TODO 4: the number of the swap device, if it does not. */
static unsigned int device(uint64_t entry)
{
	return 0;
}

/* TODO 5: the slot on that device. */
static uint64_t slot(uint64_t entry)
{
	return 0;
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
