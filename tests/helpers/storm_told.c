// SPDX-License-Identifier: GPL-2.0
/*
 * storm: a process that changes its address space exactly once, when the first
 * record of a dump is here and most of the others are yet to be made.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "storm.h"

/*
 * So many VMAs, then so much memory, that a dump of either has many parts. Behind
 * that, room for changes: a page, of a mapping that is there; nothing.
 */
#define BEGIN		0x20000000000ULL
#define VMAS		512
#define POPULATED	(BEGIN + 2 * VMAS * PAGE)
#define POPULATED_SIZE	(24UL << 20)
#define PRESENT		(POPULATED + POPULATED_SIZE)
#define NOTHING		(PRESENT + 64 * PAGE)
#define END		(NOTHING + 64 * PAGE)
#define OUTSIDE		(END + HUGE)

static int anonymous(uint64_t at, size_t size, int prot, int flags)
{
	return mmap((void *)at, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags,
		    -1, 0) == MAP_FAILED ? -1 : 0;
}

static int do_nothing(void)
{
	return 0;
}

static int touch(void)
{
	*(volatile char *)(PRESENT + 8 * PAGE) = 1;
	return 0;
}

static int drop(void)
{
	return madvise((void *)POPULATED, POPULATED_SIZE, MADV_DONTNEED);
}

static int map_outside(void)
{
	return anonymous(OUTSIDE, PAGE, PROT_READ, 0);
}

static int map_new(void)
{
	return anonymous(NOTHING, PAGE, PROT_READ, 0);
}

static int unmap(void)
{
	return munmap((void *)PRESENT, PAGE);
}

static int protect(void)
{
	return mprotect((void *)PRESENT, PAGE, PROT_READ);
}

static int unmap_seen(void)
{
	return munmap((void *)BEGIN, PAGE);
}

/* All of a mapping: it begins and ends where it did. */
static int protect_all(void)
{
	return mprotect((void *)BEGIN, PAGE, PROT_READ | PROT_EXEC);
}

/* By another file, of which nothing differs but that. */
static int replace(void)
{
	int fd = memfd_create("storm", 0);

	return fd < 0 || ftruncate(fd, PAGE) ||
	       mmap((void *)BEGIN, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
		    fd, 0) == MAP_FAILED;
}

static int advise(void)
{
	return madvise((void *)PRESENT, PAGE, MADV_DONTFORK);
}

static int move(void)
{
	return mremap((void *)PRESENT, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		      NOTHING) == MAP_FAILED;
}

static int grow(void)
{
	return mremap((void *)PRESENT, 64 * PAGE, 65 * PAGE, 0) == MAP_FAILED;
}

static const struct change {
	const char *name;
	int (*make)(void);
	bool told;
} changes[] = {
	{ "nothing", do_nothing, false },
	{ "a page is touched", touch, false },
	{ "pages are given back", drop, false },
	{ "something is mapped elsewhere", map_outside, false },
	{ "something is mapped", map_new, true },
	{ "something is unmapped", unmap, true },
	{ "something already reported is unmapped", unmap_seen, true },
	{ "something is protected", protect, true },
	{ "all of a mapping is protected", protect_all, true },
	{ "a file is mapped in place of another", replace, true },
	{ "something is advised", advise, true },
	{ "something is moved", move, true },
	{ "something grows", grow, true },
};

/* A dump that makes its change on the way. */
struct telling {
	const struct change *change;
	int order;
	int report;
	unsigned long records;
	bool made;
	bool failed;
};

static void live(const struct change *change, int order, int report)
{
	char c = 'r';

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < 2 * VMAS; i++)
		if (anonymous(BEGIN + i * PAGE, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
			      MAP_POPULATE))
			_exit(1);
	if (replace() || anonymous(POPULATED, POPULATED_SIZE, PROT_READ | PROT_WRITE, 0) ||
	    madvise((void *)POPULATED, POPULATED_SIZE, MADV_NOHUGEPAGE) ||
	    madvise((void *)POPULATED, POPULATED_SIZE, MADV_POPULATE_WRITE) ||
	    anonymous(PRESENT, 64 * PAGE, PROT_READ | PROT_WRITE, 0) ||
	    write(report, &c, 1) != 1)
		_exit(1);
	while (read(order, &c, 1) == 1)
		if (change->make() || write(report, &c, 1) != 1)
			_exit(1);
	_exit(0);
}

static void make_change(struct telling *t)
{
	char c = 'o';

	t->records++;
	if (t->made)
		return;
	t->made = true;
	t->failed = write(t->order, &c, 1) != 1 || read(t->report, &c, 1) != 1;
}

static int take_page(const struct page *page, void *arg, struct error *err)
{
	(void)page;
	(void)err;
	make_change(arg);
	return 0;
}

static int take_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)vma;
	(void)err;
	make_change(arg);
	return 0;
}

/* 1 where the answer is wrong. */
static int judge(const struct transport *t, const char *what, const struct telling *telling,
		 const struct cost *cost, int ret)
{
	bool told = cost->interrupted > 0;
	bool wrong = ret || telling->failed || !telling->made ||
		     told != telling->change->told;

	printf("%s: %s of %s while %s: %lu records, %s%s\n", wrong ? "wrong" : "right",
	       what, t->ops->name, telling->change->name, telling->records,
	       ret || telling->failed ? "failed" : told ? "told" : "not told",
	       telling->made ? "" : ", never made");
	return wrong;
}

static int check_change(struct transport *t, const struct change *change, bool maps)
{
	const struct pages_request req = {
		.range = { BEGIN, END },
		.mode = MODE_EACH,
	};
	struct telling telling = { .change = change };
	struct pages_request of_pid = req;
	int orders[2], reports[2], ret;
	struct cost cost = {};
	struct error err;
	pid_t pid;
	char c;

	if (pipe(orders) || pipe(reports))
		return 1;
	pid = fork();
	if (!pid) {
		close(orders[1]);
		close(reports[0]);
		live(change, orders[0], reports[1]);
	}
	close(orders[0]);
	close(reports[1]);
	telling.order = orders[1];
	telling.report = reports[0];
	of_pid.pid = pid;
	telling.failed = read(reports[0], &c, 1) != 1;
	if (maps)
		ret = t->ops->maps(t, pid, &req.range, take_vma, &telling, &cost, &err);
	else
		ret = t->ops->pages(t, &of_pid, take_page, &telling, &cost, &err);
	if (ret)
		printf("%s\n", err.text);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(orders[1]);
	close(reports[0]);
	return judge(t, maps ? "maps" : "pages", &telling, &cost, ret);
}

int check_told(struct transport *t)
{
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		for (int maps = 0; maps < 2; maps++)
			wrong += check_change(t, &changes[i], maps);
	return wrong;
}
