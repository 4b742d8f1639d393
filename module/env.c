// SPDX-License-Identifier: GPL-2.0
/* What this kernel and machine are, gathered once when the module loads. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include "compat.h"
#include "env.h"

struct env env __ro_after_init;

/* Swap types below MAX_SWAPFILES are devices; these are not. */
struct swp_special {
	int type;
	struct swp_kind kind;
};

static const struct swp_special swp_specials[] __initconst = {
#ifdef CONFIG_MEMORY_FAILURE
	{ SWP_HWPOISON, { VMSCOPE_STATE_HWPOISON, true } },
#endif
#ifdef CONFIG_MIGRATION
	{ SWP_MIGRATION_READ, { VMSCOPE_STATE_MIGRATION, true } },
	{ SWP_MIGRATION_READ_EXCLUSIVE, { VMSCOPE_STATE_MIGRATION, true } },
	{ SWP_MIGRATION_WRITE, { VMSCOPE_STATE_MIGRATION, true } },
#endif
	{ COMPAT_SWP_MARKER, { VMSCOPE_STATE_MARKER } },
	{ COMPAT_SWP_SWAPIN_ERROR, { VMSCOPE_STATE_MARKER, false,
				     VMSCOPE_MARKER_POISONED } },
};

static void __init init_swap_types(struct decode_env *d)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(d->swp); i++)
		d->swp[i].state = VMSCOPE_STATE_SWAP;

	/*
	 * The device types' number differs from version to version, and all
	 * of them name a PFN: mark the whole range between the devices of
	 * swapon() and the end, then the ones known by name.
	 */
	for (i = MAX_SWAPFILES; i < ARRAY_SIZE(d->swp); i++)
		d->swp[i] = (struct swp_kind){ VMSCOPE_STATE_DEVICE, true };
	for (i = 0; i < ARRAY_SIZE(swp_specials); i++)
		if (swp_specials[i].type >= 0)
			d->swp[swp_specials[i].type] = swp_specials[i].kind;
}

/**
 * env_init() - gather it
 * @attach_max: what to tell clients of debugfs's limit
 *
 * Return: 0, or -ENODEV on a machine whose tables this module cannot read.
 */
int __init env_init(u32 attach_max)
{
	struct decode_env *d = &env.decode;
	struct vmscope_info *info = &env.info;

	BUILD_BUG_ON(MAX_SWAPFILES_SHIFT != 5);
	BUILD_BUG_ON(sizeof(pte_t) != sizeof(u64));
	BUILD_BUG_ON(PTRS_PER_PTE != DECODE_TABLE_ENTRIES);

	d->levels = pgtable_l5_enabled() ? 5 : 4;
	/* PTE_PFN_MASK leaves out the bits that memory encryption uses. */
	d->pfn_mask = PTE_PFN_MASK;
	d->swp_pfn_mask = SWP_PFN_MASK;
	d->soft_dirty = COMPAT_SOFT_DIRTY;
	d->uffd_wp = COMPAT_UFFD_WP;
	d->special = _PAGE_SPECIAL;
	d->devmap = COMPAT_DEVMAP;
	d->saved_dirty = COMPAT_SAVED_DIRTY;
	d->swp_soft_dirty = COMPAT_SWP_SOFT_DIRTY;
	d->swp_uffd_wp = COMPAT_SWP_UFFD_WP;
	d->marker_uffd_wp = COMPAT_MARKER_UFFD_WP;
	d->marker_poisoned = COMPAT_MARKER_POISONED;
	d->marker_guard = COMPAT_MARKER_GUARD;
	init_swap_types(d);
	decode_paging(d, &env.paging);

	/* The walker's arithmetic and the kernel's must be the same. */
	if (env.paging.level[0].shift != PGDIR_SHIFT)
		return -ENODEV;

	info->abi = VMSCOPE_ABI;
	info->can = (compat_mapcount_exact() ? VMSCOPE_CAN_MAPCOUNT : 0) |
		    (d->soft_dirty ? VMSCOPE_CAN_SOFT_DIRTY : 0) |
		    (d->uffd_wp ? VMSCOPE_CAN_UFFD_WP : 0) |
		    (d->marker_guard ? VMSCOPE_CAN_GUARD : 0) |
		    (boot_cpu_has(X86_FEATURE_PTI) ? VMSCOPE_CAN_PTI : 0);
	info->bits = compat_is_tested() ? 0 : VMSCOPE_INFO_UNTESTED;
	info->levels = d->levels;
	info->page_shift = PAGE_SHIFT;
	info->va_bits = env.paging.level[0].shift + 9;
	info->pa_bits = fls64(d->pfn_mask);
	info->attach_max = attach_max;
	strscpy(info->arch, "x86_64", sizeof(info->arch));
	strscpy(info->version, VMSCOPE_VERSION, sizeof(info->version));
	env.user_end = 1ULL << (info->va_bits - 1);
	if (info->bits & VMSCOPE_INFO_UNTESTED)
		pr_warn("not tested on this kernel, but on%s: check its answers\n",
			COMPAT_TESTED_NAMES);
	return 0;
}
