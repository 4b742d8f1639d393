/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads physical memory. The kernel keeps all of it mapped somewhere, and shows
 * its own memory to root as /proc/kcore: a file in the format of a core dump,
 * whose headers say which physical address is found where.
 */
#ifndef PHYS_H
#define PHYS_H

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include "lab.h"

/* The 64 bits at this physical address. */
static inline uint64_t read_phys(uint64_t address)
{
	int fd = open("/proc/kcore", O_RDONLY);
	Elf64_Ehdr file;
	Elf64_Phdr part;
	uint64_t word;
	int i;

	if (fd < 0 || pread(fd, &file, sizeof(file), 0) != sizeof(file))
		die("/proc/kcore");
	for (i = 0; i < file.e_phnum; i++) {
		if (pread(fd, &part, sizeof(part), file.e_phoff + i * sizeof(part)) != sizeof(part))
			die("/proc/kcore");
		if (part.p_type != PT_LOAD || part.p_paddr == (uint64_t)-1 ||
		    address < part.p_paddr || address - part.p_paddr >= part.p_memsz)
			continue;
		if (pread(fd, &word, 8, part.p_offset + (address - part.p_paddr)) != 8)
			die("/proc/kcore");
		close(fd);
		return word;
	}
	fprintf(stderr, "no memory at physical address 0x%lx\n", address);
	exit(1);
}

#endif
