/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A way into the module. Both ways give the same answers in the same order and
 * the same words when they fail; a command cannot tell which one it has.
 */
#ifndef VMSCOPE_TRANSPORT_H
#define VMSCOPE_TRANSPORT_H

#include "model.h"

/* Callbacks: 0 to go on, -1 with *err filled in to stop. */
typedef int (*vma_fn)(const struct vma *vma, void *arg, struct error *err);
typedef int (*page_fn)(const struct page *page, void *arg, struct error *err);
typedef int (*walk_fn)(const struct walk *walk, void *arg, struct error *err);
typedef int (*owner_fn)(const struct owner *owner, void *arg,
			struct error *err);
typedef int (*frame_fn)(const struct frame *frame, void *arg,
			struct error *err);

/**
 * struct range - part of an address space
 * @start: first address, multiple of the page size
 * @end: first address after it, likewise; 0: all of the address space
 */
struct range {
	__u64 start;
	__u64 end;
};

/**
 * struct pages_request - which pages of a process
 * @pid: the process
 * @range: where
 * @mode: MODE_*
 * @states: mask of 1 << enum state, 0 for all
 * @flags_set: entry flags that must all be set
 * @flags_clear: entry flags of which none may be set
 */
struct pages_request {
	pid_t pid;
	struct range range;
	__u32 mode;
	__u32 states;
	__u32 flags_set;
	__u32 flags_clear;
};

/**
 * struct frame_request - who maps a frame
 * @pfn: the frame
 * @scan: walk every process, rather than where the kernel says
 * @owner: called for each owner
 * @frame: called after the last one, once
 * @arg: for both
 */
struct frame_request {
	__u64 pfn;
	bool scan;
	owner_fn owner;
	frame_fn frame;
	void *arg;
};

struct transport;

/**
 * struct transport_ops - one way in
 * @name: for --transport
 * @open: connect; fills in @info of the transport. NULL on error
 * @walk: translate one address; calls @fn once
 * @maps: the VMAs of a process that meet @range, by ascending address
 * @pages: pages of a process, by ascending address
 * @tables: how many page tables a process has
 * @frame: what a frame is, and its owners
 * @close: free everything
 *
 * All but @close fill in *err when they fail: @open with NULL, others with -1.
 * An answer that is not complete is a failure, whatever was passed to the
 * callback before.
 */
struct transport_ops {
	const char *name;
	struct transport *(*open)(struct error *err);
	int (*walk)(struct transport *t, pid_t pid, __u64 vaddr, walk_fn fn,
		    void *arg, struct error *err);
	int (*maps)(struct transport *t, pid_t pid, const struct range *range,
		    vma_fn fn, void *arg, struct cost *cost, struct error *err);
	int (*pages)(struct transport *t, const struct pages_request *req,
		     page_fn fn, void *arg, struct cost *cost,
		     struct error *err);
	int (*tables)(struct transport *t, pid_t pid, struct tables *tables,
		      struct error *err);
	int (*frame)(struct transport *t, const struct frame_request *req,
		     struct cost *cost, struct error *err);
	void (*close)(struct transport *t);
};

/**
 * struct transport - an open way in
 * @ops: what it can do
 * @info: what the module said of itself
 */
struct transport {
	const struct transport_ops *ops;
	struct module_info info;
};

extern const struct transport_ops transport_netlink;
extern const struct transport_ops transport_debugfs;

/* The version that this client was built from. */
extern const char transport_version[];

/**
 * transport_find() - a way in by its name
 * @name: as in --transport; NULL for the usual one
 * @err: filled in if there is none
 *
 * Return: the operations, or NULL.
 */
const struct transport_ops *transport_find(const char *name, struct error *err);

/**
 * transport_close() - close what an open gave
 * @t: may be NULL
 */
void transport_close(struct transport *t);

/**
 * transport_strerror() - the words for an error of the module
 * @error: positive errno
 *
 * Return: a string.
 */
const char *transport_strerror(int error);

#endif /* VMSCOPE_TRANSPORT_H */
