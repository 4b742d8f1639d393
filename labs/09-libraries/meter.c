// SPDX-License-Identifier: GPL-2.0
/* meter: a library with some code, and with two pages of data. */
#include "meter.h"

static int table[2048] __attribute__((aligned(4096))) = { 41 };

/* What the first number is: reads the data. */
int first(void)
{
	return *(volatile int *)table;
}

/* One more: changes the data. */
int count(void)
{
	return ++*(volatile int *)table;
}

void *place_of_code(void)
{
	return count;
}

void *place_of_data(void)
{
	return table;
}
