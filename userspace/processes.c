// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "processes.h"

/* Of the flags in /proc/PID/stat; not promised, but as old as the file. */
#define PF_EXITING	0x00000004
#define PF_KTHREAD	0x00200000

/* What the kernel keeps of a name */
#define NAME_LENGTH	15

/**
 * struct stat_line - what /proc/PID/stat says
 * @comm: what it calls itself
 * @state: letter as in ps
 * @flags: PF_*
 * @threads: how many
 * @start: when it began
 */
struct stat_line {
	char comm[COMM_SIZE];
	char state;
	unsigned int flags;
	long threads;
	unsigned long long start;
};

static int no_memory(struct error *err)
{
	return error_set(err, STATUS_FAILED, "processes: %s",
			 strerror(ENOMEM));
}

static bool read_stat(const struct processes *p, pid_t pid,
		      struct stat_line *s)
{
	char path[256], line[1024];
	char *comm, *end;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%d/stat", p->proc, (int)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[n] = '\0';
	/* A name may hold anything, a closing parenthesis too. */
	comm = strchr(line, '(');
	end = strrchr(line, ')');
	if (!comm || !end || end < comm)
		return false;
	*end = '\0';
	snprintf(s->comm, sizeof(s->comm), "%s", comm + 1);
	/* Fields 3, 9, 20 and 22 */
	return sscanf(end + 1,
		      " %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %ld %*d %llu",
		      &s->state, &s->flags, &s->threads, &s->start) == 4;
}

/* Has it memory? A leader that has exited may have threads that live. */
static bool is_process(const struct stat_line *s)
{
	if (s->flags & PF_KTHREAD)
		return false;
	return s->threads > 1 || (s->state != 'Z' && s->state != 'X' &&
				  !(s->flags & PF_EXITING));
}

void processes_init(struct processes *p)
{
	*p = (struct processes) {
		.proc = "/proc",
		.cgroup = "/sys/fs/cgroup",
		.self = getpid(),
	};
}

static struct chosen *add(struct processes *p, pid_t pid, struct error *err)
{
	struct chosen *more;
	size_t room;

	if (p->n == p->room) {
		room = p->room ? 2 * p->room : 64;
		more = reallocarray(p->process, room, sizeof(*more));
		if (!more) {
			no_memory(err);
			return NULL;
		}
		p->process = more;
		p->room = room;
	}
	p->process[p->n] = (struct chosen) { .pid = pid };
	return &p->process[p->n++];
}

int processes_add(struct processes *p, pid_t pid, struct error *err)
{
	struct stat_line s = { .comm = "?" };
	struct chosen *c;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->process[i].pid == pid)
			return error_set(err, STATUS_USAGE,
					 "PID %d: given twice", (int)pid);
	c = add(p, pid, err);
	if (!c)
		return -1;
	read_stat(p, pid, &s);
	c->named = true;
	c->start = s.start;
	memcpy(c->comm, s.comm, sizeof(c->comm));
	return 0;
}

/* 1: it is one; 0: none that counts; -1 on error. @name may be NULL: any. */
static int add_found(struct processes *p, pid_t pid, const char *name,
		     struct error *err)
{
	struct stat_line s;
	struct chosen *c;

	if (pid == p->self || !read_stat(p, pid, &s) || !is_process(&s))
		return 0;
	if (name && strncmp(s.comm, name, NAME_LENGTH))
		return 0;
	c = add(p, pid, err);
	if (!c)
		return -1;
	c->start = s.start;
	memcpy(c->comm, s.comm, sizeof(c->comm));
	return 1;
}

/* The number of those found, -1 on error. */
static int search(struct processes *p, const char *name, struct error *err)
{
	int found = 0, ret = 0;
	struct dirent *d;
	DIR *dir;

	dir = opendir(p->proc);
	if (!dir)
		return error_set(err, STATUS_FAILED, "%s: %s", p->proc,
				 strerror(errno));
	for (errno = 0; ret >= 0 && (d = readdir(dir)); errno = 0) {
		if (*d->d_name < '1' || *d->d_name > '9')
			continue;
		ret = add_found(p, atoi(d->d_name), name, err);
		found += ret > 0;
	}
	if (ret >= 0 && errno)
		ret = error_set(err, STATUS_FAILED, "%s: %s", p->proc,
				strerror(errno));
	closedir(dir);
	return ret < 0 ? ret : found;
}

int processes_add_all(struct processes *p, struct error *err)
{
	int found = search(p, NULL, err);

	if (!found)
		return error_set(err, STATUS_FAILED,
				 "--all: there is no other process");
	return found < 0 ? -1 : 0;
}

int processes_add_name(struct processes *p, const char *name,
		       struct error *err)
{
	int found = search(p, name, err);

