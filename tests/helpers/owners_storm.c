// SPDX-License-Identifier: GPL-2.0
/*
 * owners_storm SECONDS - who maps a frame, while everybody forks, writes, unmaps
 * and exits.
 *
 * This process keeps all pages of a shared file, mapped twice, and of private
 * memory mapped all along: so their frames stay what they are, whatever the
 * others do, and page i of them can be mapped nowhere but at the three addresses
 * that it has here, in this process and in those forked from it. An owner at
 * another address has never been one; this process always is one.
 *
 * Should the kernel move a page (compaction does), the answer is about a frame that
 * was the page's: then it is asked again.
 *
 * Prints how many queries there were, how many owners were named and how many
 * answers were complete, and the longest holds. Status 1 where an answer was wrong,
 * or something was held for longer than a machine can be busy with something else.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "owners.h"

#define PAGES	64
#define WORKERS	2
#define TRIES	200	/* for a page that is being moved */
#define PAUSE_US	5000
#define HELD_MAX	1000000000ULL	/* ns; a query's own bounds are far below */

/* What everybody maps, at the same addresses. */
static char *shared, *shifted, *private;

/**
 * struct answer - to one query
 * @file: it is about a page of the file
 * @page: which one
 * @self: this process was among the owners, so often
 * @owners: how many were named
 * @wrong: the first that never was, and how many there were
 * @nr_wrong: likewise
 * @frame: the rest
 */
struct answer {
	bool file;
	size_t page;
	unsigned int self;
	unsigned int owners;
	struct owner wrong;
	unsigned int nr_wrong;
	struct frame frame;
};

static bool is_possible(const struct answer *a, uint64_t vaddr)
{
	const char *at = (char *)vaddr;

	if (!a->file)
		return at == private + a->page * PAGE;
	return at == shared + a->page * PAGE || at == shifted + a->page * PAGE;
}

static int take_owner(const struct owner *owner, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	a->owners++;
	a->self += owner->pid == getpid();
	if (!is_possible(a, owner->vaddr) && !a->nr_wrong++)
		a->wrong = *owner;
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	((struct answer *)arg)->frame = *frame;
	return 0;
}

