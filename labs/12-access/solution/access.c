// SPDX-License-Identifier: GPL-2.0
/*
 * access: what x = x + 3 does to the page with its code and the page with x. Waits
 * for `kill -CONT` after each step. Two functions are yours.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include "lab.h"

/* A function that has a page of code to itself. */
#define ALONE	__attribute__((section("alone"), aligned(4096), noipa))

/* Load x, and nothing else. */
static ALONE long look(volatile long *x)
{
	return *x;
}

/* x = x + 3 */
static ALONE void addition(volatile long *x)
{
	*x = *x + 3;
}

/* Clear the accessed bit of a page of code, and have the processor notice. */
static void forget_code(void (*function)(void))
{
	void *page = (void *)function;

	/*
	 * It keeps entries that it has used, and would not come to the table again;
	 * when permissions are changed it has to.
	 */
	if (mprotect(page, PAGE, PROT_READ) || mprotect(page, PAGE, PROT_READ | PROT_EXEC))
		die("mprotect");
}

/*
 * Clear the accessed and dirty bits of what is looked at. For the stack there is
 * MADV_FREE: "I do not need what is there, unless I write to it". So that the kernel
 * can tell, these bits have to be clear.
 */
static void forget(char *pages)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die("clear_refs");
	close(fd);
	forget_code((void (*)(void))look);
	forget_code((void (*)(void))addition);
	if (madvise(pages, 2 * PAGE, MADV_FREE))
		die("madvise");
}

int main(void)
{
	/* Two whole pages of the stack are in this, wherever it begins. */
	char room[3 * PAGE], *pages;
	volatile long *x;

	pages = (char *)(((uintptr_t)room + PAGE - 1) & -PAGE);
	memset(room, 1, sizeof(room));
	x = (volatile long *)(pages + 8);
	say("look     %p\n", (void *)look);
	say("addition %p\n", (void *)addition);
	say("x        %p\n", (void *)x);
	say("beside   %p\n", (void *)(pages + PAGE));
	*x = 39;
	forget(pages);
	wait_here("forgotten\n");
	look(x);
	wait_here("looked\n");
	/* What was free may have been taken; x shall be 39. */
	*x = 39;
	forget(pages);
	wait_here("forgotten again\n");
	addition(x);
	wait_here("added\n");
	wait_here("x is %ld\n", *x);
	return 0;
}
