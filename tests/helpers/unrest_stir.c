// SPDX-License-Identifier: GPL-2.0
/* unrest: what is done to all memory, whoever has it. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "unrest.h"

#define KHUGEPAGED	"/sys/kernel/mm/transparent_hugepage/khugepaged/"
#define KSM		"/sys/kernel/mm/ksm/"
#define POOL		"/proc/sys/vm/nr_hugepages"
#define BLOCKS		"/sys/devices/system/memory/memory[0-9]*"
#define OFFLINE_SECONDS	10
#define UNPLUG_SECONDS	5
#define ONLINE_TRIES	100
#define DIMMS		"/sys/bus/acpi/devices/PNP0C80:*"

/* What is set here, and put back in the end. */
static struct setting {
	const char *path;
	const char *value;	/* for as long as there is unrest; NULL: changes */
	char before[32];
} settings[] = {
	{ KHUGEPAGED "max_ptes_none", "511", "" },
	{ KHUGEPAGED "pages_to_scan", "4096", "" },
	{ KHUGEPAGED "scan_sleep_millisecs", "100", "" },
	{ KSM "sleep_millisecs", "20", "" },
	{ KSM "pages_to_scan", "500", "" },
	/* 2 takes apart what was merged, 0 does not. */
	{ KSM "run", "1", "" },
	{ POOL, NULL, "" },
};

static bool get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n < 0 ? 0 : n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return n > 0;
}

/* Memory that was plugged in and nobody uses yet: such as may be unplugged. */
static void use_all_memory(void)
{
	char path[128], state[16];
	glob_t blocks;

	if (glob(BLOCKS, 0, NULL, &blocks))
		return;
	for (size_t i = 0; i < blocks.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s/state", blocks.gl_pathv[i]);
		if (get(path, state, sizeof(state)) && !strcmp(state, "offline"))
			put(path, "online_movable");
	}
	globfree(&blocks);
}

void stir_prepare(void)
{
	use_all_memory();
	for (size_t i = 0; i < COUNT(settings); i++) {
		get(settings[i].path, settings[i].before, sizeof(settings[i].before));
		if (settings[i].value)
			put(settings[i].path, "%s", settings[i].value);
	}
}

void stir_undo(void)
{
	put(KSM "run", "2");
	for (size_t i = 0; i < COUNT(settings); i++)
		put(settings[i].path, "%s", settings[i].before);
}

static bool do_compact(unsigned int *seed)
{
	(void)seed;
	return put("/proc/sys/vm/compact_memory", "1");
}

static bool do_pool(unsigned int *seed)
{
	return put(POOL, "%u", any(seed, 12));
}

static bool do_ksm(unsigned int *seed)
{
	return put(KSM "run", "%u", any(seed, 8) ? 1 : 2);
}

/* A thousandth or two of a process's memory is on a device that is to go. */
static bool do_swap(unsigned int *seed)
{
	char line[256], name[128];
	unsigned int n = 0, pick;
	char found[8][128];
	FILE *f = fopen("/proc/swaps", "r");

	while (f && n < COUNT(found) && fgets(line, sizeof(line), f))
		if (sscanf(line, "%127s", name) == 1 && name[0] == '/')
			strcpy(found[n++], name);
	if (f)
		fclose(f);
	if (!n)
		return false;
	pick = any(seed, n);
	if (swapoff(found[pick]))
		return false;
	if (swapon(found[pick], 0))
		wrong("%s cannot be switched on again", found[pick]);
	return true;
}

static bool do_migrate(unsigned int *seed)
{
	unsigned long to = 1UL << any(seed, 2), from = 3;
	pid_t pid = unrest->subject[any(seed, SUBJECTS)];

	return pid && syscall(SYS_migrate_pages, pid, 3UL, &from, &to) >= 0;
}

/*
 * Also where somebody else is about to unplug it: that fails, or it is gone. Memory
 * with a poisoned page the kernel takes offline, and since 6.2 not online again.
 */
static bool put_online(const char *state)
{
	char now[16];

	for (int tries = 0; tries < ONLINE_TRIES; tries++) {
		if (put(state, "online_movable") || put(state, "online") ||
		    errno == EHWPOISON || !get(state, now, sizeof(now)) ||
		    !strcmp(now, "online"))
			return true;
		usleep(100000);
	}
	return false;
}

