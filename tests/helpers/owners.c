// SPDX-License-Identifier: GPL-2.0
/*
 * owners [KIND...] - hold the owners of a frame against brute force.
 *
 * For each KIND (all of them without): make processes that share a page, ask
 * vmscope who maps its frame, by reverse map and by scan, over both transports,
 * and read every page of every process from /proc. All five must name the same,
 * as many as there must be, and vmscope must say that they are complete.
 *
 * The transports are linked in: a client process would map what it asks about.
 *
 * Prints a line a kind: "KIND ok N HOW", "KIND skip WHY", or "KIND failed WHY"
 * and what was found. Status 1 where one failed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../userspace/transport.h"
#include "owners.h"

#define TRIES	20

/**
 * struct answer - what vmscope says of a frame
 * @owners: these
 * @frame: the rest
 */
struct answer {
	struct mappings owners;
	struct frame frame;
};

static int take_owner(const struct owner *owner, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	add_mapping(&a->owners, owner->pid, owner->vaddr);
	return 0;
}

static int take_frame(const struct frame *frame, void *arg, struct error *err)
{
	struct answer *a = arg;

	(void)err;
	a->frame = *frame;
	return 0;
}

static int ask(struct transport *t, uint64_t pfn, bool scan, struct answer *a)
{
	const struct frame_request req = {
		.pfn = pfn,
		.scan = scan,
		.owner = take_owner,
		.frame = take_frame,
		.arg = a,
	};
	struct cost cost;
	struct error err;

	a->owners.n = 0;
	if (t->ops->frame(t, &req, &cost, &err)) {
		printf("failed %s: %s\n", t->ops->name, err.text);
		return -1;
	}
	sort_mappings(&a->owners);
	return 0;
}

static void print_mappings(const char *who, const struct mappings *m)
{
	printf("  %s:", who);
	for (size_t i = 0; i < m->n; i++)
		printf(" %d:0x%" PRIx64, m->v[i].pid, m->v[i].vaddr);
	printf("\n");
}

/* What is wrong with an answer, or NULL. */
static const char *judge(const struct answer *a, const struct kind *kind,
			 const struct mappings *truth, bool scan)
{
	if (!same_mappings(&a->owners, truth))
		return "other owners";
	if (!a->frame.complete)
		return "not complete";
	if (!scan && strcmp(how_name(a->frame.how), kind->how))
		return "looked for in another way";
	return NULL;
}

static int check(const struct kind *kind, struct transport **t, uint64_t pfn)
{
	static struct mappings truth, now;
	static struct answer a;
	const char *wrong;
	int tries = 0;

again:
	scan_all(pfn, &truth);
	if (kind->owners && truth.n != kind->owners) {
		printf("failed the scene: %zu owners\n", truth.n);
		print_mappings("brute force", &truth);
		return -1;
	}
	for (; *t; t++) {
		for (int scan = 0; scan < 2; scan++) {
			if (ask(*t, pfn, scan, &a))
				return -1;
			wrong = judge(&a, kind, &truth, scan);
			if (!wrong)
				continue;
			/* What others have, too, others may have changed. */
			scan_all(pfn, &now);
			if (!same_mappings(&now, &truth) && tries++ < TRIES)
				goto again;
			printf("failed %s%s: %s (%s)\n", (*t)->ops->name,
			       scan ? ", scan" : "", wrong,
			       how_name(a.frame.how));
			print_mappings("brute force", &truth);
			print_mappings("vmscope", &a.owners);
			return -1;
		}
	}
	printf("ok %zu %s\n", truth.n, kind->how);
	return 0;
}

static int play(const struct kind *kind, struct transport **t)
{
	struct scene s = { 0 };
	uint64_t pfn;
	int ret;

	strike();
	printf("%s ", kind->name);
	/* The children must not print it again. */
	fflush(stdout);
	if (kind->make(&s)) {
		printf("failed to be made: %s\n", strerror(errno));
		return -1;
	}
	if (s.lacking) {
		printf("skip %s\n", s.lacking);
		return 0;
	}
	pfn = frame_at(s.pid, s.at);
	if (!pfn) {
		printf("failed: no frame\n");
		return -1;
	}
	ret = check(kind, t, pfn);
	strike();
	return ret;
}

static bool is_wanted(const char *name, char **argv)
{
	if (!*argv)
		return true;
	for (; *argv; argv++)
		if (!strcmp(*argv, name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	static const char * const names[] = { "netlink", "debugfs" };
	struct transport *t[3] = { NULL };
	struct error err;
	int failed = 0;

	(void)argc;
	for (int i = 0; i < 2; i++) {
		t[i] = transport_find(names[i], &err)->open(&err);
		if (!t[i]) {
			fprintf(stderr, "owners: %s\n", err.text);
			return 2;
		}
	}
	for (const struct kind *k = kinds; k->name; k++)
		if (is_wanted(k->name, argv + 1) && play(k, t))
			failed = 1;
	return failed;
}
