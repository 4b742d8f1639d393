// SPDX-License-Identifier: GPL-2.0
/*
 * What every kernel offers, used as well as it can be: buffers of a size beyond
 * which nothing is gained, and consecutive frames asked about at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../helpers/pagemap_scan.h"
#include "bench.h"

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAP	(1ULL << 62)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

#define ENTRIES		16384
#define REGIONS		4096

static uint64_t entries[ENTRIES];
static uint64_t flags[ENTRIES];
static uint64_t counts[ENTRIES];
static struct scan_region regions[REGIONS];

static int open_of(pid_t pid, const char *file)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die(path);
	return fd;
}

/* Calls @take for each VMA of the user half. */
static void each_vma(pid_t pid, void (*take)(void *arg, uint64_t start,
					     uint64_t end), void *arg)
{
	unsigned long long start, end;
	char line[8192];
	FILE *maps = fdopen(open_of(pid, "maps"), "r");

	if (!maps)
		die("maps");
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%llx-%llx", &start, &end) == 2 &&
		    !(start >> 63))
			take(arg, start, end);
	fclose(maps);
}

/**
 * struct reader - a pagemap being read
 * @fd: the file
 * @facts: look at each frame, too
 * @flags_fd: /proc/kpageflags
 * @count_fd: /proc/kpagecount
 * @seen: counted here
 */
struct reader {
	int fd;
	bool facts;
	int flags_fd;
	int count_fd;
	struct seen *seen;
};

static uint64_t pfn_of(uint64_t entry)
{
	return entry & PAGEMAP_PRESENT ? entry & PAGEMAP_PFN : 0;
}

static void read_facts(struct reader *r, size_t n)
{
	size_t i, run;

	for (i = 0; i < n; i += run) {
		uint64_t pfn = pfn_of(entries[i]);

		run = 1;
		if (!pfn)
			continue;
		while (i + run < n && pfn_of(entries[i + run]) == pfn + run)
			run++;
		if (pread(r->flags_fd, flags, run * 8, pfn * 8) < 0 ||
		    pread(r->count_fd, counts, run * 8, pfn * 8) < 0)
			die("kpageflags");
		r->seen->records++;
	}
}

static void read_vma(void *arg, uint64_t start, uint64_t end)
{
	struct reader *r = arg;
	uint64_t left = (end - start) / PAGE;
	off_t at = start / PAGE * 8;

	while (left) {
		size_t n = left < ENTRIES ? left : ENTRIES;
		ssize_t got = pread(r->fd, entries, n * 8, at);

		if (got <= 0)
			die("pagemap");
		n = got / 8;
		for (size_t i = 0; i < n; i++)
			r->seen->pages += !!(entries[i] &
					     (PAGEMAP_PRESENT | PAGEMAP_SWAP));
		if (r->facts)
			read_facts(r, n);
		left -= n;
		at += n * 8;
	}
}

static bool read_all(const struct target *t, struct seen *seen, bool facts)
{
	struct reader r = { .facts = facts, .seen = seen };
	size_t i;

	if (facts) {
		r.flags_fd = open("/proc/kpageflags", O_RDONLY);
		r.count_fd = open("/proc/kpagecount", O_RDONLY);
		if (r.flags_fd < 0 || r.count_fd < 0)
			die("/proc/kpage*");
	}
	for (i = 0; i < t->n; i++) {
		r.fd = open_of(t->pids[i], "pagemap");
		each_vma(t->pids[i], read_vma, &r);
		close(r.fd);
	}
	if (facts) {
		close(r.flags_fd);
		close(r.count_fd);
	}
	return true;
}

bool peer_pagemap(const struct target *t, struct seen *seen)
{
	return read_all(t, seen, false);
}

bool peer_kpage(const struct target *t, struct seen *seen)
{
	return read_all(t, seen, true);
}

bool peer_scan(const struct target *t, struct seen *seen)
{
	struct scan_arg arg = {
		.size = sizeof(arg),
		.end = (1UL << 47) - PAGE,
		.vec = (uintptr_t)regions,
		.vec_len = REGIONS,
		.category_anyof_mask = SCAN_PRESENT | SCAN_SWAPPED,
		.return_mask = SCAN_ALL,
	};
	int fd = open_of(t->pid, "pagemap");
	int n, i;

	do {
		n = ioctl(fd, SCAN, &arg);
		if (n < 0 && errno != ENOTTY && errno != EINVAL)
			die("PAGEMAP_SCAN");
		for (i = 0; i < n; i++)
			seen->pages += (regions[i].end - regions[i].start) / PAGE;
		if (n > 0)
			seen->records += n;
		/* Not walk_end: there are kernels where that lags behind. */
		if (n > 0)
			arg.start = regions[n - 1].end;
	} while (n == REGIONS);
	close(fd);
	return n >= 0;
}

bool peer_rollup(const struct target *t, struct seen *seen)
{
	char text[4096];
	size_t i;

	for (i = 0; i < t->n; i++) {
		int fd = open_of(t->pids[i], "smaps_rollup");

		while (read(fd, text, sizeof(text)) > 0)
			seen->records++;
		close(fd);
	}
	return true;
}

bool peer_preads(const struct target *t, struct seen *seen)
{
	int fd = open_of(t->pid, "pagemap");
	size_t i;

	for (i = 0; i < WALKS; i++) {
		if (pread(fd, entries, 8, walk_address(t, i) / PAGE * 8) != 8)
			die("pagemap");
		seen->pages += !!(entries[0] & PAGEMAP_PRESENT);
		seen->records++;
	}
	close(fd);
	return true;
}
