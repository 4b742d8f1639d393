// SPDX-License-Identifier: GPL-2.0
/*
 * What the loader of static relocation does to a program's code.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relocate.h"

/*
 * Is there an address, and not a constant ($0x3) or a distance from a register
 * (0x8(%rbp))? Only an address moves with the program.
 */
static bool is_address(const char *text, const char *at, char **end)
{
	if (strncmp(at, "0x", 2) || (at > text && (isalnum(at[-1]) ||
						   strchr("$-+%_", at[-1]))))
		return false;
	strtoul(at, end, 16);
	return **end != '(';
}

void relocate(const char *text, uint64_t base, char *buf, size_t size)
{
	const char *at = text;
	char *end;
	size_t n = 0;

	while (*at && n + 1 < size) {
		if (is_address(text, at, &end)) {
			n += snprintf(buf + n, size - n, "0x%" PRIx64,
				      base + strtoul(at, NULL, 16));
			at = end;
		} else {
			buf[n++] = *at++;
		}
	}
	buf[n < size ? n : size - 1] = '\0';
}
