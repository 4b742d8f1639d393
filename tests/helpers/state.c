// SPDX-License-Identifier: GPL-2.0
/*
 * state KIND... - be a process whose pages are in exactly known states.
 *
 * Prints "pid N", then for each KIND "KIND 0xADDR [pid N] [pfn N]" (the process
 * it is in, if it is another one; the frame, if it is known from elsewhere),
 * then "ready", and reads lines from stdin:
 *
 *   KIND		make its change (what was there disappears, or the other
 *			way round): "KIND changed 0xADDR [OUTCOME]", where it now
 *			is, and how an access that is the change ended
 *   read KIND, write KIND, exec KIND, mincore KIND
 *			"read KIND OUTCOME": see state_access.c
 *
 * End of file ends it. A KIND that this kernel or machine does not have is
 * answered by "KIND missing: WHY", and the status is 77; whatever else goes
 * wrong is "KIND failed: WHY".
 */
#include "state.h"

pid_t whose;
char *moved_to;
uint64_t known_pfn;
const char *outcome;

static const char *lacking;

static struct kind *const groups[] = {
	anon_kinds, bit_kinds, file_kinds, fork_kinds, huge_kinds, swap_kinds,
	uffd_kinds, numa_kinds, machine_kinds,
};

/* For a make() to return: not here, and why. */
char *lacks(const char *why)
{
	lacking = why;
	return NULL;
}

static struct kind *find(const char *name)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (struct kind *k = groups[i]; k->name; k++)
			if (!strcmp(k->name, name))
				return k;
	return NULL;
}

static void give_up(const char *name)
{
	if (lacking)
		printf("%s missing: %s\n", name, lacking);
	else
		printf("%s failed: %s\n", name, strerror(errno));
	fflush(stdout);
	exit(lacking ? 77 : 1);
}

static void make(const char *name)
{
	struct kind *k = find(name);

	if (!k) {
		fprintf(stderr, "state: %s: no such kind\n", name);
		exit(2);
	}
	errno = 0;
	whose = 0;
	known_pfn = 0;
	k->at = k->make();
	if (!k->at)
		give_up(name);
	printf("%s 0x%lx", name, (unsigned long)k->at);
	if (whose)
		printf(" pid %d", whose);
	if (known_pfn)
		printf(" pfn %lu", (unsigned long)known_pfn);
	printf("\n");
}

static void change(struct kind *k)
{
	outcome = "";
	moved_to = NULL;
	errno = 0;
	if (!k->change || k->change(k->at)) {
		printf("%s failed: %s\n", k->name, strerror(errno));
		return;
	}
	if (moved_to)
		k->at = moved_to;
	printf("%s changed 0x%lx %s\n", k->name, (unsigned long)k->at, outcome);
}

static const char *answer(const char *question, char *p)
{
	if (!strcmp(question, "read"))
		return try_access(p, ACCESS_READ);
	if (!strcmp(question, "write"))
		return try_access(p, ACCESS_WRITE);
	if (!strcmp(question, "exec"))
		return try_access(p, ACCESS_EXEC);
	if (!strcmp(question, "mincore"))
		return try_mincore(p);
	return "unknown";
}

static void obey(char *line)
{
	char *name = strchr(line, ' ');
	struct kind *k;

	if (name)
		*name++ = '\0';
	k = find(name ? name : line);
	if (!k || !k->at)
		printf("%s failed: no such kind here\n", line);
	else if (name)
		printf("%s %s %s\n", line, name, answer(line, k->at));
	else
		change(k);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[64];

	printf("pid %d\n", getpid());
	fflush(stdout);
	for (int i = 1; i < argc; i++)
		make(argv[i]);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		obey(line);
	}
	return 0;
}
