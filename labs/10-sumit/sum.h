/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SUM_H
#define SUM_H

/* The sum of `n` numbers. */
long sumit(const int *numbers, int n);

#endif
