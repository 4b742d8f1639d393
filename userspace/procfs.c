// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "procfs.h"

/* The first line of a file, without its end. False: there is none. */
static bool read_line(const char *path, char *line, int size)
{
	FILE *f = fopen(path, "re");
	bool ok = f && fgets(line, size, f);

	if (ok)
		line[strcspn(line, "\n")] = '\0';
	if (f)
		fclose(f);
	return ok;
}

void procfs_comm(pid_t pid, char comm[COMM_SIZE])
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if (!read_line(path, comm, COMM_SIZE))
		strcpy(comm, "?");
}

FILE *procfs_open_swaps(void)
{
	return fopen("/proc/swaps", "re");
}

/* "none [integrity] confidentiality": the one that counts stands in brackets. */
bool procfs_is_locked_down(void)
{
	char line[64];

	return read_line("/sys/kernel/security/lockdown", line, sizeof(line)) &&
	       !strstr(line, "[none]");
}

bool procfs_module_is_live(void)
{
	char line[16];

	return read_line("/sys/module/vmscope/initstate", line, sizeof(line)) &&
	       !strcmp(line, "live");
}
