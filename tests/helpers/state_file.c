// SPDX-License-Identifier: GPL-2.0
/* state: pages of files, of shared memory, and of libraries. */
#include "state.h"

static int file = -1;

static char *file_page(int flags)
{
	char *p = NULL;

	file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	if (file >= 0 && write(file, "file", 4) == 4)
		p = map(PAGE, PROT_READ | PROT_WRITE, flags, file);
	if (p)
		read_byte(p);
	return p;
}

static char *make_private_file(void)
{
	return file_page(MAP_PRIVATE);
}

static char *make_shared_file(void)
{
	return file_page(MAP_SHARED);
}

static char *second;

/* Two addresses of one process for one page. */
static char *make_mapped_twice(void)
{
	char *p = file_page(MAP_SHARED);

	second = p ? map(PAGE, PROT_READ, MAP_SHARED, file) : NULL;
	if (second)
		read_byte(second);
	return second ? p : NULL;
}

static int unmap_second(char *p)
{
	(void)p;
	return unmap_page(second);
}

/* The private copy of a page that is also mapped as the file has it. */
static char *make_both_ways(void)
{
	char *p = file_page(MAP_SHARED);

	second = p ? map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file) : NULL;
	if (second)
		read_byte(second);
	return second ? p : NULL;
}

static int write_second(char *p)
{
	(void)p;
	return write_it(second);
}

static char *make_memfd(void)
{
	char *p = NULL;

	file = memfd_create("state", 0);
	if (file >= 0 && !ftruncate(file, PAGE))
		p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file);
	if (p)
		write_byte(p);
	return p;
}

static int cut_file(char *p)
{
	(void)p;
	return ftruncate(file, 0);
}

static char *make_beyond_end(void)
{
	char *p = make_memfd();

	return p && !cut_file(p) ? p : NULL;
}

static int grow_file(char *p)
{
	return ftruncate(file, PAGE) || read_it(p);
}

/* A page of code that every process has. */
static char *make_text(void)
{
	char *p = (char *)((uintptr_t)strverscmp & ~(PAGE - 1));

	read_byte(p);
	return p;
}

static int patch_text(char *p)
{
	char c = *p;

	if (allow_all(p))
		return -1;
	*(volatile char *)p = c;
	return 0;
}

/* A file that is mapped but in no page of ours yet, and in memory for certain. */
static char *make_untouched_file(void)
{
	char *p = file_page(MAP_PRIVATE);

	return p && !drop_page(p) ? p : NULL;
}

struct kind file_kinds[] = {
	{ "untouched-file", make_untouched_file, read_it, NULL },
	{ "private-file", make_private_file, write_it, NULL },
	{ "shared-file", make_shared_file, write_it, NULL },
	{ "mapped-twice", make_mapped_twice, unmap_second, NULL },
	{ "both-ways", make_both_ways, write_second, NULL },
	{ "memfd", make_memfd, cut_file, NULL },
	{ "beyond-end", make_beyond_end, grow_file, NULL },
	{ "text", make_text, patch_text, NULL },
	{ }
};
