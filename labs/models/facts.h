/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a live process has in memory, as vmscope tells it.
 */
#ifndef FACTS_H
#define FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUDDY_ORDERS	16

/**
 * struct part - a mapping
 * @start: first address
 * @end: first one after it
 * @touched: bytes that have been used: in RAM or in swap
 * @present: bytes that are in RAM
 * @file_bytes: of them, those that are a file's
 * @offset: bytes into the file
 * @tail_page: page in which the file ends
 * @tail: bytes of that page behind the end; 0: it is not in the mapping
 * @file: there is one
 * @shareable: nobody writes to it, or it is there to be shared
 * @stack: it grows down
 */
struct part {
	uint64_t start;
	uint64_t end;
	uint64_t touched;
	uint64_t present;
	uint64_t file_bytes;
	uint64_t offset;
	uint64_t tail_page;
	uint64_t tail;
	bool file;
	bool shareable;
	bool stack;
};

/**
 * struct facts - a process
 * @part: its mappings, without those that the kernel lends it ([vdso] ...)
 * @n: how many
 * @tables: bytes of its page tables
 * @page_max: of the largest page that is in use
 * @tails: bytes of file pages in RAM that lie behind the ends of the files
 * @stack_limit: bytes that the stack may grow to; 0: there is no limit
 * @buddy: of RAM, free blocks of 2^i pages
 */
struct facts {
	struct part *part;
	size_t n;
	uint64_t tables;
	uint64_t page_max;
	uint64_t tails;
	uint64_t stack_limit;
	uint64_t buddy[BUDDY_ORDERS];
};

/**
 * facts_read() - ask
 * @pid: the process
 * @facts: where to; to be freed, also after an error
 *
 * Return: 0, or vmscope's exit status; an error has been printed.
 */
int facts_read(int pid, struct facts *facts);

/**
 * facts_free() - forget them
 * @facts: may be all zeroes
 */
void facts_free(struct facts *facts);

#endif /* FACTS_H */
