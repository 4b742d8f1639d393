// SPDX-License-Identifier: GPL-2.0
/*
 * bounds [GIB] - what it costs a process, and everybody else, to be looked at.
 *
 * Targets: one with GIB (2) of its memory populated, one that has mapped 128 TiB and
 * touched a page here and there, one with 60000 VMAs. Each is asked about with each
 * command, both ways in. Prints a table: of the longest hold of the target's mmap
 * lock, the longest stretch with interrupts off and, for a frame, the longest that
 * its locks were held, as the module says; the longest that another program on the
 * same CPU had to wait for its turn, in ms more than it asked to sleep, and the
 * longest that an mmap() of the target took meanwhile, both as measured; and, last,
 * the kernel's memory for an answer that is open.
 *
 * No test: whoever else uses the machine makes all these longer. The last line
 * has what there is without vmscope.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../userspace/transport_abi.h"

#define PAGE		4096UL
#define VMAS		60000
#define SPARSE		(127ULL << 40)	/* all that four levels leave free */
#define SPARSE_STEP	(1ULL << 33)
#define NAP_NS		200000
#define OPEN_DUMPS	64
#define DEBUGFS		"/sys/kernel/debug/vmscope/"

/**
 * struct shared - what the processes here have in common
 * @ready: the target is as it shall be
 * @page: an address of the target's that has a page
 * @gap_ns: longest that the napper had to wait
 * @call_ns: longest mmap() of the target
 */
static struct shared {
	atomic_int ready;
	uint64_t page;
	atomic_uint_least64_t gap_ns;
	atomic_uint_least64_t call_ns;
} *shared;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void longest(_Atomic uint64_t *max, uint64_t ns)
{
	if (ns > *max)
		*max = ns;
}

static _Noreturn void broken(const char *what)
{
	fprintf(stderr, "bounds: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *map(size_t size, int prot)
{
	void *at = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		broken("mmap");
	return at;
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* The targets */

static void be_full(size_t gib)
{
	char *at = map(gib << 30, PROT_READ | PROT_WRITE);
	size_t i;

	madvise(at, gib << 30, MADV_NOHUGEPAGE);
	for (i = 0; i < gib << 30; i += PAGE)
		at[i] = 1;
	shared->page = (uint64_t)at;
}

/* In pieces, since something is in the way. */
static void be_sparse(size_t unused)
{
	size_t mapped = 0, size = 1ULL << 46, i;
	char *at;

	(void)unused;
	for (; size >= 1ULL << 36 && mapped < SPARSE; ) {
		at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at == MAP_FAILED) {
			size /= 2;
			continue;
		}
		mapped += size;
		madvise(at, size, MADV_NOHUGEPAGE);
		for (i = 0; i < size; i += SPARSE_STEP)
			at[i] = 1;
		shared->page = (uint64_t)at;
	}
}

static void be_many(size_t unused)
{
	char *at = map(2 * VMAS * PAGE, PROT_READ | PROT_WRITE);
	size_t i;

	(void)unused;
	for (i = 0; i < VMAS; i++) {
		at[2 * i * PAGE] = 1;
		/* No neighbour is like it. */
		if (mprotect(at + 2 * i * PAGE, PAGE, PROT_READ))
			break;
	}
	shared->page = (uint64_t)at;
}

/* One page of memory that is shared with itself, that often. */
static void be_aliases(size_t unused)
{
	int fd = memfd_create("bounds", 0);
	char *at = MAP_FAILED;
	size_t i;

	(void)unused;
	if (fd < 0 || ftruncate(fd, PAGE))
		broken("memfd");
	for (i = 0; i < VMAS; i++) {
		at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (at == MAP_FAILED)
			broken("alias");
		if (i < 1000)
			*at = 1;
	}
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	*at = 1;
	shared->page = (uint64_t)at;
}

static const struct target {
	const char *name;
	void (*be)(size_t gib);
} targets[] = {
	{ "full", be_full },
	{ "sparse", be_sparse },
	{ "60000 VMAs", be_many },
	{ "60000 aliases", be_aliases },
};

static pid_t start_target(const struct target *t, size_t gib)
{
	pid_t pid;

	shared->ready = 0;
	pid = child();
	if (!pid) {
		/* khugepaged holds the lock of 60000 VMAs for some 60 ms. */
		if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
			broken("PR_SET_THP_DISABLE");
		t->be(gib);
		shared->ready = 1;
		/* It wants its mmap lock for writing, too, as programs do. */
		for (;;) {
			uint64_t since = now();

			munmap(map(PAGE, PROT_READ), PAGE);
			longest(&shared->call_ns, now() - since);
			usleep(2000);
		}
	}
	while (!shared->ready) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			broken(t->name);
		usleep(10000);
	}
	return pid;
}

/* Shares our CPU, goes before us, and naps. */
static pid_t start_napper(void)
{
	const struct sched_param first = { .sched_priority = 50 };
	const struct timespec nap = { .tv_nsec = NAP_NS };
	pid_t pid = child();

	if (pid)
		return pid;
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		broken("SCHED_FIFO");
	for (;;) {
		uint64_t since = now(), took;

		nanosleep(&nap, NULL);
		took = now() - since;
		longest(&shared->gap_ns, took > NAP_NS ? took - NAP_NS : 0);
	}
}

/* The questions */

static int take_page(const struct page *page, void *arg, struct error *err)
{
	(void)page;
	(void)arg;
	(void)err;
	return 0;
}

static int take_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)vma;
	(void)arg;
	(void)err;
	return 0;
}