	if (!found)
		return error_set(err, STATUS_FAILED,
				 "name '%s': no process is called so", name);
	return found < 0 ? -1 : 0;
}

/* The processes of one cgroup alone. Their number, -1 on error. */
static int read_cgroup(struct processes *p, const char *dir, bool top,
		       struct error *err)
{
	int found = 0, ret = 0, error = 0;
	char path[4096 + 32];
	char *line = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	f = fopen(path, "re");
	if (!f)
		error = errno;
	for (errno = 0; f && ret >= 0 && getline(&line, &size, f) >= 0;) {
		pid_t pid = atoi(line);

		p->foreign += !pid;
		ret = pid ? add_found(p, pid, NULL, err) : 0;
		found += ret > 0;
		errno = 0;
	}
	if (f && ret >= 0)
		error = errno;
	free(line);
	if (f)
		fclose(f);
	/*
	 * Further down: removed meanwhile, and so empty; or threaded, and its
	 * processes are listed further up.
	 */
	if (!top && (error == ENOENT || error == ENODEV ||
		     error == EOPNOTSUPP))
		error = 0;
	if (ret >= 0 && error)
		return error_set(err, STATUS_FAILED, "%s: %s", path,
				 error == ENOENT ?
				 "not a cgroup (of version 2)" :
				 strerror(error));
	return ret < 0 ? ret : found;
}

/* All cgroups of @tree. The number of their processes, -1 on error. */
static int read_cgroups(struct processes *p, FTS *tree, struct error *err)
{
	int found = 0, ret = 0;
	FTSENT *e;

	for (errno = 0; ret >= 0 && (e = fts_read(tree)); errno = 0) {
		if (e->fts_info == FTS_D) {
			ret = read_cgroup(p, e->fts_accpath,
					  e->fts_level == FTS_ROOTLEVEL, err);
			found += ret > 0 ? ret : 0;
		} else if (e->fts_info == FTS_DNR && e->fts_errno != ENOENT) {
			ret = error_set(err, STATUS_FAILED, "%s: %s",
					e->fts_path, strerror(e->fts_errno));
		}
	}
	if (ret >= 0 && errno)
		ret = error_set(err, STATUS_FAILED, "cgroups: %s",
				strerror(errno));
	return ret < 0 ? ret : found;
}

/* Does a path go up somewhere? Then it is no path within the tree. */
static bool goes_up(const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "/");

		if (len == 2 && !strncmp(path, "..", 2))
			return true;
		if (!path[len])
			return false;
		path += len + 1;
	}
}

int processes_add_cgroup(struct processes *p, const char *path,
			 struct error *err)
{
	const size_t len = strlen(p->cgroup);
	char dir[4096];
	char *roots[2] = { dir };
	int found;
	FTS *tree;

	/* As the shell completes it, and as /proc/PID/cgroup has it, will do. */
	if (!strncmp(path, p->cgroup, len) &&
	    (!path[len] || path[len] == '/'))
		path += len;
	path += strspn(path, "/");
	if (goes_up(path) ||
	    snprintf(dir, sizeof(dir), "%s/%s", p->cgroup, path) >=
		    (int)sizeof(dir))
		return error_set(err, STATUS_USAGE,
				 "cgroup '%s': not a path below %s", path,
				 p->cgroup);
	if (access(dir, F_OK))
		return error_set(err, STATUS_FAILED, "cgroup '%s': %s", path,
				 errno == ENOENT ? "no such cgroup" :
						   strerror(errno));
	tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return no_memory(err);
	found = read_cgroups(p, tree, err);
	fts_close(tree);
	if (!found)
		return error_set(err, STATUS_FAILED,
				 "cgroup '%s': no process in it%s", path,
				 p->foreign ? " that has a number here" : "");
	return found < 0 ? -1 : 0;
}

static int by_pid(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Is it the one before it, or one of the first @named? */
static bool is_known(const struct processes *p, size_t n, size_t named,
		     pid_t pid)
{
	size_t i;

	if (n && p->process[n - 1].pid == pid)
		return true;
	for (i = 0; i < named; i++)
		if (p->process[i].pid == pid)
			return true;
	return false;
}

void processes_finish(struct processes *p)
{
	size_t named = 0, n, i;

	while (named < p->n && p->process[named].named)
		named++;
	if (named < p->n)
		qsort(p->process + named, p->n - named, sizeof(*p->process),
		      by_pid);
	for (n = named, i = named; i < p->n; i++)
		if (!is_known(p, n, named, p->process[i].pid))
			p->process[n++] = p->process[i];
	p->n = n;
}

bool processes_gone(const struct processes *p, const struct chosen *c)
{
	struct stat_line s;

	return !read_stat(p, c->pid, &s) || s.start != c->start ||
	       !is_process(&s);
}

void processes_free(struct processes *p)
{
	free(p->process);
	memset(p, 0, sizeof(*p));
}
