// SPDX-License-Identifier: GPL-2.0
/*
 * owners_gone midway - mappings that go while they are listed.
 * owners_gone storm SECONDS - frames that go while they are asked about.
 *
 * midway: a process maps one page of a file so often that the list of its owners
 * takes several parts. When the first owner is known, the process drops, unmaps
 * or moves them all, or exits. So the list ends early; it must not call itself
 * complete, nor name what never was. Without a change it must be complete.
 *
 * storm: a process drops, unmaps and moves its pages all the time, each noted in
 * memory that we share: a number that is odd while it happens. We ask about the
 * frame behind one of the pages. A page that has not changed from before to after
 * the query is where it was: so its owner is named, nobody but its own family is,
 * and no other unchanged page is. Goes on for SECONDS, and until each kind of
 * change has come in the midst of a query; after MAX_SECONDS it is status 77, and
 * said which did not.
 *
 * Prints what was seen. Status 1 where an answer was wrong.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "owners.h"

#define TIMES		1400	/* that the page is mapped, midway */
#define PAGES		16	/* of the storm; the second half is a file's */
#define MAX_SECONDS	180
#define MOVE_ALL	(1 << 2)	/* <numaif.h> */
#define X86_PRESENT	(1ULL << 0)
#define X86_FRAME	0x000ffffffffff000ULL

/* What happens to a page. */
enum change {
	NOTHING,
	DROPPED,
	UNMAPPED,
	MOVED,
	EXITED,
	CHANGES
};

static const char * const change_name[CHANGES] = {
	"nothing", "dropped", "unmapped", "moved", "exited",
};

static struct transport *transport[2];
static char *base;	/* of the pages, in everybody */
static int memfd;

static bool has_second_node(void)
{
	return !access("/sys/devices/system/node/node1/meminfo", F_OK);
}

/* Returns on which node the page is then, or an error. */
static int move_to(char *at, int node)
{
	void *page = at;
	int status = -1;

	syscall(SYS_move_pages, 0, 1, &page, node < 0 ? NULL : &node, &status, MOVE_ALL);
	return status;
}

/* Somebody may have hold of the page for a moment. */
static bool move_away(char *at)
{
	int from = move_to(at, -1);

	for (int i = 0; i < 1000; i++)
		if (move_to(at, !from) == !from)
			return true;
	return false;
}

static char *map_at(char *at, size_t pages, int fd, off_t offset)
{
	return mmap(at, pages * PAGE, PROT_READ | PROT_WRITE,
		    (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED) |
		    (at ? MAP_FIXED : 0), fd, offset);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Of what the owner's entry maps: is this the frame? */
static bool is_of_frame(const struct owner *owner, uint64_t pfn)
{
	if (owner->page_shift != 12 || !(owner->entry & X86_PRESENT))
		return true;
	return (owner->entry & X86_FRAME) / PAGE == pfn;
}

/*
 * Midway.
 */

/**
 * struct list - an answer on its way
 * @pid: who maps the page
 * @socket: to it: a byte, and it makes the change; a byte from it, it is made
 * @change: which
 * @pfn: the page's frame
 * @named: the addresses that were
 * @owners: how many were named
 * @wrong: of them
 * @frame: the rest
 */
struct list {
	pid_t pid;
	int socket;
	enum change change;
	uint64_t pfn;
	bool named[TIMES];
	unsigned int owners;
	unsigned int wrong;
	struct frame frame;
};

static void make_change(struct list *l)
{
	char byte = l->change;

	if (l->change == EXITED) {
		kill(l->pid, SIGKILL);
		waitpid(l->pid, NULL, 0);
		l->pid = 0;
	} else if (write(l->socket, &byte, 1) != 1 || read(l->socket, &byte, 1) != 1 || byte) {
		printf("%s: could not be\n", change_name[l->change]);
		l->wrong++;
	}
}

static int take_midway(const struct owner *owner, void *arg, struct error *err)
{
	struct list *l = arg;
	size_t i = (owner->vaddr - (uintptr_t)base) / PAGE;

	(void)err;
	if (owner->pid != l->pid && l->pid)
		l->wrong++;
	else if (i >= TIMES || owner->vaddr % PAGE || l->named[i] || !is_of_frame(owner, l->pfn))
		l->wrong++;
	else
		l->named[i] = true;
	if (!l->owners++)
		make_change(l);
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	*(struct frame *)arg = *frame;
	return 0;
}

static int keep_list_frame(const struct frame *frame, void *arg, struct error *err)
{
	return take_frame(frame, &((struct list *)arg)->frame, err);
}

/* The process that maps the page: does what it is told. Never returns. */
static void map_often(int socket)
{
	char byte, failed;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < TIMES; i++)
		*(volatile char *)map_at(base + i * PAGE, 1, memfd, 0) = 1;
	for (failed = 0; write(socket, &failed, 1) == 1;) {
		if (read(socket, &byte, 1) != 1)
			break;
		if (byte == DROPPED)
			failed = madvise(base, TIMES * PAGE, MADV_DONTNEED);
		else if (byte == UNMAPPED)
			failed = munmap(base, TIMES * PAGE);
		else if (byte == MOVED)
			failed = !move_away(base);
	}
	_exit(1);
}

