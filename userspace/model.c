// SPDX-License-Identifier: GPL-2.0
/*
 * The words for what the model has numbers for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

static const char * const state_names[STATES] = {
	[STATE_NONE]		= "none",
	[STATE_UNMAPPED]	= "unmapped",
	[STATE_PRESENT]		= "present",
	[STATE_PROTNONE]	= "protnone",
	[STATE_SWAP]		= "swap",
	[STATE_MIGRATION]	= "migration",
	[STATE_HWPOISON]	= "hwpoison",
	[STATE_DEVICE]		= "device",
	[STATE_MARKER]		= "marker",
};

static const char * const level_names[LEVELS] = {
	[LEVEL_NONE]	= "none",
	[LEVEL_PTE]	= "pte",
	[LEVEL_PMD]	= "pmd",
	[LEVEL_PUD]	= "pud",
	[LEVEL_P4D]	= "p4d",
	[LEVEL_PGD]	= "pgd",
};

static const char * const marker_names[MARKERS] = {
	[MARKER_NONE]		= "none",
	[MARKER_UFFD_WP]	= "uffd-wp",
	[MARKER_POISONED]	= "poisoned",
	[MARKER_GUARD]		= "guard",
	[MARKER_UNKNOWN]	= "unknown",
};

static const char * const why_names[WHYS] = {
	[WHY_KNOWN]		= "known",
	[WHY_EMPTY]		= "empty",
	[WHY_UNMAPPED]		= "unmapped",
	[WHY_SWAPPED]		= "swapped",
	[WHY_MARKER]		= "marker",
	[WHY_NO_STRUCT_PAGE]	= "no-struct-page",
	[WHY_TEARDOWN]		= "teardown",
};

static const char * const frame_kind_names[FRAME_KINDS] = {
	[FRAME_NOTHING]		= "nothing",
	[FRAME_DEVICE]		= "device",
	[FRAME_OFFLINE]		= "offline",
	[FRAME_FREE]		= "free",
	[FRAME_RESERVED]	= "reserved",
	[FRAME_SLAB]		= "slab",
	[FRAME_PGTABLE]		= "pgtable",
	[FRAME_KERNEL]		= "kernel",
	[FRAME_ZERO]		= "zero",
	[FRAME_HUGE_ZERO]	= "huge-zero",
	[FRAME_FILE]		= "file",
	[FRAME_SHMEM]		= "shmem",
	[FRAME_ANON]		= "anon",
	[FRAME_KSM]		= "ksm",
	[FRAME_HUGETLB]		= "hugetlb",
};

static const char * const how_names[HOWS] = {
	[HOW_NONE]	= "none",
	[HOW_FILE]	= "file",
	[HOW_ANON]	= "anon",
	[HOW_SCAN]	= "scan",
	[HOW_LOCKED]	= "locked",
	[HOW_CHANGED]	= "changed",
};

static const char * const flag_names[FLAGS] = {
	"present", "rw", "user", "exec", "accessed", "dirty", "global", "leaf",
	"soft-dirty", "uffd-wp", "protnone", "special", "devmap", "pwt", "pcd",
	"pat",
};

static const char * const can_names[CAN_BITS] = {
	"mapcount", "soft-dirty", "uffd-wp", "guard", "pti",
};

/*
 * Up to 26 as in <linux/kernel-page-flags.h>; those from 32 up are not promised
 * to user space, but /proc/kpageflags has them all the same.
 */
static const char * const kpf_names[KPF_BITS] = {
	[0]	= "locked",
	[1]	= "error",
	[2]	= "referenced",
	[3]	= "uptodate",
	[4]	= "dirty",
	[5]	= "lru",
	[6]	= "active",
	[7]	= "slab",
	[8]	= "writeback",
	[9]	= "reclaim",
	[10]	= "buddy",
	[11]	= "mmap",
	[12]	= "anon",
	[13]	= "swapcache",
	[14]	= "swapbacked",
	[15]	= "compound_head",
	[16]	= "compound_tail",
	[17]	= "huge",
	[18]	= "unevictable",
	[19]	= "hwpoison",
	[20]	= "nopage",
	[21]	= "ksm",
	[22]	= "thp",
	[23]	= "offline",
	[KPF_ZERO] = "zero_page",
	[25]	= "idle",
	[26]	= "pgtable",
	[32]	= "reserved",
	[33]	= "mlocked",
	[34]	= "mappedtodisk",
	[35]	= "private",
	[36]	= "private_2",
	[37]	= "owner_private",
	[38]	= "arch",
	[39]	= "uncached",
	[40]	= "softdirty",
	[41]	= "arch_2",
	[42]	= "arch_3",
};

static const char *lookup(const char * const *names, unsigned int n,
			  unsigned int i)
{
	return i < n ? names[i] : "unknown";
}

const char *state_name(enum state state)
{
	return lookup(state_names, STATES, state);
}

const char *level_name(enum level level)
{
	return lookup(level_names, LEVELS, level);
}

const char *marker_name(enum marker marker)
{
	return lookup(marker_names, MARKERS, marker);
}

const char *why_name(enum why why)
{
	return lookup(why_names, WHYS, why);
}

const char *frame_kind_name(enum frame_kind kind)
{
	return lookup(frame_kind_names, FRAME_KINDS, kind);
}

const char *how_name(enum how how)
{
	return lookup(how_names, HOWS, how);
}

const char *flag_name(unsigned int bit)
{
	return lookup(flag_names, FLAGS, bit);
}

const char *can_name(unsigned int bit)
{
	return lookup(can_names, CAN_BITS, bit);
}

const char *kpf_name(unsigned int bit)
{
	return bit < KPF_BITS ? kpf_names[bit] : NULL;
}

bool word_equal(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && !memcmp(name, word, len);
}

const char *perms_text(__u32 perms, char buf[5])
{
	buf[0] = perms & PERM_READ ? 'r' : '-';
	buf[1] = perms & PERM_WRITE ? 'w' : '-';
	buf[2] = perms & PERM_EXEC ? 'x' : '-';
	buf[3] = perms & PERM_SHARED ? 's' : 'p';
	buf[4] = '\0';
	return buf;
}

int error_set(struct error *err, enum status status, const char *fmt, ...)
{
	va_list ap;

	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}
