// SPDX-License-Identifier: GPL-2.0
/* state: pages that are not in memory, or on their way elsewhere. */
#include <sys/swap.h>
#include "state.h"

#define OTHER_SWAP	"/dev/zram1"
#define FILLER		1024
#define PAGEMAP_TYPE	31

static int page_out_one(char *p)
{
	return page_out(p, PAGE);
}

/* What this returns is in swap, or was not swapped out for a reason told. */
static char *swapped_page(char *p, const char *device)
{
	if (access(device, F_OK))
		return lacks("no swap device");
	return p && !page_out_one(p) ? p : NULL;
}

static char *make_swapped(void)
{
	return swapped_page(anon_written(), "/dev/zram0");
}

/*
 * To the other device, which is preferred as long as it is in use; but each
 * processor has places set aside in the first one, and uses them up before.
 */
static char *make_swapped_second(void)
{
	if (access(OTHER_SWAP, F_OK))
		return lacks("no second swap device");
	if (swapon(OTHER_SWAP, SWAP_FLAG_PREFER | 32000))
		return NULL;
	for (int i = 0; i < FILLER; i++) {
		char *p = anon_written();

		if (!p || page_out_one(p))
			return NULL;
		if ((pagemap_of(p) & PAGEMAP_TYPE) == 1)
			return p;
	}
	errno = EAGAIN;
	return NULL;
}

static int stop_second(char *p)
{
	(void)p;
	return swapoff(OTHER_SWAP);
}

static int forget_soft_dirty(char *p)
{
	(void)p;
	return write_file("/proc/self/clear_refs", "4\n");
}

/* Its table entry is empty: only the file knows where the page is. */
static char *make_swapped_shmem(void)
{
	char *p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1);

	if (p)
		write_byte(p);
	return swapped_page(p, "/dev/zram0");
}

static char *make_swapped_thp(void)
{
	char *p = lone(HUGE, HUGE);

	if (!p || madvise(p, HUGE, MADV_HUGEPAGE))
		return NULL;
	write_byte(p);
	return page_out(p, HUGE) ? NULL : p + 37 * PAGE;
}

static int give_back(char *p)
{
	return drop_page(p);
}

struct kind swap_kinds[] = {
	{ "paged-out", anon_written, page_out_one, NULL },
	{ "swapped", make_swapped, read_it, NULL },
	{ "swapped-second", make_swapped_second, stop_second, NULL },
	{ "swapped-clean", make_swapped, forget_soft_dirty, NULL },
	{ "swapped-dropped", make_swapped, give_back, NULL },
	{ "swapped-shmem", make_swapped_shmem, read_it, NULL },
	{ "swapped-thp", make_swapped_thp, read_it, NULL },
	{ }
};
