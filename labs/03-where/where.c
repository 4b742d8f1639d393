// SPDX-License-Identifier: GPL-2.0
/*
 * where: what a program has, where it is, and how it gets more. Waits for
 * `kill -CONT` after each step. Seven functions are yours: each returns an address.
 */
#include <sys/mman.h>
#include "lab.h"

/* TODO 1: an address in this program's code. */
static void *in_code(void)
{
	return NULL;
}

/* TODO 2: the address of a variable that is there as long as the program runs. */
static void *in_data(void)
{
	return NULL;
}

/* TODO 3: an address in 100 bytes that malloc() gives. */
static void *in_heap(void)
{
	return NULL;
}

/* TODO 4: the address of a variable of the function that calls: it passes it. */
static void *in_stack(int *local)
{
	return NULL;
}

/* TODO 5: make the heap eight pages larger (sbrk); return where they begin. */
static void *grow_heap(void)
{
	return NULL;
}

/* TODO 6: memory from malloc() that is not in [heap]. */
static void *large_block(void)
{
	return NULL;
}

/* TODO 7: one new page, for reading and writing, at exactly 0x40000 (mmap). */
static void *at_chosen_address(void)
{
	return NULL;
}

int main(void)
{
	int local = 1;
	char *chosen;

	say("code   %p\n", in_code());
	say("data   %p\n", in_data());
	say("heap   %p\n", in_heap());
	wait_here("stack  %p\n", in_stack(&local));
	wait_here("grown  %p\n", grow_heap());
	wait_here("large  %p\n", large_block());
	chosen = at_chosen_address();
	wait_here("chosen %p\n", (void *)chosen);
	if (chosen && chosen != MAP_FAILED)
		*chosen = 1;
	wait_here("stored %p\n", (void *)chosen);
	return 0;
}
