/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The little that is taken from /proc: names, never facts about memory.
 */
#ifndef VMSCOPE_PROCFS_H
#define VMSCOPE_PROCFS_H

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

#endif /* VMSCOPE_PROCFS_H */
