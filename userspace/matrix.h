/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each process has in common with each other one, for people: a square
 * where there is room for it, else the pairs that have most.
 */
#ifndef VMSCOPE_MATRIX_H
#define VMSCOPE_MATRIX_H

#include "survey.h"

/* So many pairs where there is no room for all */
#define TOP_PAIRS	20

/**
 * struct pair - two processes
 * @a: PID of one
 * @b: PID of the other
 * @pages: distinct frames that both map
 */
struct pair {
	__u64 a;
	__u64 b;
	__u64 pages;
};

/**
 * matrix_room() - how wide may it be?
 *
 * Return: columns of the terminal that is standard output, else of what
 * COLUMNS says, else 80.
 */
unsigned int matrix_room(void);

/**
 * matrix_print() - print the square
 * @s: the survey
 * @room: columns there are
 * @headings: a first line with the PIDs, too
 *
 * Return: false where it is too wide, and nothing was printed.
 */
bool matrix_print(const struct survey *s, unsigned int room, bool headings);

/**
 * matrix_top() - the pairs that have most in common
 * @s: the survey
 * @top: where to, most first
 *
 * Return: how many there are.
 */
size_t matrix_top(const struct survey *s, struct pair top[TOP_PAIRS]);

#endif /* VMSCOPE_MATRIX_H */
