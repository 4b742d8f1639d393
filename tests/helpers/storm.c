// SPDX-License-Identifier: GPL-2.0
/*
 * storm rage SECONDS - hold what vmscope says of a process that never rests
 * against what is true of it whatever it does.
 * storm told - a change of the address space during a dump is told, and nothing
 * is where there was none.
 *
 * Of each dump: records ascend and never overlap. Of each record: state, frame,
 * flags and level follow from its raw entry; its frame is in use; and at places
 * where a page is always the same page of a known file, the frame is that one's,
 * as our own pagemap has it, whatever other bits of the entry come and go.
 *
 * Goes on for SECONDS, and until all that is to be seen has been seen. Prints one
 * line a way in. Status 1 where anything is wrong, or the lock was held for longer
 * than a busy machine explains.
 *
 * The client's transports are linked in, so that nothing is between the records
 * and the checks.
 */
#include <errno.h>
#include <fcntl.h>
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
#include "../../userspace/transport_abi.h"
#include "storm.h"

#define SHOWN		20	/* wrong records printed */
#define MIN_DUMPS	3	/* of each way and mode */
#define MAX_SECONDS	600	/* until all has been seen */
#define HELD_MAX	1000000000ULL	/* ns; the module lets go long before */
#define MODES		4
#define ATTACH		"/sys/kernel/debug/vmscope/attach"

/* Intel SDM vol. 3A ch. 4.5; the kernel's own use of what is not present. */
#define X86_PRESENT	(1ULL << 0)
#define X86_LARGE	(1ULL << 7)
#define X86_PROTNONE	(1ULL << 8)
#define X86_NX		(1ULL << 63)
#define X86_FRAME	0x000ffffffffff000ULL
#define X86_SWAP_TYPE	59

#define KPF_ANON	12
#define PM_FRAME	((1ULL << 55) - 1)
#define FLAG_PRESENT	(1U << 0)
#define FLAG_LEAF	(1U << 7)
#define FLAG_SPECIAL	(1U << 11)	/* nobody counts who maps it */

const struct area area[PLACES] = {
	[SWING] = { 0x10000000000, 0x10000000000 + FILE_PAGES * PAGE },
	[HINGE] = { 0x10100000000, 0x10100000000 + FILE_PAGES * PAGE },
	[SLIDE] = { 0x10200000000, 0x10200000000 + 2 * SLIDE_PAGES * PAGE },
	[CHURN] = { 0x10300000000, 0x10300000000 + CHURN_SIZE },
	[ARENA] = { 0x10400000000, 0x10400000000 + ARENA_SIZE },
};

/* What has to have been met for the storm to have been one. */
enum sight {
	SEEN_EXEC,
	SEEN_DATA,
	SEEN_PROTNONE,
	SEEN_SLIDE,
	SEEN_SMALL,
	SEEN_LARGE,
	SEEN_SWAP,
	SEEN_ARENA,
	SIGHTS
};

static const char * const sight_names[SIGHTS] = {
	"an executable page", "a page of data", "a page of nobody's",
	"a page that is moved", "a small private page", "a large private page",
	"a page in swap", "a page that comes and goes",
};

/**
 * struct check - a dump under way, and all before it
 * @map: the files, mapped by us
 * @frame: and their frames
 * @pagemap: our own
 * @mode: of this dump
 * @end: of the last record
 * @records: so far, of all dumps
 * @wrong: so many of them
 * @seen: what has been met
 */
struct check {
	char *map[FILES];
	uint64_t frame[FILES][FILE_PAGES];
	int pagemap;
	unsigned int mode;
	uint64_t end;
	unsigned long records;
	unsigned long wrong;
	unsigned long seen[SIGHTS];
};

static uint64_t frame_of(const struct check *c, enum file file, unsigned int i)
{
	uintptr_t at = (uintptr_t)c->map[file] + i * PAGE;
	uint64_t pm = 0;

	if (pread(c->pagemap, &pm, sizeof(pm), at / PAGE * sizeof(pm)) != sizeof(pm))
		return 0;
	return pm & PM_FRAME;
}

