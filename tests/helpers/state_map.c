// SPDX-License-Identifier: GPL-2.0
/* state: memory to begin with, and what most kinds do with it. */
#include "state.h"

void *map(size_t size, int prot, int flags, int fd)
{
	void *p = mmap(NULL, size, prot, flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/*
 * Private memory whose VMA has no neighbour to merge with, so that what the
 * kernel says of the VMA is said of this memory alone.
 */
char *lone(size_t size, size_t align)
{
	char *room = map(size + align + 2 * PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
	char *p;

	if (!room)
		return NULL;
	p = (char *)(((uintptr_t)room + PAGE + align - 1) & ~(align - 1));
	return mprotect(p, size, PROT_READ | PROT_WRITE) ? NULL : p;
}

char *anon_page(void)
{
	return lone(PAGE, PAGE);
}

/* What it is filled with is a function that returns at once. */
char *anon_written(void)
{
	char *p = anon_page();

	if (p)
		*p = 0xc3;
	return p;
}

int unmap_page(char *p)
{
	return munmap(p, PAGE);
}

int drop_page(char *p)
{
	return madvise(p, PAGE, MADV_DONTNEED);
}

int allow_all(char *p)
{
	return mprotect(p, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
}

int allow_read(char *p)
{
	return mprotect(p, PAGE, PROT_READ);
}

int allow_none(char *p)
{
	return mprotect(p, PAGE, PROT_NONE);
}

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok ? 0 : -1;
}

/* The number behind the line's @key, -1 where there is none. */
long read_number(const char *path, const char *key)
{
	FILE *f = fopen(path, "r");
	char line[256];
	long n = -1;

	while (f && n < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			n = atol(line + strlen(key));
	if (f)
		fclose(f);
	return n;
}

/* What the kernel says of one of our own pages. */
uint64_t pagemap_of(const char *p)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t v = 0;

	if (pread(fd, &v, sizeof(v), (uintptr_t)p / PAGE * sizeof(v)) < 0)
		v = 0;
	close(fd);
	return v;
}

/* How many of these pages are in memory: mapped, or still cached for swap. */
static size_t in_memory(const char *p, size_t pages)
{
	unsigned char there[HUGE / PAGE];
	size_t n = 0;

	if (mincore((void *)p, pages * PAGE, there))
		return pages;
	for (size_t i = 0; i < pages; i++)
		n += (there[i] & 1) || (pagemap_of(p + i * PAGE) & PAGEMAP_PRESENT);
	return n;
}

/*
 * Out of memory, all of it (at most a huge page). A page that another processor
 * holds at this moment, on its way to the lists that reclaim takes from, is passed
 * over in silence, and one that somebody looks at stays behind in the swap cache:
 * ask until none is left, and for the latter take them back first.
 */
int page_out(char *p, size_t size)
{
	for (int tries = 0; tries < 500; tries++) {
		if (madvise(p, size, MADV_PAGEOUT))
			return -1;
		if (!in_memory(p, size / PAGE))
			return 0;
		drain(p);
		for (size_t i = 0; tries % 4 == 3 && i < size; i += PAGE)
			(void)*(volatile char *)(p + i);
		usleep(tries < 4 ? 0 : 10000);
	}
	errno = EAGAIN;
	return -1;
}
