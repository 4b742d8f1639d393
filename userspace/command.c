// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "command.h"

void warn_interrupted(pid_t pid, const struct cost *cost)
{
	if (cost->interrupted)
		fprintf(stderr,
			"vmscope: PID %d: address space changed during the dump (%llu times)\n",
			(int)pid, cost->interrupted);
}

void print_stats(const char *what, pid_t pid, const struct cost *cost)
{
	fprintf(stderr,
		"vmscope: stats: %s %d: holds %llu hold_max_ns %llu hold_total_ns %llu irqs_off_max_ns %llu retries %llu interrupted %llu\n",
		what, (int)pid, cost->holds, cost->hold_max_ns,
		cost->hold_total_ns, cost->irqs_off_max_ns, cost->retries,
		cost->interrupted);
}
