/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PIECES_H
#define PIECES_H

#include "machine.h"

#define PIECES_MAX	(PROCESSES_MAX * (SEGMENTS_MAX + PAGES_MAX))

/**
 * struct piece - RAM that lies together and belongs to a process
 * @process: whose
 * @start: first address
 * @size: bytes
 */
struct piece {
	const struct process *process;
	uint64_t start;
	uint64_t size;
};

/**
 * struct holes - RAM that belongs to nobody
 * @free: bytes, all together
 * @largest: of the largest hole
 */
struct holes {
	uint64_t free;
	uint64_t largest;
};

/**
 * pieces() - what is taken
 * @m: the machine
 * @piece: where to
 *
 * Return: how many; a shared one once for each process.
 */
size_t pieces(const struct machine *m, struct piece piece[PIECES_MAX]);

/**
 * holes() - what is not
 * @m: the machine
 *
 * Return: how much.
 */
struct holes holes(const struct machine *m);

#endif /* PIECES_H */
