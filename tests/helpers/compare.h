/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the helper `compare` share. */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One VMA as smaps has it, in bytes and (counts) kB. Huge pages of nobody's
 * (PROT_NONE) are in its counts on younger kernels alone: 6.1 leaves them out.
 */
struct smap {
	uint64_t start;
	uint64_t end;
	uint64_t anon;
	uint64_t shared;
	uint64_t private;
	uint64_t pss;
	uint64_t swap;
	uint64_t nobodys_anon;
	uint64_t nobodys_shared;
	uint64_t nobodys_private;
	bool soft_dirty;
	bool hugetlb;
	bool pfnmap;
};

struct smaps {
	struct smap *v;
	size_t n;
};

void *grow(void *v, size_t n, size_t size);
struct smaps read_smaps(pid_t pid);

/* On one line, the words of tests/states.rows for what a walk says. */
struct walk;
void print_words(const struct walk *walk);

/* Where there is no record, a walk has to find nothing either. */
struct page;
bool same_as_walk(const struct page *p, const struct page *walk);

#endif /* COMPARE_H */
