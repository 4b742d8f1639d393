// SPDX-License-Identifier: GPL-2.0
/*
 * compare TRANSPORT PID... - hold vmscope against /proc, page by page.
 * compare --page PID ADDR - one page alone, over each transport: so, and what a
 * walk says of it against what its record says. The walk's answer, as words, is
 * the first line.
 *
 * For every page of every VMA in /proc/PID/smaps: present, PFN, swap type and
 * offset, soft-dirty, uffd-wp, file or anonymous, exclusive (/proc/PID/pagemap),
 * the flags word (/proc/kpageflags) and the map count (/proc/kpagecount). For
 * every VMA: the counts of maps against those of smaps. The processes have to
 * be stopped.
 *
 * The client's transports are linked in, not run: a client process would map
 * libc itself, and the map counts would never be the same twice. What still
 * moves under a stopped process (reclaim ages pages, swaps them) is told from a
 * difference by asking vmscope before and after /proc: a page about which it
 * says two things is looked at again, up to TRIES times.
 *
 * Prints one line a process. Status 1 where anything differs.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "compare.h"

#define TRIES		10
#define SHOWN		20	/* differences printed */
#define PAGE		4096ULL

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_SOFT_DIRTY	(1ULL << 55)
#define PM_EXCLUSIVE	(1ULL << 56)
#define PM_UFFD_WP	(1ULL << 57)
#define PM_FILE		(1ULL << 61)
#define PM_SWAP		(1ULL << 62)
#define PM_PRESENT	(1ULL << 63)
#define PM_FRAME	((1ULL << 55) - 1)
#define PM_SWAP_SHIFT	5
#define PM_SWAP_TYPE	31
#define KPF_ANON	12
#define KPF_NOPAGE	20
#define KPF_KSM		21

#define FLAG_SOFT_DIRTY	(1U << 8)
#define FLAG_SPECIAL	(1U << 11)
#define FLAG_DEVMAP	(1U << 12)

struct pages {
	struct page *v;
	size_t n;
	size_t room;
};

/* Entries of pagemap that are read at once, in the first look at all of them. */
#define BLOCK		512

struct proc {
	int pagemap;
	int kpageflags;
	int kpagecount;
	uint64_t believed;	/* bits of kpageflags */
	bool at_once;
	uint64_t first;		/* page whose entry is block[0] */
	uint64_t block[BLOCK];
	size_t in_block;
};

/* Sums over all processes. */
struct tally {
	unsigned long pages;
	unsigned long mapped;
	unsigned long swapped;
	unsigned long hidden;
	unsigned long again;
	unsigned long differences;
	struct cost cost;
};

static int keep_page(const struct page *page, void *arg, struct error *err)
{
	struct pages *p = arg;

	(void)err;
	if (p->n == p->room) {
		p->room = p->room ? 2 * p->room : 1024;
		p->v = grow(p->v, p->room, sizeof(*p->v));
	}
	p->v[p->n++] = *page;
	return 0;
}

static void add_cost(struct cost *sum, const struct cost *c)
{
	if (c->hold_max_ns > sum->hold_max_ns)
		sum->hold_max_ns = c->hold_max_ns;
	if (c->irqs_off_max_ns > sum->irqs_off_max_ns)
		sum->irqs_off_max_ns = c->irqs_off_max_ns;
	sum->holds += c->holds;
}

static int ask(struct transport *t, pid_t pid, const struct range *range,
	       struct pages *p, struct tally *tally)
{
	struct pages_request req = {
		.pid = pid,
		.mode = MODE_EACH | MODE_SPLIT,
	};
	struct cost cost = {};
	struct error err;

	if (range)
		req.range = *range;
	p->n = 0;
	if (t->ops->pages(t, &req, keep_page, p, &cost, &err)) {
		fprintf(stderr, "compare: %s\n", err.text);
		return -1;
	}
	add_cost(&tally->cost, &cost);
	return 0;
}

static bool equal_pages(const struct page *a, const struct page *b)
{
	if (!a || !b)
		return a == b;
	return a->vaddr == b->vaddr && a->entry == b->entry &&
	       a->state == b->state && a->has_pfn == b->has_pfn &&
	       a->pfn == b->pfn && a->mapcount == b->mapcount &&
	       a->kpageflags == b->kpageflags && a->flags == b->flags &&
	       a->swap_type == b->swap_type && a->swap_offset == b->swap_offset;
}

