/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes are meant: by number, by name, of a cgroup, all of them.
 */
#ifndef VMSCOPE_PROCESSES_H
#define VMSCOPE_PROCESSES_H

#include "procfs.h"
#include "model.h"

/**
 * struct chosen - one of them
 * @pid: its number
 * @named: by that number
 * @start: when it began; tells it from a later one with the same number
 * @comm: what it calls itself
 */
struct chosen {
	pid_t pid;
	bool named;
	unsigned long long start;
	char comm[COMM_SIZE];
};

/**
 * struct processes - those chosen, each once
 * @proc: where procfs is
 * @cgroup: where the tree of cgroups is
 * @self: never chosen but by number
 * @process: the processes: those given by number first, then by number
 * @n: how many
 * @room: for how many there is memory
 * @foreign: in a cgroup, but without a number here: of another PID namespace
 */
struct processes {
	const char *proc;
	const char *cgroup;
	pid_t self;
	struct chosen *process;
	size_t n;
	size_t room;
	size_t foreign;
};

/**
 * processes_init() - begin with none
 * @p: where to
 */
void processes_init(struct processes *p);

/**
 * processes_add() - one by its number
 * @p: to these
 * @pid: its number; whether there is such a process is not asked
 * @err: filled in on error: given twice
 *
 * Before any of the others.
 *
 * Return: 0 or -1. So do the functions that follow; they leave out kernel
 * threads, and what has exited.
 */
int processes_add(struct processes *p, pid_t pid, struct error *err);

/**
 * processes_add_all() - all there are
 * @p: to these
 * @err: filled in on error
 */
int processes_add_all(struct processes *p, struct error *err);

/**
 * processes_add_name() - those that call themselves so
 * @p: to these
 * @name: as in /proc/PID/comm, or longer
 * @err: filled in on error: there is none
 */
int processes_add_name(struct processes *p, const char *name,
		       struct error *err);

/**
 * processes_add_cgroup() - those of a cgroup, and of the cgroups in it
 * @p: to these
 * @path: of the cgroup, from the top of the tree of cgroups
 * @err: filled in on error: no such cgroup; no process in it
 */
int processes_add_cgroup(struct processes *p, const char *path,
			 struct error *err);

/**
 * processes_finish() - no more: put them in order, each once
 * @p: the processes
 */
void processes_finish(struct processes *p);

/**
 * processes_gone() - has a process exited since it was chosen?
 * @p: from these
 * @c: the process
 *
 * Return: true if so.
 */
bool processes_gone(const struct processes *p, const struct chosen *c);

/**
 * processes_free() - forget them
 * @p: may be all zeroes
 */
void processes_free(struct processes *p);

#endif /* VMSCOPE_PROCESSES_H */
