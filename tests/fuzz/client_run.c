// SPDX-License-Identifier: GPL-2.0
/* The whole client, but for its first and its last step. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "client.h"

#define ARGUMENTS	32

/* vmscope.c's, by another name. */
int vmscope_main(int argc, char **argv);

/* stdio keeps what could not be written, and who prints to nowhere can. */
static void print_to_nowhere(void)
{
	static int done;

	if (done++)
		return;
	/* The sanitizers' words go to the file itself, not through stdio. */
	stderr = fopen("/dev/null", "w");
	if (!stderr || !freopen("/dev/null", "w", stdout))
		abort();
}

void client_run(const char *line)
{
	char *copy = strdup(line), *rest = copy, *word;
	char *argv[ARGUMENTS + 2] = { "vmscope" };
	/* A copy of each: what is read behind its end shall be seen. */
	char *owned[ARGUMENTS];
	int argc = 1, n = 0;

	if (!copy)
		abort();
	print_to_nowhere();
	while (n < ARGUMENTS && (word = strsep(&rest, " "))) {
		owned[n] = strdup(word);
		if (!owned[n])
			abort();
		argv[argc++] = owned[n++];
	}
	optind = 0;
	vmscope_main(argc, argv);
	while (n)
		free(owned[--n]);
	free(copy);
}

/*
 * A process that there is not: answers about it are what the input says, and /proc
 * has nothing to add.
 */
static const char * const commands[] = {
	"info",
	"--json info",
	"walk 4194303 0x7f0000001000",
	"--json walk 4194303 0x7f0000001000 0xffffffff81000000",
	"walk 4194303 [heap]+0x1000 --stats",
	"walk 4194303 0x7f0000001000 -o vaddr,levels,frame,vma,swap,marker",
	"maps 4194303 --stats",
	"--json maps 4194303",
	"maps 4194303 -o range,vmflags,name,file,dev,size",
	"pages 4194303 --each --stats",
	"--json pages 4194303 --split",
	"pages 4194303 libc.so.6 --flags rw,~dirty --state present,swap",
	"tables 4194303",
	"--json tables 4194303 --stats",
	"swap 4194303",
	"--json swap 4194303",
	"frame 4711 --stats",
	"--json frame 4711 --scan",
	"frame --of 4194303:0x7f0000001000",
	"shared 4194303 4194302",
	"--json shared 4194303 4194302 --frames",
	"shared 4194303 4194302 -o a,b,pages",
};

const char *client_command(unsigned int i)
{
	return commands[i % (sizeof(commands) / sizeof(commands[0]))];
}
