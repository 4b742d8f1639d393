// SPDX-License-Identifier: GPL-2.0
/*
 * state: what the kernel does when it likes, or does not do when a page is in the
 * wrong place at that moment and nobody is told. Ask until it is done.
 */
#include "state.h"

#define TRIES		500
#define PAUSE_US	10000
#define PM_FRAME	((1ULL << 55) - 1)
#define MPOL_MF_MOVE	2

uint64_t kpageflags_of(const char *p)
{
	int fd = open("/proc/kpageflags", O_RDONLY);
	uint64_t v = 0;

	if (pread(fd, &v, sizeof(v), (pagemap_of(p) & PM_FRAME) * sizeof(v)) < 0)
		v = 0;
	close(fd);
	return v;
}

/*
 * Each processor has some pages at hand that it is about to put on the lists, or
 * to move from one to another. Whoever moves a page to its node, even if it is
 * there, has all of them empty their hands first.
 */
void drain(char *p)
{
	void *at = p;
	int node = 0, status;

	syscall(SYS_move_pages, 0, 1, &at, NULL, &status, 0);
	if (status >= 0)
		node = status;
	syscall(SYS_move_pages, 0, 1, &at, &node, &status, MPOL_MF_MOVE);
}

static bool is_set(const char *p, int kpf)
{
	return kpageflags_of(p) >> kpf & 1;
}

/* Do it until flag @kpf of the frame is set, or is not. */
int settle(char *p, int (*act)(char *p), int kpf, bool set)
{
	for (int i = 0; i < TRIES; i++) {
		if (act && act(p))
			return -1;
		if (is_set(p, kpf) == set)
			return 0;
		drain(p);
		if (is_set(p, kpf) == set)
			return 0;
		usleep(PAUSE_US);
	}
	errno = EAGAIN;
	return -1;
}
