// SPDX-License-Identifier: GPL-2.0
/* One address -> everything about it, for either way in. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "answer.h"
#include "env.h"
#include "runs.h"

/*
 * How long a busy target is waited for. Netlink's requests are answered under a
 * lock that new families, of any module, have to wait for.
 */
#define PATIENCE_NS	(2 * NSEC_PER_SEC)

/**
 * struct address_sink - gathers what trail_user() and trail_kernel() find
 * @sink: given to the walk
 * @runs: makes the record
 * @page: the record
 * @answer: where the VMA goes
 */
struct address_sink {
	struct sink sink;
	struct runs runs;
	struct vmscope_page page;
	struct answer *answer;
};

static bool address_vma(struct sink *sink, struct vm_area_struct *vma)
{
	struct address_sink *s = container_of(sink, struct address_sink, sink);

	if (vma && !s->answer->brief)
		vma_describe(&s->answer->vma, vma);
	s->answer->has_vma = vma;
	return true;
}

static u64 address_take(struct sink *sink, const struct entry *e)
{
	struct address_sink *s = container_of(sink, struct address_sink, sink);
	u64 taken;

	/* A new try starts over. */
	s->runs.has_pending = false;
	runs_use(&s->runs, &s->page, 1);
	taken = s->runs.sink.take(&s->runs.sink, e);
	runs_finish(&s->runs);
	return taken;
}

/* The record of an address where nothing is installed. */
static void describe_empty(struct answer *a, u64 vaddr)
{
	const struct vmscope_level *last = &a->trail.level[a->trail.nr - 1];
	u8 why = a->trail.why;
	u8 depth;

	if (why == VMSCOPE_WHY_KNOWN)
		why = a->has_vma ? VMSCOPE_WHY_EMPTY : VMSCOPE_WHY_UNMAPPED;
	a->page = (struct vmscope_page){
		.vaddr = vaddr,
		.entry = last->entry,
		.pfn = VMSCOPE_PFN_NONE,
		.npages = 1,
		.node = VMSCOPE_NODE_NONE,
		.state = a->trail.state,
		.level = last->level,
		.why = why,
	};
	for (depth = 0; depth < env.paging.nr; depth++)
		if (env.paging.level[depth].level == last->level)
			a->page.page_shift = env.paging.level[depth].shift;
}

/**
 * answer_alloc() - room for an answer, and for others after it
 * @brief: nobody wants to know of the VMA but whether there is one
 *
 * Return: to be freed by kfree(); NULL where there is no memory.
 */
struct answer *answer_alloc(bool brief)
{
	struct answer *a = kmalloc(sizeof(*a), GFP_KERNEL);

	if (a) {
		a->brief = brief;
		a->hold = (struct hold){
			.patience_ns = PATIENCE_NS,
			.keep = brief,
		};
		a->frame = (struct frame){};
	}
	return a;
}

/**
 * answer_pause() - let go of what was kept for the next address
 * @a: one of many
 */
void answer_pause(struct answer *a)
{
	if (a->hold.held)
		hold_drop(&a->hold);
}

/**
 * answer_address() - walk to one address
 * @a: of answer_alloc(); filled
 * @t: bound
 * @addr: any alignment
 *
 * After one of many the mmap lock may still be held, for the next: before anything
 * else answer_pause().
 *
 * Return: 0, -EDOM where no table can hold the address, the errors of
 * trail_user().
 */
int answer_address(struct answer *a, const struct target *t, u64 addr)
{
	u64 vaddr = addr & PAGE_MASK;
	struct address_sink s = {
		.sink = { .vma = address_vma, .take = address_take },
		.answer = a,
	};
	struct hold *h = &a->hold;
	int err;

	if (!env_is_user(addr) && !env_is_kernel(addr))
		return -EDOM;
	err = runs_init(&s.runs, &RUNS_FILTER_ALL);
	if (err)
		return err;
	s.runs.frame = a->frame;
	h->target = t;
	a->has_vma = false;
	a->has_user_entry = false;
	if (env_is_user(addr)) {
		err = trail_user(&a->trail, h, vaddr, &s.sink);
	} else {
		answer_pause(a);
		err = trail_kernel(&a->trail, h, vaddr, &s.sink);
		a->has_user_entry = env.info.can & VMSCOPE_CAN_PTI;
		if (a->has_user_entry)
			a->user_entry = trail_user_entry(h, vaddr);
	}
	if (err)
		return err;
	a->frame = s.runs.frame;
	if (s.runs.nr)
		a->page = s.page;
	else
		describe_empty(a, vaddr);
	return 0;
}
