/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The little that is taken from /proc: names, never facts about memory.
 */
#ifndef VMSCOPE_PROCFS_H
#define VMSCOPE_PROCFS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#define COMM_SIZE	64

/**
 * procfs_comm() - what a process calls itself
 * @pid: the process
 * @comm: where to; "?" if it cannot be told
 */
void procfs_comm(pid_t pid, char comm[COMM_SIZE]);

/**
 * procfs_open_swaps() - the list of swap areas
 *
 * Return: /proc/swaps, or NULL.
 */
FILE *procfs_open_swaps(void);

/**
 * procfs_is_locked_down() - does the kernel keep secrets from root, too?
 *
 * Return: true where it says so; it may not say anything.
 */
bool procfs_is_locked_down(void);

/**
 * procfs_module_is_live() - is the module there, neither coming nor going?
 *
 * Return: true where the kernel says so.
 */
bool procfs_module_is_live(void);

#endif /* VMSCOPE_PROCFS_H */
