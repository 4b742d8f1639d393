// SPDX-License-Identifier: GPL-2.0
/*
 * reader FILE: map its first page, print its first line, and again for each
 * `kill -CONT`.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include "lab.h"

int main(int argc, char *argv[])
{
	int fd = open(argc > 1 ? argv[1] : "", O_RDONLY);
	char *map;

	if (fd < 0)
		die("usage: reader FILE");
	map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	say("reader: mapped at %p\n", (void *)map);
	while (1)
		wait_here("reader: %.*s\n", (int)strcspn(map, "\n"), map);
}
