/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRACE_H
#define TRACE_H

/**
 * trace_run() - read a trace and say what comes of each of its lines
 * @path: of the file
 *
 * Return: 0, or 2 if it cannot be read; an error has been printed.
 */
int trace_run(const char *path);

#endif /* TRACE_H */
