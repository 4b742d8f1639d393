// SPDX-License-Identifier: GPL-2.0
/*
 * PFN -> every process and address that maps it.
 *
 * rmap.c says where to look, without a lock that outlives it; each place is then
 * walked as any other address is, which tells whether it maps the frame at that
 * moment. Only where the kernel keeps no reverse map that modules can read (KSM,
 * zero pages, frames that are mapped without being counted) is every process
 * walked from end to end.
 *
 * No reference on the frame is held meanwhile: whoever asks may be slow to read
 * the answer. What maps the frame is true of the frame, whatever it holds; that
 * the owners are complete is said only where the map count was the same before
 * and after.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "compat.h"
#include "env.h"
#include "frame.h"
#include "owners.h"
#include "trail.h"

/* How long one call may take; a reader can be killed in between. */
#define PART_BUDGET_NS	(20 * NSEC_PER_MSEC)

/* For the locks of one process, and of all of them; then only tried. */
#define PATIENCE_NS	(20 * NSEC_PER_MSEC)
#define WAIT_BUDGET_NS	NSEC_PER_SEC
#define IMPATIENT_NS	1

enum stage {
	STAGE_BEGIN,
	STAGE_PLACES,
	STAGE_SCAN,
	STAGE_END,
};

/* What the walk has found stays one VMA's: a path is looked up once for it. */
static bool enter_vma(struct sink *sink, struct vm_area_struct *vma)
{
	struct owners *o = container_of(sink, struct owners, sink);

	if (o->nr && o->vma_start != vma->vm_start)
		return false;
	o->vma = vma;
	return true;
}

/* d_path() does not sleep. */
static void name_file(struct owners *o)
{
	struct file *file = o->vma->vm_file;
	char *path;

	o->path[0] = '\0';
	if (!file)
		return;
	path = d_path(compat_file_path(file), o->path, sizeof(o->path));
	if (IS_ERR(path))
		strscpy(o->path, "(path too long)", sizeof(o->path));
	else
		memmove(o->path, path, strlen(path) + 1);
}

static u64 take_entry(struct sink *sink, const struct entry *e)
{
	struct owners *o = container_of(sink, struct owners, sink);
	u64 inside = o->frame.pfn - e->d.pfn;

	if (!decoded_is_mapped(&e->d) || inside >= e->npages)
		return e->npages;
	if (o->nr == OWNERS_HITS)
		return inside;
	if (!o->nr) {
		o->vma_start = e->vma_start;
		name_file(o);
	}
	o->hit[o->nr++] = (struct hit){
		.vaddr = e->vaddr + (inside << PAGE_SHIFT),
		.raw = entry_raw(e, inside),
		.flags = e->d.flags,
		.state = e->d.state,
		.level = e->level,
		.page_shift = e->page_shift,
	};
	if (frame_is_huge_zero(e))
		o->frame.kind = VMSCOPE_KIND_HUGE_ZERO;
	return e->npages;
}

/* Has the kernel no count of who maps such a frame? */
static bool is_uncounted(u8 kind)
{
	return kind == VMSCOPE_KIND_DEVICE || kind == VMSCOPE_KIND_RESERVED ||
	       kind == VMSCOPE_KIND_ZERO || kind == VMSCOPE_KIND_HUGE_ZERO;
}

/* May it be the huge zero page, which nothing marks? */
static bool may_be_huge_zero(const struct vmscope_frame *f)
{
	return f->kind == VMSCOPE_KIND_KERNEL &&
	       f->order == PMD_SHIFT - PAGE_SHIFT;
}

static int begin(struct owners *o)
{
	struct vmscope_frame *f = &o->frame;
	int err;

	frame_describe(f->pfn, f);
	o->mapcount = f->mapcount;
	if (f->bits & VMSCOPE_FRAME_FACTS) {
		err = rmap_gather(&o->rmap, f->pfn);
		if (err)
			return err;
		f->how = o->rmap.how;
	}
	if (o->rmap.has_file) {
		f->bits |= VMSCOPE_FRAME_FILE;
		f->inode = o->rmap.inode;
		f->file_page = o->rmap.file_page;
		f->dev_major = o->rmap.dev_major;
		f->dev_minor = o->rmap.dev_minor;
	}
	f->lock_max_ns = o->rmap.locked_max_ns;
	if (o->mode & VMSCOPE_MODE_SCAN || is_uncounted(f->kind) ||
	    may_be_huge_zero(f))
		f->how = VMSCOPE_HOW_SCAN;

	switch (f->how) {
	case VMSCOPE_HOW_FILE:
	case VMSCOPE_HOW_ANON:
		o->stage = STAGE_PLACES;
		break;
	case VMSCOPE_HOW_SCAN:
		o->stage = STAGE_SCAN;
		break;
	default:
		o->stage = STAGE_END;
	}
	return 0;
}

