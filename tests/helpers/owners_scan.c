// SPDX-License-Identifier: GPL-2.0
/* owners: every page of every VMA of every process, as /proc/PID/pagemap has it. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "owners.h"

#define PM_PRESENT	(1ULL << 63)
#define PM_FRAME	((1ULL << 55) - 1)
#define BATCH		4096
/* The kernel's own half, where /proc/PID/pagemap ends. */
#define USER_END	(1ULL << 56)

void add_mapping(struct mappings *m, pid_t pid, uint64_t vaddr)
{
	if (m->n == m->room) {
		m->room = m->room ? 2 * m->room : 64;
		m->v = realloc(m->v, m->room * sizeof(*m->v));
		if (!m->v)
			abort();
	}
	m->v[m->n++] = (struct mapping){ pid, vaddr };
}

static int compare(const void *left, const void *right)
{
	const struct mapping *a = left, *b = right;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->vaddr > b->vaddr) - (a->vaddr < b->vaddr);
}

void sort_mappings(struct mappings *m)
{
	if (m->n)
		qsort(m->v, m->n, sizeof(*m->v), compare);
}

bool same_mappings(const struct mappings *a, const struct mappings *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (compare(&a->v[i], &b->v[i]))
			return false;
	return true;
}

static void scan_vma(int pagemap, pid_t pid, uint64_t start, uint64_t end,
		     uint64_t pfn, struct mappings *m)
{
	static uint64_t entry[BATCH];
	ssize_t n;

	while (start < end) {
		size_t left = (end - start) / PAGE;

		n = pread(pagemap, entry, (left < BATCH ? left : BATCH) * 8,
			  start / PAGE * 8);
		if (n <= 0)
			return;
		for (ssize_t i = 0; i < n / 8; i++)
			if (entry[i] & PM_PRESENT && (entry[i] & PM_FRAME) == pfn)
				add_mapping(m, pid, start + i * PAGE);
		start += n / 8 * PAGE;
	}
}

static void scan_process(pid_t pid, uint64_t pfn, struct mappings *m)
{
	uint64_t start, end;
	char path[64];
	FILE *maps;
	int pagemap;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	pagemap = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	while (maps && fscanf(maps, "%" SCNx64 "-%" SCNx64 "%*[^\n]", &start,
			      &end) == 2)
		if (start < USER_END)
			scan_vma(pagemap, pid, start, end, pfn, m);
	if (maps)
		fclose(maps);
	close(pagemap);
}

/* @m is emptied first. */
void scan_all(uint64_t pfn, struct mappings *m)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;

	m->n = 0;
	while (proc && (d = readdir(proc)))
		if (atoi(d->d_name) > 0)
			scan_process(atoi(d->d_name), pfn, m);
	if (proc)
		closedir(proc);
	sort_mappings(m);
}

uint64_t frame_at(pid_t pid, const char *at)
{
	uint64_t entry = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (pread(fd, &entry, 8, (uintptr_t)at / PAGE * 8) != 8)
		entry = 0;
	close(fd);
	return entry & PM_PRESENT ? entry & PM_FRAME : 0;
}
