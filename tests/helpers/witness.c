// SPDX-License-Identifier: GPL-2.0
/*
 * witness PID ADDR - all that the kernel itself says of one page, as words.
 *
 * Knows nothing of vmscope. On one line:
 *
 *   pm:present pm:swap pm:file ...	/proc/PID/pagemap, by the bits' names
 *   pm:type=N				its swap device
 *   pm:nth=N				its frame is the Nth of 512
 *   kpf:anon kpf:thp ...		/proc/kpageflags of the frame there
 *   count:N				/proc/kpagecount
 *   Rss=4 Swap=0 ...  vm:rd ...	/proc/PID/smaps of the VMA, in kB
 *   name:[heap], novma			likewise
 *   numa:N0=1 ...			/proc/PID/numa_maps
 *   scan:present scan:written ...	PAGEMAP_SCAN; scan:unknown before 6.7
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pagemap_scan.h"

#define PAGE		4096ULL
#define PM_PRESENT	(1ULL << 63)
#define PM_SWAP		(1ULL << 62)
#define PM_FRAME	((1ULL << 55) - 1)
#define PM_TYPE		31

/* Documentation/admin-guide/mm/pagemap.rst has all of these lists. */
static const char * const pm_bits[64] = {
	[55] = "soft-dirty", [56] = "exclusive", [57] = "wp", [58] = "guard",
	[61] = "file", [62] = "swap", [63] = "present",
};

static const char * const kpf_bits[64] = {
	"locked", "error", "referenced", "uptodate", "dirty", "lru", "active",
	"slab", "writeback", "reclaim", "buddy", "mmap", "anon", "swapcache",
	"swapbacked", "compound_head", "compound_tail", "huge", "unevictable",
	"hwpoison", "nopage", "ksm", "thp", "offline", "zero_page", "idle",
	"pgtable", [32] = "reserved", "mlocked",
};

static const char * const scan_bits[64] = {
	"wpallowed", "written", "file", "present", "swapped", "pfnzero",
	"huge", "soft-dirty", "guard",
};

static void bits(const char *prefix, const char *const names[64], uint64_t set)
{
	for (int i = 0; i < 64; i++)
		if (set >> i & 1 && names[i])
			printf("%s:%s ", prefix, names[i]);
}

static uint64_t number_of(const char *path, uint64_t index)
{
	int fd = open(path, O_RDONLY);
	uint64_t v = 0;

	if (fd < 0 || pread(fd, &v, sizeof(v), index * sizeof(v)) < 0)
		v = 0;
	close(fd);
	return v;
}

static void say_frame(uint64_t pm)
{
	uint64_t pfn = pm & PM_FRAME;

	bits("pm", pm_bits, pm);
	if (pm & PM_PRESENT) {
		printf("pm:nth=%" PRIu64 " ", pfn % 512);
		bits("kpf", kpf_bits, number_of("/proc/kpageflags", pfn));
		printf("count:%" PRIu64 " ", number_of("/proc/kpagecount", pfn));
	} else if (pm & PM_SWAP) {
		printf("pm:type=%" PRIu64 " ", pm & PM_TYPE);
	}
}

static void say_vm_flags(char *flags)
{
	for (char *w = strtok(flags, " \n"); w; w = strtok(NULL, " \n"))
		printf("vm:%s ", w);
}

static void say_smaps_line(char *line)
{
	char key[64];
	uint64_t n;

	if (!strncmp(line, "VmFlags:", 8))
		say_vm_flags(line + 8);
	else if (sscanf(line, "%63[^:]: %" SCNu64, key, &n) == 2)
		printf("%s=%" PRIu64 " ", key, n);
}

/* Returns where the VMA starts, 0 if there is none. */
static uint64_t say_smaps(const char *pid, uint64_t addr)
{
	char path[64], line[8192], name[4096];
	uint64_t start, end, found = 0;
	bool ours = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/smaps", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		name[0] = '\0';
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*s %*s %*s %4095s",
			   &start, &end, name) >= 2 && !isupper(line[0])) {
			ours = start <= addr && addr < end;
			if (ours) {
				found = start;
				printf("name:%s ", name);
			}
		} else if (ours) {
			say_smaps_line(line);
		}
	}
	if (f)
		fclose(f);
	if (!found)
		printf("novma ");
	return found;
}

static void say_numa(const char *pid, uint64_t start)
{
	char path[64], line[8192];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/numa_maps", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		if (strtoull(line, NULL, 16) != start)
			continue;
		strtok(line, " \n");
		for (char *w = strtok(NULL, " \n"); w; w = strtok(NULL, " \n"))
			printf("numa:%s ", w);
	}
	if (f)
		fclose(f);
}

static void say_scan(int pagemap, uint64_t page)
{
	struct scan_region region;
	struct scan_arg arg = {
		.size = sizeof(arg),
		.start = page,
		.end = page + PAGE,
		.vec = (uintptr_t)&region,
		.vec_len = 1,
		.return_mask = SCAN_ALL,
	};
	int n = ioctl(pagemap, SCAN, &arg);

	if (n < 0)
		printf("scan:unknown ");
	else if (n == 1)
		bits("scan", scan_bits, region.categories);
}

int main(int argc, char **argv)
{
	uint64_t addr, start, pm;
	char path[64];
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: witness PID ADDR\n");
		return 2;
	}
	addr = strtoull(argv[2], NULL, 0);
	snprintf(path, sizeof(path), "/proc/%s/pagemap", argv[1]);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &pm, sizeof(pm), addr / PAGE * sizeof(pm)) < 0) {
		fprintf(stderr, "witness: %s: %s\n", path, strerror(errno));
		return 1;
	}
	say_frame(pm);
	start = say_smaps(argv[1], addr);
	say_numa(argv[1], start);
	say_scan(fd, addr & ~(PAGE - 1));
	printf("\n");
	return 0;
}
