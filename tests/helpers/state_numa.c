// SPDX-License-Identifier: GPL-2.0
/* state: machines with two memory nodes. */
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include "state.h"

#define BALANCING	"/proc/sys/kernel/numa_balancing"
#define MOVED		512
#define MPOL_MF_MOVE	2
#define PATIENCE	1000

static bool two_nodes(void)
{
	if (!access("/sys/devices/system/node/node1/meminfo", F_OK))
		return true;
	lacks("one memory node");
	return false;
}

/* move_pages() of @n pages from @p on. Some may be busy: once more. */
static int move_to(char *p, int n, int node, int tries)
{
	void *at[MOVED];
	int nodes[MOVED], status[MOVED], left;

	for (int i = 0; i < n; i++) {
		at[i] = p + i * PAGE;
		nodes[i] = node;
	}
	do {
		left = 0;
		if (syscall(SYS_move_pages, 0, n, at, nodes, status, MPOL_MF_MOVE) < 0)
			return -1;
		for (int i = 0; i < n; i++)
			left += status[i] != node;
	} while (left && --tries);
	if (left)
		errno = EBUSY;
	return left ? -1 : 0;
}

static char *make_node1(void)
{
	char *p = two_nodes() ? anon_written() : NULL;

	return p && !move_to(p, 1, 1, PATIENCE) ? p : NULL;
}

static int move_to_node0(char *p)
{
	return move_to(p, 1, 0, PATIENCE);
}

/* On a processor of node 0, by whose time the kernel looks for far pages. */
static void spin(long ms)
{
	struct timespec now, start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000 +
	       (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

/* How often the kernel has gone through all of our memory; -1 unknown. */
static long rounds(void)
{
	FILE *f = fopen("/proc/self/sched", "r");
	char line[256];
	long n = -1;

	while (f && n < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, "mm->numa_scan_seq", 17) && strchr(line, ':'))
			n = atol(strchr(line, ':') + 1);
	if (f)
		fclose(f);
	return n;
}

/*
 * A page that the kernel has taken away to see who wants it. It says in
 * numa_pte_updates how many entries it has changed so, anybody's; and after a
 * round through our memory ours are among them.
 */
static char *make_hinting(void)
{
	char *p = make_node1();
	cpu_set_t first;
	long before, begin;

	if (!p)
		return NULL;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	before = read_number("/proc/vmstat", "numa_pte_updates ");
	begin = rounds();
	if (sched_setaffinity(0, sizeof(first), &first) ||
	    write_file(BALANCING, "1"))
		return NULL;
	for (int i = 0; i < 600; i++) {
		spin(100);
		if (read_number("/proc/vmstat", "numa_pte_updates ") > before &&
		    (begin < 0 || rounds() > begin))
			break;
	}
	write_file(BALANCING, "0");
	return p;
}

/* To be seen on its way a page needs somebody else who looks. */
static char *make_moving(void)
{
	char *p = two_nodes() ? lone(MOVED * PAGE, PAGE) : NULL;

	if (p && sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return lacks("one processor");

	for (int i = 0; p && i < MOVED; i++)
		write_byte(p + i * PAGE);
	return p && !move_to(p, MOVED, 0, PATIENCE) ? p : NULL;
}

static void *keep_moving(void *p)
{
	for (int node = 1; ; node = !node)
		move_to(p, MOVED, node, 1);
	return NULL;
}

static int start_moving(char *p)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, keep_moving, p);
}

struct kind numa_kinds[] = {
	{ "node1", make_node1, move_to_node0, NULL },
	{ "numa-hint", make_hinting, read_it, NULL },
	{ "moving", make_moving, start_moving, NULL },
	{ }
};
