/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine that never was: some RAM, a few processes, and one of the schemes by
 * which addresses of the one became addresses of the other. A trace says what
 * they are and what they do.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESSES_MAX	8
#define SEGMENTS_MAX	8
#define PAGES_MAX	64
#define REGIONS_MAX	8
#define NAME_MAX_LEN	16

#define MAY_LOAD	1U
#define MAY_STORE	2U
#define MAY_FETCH	4U
#define MAY_ALL		(MAY_LOAD | MAY_STORE | MAY_FETCH)

/**
 * struct segment - a part of an address space with its own place in RAM
 * @name: for people
 * @number: what the topmost bits of an address say
 * @base: where it lies; of one that grows down, where it ends
 * @size: bytes that it has
 * @down: it grows down
 * @may: MAY_*
 */
struct segment {
	char name[NAME_MAX_LEN];
	unsigned int number;
	uint64_t base;
	uint64_t size;
	bool down;
	unsigned int may;
};

/**
 * struct mapping - an entry of a page table
 * @vpn: virtual page number
 * @ppn: physical page number
 * @may: MAY_*
 */
struct mapping {
	uint64_t vpn;
	uint64_t ppn;
	unsigned int may;
};

/**
 * struct region - addresses that a process uses
 * @name: for people
 * @start: first one
 * @end: first one after it
 */
struct region {
	char name[NAME_MAX_LEN];
	uint64_t start;
	uint64_t end;
};

/**
 * struct process - a process, with what each scheme knows of it
 * @name: for people
 * @base: where it lies in RAM, if it lies in one piece
 * @size: bytes of that piece: also the bounds, where there are any
 * @segment: its segments
 * @nr_segments: how many
 * @page: its page table
 * @nr_pages: how many entries
 * @region: what it uses
 * @nr_regions: how many
 */
struct process {
	char name[NAME_MAX_LEN];
	uint64_t base;
	uint64_t size;
	struct segment segment[SEGMENTS_MAX];
	size_t nr_segments;
	struct mapping page[PAGES_MAX];
	size_t nr_pages;
	struct region region[REGIONS_MAX];
	size_t nr_regions;
};

struct scheme;

/**
 * struct machine - all of it
 * @scheme: how addresses are translated
 * @ram: bytes
 * @address_bits: of a virtual address
 * @segment_bits: the topmost of these say which segment
 * @page_size: a power of two
 * @process: the processes
 * @nr_processes: how many
 */
struct machine {
	const struct scheme *scheme;
	uint64_t ram;
	unsigned int address_bits;
	unsigned int segment_bits;
	uint64_t page_size;
	struct process process[PROCESSES_MAX];
	size_t nr_processes;
};

/**
 * struct answer - what a translation ends in
 * @paddr: physical address
 * @interrupt: why the hardware called the operating system; NULL: it did not
 */
struct answer {
	uint64_t paddr;
	const char *interrupt;
};

/**
 * struct scheme - one way to translate
 * @name: in traces
 * @title: for people
 * @translate: an address of a process, for an access that is one of MAY_*
 * @allocated: bytes of RAM that a process takes
 */
struct scheme {
	const char *name;
	const char *title;
	struct answer (*translate)(const struct machine *m,
				   const struct process *p, uint64_t vaddr,
				   unsigned int access);
	uint64_t (*allocated)(const struct machine *m,
			      const struct process *p);
};

extern const struct scheme scheme_time_sharing;
extern const struct scheme scheme_relocation;
extern const struct scheme scheme_base;
extern const struct scheme scheme_bounds;
extern const struct scheme scheme_segments;
extern const struct scheme scheme_paging;

/* bounds.c and down.c: what a student writes in lab 14. */

/**
 * within_bounds() - may an access go on?
 * @vaddr: the virtual address
 * @bounds: how many bytes the process has
 *
 * Return: true if so.
 */
bool within_bounds(uint64_t vaddr, uint64_t bounds);

/**
 * down_offset_valid() - is an offset in a segment that grows down?
 * @offset: offset in the segment
 * @max_offset: the largest one that an address has room for
 * @size: bytes that the segment has
 *
 * Return: true if so.
 */
bool down_offset_valid(uint64_t offset, uint64_t max_offset, uint64_t size);

/**
 * down_paddr() - where an offset of such a segment lies
 * @offset: offset in the segment
 * @max_offset: the largest one that an address has room for
 * @bounds: where the segment is anchored in RAM
 *
 * Return: the physical address.
 */
uint64_t down_paddr(uint64_t offset, uint64_t max_offset, uint64_t bounds);

/**
 * segment_of() - take an address apart
 * @m: tells how many bits are what
 * @vaddr: the virtual address
 * @offset: where to put the offset
 *
 * Return: the number of the segment.
 */
unsigned int segment_of(const struct machine *m, uint64_t vaddr,
			uint64_t *offset);

/**
 * one_piece() - bytes of RAM of a process that lies in one piece
 * @m: the machine
 * @p: the process
 *
 * Return: bytes.
 */
uint64_t one_piece(const struct machine *m, const struct process *p);

#endif /* MACHINE_H */
