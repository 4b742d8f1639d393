// SPDX-License-Identifier: GPL-2.0
/* state: the kernel's own pages in every process, devices, firmware. */
#include <glob.h>
#include "state.h"

#define BIOS		0xf0000UL
#define VSYSCALL	0xffffffffff600000UL

/* The physical address of PCI resource @path, from the file beside it. */
static uint64_t bar_address(const char *path)
{
	const char *number = strstr(path, "/resource") + strlen("/resource");
	char list[512], line[128];
	uint64_t start = 0;
	FILE *f;

	snprintf(list, sizeof(list), "%.*s", (int)(number - path), path);
	f = fopen(list, "r");
	for (int i = atoi(number); f && i >= 0; i--)
		if (!fgets(line, sizeof(line), f))
			line[0] = '\0';
	if (f) {
		start = strtoull(line, NULL, 16);
		fclose(f);
	}
	return start;
}

/* A register page of a PCI device: memory that must not be cached. */
static char *map_device(const char *pattern)
{
	char *p = NULL;
	glob_t found;

	if (glob(pattern, 0, NULL, &found))
		return lacks("no such device");
	for (size_t i = 0; !p && i < found.gl_pathc; i++) {
		int fd = open(found.gl_pathv[i], O_RDWR);

		if (fd < 0)
			continue;
		p = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
		known_pfn = bar_address(found.gl_pathv[i]) / PAGE;
		close(fd);
	}
	globfree(&found);
	return p ? p : lacks("no device that lets itself be mapped");
}

static char *make_uncached(void)
{
	return map_device("/sys/bus/pci/devices/*/resource[0-5]");
}

static char *make_write_combining(void)
{
	return map_device("/sys/bus/pci/devices/*/resource[0-5]_wc");
}

/* The firmware, at the place that it has on every PC. */
static char *make_firmware(void)
{
	int fd = open("/dev/mem", O_RDONLY);
	char *p;

	if (fd < 0)
		return lacks("no /dev/mem");
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, BIOS);
	close(fd);
	known_pfn = BIOS / PAGE;
	return p == MAP_FAILED ? NULL : p;
}

static char *named(const char *name)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long start = 0, begin;
	char line[512];

	while (f && !start && fgets(line, sizeof(line), f))
		if (strstr(line, name) && sscanf(line, "%lx-", &begin) == 1)
			start = begin;
	if (f)
		fclose(f);
	return (char *)start;
}

static char *make_vdso(void)
{
	char *p = named("[vdso]");

	if (!p)
		return lacks("no [vdso]");
	read_byte(p);
	return p;
}

static char *make_vvar(void)
{
	char *p = named("[vvar]");

	if (!p)
		return lacks("no [vvar]");
	read_byte(p);
	return p;
}

/* In the kernel's half, for programs from before the vdso. */
static char *make_vsyscall(void)
{
	if (!named("[vsyscall]"))
		return lacks("no [vsyscall] (vsyscall=emulate)");
	return (char *)VSYSCALL;
}

/* As lib/test_hmm_uapi.h has it: a device with memory of its own. */
struct dmirror {
	uint64_t addr;
	uint64_t buffer;
	uint64_t npages;
	uint64_t cpages;
	uint64_t faults;
};

#define DMIRROR_TO_DEVICE	_IOWR('H', 0x02, struct dmirror)
#define DMIRROR_EXCLUSIVE	_IOWR('H', 0x05, struct dmirror)

/* A page that such a device has been told to take, one way or another. */
static char *lend(unsigned long how)
{
	int fd = open("/dev/hmm_dmirror0", O_RDWR);
	char *p = anon_written();
	char *buffer = anon_page();
	struct dmirror cmd = {
		.addr = (uintptr_t)p,
		.buffer = (uintptr_t)buffer,
		.npages = 1,
	};

	if (fd < 0)
		return lacks("no device with memory of its own (CONFIG_TEST_HMM)");
	return p && buffer && !ioctl(fd, how, &cmd) && cmd.cpages == 1 ? p : NULL;
}

static char *make_device_private(void)
{
	return lend(DMIRROR_TO_DEVICE);
}

static char *make_device_exclusive(void)
{
	return lend(DMIRROR_EXCLUSIVE);
}

/* A file that is in persistent memory itself: there is no page cache. */
static char *map_dax(size_t size)
{
	int fd = open("/run/dax", O_TMPFILE | O_RDWR, 0600);
	char *p;

	if (fd < 0)
		return lacks("no file system on persistent memory (CONFIG_FS_DAX)");
	p = lone(size, size);
	if (fallocate(fd, 0, 0, size) ||
	    mmap(p, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != p)
		p = NULL;
	close(fd);
	if (p)
		write_byte(p);
	return p;
}

static char *make_dax(void)
{
	return map_dax(PAGE);
}

static char *make_dax_huge(void)
{
	return map_dax(HUGE);
}

struct kind machine_kinds[] = {
	{ "vdso", make_vdso, NULL, NULL },
	{ "vvar", make_vvar, NULL, NULL },
	{ "uncached", make_uncached, unmap_page, NULL },
	{ "write-combining", make_write_combining, unmap_page, NULL },
	{ "firmware", make_firmware, unmap_page, NULL },
	{ "device-private", make_device_private, read_it, NULL },
	{ "device-exclusive", make_device_exclusive, read_it, NULL },
	{ "dax", make_dax, allow_none, NULL },
	{ "dax-huge", make_dax_huge, unmap_page, NULL },
	{ "vsyscall", make_vsyscall, NULL, NULL },
	{ }
};
