// SPDX-License-Identifier: GPL-2.0
/*
 * unrest: a process that never rests. Each of its threads has memory of its own, at
 * fixed addresses, whose pages begin with a word that tells which page of whom it is,
 * or with nothing: anything else is somebody else's page.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unrest.h"

/* Younger than the oldest C library that this is built with. */
#ifndef MADV_COLD
#define MADV_COLD	20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
/* The C library leaves it out. */
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

#define BASE		0x20000000000UL
#define STRIDE		(1UL << 32)
#define OWN_PAGES	(4 * HUGE / PAGE)
#define ALIKE_PAGES	64
#define SPARE_SIZE	(16UL << 20)
#define ALIKE		0x6c61696b65UL
#define POISON_MAX	64	/* pages that a run may spoil */

/**
 * struct part - a thread's memory
 * @seed: what it does next
 * @key: in the first word of page i of @own, plus i
 * @own: private, in pages of either size
 * @alike: private, and page by page the same, for KSM
 * @steady: the steady file, shared
 * @copy: the steady file, private
 * @spare: room for mappings that come and go
 * @file: one that is cut short, and grows again; @cut: its mapping
 */
struct part {
	unsigned int seed;
	uint64_t key;
	char *own;
	char *alike;
	char *steady;
	char *copy;
	char *spare;
	char *cut;
	int file;
};

static unsigned int self;	/* which subject */
static _Thread_local const char *deed_now = "nothing";

/* No signal that kills is meant for a subject: where it came from. */
static void tell_bus(int sig, siginfo_t *info, void *context)
{
	(void)context;
	wrong("process %d: signal %d, code %d, at %p, while it does %s", getpid(), sig,
	      info->si_code, info->si_addr, deed_now);
	signal(sig, SIG_DFL);
	raise(sig);
}

static uint64_t *word(char *at, size_t page)
{
	return (uint64_t *)(at + page * PAGE);
}

/* @value: or nothing. */
static void check(const char *what, char *at, size_t page, uint64_t value, bool or_nothing)
{
	uint64_t found = *(volatile uint64_t *)word(at, page);

	if (found != value && (found || !or_nothing))
		wrong("page %zu of %s of process %d is %#llx, not %#llx", page, what,
		      getpid(), (unsigned long long)found, (unsigned long long)value);
}

/* A few pages of @own; which one is the first. */
static size_t some(struct part *p, size_t *n)
{
	*n = 1 + any(&p->seed, 64);
	return any(&p->seed, OWN_PAGES - *n);
}

