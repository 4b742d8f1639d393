// SPDX-License-Identifier: GPL-2.0
/* state: pages larger than the base page, and their parts. */
#include "state.h"

#define GIGANTIC	(1UL << 30)
#ifndef MAP_HUGE_1GB
#define MAP_HUGE_1GB	(30 << 26)
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB	4U
#endif
#define TAIL		37

/* A huge page, of which the caller touches the first byte as it likes. */
static char *huge_room(void)
{
	char *p = lone(HUGE, HUGE);

	return p && !madvise(p, HUGE, MADV_HUGEPAGE) ? p : NULL;
}

/* Where there is none at this moment the kernel takes a small one in silence. */
static char *make_thp(void)
{
	char *p = huge_room();

	for (int tries = 0; p && tries < 100; tries++) {
		write_byte(p);
		if (kpageflags_of(p) >> KPF_THP & 1)
			return p;
		if (madvise(p, HUGE, MADV_DONTNEED))
			break;
		usleep(10000);
	}
	return NULL;
}

static char *make_huge_zero(void)
{
	char *p = huge_room();

	if (p)
		read_byte(p);
	return p;
}

static char *make_thp_tail(void)
{
	char *p = make_thp();

	return p ? p + TAIL * PAGE : NULL;
}

/* A part of a huge page given back splits what maps the rest. */
static int split_thp(char *p)
{
	return drop_page(p + HUGE / 2);
}

static int split_thp_tail(char *p)
{
	return drop_page(p + PAGE);
}

static int none_thp(char *p)
{
	return mprotect(p, HUGE, PROT_NONE);
}

/* One page of it may not be written any more: all of it in base pages. */
static int protect_part(char *p)
{
	return allow_read(p);
}

/* A file in memory, all of it one huge page. */
static char *shmem_huge(int *fd)
{
	char *p = lone(HUGE, HUGE);

	*fd = memfd_create("state", 0);
	if (!p || *fd < 0 || ftruncate(*fd, HUGE))
		return NULL;
	p = mmap(p, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, *fd, 0);
	if (p == MAP_FAILED || madvise(p, HUGE, MADV_HUGEPAGE))
		return NULL;
	write_byte(p);
	return p;
}

static char *make_thp_shmem(void)
{
	int fd;

	return shmem_huge(&fd);
}

static int drop_huge(char *p)
{
	return madvise(p, HUGE, MADV_DONTNEED);
}

static char *whole;

/* A page of it through a mapping that is too small for a huge one. */
static char *make_thp_shmem_part(void)
{
	char *p;
	int fd;

	whole = shmem_huge(&fd);
	p = whole ? lone(PAGE, PAGE) : NULL;
	if (!p)
		return NULL;
	p = mmap(p, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, TAIL * PAGE);
	if (p == MAP_FAILED)
		return NULL;
	read_byte(p);
	return p;
}

static int unmap_whole(char *p)
{
	(void)p;
	return munmap(whole, HUGE);
}

/* A folio between a page and a huge page. */
static char *make_mthp(void)
{
	char *p;

	if (write_file("/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled",
		       "always"))
		return lacks("no folios of 64K (6.8+)");
	p = lone(16 * PAGE, 16 * PAGE);
	if (p)
		write_byte(p);
	write_file("/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled",
		   "never");
	return p ? p + 5 * PAGE : NULL;
}

static char *hugetlb(size_t size, int flags)
{
	return map(size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | flags, -1);
}

static char *make_hugetlb_untouched(void)
{
	return hugetlb(HUGE, 0);
}

static char *make_hugetlb(void)
{
	char *p = hugetlb(HUGE, 0);

	if (p)
		write_byte(p);
	return p;
}

static int unmap_hugetlb(char *p)
{
	return munmap(p, HUGE);
}

static char *make_hugetlb_tail(void)
{
	char *p = make_hugetlb();

	return p ? p + TAIL * PAGE : NULL;
}

static int protect_tail(char *p)
{
	return mprotect(p - TAIL * PAGE, HUGE, PROT_READ);
}

static char *make_hugetlb_shared(void)
{
	int fd = memfd_create("state", MFD_HUGETLB);
	char *p = NULL;

	if (fd >= 0 && !ftruncate(fd, HUGE))
		p = map(HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	if (p)
		write_byte(p);
	return share_with_child(p, write_byte, NULL);
}

static char *make_hugetlb_forked(void)
{
	return share_with_child(make_hugetlb(), NULL, NULL);
}

static char *gigantic;

static char *make_gigantic(void)
{
	long n = read_number("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages",
			     "");

	if (n < 1)
		return lacks("no 1G page set aside at boot");
	gigantic = hugetlb(GIGANTIC, MAP_HUGE_1GB);
	if (!gigantic)
		return NULL;
	write_byte(gigantic);
	return gigantic + 300 * HUGE + TAIL * PAGE;
}

static int unmap_gigantic(char *p)
{
	(void)p;
	return munmap(gigantic, GIGANTIC);
}

struct kind huge_kinds[] = {
	{ "huge-zero", make_huge_zero, write_it, NULL },
	{ "thp", make_thp, split_thp, NULL },
	{ "thp-tail", make_thp_tail, split_thp_tail, NULL },
	{ "thp-dropped", make_thp, drop_page, NULL },
	{ "thp-protected", make_thp, protect_part, NULL },
	{ "thp-none", make_thp, none_thp, NULL },
	{ "thp-shmem", make_thp_shmem, drop_huge, NULL },
	{ "thp-shmem-part", make_thp_shmem_part, unmap_whole, NULL },
	{ "mthp", make_mthp, allow_none, NULL },
	{ "hugetlb-untouched", make_hugetlb_untouched, write_it, NULL },
	{ "hugetlb", make_hugetlb, unmap_hugetlb, NULL },
	{ "hugetlb-tail", make_hugetlb_tail, protect_tail, NULL },
	{ "hugetlb-none", make_hugetlb, none_thp, NULL },
	{ "hugetlb-shared", make_hugetlb_shared, end_child, NULL },
	{ "hugetlb-forked", make_hugetlb_forked, write_it, NULL },
	{ "gigantic", make_gigantic, unmap_gigantic, NULL },
	{ }
};
