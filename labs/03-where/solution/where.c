// SPDX-License-Identifier: GPL-2.0
/*
 * where: what a program has, where it is, and how it gets more. Waits for
 * `kill -CONT` after each step.
 */
#include <sys/mman.h>
#include "lab.h"

/* An address in this program's code. */
static void *in_code(void)
{
	return in_code;
}

/* The address of a variable that is there as long as the program runs. */
static void *in_data(void)
{
	static int number = 42;

	return &number;
}

/* An address in 100 bytes that malloc() gives. */
static void *in_heap(void)
{
	return malloc(100);
}

/* The address of a variable of the function that calls: it passes it. */
static void *in_stack(int *local)
{
	return local;
}

/* Make the heap eight pages larger; returns where the new part begins. */
static void *grow_heap(void)
{
	return sbrk(8 * PAGE);
}

/* Memory from malloc() that is not in [heap]. */
static void *large_block(void)
{
	return malloc(1024 * 1024);
}

/* One page of new memory, for reading and writing, at exactly 0x40000. */
static void *at_chosen_address(void)
{
	return mmap((void *)0x40000, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
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