/* Memory that may be taken away, and is given back. */
static bool do_offline(unsigned int *seed)
{
	char path[128];
	bool done = false;
	glob_t blocks;

	if (glob(BLOCKS, 0, NULL, &blocks))
		return false;
	snprintf(path, sizeof(path), "%s/state", blocks.gl_pathv[any(seed, blocks.gl_pathc)]);
	globfree(&blocks);
	/* The kernel tries for as long as nothing interrupts it. */
	alarm(OFFLINE_SECONDS);
	done = put(path, "offline");
	alarm(0);
	if (done) {
		usleep(20000);
		done = put_online(path);
		if (!done)
			wrong("%s: cannot be put online again", path);
	}
	return done;
}

static bool is_plugged(const char *dimm)
{
	char path[128], status[8];

	snprintf(path, sizeof(path), "%s/status", dimm);
	return get(path, status, sizeof(status)) && strcmp(status, "0");
}

/* A module of memory that is plugged in; the caller owes a free(). */
static char *find_dimm(void)
{
	char *found = NULL;
	glob_t dimms;

	if (glob(DIMMS, 0, NULL, &dimms))
		return NULL;
	for (size_t i = 0; i < dimms.gl_pathc && !found; i++)
		if (is_plugged(dimms.gl_pathv[i]))
			found = strdup(dimms.gl_pathv[i]);
	globfree(&dimms);
	return found;
}

/*
 * Linux 6.1 looks for poisoned pages in what it has just written over, where it has
 * its own checks switched on and there are any; and does not survive that.
 */
static bool may_unplug(void)
{
	return system("grep -q '^HardwareCorrupted: *[1-9]' /proc/meminfo") ||
	       system("zgrep -qx CONFIG_DEBUG_VM_PGFLAGS=y /proc/config.gz 2>/dev/null");
}

/* Taken out for good, with all that the kernel knew of its frames. One is enough. */
static bool do_unplug(unsigned int *seed)
{
	char path[128], *dimm;

	(void)seed;
	if (!unrest->unplugging || unrest->asking != ASK_SUBJECTS)
		return false;
	dimm = find_dimm();
	if (!dimm)
		return false;
	snprintf(path, sizeof(path), "%s/eject", dimm);
	put(path, "1");
	/* A worker of the kernel does it, or gives up. */
	for (int i = 0; i < UNPLUG_SECONDS && is_plugged(dimm); i++)
		sleep(1);
	unrest->unplugging = is_plugged(dimm);
	free(dimm);
	return !unrest->unplugging;
}

static const struct {
	const char *name;
	unsigned int weight;
	bool (*act)(unsigned int *seed);
	const char *needs;
} stirs[] = {
	{ "compact", 10, do_compact, NULL },
	{ "pool", 20, do_pool, NULL },
	{ "ksm", 10, do_ksm, NULL },
	{ "swapoff", 5, do_swap, NULL },
	{ "migrate", 10, do_migrate, "/sys/devices/system/node/node1" },
	{ "offline", 5, do_offline, DIMMS },
	{ "unplug", 10, do_unplug, NULL },
};

void stir_names(void)
{
	char *dimm = find_dimm();

	/* A run before this one may have taken out the last. */
	unrest->unplugging = dimm && may_unplug();
	free(dimm);
	for (size_t i = 0; i < COUNT(stirs); i++) {
		count_as(&unrest->stir[i], stirs[i].name, stirs[i].needs);
		if (stirs[i].act == do_unplug)
			unrest->stir[i].optional = !unrest->unplugging;
	}
}

static void interrupt(int sig)
{
	(void)sig;
}

/* By their weights, but each once before long. */
static size_t choose(unsigned int *seed)
{
	unsigned int sum = 0, pick;
	size_t i = any(seed, COUNT(stirs));

	if (!unrest->stir[i].done && any(seed, 2))
		return i;
	for (i = 0; i < COUNT(stirs); i++)
		sum += stirs[i].weight;
	pick = any(seed, sum);
	for (i = 0; pick >= stirs[i].weight; i++)
		pick -= stirs[i].weight;
	return i;
}

_Noreturn void stir_be(void)
{
	const struct sigaction interrupted = { .sa_handler = interrupt };
	unsigned int seed = getpid();
	size_t i;

	sigaction(SIGALRM, &interrupted, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!unrest->over) {
		i = choose(&seed);
		count(&unrest->stir[i], stirs[i].act(&seed));
		usleep(10000);
	}
	_exit(0);
}