/* Is it that page's frame, or was it until now? It may have been moved. */
static bool is_frame(struct check *c, enum file file, unsigned int i, uint64_t pfn)
{
	uint64_t known = c->frame[file][i];

	if (pfn == known)
		return true;
	c->frame[file][i] = frame_of(c, file, i);
	return c->frame[file][i] != known;
}

static uint64_t bytes(const struct page *p)
{
	return p->npages * PAGE;
}

/* What is wrong with a frame and its facts, as the raw entry @addr has it. */
static const char *check_mapped(const struct page *p, uint64_t addr)
{
	static const struct {
		unsigned int raw;
		unsigned int flag;
	} same[] = { { 1, 1 }, { 2, 2 }, { 5, 4 } };
	uint64_t size = 1ULL << p->page_shift;
	uint64_t pfn = ((addr & X86_FRAME & ~(size - 1)) | (p->vaddr & (size - 1))) / PAGE;
	bool counted = p->has_frame && !(p->kpageflags >> KPF_ZERO & 1) &&
		       !(p->flags & FLAG_SPECIAL);

	if (!p->has_pfn || p->pfn != pfn)
		return "another frame than the entry's";
	if (!(p->flags & FLAG_LEAF) || !(p->flags & FLAG_EXEC) != !!(p->entry & X86_NX))
		return "flags that are not the entry's";
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if ((p->entry >> same[i].raw & 1) != (p->flags >> same[i].flag & 1))
			return "flags that are not the entry's";
	if (counted && (!p->mapcount || !p->refcount))
		return "a frame that nobody uses";
	return NULL;
}

static const char *check_swap(const struct page *p)
{
	if (p->has_pfn || p->swap_type != p->entry >> X86_SWAP_TYPE ||
	    p->swap_offset != ~p->entry << 5 >> 14)
		return "another slot than the entry's";
	return NULL;
}

/* What is wrong with a record, from its raw entry alone. */
static const char *check_entry(const struct page *p)
{
	static const unsigned int shift[LEVELS] = {
		[LEVEL_PTE] = 12, [LEVEL_PMD] = 21, [LEVEL_PUD] = 30,
	};
	bool present = p->entry & X86_PRESENT;
	bool large = p->level > LEVEL_PTE && p->entry & X86_LARGE;

	if (!p->page_shift || p->page_shift != shift[p->level])
		return "a size that is not the level's";
	if (!(p->flags & FLAG_PRESENT) == present)
		return "present, and not";
	if (present)
		return p->state == STATE_PRESENT ? check_mapped(p, p->entry) :
						   "not called present";
	if (p->entry & X86_PROTNONE || large)
		return p->state == STATE_PROTNONE ? check_mapped(p, ~p->entry) :
						    "not called protnone";
	if (p->state == STATE_SWAP)
		return check_swap(p);
	if (p->state != STATE_MIGRATION)
		return "a state that nothing here is in";
	return NULL;
}

/* Page @i of the files, and so are those behind it, for as long as it goes on. */
static const char *check_file(struct check *c, const struct page *p, enum file file,
			      unsigned int i, unsigned int period)
{
	if (p->state == STATE_MIGRATION)
		return NULL;
	if (p->state == STATE_SWAP)
		return "locked memory in swap";
	for (unsigned int k = 0; k < p->npages; k++)
		if (!is_frame(c, file, (i + k) % period, p->pfn + k))
			return "not the frame of that page of the file";
	if (!p->has_frame || p->kpageflags >> KPF_ANON & 1)
		return "not a page of a file";
	return NULL;
}

static const char *check_private(const struct page *p)
{
	if (p->has_frame && !(p->kpageflags >> KPF_ANON & 1) &&
	    !(p->kpageflags >> KPF_ZERO & 1))
		return "neither private nor of zeroes";
	return NULL;
}

