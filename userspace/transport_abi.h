/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For transports only: from the module's records to the client's model.
 */
#ifndef VMSCOPE_TRANSPORT_ABI_H
#define VMSCOPE_TRANSPORT_ABI_H

#include "transport.h"
#include "../module/uapi/vmscope.h"

/**
 * abi_page() - from the module's record to the model's
 * @page: where to
 * @raw: the module's; need not be aligned
 */
void abi_page(struct page *page, const void *raw);

/**
 * abi_next_page() - likewise, of a record that follows another
 * @page: what abi_page() or this has made of that one; becomes what this one says
 * @raw: the module's, right behind that one
 */
void abi_next_page(struct page *page, const void *raw);

/**
 * abi_step() - likewise
 * @step: where to
 * @raw: struct vmscope_level; need not be aligned
 */
void abi_step(struct step *step, const void *raw);

/**
 * abi_vma() - likewise; the strings become ""
 * @vma: where to
 * @raw: struct vmscope_vma; need not be aligned
 * @page_shift: log2 of the base page size
 */
void abi_vma(struct vma *vma, const void *raw, unsigned int page_shift);

/**
 * abi_table() - likewise
 * @table: where to
 * @raw: struct vmscope_table; need not be aligned
 */
void abi_table(struct table *table, const void *raw);

/**
 * abi_tables_total() - likewise
 * @tables: where to
 * @raw: struct vmscope_tables_total; need not be aligned
 */
void abi_tables_total(struct tables *tables, const void *raw);

/**
 * abi_owner() - likewise; @owner->file becomes ""
 * @owner: where to
 * @raw: struct vmscope_owner; need not be aligned
 */
void abi_owner(struct owner *owner, const void *raw);

/**
 * abi_frame() - likewise; @frame->file becomes ""
 * @frame: where to
 * @raw: struct vmscope_frame; need not be aligned
 */
void abi_frame(struct frame *frame, const void *raw);

/**
 * abi_cost() - likewise
 * @cost: where to
 * @raw: struct vmscope_stats; need not be aligned
 */
void abi_cost(struct cost *cost, const void *raw);

/**
 * abi_info() - likewise
 * @info: where to
 * @raw: struct vmscope_info; need not be aligned
 */
void abi_info(struct module_info *info, const void *raw);

/**
 * abi_check() - refuse a module that this client does not understand
 * @info: what it said of itself
 * @err: filled in if it is one
 *
 * Return: 0 or -1.
 */
int abi_check(const struct module_info *info, struct error *err);

/**
 * struct subject - what a request was about, for the words of an error
 * @pid: the process, 0 where the request had none
 * @frame: it was about a frame
 * @pfn: the frame
 * @start: the address, or the first one of a range
 * @end: end of the range; 0: it was an address
 */
struct subject {
	pid_t pid;
	__u64 start;
	__u64 end;
	bool frame;
	__u64 pfn;
};

/**
 * abi_error() - the client's error for one of the module's
 * @err: filled in
 * @error: positive errno
 * @said: words that came with it; may be NULL
 * @what: what the request was about
 *
 * Return: -1.
 */
int abi_error(struct error *err, int error, const char *said,
	      const struct subject *what);

/**
 * abi_not_loaded() - the error for a module that is not there, or just going
 * @err: filled in
 * @way: name of the transport
 *
 * Return: -1.
 */
int abi_not_loaded(struct error *err, const char *way);

/**
 * abi_cut() - the error for an answer that ends too early
 * @err: filled in
 * @what: what the request was about
 *
 * Return: -1.
 */
int abi_cut(struct error *err, const struct subject *what);

/**
 * abi_malformed() - the error for an answer that makes no sense
 * @err: filled in
 * @what: what the request was about
 * @detail: which part
 *
 * Return: -1.
 */
int abi_malformed(struct error *err, const struct subject *what,
		  const char *detail);

#endif /* VMSCOPE_TRANSPORT_ABI_H */
