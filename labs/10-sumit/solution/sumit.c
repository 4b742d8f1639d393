// SPDX-License-Identifier: GPL-2.0
/*
 * sumit: the sum of the numbers in an array, which is a variable, or, with HEAP, in
 * memory that the program asks for while it runs. Waits for `kill -CONT` before and
 * after. Two functions are yours, and one in sum.c.
 */
#define _GNU_SOURCE
#include "lab.h"
#include "sum.h"

#define BYTES	(4096 * 8)
#define NUMBERS	(BYTES / (int)sizeof(int))

#ifdef HEAP
/* Make the heap larger by BYTES (sbrk), and return where these are. */
static int *get_array(void)
{
	return sbrk(BYTES);
}
#else
/* Return an array of NUMBERS numbers that is in the program's bss. */
static int *get_array(void)
{
	static int array[NUMBERS];

	return array;
}
#endif

int main(void)
{
	char *before = sbrk(0);
	int *array = get_array(), i;

	say("sumit %p\narray %p\n", (void *)sumit, (void *)array);
	wait_here("heap grown by %ld\n", (char *)sbrk(0) - before);
	for (i = 0; array && i < NUMBERS; i++)
		array[i] = i;
	wait_here("the sum is %ld\n", sumit(array, NUMBERS));
	return 0;
}
