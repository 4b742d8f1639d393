// SPDX-License-Identifier: GPL-2.0
/*
 * models: how addresses were translated before there were pages.
 */
#include <stdio.h>
#include <string.h>

#include "live.h"
#include "trace.h"

static int print_usage(FILE *f, int status)
{
	fputs("usage: models TRACE...       what comes of each line of a trace\n"
	      "       models --live PID     the schemes, for a process that runs (needs vmscope)\n"
	      "       models --json --live PID\n", f);
	return status;
}

int main(int argc, char **argv)
{
	bool json = false;
	int status = 0, i = 1;

	if (argc > 1 && !strcmp(argv[1], "--help"))
		return print_usage(stdout, 0);
	if (i < argc && !strcmp(argv[i], "--json")) {
		json = true;
		i++;
	}
	if (i + 2 == argc && !strcmp(argv[i], "--live"))
		return live_run(argv[i + 1], json);
	if (i == argc || json || *argv[i] == '-')
		return print_usage(stderr, 2);
	for (; i < argc && !status; i++)
		status = trace_run(argv[i]);
	return status;
}