static const char *check_place(struct check *c, const struct page *p)
{
	enum place place = 0;
	/* What is nobody's does without the bit that says so. */
	bool exec = p->flags & FLAG_EXEC && p->state == STATE_PRESENT;
	uint64_t i;

	while (place < PLACES && (p->vaddr < area[place].start || p->vaddr >= area[place].end))
		place++;
	if (place == PLACES)
		return NULL;
	if (p->vaddr + bytes(p) > area[place].end)
		return "beyond its place";
	i = (p->vaddr - area[place].start) / PAGE;
	switch (place) {
	case SWING:
		c->seen[exec ? SEEN_EXEC : SEEN_DATA]++;
		return check_file(c, p, exec ? EXEC : DATA, i, FILE_PAGES);
	case HINGE:
		c->seen[SEEN_PROTNONE] += p->state == STATE_PROTNONE;
		return exec ? "executable" : check_file(c, p, DATA, i, FILE_PAGES);
	case SLIDE:
		c->seen[SEEN_SLIDE]++;
		return exec ? "executable" : check_file(c, p, DATA, i % SLIDE_PAGES, SLIDE_PAGES);
	case CHURN:
		c->seen[SEEN_SWAP] += p->state == STATE_SWAP;
		c->seen[p->level == LEVEL_PMD ? SEEN_LARGE : SEEN_SMALL] += p->has_frame;
		return check_private(p);
	default:
		c->seen[SEEN_ARENA]++;
		return check_private(p);
	}
}

/* How many pages a record may have is the request's to say. */
static const char *check_length(const struct check *c, const struct page *p)
{
	if (!p->npages || p->vaddr % PAGE)
		return "no pages";
	if (!(c->mode & MODE_EACH))
		return NULL;
	if (c->mode & MODE_SPLIT)
		return p->npages == 1 ? NULL : "more than one page";
	if (p->vaddr >> p->page_shift != (p->vaddr + bytes(p) - 1) >> p->page_shift)
		return "more than one entry";
	return NULL;
}

static int check_page(const struct page *p, void *arg, struct error *err)
{
	struct check *c = arg;
	const char *wrong;

	(void)err;
	c->records++;
	wrong = p->vaddr < c->end ? "out of order, or twice" : check_length(c, p);
	if (!wrong)
		wrong = check_entry(p);
	if (!wrong)
		wrong = check_place(c, p);
	c->end = p->vaddr + bytes(p);
	if (wrong && c->wrong++ < SHOWN)
		printf("wrong: 0x%llx: %s: entry %#llx npages %llu state %s level %s pfn %#llx flags %#x mapcount %u refcount %u kpageflags %#llx\n",
		       p->vaddr, wrong, p->entry, p->npages, state_name(p->state),
		       level_name(p->level), p->has_pfn ? p->pfn : 0, p->flags,
		       p->mapcount, p->refcount, p->kpageflags);
	return 0;
}

/* Ways in: those of the client, and the file of an attached process. */
struct way {
	const char *name;
	struct transport *t;
	unsigned int modes;
	unsigned long dumps;
	unsigned long interrupted;
	unsigned long late;	/* dumps with a hold that was too long */
	uint64_t hold_max;
};

static int dump_over(struct way *way, pid_t pid, struct check *c, struct cost *cost)
{
	const struct pages_request req = { .pid = pid, .mode = c->mode };
	struct error err;

	if (!way->t->ops->pages(way->t, &req, check_page, c, cost, &err))
		return 0;
	printf("%s: %s\n", way->name, err.text);
	return -1;
}

static int dump_file(struct way *way, pid_t pid, struct check *c, struct cost *cost)
{
	static char buffer[1024 * sizeof(struct vmscope_page)];
	struct vmscope_stats stats;
	struct page page;
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/vmscope/%d/pages.bin", pid);
	fd = open(path, O_RDONLY);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0 && !(n % sizeof(struct vmscope_page)))
		for (ssize_t i = 0; i < n; i += sizeof(struct vmscope_page)) {
			abi_page(&page, buffer + i);
			check_page(&page, c, NULL);
		}
	if (n || pread(fd, &stats, sizeof(stats), VMSCOPE_STATS_POS) != sizeof(stats)) {
		printf("%s: %s\n", way->name, n < 0 ? strerror(errno) : "cut short");
		close(fd);
		return -1;
	}
	abi_cost(cost, &stats);
	close(fd);
	return 0;
}

