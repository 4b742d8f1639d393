// SPDX-License-Identifier: GPL-2.0
/* owners: the ways in which a page can be shared, each made from nothing. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "owners.h"

#define DEPTH		5
#define CHILDREN	3
/* More than the module reads of a tree without a pause. */
#define MANY		1100
#define ALIASES		2500

static pid_t cast[2 * MANY];
static size_t nr_cast;
static struct { void *at; size_t size; } props[16];
static size_t nr_props;

/* Every process of the scene that was made says so here, then waits for good. */
static int ready[2] = { -1, -1 };

static void *prop(void *at, size_t size)
{
	if (at == MAP_FAILED)
		return NULL;
	props[nr_props].at = at;
	props[nr_props++].size = size;
	return at;
}

static char *map(size_t size, int prot, int flags, int fd, off_t offset)
{
	return prop(mmap(NULL, size, prot, flags, fd, offset), size);
}

/* Aligned, and with nothing beside it that it could be merged with. */
static char *huge_area(int flags)
{
	char *p = mmap(NULL, 2 * HUGE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (!prop(p, 2 * HUGE))
		return NULL;
	p = (char *)(((uintptr_t)p + HUGE - 1) & ~(HUGE - 1));
	p = mmap(p, HUGE, PROT_READ | PROT_WRITE,
		 MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static char *anon_page(void)
{
	char *p = map(3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!p || mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE))
		return NULL;
	p[PAGE] = 1;
	return p + PAGE;
}

static void wait_for_good(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(ready[1], "r", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* A child that does @act with @at, says so and waits. Its number, or -1. */
static pid_t child(void (*act)(char *at), char *at)
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		if (act)
			act(at);
		wait_for_good();
	}
	if (pid > 0) {
		cast[nr_cast++] = pid;
		if (read(ready[0], &c, 1) != 1)
			return -1;
	}
	return pid;
}

static int children(int n, void (*act)(char *at), char *at)
{
	while (n--)
		if (child(act, at) < 0)
			return -1;
	return 0;
}

static void touch(char *at)
{
	*(volatile char *)at;
}

static void scribble(char *at)
{
	*at = 2;
}

static int set(struct scene *s, pid_t pid, char *at)
{
	s->pid = pid;
	s->at = at;
	return at ? 0 : -1;
}

static int lacks(struct scene *s, const char *why)
{
	s->lacking = why;
	return 0;
}

static int file_with(const char *name, size_t pages)
{
	static char page[PAGE];
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0700);

	memset(page, 'a', sizeof(page));
	while (fd >= 0 && pages--)
		if (write(fd, page, sizeof(page)) != sizeof(page))
			return -1;
	unlink(name);
	return fd;
}

/* Anonymous */

static int make_private(struct scene *s)
{
	return set(s, getpid(), anon_page());
}

static int make_forked(struct scene *s)
{
	char *p = anon_page();

	return children(CHILDREN, NULL, p) ? -1 : set(s, getpid(), p);
}

static int make_cow(struct scene *s)
{
	char *p = anon_page();

	if (children(CHILDREN, NULL, p) || child(scribble, p) < 0)
		return -1;
	return set(s, getpid(), p);
}

static int make_cow_copy(struct scene *s)
{
	char *p = anon_page();

	if (children(CHILDREN, NULL, p))
		return -1;
	return set(s, child(scribble, p), p);
}

/* A line of DEPTH processes, every second of which writes. */
static void descend(char *at)
{
	for (int depth = 0; depth < DEPTH; depth++) {
		if (depth && fork())
			break;
		if (!(depth & 1))
			scribble(at);
	}
	wait_for_good();
}

static int make_tree(struct scene *s)
{
	char *p = anon_page(), c;
	pid_t pid = fork();

	if (!pid)
		descend(p);
	cast[nr_cast++] = pid;
	for (int i = 0; i < DEPTH; i++)
		if (read(ready[0], &c, 1) != 1)
			return -1;
	/* The first one has written, the second one shares with it. */
	return set(s, pid, p);
}

static void unmap(char *at)
{
	munmap(at, PAGE);
}

static int make_orphan(struct scene *s)
{
	char *p = anon_page();
	pid_t pid = child(NULL, p);

	if (child(NULL, p) < 0)
		return -1;
	unmap(p);
	return set(s, pid, p);
}

static int make_moved(struct scene *s)
{
	char *p = anon_page(), *to;

	if (child(NULL, p) < 0)
		return -1;
	to = map(PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p = mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	return set(s, getpid(), p);
}

/* A VMA cut in three and grown together again, moved in parts. */
static int make_merged(struct scene *s)
{
	const int rw = PROT_READ | PROT_WRITE;
	char *p = map(8 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!p)
		return -1;
	memset(p, 1, 8 * PAGE);
	if (mprotect(p + 3 * PAGE, PAGE, PROT_READ) || child(NULL, p) < 0 ||
	    mprotect(p + 3 * PAGE, PAGE, rw) ||
	    mprotect(p + 5 * PAGE, PAGE, PROT_NONE) || child(NULL, p) < 0)
		return -1;
	return set(s, getpid(), p + 3 * PAGE);
}

static int make_forbidden(struct scene *s)
{
	char *p = anon_page();

	if (!p || mprotect(p, PAGE, PROT_NONE) || child(NULL, p) < 0)
		return -1;
	return set(s, getpid(), p);
}

static int sharer(void *at)
{
	touch(at);
	wait_for_good();
	return 0;
}

static int make_same_mm(struct scene *s)
{
	static char stack[16 * PAGE];
	char *p = anon_page(), c;
	pid_t pid = clone(sharer, stack + sizeof(stack), CLONE_VM | SIGCHLD, p);

	if (pid < 0)
		return -1;
	cast[nr_cast++] = pid;
	return read(ready[0], &c, 1) == 1 ? set(s, getpid(), p) : -1;
}

static int make_many(struct scene *s)
{
	char *p = anon_page();

	return children(MANY, NULL, p) ? -1 : set(s, getpid(), p);
}

/* Files and shared memory */

static int make_shared(struct scene *s)
{
	char *p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);

	if (p)
		*p = 1;
	return children(CHILDREN, touch, p) ? -1 : set(s, getpid(), p);
}

static int share_file(struct scene *s, int fd, int prot, int flags)
{
	char *p = map(16 * PAGE, prot, flags, fd, 0);

	if (!p)
		return -1;
	touch(p + 7 * PAGE);
	return children(CHILDREN, touch, p + 7 * PAGE) ? -1 :
	       set(s, getpid(), p + 7 * PAGE);
}

static int make_shm(struct scene *s)
{
	return share_file(s, file_with("/dev/shm/owners", 16),
			  PROT_READ | PROT_WRITE, MAP_SHARED);
}

static int make_memfd(struct scene *s)
{
	int fd = memfd_create("owners", 0);

	return ftruncate(fd, 16 * PAGE) ? -1 :
	       share_file(s, fd, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static int make_text(struct scene *s)
{
	return share_file(s, file_with("/root/owners", 16),
			  PROT_READ | PROT_EXEC, MAP_PRIVATE);
}

/* At several offsets, twice in one process, and in another that cut it up. */
static int make_twice(struct scene *s)
{
	int fd = file_with("/root/owners", 16);
	char *a = map(16 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	char *b = map(4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 6 * PAGE);

	if (!a || !b || munmap(a + 3 * PAGE, PAGE))
		return -1;
	touch(a + 7 * PAGE);
	touch(b + PAGE);
	if (child(touch, a + 7 * PAGE) < 0 || child(touch, b + PAGE) < 0)
		return -1;
	return set(s, getpid(), a + 7 * PAGE);
}

/* One page, at every other address. */
static int make_aliases(struct scene *s)
{
	char *area = map(2 * ALIASES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = file_with("/root/owners", 1);

	if (!area)
		return -1;
	for (size_t i = 0; i < 2 * ALIASES; i += 2) {
		if (mmap(area + i * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
			 0) == MAP_FAILED)
			return -1;
		touch(area + i * PAGE);
	}
	return set(s, getpid(), area);
}

static int make_file_cow(struct scene *s)
{
	char *p = map(16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      file_with("/root/owners", 16), 0);

	if (!p)
		return -1;
	touch(p + 7 * PAGE);
	if (child(touch, p + 7 * PAGE) < 0 || child(scribble, p + 7 * PAGE) < 0)
		return -1;
	return set(s, getpid(), p + 7 * PAGE);
}

/* The private copy of a file's page is found by the file's offsets. */
static int make_file_copy(struct scene *s)
{
	char *p = map(16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      file_with("/root/owners", 32), 9 * PAGE);

	if (!p)
		return -1;
	scribble(p + 7 * PAGE);
	return children(CHILDREN, NULL, p) ? -1 :
	       set(s, getpid(), p + 7 * PAGE);
}

/* Huge */

static int make_huge(struct scene *s, char *p, void (*act)(char *at))
{
	if (!p)
		return -1;
	*p = 1;
	return children(CHILDREN, act, p + 37 * PAGE) ? -1 :
	       set(s, getpid(), p + 37 * PAGE);
}

static char *thp_area(void)
{
	char *p = huge_area(MAP_PRIVATE);

	return p && !madvise(p, HUGE, MADV_HUGEPAGE) ? p : NULL;
}

static int make_thp(struct scene *s)
{
	return make_huge(s, thp_area(), NULL);
}

static void split(char *at)
{
	mprotect(at + PAGE, PAGE, PROT_READ);
}

static int make_thp_split(struct scene *s)
{
	return make_huge(s, thp_area(), split);
}

static int make_hugetlb(struct scene *s, int flags, void (*act)(char *at))
{
	FILE *f = fopen("/proc/sys/vm/nr_hugepages", "w");
	char *p;

	if (f) {
		fprintf(f, "8\n");
		fclose(f);
	}
	p = huge_area(flags | MAP_HUGETLB);
	return p ? make_huge(s, p, act) : lacks(s, "no huge page to be had");
}

static int make_hugetlb_shared(struct scene *s)
{
	return make_hugetlb(s, MAP_SHARED, touch);
}

static int make_hugetlb_private(struct scene *s)
{
	return make_hugetlb(s, MAP_PRIVATE, NULL);
}

static int make_thp_shmem(struct scene *s)
{
	char *p;
	int fd;

	mkdir("/run/owners", 0700);
	if (mount("owners", "/run/owners", "tmpfs", 0, "huge=always"))
		return lacks(s, "no tmpfs of huge pages");
	fd = open("/run/owners/file", O_RDWR | O_CREAT, 0600);
	umount2("/run/owners", MNT_DETACH);
	if (ftruncate(fd, HUGE))
		return -1;
	p = huge_area(MAP_PRIVATE);
	p = mmap(p, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	return make_huge(s, p == MAP_FAILED ? NULL : p, touch);
}

/* Without a reverse map */

static int make_ksm(struct scene *s)
{
	char *p = map(2 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FILE *f = fopen("/sys/kernel/mm/ksm/run", "w");

	if (!f)
		return lacks(s, "no KSM");
	fprintf(f, "1\n");
	fclose(f);
	memset(p, 0xa5, 2 * PAGE);
	if (madvise(p, 2 * PAGE, MADV_MERGEABLE))
		return -1;
	for (int i = 0; i < 1000; i++) {
		if (frame_at(getpid(), p) == frame_at(getpid(), p + PAGE))
			return child(NULL, p) < 0 ? -1 : set(s, getpid(), p);
		usleep(20000);
	}
	errno = ETIME;
	return -1;
}

static int make_zero(struct scene *s)
{
	char *p = map(PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	touch(p);
	return children(CHILDREN, touch, p) ? -1 : set(s, getpid(), p);
}

static int make_huge_zero(struct scene *s)
{
	char *p = thp_area();

	if (!p)
		return -1;
	touch(p);
	return children(CHILDREN, touch, p) ? -1 :
	       set(s, getpid(), p + 37 * PAGE);
}

static int make_vdso(struct scene *s)
{
	return set(s, getpid(), (char *)getauxval(AT_SYSINFO_EHDR));
}

void strike(void)
{
	while (nr_cast) {
		kill(cast[--nr_cast], SIGKILL);
		waitpid(cast[nr_cast], NULL, 0);
	}
	while (nr_props) {
		nr_props--;
		munmap(props[nr_props].at, props[nr_props].size);
	}
	if (ready[0] < 0 && pipe(ready))
		abort();
}

const struct kind kinds[] = {
	{ "private", make_private, 1, "anon" },
	{ "forked", make_forked, 4, "anon" },
	{ "cow", make_cow, 4, "anon" },
	{ "cow-copy", make_cow_copy, 1, "anon" },
	{ "tree", make_tree, 2, "anon" },
	{ "orphan", make_orphan, 2, "anon" },
	{ "mremap", make_moved, 2, "anon" },
	{ "merged", make_merged, 3, "anon" },
	{ "prot-none", make_forbidden, 2, "anon" },
	{ "same-mm", make_same_mm, 2, "anon" },
	{ "many", make_many, MANY + 1, "anon" },
	{ "shared", make_shared, 4, "file" },
	{ "shm", make_shm, 4, "file" },
	{ "memfd", make_memfd, 4, "file" },
	{ "text", make_text, 4, "file" },
	{ "twice", make_twice, 4, "file" },
	{ "aliases", make_aliases, ALIASES, "file" },
	{ "file-cow", make_file_cow, 2, "file" },
	{ "file-copy", make_file_copy, 4, "anon" },
	{ "thp", make_thp, 4, "anon" },
	{ "thp-split", make_thp_split, 4, "anon" },
	{ "thp-shmem", make_thp_shmem, 4, "file" },
	{ "hugetlb-shared", make_hugetlb_shared, 4, "file" },
	{ "hugetlb-private", make_hugetlb_private, 4, "anon" },
	{ "ksm", make_ksm, 4, "scan" },
	{ "zero", make_zero, 0, "scan" },
	{ "huge-zero", make_huge_zero, 4, "scan" },
	{ "vdso", make_vdso, 0, "scan" },
	{ }
};