/* What is wrong with the answer, or NULL. */
static const char *judge_list(const struct list *l)
{
	if (l->wrong)
		return "an owner that is none";
	if (l->frame.found != l->owners)
		return "another number found than named";
	if (l->change == NOTHING)
		return l->owners == TIMES && l->frame.complete ? NULL : "not all";
	if (!l->owners || l->owners == TIMES)
		return "not midway";
	return l->frame.complete ? "said to be complete" : NULL;
}

static int midway(enum change change, struct transport *t, bool scan)
{
	struct list l = { .change = change };
	struct frame_request req = {
		.scan = scan,
		.owner = take_midway,
		.frame = keep_list_frame,
		.arg = &l,
	};
	const char *wrong = "no answer";
	struct cost cost;
	struct error err = { 0 };
	int pair[2];
	char byte;

	/* A new page each time. */
	madvise(base, PAGE, MADV_REMOVE);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -1;
	l.socket = pair[0];
	l.pid = fork();
	if (!l.pid) {
		close(pair[0]);
		map_often(pair[1]);
	}
	close(pair[1]);
	if (read(pair[0], &byte, 1) == 1)
		l.pfn = frame_at(l.pid, base);
	req.pfn = l.pfn;
	if (l.pfn && !t->ops->frame(t, &req, &cost, &err))
		wrong = judge_list(&l);
	close(pair[0]);
	if (l.pid) {
		kill(l.pid, SIGKILL);
		waitpid(l.pid, NULL, 0);
	}
	printf("%s %s%s: %s%s (%u owners, %s, %s)\n", change_name[change], t->ops->name,
	       scan ? ", scan" : "", wrong ? wrong : "ok", err.text, l.owners,
	       how_name(l.frame.how), l.frame.complete ? "complete" : "not complete");
	return wrong ? -1 : 0;
}

static int main_midway(void)
{
	int failed = 0;

	base = map_at(NULL, TIMES, memfd, 0);
	if (base == MAP_FAILED || ftruncate(memfd, PAGE))
		return 2;
	for (enum change c = NOTHING; c < CHANGES; c++) {
		if (c == MOVED && !has_second_node()) {
			printf("moved skip: one memory node\n");
			continue;
		}
		for (int i = 0; i < 4; i++)
			failed |= midway(c, transport[i % 2], i / 2);
	}
	return failed ? 1 : 0;
}

/*
 * The storm.
 */

/* What has happened to each page, in memory that all share. */
static struct {
	_Atomic uint32_t number[PAGES];	/* odd while it changes */
	_Atomic uint32_t change[PAGES];	/* enum change, the last one */
} *noted;

/**
 * struct answer - to one query
 * @page: which page
 * @pid: whose
 * @pfn: the frame that was behind it
 * @before: the numbers, before its frame was looked up
 * @owners: the owners named
 * @nr: so many; what does not fit is counted
 * @frame: the rest
 */
struct answer {
	size_t page;
	pid_t pid;
	uint64_t pfn;
	uint32_t before[PAGES];
	struct owner owners[64];
	unsigned int nr;
	struct frame frame;
};

static void change_page(size_t i, enum change change)
{
	char *at = base + i * PAGE;
	bool private = i < PAGES / 2;

	noted->change[i] = change;
	noted->number[i]++;
	switch (change) {
	case DROPPED:
		madvise(at, PAGE, private ? MADV_DONTNEED : MADV_REMOVE);
		break;
	case UNMAPPED:
		munmap(at, PAGE);
		map_at(at, 1, private ? -1 : memfd, i * PAGE);
		break;
	default:
		move_to(at, rand() % 2);
	}
	*(volatile char *)at = 1;
	noted->number[i]++;
}

/* Never returns. */
static void change_pages(bool two_nodes)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		change_page(rand() % PAGES, DROPPED + rand() % (two_nodes ? 3 : 2));
		/* Somebody who has them, too, for a moment. */
		if (rand() % 32 || fork())
			continue;
		usleep(rand() % 4000);
		_exit(0);
	}
}

static int take_storm(const struct owner *owner, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	if (a->nr < ARRAY_SIZE(a->owners))
		a->owners[a->nr] = *owner;
	a->nr++;
	return 0;
}

static int keep_storm_frame(const struct frame *frame, void *arg, struct error *err)
{
	return take_frame(frame, &((struct answer *)arg)->frame, err);
}

static bool is_unchanged(const struct answer *a, size_t page)
{
	return !(a->before[page] & 1) && noted->number[page] == a->before[page];
}

/* What is wrong with an owner, or NULL. */
static const char *judge_owner(const struct answer *a, const struct owner *owner)
{
	size_t page = (owner->vaddr - (uintptr_t)base) / PAGE;

	if (!is_of_frame(owner, a->pfn))
		return "its entry is another frame's";
	/* The frame is somebody's by now. */
	if (page >= PAGES)
		return is_unchanged(a, a->page) ? "an address where it is not" : NULL;
	if (page != a->page && is_unchanged(a, page) && frame_at(a->pid, base + page * PAGE) != a->pfn)
		return "another page, which has not changed";
	return NULL;
}

