// SPDX-License-Identifier: GPL-2.0
/*
 * The files of debugfs: lines, good and bad, written to each of them; reads at
 * any offset into any room; many files open, some of them in several workers at
 * once; processes attached and detached under those who read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "../../module/uapi/vmscope.h"
#include "fuzz.h"

#define FILES		48
#define SHARED		8	/* of them open in all workers */
#define NONE		-1
#define FAILED		-2
#define LINE_ROOM	8192
#define ROOM_MAX	(1 << 20)

static const char * const names[] = {
	"maps", "pages", "pages.bin", "swap", "tables",
	"walk", "frame", "info", "attach", "detach",
};

/* As many of the first are in an attached process's directory. */
#define IN_DIRECTORY	5

static int shared[SHARED];

/**
 * struct desk - what a worker has before it
 * @cast: whom to ask about
 * @d: what decides
 * @fd: open files, NONE or FAILED
 * @line: what is written
 * @len: its length
 * @room: where answers go
 */
struct desk {
	const struct cast *cast;
	struct dice *d;
	int fd[FILES];
	char line[LINE_ROOM];
	size_t len;
	char room[ROOM_MAX];
};

static void open_shared(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < SHARED; i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s", names[i]);
		shared[i] = open(path, i == 7 ? O_RDONLY : O_RDWR);
		if (shared[i] < 0)
			broken(path);
	}
}

static void add(struct desk *k, const char *format, uint64_t n)
{
	k->len += snprintf(k->line + k->len, sizeof(k->line) - k->len, format,
			   (unsigned long long)n);
}

static void put_number(struct desk *k, uint64_t n)
{
	static const char * const formats[] = { "%llu", "0x%llx", "0%llo", "%lld", "+%llu" };
	const unsigned int how = dice_below(k->d, 20);

	add(k, formats[how < COUNT(formats) ? how : how % 2], n);
}

static void put_options(struct desk *k)
{
	static const char * const masks[] = { " states=", " set=", " clear=" };
	unsigned int n = dice_below(k->d, 4);
	uint64_t start;

	while (n--) {
		switch (dice_below(k->d, 6)) {
		case 0:
			add(k, " each", 0);
			break;
		case 1:
			add(k, " split", 0);
			break;
		case 2: case 3:
			add(k, masks[dice_below(k->d, COUNT(masks))], 0);
			put_number(k, dice_number(k->d));
			break;
		default:
			add(k, " ", 0);
			start = cast_address(k->cast, k->d);
			put_number(k, start);
			add(k, "-", 0);
			put_number(k, dice_chance(k->d, 50) ? start + PAGE * dice_below(k->d, 900) :
							      cast_address(k->cast, k->d));
		}
	}
}

/* What a good line of some file is. */
static void put_line(struct desk *k)
{
	k->len = 0;
	switch (dice_below(k->d, 5)) {
	case 0:
		put_number(k, cast_frame(k->cast, k->d));
		if (dice_chance(k->d, 2))
			add(k, " scan", 0);
		break;
	case 1:
		add(k, "%lld ", cast_pick(k->cast, k->d));
		put_number(k, cast_address(k->cast, k->d));
		break;
	default:
		/* In a process's directory there is none before the options. */
		if (dice_chance(k->d, 80))
			add(k, "%lld", cast_pick(k->cast, k->d));
		put_options(k);
	}
	if (dice_chance(k->d, 80))
		add(k, "\n", 0);
}

static void damage_line(struct desk *k)
{
	static const char odd[] = "\0\n \t-=x,;%\177\37709a/";
	unsigned int n;

	switch (dice_below(k->d, 4)) {
	case 0:
		for (n = 1 + dice_below(k->d, 4); n && k->len; n--)
			k->line[dice_below(k->d, k->len)] = odd[dice_below(k->d, sizeof(odd))];
		break;
	case 1:
		k->len = dice_below(k->d, k->len + 1);
		break;
	case 2:
		n = dice_below(k->d, sizeof(k->line) - k->len);
		memset(k->line + k->len, odd[dice_below(k->d, sizeof(odd))], n);
		k->len += n;
		break;
	case 3:
		k->len = dice_below(k->d, 64);
		for (n = 0; n < k->len; n++)
			k->line[n] = dice_next(k->d);
		break;
	}
}

static void write_line(struct desk *k, int fd)
{
	const bool good = dice_chance(k->d, 60);
	const uint64_t at = dice_number(k->d);
	const unsigned int how = dice_below(k->d, 20);

	put_line(k);
	if (!good)
		damage_line(k);
	if (how == 0)
		pwrite(fd, k->line, k->len, at);
	else if (how == 1)
		write(fd, (void *)8, k->len);
	else
		write(fd, k->line, k->len);
}

