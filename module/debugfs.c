// SPDX-License-Identifier: GPL-2.0
/*
 * The debugfs way in: files under /sys/kernel/debug/vmscope.
 *
 * Below the directory of an attached process a file is about that process from
 * open() on. At the top they are told the process, and what
 * else the answer depends on, by a line written to the open file; so is "walk".
 * That way nobody has to attach, and no reader can pull a directory away from
 * under another.
 *
 * An open file holds the module. debugfs itself waits, when a file is removed,
 * for the calls that are inside it, and fails those that come later.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "answer.h"
#include "attached.h"
#include "debugfs.h"
#include "env.h"
#include "request.h"
#include "stream.h"
#include "target.h"
#include "text.h"

static struct dentry *root;

/**
 * struct stream_file - an open file that streams
 * @lock: one reader or writer at a time
 * @stream: what is read
 */
struct stream_file {
	struct mutex lock;	/* see above */
	struct stream *stream;
};

/**
 * struct text_file - an open file whose answer is short
 * @lock: one reader or writer at a time
 * @text: the answer, empty before there is one
 */
struct text_file {
	struct mutex lock;	/* see above */
	struct text text;
};

/* Whoever opened the file, and whoever uses it now, both. */
static int check_user(const struct file *file)
{
	if (!file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN) ||
	    !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return target_check_lockdown();
}

/* One line from user space, NUL-terminated; to be freed by kfree(). */
static char *get_line(const char __user *from, size_t count)
{
	if (count >= REQUEST_MAX)
		return ERR_PTR(-EINVAL);
	return memdup_user_nul(from, count);
}

/* info */

static int text_file_open(struct file *file, size_t size)
{
	struct text_file *f;
	int err = check_user(file);

	if (err)
		return err;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	f->text.size = size;
	f->text.buf = kvmalloc(size, GFP_KERNEL);
	if (!f->text.buf) {
		kfree(f);
		return -ENOMEM;
	}
	mutex_init(&f->lock);
	file->private_data = f;
	return 0;
}

static int text_file_release(struct inode *inode, struct file *file)
{
	struct text_file *f = file->private_data;

	kvfree(f->text.buf);
	kfree(f);
	return 0;
}

static ssize_t text_file_read(struct file *file, char __user *to, size_t count,
			      loff_t *pos)
{
	struct text_file *f = file->private_data;
	ssize_t ret = check_user(file);

	if (ret)
		return ret;
	if (mutex_lock_killable(&f->lock))
		return -EINTR;
	ret = simple_read_from_buffer(to, count, pos, f->text.buf,
				      f->text.len);
	mutex_unlock(&f->lock);
	return ret;
}

static int info_open(struct inode *inode, struct file *file)
{
	int err = text_file_open(file, PAGE_SIZE);

	if (!err) {
		struct text_file *f = file->private_data;

		text_info(&f->text, &env.info);
	}
	return err;
}

static const struct file_operations info_fops = {
	.owner = THIS_MODULE,
	.open = info_open,
	.read = text_file_read,
	.llseek = default_llseek,
	.release = text_file_release,
};

/* walk */

static int walk_open(struct inode *inode, struct file *file)
{
	return text_file_open(file, TEXT_ANSWER_MAX);
}

static int walk_ask(struct text *text, const struct request *rq)
{
	struct target t = {};
	struct answer *a;
	int err;

	err = target_open(&t, rq->nr);
	if (err)
		return err;
	a = answer_alloc(false);
	if (!a) {
		err = -ENOMEM;
		goto close_target;
	}
	err = answer_address(a, &t, rq->addr);
	if (!err)
		text_answer(text, a, rq->nr, rq->addr);
	kfree(a);
close_target:
	target_close(&t);
	return err;
}

