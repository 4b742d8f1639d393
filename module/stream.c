// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of any length, text or records, made piece by piece as they are read:
 * neither a lock nor much memory is held for a reader.
 *
 * Not seq_file: its positions are lines, here they are bytes of the answer, at
 * any of which one may pread(). Reading before the piece at hand begins the
 * answer anew; reading behind it makes and drops what lies between.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "env.h"
#include "stream.h"

#define PIECE_SIZE	(64 * 1024)
/* So many that they fit as text, too. */
#define PIECE_RECORDS	(PIECE_SIZE / TEXT_PAGE_MAX)

/* What is free, less the line that may have to follow. */
static size_t room(const struct stream *s)
{
	return s->piece.size - s->piece.len - TEXT_STATS_MAX;
}

static bool emit_vma(struct vmas *v, const struct vma_desc *d)
{
	struct stream *s = container_of(v, struct stream, vmas);

	if (room(s) < TEXT_VMA_MAX)
		return false;
	text_vma(&s->piece, d);
	return true;
}

static int run_maps(struct stream *s)
{
	int ret = walk_run(&s->walk, &s->vmas.sink);

	if (!ret && !vmas_finish(&s->vmas))
		ret = WALK_FULL;
	return ret;
}

static int run_records(struct stream *s, struct vmscope_page *buf, u32 max)
{
	int ret;

	runs_use(&s->runs, buf, max);
	ret = walk_run(&s->walk, &s->runs.sink);
	if (!ret && !runs_finish(&s->runs))
		ret = WALK_FULL;
	return ret;
}

static int run_pages(struct stream *s)
{
	int ret = run_records(s, s->records, room(s) / TEXT_PAGE_MAX);
	u32 i;

	for (i = 0; ret >= 0 && i < s->runs.nr; i++)
		s->format->line(&s->piece, &s->records[i]);
	return ret;
}

static int run_tables(struct stream *s)
{
	struct tables tables;
	int err = tables_count(&tables, &s->target);

	if (err)
		return err;
	text_tables(&s->piece, &tables);
	s->walk.hold.stats = tables.stats;
	return 0;
}

static bool emit_owner(struct owners *o, const struct vmscope_owner *owner,
		       const char *file)
{
	struct stream *s = container_of(o, struct stream, owners);

	/* After the last owner come the lines about the frame. */
	if (room(s) < TEXT_OWNER_MAX + TEXT_FRAME_MAX)
		return false;
	text_owner(&s->piece, owner, file);
	return true;
}

static int run_frame(struct stream *s)
{
	int ret = owners_run(&s->owners);

	if (!ret)
		text_frame(&s->piece, &s->owners.frame, s->owners.rmap.file);
	s->walk.hold.stats = s->owners.walk.hold.stats;
	return ret;
}

static int run_pages_bin(struct stream *s)
{
	int ret = run_records(s, (struct vmscope_page *)s->piece.buf,
			      s->piece.size / sizeof(struct vmscope_page));

	s->piece.len = s->runs.nr * sizeof(struct vmscope_page);
	return ret;
}

static void begin_maps(struct stream *s)
{
	text_vma_heading(&s->piece);
}

static void begin_pages(struct stream *s)
{
	text_page_heading(&s->piece);
}

static void begin_frame(struct stream *s)
{
	text_owner_heading(&s->piece);
}

static void begin_swap(struct stream *s)
{
	text_swap_heading(&s->piece);
}

static void end_text(struct stream *s)
{
	text_stats(&s->piece, "# stats", &s->walk.hold.stats);
}

const struct stream_format stream_maps = {
	.begin = begin_maps,
	.run = run_maps,
	.end = end_text,
};

const struct stream_format stream_pages = {
	.begin = begin_pages,
	.run = run_pages,
	.end = end_text,
	.line = text_page,
	.states = ~0U,
};

const struct stream_format stream_swap = {
	.begin = begin_swap,
	.run = run_pages,
	.end = end_text,
	.line = text_swap,
	.states = BIT(VMSCOPE_STATE_SWAP),
};

const struct stream_format stream_tables = {
	.run = run_tables,
	.end = end_text,
};

const struct stream_format stream_frame = {
	.begin = begin_frame,
	.run = run_frame,
	.end = end_text,
};

const struct stream_format stream_pages_bin = {
	.run = run_pages_bin,
	.states = ~0U,
	.has_stats = true,
};

/**
 * stream_alloc() - a stream that nothing has been asked of yet
 * @format: what its answers look like
 *
 * Return: to be freed by stream_free(); NULL where there is no memory.
 */
