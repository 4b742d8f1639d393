// SPDX-License-Identifier: GPL-2.0
/*
 * atexec PROGRAM [ARG...]: start it, and stop it when the kernel has loaded it and
 * before its first instruction. Goes on at `kill -CONT`; dies with this program.
 */
#include <sys/ptrace.h>
#include <sys/wait.h>
#include "lab.h"

int main(int argc, char *argv[])
{
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: atexec PROGRAM [ARG...]\n");
		return 2;
	}
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		/* Who is traced stops at the end of exec(). */
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[1], argv + 1);
		die(argv[1]);
	}
	if (waitpid(child, NULL, 0) != child ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_EXITKILL))
		die("no program to look at");
	wait_here("process %d: loaded, and has not executed an instruction\n", child);
	ptrace(PTRACE_CONT, child, NULL, NULL);
	/* Signals are passed on. */
	for (;;) {
		int status;

		if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
			return 0;
		ptrace(PTRACE_CONT, child, NULL, (void *)(long)WSTOPSIG(status));
	}
}