static int judge_answer(const struct answer *a)
{
	unsigned int self = 0;
	const char *wrong;

	for (size_t i = 0; i < a->nr && i < ARRAY_SIZE(a->owners); i++) {
		const struct owner *owner = &a->owners[i];

		self += owner->pid == a->pid && owner->vaddr == (uintptr_t)base + a->page * PAGE;
		wrong = judge_owner(a, owner);
		if (!wrong)
			continue;
		printf("page %zu: owner %d (%s) at 0x%llx: %s\n", a->page, owner->pid,
		       owner->comm, owner->vaddr, wrong);
		return -1;
	}
	if (a->frame.complete && a->nr != a->frame.mapcount && a->frame.how != HOW_SCAN) {
		printf("page %zu: complete, with %u owners of %llu\n", a->page, a->nr,
		       a->frame.mapcount);
		return -1;
	}
	/* Of a process whose lock is taken too long the answer says that it is left out. */
	if (self > 1 || (!self && is_unchanged(a, a->page) && a->frame.how != HOW_LOCKED &&
			 !a->frame.skipped &&
			 frame_at(a->pid, base + a->page * PAGE) == a->pfn)) {
		printf("page %zu, %s: its owner %u times, and nothing has changed\n", a->page,
		       how_name(a->frame.how), self);
		return -1;
	}
	return 0;
}

/* Returns 1 where there was nothing to ask about, -1 where an answer was wrong. */
static int ask(struct transport *t, pid_t pid, struct answer *a)
{
	const struct frame_request req = {
		.owner = take_storm,
		.frame = keep_storm_frame,
		.arg = a,
	};
	struct frame_request with_pfn = req;
	struct cost cost;
	struct error err;

	memset(a, 0, sizeof(*a));
	a->pid = pid;
	a->page = rand() % PAGES;
	for (size_t i = 0; i < PAGES; i++)
		a->before[i] = noted->number[i];
	a->pfn = frame_at(pid, base + a->page * PAGE);
	if (!a->pfn)
		return 1;
	with_pfn.pfn = a->pfn;
	if (t->ops->frame(t, &with_pfn, &cost, &err)) {
		printf("%s: %s\n", t->ops->name, err.text);
		return -1;
	}
	return judge_answer(a);
}

static bool seen_all(const unsigned long *seen, bool two_nodes, bool say)
{
	for (enum change c = DROPPED; c <= (two_nodes ? MOVED : UNMAPPED); c++) {
		if (seen[c])
			continue;
		if (say)
			printf("skip: no query in the midst of which a page was %s\n",
			       change_name[c]);
		return false;
	}
	return true;
}

static int main_storm(double seconds)
{
	unsigned long queries = 0, told = 0, wrong = 0, seen[CHANGES] = { 0 };
	bool two_nodes = has_second_node();
	static struct answer a;
	double start = now(), passed;
	pid_t pid;

	noted = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	base = map_at(NULL, PAGES, -1, 0);
	if (noted == MAP_FAILED || base == MAP_FAILED || ftruncate(memfd, PAGES * PAGE))
		return 2;
	pid = fork();
	if (!pid) {
		map_at(base + PAGES / 2 * PAGE, PAGES / 2, memfd, PAGES / 2 * PAGE);
		memset(base, 1, PAGES * PAGE);
		change_pages(two_nodes);
	}
	while (wrong < 10) {
		passed = now() - start;
		if (passed > MAX_SECONDS || (passed > seconds && seen_all(seen, two_nodes, false)))
			break;
		switch (ask(transport[queries % 2], pid, &a)) {
		case -1:
			wrong++;
			break;
		case 1:
			continue;
		}
		queries++;
		if (is_unchanged(&a, a.page))
			continue;
		seen[noted->change[a.page]]++;
		told += !a.frame.complete || a.frame.how == HOW_CHANGED;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("%lu queries, in the midst of which a page was dropped %lu times, unmapped %lu, moved %lu; told by %lu answers, %lu wrong\n",
	       queries, seen[DROPPED], seen[UNMAPPED], seen[MOVED], told, wrong);
	if (wrong)
		return 1;
	return seen_all(seen, two_nodes, true) ? 0 : 77;
}

int main(int argc, char **argv)
{
	static const char * const names[] = { "netlink", "debugfs" };
	struct error err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	memfd = memfd_create("gone", 0);
	for (int i = 0; i < 2; i++) {
		transport[i] = transport_find(names[i], &err)->open(&err);
		if (!transport[i]) {
			fprintf(stderr, "owners_gone: %s\n", err.text);
			return 2;
		}
	}
	if (argc == 2 && !strcmp(argv[1], "midway"))
		return main_midway();
	if (argc == 3 && !strcmp(argv[1], "storm"))
		return main_storm(atof(argv[2]));
	fprintf(stderr, "usage: owners_gone midway | owners_gone storm SECONDS\n");
	return 2;
}
