// SPDX-License-Identifier: GPL-2.0
/*
 * state: userfaultfd, and entries that stand for something else than a page:
 * markers and poisoned frames.
 */
#include <linux/userfaultfd.h>
#include <signal.h>
#include "state.h"

/* Younger than the headers that this is built with. */
#define FEATURE_WP_UNPOPULATED	(1ULL << 13)
#define FEATURE_POISON		(1ULL << 14)

struct poison {
	struct uffdio_range range;
	uint64_t mode;
	int64_t updated;
};

#define POISON			_IOWR(UFFDIO, 0x08, struct poison)

static int uffd = -1;

/*
 * Register @p. What would wait for a handler is a SIGBUS instead, so that the
 * tests see it.
 */
static int watch(char *p, uint64_t mode, uint64_t features)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_SIGBUS | features,
	};
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)p, .len = PAGE },
		.mode = mode,
	};

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd < 0 || !p)
		return -1;
	if (ioctl(uffd, UFFDIO_API, &api)) {
		lacks("userfaultfd cannot do that yet");
		return -1;
	}
	return ioctl(uffd, UFFDIO_REGISTER, &reg);
}

static int write_protect(char *p, unsigned long mode)
{
	struct uffdio_writeprotect wp = {
		.range = { .start = (uintptr_t)p, .len = PAGE },
		.mode = mode,
	};

	return ioctl(uffd, UFFDIO_WRITEPROTECT, &wp);
}

static char *write_protected(char *p, uint64_t features)
{
	if (watch(p, UFFDIO_REGISTER_MODE_WP,
		  UFFD_FEATURE_PAGEFAULT_FLAG_WP | features) ||
	    write_protect(p, UFFDIO_WRITEPROTECT_MODE_WP))
		return NULL;
	return p;
}

static char *make_uffd_wp(void)
{
	return write_protected(anon_written(), 0);
}

static int end_write_protect(char *p)
{
	return write_protect(p, 0);
}

static char *shared_page(void)
{
	return map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		   -1);
}

/* Write-protected before there is a page: a marker keeps that in mind. */
static char *make_marker_wp(void)
{
	return write_protected(shared_page(), UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}

/* Write-protected, then unmapped, but not taken out of the file. */
static char *make_marker_kept(void)
{
	char *p = shared_page();

	if (p)
		write_byte(p);
	p = write_protected(p, UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
	return p && !drop_page(p) ? p : NULL;
}

static char *make_marker_anon(void)
{
	return write_protected(anon_page(), FEATURE_WP_UNPOPULATED);
}

/* The bit in the entry of a page that is in swap. */
static char *make_swapped_wp(void)
{
	char *p = make_uffd_wp();

	return p && !page_out(p, PAGE) ? p : NULL;
}

static char *make_uffd_missing(void)
{
	char *p = anon_page();

	return watch(p, UFFDIO_REGISTER_MODE_MISSING, 0) ? NULL : p;
}

static int give_zeroes(char *p)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)p, .len = PAGE },
	};

	return ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

static char *make_marker_poisoned(void)
{
	char *p = anon_page();
	struct poison poison = {
		.range = { .start = (uintptr_t)p, .len = PAGE },
	};

	if (watch(p, UFFDIO_REGISTER_MODE_MISSING, FEATURE_POISON))
		return NULL;
	return ioctl(uffd, POISON, &poison) ? NULL : p;
}

static char *make_guard(void)
{
	char *p = anon_written();

	if (!p || !madvise(p, PAGE, MADV_GUARD_INSTALL))
		return p;
	return errno == EINVAL ? lacks("no guard pages (6.13+)") : NULL;
}

static int end_guard(char *p)
{
	return madvise(p, PAGE, MADV_GUARD_REMOVE);
}

static void live_on(int sig)
{
	(void)sig;
}

/*
 * The kernel is told that the frame is broken; what is in it is lost. By 6.12 it
 * says so at once, to whoever told it.
 */
static char *make_hwpoison(void)
{
	char *p = anon_written();

	signal(SIGBUS, live_on);
	if (!p || settle(p, NULL, KPF_LRU, true))
		return NULL;
	if (!madvise(p, PAGE, MADV_HWPOISON))
		return p;
	return errno == EINVAL ? lacks("no memory failure handling") : NULL;
}

/*
 * The same, but what is in it is saved elsewhere first: from a page that is on the
 * lists, or it is refused, or left as it is.
 */
static int soft_offline(char *p)
{
	const uint64_t before = pagemap_of(p);

	for (int tries = 0; tries < 100; tries++) {
		if (settle(p, NULL, KPF_LRU, true))
			return -1;
		if (madvise(p, PAGE, MADV_SOFT_OFFLINE) && errno != EBUSY)
			return -1;
		if (pagemap_of(p) != before)
			return 0;
	}
	return -1;
}

struct kind uffd_kinds[] = {
	{ "uffd-wp", make_uffd_wp, end_write_protect, NULL },
	{ "uffd-missing", make_uffd_missing, give_zeroes, NULL },
	{ "swapped-wp", make_swapped_wp, read_it, NULL },
	{ "marker-wp", make_marker_wp, end_write_protect, NULL },
	{ "marker-kept", make_marker_kept, read_it, NULL },
	{ "marker-anon", make_marker_anon, end_write_protect, NULL },
	{ "marker-poisoned", make_marker_poisoned, drop_page, NULL },
	{ "guard", make_guard, end_guard, NULL },
	{ "hwpoison", make_hwpoison, unmap_page, NULL },
	{ "soft-offlined", anon_written, soft_offline, NULL },
	{ }
};
