// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope shared: which pages processes have in common.
 */
#include <stdlib.h>

#include "address.h"
#include "command.h"
#include "freeze.h"
#include "matrix.h"
#include "report.h"

enum {
	OPT_FRAMES,
	OPT_STATS,
	OPT_FREEZE,
	OPT_ALL,
	OPT_NAME,
	OPT_CGROUP,
};

static const struct command_option shared_options[] = {
	[OPT_FRAMES] = { "frames", NULL, "also each frame that two of them map" },
	[OPT_STATS] = { "stats", NULL, "what it has cost, on stderr" },
	[OPT_FREEZE] = FREEZE_OPTION,
	[OPT_ALL] = { "all", NULL, "all processes" },
	[OPT_NAME] = { "name", "COMM", "all that are called so; may be repeated" },
	[OPT_CGROUP] = { "cgroup", "PATH", "all of this cgroup and those in it; may be repeated" },
	{ 0 }
};

static int add_option(struct processes *p, const struct given *given,
		      struct error *err)
{
	switch (given->option) {
	case OPT_ALL:
		return processes_add_all(p, err);
	case OPT_NAME:
		return processes_add_name(p, given->argument, err);
	case OPT_CGROUP:
		return processes_add_cgroup(p, given->argument, err);
	default:
		return 0;
	}
}

static bool is_choosing(const struct invocation *inv)
{
	return inv->option[OPT_ALL] || inv->option[OPT_NAME] ||
	       inv->option[OPT_CGROUP];
}

/* What can be wrong with the command line alone comes first. */
static int parse_pids(const struct invocation *inv, struct processes *p,
		      struct error *err)
{
	pid_t pid;
	int i;

	if (inv->argc < 2 && !is_choosing(inv))
		return error_set(err, STATUS_USAGE,
				 "shared: needs PID PID..., --all, --name or --cgroup");
	for (i = 0; i < inv->argc; i++)
		if (address_pid(inv->argv[i], &pid, err) ||
		    processes_add(p, pid, err))
			return -1;
	return 0;
}

static int choose(const struct invocation *inv, struct processes *p,
		  struct error *err)
{
	int i;

	for (i = 0; i < inv->nr_given; i++)
		if (add_option(p, &inv->given[i], err))
			return -1;
	processes_finish(p);
	return 0;
}

static int freeze_all(struct freeze *f, const struct processes *p,
		      struct error *err)
{
	pid_t *pid = calloc(p->n, sizeof(*pid));
	int ret = -1;
	size_t i;

	for (i = 0; pid && i < p->n; i++)
		pid[i] = p->process[i].pid;
	if (pid)
		ret = freeze_processes(f, pid, p->n, err);
	else
		error_set(err, STATUS_FAILED, "shared: out of memory");
	free(pid);
	return ret;
}

/* Who is not in the answer, though asked for; and what the answer took. */
static void print_notes(const struct survey *s, const struct processes *p)
{
	if (s->skipped)
		fprintf(stderr,
			"vmscope: shared: %zu of %zu processes left out: exited meanwhile\n",
			s->skipped, p->n);
	if (p->foreign)
		fprintf(stderr,
			"vmscope: shared: %zu processes left out: they are in no PID namespace of this one\n",
			p->foreign);
	if (s->stats)
		fprintf(stderr,
			"vmscope: stats: shared: frames %zu sets %zu bytes %zu\n",
			s->sharing.nr_frames, s->sharing.nr_sets,
			sharing_bytes(&s->sharing));
}

static int run_shared(const struct invocation *inv, struct error *err)
{
	struct survey s = { .stats = inv->option[OPT_STATS] };
	struct report rep = {
		.look = &inv->look,
		.s = &s,
		.frames = inv->option[OPT_FRAMES],
		.room = matrix_room(),
	};
	struct freeze freeze = { 0 };
	struct processes p;
	int ret = -1;

	processes_init(&p);
	if (parse_pids(inv, &p, err) || report_open(&rep, err))
		goto out;
	s.t = inv->ops->open(err);
	if (!s.t || choose(inv, &p, err))
		goto out;
	if (inv->option[OPT_FREEZE] && freeze_all(&freeze, &p, err))
		goto out;
	if (survey_run(&s, &p, rep.frames, err))
		goto out;
	print_notes(&s, &p);
	ret = report_print(&rep, err);
out:
	if (freeze_release(&freeze, err))
		ret = -1;
	transport_close(s.t);
	survey_free(&s);
	processes_free(&p);
	return ret;
}

const struct command command_shared = {
	.name = "shared",
	.operands = "[PID]...",
	.summary = "pages that processes have in common",
	.details =
	"PIDs, --all, --name and --cgroup go together; each process counts once, vmscope\n"
	"itself only if its PID is given. PATH is that of a cgroup (version 2) below\n"
	"/sys/fs/cgroup. One that was not named by its PID and exits meanwhile is left\n"
	"out, which is said on stderr, and counted in JSON (skipped).\n"
	"Counts pages that are present or protnone, without zero pages. A page belongs to\n"
	"what its mapping maps: a private copy of a file's page counts for the file.\n"
	"RSS, PSS and USS are those of smaps: without hugetlb and device memory, with\n"
	"pages under migration (these not in USS, where smaps of Linux 6.1 has them). A ~\n"
	"marks what this kernel can only estimate, in smaps as well.\n"
	"Text has a square of all pairs, a process with itself being its own frames; where\n"
	"it does not fit into the line (COLUMNS), the pairs that share most. Text leaves\n"
	"files out of which nothing is shared. -o names columns of the files (below), of\n"
	"the pairs (a b pages) or of the processes (pid comm present rss pss uss\n"
	"mapcount_exact), and shows that table alone, whole. Takes 27 bytes a\n"
	"distinct frame, 24 a page of the largest process, and with --frames 24 a mapping,\n"
	"at most.\n",
	.options = shared_options,
	.columns = &shared_file_columns,
	.run = run_shared,
};
