// SPDX-License-Identifier: GPL-2.0
/* state: a process that shares the page, and does one thing with it if told. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "state.h"

static pid_t child;
static int orders[2];
static int reports[2];

void read_byte(const char *p)
{
	(void)*(const volatile char *)p;
}

void write_byte(char *p)
{
	*(volatile char *)p = 0xc3;
}

static void report(void)
{
	if (write(reports[1], "r", 1) != 1)
		_exit(1);
}

static void live(char *p, void (*first)(char *p), void (*order)(char *p))
{
	char c;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (first)
		first(p);
	report();
	while (read(orders[0], &c, 1) == 1 && order) {
		order(p);
		report();
	}
	for (;;)
		pause();
}

static int await_report(void)
{
	char c;

	return read(reports[0], &c, 1) == 1 ? 0 : -1;
}

/* NULL for @p: something failed before. The child does @first at once. */
char *share_with_child(char *p, void (*first)(char *p), void (*order)(char *p))
{
	if (!p || pipe(orders) || pipe(reports))
		return NULL;
	child = fork();
	if (!child)
		live(p, first, order);
	close(reports[1]); /* so that a child that dies is noticed */
	return child < 0 || await_report() ? NULL : p;
}

int order_child(void)
{
	return write(orders[1], "o", 1) != 1 || await_report();
}

int end_child(char *p)
{
	(void)p;
	return kill(child, SIGKILL) || waitpid(child, NULL, 0) < 0;
}

/* Kinds of pages that a child has its part in. */

static char *make_forked(void)
{
	return share_with_child(anon_written(), NULL, NULL);
}

/* The child's page, not ours. */
static char *make_cow_child(void)
{
	char *p = share_with_child(anon_written(), NULL, write_byte);

	whose = child;
	return p;
}

static char *make_cow_kept(void)
{
	return share_with_child(anon_written(), NULL, write_byte);
}

static int tell_child(char *p)
{
	(void)p;
	return order_child();
}

static char *make_shared_anon(void)
{
	char *p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1);

	if (p)
		write_byte(p);
	return share_with_child(p, write_byte, NULL);
}

struct kind fork_kinds[] = {
	{ "forked", make_forked, end_child, NULL },
	{ "cow-parent", make_forked, write_it, NULL },
	{ "cow-child", make_cow_child, tell_child, NULL },
	{ "cow-kept", make_cow_kept, tell_child, NULL },
	{ "shared-anon", make_shared_anon, end_child, NULL },
	{ }
};
