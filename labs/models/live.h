/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>

/**
 * live_run() - what each scheme would cost a process that runs
 * @pid: its number, as typed
 * @json: print JSON
 *
 * Return: exit status; an error has been printed.
 */
int live_run(const char *pid, bool json);

#endif /* LIVE_H */
