// SPDX-License-Identifier: GPL-2.0
/*
 * Harness: the client over debugfs, whose files hold what the input says. The
 * first byte chooses the command; each file that is asked gives what comes up to
 * the next line of two percent signs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../module/uapi/vmscope.h"
#include "client.h"

#define MARK	"%%\n"

int __wrap_openat(int dir, const char *name, int flags, ...);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos);
ssize_t __real_pread(int fd, void *buf, size_t n, off_t pos);
ssize_t __wrap_write(int fd, const void *buf, size_t n);
ssize_t __real_write(int fd, const void *buf, size_t n);

static const char info[] =
	"version: 0.1.0\nabi: 1\narch: x86_64\nlevels: 5\npage_shift: 12\n"
	"va_bits: 57\npa_bits: 52\nattach_max: 64\ntested: yes\ncan: mapcount guard pti\n";

/**
 * struct source - what is left of the input
 * @at: next byte
 * @left: so many
 * @fd: the file that is open; -1: none
 * @text: what it holds
 * @size: how much
 * @is_records: not text
 */
static struct source {
	const char *at;
	size_t left;
	int fd;
	const char *text;
	size_t size;
	bool is_records;
} source = { .fd = -1 };

static void next_file(void)
{
	const char *end = memmem(source.at, source.left, MARK, strlen(MARK));

	source.text = source.at;
	source.size = end ? (size_t)(end - source.at) : source.left;
	source.at += source.size + (end ? strlen(MARK) : 0);
	source.left -= source.size + (end ? strlen(MARK) : 0);
}

int __wrap_openat(int dir, const char *name, int flags, ...)
{
	(void)dir;
	(void)flags;
	source.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	source.is_records = !strcmp(name, "pages.bin");
	/* What the module says of itself: most inputs shall get beyond it. */
	if (!strcmp(name, "info") && !(source.left && *source.at == '\t')) {
		source.text = info;
		source.size = strlen(info);
	} else {
		next_file();
	}
	return source.fd;
}

/* A run as long as memory is no damage, it only takes as long as memory. */
static void shorten_runs(void *buf, size_t n)
{
	struct vmscope_page page;
	char *at = buf;

	for (; n >= sizeof(page); n -= sizeof(page), at += sizeof(page)) {
		memcpy(&page, at, sizeof(page));
		page.npages &= 0xfff;
		memcpy(at, &page, sizeof(page));
	}
}

ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos)
{
	if (fd != source.fd)
		return __real_pread(fd, buf, n, pos);
	if (pos == (off_t)VMSCOPE_STATS_POS) {
		next_file();
		pos = 0;
	}
	if (pos >= (off_t)source.size)
		return 0;
	if (n > source.size - pos)
		n = source.size - pos;
	memcpy(buf, source.text + pos, n);
	if (source.is_records && !pos)
		shorten_runs(buf, n);
	return n;
}

