// SPDX-License-Identifier: GPL-2.0
/*
 * upper FILE: make an A of every a in its first 100 bytes, and print them, without
 * reading or writing the file: it is mapped. Waits for `kill -CONT` twice, when the
 * file is mapped and when it is changed.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include "lab.h"

#define LENGTH	100

/*
 * TODO 1: the file as memory that can be written to, so that the file itself changes.
 * What is here gives memory with the file's content, but neither of the two.
 */
static char *map_file(const char *name)
{
	int fd = open(name, O_RDWR);
	char *map;

	if (fd < 0)
		die(name);
	map = mmap(NULL, LENGTH, PROT_READ, MAP_PRIVATE, fd, 0);
	/* The mapping stays. */
	close(fd);
	return map;
}

/* TODO 2: every 'a' becomes an 'A'. */
static void change(char *map)
{
}

/* TODO 3: print what is there now, LENGTH bytes, straight from the mapping (write). */
static void print(const char *map)
{
}

int main(int argc, char *argv[])
{
	volatile char *map;

	if (argc < 2) {
		fprintf(stderr, "usage: upper FILE\n");
		return 2;
	}
	map = map_file(argv[1]);
	if (map == MAP_FAILED)
		die("mmap");
	/* So that there is an entry to look at. */
	(void)map[0];
	wait_here("upper: mapped at %p\n", (void *)map);
	change((char *)map);
	print((char *)map);
	wait_here("\nupper: changed\n");
	return 0;
}
