// SPDX-License-Identifier: GPL-2.0
/* The words, one for each value, that scripts may rely on. */
#ifndef __KERNEL__
#include <stdio.h>
#define scnprintf	snprintf	/* the tests' buffers are long enough */
#endif
#include "names.h"

static const char * const level_names[] = {
	[VMSCOPE_LEVEL_NONE] = "-",
	[VMSCOPE_LEVEL_PTE] = "pte",
	[VMSCOPE_LEVEL_PMD] = "pmd",
	[VMSCOPE_LEVEL_PUD] = "pud",
	[VMSCOPE_LEVEL_P4D] = "p4d",
	[VMSCOPE_LEVEL_PGD] = "pgd",
};

static const char * const state_names[] = {
	[VMSCOPE_STATE_NONE] = "none",
	[VMSCOPE_STATE_UNMAPPED] = "unmapped",
	[VMSCOPE_STATE_PRESENT] = "present",
	[VMSCOPE_STATE_PROTNONE] = "protnone",
	[VMSCOPE_STATE_SWAP] = "swap",
	[VMSCOPE_STATE_MIGRATION] = "migration",
	[VMSCOPE_STATE_HWPOISON] = "hwpoison",
	[VMSCOPE_STATE_DEVICE] = "device",
	[VMSCOPE_STATE_MARKER] = "marker",
};

static const char * const marker_names[] = {
	[VMSCOPE_MARKER_NONE] = "-",
	[VMSCOPE_MARKER_UFFD_WP] = "uffd-wp",
	[VMSCOPE_MARKER_POISONED] = "poisoned",
	[VMSCOPE_MARKER_GUARD] = "guard",
	[VMSCOPE_MARKER_UNKNOWN] = "unknown",
};

static const char * const why_names[] = {
	[VMSCOPE_WHY_KNOWN] = "-",
	[VMSCOPE_WHY_EMPTY] = "empty",
	[VMSCOPE_WHY_UNMAPPED] = "unmapped",
	[VMSCOPE_WHY_SWAPPED] = "swapped",
	[VMSCOPE_WHY_MARKER] = "marker",
	[VMSCOPE_WHY_NO_STRUCT_PAGE] = "no-struct-page",
	[VMSCOPE_WHY_TEARDOWN] = "teardown",
};

static const char * const kind_names[] = {
	[VMSCOPE_KIND_NOTHING] = "nothing",
	[VMSCOPE_KIND_DEVICE] = "device",
	[VMSCOPE_KIND_OFFLINE] = "offline",
	[VMSCOPE_KIND_FREE] = "free",
	[VMSCOPE_KIND_RESERVED] = "reserved",
	[VMSCOPE_KIND_SLAB] = "slab",
	[VMSCOPE_KIND_PGTABLE] = "pgtable",
	[VMSCOPE_KIND_KERNEL] = "kernel",
	[VMSCOPE_KIND_ZERO] = "zero",
	[VMSCOPE_KIND_HUGE_ZERO] = "huge-zero",
	[VMSCOPE_KIND_FILE] = "file",
	[VMSCOPE_KIND_SHMEM] = "shmem",
	[VMSCOPE_KIND_ANON] = "anon",
	[VMSCOPE_KIND_KSM] = "ksm",
	[VMSCOPE_KIND_HUGETLB] = "hugetlb",
};

static const char * const how_names[] = {
	[VMSCOPE_HOW_NONE] = "none",
	[VMSCOPE_HOW_FILE] = "file",
	[VMSCOPE_HOW_ANON] = "anon",
	[VMSCOPE_HOW_SCAN] = "scan",
	[VMSCOPE_HOW_LOCKED] = "locked",
	[VMSCOPE_HOW_CHANGED] = "changed",
};

static const struct {
	u32 flag;
	const char *name;
} flag_names[] = {
	{ VMSCOPE_FLAG_PRESENT,		"present" },
	{ VMSCOPE_FLAG_RW,		"rw" },
	{ VMSCOPE_FLAG_USER,		"user" },
	{ VMSCOPE_FLAG_EXEC,		"exec" },
	{ VMSCOPE_FLAG_ACCESSED,	"accessed" },
	{ VMSCOPE_FLAG_DIRTY,		"dirty" },
	{ VMSCOPE_FLAG_GLOBAL,		"global" },
	{ VMSCOPE_FLAG_LEAF,		"leaf" },
	{ VMSCOPE_FLAG_SOFT_DIRTY,	"soft-dirty" },
	{ VMSCOPE_FLAG_UFFD_WP,		"uffd-wp" },
	{ VMSCOPE_FLAG_PROTNONE,	"protnone" },
	{ VMSCOPE_FLAG_SPECIAL,		"special" },
	{ VMSCOPE_FLAG_DEVMAP,		"devmap" },
	{ VMSCOPE_FLAG_PWT,		"pwt" },
	{ VMSCOPE_FLAG_PCD,		"pcd" },
	{ VMSCOPE_FLAG_PAT,		"pat" },
};

static const char *name_of(const char * const *names, size_t nr, u8 value)
{
	return value < nr ? names[value] : "?";
}

/**
 * names_level() - name of a level of the tree
 * @level: enum vmscope_level_nr
 *
 * Return: "pgd" .. "pte".
 */
const char *names_level(u8 level)
{
	return name_of(level_names, ARRAY_SIZE(level_names), level);
}

/**
 * names_state() - name of a translation's state
 * @state: enum vmscope_state
 *
 * Return: "present" ...
 */
const char *names_state(u8 state)
{
	return name_of(state_names, ARRAY_SIZE(state_names), state);
}

/**
 * names_marker() - name of a marker's kind
 * @marker: enum vmscope_marker
 *
 * Return: "guard" ...
 */
const char *names_marker(u8 marker)
{
	return name_of(marker_names, ARRAY_SIZE(marker_names), marker);
}

/**
 * names_why() - why a PFN or a frame's facts are absent
 * @why: enum vmscope_why
 *
 * Return: "swapped" ...
 */
const char *names_why(u8 why)
{
	return name_of(why_names, ARRAY_SIZE(why_names), why);
}

/**
 * names_kind() - what a frame is used for
 * @kind: enum vmscope_kind
 *
 * Return: "anon" ...
 */
const char *names_kind(u8 kind)
{
	return name_of(kind_names, ARRAY_SIZE(kind_names), kind);
}

/**
 * names_how() - how the owners of a frame were looked for
 * @how: enum vmscope_how
 *
 * Return: "anon" ...
 */
const char *names_how(u8 how)
{
	return name_of(how_names, ARRAY_SIZE(how_names), how);
}

/**
 * names_flags() - names of an entry's flags, in the order of the header
 * @flags: VMSCOPE_FLAG_* and the protection key
 * @sep: put between two names
 * @buf: filled; "-" where there is none
 * @size: of @buf; NAMES_FLAGS_MAX is enough for any @flags
 */
void names_flags(u32 flags, char sep, char *buf, size_t size)
{
	u32 pkey = (flags & VMSCOPE_PKEY_MASK) >> VMSCOPE_PKEY_SHIFT;
	char between[2] = "";
	size_t len = 0, i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++) {
		if (!(flags & flag_names[i].flag))
			continue;
		len += scnprintf(buf + len, size - len, "%s%s", between,
				 flag_names[i].name);
		between[0] = sep;
	}
	if (pkey)
		len += scnprintf(buf + len, size - len, "%spkey=%u", between,
				 pkey);
	if (!len)
		scnprintf(buf, size, "-");
}