ssize_t __wrap_write(int fd, const void *buf, size_t n)
{
	return fd == source.fd ? (ssize_t)n : __real_write(fd, buf, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[256];

	if (!size)
		return 0;
	source = (struct source){ .at = (const char *)data + 1, .left = size - 1, .fd = -1 };
	snprintf(line, sizeof(line), "--transport debugfs %s", client_command(data[0]));
	client_run(line);
	return 0;
}

/* Seeds: an answer that each of the commands could get. */

#define STATS "stats holds 3 hold_max_ns 1000 hold_total_ns 2000 irqs_off_max_ns 30 " \
	"retries 0 interrupted 0\n"

static const char walk_text[] =
	"pid: 4194303\nvaddr: 0x7f0000001000\nstate: present\nlevel: pte\npage_size: 4096\n"
	"pfn: 275255\nflags: present user exec accessed leaf\nentry: 0x43d4d025\n"
	"mapcount: 6\nmapcount_exact: yes\nrefcount: 7\nkpageflags: 0x86c\nnode: 0\n"
	"step: pgd 0 0x47350000 0x46090067 present rw user exec accessed\n"
	"step: pte 251 0x44df97d8 0x43d4d025 present user exec accessed leaf\n"
	"vma: 0x7f0000000000-0x7f0000010000 r-xp 0x28000 08:01 665673\n"
	"vmflags: rd ex mr mw me\nfile: /usr/lib/libc.so.6\nuser_entry: 0x46090067\n"
	"stats: holds 1 hold_max_ns 1000 hold_total_ns 1000 irqs_off_max_ns 30 retries 0 interrupted 0\n";

static const char maps_text[] =
	"# start-end ...\n"
	"0x7f0000000000-0x7f0000010000 r-xp 0x28000 08:01 665673 5 0 1 4 0 5 0 0 5 0 9 4096 yes rd,ex,mr /usr/lib/libc.so.6\n"
	"0x7f0000020000-0x7f0000030000 rw-p 0x0 00:00 0 5 1 0 5 5 0 0 5 5 0 5 20480 yes - [heap]\n"
	"# " STATS;

static const char tables_text[] =
	"pgd 1 2\np4d 1 3\npud 2 4\npmd 3 5\npte 9 99\n"
	"total accounted_bytes 40960 deposited 2\n# " STATS;

static const char frame_text[] =
	"# owner: ...\n"
	"owner: 1 ini\\040t 0x7f0000001000 present pte 4096 0x1067 present,rw,user /a\\012b\n"
	"pfn: 4711\nkind: file\nhow: file\norder: 0\nhead_pfn: 4711\nmapcount: 1\n"
	"mapcount_exact: yes\nrefcount: 2\nkpageflags: 0x86c\nnode: 65535\nmemcg_inode: 1\n"
	"dev: 08:01\ninode: 77\nfile_page: 3\nfile: /a\\012b\nfound: 1\nhidden: 0\nskipped: 0\n"
	"lock_max_ns: 5\nowners_complete: yes\n# " STATS;

static size_t seed_pages(char *to)
{
	const struct vmscope_page page[2] = {
		{ .vaddr = 0x7f0000001000, .entry = 0x1067, .pfn = 1, .npages = 1,
		  .flags = 0x37, .mapcount = 1, .refcount = 1, .kpageflags = 0x5868,
		  .state = VMSCOPE_STATE_PRESENT, .level = 1, .page_shift = 12, .bits = 3 },
		{ .vaddr = 0x7f0000002000, .entry = 2, .pfn = 9, .npages = 3,
		  .state = VMSCOPE_STATE_SWAP, .level = 1, .page_shift = 12,
		  .swap_type = 1, .why = VMSCOPE_WHY_SWAPPED },
	};
	const struct vmscope_stats stats = { .holds = 3 };
	char *at = to;

	at = mempcpy(at, page, sizeof(page));
	at = mempcpy(at, MARK, strlen(MARK));
	at = mempcpy(at, &stats, sizeof(stats));
	return at - to;
}

size_t harness_seed(unsigned int i, uint8_t *buf)
{
	const char *command = client_command(i), *text = NULL;
	unsigned int times;
	size_t n = 0;

	if (i && !strcmp(command, client_command(0)))
		return 0;
	buf[n++] = i;
	if (i == 1) {
		buf[n++] = '\t';
		memcpy(buf + n, info, strlen(info));
		return n + strlen(info);
	}
	if (strstr(command, "walk") || strstr(command, "--of"))
		text = walk_text;
	else if (strstr(command, "maps") || strstr(command, "shared"))
		text = maps_text;
	else if (strstr(command, "tables"))
		text = tables_text;
	else if (strstr(command, "frame"))
		text = frame_text;
	for (times = 0; times < 2; times++) {
		if (text) {
			memcpy(buf + n, text, strlen(text));
			n += strlen(text);
			memcpy(buf + n, MARK, strlen(MARK));
			n += strlen(MARK);
		}
		if (!text || strstr(command, "shared")) {
			n += seed_pages((char *)buf + n);
			memcpy(buf + n, MARK, strlen(MARK));
			n += strlen(MARK);
		}
	}
	return n;
}