/* One of the file's numbers; @beyond where it ends before that. */
static uint64_t number_at(int fd, uint64_t index, uint64_t beyond)
{
	uint64_t v;
	ssize_t n = pread(fd, &v, sizeof(v), index * sizeof(v));

	if (n != sizeof(v))
		return n ? UINT64_MAX : beyond;
	return v;
}

static uint64_t pagemap_at(struct proc *proc, uint64_t index)
{
	ssize_t n;

	if (!proc->at_once)
		return number_at(proc->pagemap, index, UINT64_MAX);
	if (index < proc->first || index - proc->first >= proc->in_block) {
		n = pread(proc->pagemap, proc->block, sizeof(proc->block),
			  index * sizeof(*proc->block));
		proc->first = index;
		proc->in_block = n < 0 ? 0 : n / sizeof(*proc->block);
	}
	return proc->in_block ? proc->block[index - proc->first] : UINT64_MAX;
}

/* What pagemap has to say, from what vmscope says. */
static uint64_t expect_pagemap(const struct page *p, const struct smap *m)
{
	uint64_t pm = m->soft_dirty ? PM_SOFT_DIRTY : 0;

	/* pagemap does not look into PFN-mapped VMAs ([vvar], devices). */
	if (!p || m->pfnmap)
		return pm;
	if (p->flags & FLAG_SOFT_DIRTY)
		pm |= PM_SOFT_DIRTY;
	if (p->flags & FLAG_UFFD_WP ||
	    (p->state == STATE_MARKER && p->marker == MARKER_UFFD_WP))
		pm |= PM_UFFD_WP;
	switch (p->state) {
	case STATE_PRESENT:
	case STATE_PROTNONE:
		pm |= PM_PRESENT | p->pfn;
		/* That of a huge entry is not looked at. */
		if (p->has_frame && !(p->flags & FLAG_SPECIAL &&
				      p->level == LEVEL_PTE)) {
			if (!(p->kpageflags & 1ULL << KPF_ANON))
				pm |= PM_FILE;
			if (p->mapcount == 1)
				pm |= PM_EXCLUSIVE;
		}
		/* Of a huge entry it does not ask whether the page is counted. */
		else if (p->flags & FLAG_DEVMAP && p->level == LEVEL_PMD)
			pm |= PM_FILE;
		break;
	case STATE_SWAP:
		pm |= PM_SWAP | p->swap_type | p->swap_offset << PM_SWAP_SHIFT;
		break;
	default:
		pm |= PM_SWAP;
	}
	return pm;
}

/*
 * What a migration or poison entry names, and what a marker says, is beyond
 * pagemap's words. Whether a page of 1G is exclusive pagemap asks, among others, of
 * its table's share count: which only tables of PMDs have, and where others since
 * 6.13 have what was there before.
 */
static uint64_t comparable(const struct page *p, uint64_t pm)
{
	if (p && p->level == LEVEL_PUD)
		pm &= ~PM_EXCLUSIVE;
	if (!p || p->state == STATE_PRESENT || p->state == STATE_PROTNONE ||
	    p->state == STATE_SWAP)
		return pm;
	return pm & (PM_PRESENT | PM_SWAP | PM_SOFT_DIRTY | PM_UFFD_WP);
}

static void show(const char *what, uint64_t vaddr, uint64_t ours,
		 uint64_t theirs, struct tally *tally)
{
	if (tally->differences++ < SHOWN)
		printf("  0x%" PRIx64 ": %s: vmscope %#" PRIx64 ", /proc %#"
		       PRIx64 "\n", vaddr, what, ours, theirs);
}

/* Compare one page; true where it agrees. @quiet: do not count or print. */
static bool compare_page(struct proc *proc, const struct smap *m,
			 uint64_t vaddr, const struct page *p, bool quiet,
			 struct tally *tally)
{
	uint64_t theirs = comparable(p, pagemap_at(proc, vaddr / PAGE));
	uint64_t ours = comparable(p, expect_pagemap(p, m));
	uint64_t flags, count;
	bool same = ours == theirs;

