// SPDX-License-Identifier: GPL-2.0
/*
 * demand: five pages of an array that no file is behind, and what makes them exist.
 * Waits for `kill -CONT` before and after it has used them.
 */
#include <sys/resource.h>
#include "lab.h"

enum { UNTOUCHED, READ_ONLY, WRITTEN, ZEROED, BOTH, PAGES };

static const char *const names[PAGES] = {
	"untouched", "read-only", "written", "zeroed", "both",
};

/* In .bss: all zeros, so the program's file need not have it. */
static volatile char array[PAGES][PAGE] __attribute__((aligned(4096)));

/*
 * Use the pages so that afterwards
 *
 *	UNTOUCHED	has no frame
 *	READ_ONLY	has the frame of zeros that all processes have in common
 *	WRITTEN		has a frame of its own, with the number 7 in its first byte
 *	ZEROED		has a frame of its own, and still nothing but zeros in it
 */
static void use_pages(void)
{
	(void)array[READ_ONLY][0];
	array[WRITTEN][0] = 7;
	array[ZEROED][0] = 0;
}

/* BOTH is read by the one function, and written to by the other. */
static void read_both(void)
{
	(void)array[BOTH][0];
}

static void write_both(void)
{
	array[BOTH][0] = 7;
}

static void do_nothing(void)
{
}

/* How many page faults this process has had for which no disk was needed. */
static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* How many of them f() makes. */
static long faults_of(void (*f)(void))
{
	long before = faults();

	f();
	return faults() - before;
}

int main(void)
{
	long n;
	int i;

	/* What the counting itself needs is there from now on. */
	faults_of(do_nothing);
	for (i = 0; i < PAGES; i++)
		say("%-9s %p\n", names[i], (void *)array[i]);
	wait_here("nothing used\n");
	n = faults_of(use_pages);
	wait_here("pages used: %ld faults\n", n);
	n = faults_of(read_both);
	wait_here("both read: %ld faults\n", n);
	n = faults_of(write_both);
	wait_here("both written: %ld faults\n", n);
	n = faults_of(write_both);
	wait_here("both written again: %ld faults\n", n);
	return 0;
}