/* One process that has its lock taken must not hold up the rest. */
static void limit_wait(struct owners *o)
{
	struct hold *h = &o->walk.hold;

	h->patience_ns = o->waited_ns + h->waited_ns < WAIT_BUDGET_NS ?
			 PATIENCE_NS : IMPATIENT_NS;
}

/* Get ready to walk the process at hand; what it costs adds up. */
static void aim(struct owners *o, u64 start, u64 end)
{
	struct hold spent = o->walk.hold;

	walk_start(&o->walk, &o->target, start, end);
	o->walk.hold.stats = spent.stats;
	o->walk.hold.waited_ns = spent.waited_ns;
	limit_wait(o);
}

/* A walk has failed, at @since or later. Returns an error that ends the query. */
static int skip(struct owners *o, int err, u64 since)
{
	switch (err) {
	case -EAGAIN:
	case -EBUSY:
		o->waited_ns += ktime_get_ns() - since;
		o->frame.skipped++;
		return 0;
	case -ESTALE:
		/* Where it has not exited, or others use it: not looked at. */
		o->frame.skipped += atomic_read(&o->target.mm->mm_users) > 0 ||
				    target_is_alive(&o->target);
		return 0;
	default:
		return err;
	}
}

/* A mapping was found: count it, once for all processes on that memory. */
static void count_hits(struct owners *o)
{
	u32 i;

	for (i = 0; i < o->nr; i++) {
		o->frame.found++;
		if (!(o->hit[i].flags & VMSCOPE_FLAG_SPECIAL))
			o->counted++;
	}
}

/* Whose memory is it? The caller has no other process at hand. */
static int open_place(struct owners *o, struct mm_struct *mm)
{
	pid_t nr = 1;

	if (!target_open_mm(&o->target, mm))
		return 0;
	return target_open_next_user(&o->target, mm, o->ns, &nr);
}

static int look_at_place(struct owners *o)
{
	const struct rmap_place *place;
	struct trail trail;
	u64 since;
	int err;

	if (o->next_place == o->rmap.nr) {
		o->stage = STAGE_END;
		return 0;
	}
	place = &o->rmap.place[o->next_place++];
	err = open_place(o, place->mm);
	if (err == -ESRCH) {
		/* Nobody's yet, or no more; or of another namespace. */
		o->frame.skipped += atomic_read(&place->mm->mm_users) > 0;
		return 0;
	}
	if (err)
		return err;
	aim(o, place->vaddr, place->vaddr + PAGE_SIZE);
	since = ktime_get_ns();
	err = trail_user(&trail, &o->walk.hold, place->vaddr, &o->sink);
	if (err)
		return skip(o, err, since);
	count_hits(o);
	if (o->nr && target_is_shared(&o->target)) {
		o->first_nr = pid_nr_ns(o->target.pid, o->ns);
		o->sharer_nr = 1;
	}
	return 0;
}

/* The next process, if none is at hand. */
static int next_process(struct owners *o)
{
	int err = target_open_next(&o->target, o->ns, &o->next_nr);

	if (err == -ESRCH) {
		o->stage = STAGE_END;
		return 0;
	}
	o->next_nr++;
	/* A kernel thread or a zombie. */
	if (!err) {
		/* What waiting for the last one was good for is forgiven. */
		o->walk.hold.waited_ns = 0;
		aim(o, 0, env.user_end);
	}
	return 0;
}

/* On with the process at hand, until it is done or something is found. */
static int look_at_process(struct owners *o)
{
	u64 since = ktime_get_ns();
	int ret;

	limit_wait(o);
	ret = walk_run(&o->walk, &o->sink);
	/* A change of some process's memory is no change of the answer. */
	o->walk.hold.stats.interrupted = 0;
	if (o->nr && target_is_booked(&o->target))
		count_hits(o);
	if (ret < 0)
		ret = skip(o, ret, since);
	else if (ret == WALK_FULL)
		return 0;
	/* Its name is needed for what was found. */
	if (!ret)
		o->walk.cursor = env.user_end;
	return ret;
}

static bool emit_hit(struct owners *o, const struct hit *hit, pid_t nr)
{
	struct vmscope_owner owner = {
		.vaddr = hit->vaddr,
		.entry = hit->raw,
		.pid = nr,
		.flags = hit->flags,
		.state = hit->state,
		.level = hit->level,
		.page_shift = hit->page_shift,
	};

	BUILD_BUG_ON(sizeof(owner.comm) != TASK_COMM_LEN);
	target_comm(&o->target, owner.comm);
	return o->emit(o, &owner, o->path[0] ? o->path : NULL);
}

