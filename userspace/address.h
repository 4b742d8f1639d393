/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What people type for a process, an address, or a part of an address space.
 */
#ifndef VMSCOPE_ADDRESS_H
#define VMSCOPE_ADDRESS_H

#include "vmas.h"

struct symbols;

/**
 * struct place - an ADDR or a WHERE as typed
 * @text: the text
 * @name: it is a name, to be looked up in a process
 * @start: the address, or the first one; if not @name
 * @end: first address after it; if not @name
 */
struct place {
	const char *text;
	bool name;
	__u64 start;
	__u64 end;
};

/**
 * address_pid() - a process ID
 * @text: as typed
 * @pid: where to
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int address_pid(const char *text, pid_t *pid, struct error *err);

/**
 * address_parse() - ADDR: a number, or a name
 * @text: as typed; has to stay
 * @place: where to
 * @err: filled in on error
 *
 * What starts with a digit is a number: a file of such a name is reached with
 * one more part of its path in front.
 *
 * Return: 0 or -1.
 */
int address_parse(const char *text, struct place *place, struct error *err);

/**
 * address_parse_where() - WHERE: A-B, A+LEN, or a name
 * @text: as typed; has to stay
 * @place: where to
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int address_parse_where(const char *text, struct place *place,
			struct error *err);

/**
 * address_round() - a typed range, outwards to whole pages
 * @place: not a name
 * @page_shift: log2 of the base page size
 * @range: where to
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int address_round(const struct place *place, unsigned int page_shift,
		  struct range *range, struct error *err);

/**
 * address_named() - does a VMA answer to this name?
 * @vma: the VMA
 * @name: "[heap]", or the last part, or parts, of a file's path
 * @len: length of @name; it need not end there
 *
 * Return: true if so.
 */
bool address_named(const struct vma *vma, const char *name, size_t len);

/**
 * address_resolve() - the address that a NAME[+OFF] stands for
 * @text: as typed
 * @vmas: of the process
 * @pid: the process
 * @vaddr: where to
 * @err: filled in on error
 *
 * A mapping goes before a symbol of that name. The symbols are not read where a
 * mapping has it.
 *
 * Return: 0 or -1.
 */
int address_resolve(const char *text, const struct vmas *vmas, pid_t pid,
		    __u64 *vaddr, struct error *err);

/**
 * address_resolve_in() - the same, for who has more questions about symbols
 * @text: as typed
 * @vmas: of the process
 * @symbols: of the process
 * @vaddr: where to
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int address_resolve_in(const char *text, const struct vmas *vmas,
		       struct symbols *symbols, __u64 *vaddr,
		       struct error *err);

/**
 * address_resolve_where() - the ranges that a NAME or NAME+LEN stands for
 * @text: as typed
 * @vmas: of the process
 * @pid: the process
 * @ranges: where to: one for each stretch of VMAs of that name; or one, in whole
 *	pages, with the bytes of a symbol, or LEN bytes from there on; to be freed
 * @n: how many
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int address_resolve_where(const char *text, const struct vmas *vmas, pid_t pid,
			  struct range **ranges, size_t *n, struct error *err);

#endif /* VMSCOPE_ADDRESS_H */
