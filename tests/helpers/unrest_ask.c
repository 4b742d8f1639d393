// SPDX-License-Identifier: GPL-2.0
/*
 * unrest: who asks, any of the questions about any of the processes, and what may
 * be answered. Also who has the module come and go meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "../../userspace/transport_abi.h"
#include "unrest.h"

#define DEBUGFS		"/sys/kernel/debug/vmscope/"
#define BASE		0x20000000000UL		/* where the subjects have memory */
#define BASE_SIZE	(2UL << 32)
#define PM_FRAME	((1ULL << 55) - 1)
#define FRAMES		(6UL << 30 >> 12)	/* of the machine, about */
#define REST_TRIES	200

/**
 * struct asker - who asks, and the question under way
 * @t: the way in; NULL where the module is not there
 * @seed: what it asks next
 * @pid: about whom
 * @steady: pages of the first process
 * @end: of the last record
 * @crossed: one that came before that
 * @name: of the question
 */
struct asker {
	const struct transport_ops *ops;
	struct transport *t;
	unsigned int seed;
	pid_t pid;
	const char *steady;
	uint64_t end;
	uint64_t crossed;
	const char *name;
};

/* What the other processes' being as they are may come to. */
static const char * const expected[] = {
	"no such process",
	"the process has exited and waits to be reaped",
	"the process exited or called exec meanwhile",
	"a kernel thread has no user address space",
	"the entry kept changing",
	"somebody keeps its memory map or page tables locked",
	"already attached",
	"not attached",
	"module vmscope is not loaded (modprobe vmscope)",
};

static bool is_expected(const char *text)
{
	const char *why;

	for (size_t i = 0; i < COUNT(expected); i++) {
		why = strstr(text, expected[i]);
		if (why && !why[strlen(expected[i])])
			return true;
	}
	return false;
}

/* By its number as this process has it; most are there, some no more. */
static pid_t pick_process(struct asker *a)
{
	if (unrest->asking == ASK_TWIN)
		return unrest->twin;
	switch (any(&a->seed, 8)) {
	case 0:
		return unrest->brief;
	case 1:
		return getppid();
	case 2:
		return getpid();
	default:
		return unrest->subject[any(&a->seed, SUBJECTS)];
	}
}

static uint64_t pick_address(struct asker *a)
{
	uint64_t at = BASE + (uint64_t)any(&a->seed, 2) * (BASE_SIZE / 2);

	switch (any(&a->seed, 8)) {
	case 0:
		return (uint64_t)any(&a->seed, 1 << 23) << 24;
	case 1:
		return 0xffff800000000000ULL | (uint64_t)any(&a->seed, 1 << 23) << 12;
	default:
		return at + any(&a->seed, 6) * (64UL << 20) + any(&a->seed, 2048) * PAGE;
	}
}

/* What comes back */

static void ascend(struct asker *a, uint64_t start, uint64_t end)
{
	if (start < a->end || end <= start)
		a->crossed = start;
	a->end = end;
}

/* Mappings that were split between two parts of an answer are told twice, and so is that. */
static int in_order(const struct asker *a, int ret, bool interrupted)
{
	if (!ret && a->crossed && !interrupted)
		wrong("%s of process %d: 0x%llx comes too late", a->name, a->pid,
		      (unsigned long long)a->crossed);
	return ret;
}

static int take_vma(const struct vma *vma, void *arg, struct error *err)
{
	(void)err;
	ascend(arg, vma->start, vma->end);
	return 0;
}

static int take_page(const struct page *page, void *arg, struct error *err)
{
	(void)err;
	ascend(arg, page->vaddr, page->vaddr + page->npages * PAGE);
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
	(void)arg;
	(void)err;
	if (!owner->pid)
		wrong("an owner without a number");
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	*(struct frame *)arg = *frame;
	return 0;
}

/* The questions: 0, or -1 with what the client would say. */

static int ask_maps(struct asker *a, struct error *err)
{
	const struct range all = { 0 };
	struct cost cost = { 0 };
	int ret = a->ops->maps(a->t, a->pid, &all, take_vma, a, &cost, err);

	return in_order(a, ret, cost.interrupted);
}

