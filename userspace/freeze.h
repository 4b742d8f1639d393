/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stop processes for as long as they are looked at, so that what is read is one
 * moment's truth: as far as it depends on the processes themselves.
 *
 * This is ptrace, without any option: should this program be killed meanwhile
 * the kernel lets go of the threads by itself, and leaves them as they were. A
 * process that was stopped before stays stopped.
 */
#ifndef VMSCOPE_FREEZE_H
#define VMSCOPE_FREEZE_H

#include <stdio.h>

#include "model.h"

/* For the table of options of each command that can do it */
#define FREEZE_OPTION \
	{ "freeze", NULL, "stop the process meanwhile, all threads (ptrace)" }

/* How long all threads of a process may take to stop */
#define FREEZE_SECONDS	15

/**
 * struct frozen - one thread
 * @tid: its number
 * @signal: to deliver when it goes on, 0: none
 * @stopped: it is, and until it is let go of
 * @ended: a leader that has exited before other threads; nothing runs there
 */
struct frozen {
	pid_t tid;
	int signal;
	bool stopped;
	bool ended;
};

/**
 * struct freeze - what is frozen
 * @thread: the threads, of all processes
 * @n: how many
 * @room: for how many there is memory
 * @spool: what is printed meanwhile; NULL: nothing is frozen
 * @stdout_fd: where that has to go
 */
struct freeze {
	struct frozen *thread;
	size_t n;
	size_t room;
	FILE *spool;
	int stdout_fd;
};

/**
 * freeze_processes() - stop processes
 * @f: all zeroes; to be released, also after an error
 * @pid: the processes, or threads of them
 * @n: how many
 * @err: filled in on error
 *
 * From here on standard output is kept back: whoever reads it may be the very
 * process that is frozen. A process that is no more, or has no threads left
 * that run, is none of this file's errors.
 *
 * Return: 0 or -1.
 */
int freeze_processes(struct freeze *f, const pid_t *pid, size_t n,
		     struct error *err);

/**
 * freeze_release() - let them go on, and print what was kept back
 * @f: frozen, or all zeroes
 * @err: filled in where printing fails, unless it is already
 *
 * Return: 0 or -1.
 */
int freeze_release(struct freeze *f, struct error *err);

#endif /* VMSCOPE_FREEZE_H */