/* All that the process at hand maps the frame at. False: no room. */
static bool hand_out(struct owners *o)
{
	pid_t nr;

	if (!o->nr)
		return true;
	nr = pid_nr_ns(o->target.pid, o->ns);
	for (; o->next < o->nr; o->next++) {
		if (!nr)
			o->frame.hidden++;
		else if (!emit_hit(o, &o->hit[o->next], nr))
			return false;
	}
	return true;
}

/*
 * The next of the other processes that run on the memory at hand, to which the
 * same hits apply.
 */
static int next_sharer(struct owners *o)
{
	struct target t = {};
	int err = target_open_next_user(&t, o->target.mm, o->ns,
					&o->sharer_nr);

	if (err == -ESRCH) {
		o->sharer_nr = 0;
		return 0;
	}
	if (err)
		return err;
	target_close(&o->target);
	o->target = t;
	o->next = o->sharer_nr == o->first_nr ? o->nr : 0;
	o->sharer_nr++;
	return 0;
}

/* What was found is handed out: go on. */
static int advance(struct owners *o)
{
	if (o->stage == STAGE_BEGIN)
		return begin(o);
	if (o->sharer_nr)
		return next_sharer(o);
	o->nr = 0;
	o->next = 0;
	if (o->stage == STAGE_SCAN && o->target.mm &&
	    o->walk.cursor < env.user_end)
		return look_at_process(o);
	target_close(&o->target);
	return o->stage == STAGE_SCAN ? next_process(o) : look_at_place(o);
}

/* Are the owners found all there are? */
static bool is_complete(const struct owners *o)
{
	const struct vmscope_frame *f = &o->frame;

	if (f->hidden)
		return false;
	/* Memory of a driver may be mapped without being counted. */
	if (is_uncounted(f->kind) || f->kind == VMSCOPE_KIND_KERNEL)
		return f->how == VMSCOPE_HOW_SCAN && !f->skipped &&
		       o->ns == &init_pid_ns;
	if (!(f->bits & VMSCOPE_FRAME_FACTS))
		return true;
	if (!compat_mapcount_exact() || o->mapcount != f->mapcount)
		return false;
	/* A shared PMD table is one mapping, for all who share it. */
	if (f->kind == VMSCOPE_KIND_HUGETLB)
		return o->counted >= f->mapcount && !f->skipped &&
		       (f->mapcount || !o->counted);
	return o->counted == f->mapcount;
}

static void finish(struct owners *o)
{
	frame_describe(o->frame.pfn, &o->frame);
	if (is_complete(o))
		o->frame.bits |= VMSCOPE_FRAME_COMPLETE;
}

/**
 * owners_may_ask() - can a frame have this number?
 * @pfn: any number
 *
 * Return: false where no entry has room for it.
 */
bool owners_may_ask(u64 pfn)
{
	return !(pfn >> (env.info.pa_bits - PAGE_SHIFT));
}

/**
 * owners_start() - ask for the owners of a frame
 * @o: any; to be ended by owners_end() whatever is returned
 * @pfn: any number
 * @mode: VMSCOPE_MODE_SCAN or 0
 * @emit: takes the owners; may be called under no lock but the caller's own
 *
 * Processes are named as the caller's PID namespace names them.
 *
 * Return: 0, -E2BIG where no frame can have such a number.
 */
int owners_start(struct owners *o, u64 pfn, u32 mode,
		 bool (*emit)(struct owners *o,
			      const struct vmscope_owner *owner,
			      const char *file))
{
	memset(o, 0, sizeof(*o));
	if (!owners_may_ask(pfn))
		return -E2BIG;
	o->sink.vma = enter_vma;
	o->sink.take = take_entry;
	o->emit = emit;
	o->ns = get_pid_ns(task_active_pid_ns(current));
	o->mode = mode;
	o->frame.pfn = pfn;
	o->next_nr = 1;
	return 0;
}

/**
 * owners_run() - go on with a query
 * @o: started
 *
 * May sleep. Comes back after PART_BUDGET_NS whether or not something was found.
 *
 * Return: 0 at the end, with @o->frame the answer; WALK_FULL; -ENOMEM; -EINTR
 * where the caller is to die.
 */
int owners_run(struct owners *o)
{
	u64 since = ktime_get_ns();
	int err;

	while (o->stage != STAGE_END || o->next < o->nr || o->sharer_nr) {
		if (!hand_out(o) ||
		    ktime_get_ns() - since > PART_BUDGET_NS)
			return WALK_FULL;
		if (fatal_signal_pending(current))
			return -EINTR;
		err = advance(o);
		if (err)
			return err;
	}
	finish(o);
	return 0;
}

/**
 * owners_end() - end of a query
 * @o: started, or zeroed
 */
void owners_end(struct owners *o)
{
	target_close(&o->target);
	rmap_free(&o->rmap);
	if (o->ns)
		put_pid_ns(o->ns);
	o->ns = NULL;
}
