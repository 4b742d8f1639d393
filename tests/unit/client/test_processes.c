// SPDX-License-Identifier: GPL-2.0
/*
 * On a made-up /proc and a made-up tree of cgroups.
 */
#include <sys/stat.h>

#include "processes.h"
#include "unit.h"

static char root[32];
static struct processes p;
static struct error err;

/* A file below the root, with the directories that lead to it. */
static void put(const char *path, const char *text)
{
	char full[256], *c;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (c = full + strlen(root) + 1; (c = strchr(c, '/')); c++) {
		*c = '\0';
		mkdir(full, 0700);
		*c = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void put_stat(int pid, const char *comm, char state,
		     unsigned int flags, int threads, int start)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "proc/%d/stat", pid);
	snprintf(text, sizeof(text),
		 "%d (%s) %c 1 1 1 0 -1 %u 1 2 3 4 5 6 7 8 20 0 %d 0 %d 100 200\n",
		 pid, comm, state, flags, threads, start);
	put(path, text);
}

static int setup(void **state)
{
	static char proc[64], cgroup[64];

	(void)state;
	strcpy(root, "/tmp/test_processes.XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(proc, sizeof(proc), "%s/proc", root);
	snprintf(cgroup, sizeof(cgroup), "%s/cgroup", root);
	put_stat(10, "shell", 'S', 0x400000, 1, 1000);
	put_stat(9, "shell", 'R', 0x400000, 1, 1000);
	put_stat(2, "kthreadd", 'S', 0x200040, 1, 0);
	put_stat(30, "gone", 'Z', 0x400004, 1, 1000);
	put_stat(31, "going", 'R', 0x400004, 1, 1000);
	put_stat(32, "leaderless", 'Z', 0x400004, 3, 1000);
	put_stat(40, "a) R (b c", 'S', 0, 1, 1000);
	put_stat(41, "fifteen letters", 'S', 0, 1, 1000);
	put_stat(77, "shell", 'S', 0, 1, 1000);	/* this one */
	put("proc/meminfo", "");
	put("proc/50/status", "");	/* exits while it is looked at */
	put("cgroup/cgroup.procs", "1\n2\n77\n");
	put("cgroup/jobs/cgroup.procs", "9\n10\n30\n");
	put("cgroup/jobs/deep/er/cgroup.procs", "40\n10\n");
	put("cgroup/jobs/deep/cgroup.procs", "");
	put("cgroup/empty/cgroup.procs", "30\n2\n77\n");
	put("cgroup/foreign/cgroup.procs", "0\n0\n");
	put("cgroup/mixed/cgroup.procs", "0\n9\n");
	put("cgroup/plain/file", "");
	processes_init(&p);
	assert_string_equal(p.proc, "/proc");
	assert_string_equal(p.cgroup, "/sys/fs/cgroup");
	assert_int_equal(p.self, getpid());
	p.proc = proc;
	p.cgroup = cgroup;
	p.self = 77;
	memset(&err, 0, sizeof(err));
	return 0;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	processes_free(&p);
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void assert_pids(const int *pid, size_t n)
{
	size_t i;

	processes_finish(&p);
	for (i = 0; i < n && i < p.n; i++)
		assert_int_equal(p.process[i].pid, pid[i]);
	assert_int_equal(p.n, n);
}

#define PIDS(...) assert_pids((const int[]){ __VA_ARGS__ }, \
			      ARRAY_SIZE(((const int[]){ __VA_ARGS__ })))

static void test_all(void **state)
{
	(void)state;
	assert_int_equal(processes_add_all(&p, &err), 0);
	PIDS(9, 10, 32, 40, 41);
	assert_string_equal(p.process[0].comm, "shell");
	assert_false(p.process[0].named);
}

static void test_name(void **state)
{
	(void)state;
	assert_int_equal(processes_add_name(&p, "a) R (b c", &err), 0);
	assert_int_equal(processes_add_name(&p, "fifteen letters, and more",
					    &err), 0);
	assert_int_equal(processes_add_name(&p, "shell", &err), 0);
	PIDS(9, 10, 40, 41);
	assert_string_equal(p.process[2].comm, "a) R (b c");

	assert_int_equal(processes_add_name(&p, "she", &err), -1);
	assert_int_equal(err.status, STATUS_FAILED);
	assert_string_equal(err.text, "name 'she': no process is called so");
	assert_int_equal(processes_add_name(&p, "fifteen letterX", &err), -1);
	assert_int_equal(processes_add_name(&p, "kthreadd", &err), -1);
	assert_int_equal(processes_add_name(&p, "gone", &err), -1);
}

/* Given by number: first, as typed, known to the other ways, and once. */
static void test_mixed(void **state)
{
	(void)state;
	assert_int_equal(processes_add(&p, 40, &err), 0);
	assert_int_equal(processes_add(&p, 77, &err), 0);
	assert_int_equal(processes_add(&p, 5, &err), 0);
	assert_int_equal(processes_add_cgroup(&p, "jobs", &err), 0);
	assert_int_equal(processes_add_name(&p, "shell", &err), 0);
	PIDS(40, 77, 5, 9, 10);
	assert_true(p.process[2].named);
	assert_string_equal(p.process[2].comm, "?");
	assert_false(p.process[3].named);

	assert_int_equal(processes_add(&p, 77, &err), -1);
	assert_int_equal(err.status, STATUS_USAGE);
	assert_string_equal(err.text, "PID 77: given twice");
}

static void test_cgroup(void **state)
{
	static const struct {
		const char *path;
		enum status status;
		const char *text;
	} rows[] = {
		{ "nope", STATUS_FAILED, "cgroup 'nope': no such cgroup" },
		{ "empty", STATUS_FAILED, "cgroup 'empty': no process in it" },
		{ "foreign", STATUS_FAILED,
		  "cgroup 'foreign': no process in it that has a number here" },
		{ "jobs/..", STATUS_USAGE, "cgroup 'jobs/..': not a path below " },
		{ "../proc", STATUS_USAGE, "cgroup '../proc': not a path below " },
		{ "plain", STATUS_FAILED, NULL },
	};
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(processes_add_cgroup(&p, rows[i].path, &err),
				 -1);
		assert_int_equal(err.status, rows[i].status);
		if (rows[i].text)
			assert_begins(err.text, rows[i].text);
		else
			assert_non_null(strstr(err.text, "not a cgroup"));
		assert_int_equal(p.n, 0);
	}
	p.foreign = 0;
	assert_int_equal(processes_add_cgroup(&p, "mixed", &err), 0);
	assert_int_equal(p.foreign, 1);
	PIDS(9);
	assert_int_equal(processes_add_cgroup(&p, "jobs/deep", &err), 0);
	PIDS(9, 10, 40);
	/* Other ways to say the same, and all of the tree */
	assert_int_equal(processes_add_cgroup(&p, "/jobs//", &err), 0);
	snprintf(path, sizeof(path), "%s/mixed", p.cgroup);
	assert_int_equal(processes_add_cgroup(&p, path, &err), 0);
	assert_int_equal(processes_add_cgroup(&p, "/", &err), 0);
	PIDS(9, 10, 40);
}

static void test_gone(void **state)
{
	(void)state;
	assert_int_equal(processes_add_name(&p, "shell", &err), 0);
	PIDS(9, 10);
	assert_false(processes_gone(&p, &p.process[0]));
	put_stat(9, "shell", 'R', 0, 1, 1001);	/* another one since */
	assert_true(processes_gone(&p, &p.process[0]));
	put_stat(10, "shell", 'Z', 4, 1, 1000);
	assert_true(processes_gone(&p, &p.process[1]));
	put("proc/10/stat", "");
	assert_true(processes_gone(&p, &p.process[1]));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all),
		TEST(test_name),
		TEST(test_mixed),
		TEST(test_cgroup),
		TEST(test_gone),
	};

	return cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
