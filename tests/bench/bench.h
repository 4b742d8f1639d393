/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the benchmark share. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE		4096UL
#define MEMBERS_MAX	300	/* processes of a target */
#define WALKS		1000	/* addresses of one round of single walks */

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct target - processes whose memory is asked about
 * @name: of the target
 * @pid: of the process; of the first, where it is several
 * @pids: all of them
 * @n: how many
 * @start: first address of what it was made for, 0 where it is a real program
 * @end: first address after that
 * @hold: the process ends when this is closed
 */
struct target {
	const char *name;
	pid_t pid;
	pid_t pids[MEMBERS_MAX];
	size_t n;
	uint64_t start;
	uint64_t end;
	int hold;
};

/**
 * struct seen - what a method has delivered
 * @pages: populated base pages
 * @records: in how many records
 * @rss_kib: peak memory of a command
 * @cpu_ns: time on a processor of a command
 */
struct seen {
	uint64_t pages;
	uint64_t records;
	uint64_t rss_kib;
	uint64_t cpu_ns;
};

/**
 * struct method - a way to ask
 * @name: as the report has it
 * @run: once; false where this machine does not have it
 * @words: command line; "PID" stands for the process
 * @walk: is about single addresses, not about all pages
 * @crowd: is about several processes
 */
struct method {
	const char *name;
	bool (*run)(const struct target *t, struct seen *seen);
	const char *const *words;
	bool walk;
	bool crowd;
};

/* targets.c */
void target_be(const char *name);
void target_start(struct target *t, const char *name);
void target_end(struct target *t);

/* peers.c: what every kernel has */
bool peer_pagemap(const struct target *t, struct seen *seen);
bool peer_kpage(const struct target *t, struct seen *seen);
bool peer_scan(const struct target *t, struct seen *seen);
bool peer_rollup(const struct target *t, struct seen *seen);
bool peer_preads(const struct target *t, struct seen *seen);

/* ours.c */
bool ours_netlink(const struct target *t, struct seen *seen);
bool ours_netlink_each(const struct target *t, struct seen *seen);
bool ours_debugfs(const struct target *t, struct seen *seen);
bool ours_debugfs_each(const struct target *t, struct seen *seen);
bool ours_maps(const struct target *t, struct seen *seen);
bool ours_walks(const struct target *t, struct seen *seen);
bool ours_refusals(const struct target *t, struct seen *seen);
bool ours_walks_batch(const struct target *t, struct seen *seen);
void ours_memory(const struct target *t);

/* bench.c */
void die(const char *what) __attribute__((noreturn));
uint64_t walk_address(const struct target *t, size_t i);

#endif /* BENCH_H */