	if (!same && !quiet)
		show("pagemap", vaddr, ours, theirs, tally);
	if (!p || !p->has_pfn)
		return same;
	flags = number_at(proc->kpageflags, p->pfn, 1ULL << KPF_NOPAGE);
	count = number_at(proc->kpagecount, p->pfn, 0);
	/* Of what is no memory, /proc says that, or nothing. */
	if (!p->has_frame)
		flags |= 1ULL << KPF_NOPAGE;
	/* Nor does it say anything of a device's memory, mapped as any other is. */
	if (p->has_frame && !(p->flags & FLAG_SPECIAL) && !(flags & ~(1ULL << KPF_NOPAGE)))
		return same;
	ours = p->has_frame ? p->kpageflags : 1ULL << KPF_NOPAGE;
	if ((ours ^ flags) & proc->believed) {
		same = false;
		if (!quiet)
			show("kpageflags", vaddr, ours, flags, tally);
	}
	if (p->mapcount != count) {
		same = false;
		if (!quiet)
			show("kpagecount", vaddr, p->mapcount, count, tally);
	}
	return same;
}

/* The page at @vaddr of an answer for that page alone. */
static const struct page *single(const struct pages *p)
{
	return p->n ? &p->v[0] : NULL;
}

/* A page that did not agree: did it move, or do we disagree? */
static void compare_again(struct transport *t, pid_t pid,
			  struct proc *proc, const struct smap *m,
			  uint64_t vaddr, struct tally *tally)
{
	const bool at_once = proc->at_once;
	const struct range range = { vaddr, vaddr + PAGE };
	struct pages before = {}, after = {};
	bool agreed = false;

	tally->again++;
	proc->at_once = false;
	for (int i = 0; i < TRIES && !agreed; i++) {
		bool last = i == TRIES - 1;

		if (ask(t, pid, &range, &before, tally))
			break;
		agreed = compare_page(proc, m, vaddr, single(&before), true,
				      tally);
		if (agreed || ask(t, pid, &range, &after, tally))
			break;
		/* Still while we looked, and not the same: a difference. */
		if (equal_pages(single(&before), single(&after)) || last) {
			compare_page(proc, m, vaddr, single(&before), false,
				     tally);
			break;
		}
	}
	proc->at_once = at_once;
	free(before.v);
	free(after.v);
}

static void note_nobodys(struct smap *m, const struct page *p)
{
	if (!p || p->state != STATE_PROTNONE || p->level == LEVEL_PTE)
		return;
	if (p->kpageflags >> KPF_ANON & 1)
		m->nobodys_anon += PAGE / 1024;
	if (p->mapcount > 1)
		m->nobodys_shared += PAGE / 1024;
	else
		m->nobodys_private += PAGE / 1024;
}

static void compare_pages(struct transport *t, pid_t pid,
			  struct proc *proc, struct smaps *smaps,
			  const struct pages *pages, struct tally *tally)
{
	size_t next = 0;

	proc->at_once = true;
	proc->in_block = 0;
	for (size_t i = 0; i < smaps->n; i++) {
		struct smap *m = &smaps->v[i];

		for (uint64_t a = m->start; a < m->end; a += PAGE) {
			const struct page *p = NULL;

			if (next < pages->n && pages->v[next].vaddr == a)
				p = &pages->v[next++];
			note_nobodys(m, p);
			tally->pages++;
			tally->mapped += p && p->has_pfn;
			tally->swapped += p && p->state == STATE_SWAP;
			tally->hidden += p && m->pfnmap;
			if (!compare_page(proc, m, a, p, true, tally))
				compare_again(t, pid, proc, m, a, tally);
		}
	}
	if (next < pages->n)
		show("a page in no VMA, or out of order",
		     pages->v[next].vaddr, 1, 0, tally);
}

struct maps_check {
	const struct smaps *smaps;
	size_t next;
	struct tally *tally;
};

static void compare_kb(const char *what, const struct smap *m, uint64_t ours, uint64_t theirs,
		       uint64_t nobodys, struct tally *tally)
{
	if (ours != theirs && ours != theirs + nobodys)
		show(what, m->start, ours, theirs, tally);
}