/* The answer is read from its beginning, wherever the line ended. */
static ssize_t walk_write(struct file *file, const char __user *from,
			  size_t count, loff_t *pos)
{
	struct text_file *f = file->private_data;
	struct request rq;
	char *line;
	int err;

	err = check_user(file);
	if (err)
		return err;
	line = get_line(from, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = request_address(line, &rq);
	if (err)
		goto free_line;
	if (mutex_lock_killable(&f->lock)) {
		err = -EINTR;
		goto free_line;
	}
	f->text.len = 0;
	err = walk_ask(&f->text, &rq);
	mutex_unlock(&f->lock);
	if (!err)
		*pos = 0;
free_line:
	kfree(line);
	return err ? err : count;
}

static const struct file_operations walk_fops = {
	.owner = THIS_MODULE,
	.open = walk_open,
	.read = text_file_read,
	.write = walk_write,
	.llseek = default_llseek,
	.release = text_file_release,
};

/* maps, pages, pages.bin, swap, tables: at the top, or of one attached process */

static int stream_file_open(struct inode *inode, struct file *file,
			    const struct stream_format *format)
{
	const struct attached *a = inode->i_private;
	const struct request rq = {
		.end = env.user_end,
		.filter = RUNS_FILTER_ALL,
	};
	struct target t = {};
	struct stream_file *f;
	int err;

	err = check_user(file);
	if (err)
		return err;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	f->stream = stream_alloc(format);
	if (!f->stream) {
		err = -ENOMEM;
		goto free_file;
	}
	if (a) {
		err = target_open_pid(&t, attached_pid(a));
		if (err)
			goto free_stream;
		err = stream_ask(f->stream, &t, rq.start, rq.end, &rq.filter);
		if (err)
			goto close_target;
	}
	file->private_data = f;
	return 0;

close_target:
	target_close(&t);
free_stream:
	stream_free(f->stream);
free_file:
	kfree(f);
	return err;
}

static int stream_file_release(struct inode *inode, struct file *file)
{
	struct stream_file *f = file->private_data;

	stream_free(f->stream);
	kfree(f);
	return 0;
}

static ssize_t stream_file_read(struct file *file, char __user *to,
				size_t count, loff_t *pos)
{
	struct stream_file *f = file->private_data;
	ssize_t ret = check_user(file);

	if (ret)
		return ret;
	if (mutex_lock_killable(&f->lock))
		return -EINTR;
	ret = stream_read(f->stream, to, count, pos);
	mutex_unlock(&f->lock);
	return ret;
}

static int stream_file_ask(struct stream_file *f, const struct attached *a,
			   const struct request *rq)
{
	struct target t = {};
	int err;

	err = a ? target_open_pid(&t, attached_pid(a)) : target_open(&t, rq->nr);
	if (err)
		return err;
	if (mutex_lock_killable(&f->lock)) {
		err = -EINTR;
		goto close_target;
	}
	err = stream_ask(f->stream, &t, rq->start, rq->end, &rq->filter);
	mutex_unlock(&f->lock);
close_target:
	target_close(&t);
	return err;
}

static ssize_t stream_file_write(struct file *file, const char __user *from,
				 size_t count, loff_t *pos)
{
	const struct attached *a = file_inode(file)->i_private;
	struct stream_file *f = file->private_data;
	struct request rq;
	char *line;
	int err;

	err = check_user(file);
	if (err)
		return err;
	line = get_line(from, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = request_stream(line, &rq, !a);
	kfree(line);
	if (!err)
		err = stream_file_ask(f, a, &rq);
	if (err)
		return err;
	*pos = 0;
	return count;
}

#define STREAM_FOPS(name) \
static int name##_open(struct inode *inode, struct file *file) \
{ \
	return stream_file_open(inode, file, &stream_##name); \
} \
\
static const struct file_operations name##_fops = { \
	.owner = THIS_MODULE, \
	.open = name##_open, \
	.read = stream_file_read, \
	.write = stream_file_write, \
	.llseek = default_llseek, \
	.release = stream_file_release, \
}

STREAM_FOPS(maps);
STREAM_FOPS(pages);
STREAM_FOPS(pages_bin);
STREAM_FOPS(swap);
STREAM_FOPS(tables);

/* frame: streams as well, but is about no process */

static int frame_open(struct inode *inode, struct file *file)
{
	return stream_file_open(inode, file, &stream_frame);
}

static ssize_t frame_write(struct file *file, const char __user *from,
			   size_t count, loff_t *pos)
{
	struct stream_file *f = file->private_data;
	struct request rq;
	char *line;
	int err;

	err = check_user(file);
	if (err)
		return err;
	line = get_line(from, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = request_frame(line, &rq);
	kfree(line);
	if (err)
		return err;
	if (mutex_lock_killable(&f->lock))
		return -EINTR;
	err = stream_ask_frame(f->stream, rq.pfn, rq.filter.mode);
	mutex_unlock(&f->lock);
	if (err)
		return err;
	*pos = 0;
	return count;
}

static const struct file_operations frame_fops = {
	.owner = THIS_MODULE,
	.open = frame_open,
	.read = stream_file_read,
	.write = frame_write,
	.llseek = default_llseek,
	.release = stream_file_release,
};

/* attach, detach */

struct file_row {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
};

/* All of them, or an error. */
static int create_files(struct dentry *dir, void *data,
			const struct file_row *row, size_t nr)
{
	struct dentry *file = dir;
	size_t i;

	for (i = 0; !IS_ERR(file) && i < nr; i++)
		file = debugfs_create_file(row[i].name, row[i].mode, dir, data,
					   row[i].fops);
	return PTR_ERR_OR_ZERO(file);
}

static int fill_directory(struct dentry *dir, struct attached *a)
{
	static const struct file_row files[] = {
		{ "maps", 0600, &maps_fops },
		{ "pages", 0600, &pages_fops },
		{ "pages.bin", 0600, &pages_bin_fops },
		{ "swap", 0600, &swap_fops },
		{ "tables", 0600, &tables_fops },
	};

	return create_files(dir, a, files, ARRAY_SIZE(files));
}

static int attach_process(pid_t nr)
{
	return attached_add(nr, root, fill_directory);
}

static ssize_t write_pid(struct file *file, const char __user *from,
			 size_t count, int (*act)(pid_t nr))
{
	struct request rq;
	char *line;
	int err;

	err = check_user(file);
	if (err)
		return err;
	line = get_line(from, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = request_pid(line, &rq);
	kfree(line);
	if (!err)
		err = act(rq.nr);
	return err ? err : count;
}

static ssize_t attach_write(struct file *file, const char __user *from,
			    size_t count, loff_t *pos)
{
	return write_pid(file, from, count, attach_process);
}

static ssize_t detach_write(struct file *file, const char __user *from,
			    size_t count, loff_t *pos)
{
	return write_pid(file, from, count, attached_remove);
}

/* An open file keeps the module: not for those who may not use it. */
static int pid_open(struct inode *inode, struct file *file)
{
	return check_user(file);
}

static const struct file_operations attach_fops = {
	.owner = THIS_MODULE,
	.open = pid_open,
	.write = attach_write,
};

static const struct file_operations detach_fops = {
	.owner = THIS_MODULE,
	.open = pid_open,
	.write = detach_write,
};

/**
 * debugfs_init() - open this way in
 *
 * A kernel without debugfs, or with it locked down, or without the memory for
 * its files, has the other way only.
 */
void __init debugfs_init(void)
{
	static const struct file_row files[] = {
		{ "info", 0400, &info_fops },
		{ "walk", 0600, &walk_fops },
		{ "frame", 0600, &frame_fops },
		{ "maps", 0600, &maps_fops },
		{ "pages", 0600, &pages_fops },
		{ "pages.bin", 0600, &pages_bin_fops },
		{ "swap", 0600, &swap_fops },
		{ "tables", 0600, &tables_fops },
		{ "attach", 0200, &attach_fops },
		{ "detach", 0200, &detach_fops },
	};
	int err;

	root = debugfs_create_dir("vmscope", NULL);
	err = create_files(root, NULL, files, ARRAY_SIZE(files));
	if (!err)
		return;
	/* Half a directory would answer for the whole. */
	debugfs_remove(root);
	root = NULL;
	pr_notice("no files in debugfs: error %d\n", err);
}

/**
 * debugfs_exit() - close it; no file is open, each would have held the module
 */
void debugfs_exit(void)
{
	/* Nobody can attach any more once attach is gone. */
	debugfs_remove(root);
	attached_forget_all();
}
