/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The owners of one frame, kept.
 */
#ifndef VMSCOPE_OWNERS_H
#define VMSCOPE_OWNERS_H

#include "model.h"

/**
 * struct owners - a list of owners
 * @owner: the list
 * @n: how many
 * @room: how many fit
 * @file: the paths that they point to
 * @nr_files: how many
 */
struct owners {
	struct owner *owner;
	size_t n;
	size_t room;
	char **file;
	size_t nr_files;
};

/**
 * owners_add() - one more
 * @owners: the list; all zeroes is an empty one
 * @owner: copied, with its strings
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int owners_add(struct owners *owners, const struct owner *owner,
	       struct error *err);

/**
 * owners_have() - is this mapping one of them?
 * @owners: the list
 * @pid: the process
 * @vaddr: address of the page
 *
 * Return: true if so.
 */
bool owners_have(const struct owners *owners, pid_t pid, __u64 vaddr);

/**
 * owners_sort() - by process, then by address
 * @owners: the list
 */
void owners_sort(struct owners *owners);

/**
 * owners_clear() - empty the list
 * @owners: the list
 */
void owners_clear(struct owners *owners);

/**
 * owners_free() - free everything
 * @owners: the list
 */
void owners_free(struct owners *owners);

#endif /* VMSCOPE_OWNERS_H */
