// SPDX-License-Identifier: GPL-2.0
/*
 * Where the module's ABI and the client's model meet.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "transport_abi.h"

const char transport_version[] = VMSCOPE_VERSION;

#define SAME(ours, theirs) \
	_Static_assert((unsigned int)(ours) == (unsigned int)(theirs), #ours)

SAME(LEVEL_PTE, VMSCOPE_LEVEL_PTE);
SAME(LEVEL_PMD, VMSCOPE_LEVEL_PMD);
SAME(LEVEL_PUD, VMSCOPE_LEVEL_PUD);
SAME(LEVEL_P4D, VMSCOPE_LEVEL_P4D);
SAME(LEVEL_PGD, VMSCOPE_LEVEL_PGD);
SAME(LEVELS, VMSCOPE_LEVELS_MAX + 1);

SAME(STATE_NONE, VMSCOPE_STATE_NONE);
SAME(STATE_UNMAPPED, VMSCOPE_STATE_UNMAPPED);
SAME(STATE_PRESENT, VMSCOPE_STATE_PRESENT);
SAME(STATE_PROTNONE, VMSCOPE_STATE_PROTNONE);
SAME(STATE_SWAP, VMSCOPE_STATE_SWAP);
SAME(STATE_MIGRATION, VMSCOPE_STATE_MIGRATION);
SAME(STATE_HWPOISON, VMSCOPE_STATE_HWPOISON);
SAME(STATE_DEVICE, VMSCOPE_STATE_DEVICE);
SAME(STATE_MARKER, VMSCOPE_STATE_MARKER);
SAME(STATES, __VMSCOPE_STATE_MAX);

SAME(MARKER_UFFD_WP, VMSCOPE_MARKER_UFFD_WP);
SAME(MARKER_POISONED, VMSCOPE_MARKER_POISONED);
SAME(MARKER_GUARD, VMSCOPE_MARKER_GUARD);
SAME(MARKER_UNKNOWN, VMSCOPE_MARKER_UNKNOWN);

SAME(WHY_KNOWN, VMSCOPE_WHY_KNOWN);
SAME(WHY_EMPTY, VMSCOPE_WHY_EMPTY);
SAME(WHY_UNMAPPED, VMSCOPE_WHY_UNMAPPED);
SAME(WHY_SWAPPED, VMSCOPE_WHY_SWAPPED);
SAME(WHY_MARKER, VMSCOPE_WHY_MARKER);
SAME(WHY_NO_STRUCT_PAGE, VMSCOPE_WHY_NO_STRUCT_PAGE);
SAME(WHY_TEARDOWN, VMSCOPE_WHY_TEARDOWN);

SAME(FRAME_DEVICE, VMSCOPE_KIND_DEVICE);
SAME(FRAME_OFFLINE, VMSCOPE_KIND_OFFLINE);
SAME(FRAME_FREE, VMSCOPE_KIND_FREE);
SAME(FRAME_RESERVED, VMSCOPE_KIND_RESERVED);
SAME(FRAME_SLAB, VMSCOPE_KIND_SLAB);
SAME(FRAME_PGTABLE, VMSCOPE_KIND_PGTABLE);
SAME(FRAME_KERNEL, VMSCOPE_KIND_KERNEL);
SAME(FRAME_ZERO, VMSCOPE_KIND_ZERO);
SAME(FRAME_HUGE_ZERO, VMSCOPE_KIND_HUGE_ZERO);
SAME(FRAME_FILE, VMSCOPE_KIND_FILE);
SAME(FRAME_SHMEM, VMSCOPE_KIND_SHMEM);
SAME(FRAME_ANON, VMSCOPE_KIND_ANON);
SAME(FRAME_KSM, VMSCOPE_KIND_KSM);
SAME(FRAME_HUGETLB, VMSCOPE_KIND_HUGETLB);
SAME(FRAME_KINDS, __VMSCOPE_KIND_MAX);

SAME(HOW_FILE, VMSCOPE_HOW_FILE);
SAME(HOW_ANON, VMSCOPE_HOW_ANON);
SAME(HOW_SCAN, VMSCOPE_HOW_SCAN);
SAME(HOW_LOCKED, VMSCOPE_HOW_LOCKED);
SAME(HOW_CHANGED, VMSCOPE_HOW_CHANGED);
SAME(HOWS, __VMSCOPE_HOW_MAX);

SAME(FLAG_RW, VMSCOPE_FLAG_RW);
SAME(FLAG_USER, VMSCOPE_FLAG_USER);
SAME(FLAG_EXEC, VMSCOPE_FLAG_EXEC);
SAME(FLAG_UFFD_WP, VMSCOPE_FLAG_UFFD_WP);
SAME((1U << FLAGS) - 1, VMSCOPE_FLAGS_ALL);
SAME(PKEY_SHIFT, VMSCOPE_PKEY_SHIFT);

SAME(MODE_EACH, VMSCOPE_MODE_EACH);
SAME(MODE_SPLIT, VMSCOPE_MODE_SPLIT);

SAME(PERM_READ, VMSCOPE_PERM_READ);
SAME(PERM_WRITE, VMSCOPE_PERM_WRITE);
SAME(PERM_EXEC, VMSCOPE_PERM_EXEC);
SAME(PERM_SHARED, VMSCOPE_PERM_SHARED);

SAME(1U << (CAN_BITS - 1), VMSCOPE_CAN_PTI);

void abi_page(struct page *page, const void *raw)
{
	struct vmscope_page r;

	memcpy(&r, raw, sizeof(r));
	*page = (struct page) {
		.vaddr = r.vaddr,
		.entry = r.entry,
		.npages = r.npages,
		.flags = r.flags,
		.node = -1,
		.page_shift = r.page_shift & 63,
		.state = r.state,
		.level = r.level,
		.why = r.why,
	};
	if (r.state == VMSCOPE_STATE_SWAP) {
		page->swap_type = r.swap_type;
		page->swap_offset = r.pfn;
	} else if (r.pfn != VMSCOPE_PFN_NONE) {
		page->has_pfn = true;
		page->pfn = r.pfn;
	}
	if (r.state == VMSCOPE_STATE_MARKER)
		page->marker = r.swap_type;
	page->shared_table = r.bits & VMSCOPE_PAGE_SHARED_TABLE;
	if (r.bits & VMSCOPE_PAGE_FRAME) {
		page->has_frame = true;
		page->mapcount = r.mapcount;
		page->mapcount_exact = r.bits & VMSCOPE_PAGE_MAPCOUNT_EXACT;
		page->refcount = r.refcount;
		page->kpageflags = r.kpageflags;
		if (r.node != VMSCOPE_NODE_NONE)
			page->node = r.node;
	}
}

/* Neighbours are often alike, and then this takes a fraction of the time. */
void abi_next_page(struct page *page, const void *raw)
{
	const size_t size = sizeof(struct vmscope_page);
	const size_t from = offsetof(struct vmscope_page, kpageflags);
	const char *r = raw;

	if (!page->has_pfn || memcmp(r + from, r - size + from, size - from)) {
		abi_page(page, raw);
		return;
	}
	memcpy(&page->vaddr, r + offsetof(struct vmscope_page, vaddr), 8);
	memcpy(&page->entry, r + offsetof(struct vmscope_page, entry), 8);
	memcpy(&page->pfn, r + offsetof(struct vmscope_page, pfn), 8);
	page->alike = true;
}

