// SPDX-License-Identifier: GPL-2.0
/* state: what the kernel and the hardware note in an entry, or of a frame. */
#include "state.h"

static int key = -1;

/*
 * Lazily freed: the next write takes the page back, and sets both bits. Pages that
 * are on no list yet are passed over.
 */
static int free_lazily(char *p)
{
	return madvise(p, PAGE, MADV_FREE);
}

static int lazy_free(char *p)
{
	return settle(p, NULL, KPF_LRU, true) ||
	       settle(p, free_lazily, KPF_SWAPBACKED, false);
}

static int forget_references(char *p)
{
	(void)p;
	return write_file("/proc/self/clear_refs", "1\n");
}

static int forget_soft_dirty(char *p)
{
	(void)p;
	return write_file("/proc/self/clear_refs", "4\n");
}

static char *make_soft_clean(void)
{
	char *p = anon_written();

	return p && !forget_soft_dirty(p) ? p : NULL;
}

static char *with_key(unsigned int rights)
{
	char *p = anon_written();

	key = pkey_alloc(0, rights);
	if (key < 0)
		return lacks("no protection keys");
	if (!p || pkey_mprotect(p, PAGE, PROT_READ | PROT_WRITE, key))
		return NULL;
	return p;
}

static char *make_pkey(void)
{
	return with_key(PKEY_DISABLE_ACCESS);
}

static char *make_pkey_readable(void)
{
	return with_key(PKEY_DISABLE_WRITE);
}

static int end_pkey(char *p)
{
	return pkey_mprotect(p, PAGE, PROT_READ | PROT_WRITE, 0);
}

/* To be executed but not read: the kernel takes a key for that. */
static char *make_exec_only(void)
{
	char *p = anon_written();
	int probe = pkey_alloc(0, 0);

	if (probe < 0)
		return lacks("no protection keys");
	pkey_free(probe);
	return p && !mprotect(p, PAGE, PROT_EXEC) ? p : NULL;
}

static int make_readable(char *p)
{
	return mprotect(p, PAGE, PROT_READ | PROT_EXEC);
}

static char *make_locked(void)
{
	char *p = anon_written();

	if (!p || settle(p, NULL, KPF_LRU, true) || mlock(p, PAGE))
		return NULL;
	return settle(p, NULL, KPF_UNEVICTABLE, true) ? NULL : p;
}

static int unlock_page(char *p)
{
	return munlock(p, PAGE) || settle(p, NULL, KPF_UNEVICTABLE, false);
}

/* Two pages with the same content that nothing else has: one frame. */
static char *make_ksm(void)
{
	char *p = lone(2 * PAGE, PAGE);

	if (!p)
		return NULL;
	if (access("/sys/kernel/mm/ksm/run", W_OK))
		return lacks("no KSM");
	for (int i = 0; i < 2; i++) {
		memset(p + i * PAGE, 'k', PAGE);
		*(pid_t *)(p + i * PAGE + 64) = getpid();
	}
	if (madvise(p, 2 * PAGE, MADV_MERGEABLE) ||
	    write_file("/sys/kernel/mm/ksm/sleep_millisecs", "1") ||
	    write_file("/sys/kernel/mm/ksm/pages_to_scan", "1000") ||
	    write_file("/sys/kernel/mm/ksm/run", "1"))
		return NULL;
	for (int i = 0; i < 6000; i++) {
		if (pagemap_of(p) == pagemap_of(p + PAGE))
			break;
		usleep(10000);
	}
	write_file("/sys/kernel/mm/ksm/run", "0");
	return p;
}

/* Memory that the kernel takes out of its own map. */
static char *make_secret(void)
{
	int fd = syscall(SYS_memfd_secret, 0);
	char *p;

	if (fd < 0)
		return lacks("no secretmem (6.1: secretmem.enable=1)");
	if (ftruncate(fd, PAGE))
		return NULL;
	p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	close(fd);
	if (p)
		write_byte(p);
	return p;
}

struct kind bit_kinds[] = {
	{ "lazyfree", anon_written, lazy_free, NULL },
	{ "referenced", anon_written, forget_references, NULL },
	{ "soft-dirty", anon_written, forget_soft_dirty, NULL },
	{ "soft-clean", make_soft_clean, write_it, NULL },
	{ "pkey", make_pkey, end_pkey, NULL },
	{ "pkey-readable", make_pkey_readable, end_pkey, NULL },
	{ "exec-only", make_exec_only, make_readable, NULL },
	{ "locked", make_locked, unlock_page, NULL },
	{ "ksm", make_ksm, write_it, NULL },
	{ "secret", make_secret, unmap_page, NULL },
	{ }
};