static int check_vma(const struct vma *vma, void *arg, struct error *err)
{
	struct maps_check *c = arg;
	const struct smap *m = &c->smaps->v[c->next];
	uint64_t start = vma->start;

	(void)err;
	if (c->next == c->smaps->n || m->start != start || m->end != vma->end) {
		show("VMA", start, vma->end, m->end, c->tally);
		return 0;
	}
	c->next++;
	compare_kb("shared kB", m, vma->shared * 4, m->shared, m->nobodys_shared, c->tally);
	compare_kb("exclusive kB", m, vma->exclusive * 4, m->private, m->nobodys_private,
		   c->tally);
	if (!m->hugetlb)
		compare_kb("anon kB", m, vma->anon * 4, m->anon, m->nobodys_anon, c->tally);
	/* smaps adds what a shmem file has in swap; that is in no table. */
	if (!vma->file[0] && vma->swap * 4 != m->swap)
		show("swap kB", start, vma->swap * 4, m->swap, c->tally);
	return 0;
}

static void compare_maps_once(struct transport *t, pid_t pid,
			      const struct smaps *smaps, struct tally *tally)
{
	struct maps_check check = { .smaps = smaps, .tally = tally };
	const struct range all = {};
	struct cost cost = {};
	struct error err;

	if (t->ops->maps(t, pid, &all, check_vma, &check, &cost, &err)) {
		printf("  maps: %s\n", err.text);
		tally->differences++;
		return;
	}
	add_cost(&tally->cost, &cost);
	if (check.next != smaps->n)
		show("number of VMAs", 0, check.next, smaps->n, tally);
}

/*
 * Map counts change under a stopped process, too: a child of its that was not
 * stopped exits. Then smaps is looked at again.
 */
static void compare_maps(struct transport *t, pid_t pid, struct smaps *smaps,
			 struct tally *tally)
{
	for (int i = 0; i < TRIES; i++) {
		struct tally quiet = { .differences = SHOWN };
		struct smaps now;

		compare_maps_once(t, pid, smaps, &quiet);
		add_cost(&tally->cost, &quiet.cost);
		if (quiet.differences == SHOWN)
			return;
		usleep(20000);
		now = read_smaps(pid);
		for (size_t v = 0; v < now.n && v < smaps->n; v++) {
			now.v[v].nobodys_anon = smaps->v[v].nobodys_anon;
			now.v[v].nobodys_shared = smaps->v[v].nobodys_shared;
			now.v[v].nobodys_private = smaps->v[v].nobodys_private;
		}
		free(smaps->v);
		*smaps = now;
	}
	compare_maps_once(t, pid, smaps, tally);
}

static void read_comm(pid_t pid, char *comm, size_t size)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	f = fopen(path, "r");
	if (!f || !fgets(comm, size, f))
		snprintf(comm, size, "?");
	comm[strcspn(comm, "\n")] = '\0';
	if (f)
		fclose(f);
}

