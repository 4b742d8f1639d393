/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_REQUEST_H
#define VMSCOPE_REQUEST_H

#include "runs.h"

/**
 * struct request - a line written to one of debugfs's files
 * @nr: process ID, as the writer's PID namespace has it
 * @addr: address, where the file takes one
 * @pfn: frame, where the file takes one
 * @start: of the range; the whole user half where none is given
 * @end: of the range
 * @filter: which entries, and how
 */
struct request {
	pid_t nr;
	u64 addr;
	u64 pfn;
	u64 start;
	u64 end;
	struct runs_filter filter;
};

/* Longest line taken. */
#define REQUEST_MAX	256

int request_pid(char *line, struct request *rq);
int request_address(char *line, struct request *rq);
int request_frame(char *line, struct request *rq);
int request_stream(char *line, struct request *rq, bool with_pid);

#endif /* VMSCOPE_REQUEST_H */
