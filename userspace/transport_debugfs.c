// SPDX-License-Identifier: GPL-2.0
/*
 * The way in through debugfs.
 *
 * Only the files at the top are used: a request is written, the answer read
 * from the same open file. Nothing stays behind in the module.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procfs.h"
#include "transport_abi.h"
#include "transport_debugfs.h"

/* A line has to fit: a path with every byte escaped, and the fields before. */
#define BUFFER_SIZE	(256 * 1024)

struct debugfs {
	struct transport base;
	int dir;
	char buffer[BUFFER_SIZE];
};

/**
 * struct answer - a file that is being read
 * @d: whose buffer it uses
 * @what: what the request was about, for errors
 * @fd: the file
 * @pos: where the next read goes
 * @at: first byte of the buffer that has not been used
 * @end: first byte after what the buffer holds
 */
struct answer {
	struct debugfs *d;
	struct subject what;
	int fd;
	off_t pos;
	size_t at;
	size_t end;
};

static struct debugfs *to_debugfs(struct transport *t)
{
	return (struct debugfs *)((char *)t - offsetof(struct debugfs, base));
}

static int answer_open(struct answer *a, struct debugfs *d, const char *file,
		       const char *request, struct error *err)
{
	size_t len = request ? strlen(request) : 0;
	int error;
	ssize_t n;

	a->d = d;
	a->fd = openat(d->dir, file, (request ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	/* ENXIO: it is on its way out. */
	if (a->fd < 0 && (errno == ENOENT || errno == ENXIO))
		return abi_not_loaded(err, "debugfs");
	/* The kernel's own refusal, or the module's: neither has words here. */
	error = errno;
	if (a->fd < 0)
		return abi_error(err, error,
				 error == EPERM && procfs_is_locked_down() ?
				 "the kernel is locked down" : NULL, &a->what);
	if (!request)
		return 0;

	n = write(a->fd, request, len);
	if (n != (ssize_t)len) {
		abi_error(err, n < 0 ? errno : EIO, NULL, &a->what);
		close(a->fd);
		return -1;
	}
	return 0;
}

/* Reads more behind what is left. 1: there was more, 0: the end, -1: error. */
static int answer_fill(struct answer *a, struct error *err)
{
	char *buffer = a->d->buffer;
	ssize_t n;

	memmove(buffer, buffer + a->at, a->end - a->at);
	a->end -= a->at;
	a->at = 0;
	if (a->end == BUFFER_SIZE)
		return abi_malformed(err, &a->what, "an endless line");
	do {
		n = pread(a->fd, buffer + a->end, BUFFER_SIZE - a->end, a->pos);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return abi_error(err, errno, NULL, &a->what);
	a->pos += n;
	a->end += n;
	return n > 0;
}

/* The next line, without its end. 1: there is one, 0: the end, -1: error. */
static int answer_line(struct answer *a, char **line, struct error *err)
{
	size_t seen = 0;
	char *end;
	int ret;

	for (;;) {
		*line = a->d->buffer + a->at;
		end = memchr(*line + seen, '\n', a->end - a->at - seen);
		if (end)
			break;
		seen = a->end - a->at;
		ret = answer_fill(a, err);
		if (ret < 0)
			return -1;
		if (!ret && a->end > a->at)
			return abi_cut(err, &a->what);
		if (!ret)
			return 0;
	}
	if (memchr(*line, '\0', end - *line))
		return abi_malformed(err, &a->what, "a NUL byte in text");
	*end = '\0';
	a->at = end + 1 - a->d->buffer;
	return 1;
}

static int debugfs_walk(struct transport *t, pid_t pid, __u64 vaddr,
			walk_fn fn, void *arg, struct error *err)
{
	struct answer a = { .what = { .pid = pid, .start = vaddr } };
	struct walk_text text;
	char request[64], *line;
	int ret;

	snprintf(request, sizeof(request), "%d 0x%llx\n", (int)pid, vaddr);
	if (answer_open(&a, to_debugfs(t), "walk", request, err))
		return -1;
	walk_text_init(&text, pid, vaddr);
	while ((ret = answer_line(&a, &line, err)) > 0) {
		if (debugfs_parse_walk(&text, line)) {
			ret = abi_malformed(err, &a.what, "a line of walk");
			break;
		}
	}
	close(a.fd);
	if (!ret && !text.has_cost)
		ret = abi_cut(err, &a.what);
	if (!ret) {
		text.walk.vma.pages = (text.walk.vma.end -
				       text.walk.vma.start) >>
				      t->info.page_shift;
		ret = fn(&text.walk, arg, err);
	}
	return ret;
}

/**
 * struct lines - an answer of lines that ends with what it has cost
 * @a: the answer
 * @file: its name, for errors
 * @line: called for each line that is neither heading nor cost. 1: the line
 *	makes no sense; -1: stop, *err is filled in
 * @arg: for @line
 * @cost: where to
 */
struct lines {
	struct answer a;
	const char *file;
	int (*line)(struct lines *l, char *line, struct error *err);
	void *arg;
	struct cost *cost;
};

static int one_line(struct lines *l, char *line, bool *has_cost,
		    struct error *err)
{
	static const char stats[] = "# stats ";
	char what[32];
	int ret;

	if (!strncmp(line, stats, strlen(stats))) {
		*has_cost = true;
		if (debugfs_parse_cost(l->cost, line + strlen(stats)))
			return abi_malformed(err, &l->a.what,
					     "the line of stats");
		return 0;
	}
	if (*line == '#')
		return 0;
	ret = *has_cost ? 1 : l->line(l, line, err);
	if (ret <= 0)
		return ret;
	snprintf(what, sizeof(what), "a line of %s", l->file);
	return abi_malformed(err, &l->a.what, what);
}

/* Without the line of what it has cost an answer is not complete. */
static int read_lines(struct lines *l, struct transport *t,
		      const char *request, struct error *err)
{
	bool has_cost = false;
	char *line;
	int ret;

	if (answer_open(&l->a, to_debugfs(t), l->file, request, err))
		return -1;
	while ((ret = answer_line(&l->a, &line, err)) > 0) {
		ret = one_line(l, line, &has_cost, err);
		if (ret)
			break;
	}
	if (!ret && !has_cost)
		ret = abi_cut(err, &l->a.what);
	close(l->a.fd);
	return ret;
}

/**
 * struct vma_sink - where VMAs go
 * @fn: called for each
 * @arg: for @fn
 */
struct vma_sink {
	vma_fn fn;
	void *arg;
};

static int maps_line(struct lines *l, char *line, struct error *err)
{
	const struct vma_sink *sink = l->arg;
	struct vma vma;

	if (debugfs_parse_vma(&vma, line, l->a.d->base.info.page_shift))
		return 1;
	return sink->fn(&vma, sink->arg, err);
}

static int debugfs_maps(struct transport *t, pid_t pid,
			const struct range *range, vma_fn fn, void *arg,
			struct cost *cost, struct error *err)
{
	struct vma_sink sink = { fn, arg };
	struct lines l = {
		.a.what = {
			.pid = pid,
			.start = range->start,
			.end = range->end,
		},
		.file = "maps",
		.line = maps_line,
		.arg = &sink,
		.cost = cost,
	};
	char request[64];

	if (range->end)
		snprintf(request, sizeof(request), "%d 0x%llx-0x%llx\n",
			 (int)pid, range->start, range->end);
	else
		snprintf(request, sizeof(request), "%d\n", (int)pid);
	return read_lines(&l, t, request, err);
}

/**
 * struct tables_sink - where lines of tables go
 * @tables: what they say
 * @has_total: the total has been seen
 */
struct tables_sink {
	struct tables *tables;
	bool has_total;
};

static int tables_line(struct lines *l, char *line, struct error *err)
{
	struct tables_sink *sink = l->arg;

	(void)err;
	sink->has_total = !strncmp(line, "total ", 6);
	return debugfs_parse_table(sink->tables, line) ? 1 : 0;
}

static int debugfs_tables(struct transport *t, pid_t pid,
			  struct tables *tables, struct error *err)
{
	struct tables_sink sink = { .tables = tables };
	struct lines l = {
		.a = { .what = { .pid = pid } },
		.file = "tables",
		.line = tables_line,
		.arg = &sink,
		.cost = &tables->cost,
	};
	char request[32];

	tables->n = 0;
	snprintf(request, sizeof(request), "%d\n", (int)pid);
	if (read_lines(&l, t, request, err))
		return -1;
	return tables->n && sink.has_total ? 0 : abi_cut(err, &l.a.what);
}

/**
 * struct frame_lines - where lines about a frame go
 * @req: what was asked
 * @text: what is known of the frame
 */
struct frame_lines {
	const struct frame_request *req;
	struct frame_text text;
};

static int frame_line(struct lines *l, char *line, struct error *err)
{
	static const char lead[] = "owner: ";
	struct frame_lines *f = l->arg;
	struct owner owner;

	if (strncmp(line, lead, strlen(lead)))
		return debugfs_parse_frame(&f->text, line) ? 1 : 0;
	if (debugfs_parse_owner(&owner, line + strlen(lead)))
		return 1;
	return f->req->owner(&owner, f->req->arg, err);
}

static int debugfs_frame(struct transport *t, const struct frame_request *req,
			 struct cost *cost, struct error *err)
{
	struct frame_lines f = { .req = req };
	struct lines l = {
		.a = { .what = { .frame = true, .pfn = req->pfn } },
		.file = "frame",
		.line = frame_line,
		.arg = &f,
		.cost = cost,
	};
	char request[48];

	frame_text_init(&f.text);
	snprintf(request, sizeof(request), "%llu%s\n", req->pfn,
		 req->scan ? " scan" : "");
	if (read_lines(&l, t, request, err))
		return -1;
	if (!f.text.has_complete || f.text.frame.pfn != req->pfn)
		return abi_cut(err, &l.a.what);
	return req->frame(&f.text.frame, req->arg, err);
}

static void pages_request_text(const struct pages_request *req, char *buf,
			       size_t size)
{
	const struct {
		bool given;
		const char *format;
		__u32 mask;
	} words[] = {
		{ req->mode & MODE_EACH, " each", 0 },
		{ req->mode & MODE_SPLIT, " split", 0 },
		{ req->states, " states=0x%x", req->states },
		{ req->flags_set, " set=0x%x", req->flags_set },
		{ req->flags_clear, " clear=0x%x", req->flags_clear },
	};
	size_t used, i;

	used = snprintf(buf, size, "%d", (int)req->pid);
	if (req->range.end)
		used += snprintf(buf + used, size - used, " 0x%llx-0x%llx",
				 req->range.start, req->range.end);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].given)
			used += snprintf(buf + used, size - used,
					 words[i].format, words[i].mask);
	snprintf(buf + used, size - used, "\n");
}

static int pages_cost(struct answer *a, struct cost *cost, struct error *err)
{
	struct vmscope_stats raw;
	ssize_t n;

	do {
		n = pread(a->fd, &raw, sizeof(raw), VMSCOPE_STATS_POS);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return abi_error(err, errno, NULL, &a->what);
	if (n != sizeof(raw))
		return abi_cut(err, &a->what);
	abi_cost(cost, &raw);
	return 0;
}

static int debugfs_pages(struct transport *t, const struct pages_request *req,
			 page_fn fn, void *arg, struct cost *cost,
			 struct error *err)
{
	const size_t size = sizeof(struct vmscope_page);
	struct answer a = {
		.what = {
			.pid = req->pid,
			.start = req->range.start,
			.end = req->range.end,
		},
	};
	char request[192];
	struct page page;
	int ret;

	pages_request_text(req, request, sizeof(request));
	if (answer_open(&a, to_debugfs(t), "pages.bin", request, err))
		return -1;
	while ((ret = answer_fill(&a, err)) > 0) {
		for (; a.end - a.at >= size; a.at += size) {
			if (a.at)
				abi_next_page(&page, a.d->buffer + a.at);
			else
				abi_page(&page, a.d->buffer);
			ret = fn(&page, arg, err);
			if (ret)
				goto out;
		}
	}
	if (!ret && a.end > a.at)
		ret = abi_cut(err, &a.what);
	if (!ret)
		ret = pages_cost(&a, cost, err);
out:
	close(a.fd);
	return ret;
}

static void debugfs_close(struct transport *t)
{
	struct debugfs *d = to_debugfs(t);

	close(d->dir);
	free(d);
}

static int read_info(struct debugfs *d, struct error *err)
{
	struct answer a = { .fd = -1 };
	char *line;
	int ret;

	if (answer_open(&a, d, "info", NULL, err))
		return -1;
	while ((ret = answer_line(&a, &line, err)) > 0) {
		if (debugfs_parse_info(&d->base.info, line)) {
			ret = abi_malformed(err, &a.what, "a line of info");
			break;
		}
	}
	close(a.fd);
	return ret ? ret : abi_check(&d->base.info, err);
}

struct transport *debugfs_open_dir(const char *dir, struct error *err)
{
	struct debugfs *d = calloc(1, sizeof(*d));

	if (!d) {
		error_set(err, STATUS_FAILED, "debugfs: %s", strerror(ENOMEM));
		return NULL;
	}
	d->base.ops = &transport_debugfs;
	d->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0) {
		if (errno == ENOENT)
			abi_not_loaded(err, "debugfs");
		else
			abi_error(err, errno, NULL, &(struct subject){ 0 });
		goto out_free;
	}
	if (read_info(d, err))
		goto out_close;
	return &d->base;

out_close:
	close(d->dir);
out_free:
	free(d);
	return NULL;
}

/* Where debugfs is mounted; false if it is not. */
static bool mount_point(char *buf, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool found = false;

	if (!mounts)
		return false;
	while (!found && (m = getmntent(mounts)))
		found = !strcmp(m->mnt_type, "debugfs") &&
			strlen(m->mnt_dir) < size &&
			strcpy(buf, m->mnt_dir);
	endmntent(mounts);
	return found;
}

static struct transport *debugfs_open(struct error *err)
{
	char dir[PATH_MAX], mount[PATH_MAX - sizeof("/" VMSCOPE_GENL_NAME)];

	if (!mount_point(mount, sizeof(mount))) {
		error_set(err, STATUS_FAILED,
			  "debugfs: not mounted (mount -t debugfs none /sys/kernel/debug)");
		return NULL;
	}
	snprintf(dir, sizeof(dir), "%s/%s", mount, VMSCOPE_GENL_NAME);
	return debugfs_open_dir(dir, err);
}

const struct transport_ops transport_debugfs = {
	.name = "debugfs",
	.open = debugfs_open,
	.walk = debugfs_walk,
	.maps = debugfs_maps,
	.pages = debugfs_pages,
	.tables = debugfs_tables,
	.frame = debugfs_frame,
	.close = debugfs_close,
};
