/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RELOCATE_H
#define RELOCATE_H

#include "machine.h"

/**
 * relocate() - rewrite the addresses in a line of assembly
 * @text: the line
 * @base: what to add to each
 * @buf: where to
 * @size: room there
 */
void relocate(const char *text, uint64_t base, char *buf, size_t size);

#endif /* RELOCATE_H */
