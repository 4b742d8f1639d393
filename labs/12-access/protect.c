// SPDX-License-Identifier: GPL-2.0
/*
 * protect: does what is not allowed, and says why it was not. Waits for `kill -CONT`
 * when it has tried, and when it has made one of it allowed. Six functions are yours.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "lab.h"

/* TODO 3: store a 0 at `address`. */
static int store(volatile char *address)
{
	return 0;
}

/* TODO 4: call what is at `address` as a function, and return what it returns. */
static int run(volatile char *address)
{
	return 0;
}

/* TODO 5: the page may be read and executed from now on, but not written (mprotect). */
static void make_executable(char *page)
{
}

/*
 * At a page fault the processor says what was tried, in the bits of an error code.
 * README.md has the table.
 */

/* TODO 6: was the entry present? */
static int was_present(long error)
{
	return 0;
}

/* TODO 7: was it a write? */
static int was_write(long error)
{
	return 0;
}

/* TODO 8: was an instruction to be fetched? */
static int was_fetch(long error)
{
	return 0;
}

/* mov $42, %eax; ret */
static const char function[] = "\xb8\x2a\x00\x00\x00\xc3";
static char data[PAGE] __attribute__((aligned(4096)));
static sigjmp_buf try_is_over;
static volatile long error;

static void on_fault(int signal, siginfo_t *info, void *context)
{
	error = ((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR];
	siglongjmp(try_is_over, 1);
}

static void try(const char *what, int (*f)(volatile char *), volatile char *address)
{
	if (!sigsetjmp(try_is_over, 1))
		say("%s: no fault, %d\n", what, f(address));
	else
		say("%s: fault, %s, %s\n", what, was_present(error) ? "protection" : "not present",
		    was_fetch(error) ? "fetch" : was_write(error) ? "write" : "read");
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &action, NULL);
	memcpy(data, function, sizeof(function));
	say("code %p\n", (void *)try);
	say("data %p\n", (void *)data);
	try("store to code", store, (char *)try);
	try("store to nothing", store, NULL);
	try("run data", run, data);
	wait_here("tried\n");
	make_executable(data);
	try("run data", run, data);
	try("store to data", store, data);
	wait_here("made executable\n");
	return 0;
}
