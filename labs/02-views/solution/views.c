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

/* One page at 0x1000 that is this process's alone; nothing is in it but zeros. */
static void *map_private(void)
{
	return mmap((void *)0x1000, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

/*
 * Page 0, in which address 42 is, backed by the file OBJECT so that each process
 * that does this gets the same memory. The file need not exist; it has to be one
 * page long.
 */
static void *map_shared(void)
{
	int fd = open(OBJECT, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, PAGE))
		die(OBJECT);
	return mmap((void *)0, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
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
