/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One process after the other: what each maps, and what they have in common.
 */
#ifndef VMSCOPE_SURVEY_H
#define VMSCOPE_SURVEY_H

#include "processes.h"
#include "progress.h"
#include "sharing.h"
#include "transport.h"

/**
 * struct surveyed - one process
 * @pid: its number
 * @present: pages that it maps, zero pages left out
 * @rss: bytes that it maps
 * @pss: its share of them
 * @uss: those that nothing else maps
 * @mapcount_exact: @pss and @uss are not estimates
 * @comm: what it calls itself
 */
struct surveyed {
	__u64 pid;
	__u64 present;
	__u64 rss;
	__u64 pss;
	__u64 uss;
	bool mapcount_exact;
	char comm[COMM_SIZE];
};

/**
 * struct survey - all of them
 * @t: the way in
 * @stats: print what it costs
 * @sharing: what they have in common; its numbers are places in @process
 * @process: the processes
 * @n: how many
 * @skipped: left out, because they have exited meanwhile
 * @page_shift: log2 of the base page size
 */
struct survey {
	struct transport *t;
	bool stats;
	struct sharing sharing;
	struct surveyed *process;
	size_t n;
	size_t skipped;
	unsigned int page_shift;
};

/**
 * survey_run() - read them, and count
 * @s: with @t and @stats filled in, else all zeroes; to be freed, also after an
 *	error
 * @processes: which ones. One that was not chosen by number may exit meanwhile
 * @keep_maps: keep each mapping, for sharing_next()
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int survey_run(struct survey *s, const struct processes *processes,
	       bool keep_maps, struct error *err);

/**
 * survey_free() - forget it
 * @s: may be all zeroes
 */
void survey_free(struct survey *s);

#endif /* VMSCOPE_SURVEY_H */
