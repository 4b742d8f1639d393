// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "procfs.h"

void procfs_comm(pid_t pid, char comm[COMM_SIZE])
{
	char path[32];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	f = fopen(path, "re");
	if (!f || !fgets(comm, COMM_SIZE, f))
		strcpy(comm, "?");
	else
		comm[strcspn(comm, "\n")] = '\0';
	if (f)
		fclose(f);
}

FILE *procfs_open_swaps(void)
{
	return fopen("/proc/swaps", "re");
}

/* "none [integrity] confidentiality": the one that counts stands in brackets. */
bool procfs_is_locked_down(void)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char line[64];
	bool locked = f && fgets(line, sizeof(line), f) &&
		      !strstr(line, "[none]");

	if (f)
		fclose(f);
	return locked;
}

bool procfs_module_is_live(void)
{
	FILE *f = fopen("/sys/module/vmscope/initstate", "re");
	char line[16];
	bool live = f && fgets(line, sizeof(line), f) &&
		    !strcmp(line, "live\n");

	if (f)
		fclose(f);
	return live;
}
