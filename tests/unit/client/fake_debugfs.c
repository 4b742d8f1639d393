// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>

#include "fake_debugfs.h"

ssize_t __wrap_write(int fd, const void *buf, size_t n);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos);
ssize_t __real_pread(int fd, void *buf, size_t n, off_t pos);

struct fake fake;

ssize_t __wrap_write(int fd, const void *buf, size_t n)
{
	(void)fd;
	snprintf(fake.request, sizeof(fake.request), "%.*s", (int)n,
		 (const char *)buf);
	if (fake.write_error) {
		errno = fake.write_error;
		return -1;
	}
	return n;
}

ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t pos)
{
	if (!fake.active)
		return __real_pread(fd, buf, n, pos);
	if (pos == (off_t)VMSCOPE_STATS_POS) {
		if (!fake.stats)
			return 0;
		memcpy(buf, fake.stats, sizeof(*fake.stats));
		return sizeof(*fake.stats);
	}
	if (fake.read_error && pos >= fake.error_at) {
		errno = fake.read_error;
		return -1;
	}
	if (pos >= (off_t)fake.size)
		return 0;
	if (n > fake.size - pos)
		n = fake.size - pos;
	if (fake.read_max && n > fake.read_max)
		n = fake.read_max;
	if (fake.read_error && pos + (off_t)n > fake.error_at)
		n = fake.error_at - pos;
	memcpy(buf, (const char *)fake.answer + pos, n);
	return n;
}

char directory[] = "/tmp/vmscope-unit.XXXXXX";

static const char info_text[] =
	"version: 0.1.0\nabi: 1\narch: x86_64\nlevels: 5\npage_shift: 12\n"
	"va_bits: 57\npa_bits: 52\nattach_max: 64\ntested: yes\ncan: mapcount guard pti\n"
	"later: something new\n";

void put_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	/* Not fwrite() of much: a stream may write() through the stand-in. */
	fclose(f);
	if (*text) {
		int fd = open(path, O_WRONLY);

		assert_int_equal(pwrite(fd, text, strlen(text), 0),
				 strlen(text));
		close(fd);
	}
}

int setup(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	put_file("info", info_text);
	put_file("walk", "");
	put_file("maps", "");
	put_file("tables", "");
	put_file("pages.bin", "");
	return 0;
}

int teardown(void **state)
{
	static const char * const names[] = {
		"info", "walk", "maps", "tables", "pages.bin",
	};
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	return rmdir(directory);
}

int fresh(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	put_file("info", info_text);
	return 0;
}

struct transport *connect_ok(void)
{
	struct error err = { 0 };
	struct transport *t = debugfs_open_dir(directory, &err);

	if (!t)
		fail_msg("%s", err.text);
	fake.active = true;
	return t;
}
