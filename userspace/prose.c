// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "procfs.h"
#include "prose.h"
#include "text.h"

/* The kernel emulates calls into this page of its half, mapped or not. */
#define VSYSCALL_PAGE	0xffffffffff600000ULL

__u64 walk_offset(const struct walk_row *row)
{
	return row->walk->vaddr & ((1ULL << row->page_shift) - 1);
}

__u64 walk_paddr(const struct walk_row *row)
{
	return row->walk->page.pfn << row->page_shift | walk_offset(row);
}

/*
 * What an access would meet. What the page tables say is only half of it: the
 * mapping decides whether a fault is served or ends in a signal.
 */
static const struct {
	const char *allowed;	/* the mapping permits some access */
	const char *forbidden;	/* it permits none */
} faults[STATES] = {
	[STATE_NONE] = {
		"demand fault: the first access installs a page",
		"SIGSEGV: the mapping permits no access",
	},
	[STATE_UNMAPPED] = {
		"SIGSEGV: no mapping covers it",
		"SIGSEGV: no mapping covers it",
	},
	[STATE_PROTNONE] = {
		"hint fault: the kernel notes who accesses it, then lets it pass",
		"SIGSEGV: PROT_NONE; the frame is kept",
	},
	[STATE_SWAP] = {
		"major fault: it has to come back from swap",
		"SIGSEGV: the mapping permits no access",
	},
	[STATE_MIGRATION] = {
		"short wait: the page is moving to another frame",
		"SIGSEGV: the mapping permits no access",
	},
	[STATE_HWPOISON] = {
		"SIGBUS: the frame is broken and was taken out of use",
		"SIGSEGV: the mapping permits no access",
	},
	[STATE_DEVICE] = {
		"fault: the driver has to bring it back from the device",
		"SIGSEGV: the mapping permits no access",
	},
};

static const char * const marker_faults[MARKERS] = {
	[MARKER_NONE]		= "fault: the entry is a marker",
	[MARKER_UFFD_WP]	= "fault: the page comes back, write-protected for userfaultfd",
	[MARKER_POISONED]	= "SIGBUS: made so by userfaultfd, or its content was lost",
	[MARKER_GUARD]		= "SIGSEGV: a guard region",
	[MARKER_UNKNOWN]	= "fault: the entry is a marker of an unknown kind",
};

static const char *fault_text(const struct walk *walk)
{
	const struct page *page = &walk->page;

	if (page->state == STATE_MARKER && page->marker < MARKERS)
		return marker_faults[page->marker];
	if (page->state >= STATES || !faults[page->state].allowed)
		return "fault";
	return walk->vma.perms & PERM_ACCESS ? faults[page->state].allowed :
					       faults[page->state].forbidden;
}

static void print_vma(const struct walk_row *row)
{
	const struct walk *walk = row->walk;
	const struct vma *vma = &walk->vma;
	char perms[5], buf[TEXT_MAX];

	if (address_is_kernel(walk->vaddr)) {
		printf("%s\n",
		       "kernel half: the same in every process (as this process's own table has it)");
		return;
	}
	if (!walk->has_vma) {
		printf("in no mapping\n");
		return;
	}
	printf("in 0x%llx-0x%llx %s", vma->start, vma->end,
	       perms_text(vma->perms, perms));
	if (*vma->file)
		printf(" %s + 0x%llx",
		       text_escape(vma->file, buf, sizeof(buf)),
		       vma->offset + (walk->vaddr - vma->start));
	if (*vma->name || !*vma->file)
		printf(" %s", *vma->name ?
		       text_escape(vma->name, buf, sizeof(buf)) : "[anon]");
	putchar('\n');
}

/* What is there by the file, as its author and the linker called it. */
static void print_name(const struct symbol_name *name)
{
	char buf[TEXT_MAX];

	if (!name || !name->segment)
		return;
	printf("at ");
	if (name->symbol)
		printf("%s (%s), ",
		       text_escape(name->symbol, buf, sizeof(buf)),
		       name->type == SYMBOL_IFUNC ?
		       "indirect function: this is the code that chooses one" :
		       symbol_type_name(name->type));
	if (name->section)
		printf("section %s, ",
		       text_escape(name->section, buf, sizeof(buf)));
	printf("segment %s\n", name->segment);
}

static void print_steps(const struct walk *walk)
{
	unsigned int i;

	if (!walk->nr_steps)
		return;
	printf("%-5s %5s  %-18s %-18s    FLAGS\n", "LEVEL", "INDEX", "ENTRY AT",
	       "RAW ENTRY");
	for (i = 0; i < walk->nr_steps; i++) {
		const struct step *step = &walk->steps[i];
		struct value v = { .kind = VALUE_ABSENT };
		char buf[256];

		value_flags(&v, step->flags);
		printf("%-5s %5llu  0x%016llx 0x%016llx -> %s\n",
		       level_name(step->level), step->index, step->entry_paddr,
		       step->entry, value_text(&v, ' ', buf, sizeof(buf)));
	}
}

static void print_frame(const struct walk_row *row)
{
	const struct page *page = row->page.page;
	struct value v = { .kind = VALUE_ABSENT };
	char buf[1024];

	if (!page->has_frame) {
		printf("   nothing is known of the frame: %s\n",
		       why_name(page->why));
		return;
	}
	printf("   map count %s%u, reference count %u",
	       page->mapcount_exact ? "" : "about ", page->mapcount,
	       page->refcount);
	if (page->node >= 0)
		printf(", node %d", page->node);
	value_kpageflags(&v, page->kpageflags);
	printf("; %s\n", value_text(&v, ' ', buf, sizeof(buf)));
}

