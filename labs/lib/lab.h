/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs of the labs have in common: to speak, and to wait. */
#ifndef LAB_H
#define LAB_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE	4096UL

static inline void __attribute__((format(printf, 1, 0))) vsay(const char *format, va_list args)
{
	char line[512];
	int length = vsnprintf(line, sizeof(line), format, args);

	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

/*
 * printf() that takes nothing from the heap and keeps nothing back: in these labs
 * a buffer that appears somewhere would be one more thing to explain.
 */
static inline void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
}

/* What went wrong, with the system's reason, and the end. */
static inline void die(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * Say it, then wait until somebody does `kill -CONT PID`.
 *
 * The signal is held back before anything is said: who answers at once is heard,
 * too.
 */
static inline void __attribute__((format(printf, 1, 2))) wait_here(const char *format, ...)
{
	sigset_t set;
	va_list args;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	va_start(args, format);
	vsay(format, args);
	va_end(args);
	sigwait(&set, &signal);
}

#endif
