// SPDX-License-Identifier: GPL-2.0
/* sum: what is in libsum.so, or in the program itself. */
#include "sum.h"

/* TODO 3: the sum of `n` numbers. */
long sumit(const int *numbers, int n)
{
	return 0;
}