void abi_step(struct step *step, const void *raw)
{
	struct vmscope_level r;

	memcpy(&r, raw, sizeof(r));
	*step = (struct step) {
		.entry_paddr = r.entry_paddr,
		.entry = r.entry,
		.index = r.index,
		.flags = r.flags,
		.level = r.level,
	};
}

void abi_vma(struct vma *vma, const void *raw, unsigned int page_shift)
{
	struct vmscope_vma r;

	memcpy(&r, raw, sizeof(r));
	*vma = (struct vma) {
		.start = r.start,
		.end = r.end,
		.offset = r.offset,
		.inode = r.inode,
		.pages = (r.end - r.start) >> page_shift,
		.dev_major = r.dev_major,
		.dev_minor = r.dev_minor,
		.perms = r.perms,
		.vmflags = "",
		.name = "",
		.file = "",
	};
	if (r.bits & VMSCOPE_VMA_COUNTED) {
		vma->mapcount_exact = r.bits & VMSCOPE_VMA_MAPCOUNT_EXACT;
		vma->present = r.present;
		vma->swap = r.swap;
		vma->shared = r.shared;
		vma->exclusive = r.exclusive;
		vma->anon = r.anon;
		vma->file_pages = r.file_pages;
		vma->huge = r.huge;
		vma->dirty = r.dirty;
		vma->accessed = r.accessed;
		vma->zero = r.zero;
		vma->mapcount = r.mapcount;
		vma->pss = r.pss;
	}
}

void abi_table(struct table *table, const void *raw)
{
	struct vmscope_table r;

	memcpy(&r, raw, sizeof(r));
	*table = (struct table) {
		.tables = r.tables,
		.used = r.used,
		.level = r.level,
	};
}

void abi_tables_total(struct tables *tables, const void *raw)
{
	struct vmscope_tables_total r;

	memcpy(&r, raw, sizeof(r));
	tables->accounted_bytes = r.accounted_bytes;
	tables->deposited = r.deposited;
}

void abi_owner(struct owner *owner, const void *raw)
{
	struct vmscope_owner r;

	memcpy(&r, raw, sizeof(r));
	*owner = (struct owner) {
		.vaddr = r.vaddr,
		.entry = r.entry,
		.flags = r.flags,
		.pid = r.pid,
		.page_shift = r.page_shift & 63,
		.state = r.state,
		.level = r.level,
		.file = "",
	};
	_Static_assert(sizeof(owner->comm) == sizeof(r.comm), "comm");
	memcpy(owner->comm, r.comm, sizeof(r.comm));
	owner->comm[sizeof(r.comm) - 1] = '\0';
}

