// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "survey.h"
#include "usage.h"
#include "vmas.h"

/* How many records are read between two looks at the clock */
#define RECORDS_A_TICK	4096

/**
 * struct run - pages of one process with frames in a row
 * @vaddr: of the first one
 * @pfn: of the first one
 * @npages: how many
 * @vma: number of their VMA
 */
struct run {
	__u64 vaddr;
	__u64 pfn;
	__u32 npages;
	__u32 vma;
};

/**
 * struct reader - reads one process after the other
 * @s: the survey
 * @progress: how far
 * @done: so many processes
 * @all: of how many
 * @records: of pages, so far
 * @vmas: VMAs of this process
 * @at: the VMA that the last page was in
 * @usage: memory that it uses
 * @run: its pages; kept until they are known to be consistent
 * @n: how many
 * @room: for how many there is memory
 * @strays: pages outside of all @vmas: it has changed since those were read
 */
struct reader {
	struct survey *s;
	struct progress progress;
	size_t done;
	size_t all;
	__u64 records;
	struct vmas vmas;
	size_t at;
	struct usage usage;
	struct run *run;
	size_t n;
	size_t room;
	__u64 strays;
};

static int no_memory(struct error *err)
{
	return error_set(err, STATUS_FAILED, "shared: %s", strerror(ENOMEM));
}

/* Entries that are not in use have a frame, too: it is not mapped by them. */
static bool is_mapped(const struct page *page)
{
	return page->has_pfn && (page->state == STATE_PRESENT ||
				 page->state == STATE_PROTNONE);
}

static bool is_zero(const struct page *page)
{
	return page->has_frame && page->kpageflags & 1ULL << KPF_ZERO;
}

static int take_page(const struct page *page, void *arg, struct error *err)
{
	struct reader *r = arg;

	if (!(++r->records % RECORDS_A_TICK))
		progress_tick(&r->progress, r->done, r->all, "processes");
	usage_add(&r->usage, page, r->s->page_shift);
	/* Every process has zero pages; there is one frame for them all. */
	if (!is_mapped(page) || is_zero(page))
		return 0;
	/* Pages come by ascending address, and so do VMAs. */
	while (r->at < r->vmas.n && r->vmas.vma[r->at].end <= page->vaddr)
		r->at++;
	if (r->at == r->vmas.n || page->vaddr < r->vmas.vma[r->at].start) {
		r->strays++;
		return 0;
	}
	if (r->n == r->room) {
		size_t room = r->room ? 2 * r->room : 1024;
		struct run *more = reallocarray(r->run, room, sizeof(*more));

		if (!more)
			return no_memory(err);
		r->run = more;
		r->room = room;
	}
	r->run[r->n++] = (struct run) {
		.vaddr = page->vaddr,
		.pfn = page->pfn,
		.npages = page->npages,
		.vma = r->at,
	};
	return 0;
}

/* One try. 1: it does not hold together. */
static int read_once(struct reader *r, pid_t pid, struct cost *cost,
		     struct error *err)
{
	const struct pages_request req = {
		.pid = pid,
		.mode = MODE_SPLIT,
		.states = 1U << STATE_PRESENT | 1U << STATE_PROTNONE |
			  1U << STATE_MIGRATION | 1U << STATE_DEVICE,
	};

	r->at = 0;
	r->n = 0;
	r->strays = 0;
	r->usage = (struct usage) { 0 };
	if (vmas_load(&r->vmas, r->s->t, pid, err) ||
	    r->s->t->ops->pages(r->s->t, &req, take_page, r, cost, err))
		return -1;
	if (r->s->stats) {
		progress_clear(&r->progress);
		print_stats("maps", pid, &r->vmas.cost);
		print_stats("pages", pid, cost);
	}
	return r->vmas.cost.interrupted || cost->interrupted || r->strays;
}

/*
 * A process once more, until an answer holds together. 1: it is no more. One
 * that takes another program meanwhile (exec) fails at first.
 */
static int read_process(struct reader *r, const struct processes *processes,
			const struct chosen *c, struct error *err)
{
	struct cost cost = { 0 };
	struct error last;
	int tries, ret = 0;

	for (tries = 0; tries < VMAS_TRIES; tries++) {
		last = (struct error) { 0 };
		ret = read_once(r, c->pid, &cost, &last);
		if (!c->named && processes_gone(processes, c))
			return 1;
		if (!ret || (ret < 0 && c->named))
			break;
	}
	if (ret < 0) {
		*err = last;
		return -1;
	}
	if (ret) {
		/* What is left is an estimate, and said to be one. */
		cost.interrupted += r->vmas.cost.interrupted +
				    (r->strays != 0);
		progress_clear(&r->progress);
		warn_interrupted(c->pid, &cost);
	}
	return 0;
}

static int add_process(struct reader *r, const struct chosen *c,
		       struct error *err)
{
	struct survey *s = r->s;
	struct surveyed *to = &s->process[s->n++];
	__u32 vma = ~0U;
	__u32 file = 0;
	size_t i;
	__u32 p;

	to->pid = c->pid;
	to->rss = r->usage.rss << s->page_shift;
	to->pss = r->usage.pss >> USAGE_SHIFT;
	to->uss = r->usage.uss << s->page_shift;
	to->mapcount_exact = !r->usage.estimated;
	memcpy(to->comm, c->comm, sizeof(to->comm));
	sharing_process(&s->sharing);
	for (i = 0; i < r->n; i++) {
		const struct run *run = &r->run[i];
		const struct vma *v = &r->vmas.vma[run->vma];

		if (run->vma != vma &&
		    sharing_file(&s->sharing, v, vma_label(v), &file, err))
			return -1;
		vma = run->vma;
		for (p = 0; p < run->npages; p++)
			if (sharing_add(&s->sharing, file, run->pfn + p,
					run->vaddr + ((__u64)p << s->page_shift),
					err))
				return -1;
		to->present += run->npages;
	}
	return 0;
}

static int read_all(struct reader *r, const struct processes *processes,
		    struct error *err)
{
	int ret = 0;

	for (; r->done < r->all && ret >= 0; r->done++) {
		const struct chosen *c = &processes->process[r->done];

		progress_tick(&r->progress, r->done, r->all, "processes");
		ret = read_process(r, processes, c, err);
		if (ret > 0)
			r->s->skipped++;
		else if (!ret)
			ret = add_process(r, c, err);
	}
	return ret < 0 ? -1 : 0;
}

int survey_run(struct survey *s, const struct processes *processes,
	       bool keep_maps, struct error *err)
{
	struct reader r = { .s = s, .all = processes->n };
	int ret;

	s->page_shift = s->t->info.page_shift;
	s->process = calloc(processes->n + 1, sizeof(*s->process));
	if (!s->process)
		return no_memory(err);
	sharing_init(&s->sharing, processes->n, keep_maps);
	progress_begin(&r.progress, stderr);
	ret = read_all(&r, processes, err);
	if (!ret)
		ret = sharing_count(&s->sharing, err);
	progress_clear(&r.progress);
	free(r.run);
	vmas_free(&r.vmas);
	if (!ret && !s->n)
		ret = error_set(err, STATUS_FAILED,
				"shared: all %zu processes have exited meanwhile",
				s->skipped);
	return ret;
}

void survey_free(struct survey *s)
{
	sharing_free(&s->sharing);
	free(s->process);
	s->process = NULL;
	s->n = 0;
}
