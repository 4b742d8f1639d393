/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that is stood in for, on files of a temporary directory: a file
 * answers what the module would.
 */
#ifndef VMSCOPE_FAKE_DEBUGFS_H
#define VMSCOPE_FAKE_DEBUGFS_H

#include "transport_abi.h"
#include "transport_debugfs.h"
#include "unit.h"

/**
 * struct fake - what the module does in this test
 * @active: stand in for it
 * @request: what was written to it
 * @write_error: what writing fails with
 * @answer: what is read from it
 * @size: its length
 * @read_max: no read gives more than that; 0: any length
 * @error_at: a read from there on fails with @read_error
 * @read_error: errno, 0: none
 * @stats: at VMSCOPE_STATS_POS; NULL: nothing there
 */
struct fake {
	bool active;
	char request[256];
	int write_error;
	const void *answer;
	size_t size;
	size_t read_max;
	off_t error_at;
	int read_error;
	const struct vmscope_stats *stats;
};

extern struct fake fake;

/* The directory, and a file in it. */
extern char directory[];
void put_file(const char *name, const char *text);

/* For a group of tests, and for each of them. */
int setup(void **state);
int teardown(void **state);
int fresh(void **state);

struct transport *connect_ok(void);

/* The last line of an answer. */
#define STATS_LINE \
	"stats: holds 1 hold_max_ns 2 hold_total_ns 3 irqs_off_max_ns 4 retries 5 interrupted 6\n"

#endif /* VMSCOPE_FAKE_DEBUGFS_H */