static int ask_pages(struct asker *a, struct error *err)
{
	static const struct range ranges[] = {
		{ 0 }, { BASE, BASE + BASE_SIZE }, { BASE, BASE + (8UL << 20) },
	};
	const struct pages_request req = {
		.pid = a->pid,
		.range = ranges[any(&a->seed, COUNT(ranges))],
		.mode = any(&a->seed, 4),
		.states = any(&a->seed, 3) ? 0 : 1U << any(&a->seed, STATES),
	};
	struct cost cost = { 0 };

	return in_order(a, a->ops->pages(a->t, &req, take_page, a, &cost, err), false);
}

static int ask_tables(struct asker *a, struct error *err)
{
	struct tables tables;

	return a->ops->tables(a->t, a->pid, &tables, err);
}

static int ask_walk(struct asker *a, struct error *err)
{
	struct walk walk;

	return a->ops->walk(a->t, a->pid, pick_address(a), take_walk, &walk, err);
}

/* Of a page just found, of a steady one, or any. */
static int pick_frame(struct asker *a, uint64_t *pfn, struct error *err)
{
	unsigned int which = any(&a->seed, 8);
	struct walk walk = { 0 };
	uint64_t at = pick_address(a);
	pid_t pid = a->pid;

	*pfn = any(&a->seed, FRAMES);
	if (!which)
		return 0;
	if (which < 4) {
		at = (uint64_t)a->steady + any(&a->seed, 2 * STEADY_PAGES) * PAGE;
		pid = getppid();
	}
	if (a->ops->walk(a->t, pid, at, take_walk, &walk, err))
		return -1;
	if (walk.page.has_pfn)
		*pfn = walk.page.pfn;
	return 0;
}

static int ask_frame(struct asker *a, struct error *err)
{
	struct frame frame = { 0 };
	struct frame_request req = {
		.scan = !any(&a->seed, 16),
		.owner = take_owner, .frame = take_frame, .arg = &frame,
	};
	struct cost cost;
	uint64_t pfn;

	if (pick_frame(a, &pfn, err))
		return -1;
	req.pfn = pfn;
	if (a->ops->frame(a->t, &req, &cost, err))
		return -1;
	if (frame.pfn != req.pfn)
		wrong("an answer about another frame");
	return 0;
}

/* An error of debugfs, as a transport would have said it. */
static int file_error(struct error *err, const char *what)
{
	return errno == ENOENT && access(DEBUGFS, F_OK) ?
	       abi_not_loaded(err, what) :
	       error_set(err, STATUS_FAILED, "%s: %s", what, transport_strerror(errno));
}

static int ask_attach(struct asker *a, struct error *err)
{
	return put(DEBUGFS "attach", "%d", a->pid) ? 0 : file_error(err, "attach");
}

static int ask_detach(struct asker *a, struct error *err)
{
	return put(DEBUGFS "detach", "%d", a->pid) ? 0 : file_error(err, "detach");
}

static int ask_file(struct asker *a, struct error *err)
{
	static const char * const names[] = { "maps", "pages", "pages.bin", "tables", "swap" };
	const char *name = names[any(&a->seed, COUNT(names))];
	char buf[8192], path[64];
	int parts = any(&a->seed, 32);
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "%d/%s", a->pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return file_error(err, name);
	/* Some in part alone, and some at a place of their own. */
	if (!strcmp(name, "pages.bin") && any(&a->seed, 2))
		lseek(fd, any(&a->seed, 1000) * sizeof(struct vmscope_page), SEEK_SET);
	do {
		n = read(fd, buf, sizeof(buf));
	} while (n > 0 && parts--);
	if (n < 0)
		file_error(err, name);
	close(fd);
	return n < 0 ? -1 : 0;
}

static const struct question {
	const char *name;
	unsigned int askers;	/* bits of who asks it */
	int (*ask)(struct asker *a, struct error *err);
} questions[] = {
	{ "maps", 3, ask_maps },
	{ "pages", 3, ask_pages },
	{ "tables", 3, ask_tables },
	{ "walk", 3, ask_walk },
	{ "frame", 3, ask_frame },
	{ "attach", 4, ask_attach },
	{ "file", 4, ask_file },
	{ "detach", 4, ask_detach },
};

void ask_names(void)
{
	for (size_t i = 0; i < COUNT(questions); i++)
		count_as(&unrest->question[i], questions[i].name, NULL);
}

static void close_way(struct asker *a)
{
	transport_close(a->t);
	a->t = NULL;
}