static int take_walk(const struct walk *walk, void *arg, struct error *err)
{
	(void)err;
	*(struct walk *)arg = *walk;
	return 0;
}

static int take_owner(const struct owner *owner, void *arg, struct error *err)
{
	(void)owner;
	(void)arg;
	(void)err;
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	*(uint64_t *)arg = frame->lock_max_ns;
	return 0;
}

/**
 * struct asked - a question and what it has cost
 * @t: the way in
 * @pid: the target
 * @cost: as the module says
 * @lock_ns: longest that a frame's locks were held
 * @err: what went wrong
 */
struct asked {
	struct transport *t;
	pid_t pid;
	struct cost cost;
	uint64_t lock_ns;
	struct error err;
};

static int ask_maps(struct asked *a)
{
	const struct range all = { 0 };

	return a->t->ops->maps(a->t, a->pid, &all, take_vma, NULL, &a->cost, &a->err);
}

static int ask_pages(struct asked *a)
{
	const struct pages_request req = { .pid = a->pid, .mode = MODE_EACH };

	return a->t->ops->pages(a->t, &req, take_page, NULL, &a->cost, &a->err);
}

static int ask_tables(struct asked *a)
{
	struct tables tables = { 0 };
	int ret = a->t->ops->tables(a->t, a->pid, &tables, &a->err);

	a->cost = tables.cost;
	return ret;
}

static int ask_walk(struct asked *a)
{
	struct walk walk = { 0 };
	int ret = a->t->ops->walk(a->t, a->pid, shared->page, take_walk, &walk, &a->err);

	a->cost = walk.cost;
	return ret;
}

static int ask_frame(struct asked *a)
{
	struct walk walk = { 0 };
	struct frame_request req = {
		.owner = take_owner, .frame = take_frame, .arg = &a->lock_ns,
	};

	if (a->t->ops->walk(a->t, a->pid, shared->page, take_walk, &walk, &a->err))
		return -1;
	req.pfn = walk.page.pfn;
	return a->t->ops->frame(a->t, &req, &a->cost, &a->err);
}

static const struct question {
	const char *name;
	int (*ask)(struct asked *a);
} questions[] = {
	{ "maps", ask_maps },
	{ "pages", ask_pages },
	{ "tables", ask_tables },
	{ "walk", ask_walk },
	{ "frame", ask_frame },
};

static void print_row(const char *target, const char *way, const char *question,
		      const struct asked *a)
{
	printf("%-14s %-8s %-8s %9.3f %9.3f %9.3f %9.3f %9.3f\n", target, way, question,
	       a->cost.hold_max_ns / 1e6, a->cost.irqs_off_max_ns / 1e6, a->lock_ns / 1e6,
	       shared->gap_ns / 1e6, shared->call_ns / 1e6);
}

static void ask_all(const struct target *target, pid_t pid)
{
	static const struct transport_ops * const ways[] = {
		&transport_netlink, &transport_debugfs,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		for (j = 0; j < ARRAY_SIZE(questions); j++) {
			struct asked a = { .pid = pid };

			a.t = ways[i]->open(&a.err);
			if (!a.t) {
				fprintf(stderr, "bounds: %s\n", a.err.text);
				exit(2);
			}
			shared->gap_ns = 0;
			shared->call_ns = 0;
			if (questions[j].ask(&a))
				fprintf(stderr, "bounds: %s: %s: %s\n", target->name,
					questions[j].name, a.err.text);
			print_row(target->name, ways[i]->name, questions[j].name, &a);
			transport_close(a.t);
		}
}

static void ask_nothing(void)
{
	const struct asked none = { 0 };

	shared->gap_ns = 0;
	shared->call_ns = 0;
	sleep(2);
	print_row("-", "-", "-", &none);
}

/* What the kernel keeps for itself, in KiB. */
static long kernel_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long sum = 0;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "SUnreclaim:", 11) || !strncmp(line, "VmallocUsed:", 12))
			sum += atol(strchr(line, ':') + 1);
	if (f)
		fclose(f);
	return sum;
}

/* Answers that somebody has begun to read, and reads no further. */
static void measure_memory(pid_t pid)
{
	static const char * const names[] = { "maps", "pages", "pages.bin", "tables" };
	char request[16], path[64], byte;
	int fd[OPEN_DUMPS];
	size_t i, j;
	long before;

	snprintf(request, sizeof(request), "%d\n", pid);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s", names[i]);
		before = kernel_memory();
		for (j = 0; j < OPEN_DUMPS; j++) {
			fd[j] = open(path, O_RDWR);
			if (fd[j] < 0 || write(fd[j], request, strlen(request)) < 0 ||
			    read(fd[j], &byte, 1) != 1)
				broken(path);
		}
		printf("an open answer of %s: %ld KiB\n", names[i],
		       (kernel_memory() - before) / OPEN_DUMPS);
		for (j = 0; j < OPEN_DUMPS; j++)
			close(fd[j]);
	}
}

int main(int argc, char **argv)
{
	const size_t gib = argc > 1 ? strtoul(argv[1], NULL, 0) : 2;
	cpu_set_t one;
	pid_t pid;
	size_t i;

	setlinebuf(stdout);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		broken("mmap");
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	start_napper();
	printf("%-14s %-8s %-8s %9s %9s %9s %9s %9s  (ms)\n", "target", "way", "question",
	       "hold", "irqs off", "frame", "gap", "mmap()");
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		pid = start_target(&targets[i], gib);
		ask_all(&targets[i], pid);
		if (!i)
			measure_memory(pid);
		if (i + 1 == ARRAY_SIZE(targets))
			ask_nothing();
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
