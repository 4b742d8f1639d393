// SPDX-License-Identifier: GPL-2.0
/*
 * rollup TRANSPORT PID... - hold what a process uses, counted from its frames,
 * against /proc/PID/smaps_rollup.
 *
 * RSS and USS have to be equal, PSS too but for what is cut off in kB. And of
 * each VMA what maps says is shared, exclusive and its share, against smaps. The
 * transports are linked in: one process asks both, and maps the libraries as
 * often for the one as for the other. It asks again where something still moves.
 *
 * Prints one line a process. Status 1 where anything differs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../userspace/transport.h"
#include "../../userspace/usage.h"
#include "compare.h"

#define TRIES	20

/* Of smaps_rollup, kB */
struct rollup {
	uint64_t rss;
	uint64_t pss;
	uint64_t uss;
	uint64_t hugetlb;
	int lines;
};

static const struct {
	const char *key;
	size_t to;
} keys[] = {
	{ "Rss:", offsetof(struct rollup, rss) },
	{ "Pss:", offsetof(struct rollup, pss) },
	{ "Private_Clean:", offsetof(struct rollup, uss) },
	{ "Private_Dirty:", offsetof(struct rollup, uss) },
	{ "Shared_Hugetlb:", offsetof(struct rollup, hugetlb) },
	{ "Private_Hugetlb:", offsetof(struct rollup, hugetlb) },
};

static struct rollup read_rollup(int pid)
{
	struct rollup r = {};
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			size_t len = strlen(keys[i].key);

			if (strncmp(line, keys[i].key, len))
				continue;
			*(uint64_t *)((char *)&r + keys[i].to) +=
				strtoull(line + len, NULL, 10);
			r.lines++;
		}
	if (f)
		fclose(f);
	return r;
}

static int take_page(const struct page *page, void *arg, struct error *err)
{
	(void)err;
	usage_add(arg, page, 12);
	return 0;
}

/* Rounded down, as smaps_rollup has it. */
static bool equal(const struct usage *u, const struct rollup *r)
{
	return u->rss * 4 == r->rss && u->uss * 4 == r->uss &&
	       u->pss >> USAGE_SHIFT >> 10 == r->pss && !u->estimated &&
	       r->lines == ARRAY_SIZE(keys);
}

/**
 * struct vmas_check - VMAs against smaps
 * @smaps: what that says
 * @next: the VMA
 * @shared: pages, of all of them
 * @exclusive: likewise
 * @differ: VMAs that differ
 */
struct vmas_check {
	struct smaps smaps;
	size_t next;
	uint64_t shared;
	uint64_t exclusive;
	unsigned int differ;
};

static int check_vma(const struct vma *vma, void *arg, struct error *err)
{
	struct vmas_check *c = arg;
	const struct smap *m = &c->smaps.v[c->next];

	(void)err;
	c->shared += vma->shared;
	c->exclusive += vma->exclusive;
	if (c->next == c->smaps.n || m->start != vma->start ||
	    m->shared != vma->shared * 4 || m->private != vma->exclusive * 4 ||
	    m->pss != vma->pss >> 10 || !vma->mapcount_exact)
		c->differ++;
	c->next += c->next < c->smaps.n;
	return 0;
}

static bool compare_vmas(struct transport *t, int pid)
{
	const struct range all = {};
	struct vmas_check c = {};
	struct cost cost;
	struct error err;
	bool same = false;

	for (int i = 0; i < TRIES && !same; i++) {
		free(c.smaps.v);
		c = (struct vmas_check){ .smaps = read_smaps(pid) };
		if (t->ops->maps(t, pid, &all, check_vma, &c, &cost, &err)) {
			printf("%s\n", err.text);
			break;
		}
		same = c.smaps.n && c.next == c.smaps.n && !c.differ;
	}
	printf("%s %d: %zu VMAs, shared %" PRIu64 " exclusive %" PRIu64
	       ": %u differ\n", t->ops->name, pid, c.smaps.n, c.shared,
	       c.exclusive, c.differ);
	free(c.smaps.v);
	return same;
}

static bool compare(struct transport *t, int pid)
{
	const struct pages_request req = { .pid = pid, .mode = MODE_SPLIT };
	struct usage u = {};
	struct rollup r = {};
	struct cost cost;
	struct error err;
	bool same = false;

	for (int i = 0; i < TRIES && !same; i++) {
		u = (struct usage){};
		if (t->ops->pages(t, &req, take_page, &u, &cost, &err)) {
			printf("%s\n", err.text);
			return false;
		}
		r = read_rollup(pid);
		same = equal(&u, &r);
	}
	printf("%s %d: rss %" PRIu64 "/%" PRIu64 " pss %" PRIu64 "/%" PRIu64
	       " uss %" PRIu64 "/%" PRIu64 " kB, hugetlb %" PRIu64 "%s\n",
	       t->ops->name, pid, (uint64_t)u.rss * 4, r.rss,
	       (uint64_t)(u.pss >> USAGE_SHIFT >> 10), r.pss,
	       (uint64_t)u.uss * 4, r.uss, r.hugetlb,
	       same ? "" : ": they differ");
	return same;
}

int main(int argc, char **argv)
{
	const struct transport_ops *ops;
	struct transport *t = NULL;
	struct error err = {};
	bool same = argc > 2;

	ops = argc > 2 ? transport_find(argv[1], &err) : NULL;
	if (ops)
		t = ops->open(&err);
	if (!t) {
		fprintf(stderr, "rollup: %s\n", err.text);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		same &= compare(t, atoi(argv[i])) &
			compare_vmas(t, atoi(argv[i]));
	transport_close(t);
	return same ? 0 : 1;
}
