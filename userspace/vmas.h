/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VMAs of a process, all of them at once.
 */
#ifndef VMSCOPE_VMAS_H
#define VMSCOPE_VMAS_H

#include "transport.h"

/**
 * struct vmas - a process's VMAs, by ascending address
 * @vma: the VMAs; their strings are owned
 * @n: how many
 * @room: for how many there is memory
 * @cost: what it has cost to read them
 */
struct vmas {
	struct vma *vma;
	size_t n;
	size_t room;
	struct cost cost;
};

/* How often a dump is made again because the address space changed meanwhile */
#define VMAS_TRIES	3

/**
 * vmas_load() - read them
 * @vmas: where to; to be freed, also after an error
 * @t: the way in
 * @pid: the process
 * @err: filled in on error
 *
 * An inconsistent answer is asked for again. If it stays so, @cost.interrupted
 * tells.
 *
 * Return: 0 or -1.
 */
int vmas_load(struct vmas *vmas, struct transport *t, pid_t pid,
	      struct error *err);

/**
 * vmas_add() - append one
 * @vma: the VMA; its strings are copied
 * @arg: struct vmas
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int vmas_add(const struct vma *vma, void *arg, struct error *err);

/**
 * vmas_free() - forget them
 * @vmas: may be all zeroes
 */
void vmas_free(struct vmas *vmas);

/**
 * vma_label() - what to call a VMA in one word
 * @vma: the VMA
 *
 * Return: its file, else its name, else "[anon]".
 */
const char *vma_label(const struct vma *vma);

#endif /* VMSCOPE_VMAS_H */