static int own_map(struct part *p, size_t first, size_t n)
{
	return mmap(p->own + first * PAGE, n * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int advise(struct part *p, int advice)
{
	size_t n, first = some(p, &n);

	return madvise(p->own + first * PAGE, n * PAGE, advice);
}

static int advise_huge(struct part *p, int advice)
{
	return madvise(p->own + any(&p->seed, 4) * HUGE, HUGE, advice);
}

/* Deeds: 0 or -1, which is nobody's fault. */

static int do_write(struct part *p)
{
	size_t n, first = some(p, &n);

	for (size_t i = first; i < first + n; i++)
		*word(p->own, i) = p->key + i;
	return 0;
}

static int do_read(struct part *p)
{
	size_t n, first = some(p, &n), i;

	for (i = first; i < first + n; i++)
		check("its own", p->own, i, p->key + i, true);
	i = any(&p->seed, STEADY_PAGES);
	check("the file", p->steady, i, i + 1, false);
	check("the copy", p->copy, i, i + 1, false);
	return 0;
}

static int do_mmap(struct part *p)
{
	size_t size = (1 + any(&p->seed, 256)) * PAGE;
	char *at = p->spare + any(&p->seed, (SPARE_SIZE - size) / PAGE) * PAGE;

	return mmap(at, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0) ==
	       MAP_FAILED ? -1 : 0;
}

static int do_munmap(struct part *p)
{
	size_t size = (1 + any(&p->seed, 1024)) * PAGE;

	return munmap(p->spare + any(&p->seed, (SPARE_SIZE - size) / PAGE) * PAGE, size);
}

/* Also splits a huge page, and its mapping for a while. */
static int do_mprotect(struct part *p)
{
	size_t n, first = some(p, &n);
	char *at = p->own + first * PAGE;

	return mprotect(at, n * PAGE, any(&p->seed, 2) ? PROT_NONE : PROT_READ) |
	       mprotect(at, n * PAGE, PROT_READ | PROT_WRITE);
}

static int do_mremap(struct part *p)
{
	size_t n, first = some(p, &n);
	char *at = p->own + first * PAGE;

	if (mremap(at, n * PAGE, n * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p->spare) ==
	    MAP_FAILED)
		return -1;
	if (mremap(p->spare, n * PAGE, n * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at) ==
	    MAP_FAILED)
		return own_map(p, first, n), -1;
	return 0;
}

static int do_hole(struct part *p)
{
	size_t n, first = some(p, &n);

	return munmap(p->own + first * PAGE, n * PAGE) | own_map(p, first, n);
}

static int do_dontneed(struct part *p)
{
	return any(&p->seed, 4) ? advise(p, MADV_DONTNEED) : advise_huge(p, MADV_DONTNEED);
}

static int do_pageout(struct part *p)
{
	return any(&p->seed, 4) ? advise(p, MADV_PAGEOUT) : advise_huge(p, MADV_PAGEOUT);
}

static int do_free(struct part *p)
{
	return advise(p, MADV_FREE);
}

static int do_cold(struct part *p)
{
	return advise(p, MADV_COLD);
}

static int do_collapse(struct part *p)
{
	return advise_huge(p, MADV_COLLAPSE);
}

static int do_thp(struct part *p)
{
	return advise_huge(p, any(&p->seed, 2) ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

static int do_alike(struct part *p)
{
	size_t i;

	for (i = 0; i < ALIKE_PAGES; i++)
		check("those alike", p->alike, i, ALIKE, true);
	/* No longer that of the others, even if it is the same. */
	for (i = any(&p->seed, ALIKE_PAGES); i < ALIKE_PAGES; i++)
		*word(p->alike, i) = ALIKE;
	return any(&p->seed, 8) ? 0 :
	       madvise(p->alike, ALIKE_PAGES * PAGE, MADV_UNMERGEABLE) |
	       madvise(p->alike, ALIKE_PAGES * PAGE, MADV_MERGEABLE);
}

static int do_cut(struct part *p)
{
	int ret = ftruncate(p->file, 0) | ftruncate(p->file, 32 * PAGE);

	for (size_t i = 0; i < 32; i++)
		*word(p->cut, i) = i;
	return ret;
}

/* A page of the shared file goes from here, and comes back. */
static int do_steady(struct part *p)
{
	size_t i = any(&p->seed, STEADY_PAGES);

	*word(p->copy, i) = i + 1;
	return madvise(p->steady, STEADY_PAGES * PAGE, MADV_DONTNEED) |
	       madvise(p->copy + i * PAGE, PAGE, MADV_DONTNEED) |
	       madvise(p->steady + i * PAGE, PAGE, MADV_POPULATE_WRITE);
}

static int do_hugetlb(struct part *p)
{
	char *at = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
			MAP_ANONYMOUS | MAP_HUGETLB |
			(any(&p->seed, 2) ? MAP_SHARED : MAP_PRIVATE), -1, 0);

	if (at == MAP_FAILED)
		return -1;
	/*
	 * What is reserved is not always there, while others fork and the pool changes:
	 * 7.2 kills who meets that by an access, whether or not anybody asks.
	 */
	if (madvise(at, HUGE, MADV_POPULATE_WRITE))
		return munmap(at, HUGE), -1;
	*word(at, 511) = p->key;
	usleep(any(&p->seed, 2000));
	check("a huge page", at, 511, p->key, false);
	return munmap(at, HUGE);
}

/* All that it has, to one of two nodes of memory. */
static int do_migrate(struct part *p)
{
	unsigned long to = 1UL << any(&p->seed, 2), from = 3;

	return syscall(SYS_migrate_pages, 0, 3UL, &from, &to) < 0 ? -1 : 0;
}

static int do_move(struct part *p)
{
	size_t n, first = some(p, &n);
	int nodes[64], status[64];
	void *pages[64];

	for (size_t i = 0; i < n; i++) {
		pages[i] = p->own + (first + i) * PAGE;
		nodes[i] = any(&p->seed, 2);
	}
	return syscall(SYS_move_pages, 0, n, pages, nodes, status, MPOL_MF_MOVE) < 0 ? -1 : 0;
}

static int do_mlock(struct part *p)
{
	size_t n, first = some(p, &n);

	return any(&p->seed, 2) ? mlock(p->own + first * PAGE, n * PAGE) :
				  munlock(p->own, OWN_PAGES * PAGE);
}

static int do_clear_refs(struct part *p)
{
	return put("/proc/self/clear_refs", "%c", any(&p->seed, 2) ? '1' : '4') ? 0 : -1;
}

static pid_t brief_fork(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGBUS, SIG_DFL);
	} else if (pid > 0) {
		unrest->brief = pid;
	}
	return pid;
}

/* How a child ended: it may have been told to by one signal. */
static int reap(pid_t pid, int allowed)
{
	int status;

	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			return wrong("a child of process %d is gone", getpid()), -1;
	if (status && !(WIFSIGNALED(status) && WTERMSIG(status) == allowed))
		wrong("a child of process %d ended with status %#x", getpid(), status);
	return 0;
}

static int do_fork(struct part *p)
{
	pid_t pid = brief_fork();

	if (pid)
		return reap(pid, 0);
	do_read(p);
	do_write(p);
	do_mprotect(p);
	do_read(p);
	_exit(0);
}

static int do_exec(struct part *p)
{
	pid_t pid = brief_fork();

	(void)p;
	if (pid)
		return reap(pid, 0);
	execl("/proc/self/exe", "unrest", "brief", NULL);
	_exit(1);
}

static int do_vfork(struct part *p)
{
	pid_t pid = vfork();

	if (!pid) {
		usleep(p->seed % 2000);
		_exit(0);
	}
	if (pid > 0)
		unrest->brief = pid;
	return reap(pid, 0);
}

/* Memory that has gone bad, as the hardware would tell of it. */
static int do_poison(struct part *p)
{
	bool soft = any(&p->seed, 2);
	size_t i = any(&p->seed, OWN_PAGES);
	pid_t pid;

	if (unrest->unplugging || atomic_fetch_add(&unrest->poisoned, 1) >= POISON_MAX)
		return -1;
	pid = brief_fork();
	if (pid)
		return reap(pid, SIGBUS);
	*word(p->own, i) = p->key + i;
	madvise(p->own + i * PAGE, PAGE, soft ? MADV_SOFT_OFFLINE : MADV_HWPOISON);
	usleep(p->seed % 4000);
	check("what was spoilt", p->own, i, p->key + i, false);
	_exit(0);
}

/* Go on as another program, with the number that it has. */
static int do_reborn(struct part *p)
{
	char index[12];

	(void)p;
	snprintf(index, sizeof(index), "%u", self);
	execl("/proc/self/exe", "unrest", "subject", index, NULL);
	return -1;
}

/* Be followed by another one. */
static int do_exit(struct part *p)
{
	(void)p;
	_exit(STATUS_ANOTHER);
}

#define NODE_1	"/sys/devices/system/node/node1"

/* One in the sum of the weights so often. */
static const struct deed {
	const char *name;
	unsigned int weight;
	int (*act)(struct part *p);
	const char *needs;
} deeds[] = {
	{ "write", 40, do_write, NULL },
	{ "read", 40, do_read, NULL },
	{ "mmap", 20, do_mmap, NULL },
	{ "munmap", 20, do_munmap, NULL },
	{ "mprotect", 20, do_mprotect, NULL },
	{ "mremap", 10, do_mremap, NULL },
	{ "hole", 10, do_hole, NULL },
	{ "dontneed", 15, do_dontneed, NULL },
	{ "pageout", 15, do_pageout, NULL },
	{ "free", 10, do_free, NULL },
	{ "cold", 5, do_cold, NULL },
	{ "collapse", 10, do_collapse, NULL },
	{ "thp", 10, do_thp, NULL },
	{ "alike", 10, do_alike, NULL },
	{ "cut", 10, do_cut, NULL },
	{ "steady", 10, do_steady, NULL },
	{ "hugetlb", 10, do_hugetlb, "/sys/kernel/mm/hugepages" },
	{ "migrate", 2, do_migrate, NODE_1 },
	{ "move", 5, do_move, NODE_1 },
	{ "mlock", 5, do_mlock, NULL },
	{ "clear_refs", 5, do_clear_refs, NULL },
	{ "fork", 10, do_fork, NULL },
	{ "exec", 3, do_exec, NULL },
	{ "vfork", 3, do_vfork, NULL },
	{ "poison", 1, do_poison, "/sys/devices/system/memory/hard_offline_page" },
	{ "reborn", 2, do_reborn, NULL },
	{ "exit", 2, do_exit, NULL },
};

_Static_assert(COUNT(deeds) <= DEEDS, "more deeds than are counted");

/* False: something is not to be had. */
static bool take_part(struct part *p, unsigned int thread)
{
	char *at = (char *)(BASE + thread * STRIDE);
	const int prot = PROT_READ | PROT_WRITE, private = MAP_PRIVATE | MAP_FIXED;

	*p = (struct part){
		/* Not what it was before exec. */
		.seed = unrest->steps + getpid() * THREADS + thread,
		.key = (uint64_t)(self + 1) << 48 | (uint64_t)(thread + 1) << 32,
		.own = at,
		.alike = at + (64UL << 20),
		.steady = at + (128UL << 20),
		.copy = at + (192UL << 20),
		.cut = at + (256UL << 20),
		.spare = at + (320UL << 20),
		.file = memfd_create("cut", 0),
	};
	if (p->file < 0 || ftruncate(p->file, 32 * PAGE) || own_map(p, 0, OWN_PAGES) ||
	    mmap(p->alike, ALIKE_PAGES * PAGE, prot, private | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ||
	    mmap(p->steady, STEADY_PAGES * PAGE, prot, MAP_SHARED | MAP_FIXED, STEADY_FD, 0) == MAP_FAILED ||
	    mmap(p->copy, STEADY_PAGES * PAGE, prot, private, STEADY_FD, 0) == MAP_FAILED ||
	    mmap(p->cut, 32 * PAGE, prot, MAP_SHARED | MAP_FIXED, p->file, 0) == MAP_FAILED)
		return false;
	madvise(p->alike, ALIKE_PAGES * PAGE, MADV_MERGEABLE);
	return true;
}

static const struct deed *choose(unsigned int *seed)
{
	static unsigned int sum;
	unsigned int pick;
	size_t i = any(seed, COUNT(deeds));

	/* Each once before long. */
	if (!unrest->deed[i].done && any(seed, 2))
		return &deeds[i];
	if (!sum)
		for (i = 0; i < COUNT(deeds); i++)
			sum += deeds[i].weight;
	pick = any(seed, sum);
	for (i = 0; pick >= deeds[i].weight; i++)
		pick -= deeds[i].weight;
	return &deeds[i];
}

static void *never_rest(void *thread)
{
	const struct deed *deed;
	struct part p;
	struct tally *t;

	if (!take_part(&p, (uintptr_t)thread)) {
		wrong("process %d has not got its memory: %s", getpid(), strerror(errno));
		_exit(1);
	}
	while (!unrest->over) {
		deed = choose(&p.seed);
		t = &unrest->deed[deed - deeds];
		/* A name of this program's own: the first process's is elsewhere. */
		deed_now = deed->name;
		/* Those that do not come back count as done. */
		if (deed->act == do_exit || deed->act == do_reborn)
			t->done++;
		count(t, !deed->act(&p));
		unrest->steps++;
	}
	return NULL;
}

void subject_names(void)
{
	for (size_t i = 0; i < COUNT(deeds); i++)
		count_as(&unrest->deed[i], deeds[i].name, deeds[i].needs);
}

_Noreturn void subject_be(unsigned int index)
{
	pthread_t thread;

	self = index;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGBUS, &(struct sigaction){
		.sa_sigaction = tell_bus, .sa_flags = SA_SIGINFO,
	}, NULL);
	/* Children of those that exec has put an end to. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	for (uintptr_t i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, never_rest, (void *)i)) {
			wrong("process %d has no threads", getpid());
			_exit(1);
		}
	never_rest(NULL);
	/* The others are in the middle of something. */
	pthread_join(thread, NULL);
	_exit(0);
}

_Noreturn void subject_rest(void)
{
	struct part p;

	self = SUBJECTS;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned int i = 0; i < THREADS; i++) {
		if (!take_part(&p, i)) {
			wrong("process %d has not got its memory: %s", getpid(), strerror(errno));
			_exit(1);
		}
		for (size_t page = 0; page < OWN_PAGES; page++)
			*word(p.own, page) = p.key + page;
	}
	while (!unrest->over)
		usleep(50000);
	_exit(0);
}

_Noreturn void subject_be_brief(void)
{
	char *at = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	usleep(getpid() % 4000);
	_exit(at == MAP_FAILED);
}
