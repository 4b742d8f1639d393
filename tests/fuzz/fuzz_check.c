// SPDX-License-Identifier: GPL-2.0
/*
 * After inputs that made no sense: do questions that do still get the right
 * answers, both ways in, and does the module hold what it should not?
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../userspace/transport_abi.h"
#include "fuzz.h"

#define TRIES		3	/* the kernel may move a page in between */
#define PM_FRAME	((1ULL << 55) - 1)

/**
 * struct seen - what has come of a question
 * @n: records
 * @pages: base pages in them
 * @first: address of the first one
 * @pfn: of the last one
 * @state: likewise
 * @present: of a VMA
 * @complete: all owners are known
 */
struct seen {
	uint64_t n;
	uint64_t pages;
	uint64_t first;
	uint64_t pfn;
	enum state state;
	uint64_t present;
	bool complete;
};

static int see_page(const struct page *page, void *arg, struct error *err)
{
	struct seen *seen = arg;

	(void)err;
	if (!seen->n++)
		seen->first = page->vaddr;
	seen->pages += page->npages;
	seen->state = page->state;
	seen->pfn = page->has_pfn ? page->pfn : 0;
	return 0;
}

static int see_walk(const struct walk *walk, void *arg, struct error *err)
{
	return see_page(&walk->page, arg, err);
}

static int see_vma(const struct vma *vma, void *arg, struct error *err)
{
	struct seen *seen = arg;

	(void)err;
	seen->n++;
	seen->first = vma->start;
	seen->pages += vma->pages;
	seen->present += vma->present;
	return 0;
}

static int see_owner(const struct owner *owner, void *arg, struct error *err)
{
	struct seen *seen = arg;

	(void)err;
	seen->n++;
	seen->first = owner->vaddr;
	return 0;
}

static int see_frame(const struct frame *frame, void *arg, struct error *err)
{
	(void)err;
	((struct seen *)arg)->complete = frame->complete;
	return 0;
}

/**
 * struct question - one that has an answer
 * @t: the way in
 * @pid: the rock
 * @at: its memory
 * @pfn: the frame of its first page, as pagemap has it
 */
struct question {
	struct transport *t;
	pid_t pid;
	uint64_t at;
	uint64_t pfn;
};

static bool ask_written(const struct question *q, struct error *err)
{
	struct seen seen = { 0 };

	return !q->t->ops->walk(q->t, q->pid, q->at, see_walk, &seen, err) &&
	       seen.state == STATE_PRESENT && seen.pfn == q->pfn;
}

static bool ask_untouched(const struct question *q, struct error *err)
{
	struct seen seen = { 0 };

	return !q->t->ops->walk(q->t, q->pid, q->at + ROCK_PAGES * PAGE, see_walk, &seen, err) &&
	       seen.state == STATE_NONE;
}

static bool ask_maps(const struct question *q, struct error *err)
{
	const struct range range = { q->at, q->at + PAGE };
	struct seen seen = { 0 };
	struct cost cost;

	return !q->t->ops->maps(q->t, q->pid, &range, see_vma, &seen, &cost, err) &&
	       seen.n == 1 && seen.first == q->at && seen.pages == ROCK_PAGES + 1 &&
	       seen.present == 1;
}

static bool ask_pages(const struct question *q, struct error *err)
{
	const struct pages_request req = {
		.pid = q->pid,
		.range = { q->at, q->at + (ROCK_PAGES + 1) * PAGE },
		.mode = MODE_EACH,
	};
	struct seen seen = { 0 };
	struct cost cost;

	return !q->t->ops->pages(q->t, &req, see_page, &seen, &cost, err) &&
	       seen.n == ROCK_PAGES && seen.pages == ROCK_PAGES && seen.first == q->at &&
	       cost.holds;
}

static bool ask_tables(const struct question *q, struct error *err)
{
	struct tables tables;

	return !q->t->ops->tables(q->t, q->pid, &tables, err) && tables.n >= 4 &&
	       tables.table[0].tables == 1 && tables.table[tables.n - 1].used >= ROCK_PAGES;
}

static bool ask_frame(const struct question *q, struct error *err)
{
	struct seen seen = { 0 };
	const struct frame_request req = {
		.pfn = q->pfn,
		.owner = see_owner,
		.frame = see_frame,
		.arg = &seen,
	};
	struct cost cost;

	return !q->t->ops->frame(q->t, &req, &cost, err) && seen.n == 1 &&
	       seen.first == q->at && seen.complete;
}

static const struct {
	const char *name;
	bool (*ask)(const struct question *q, struct error *err);
} questions[] = {
	{ "walk to a page", ask_written },
	{ "walk to no page", ask_untouched },
	{ "maps", ask_maps },
	{ "pages", ask_pages },
	{ "tables", ask_tables },
	{ "frame", ask_frame },
};

static uint64_t frame_of(pid_t pid, uint64_t at)
{
	uint64_t pm = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &pm, sizeof(pm), at / PAGE * sizeof(pm)) != sizeof(pm))
		broken(path);
	close(fd);
	return pm & PM_FRAME;
}

static bool check_one(struct question *q, size_t i)
{
	struct error err = { 0 };
	unsigned int tries;

	for (tries = 0; tries < TRIES; tries++) {
		q->pfn = frame_of(q->pid, q->at);
		if (questions[i].ask(q, &err))
			return true;
	}
	printf("fuzz: %s, %s: a wrong answer%s%s\n", q->t->ops->name, questions[i].name,
	       err.text[0] ? ": " : "", err.text);
	return false;
}

bool check_answers(const struct cast *cast)
{
	static const struct transport_ops * const ways[] = {
		&transport_netlink, &transport_debugfs,
	};
	struct question q = { .pid = cast->pid[ROLE_ROCK], .at = cast->rock };
	struct error err;
	bool right = true;
	size_t i, j;

	for (i = 0; i < COUNT(ways); i++) {
		q.t = ways[i]->open(&err);
		if (!q.t) {
			printf("fuzz: %s\n", err.text);
			return false;
		}
		for (j = 0; j < COUNT(questions); j++)
			right &= check_one(&q, j);
		transport_close(q.t);
	}
	return right;
}

static long read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		broken(path);
	close(fd);
	return atol(text);
}

/* A socket that a process has left is taken apart a moment later. */
bool check_references(void)
{
	long refs = 0;
	int tries;

	for (tries = 0; tries < 3000; tries++) {
		refs = read_number("/sys/module/vmscope/refcnt");
		if (!refs)
			return true;
		usleep(10000);
	}
	printf("fuzz: %ld references on the module are left\n", refs);
	return false;
}

/* What each cache keeps at hand for each CPU is given back first. */
static void shrink_caches(void)
{
	DIR *dir = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[300];
	int fd;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		fd = open(path, O_WRONLY);
		if (fd < 0)
			continue;
		if (write(fd, "1", 1) < 0)
			perror(path);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

long check_memory(void)
{
	static const char * const keys[] = { "SUnreclaim:", "VmallocUsed:", "Percpu:" };
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long sum = 0;
	size_t i;

	if (!f)
		broken("/proc/meminfo");
	shrink_caches();
	while (fgets(line, sizeof(line), f))
		for (i = 0; i < COUNT(keys); i++)
			if (!strncmp(line, keys[i], strlen(keys[i])))
				sum += atol(line + strlen(keys[i]));
	fclose(f);
	return sum;
}