struct stream *stream_alloc(const struct stream_format *format)
{
	struct stream *s = kvzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->format = format;
	s->piece.size = PIECE_SIZE;
	s->piece.buf = kvmalloc(PIECE_SIZE, GFP_KERNEL);
	s->records = kvmalloc_array(PIECE_RECORDS, sizeof(*s->records),
				    GFP_KERNEL);
	if (!s->piece.buf || !s->records) {
		stream_free(s);
		return NULL;
	}
	return s;
}

/**
 * stream_free() - end of a stream
 * @s: of stream_alloc()
 */
void stream_free(struct stream *s)
{
	owners_end(&s->owners);
	target_close(&s->target);
	kvfree(s->records);
	kvfree(s->piece.buf);
	kvfree(s);
}

/* Back to the answer's first byte. */
static void rewind(struct stream *s)
{
	s->pos = 0;
	s->piece.len = 0;
	s->begun = false;
	s->ended = false;
	/* Cannot fail: stream_ask*() have tried. */
	if (s->format == &stream_frame) {
		owners_end(&s->owners);
		owners_start(&s->owners, s->pfn, s->mode, emit_owner);
		return;
	}
	runs_init(&s->runs, &s->filter);
	vmas_init(&s->vmas, emit_vma);
	walk_start(&s->walk, &s->target, s->start, s->end);
}

/**
 * stream_ask() - say what the answer is to be about
 * @s: its former answer is dropped
 * @t: bound; @s takes it over where 0 is returned
 * @start: first address, page-aligned
 * @end: first address after the range, page-aligned
 * @filter: which entries, and how
 *
 * Return: 0, -EINVAL, or -ERANGE where the range leaves the user half.
 */
int stream_ask(struct stream *s, struct target *t, u64 start, u64 end,
	       const struct runs_filter *filter)
{
	struct runs unused;
	int err;

	if (!PAGE_ALIGNED(start) || !PAGE_ALIGNED(end) || start >= end)
		return -EINVAL;
	if (end > env.user_end)
		return -ERANGE;
	err = runs_init(&unused, filter);
	if (err)
		return err;
	target_close(&s->target);
	s->target = *t;
	*t = (struct target){};
	s->start = start;
	s->end = end;
	s->filter = *filter;
	s->filter.states &= s->format->states;
	s->asked = true;
	rewind(s);
	return 0;
}

/**
 * stream_ask_frame() - say what the answer is to be about
 * @s: of stream_frame; its former answer is dropped
 * @pfn: the frame
 * @mode: VMSCOPE_MODE_SCAN or 0
 *
 * Return: 0, -E2BIG where no frame can have such a number.
 */
int stream_ask_frame(struct stream *s, u64 pfn, u32 mode)
{
	if (!owners_may_ask(pfn))
		return -E2BIG;
	s->pfn = pfn;
	s->mode = mode;
	s->asked = true;
	rewind(s);
	return 0;
}

/* Make the next piece. */
static int advance(struct stream *s)
{
	int ret;

	s->pos += s->piece.len;
	s->piece.len = 0;
	if (!s->begun && s->format->begin)
		s->format->begin(s);
	s->begun = true;
	ret = s->format->run(s);
	if (ret < 0) {
		/* The next read begins anew, and is told the same. */
		rewind(s);
		return ret;
	}
	if (ret == WALK_FULL)
		return 0;
	s->ended = true;
	if (s->format->end)
		s->format->end(s);
	return 0;
}

static ssize_t read_stats(struct stream *s, char __user *to, size_t count)
{
	if (count < sizeof(s->walk.hold.stats))
		return -EINVAL;
	if (copy_to_user(to, &s->walk.hold.stats, sizeof(s->walk.hold.stats)))
		return -EFAULT;
	return sizeof(s->walk.hold.stats);
}

/**
 * stream_read() - copy some of the answer to the reader
 * @s: one at a time
 * @to: where to
 * @count: at most so many bytes
 * @pos: offset in the answer, moved on
 *
 * Return: bytes, 0 at the end, -ENODATA where nothing has been asked, -EINTR,
 * -ESTALE, -EFAULT.
 */
ssize_t stream_read(struct stream *s, char __user *to, size_t count,
		    loff_t *pos)
{
	size_t skip, n;
	int err;

	if (!s->asked)
		return -ENODATA;
	if (s->format->has_stats && *pos == VMSCOPE_STATS_POS)
		return read_stats(s, to, count);
	if (*pos < s->pos)
		rewind(s);
	while (!s->ended && *pos >= s->pos + (loff_t)s->piece.len) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = advance(s);
		if (err)
			return err;
	}
	if (*pos >= s->pos + (loff_t)s->piece.len)
		return 0;
	skip = *pos - s->pos;
	n = min(count, s->piece.len - skip);
	if (copy_to_user(to, s->piece.buf + skip, n))
		return -EFAULT;
	*pos += n;
	return n;
}