static void dabble(void)
{
	for (int i = 0; i < 40; i++) {
		size_t page = rand() % PAGES;

		switch (rand() % 6) {
		case 0:
			private[page * PAGE]++;
			break;
		case 1:
			shared[page * PAGE]++;
			break;
		case 2:
			munmap(shifted + page * PAGE, PAGE);
			break;
		case 3:
			mprotect(private + page * PAGE, PAGE, PROT_READ);
			mprotect(private + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
			break;
		case 4:
			madvise(private + page * PAGE, PAGE, MADV_DONTNEED);
			break;
		default:
			madvise(shared, PAGES * PAGE, MADV_DONTNEED);
		}
	}
}

/* Children for ever, and children of these: each gone before long. */
static void work(unsigned int seed)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	srand(seed);
	for (;;) {
		if (fork()) {
			usleep(2000 + rand() % 8000);
			continue;
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		srand(getpid());
		if (rand() % 2)
			fork();
		dabble();
		_exit(0);
	}
}

static char *map_file(int fd)
{
	return mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static int set_up(void)
{
	int fd = memfd_create("storm", 0);

	if (ftruncate(fd, PAGES * PAGE))
		return -1;
	shared = map_file(fd);
	shifted = map_file(fd);
	private = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || shifted == MAP_FAILED || private == MAP_FAILED)
		return -1;
	for (size_t i = 0; i < PAGES; i++) {
		shared[i * PAGE] = 1;
		shifted[i * PAGE] = 1;
		private[i * PAGE] = 1;
	}
	return 0;
}

/*
 * Is it not, or not now, the frame of the page? While a page is being moved nobody
 * maps either frame; and where that fails it is the same frame again.
 */
static bool is_on_its_way(const struct answer *a, const char *at, uint64_t pfn)
{
	unsigned int due = a->file ? 2 : 1;

	return frame_at(getpid(), at) != pfn ||
	       (!a->nr_wrong && (a->self < due || a->frame.skipped));
}

/* What is wrong with the answer about a page that is where it was, or NULL. */
static const char *judge(const struct answer *a)
{
	if (a->nr_wrong)
		return "owners that never were";
	if (a->self != (a->file ? 2 : 1))
		return "this process not as often as it is";
	return NULL;
}

enum verdict {
	RIGHT,
	WRONG,
	MOVED,
};

/* About the page that @a says. */
static enum verdict ask(struct transport *t, bool scan, struct answer *a,
			struct cost *cost)
{
	const char *at, *wrong;
	struct frame_request req = {
		.scan = scan,
		.owner = take_owner,
		.frame = take_frame,
		.arg = a,
	};
	struct error err;

	*a = (struct answer){ .file = a->file, .page = a->page };
	at = (a->file ? shared : private) + a->page * PAGE;
	req.pfn = frame_at(getpid(), at);
	if (!req.pfn)
		return MOVED;
	if (t->ops->frame(t, &req, cost, &err)) {
		printf("%s: %s\n", t->ops->name, err.text);
		return WRONG;
	}
	if (a->frame.complete && a->owners != a->frame.mapcount &&
	    a->frame.how != HOW_LOCKED) {
		printf("complete, with %u owners of %llu\n", a->owners,
		       a->frame.mapcount);
		return WRONG;
	}
	/* Locked by somebody for as long as it was waited for: that is told. */
	if (a->frame.how == HOW_LOCKED)
		return a->owners ? WRONG : RIGHT;
	wrong = judge(a);
	if (!wrong)
		return RIGHT;
	if (is_on_its_way(a, at, req.pfn))
		return MOVED;
	printf("page %zu of %s, %s: %s: %u owners, this process %u times, owner %d (%s) at 0x%llx\n",
	       a->page, a->file ? "the file" : "private memory", how_name(a->frame.how),
	       wrong, a->owners, a->self, a->wrong.pid, a->wrong.comm, a->wrong.vaddr);
	return WRONG;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const char * const names[] = { "netlink", "debugfs" };
	unsigned long queries = 0, owners = 0, complete = 0, wrong = 0, locked = 0, moved = 0;
	unsigned long late = 0;
	uint64_t lock_max = 0, hold_max = 0;
	struct transport *t[2];
	struct error err;
	struct answer a;
	struct cost cost = { 0 };
	double end;

	if (argc != 2 || set_up())
		return 2;
	for (int i = 0; i < WORKERS; i++)
		if (!fork())
			work(i);
	for (int i = 0; i < 2; i++) {
		t[i] = transport_find(names[i], &err)->open(&err);
		if (!t[i]) {
			fprintf(stderr, "owners_storm: %s\n", err.text);
			return 2;
		}
	}
	for (end = now() + atof(argv[1]); now() < end && wrong < 10; queries++) {
		enum verdict verdict = MOVED;

		a.file = rand() % 2;
		a.page = rand() % PAGES;
		/* It comes to rest. */
		for (int i = 0; verdict == MOVED && i < TRIES; i++) {
			verdict = ask(t[queries % 2], queries % 16 > 13, &a, &cost);
			moved += verdict == MOVED;
			/* Who moves it may not have a processor. */
			if (verdict == MOVED)
				usleep(PAUSE_US);
		}
		if (verdict == MOVED)
			printf("page %zu of %s: %d times without this process\n", a.page,
			       a.file ? "the file" : "private memory", TRIES);
		wrong += verdict != RIGHT;
		owners += a.owners;
		complete += a.frame.complete;
		locked += a.frame.how == HOW_LOCKED;
		late += a.frame.lock_max_ns > HELD_MAX || cost.hold_max_ns > HELD_MAX;
		if (a.frame.lock_max_ns > lock_max)
			lock_max = a.frame.lock_max_ns;
		if (cost.hold_max_ns > hold_max)
			hold_max = cost.hold_max_ns;
	}
	printf("%lu queries, %lu owners, %lu answers complete, %lu locked, %lu asked again, %lu wrong; folio locked %" PRIu64
	       " us, mmap lock held %" PRIu64 " us at most\n", queries, owners,
	       complete, locked, moved, wrong, lock_max / 1000, hold_max / 1000);
	/* Once may have been the machine. */
	if (late > 1) {
		printf("held for too long\n");
		wrong++;
	}
	return wrong || !queries || owners < queries - locked;
}