/* The flags that all levels have: only those count for the hardware. */
static __u32 common_flags(const struct walk *walk)
{
	__u32 flags = walk->nr_steps ? ~0U : 0;
	unsigned int i;

	for (i = 0; i < walk->nr_steps; i++)
		flags &= walk->steps[i].flags;
	return flags;
}

/* Does a VMA look like shared memory? Its file system is not known here. */
static bool may_be_shmem(const struct vma *vma)
{
	static const char * const paths[] = {
		"/dev/zero", "/memfd:", "/SYSV", "/dev/shm/",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++)
		if (!strncmp(vma->file, paths[i], strlen(paths[i])))
			return true;
	return *vma->file && vma->perms & PERM_SHARED;
}

/* Where nothing is installed: how far the walk has come, and why no further. */
static void print_stop(const struct walk *walk)
{
	const char *why = "entry does not lead on";
	const struct step *last;

	if (!walk->nr_steps)
		return;
	last = &walk->steps[walk->nr_steps - 1];
	if (walk->page.why == WHY_TEARDOWN)
		why = "the table below is not entered, since no mapping keeps it from being freed";
	else if (!last->entry)
		why = "entry is empty";
	else if (last->level == LEVEL_PTE)
		why = "entry is not present";
	printf("   stops at the %s: %s\n", level_name(last->level), why);
	if (walk->page.state == STATE_NONE && walk->has_vma &&
	    may_be_shmem(&walk->vma))
		printf("   %s\n",
		       "nothing installed: never touched, or (shared memory) swapped out: the table does not tell");
}

static void print_swap(const struct walk_row *row)
{
	const struct page *page = row->page.page;
	const char *device = swaps_device(row->page.swaps, page->swap_type);
	char buf[TEXT_MAX];

	printf(": device %u", page->swap_type);
	if (device)
		printf(" (%s)", text_escape(device, buf, sizeof(buf)));
	printf(", slot %llu\n", page->swap_offset);
}

/* The kernel half: what keeps user mode out is a flag, or another table. */
static void print_kernel_access(const struct walk *walk)
{
	const __u32 flags = common_flags(walk);
	const bool own = walk->has_user_entry && walk->nr_steps &&
			 walk->user_entry != walk->steps[0].entry;

	if (walk->has_user_entry)
		printf("   page-table isolation: user mode's own top table has 0x%llx here (%s)\n",
		       walk->user_entry,
		       !walk->user_entry ? "nothing mapped" :
		       own ? "tables of its own" : "the same table below");
	printf("   an access from user mode meets: ");
	if (walk->page.state == STATE_PRESENT && flags & FLAG_USER &&
	    (!walk->has_user_entry || walk->user_entry)) {
		printf("no refusal: all levels have the user flag; it may %s%s%s\n",
		       flags & FLAG_RW ? "read and write" : "read",
		       flags & FLAG_EXEC ? " and execute" : "",
		       own ? ", if user mode's own tables say so too" : "");
		return;
	}
	printf("SIGSEGV: kernel address%s\n",
	       walk->vaddr >> 12 == VSYSCALL_PAGE >> 12 ?
	       " (but for a call, where the kernel emulates vsyscalls)" : "");
}

static void print_access(const struct walk *walk)
{
	const struct page *page = &walk->page;

	if (address_is_kernel(walk->vaddr))
		print_kernel_access(walk);
	else if (page->state != STATE_PRESENT)
		printf("   an access meets: %s\n", fault_text(walk));
	else if (walk->has_vma && walk->vma.perms & PERM_WRITE &&
		 !(page->flags & FLAG_RW))
		printf("   a write meets: protection fault, %s\n",
		       page->flags & FLAG_UFFD_WP ? "write-protected for userfaultfd" :
		       walk->vma.perms & PERM_SHARED ? "so that the kernel learns of it" :
		       "copy on write");
}

static void print_end(const struct walk_row *row)
{
	const struct page *page = &row->walk->page;
	char size[16];

	printf("=> %s", state_name(page->state));
	if (page->state == STATE_MARKER)
		printf(" (%s)", marker_name(page->marker));
	if (page->has_pfn)
		printf(": frame 0x%llx (PFN %llu) of a %s page, physical address 0x%llx\n",
		       page->pfn, page->pfn,
		       text_size(1ULL << page->page_shift, size, sizeof(size)),
		       walk_paddr(row));
	else if (page->state == STATE_SWAP)
		print_swap(row);
	else
		printf(": no frame (%s)\n", why_name(page->why));
	if (page->has_pfn)
		print_frame(row);
	else if (page->state == STATE_NONE || page->state == STATE_UNMAPPED)
		print_stop(row->walk);
	print_access(row->walk);
}

int prose_walk(const struct walk_row *row, bool first, struct error *err)
{
	const struct walk *walk = row->walk;
	char comm[COMM_SIZE], buf[4 * COMM_SIZE];

	procfs_comm(walk->pid, comm);
	printf("%sprocess %d (%s), virtual address 0x%016llx = page 0x%llx, offset 0x%03llx\n",
	       first ? "" : "\n", (int)walk->pid,
	       text_escape(comm, buf, sizeof(buf)), walk->vaddr,
	       walk->vaddr >> row->page_shift, walk_offset(row));
	print_vma(row);
	print_name(row->name);
	putchar('\n');
	print_steps(walk);
	print_end(row);
	return render_check(err);
}
