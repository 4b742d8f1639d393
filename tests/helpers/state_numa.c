// SPDX-License-Identifier: GPL-2.0
/* state: machines with two memory nodes. */
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include "state.h"

#define BALANCING	"/proc/sys/kernel/numa_balancing"
#define MOVED		512
#define MPOL_MF_MOVE	2

static bool two_nodes(void)
{
	if (!access("/sys/devices/system/node/node1/meminfo", F_OK))
		return true;
	lacks("one memory node");
	return false;
}

/* move_pages() of @n pages from @p on. */
static int move_to(char *p, int n, int node)
{
	void *at[MOVED];
	int nodes[MOVED], status[MOVED];

	for (int i = 0; i < n; i++) {
		at[i] = p + i * PAGE;
		nodes[i] = node;
	}
	if (syscall(SYS_move_pages, 0, n, at, nodes, status, MPOL_MF_MOVE) < 0)
		return -1;
	return n == 1 && status[0] != node;
}

static char *make_node1(void)
{
	char *p = two_nodes() ? anon_written() : NULL;

	return p && !move_to(p, 1, 1) ? p : NULL;
}

static int move_to_node0(char *p)
{
	return move_to(p, 1, 0);
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

/*
 * A page that the kernel has taken away to see who wants it. It says in
 * numa_pte_updates how many entries it has changed so.
 */
static char *make_hinting(void)
{
	char *p = make_node1();
	cpu_set_t first;
	long before;

	if (!p)
		return NULL;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	before = read_number("/proc/vmstat", "numa_pte_updates ");
	if (sched_setaffinity(0, sizeof(first), &first) ||
	    write_file(BALANCING, "1"))
		return NULL;
	for (int i = 0; i < 50; i++) {
		spin(100);
		if (read_number("/proc/vmstat", "numa_pte_updates ") > before)
			break;
	}
	write_file(BALANCING, "0");
	return p;
}

static char *make_moving(void)
{
	char *p = two_nodes() ? lone(MOVED * PAGE, PAGE) : NULL;

	for (int i = 0; p && i < MOVED; i++)
		write_byte(p + i * PAGE);
	return p && !move_to(p, MOVED, 0) ? p : NULL;
}

static void *keep_moving(void *p)
{
	for (int node = 1; ; node = !node)
		move_to(p, MOVED, node);
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