static off_t any_offset(struct desk *k)
{
	static const int64_t steps[] = { -57, -56, -1, 0, 1, 55, 56, 4096, 65536 };
	const uint64_t ends[] = { 0, 65536, 1ULL << 32, VMSCOPE_STATS_POS, INT64_MAX };
	const uint64_t any = dice_number(k->d);
	const uint64_t end = ends[dice_below(k->d, COUNT(ends))];
	const int64_t step = steps[dice_below(k->d, COUNT(steps))];

	switch (dice_below(k->d, 4)) {
	case 0:
		return any % 300000;
	case 1:
		return any % 700 * sizeof(struct vmscope_page);
	case 2:
		return end + step;
	default:
		return any;
	}
}

static void read_some(struct desk *k, int fd)
{
	static const size_t sizes[] = { 0, 1, 47, 48, 55, 56, 57, 112, 4096, 65535, 65536, ROOM_MAX };
	const size_t size = sizes[dice_below(k->d, COUNT(sizes))];
	const off_t at = any_offset(k);
	const unsigned int how = dice_below(k->d, 20);
	struct iovec two[2] = { { k->room, size / 2 }, { k->room + size / 2, size / 2 } };

	switch (how) {
	case 0:
		pread(fd, (void *)8, size, at);
		break;
	/* The second half of the room is not there. */
	case 1:
		two[1].iov_base = (void *)8;
		__attribute__((fallthrough));
	case 2:
		preadv(fd, two, 2, at);
		break;
	case 3:
		lseek(fd, at, dice_below(k->d, 5));
		break;
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
		read(fd, k->room, size);
		break;
	default:
		pread(fd, k->room, size, at);
	}
}

/* What no file of ours can do. */
static void do_odd(struct desk *k, int fd)
{
	const uint64_t n = dice_number(k->d);

	switch (dice_below(k->d, 5)) {
	case 0:
		if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, n & ~(PAGE - 1)) != MAP_FAILED)
			broken("a file of debugfs can be mapped");
		break;
	case 1:
		ioctl(fd, n, k->room);
		break;
	case 2:
		ftruncate(fd, n);
		break;
	case 3:
		fallocate(fd, 0, 0, n);
		break;
	case 4:
		fsync(fd);
		break;
	}
}

static void open_file(struct desk *k, int *fd)
{
	static const int flags[] = { O_RDWR, O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_APPEND };
	const int how = flags[dice_below(k->d, COUNT(flags))];
	const bool in_directory = dice_chance(k->d, 40);
	const size_t i = dice_below(k->d, in_directory ? IN_DIRECTORY : COUNT(names));
	const pid_t pid = cast_pick(k->cast, k->d);
	char path[96];

	if (in_directory)
		snprintf(path, sizeof(path), DEBUGFS "%d/%s", pid, names[i]);
	else
		snprintf(path, sizeof(path), DEBUGFS "%s", names[i]);
	*fd = open(path, how | O_CLOEXEC);
	/* Not to be tried again: that would be another choice. */
	if (*fd < 0)
		*fd = FAILED;
}

static void attach_or_detach(struct desk *k)
{
	const bool attach = dice_chance(k->d, 60);
	const int fd = open(attach ? DEBUGFS "attach" : DEBUGFS "detach", O_WRONLY);
	char line[16];

	snprintf(line, sizeof(line), "%d\n", cast_pick(k->cast, k->d));
	if (fd < 0)
		broken("attach");
	write(fd, line, strlen(line));
	close(fd);
}

static void one_input(struct desk *k)
{
	const unsigned int what = dice_below(k->d, 100);
	int *fd = &k->fd[dice_below(k->d, FILES)];

	if (what >= 94) {
		attach_or_detach(k);
		return;
	}
	if (*fd == NONE)
		open_file(k, fd);
	if (what < 40)
		write_line(k, *fd);
	else if (what < 80)
		read_some(k, *fd);
	else if (what < 84)
		do_odd(k, *fd);
	/* Those that others have as well stay. */
	else if (fd - k->fd >= SHARED) {
		close(*fd);
		*fd = NONE;
	}
}

static void work(const struct cast *cast, struct dice *d, uint64_t n, volatile uint64_t *done)
{
	struct desk *k = calloc(1, sizeof(*k));
	size_t i;

	if (!k)
		broken("memory");
	k->cast = cast;
	k->d = d;
	for (i = 0; i < FILES; i++)
		k->fd[i] = i < SHARED ? shared[i] : NONE;
	for (; n; n--, ++*done)
		one_input(k);
}

static void detach_all(int fd)
{
	DIR *dir = opendir(DEBUGFS);
	struct dirent *entry;

	if (!dir)
		broken(DEBUGFS);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' &&
		    write(fd, entry->d_name, strlen(entry->d_name)) < 0)
			broken(entry->d_name);
	closedir(dir);
}

static void finish(void)
{
	const int fd = open(DEBUGFS "detach", O_WRONLY);
	size_t i;

	for (i = 0; i < SHARED; i++)
		close(shared[i]);
	detach_all(fd);
	close(fd);
}

const struct way way_debugfs = { "debugfs", open_shared, work, finish };
