// SPDX-License-Identifier: GPL-2.0
/* sum: what is in libsum.so, or in the program itself. */
#include "sum.h"

/* The sum of `n` numbers. */
long sumit(const int *numbers, int n)
{
	long sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += numbers[i];
	return sum;
}