static int compare_process(struct transport *t, struct proc *proc, pid_t pid,
			   struct tally *tally)
{
	unsigned long pages = tally->pages, mapped = tally->mapped;
	unsigned long swapped = tally->swapped;
	unsigned long differences = tally->differences;
	struct smaps smaps = read_smaps(pid);
	struct pages before = {};
	char path[64], comm[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	proc->pagemap = open(path, O_RDONLY);
	if (proc->pagemap < 0 || !smaps.n) {
		fprintf(stderr, "compare: PID %d: nothing to compare: %s\n",
			pid, strerror(errno));
		return -1;
	}
	ret = ask(t, pid, NULL, &before, tally);
	if (!ret) {
		compare_pages(t, pid, proc, &smaps, &before, tally);
		compare_maps(t, pid, &smaps, tally);
	}
	close(proc->pagemap);
	read_comm(pid, comm, sizeof(comm));
	printf("%s %d (%s): %lu pages in %zu VMAs, %lu mapped, %lu in swap: %lu differences\n",
	       t->ops->name, pid, comm, tally->pages - pages, smaps.n,
	       tally->mapped - mapped, tally->swapped - swapped,
	       tally->differences - differences);
	free(before.v);
	free(smaps.v);
	return ret;
}

static int keep_walk(const struct walk *walk, void *arg, struct error *err)
{
	(void)err;
	*(struct walk *)arg = *walk;
	return 0;
}

static void compare_walk(struct transport *t, pid_t pid, uint64_t vaddr,
			 bool say, struct tally *tally)
{
	const struct range range = { vaddr, vaddr + PAGE };
	struct walk walk = {};
	struct pages p = {};
	bool same = false;
	struct error err;

	for (int i = 0; i < TRIES && !same; i++) {
		if ((!(vaddr >> 63) && ask(t, pid, &range, &p, tally)) ||
		    t->ops->walk(t, pid, vaddr, keep_walk, &walk, &err))
			break;
		same = same_as_walk(single(&p), &walk.page);
	}
	if (say)
		print_words(&walk);
	if (!same)
		show("record and walk differ in their entry", vaddr,
		     p.n ? p.v[0].entry : 0, walk.page.entry, tally);
	free(p.v);
}

static int compare_single(struct transport *t, struct proc *proc, pid_t pid,
			  uint64_t vaddr, bool say, struct tally *tally)
{
	static const struct smap nothing;
	struct smaps smaps = read_smaps(pid);
	const struct smap *m = &nothing;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	proc->pagemap = open(path, O_RDONLY);
	if (proc->pagemap < 0)
		return -1;
	for (size_t i = 0; i < smaps.n; i++)
		if (smaps.v[i].start <= vaddr && vaddr < smaps.v[i].end)
			m = &smaps.v[i];
	compare_walk(t, pid, vaddr, say, tally);
	if (!(vaddr >> 63))
		compare_again(t, pid, proc, m, vaddr, tally);
	close(proc->pagemap);
	free(smaps.v);
	return 0;
}

static struct transport *open_transport(const char *name)
{
	struct error err;
	const struct transport_ops *ops = transport_find(name, &err);
	struct transport *t = ops ? ops->open(&err) : NULL;

	if (!t) {
		fprintf(stderr, "compare: %s\n", err.text);
		exit(2);
	}
	return t;
}

/* Linux 6.12 calls all anonymous pages merged: does it, of one that is not? */
static uint64_t believed_flags(const struct proc *proc)
{
	static volatile char own[2 * PAGE];
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	uint64_t pm, flags;

	own[PAGE] = 'o';
	pm = number_at(pagemap, (uintptr_t)&own[PAGE] / PAGE, 0);
	flags = number_at(proc->kpageflags, pm & PM_FRAME, 0);
	close(pagemap);
	return flags & 1ULL << KPF_KSM ? ~(1ULL << KPF_KSM) : ~0ULL;
}

static int main_page(struct proc *proc, pid_t pid, uint64_t vaddr)
{
	static const char * const names[] = { "netlink", "debugfs" };
	struct tally tally = {};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !ret; i++) {
		struct transport *t = open_transport(names[i]);

		ret = compare_single(t, proc, pid, vaddr & ~(PAGE - 1), !i,
				     &tally);
		transport_close(t);
	}
	return ret || tally.differences ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct proc proc = {
		.kpageflags = open("/proc/kpageflags", O_RDONLY),
		.kpagecount = open("/proc/kpagecount", O_RDONLY),
	};
	struct tally tally = {};
	struct transport *t;
	int ret = 0;

	proc.believed = believed_flags(&proc);
	if (argc == 4 && !strcmp(argv[1], "--page"))
		return main_page(&proc, atoi(argv[2]),
				 strtoull(argv[3], NULL, 0));
	if (argc < 3) {
		fprintf(stderr, "usage: compare TRANSPORT PID... | compare --page PID ADDR\n");
		return 2;
	}
	t = open_transport(argv[1]);
	for (int i = 2; i < argc && !ret; i++)
		ret = compare_process(t, &proc, atoi(argv[i]), &tally);
	printf("%s total: %lu pages, %lu mapped, %lu in swap, %lu that pagemap does not show, %lu looked at again, %lu differences; longest hold %llu ns, longest IRQs off %llu ns\n",
	       argv[1], tally.pages, tally.mapped, tally.swapped, tally.hidden,
	       tally.again, tally.differences, tally.cost.hold_max_ns,
	       tally.cost.irqs_off_max_ns);
	transport_close(t);
	return ret || tally.differences ? 1 : 0;
}