/* The module may be about to go, or have gone, or be back. */
static bool open_way(struct asker *a, enum way_in way)
{
	struct error err;

	if (unrest->leaving & 1U << way) {
		close_way(a);
		return false;
	}
	if (a->t || !a->ops)
		return true;
	a->t = a->ops->open(&err);
	if (!a->t && err.status != STATUS_MODULE)
		wrong("%s: %s", a->ops->name, err.text);
	return a->t;
}

static void ask_once(struct asker *a, enum way_in way)
{
	size_t pick = any(&a->seed, COUNT(questions));
	struct error err = { .text = "" };
	bool answered;

	if (!(questions[pick].askers & 1U << way))
		return;
	a->pid = pick_process(a);
	a->name = questions[pick].name;
	a->end = 0;
	a->crossed = 0;
	answered = !questions[pick].ask(a, &err);
	count(&unrest->question[pick], answered);
	if (answered)
		return;
	if (!is_expected(err.text))
		wrong("%s: %s", a->name, err.text);
	if (err.status == STATUS_MODULE)
		close_way(a);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Where the module is to go, all have to have let go of it at one moment. */
static void ask_and_rest(struct asker *a, enum way_in way)
{
	double since = now();

	ask_once(a, way);
	if (unrest->loads)
		usleep(2e6 * (now() - since));
}

_Noreturn void ask_be(enum way_in way, const char *steady)
{
	static const struct transport_ops * const ways[WAYS_IN] = {
		[BY_NETLINK] = &transport_netlink,
		[BY_DEBUGFS] = &transport_debugfs,
	};
	struct asker a = {
		.ops = ways[way], .seed = getpid(), .steady = steady,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!unrest->over) {
		if (unrest->asking == ASK_NOBODY || !open_way(&a, way))
			usleep(5000);
		else
			ask_and_rest(&a, way);
	}
	transport_close(a.t);
	_exit(0);
}

/*
 * Unload it as soon as nobody has it open, and load it again, so many times. Mostly
 * the others let go for that; now and then some of them go on.
 */
_Noreturn void load_be(const char *module)
{
	unsigned int seed = getpid();
	int fd = open(module, O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (unrest->loads && !unrest->over) {
		if (!unrest->leaving)
			unrest->leaving = any(&seed, 4) ? (1U << WAYS_IN) - 1 :
							  any(&seed, 1U << WAYS_IN);
		if (syscall(SYS_delete_module, "vmscope", O_NONBLOCK)) {
			if (errno != EAGAIN && errno != EWOULDBLOCK) {
				wrong("unload: %s", strerror(errno));
				break;
			}
			usleep(1000);
			continue;
		}
		if (syscall(SYS_finit_module, fd, "", 0)) {
			wrong("load: %s", strerror(errno));
			break;
		}
		unrest->loads--;
		unrest->loaded++;
		unrest->leaving = 0;
		/* For the others to get at it. */
		usleep(20000);
	}
	_exit(0);
}

static bool is_at_rest(struct transport *t, const char *at, bool file, struct walk *walk)
{
	struct error err;

	if (t->ops->walk(t, getpid(), (uintptr_t)at, take_walk, walk, &err)) {
		wrong("%s", err.text);
		return false;
	}
	return walk->page.has_frame && walk->page.mapcount == 1 &&
	       walk->page.refcount == 1U + file;
}

bool steady_at_rest(const char *steady)
{
	struct error err;
	struct transport *t = transport_netlink.open(&err);
	struct walk walk = { 0 };
	bool rest = true;
	int tries;

	if (!t) {
		wrong("%s", err.text);
		return false;
	}
	for (size_t i = 0; i < 2 * STEADY_PAGES; i++) {
		const char *at = steady + i * PAGE;

		/* Who has exited lets go in a while; processors keep pages for lists. */
		for (tries = 0; tries < REST_TRIES; tries++) {
			if (is_at_rest(t, at, i < STEADY_PAGES, &walk))
				break;
			put("/proc/sys/vm/compact_memory", "1");
			usleep(10000);
		}
		if (tries == REST_TRIES) {
			wrong("steady page %zu: %u mappings, %u references", i,
			      walk.page.mapcount, walk.page.refcount);
			rest = false;
		}
	}
	transport_close(t);
	return rest;
}