static int dump(struct way *way, pid_t pid, struct check *c)
{
	struct cost cost = {};
	int ret;

	c->end = 0;
	ret = way->t ? dump_over(way, pid, c, &cost) : dump_file(way, pid, c, &cost);
	way->dumps++;
	way->interrupted += cost.interrupted > 0;
	way->late += cost.hold_max_ns > HELD_MAX;
	if (cost.hold_max_ns > way->hold_max)
		way->hold_max = cost.hold_max_ns;
	return ret;
}

static bool seen_all(const struct check *c, bool say)
{
	bool all = true;

	for (int i = 0; i < SIGHTS; i++)
		if (!c->seen[i]) {
			all = false;
			if (say)
				printf("wrong: never seen: %s\n", sight_names[i]);
		}
	return all;
}

static struct transport *open_transport(const char *name)
{
	struct error err;
	const struct transport_ops *ops = transport_find(name, &err);
	struct transport *t = ops ? ops->open(&err) : NULL;

	if (!t) {
		fprintf(stderr, "storm: %s\n", err.text);
		exit(2);
	}
	return t;
}

static void attach(pid_t pid)
{
	FILE *f = fopen(ATTACH, "w");

	if (!f || fprintf(f, "%d\n", pid) < 0 || fclose(f)) {
		perror(ATTACH);
		exit(2);
	}
}

static int make_files(struct check *c, int fd[FILES])
{
	c->pagemap = open("/proc/self/pagemap", O_RDONLY);
	for (int f = 0; f < FILES; f++) {
		fd[f] = memfd_create("storm", 0);
		if (fd[f] < 0 || ftruncate(fd[f], FILE_PAGES * PAGE))
			return -1;
		c->map[f] = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE,
				 MAP_SHARED, fd[f], 0);
		if (c->map[f] == MAP_FAILED || mlock(c->map[f], FILE_PAGES * PAGE))
			return -1;
		for (int i = 0; i < FILE_PAGES; i++) {
			c->frame[f][i] = frame_of(c, f, i);
			if (!c->frame[f][i])
				return -1;
		}
	}
	return 0;
}

static int rage(long seconds)
{
	struct way ways[] = {
		{ .name = "netlink", .t = open_transport("netlink"), .modes = MODES },
		{ .name = "debugfs", .t = open_transport("debugfs"), .modes = MODES },
		{ .name = "pages.bin", .modes = 1 },
	};
	static struct check c;
	time_t begin = time(NULL);
	bool failed = false;
	int fd[FILES];
	pid_t pid;

	if (make_files(&c, fd)) {
		perror("storm");
		return 2;
	}
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		storm_rage(fd);
	}
	attach(pid);
	for (int round = 0; !failed; round++) {
		long passed = time(NULL) - begin;

		if ((passed >= seconds && round >= MIN_DUMPS && seen_all(&c, false)) ||
		    passed >= MAX_SECONDS || c.wrong)
			break;
		for (size_t w = 0; w < ARRAY_SIZE(ways); w++)
			for (c.mode = 0; c.mode < ways[w].modes; c.mode++)
				failed |= dump(&ways[w], pid, &c);
	}
	/* It must have gone on until now. */
	if (waitpid(pid, NULL, WNOHANG)) {
		printf("wrong: the storm is over\n");
		failed = true;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		printf("%s: %lu dumps, %lu of them interrupted, mmap lock held %" PRIu64 " us at most\n",
		       ways[w].name, ways[w].dumps, ways[w].interrupted,
		       ways[w].hold_max / 1000);
		/* One may have been the machine's. */
		failed |= !ways[w].interrupted || ways[w].late > 1;
	}
	failed |= !seen_all(&c, true);
	printf("%lu records, %lu wrong\n", c.records, c.wrong);
	return failed || c.wrong;
}

static int told(void)
{
	static const char * const names[] = { "netlink", "debugfs" };
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct transport *t = open_transport(names[i]);

		wrong += check_told(t);
		transport_close(t);
	}
	return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "rage"))
		return rage(atol(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "told"))
		return told();
	fprintf(stderr, "usage: storm rage SECONDS | storm told\n");
	return 2;
}
