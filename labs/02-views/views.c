// SPDX-License-Identifier: GPL-2.0
/*
 * views: a page at an address of our choice, which two processes can have.
 *
 *	./views private [NUMBER]	address 0x1000, in a page of this process's own
 *	./views shared [NUMBER]		address 42, in a page that all of them share
 *
 * Stores NUMBER there, if there is one, and says what it finds there: at once, and
 * again for each `kill -CONT`.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include "lab.h"

#define OBJECT	"/dev/shm/views"

/*
 * TODO 1: one page at 0x1000 that is this process's alone. The kernel is free to
 * take the address for a mere hint: which flag forbids that?
 */
static void *map_private(void)
{
	errno = EOPNOTSUPP;
	return MAP_FAILED;
}

/*
 * TODO 2: page 0, in which address 42 is, backed by the file OBJECT so that each process
 * that does this gets the same memory. The file need not exist as yet: open() can
 * make it, and ftruncate() make it one page long.
 */
static void *map_shared(void)
{
	errno = EOPNOTSUPP;
	return MAP_FAILED;
}

int main(int argc, char *argv[])
{
	int shared = argc > 1 && !strcmp(argv[1], "shared");
	volatile char *number = (char *)(shared ? 42UL : 0x1000UL);

	if (!shared && (argc < 2 || strcmp(argv[1], "private"))) {
		fprintf(stderr, "usage: views private|shared [NUMBER]\n");
		return 2;
	}
	if ((shared ? map_shared() : map_private()) == MAP_FAILED)
		die("mmap");
	if (argc > 2)
		*number = atoi(argv[2]);
	while (1)
		wait_here("process %d: address %p holds %d\n", getpid(), (void *)number, *number);
}
