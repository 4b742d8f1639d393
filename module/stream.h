/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_STREAM_H
#define VMSCOPE_STREAM_H

#include "owners.h"
#include "runs.h"
#include "target.h"
#include "text.h"
#include "vmas.h"
#include "walk.h"

struct stream;

/**
 * struct stream_format - what an answer looks like
 * @begin: append what comes before the first piece; may be NULL
 * @run: append the next piece, which may be empty; returns as walk_run()
 * @end: append what comes after the last piece; may be NULL
 * @line: one record as text, where @run makes lines of records
 * @states: mask of 1 << enum vmscope_state: all that it ever shows
 * @has_stats: reading at VMSCOPE_STATS_POS gives the statistics
 */
struct stream_format {
	void (*begin)(struct stream *s);
	int (*run)(struct stream *s);
	void (*end)(struct stream *s);
	void (*line)(struct text *t, const struct vmscope_page *p);
	u32 states;
	bool has_stats;
};

/**
 * struct stream - an answer of any length, made piece by piece as it is read
 * @format: what it looks like
 * @asked: there is something to read
 * @target: whose memory, where it is one process's; the stream owns it
 * @start: of the range asked for
 * @end: of the range asked for
 * @filter: which entries, and how
 * @walk: over the range
 * @runs: where the format has records
 * @vmas: where the format has VMAs
 * @owners: where the format has them
 * @pfn: the frame that they are of
 * @mode: how they are looked for
 * @records: room for a piece's records, where they become text
 * @piece: the bytes at hand
 * @pos: where in the answer they begin
 * @begun: something has been made
 * @ended: nothing comes after them
 */
struct stream {
	const struct stream_format *format;
	bool asked;
	struct target target;
	u64 start;
	u64 end;
	struct runs_filter filter;
	struct walk walk;
	struct runs runs;
	struct vmas vmas;
	struct owners owners;
	u64 pfn;
	u32 mode;
	struct vmscope_page *records;
	struct text piece;
	loff_t pos;
	bool begun;
	bool ended;
};

extern const struct stream_format stream_maps;
extern const struct stream_format stream_pages;
extern const struct stream_format stream_pages_bin;
extern const struct stream_format stream_swap;
extern const struct stream_format stream_tables;
extern const struct stream_format stream_frame;

struct stream *stream_alloc(const struct stream_format *format);
void stream_free(struct stream *s);
int stream_ask(struct stream *s, struct target *t, u64 start, u64 end,
	       const struct runs_filter *filter);
int stream_ask_frame(struct stream *s, u64 pfn, u32 mode);
ssize_t stream_read(struct stream *s, char __user *to, size_t count,
		    loff_t *pos);

#endif /* VMSCOPE_STREAM_H */