void abi_frame(struct frame *frame, const void *raw)
{
	struct vmscope_frame r;

	memcpy(&r, raw, sizeof(r));
	*frame = (struct frame) {
		.pfn = r.pfn,
		.node = -1,
		.file = "",
		.found = r.found,
		.hidden = r.hidden,
		.skipped = r.skipped,
		.lock_max_ns = r.lock_max_ns,
		.kind = r.kind,
		.how = r.how,
		.complete = r.bits & VMSCOPE_FRAME_COMPLETE,
		.has_facts = r.bits & VMSCOPE_FRAME_FACTS,
		.has_file = r.bits & VMSCOPE_FRAME_FILE,
	};
	if (frame->has_facts) {
		frame->head_pfn = r.head_pfn;
		frame->kpageflags = r.kpageflags;
		frame->memcg_inode = r.memcg_inode;
		frame->order = r.order;
		frame->mapcount = r.mapcount;
		frame->refcount = r.refcount;
		frame->mapcount_exact = r.bits & VMSCOPE_FRAME_MAPCOUNT_EXACT;
		if (r.node != VMSCOPE_NODE_NONE)
			frame->node = r.node;
	}
	if (frame->has_file) {
		frame->inode = r.inode;
		frame->file_page = r.file_page;
		frame->dev_major = r.dev_major;
		frame->dev_minor = r.dev_minor;
	}
}

void abi_cost(struct cost *cost, const void *raw)
{
	struct vmscope_stats r;

	memcpy(&r, raw, sizeof(r));
	*cost = (struct cost) {
		.hold_max_ns = r.hold_max_ns,
		.hold_total_ns = r.hold_total_ns,
		.irqs_off_max_ns = r.irqs_off_max_ns,
		.holds = r.holds,
		.retries = r.retries,
		.interrupted = r.interrupted,
	};
}

void abi_info(struct module_info *info, const void *raw)
{
	struct vmscope_info r;

	memcpy(&r, raw, sizeof(r));
	*info = (struct module_info) {
		.abi = r.abi,
		.can = r.can,
		.levels = r.levels,
		.page_shift = r.page_shift,
		.va_bits = r.va_bits,
		.pa_bits = r.pa_bits,
		.attach_max = r.attach_max,
		.tested = !(r.bits & VMSCOPE_INFO_UNTESTED),
	};
	/* Whether the module ended its strings is not ours to trust. */
	_Static_assert(sizeof(info->arch) >= sizeof(r.arch), "arch");
	_Static_assert(sizeof(info->version) >= sizeof(r.version), "version");
	memcpy(info->arch, r.arch, sizeof(r.arch));
	info->arch[sizeof(r.arch) - 1] = '\0';
	memcpy(info->version, r.version, sizeof(r.version));
	info->version[sizeof(r.version) - 1] = '\0';
}

int abi_check(const struct module_info *info, struct error *err)
{
	if (info->abi != VMSCOPE_ABI)
		return error_set(err, STATUS_MODULE,
				 "module vmscope: has ABI %llu, this client needs ABI %u",
				 info->abi, VMSCOPE_ABI);
	/* Every rounding and every shift below relies on it. */
	if (info->page_shift < 12 || info->page_shift > 30)
		return error_set(err, STATUS_MODULE,
				 "module vmscope: page shift %llu makes no sense",
				 info->page_shift);
	return 0;
}

const char *transport_strerror(int error)
{
#define ROW(number, words)	{ number, words },
	static const struct {
		int error;
		const char *text;
	} texts[] = { VMSCOPE_ERRORS(ROW) };
#undef ROW
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].error == error)
			return texts[i].text;
	return strerror(error);
}

static const char *subject_text(const struct subject *what, int error,
				char *buf, size_t size)
{
	bool address = error == EDOM || error == ERANGE;

	if (address && what->end)
		snprintf(buf, size, "0x%llx-0x%llx", what->start, what->end);
	else if (address)
		snprintf(buf, size, "0x%llx", what->start);
	else if (what->frame)
		snprintf(buf, size, "frame %llu", what->pfn);
	else if (what->pid)
		snprintf(buf, size, "PID %d", (int)what->pid);
	else
		snprintf(buf, size, "module vmscope");
	return buf;
}

int abi_error(struct error *err, int error, const char *said,
	      const struct subject *what)
{
	bool permission = error == EPERM || error == EACCES;
	char buf[64];

	/* EACCES is what a file system says for the module's EPERM. */
	if (error == EACCES && !said)
		said = transport_strerror(EPERM);
	return error_set(err, permission ? STATUS_PERMISSION : STATUS_FAILED,
			 "%s: %s", subject_text(what, error, buf, sizeof(buf)),
			 said ? said : transport_strerror(error));
}

int abi_not_loaded(struct error *err, const char *way)
{
	return error_set(err, STATUS_MODULE,
			 "%s: module vmscope is not loaded (modprobe vmscope)",
			 way);
}

int abi_cut(struct error *err, const struct subject *what)
{
	return abi_malformed(err, what, "it ends too early");
}

int abi_malformed(struct error *err, const struct subject *what,
		  const char *detail)
{
	char buf[64];

	return error_set(err, STATUS_FAILED, "%s: bad answer: %s",
			 subject_text(what, 0, buf, sizeof(buf)), detail);
}
