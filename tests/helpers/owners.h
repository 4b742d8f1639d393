/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the helper `owners` share. */
#ifndef OWNERS_H
#define OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/**
 * struct scene - processes that share a page, at rest
 * @pid: the one whose page it is about
 * @at: where that is in it
 * @lacking: why the scene cannot be made here; NULL: it is there
 */
struct scene {
	pid_t pid;
	char *at;
	const char *lacking;
};

/**
 * struct kind - a way in which a page is shared
 * @name: of the test
 * @make: make the scene; -1: it failed, errno says why
 * @owners: how many mappings there must be; 0: as many as brute force finds
 * @how: how vmscope must have looked for them
 */
struct kind {
	const char *name;
	int (*make)(struct scene *s);
	size_t owners;
	const char *how;
};

extern const struct kind kinds[];

/* Ends all processes of the scene, and lets go of its memory. */
void strike(void);

/* owners_scan.c: by brute force, over /proc alone. */

/**
 * struct mapping - a process and an address
 * @pid: the process
 * @vaddr: the address
 */
struct mapping {
	pid_t pid;
	uint64_t vaddr;
};

/**
 * struct mappings - a list of them, sorted
 * @v: the list
 * @n: how many
 * @room: how many fit
 */
struct mappings {
	struct mapping *v;
	size_t n;
	size_t room;
};

void add_mapping(struct mappings *m, pid_t pid, uint64_t vaddr);
void sort_mappings(struct mappings *m);
bool same_mappings(const struct mappings *a, const struct mappings *b);
void scan_all(uint64_t pfn, struct mappings *m);
uint64_t frame_at(pid_t pid, const char *at);

#endif /* OWNERS_H */
