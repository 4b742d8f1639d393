// SPDX-License-Identifier: GPL-2.0
/* A program of our own for scripts/demo: something on the heap, then nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char *note = malloc(100);

	if (!note)
		return 1;
	strcpy(note, "only this process can read me");
	printf("%p\n", (void *)note);
	fflush(stdout);
	pause();
	return 0;
}
