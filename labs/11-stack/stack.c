// SPDX-License-Identifier: GPL-2.0
/*
 * stack: lets its stack grow, up to where it is stopped, in two ways. Waits for
 * `kill -CONT` after each. Four functions are yours.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "lab.h"

#define LIMIT	(200 * PAGE)

/* Where the deepest call so far has stored something. */
static unsigned long deepest;

/*
 * TODO 1: as many calls within each other as `pages` says. Each has a page of the stack to
 * itself, as a volatile array, stores something at the beginning of that, and keeps in
 * `deepest` where it is. Returns how many calls there were.
 */
static __attribute__((noinline)) int deeper(int pages)
{
	return 0;
}

/* TODO 2: the stack may have `bytes` from now on (setrlimit). */
static void limit_stack(unsigned long bytes)
{
}

/*
 * TODO 3: who handles a signal needs a stack, and when there is a SIGSEGV because the stack is
 * full, that must be another one: these SIGSTKSZ bytes (sigaltstack).
 */
static void use_for_signals(void *stack)
{
}

/* TODO 4: map a page at exactly this address (mmap). */
static void obstacle_at(void *address)
{
}

static sigjmp_buf stack_is_full;

static void on_fault(int signal)
{
	siglongjmp(stack_is_full, 1);
}

/* Down to where there is no more. */
static void till_full(void)
{
	if (!sigsetjmp(stack_is_full, 1))
		say("not full after %d calls\n", deeper(1000));
}

/* The lowest address of the stack's mapping. */
static char *lowest(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start = 0;
	char line[512];

	if (!maps)
		die("maps");
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]"))
			start = strtoul(line, NULL, 16);
	fclose(maps);
	return (char *)start;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_fault, .sa_flags = SA_ONSTACK };
	void *other = malloc(SIGSTKSZ);
	struct rlimit usual;
	char *low;
	int n;

	use_for_signals(other);
	sigaction(SIGSEGV, &action, NULL);
	wait_here("the first variables are at %p\n", (void *)&n);
	n = deeper(100);
	wait_here("%d calls, down to 0x%lx\n", n, deepest);
	getrlimit(RLIMIT_STACK, &usual);
	limit_stack(LIMIT);
	till_full();
	wait_here("limit: full, down to 0x%lx\n", deepest);
	limit_stack(usual.rlim_cur);
	low = lowest();
	obstacle_at(low - 300 * PAGE);
	till_full();
	wait_here("obstacle at %p: full, down to 0x%lx\n", (void *)(low - 300 * PAGE), deepest);
	return 0;
}
