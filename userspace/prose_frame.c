// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "prose_frame.h"
#include "text.h"

static const char * const kinds[FRAME_KINDS] = {
	[FRAME_NOTHING]	  = "nothing: no memory and no device has this address",
	[FRAME_DEVICE]	  = "a device's memory or registers: the kernel has no struct page for it",
	[FRAME_OFFLINE]	  = "memory that the kernel does not use",
	[FRAME_FREE]	  = "free",
	[FRAME_RESERVED]  = "set aside at boot: kernel image, firmware, or a hole",
	[FRAME_SLAB]	  = "kernel memory: objects of a slab",
	[FRAME_PGTABLE]	  = "a page table",
	[FRAME_KERNEL]	  = "kernel memory, or a driver's",
	[FRAME_ZERO]	  = "the zero page: stands for memory that was read before it was written",
	[FRAME_HUGE_ZERO] = "part of the huge zero page",
	[FRAME_FILE]	  = "page cache",
	[FRAME_SHMEM]	  = "shared memory",
	[FRAME_ANON]	  = "anonymous",
	[FRAME_KSM]	  = "anonymous, merged with equal ones (KSM)",
	[FRAME_HUGETLB]	  = "of the huge page pool",
};

static const char * const ways[HOWS] = {
	[HOW_NONE]	= "its map count is 0",
	[HOW_FILE]	= "by the mappings of that page of the file",
	[HOW_ANON]	= "by the mappings that share the anonymous page",
	[HOW_SCAN]	= "by walking every process",
	[HOW_LOCKED]	= "not looked for: somebody else kept it locked (see --scan)",
	[HOW_CHANGED]	= "not looked for: it was freed or changed meanwhile",
};

static const char *word(const char * const *words, unsigned int n,
			unsigned int i)
{
	return i < n ? words[i] : "unknown";
}

static void print_file(const struct frame *frame)
{
	char buf[TEXT_MAX];

	if (!frame->has_file)
		return;
	printf(": page %llu of ", frame->file_page);
	if (*frame->file)
		printf("%s", text_escape(frame->file, buf, sizeof(buf)));
	else
		printf("a file without a name");
	printf(" (inode %llu, device %02x:%02x)", frame->inode,
	       frame->dev_major, frame->dev_minor);
}

static void print_facts(const struct frame *frame)
{
	struct value v = { .kind = VALUE_ABSENT };
	char buf[512];

	printf("map count %s%llu, %llu references", frame->mapcount_exact ?
	       "" : "~", frame->mapcount, frame->refcount);
	if (frame->node >= 0)
		printf(", node %d", frame->node);
	if (frame->memcg_inode)
		printf(", memory cgroup %llu", frame->memcg_inode);
	value_kpageflags(&v, frame->kpageflags);
	printf("\nflags 0x%llx = %s\n", frame->kpageflags,
	       value_text(&v, ',', buf, sizeof(buf)));
	if (frame->order)
		printf("page %llu of the %llu that begin with frame %llu (order %llu)\n",
		       frame->pfn - frame->head_pfn, 1ULL << frame->order,
		       frame->head_pfn, frame->order);
}

void prose_frame(const struct frame *frame, unsigned int page_shift, bool first)
{
	printf("%sframe %llu at 0x%llx: %s", first ? "" : "\n", frame->pfn,
	       frame->pfn << page_shift, word(kinds, FRAME_KINDS, frame->kind));
	print_file(frame);
	printf("\n");
	if (frame->has_facts)
		print_facts(frame);
}

void prose_owners(const struct frame *frame, size_t n)
{
	printf("%zu owner%s, %s", n, n == 1 ? "" : "s",
	       word(ways, HOWS, frame->how));
	if (frame->hidden)
		printf("; %llu more outside of this PID namespace",
		       frame->hidden);
	if (frame->skipped)
		printf("; %llu could not be looked at", frame->skipped);
	if (frame->how != HOW_LOCKED && frame->how != HOW_CHANGED)
		printf("; %s", frame->complete ? "that is all of them" :
						 "there may be others");
	printf("\n");
}
