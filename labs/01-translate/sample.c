// SPDX-License-Identifier: GPL-2.0
/* sample: a process to look at. Prints addresses of five kinds, and waits. */
#include <sys/mman.h>
#include "lab.h"

static int number = 42;

static char *new_page(void)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		die("mmap");
	return page;
}

int main(void)
{
	char *untouched = new_page(), *hole = new_page();
	int local = number++;

	munmap(hole, PAGE);
	say("code      %p\n", (void *)main);
	say("data      %p\n", (void *)&number);
	say("stack     %p\n", (void *)&local);
	say("untouched %p\n", (void *)untouched);
	wait_here("hole      %p\n", (void *)hole);
	return 0;
}
