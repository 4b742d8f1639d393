// SPDX-License-Identifier: GPL-2.0
/* compare: what /proc/PID/smaps says of each VMA. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../userspace/model.h"
#include "compare.h"

void *grow(void *v, size_t n, size_t size)
{
	v = realloc(v, n * size);
	if (!v) {
		perror("compare");
		exit(2);
	}
	return v;
}

static void smaps_line(struct smap *m, const char *line)
{
	static const struct {
		const char *key;
		size_t to;
	} keys[] = {
		{ "Anonymous:", offsetof(struct smap, anon) },
		{ "Shared_Clean:", offsetof(struct smap, shared) },
		{ "Shared_Dirty:", offsetof(struct smap, shared) },
		{ "Shared_Hugetlb:", offsetof(struct smap, shared) },
		{ "Private_Clean:", offsetof(struct smap, private) },
		{ "Private_Dirty:", offsetof(struct smap, private) },
		{ "Private_Hugetlb:", offsetof(struct smap, private) },
		{ "Pss:", offsetof(struct smap, pss) },
		{ "Swap:", offsetof(struct smap, swap) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		size_t len = strlen(keys[i].key);

		if (!strncmp(line, keys[i].key, len))
			*(uint64_t *)((char *)m + keys[i].to) +=
				strtoull(line + len, NULL, 10);
	}
	if (!strncmp(line, "VmFlags:", 8)) {
		m->soft_dirty = strstr(line, " sd");
		m->hugetlb = strstr(line, " ht");
		m->pfnmap = strstr(line, " pf");
	}
}

struct smaps read_smaps(pid_t pid)
{
	struct smaps s = {};
	char path[64], line[8192];
	uint64_t start, end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) == 2) {
			/* [vsyscall] is in no process's own half. */
			if (start >> 63)
				break;
			s.v = grow(s.v, s.n + 1, sizeof(*s.v));
			s.v[s.n++] = (struct smap){ .start = start, .end = end };
		} else if (s.n) {
			smaps_line(&s.v[s.n - 1], line);
		}
	}
	if (f)
		fclose(f);
	return s;
}
