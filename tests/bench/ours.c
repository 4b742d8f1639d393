// SPDX-License-Identifier: GPL-2.0
/*
 * The module's records, without a client that prints them: what a program that
 * works on them has to pay.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../userspace/exchange.h"
#include "bench.h"

#define PAGES_BIN	"/sys/kernel/debug/vmscope/pages.bin"
#define DUMPS		64	/* open at once, to see what each takes */
#define PID_LIMIT	(1U << 22)	/* no process has such a number */

static char buffer[1 << 16] __attribute__((aligned(8)));

static void fail(const struct error *err)
{
	fprintf(stderr, "bench: %s\n", err->text);
	exit(1);
}

/* Stays open: it is the answers that are measured. */
static struct netlink *connection(void)
{
	static struct transport *t;
	struct error err;

	if (!t)
		t = transport_netlink.open(&err);
	if (!t)
		fail(&err);
	return (struct netlink *)t;
}

static void count(const void *records, size_t size, struct seen *seen)
{
	const struct vmscope_page *p = records;
	size_t n = size / sizeof(*p), i;

	for (i = 0; i < n; i++)
		seen->pages += p[i].npages;
	seen->records += n;
}

static int part_pages(struct nlattr **attrs, void *arg, struct error *err)
{
	struct nlattr *pages = attrs[VMSCOPE_A_PAGES];

	(void)err;
	if (pages)
		count(nla_data(pages), nla_len(pages), arg);
	return 0;
}

static int part_maps(struct nlattr **attrs, void *arg, struct error *err)
{
	struct seen *seen = arg;

	(void)err;
	if (attrs[VMSCOPE_A_VMA]) {
		const struct vmscope_vma *v = nla_data(attrs[VMSCOPE_A_VMA]);

		seen->pages += v->present + v->swap;
		seen->records++;
	}
	return 0;
}

static int part_walk(struct nlattr **attrs, void *arg, struct error *err)
{
	struct seen *seen = arg;

	(void)err;
	if (attrs[VMSCOPE_A_PAGE]) {
		const struct vmscope_page *p = nla_data(attrs[VMSCOPE_A_PAGE]);

		seen->pages += p->state == VMSCOPE_STATE_PRESENT;
		seen->records++;
	}
	return 0;
}

static void ask(const struct target *t, int cmd, int flags, uint32_t mode,
		uint64_t addr,
		int (*part)(struct nlattr **attrs, void *arg,
			    struct error *err), struct seen *seen)
{
	struct exchange x = {
		.nl = connection(),
		.what = { .pid = t->pid },
		.part = part,
		.arg = seen,
	};
	struct nl_msg *msg = request_new(x.nl, cmd, flags);
	struct error err;

	if (!msg || nla_put_u32(msg, VMSCOPE_A_PID, t->pid) ||
	    (mode && nla_put_u32(msg, VMSCOPE_A_MODE, mode)) ||
	    (addr && nla_put_u64(msg, VMSCOPE_A_ADDR, addr)))
		die("netlink");
	if (exchange(&x, msg, &err))
		fail(&err);
}

bool ours_netlink(const struct target *t, struct seen *seen)
{
	ask(t, VMSCOPE_CMD_PAGES, NLM_F_DUMP, 0, 0, part_pages, seen);
	return true;
}

bool ours_netlink_each(const struct target *t, struct seen *seen)
{
	ask(t, VMSCOPE_CMD_PAGES, NLM_F_DUMP, VMSCOPE_MODE_EACH, 0, part_pages,
	    seen);
	return true;
}

bool ours_maps(const struct target *t, struct seen *seen)
{
	ask(t, VMSCOPE_CMD_MAPS, NLM_F_DUMP, 0, 0, part_maps, seen);
	return true;
}

bool ours_walks(const struct target *t, struct seen *seen)
{
	size_t i;

	for (i = 0; i < WALKS; i++)
		ask(t, VMSCOPE_CMD_WALK, 0, 0, walk_address(t, i),
		    part_walk, seen);
	return true;
}

/*
 * What a request and an answer over netlink cost where nothing is walked: nobody has
 * that PID.
 */
bool ours_refusals(const struct target *t, struct seen *seen)
{
	struct error err;
	size_t i;

	for (i = 0; i < WALKS; i++) {
		struct exchange x = { .nl = connection() };
		struct nl_msg *msg = request_new(x.nl, VMSCOPE_CMD_WALK, 0);

		if (!msg || nla_put_u32(msg, VMSCOPE_A_PID, PID_LIMIT) ||
		    nla_put_u64(msg, VMSCOPE_A_ADDR, walk_address(t, i)))
			die("netlink");
		if (!exchange(&x, msg, &err))
			die("a process of that number");
		seen->records++;
	}
	return true;
}

/* All addresses in one request. */
bool ours_walks_batch(const struct target *t, struct seen *seen)
{
	struct exchange x = {
		.nl = connection(),
		.what = { .pid = t->pid },
		.part = part_walk,
		.arg = seen,
	};
	struct nl_msg *msg = nlmsg_alloc_size(WALKS * 8 + 256);
	uint64_t addrs[WALKS];
	struct error err;
	size_t i;

	for (i = 0; i < WALKS; i++)
		addrs[i] = walk_address(t, i);
	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, x.nl->family,
				 0, NLM_F_DUMP, VMSCOPE_CMD_WALK,
				 VMSCOPE_GENL_VERSION) ||
	    nla_put_u32(msg, VMSCOPE_A_PID, t->pid) ||
	    nla_put(msg, VMSCOPE_A_ADDRS, sizeof(addrs), addrs))
		die("netlink");
	if (exchange(&x, msg, &err))
		fail(&err);
	return true;
}

static int open_stream(const struct target *t, const char *words)
{
	char request[64];
	int fd = open(PAGES_BIN, O_RDWR);
	int n = snprintf(request, sizeof(request), "%d%s\n", (int)t->pid,
			 words);

	if (fd < 0 || write(fd, request, n) != n)
		die(PAGES_BIN);
	return fd;
}

static bool read_stream(const struct target *t, const char *words,
			struct seen *seen)
{
	int fd = open_stream(t, words);
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		count(buffer, n, seen);
	if (n < 0)
		die(PAGES_BIN);
	close(fd);
	return true;
}

bool ours_debugfs(const struct target *t, struct seen *seen)
{
	return read_stream(t, "", seen);
}

bool ours_debugfs_each(const struct target *t, struct seen *seen)
{
	return read_stream(t, " each", seen);
}

static long free_kib(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long kib = -1;

	if (!f)
		die("/proc/meminfo");
	while (kib < 0 && fgets(line, sizeof(line), f))
		sscanf(line, "MemFree: %ld", &kib);
	fclose(f);
	return kib;
}

/* What a dump takes of the kernel's memory while nobody reads on. */
void ours_memory(const struct target *t)
{
	int fd[DUMPS], i;
	long before;

	for (i = 0; i < 2; i++)	/* caches of the allocator fill up first */
		close(open_stream(t, " each"));
	before = free_kib();
	for (i = 0; i < DUMPS; i++) {
		fd[i] = open_stream(t, " each");
		if (read(fd[i], buffer, 4096) < 0)
			die(PAGES_BIN);
	}
	printf("fact\t%s\tdebugfs dump KiB\t%ld\n", t->name,
	       (before - free_kib()) / DUMPS);
	for (i = 0; i < DUMPS; i++)
		close(fd[i]);
	fflush(stdout);
}
