// SPDX-License-Identifier: GPL-2.0
/*
 * Freezing processes that do nothing but start threads and count. They are real:
 * what matters here is what the kernel does.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "freeze.h"
#include "unit.h"

long __wrap_ptrace(int request, pid_t pid, void *addr, void *data);

/* To send each thread between the two steps that stop it; 0: none. */
static int signal_between;

long __wrap_ptrace(int request, pid_t pid, void *addr, void *data)
{
	if (request == PTRACE_INTERRUPT && signal_between) {
		syscall(SYS_tkill, pid, signal_between);
		usleep(2000);
	}
	return syscall(SYS_ptrace, request, pid, addr, data);
}

/**
 * struct shared - what a child tells
 * @ticks: goes up as long as any of its threads runs
 * @signals: queued signals that it has got
 */
static struct shared {
	unsigned long ticks;
	unsigned long signals;
} *shared;

static void tick(void)
{
	__atomic_add_fetch(&shared->ticks, 1, __ATOMIC_RELAXED);
}

static void count_signal(int sig)
{
	(void)sig;
	__atomic_add_fetch(&shared->signals, 1, __ATOMIC_RELAXED);
}

static void *brief(void *arg)
{
	tick();
	return arg;
}

static void *spawn(void *arg)
{
	pthread_t t;

	for (;;) {
		tick();
		if (!pthread_create(&t, NULL, brief, NULL))
			pthread_join(t, NULL);
	}
	return arg;
}

/* Each thread starts the next one, and ends: whichever is missed goes on. */
static void *chain(void *arg)
{
	pthread_attr_t attr;
	pthread_t t;

	tick();
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	while (pthread_create(&t, &attr, chain, arg))
		usleep(100);
	pthread_attr_destroy(&attr);
	return NULL;
}

/* A child that starts threads all the time; its leader may have exited. */
static pid_t start(bool without_leader)
{
	const struct sigaction act = { .sa_handler = count_signal };
	pid_t pid;
	int i;

	shared->ticks = 0;
	shared->signals = 0;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigaction(SIGRTMIN, &act, NULL);
		for (i = 0; i < 4; i++) {
			pthread_t t;

			pthread_create(&t, NULL, i % 2 ? chain : spawn, NULL);
		}
		if (without_leader)
			pthread_exit(NULL);
		spawn(NULL);
	}
	while (shared->ticks < 10)
		usleep(1000);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool ticks_within(int ms)
{
	unsigned long before = __atomic_load_n(&shared->ticks, __ATOMIC_RELAXED);

	for (; ms > 0; ms--) {
		usleep(1000);
		if (__atomic_load_n(&shared->ticks, __ATOMIC_RELAXED) != before)
			return true;
	}
	return false;
}

/* For those that should not: a machine with much to do lets it pass. */
static bool runs(void)
{
	return ticks_within(50);
}

/* For those that should: a machine with much to do may take its time. */
static bool goes_on(void)
{
	return ticks_within(10000);
}

/* Letter of the state of a process. */
static char state_of(pid_t pid)
{
	char path[64], line[512];
	char *end_of_name;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	end_of_name = strrchr(line, ')');
	return end_of_name[2];
}

static int setup(void **state)
{
	(void)state;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? -1 : 0;
}

static void freeze_ok(struct freeze *f, const pid_t *pid, size_t n)
{
	struct error err = { 0 };

	memset(f, 0, sizeof(*f));
	if (freeze_processes(f, pid, n, &err)) {
		freeze_release(f, &err);
		fail_msg("%s", err.text);
	}
}

static void release_ok(struct freeze *f)
{
	struct error err = { 0 };

	assert_int_equal(freeze_release(f, &err), 0);
}

static void test_threads(void **state)
{
	bool leader_ends = *state;
	pid_t pid = start(leader_ends);
	bool ran = false, stood = false;
	struct freeze f;
	int i;

	for (i = 0; i < 20; i++) {
		freeze_ok(&f, &pid, 1);
		ran |= runs();
		release_ok(&f);
		stood |= !goes_on();
	}
	end(pid);
	assert_false(ran);
	assert_false(stood);
}

/* A signal that comes while it is about to stop is not lost. */
static void test_signals(void **state)
{
	pid_t pid = start(true);
	unsigned long sent = 0;
	struct freeze f;
	int i, tries;

	(void)state;
	/* None of them may get to run in between, on a busy machine. */
	for (tries = 0; tries < 100 && !sent; tries++) {
		signal_between = SIGRTMIN;
		freeze_ok(&f, &pid, 1);
		signal_between = 0;
		for (i = 0; i < (int)f.n; i++)
			sent += f.thread[i].signal == SIGRTMIN;
		release_ok(&f);
	}
	for (i = 0; i < 10000 && shared->signals < sent; i++)
		usleep(1000);
	end(pid);
	assert_true(sent > 0);
	assert_true(shared->signals >= sent);
}

static void test_stopped_before(void **state)
{
	pid_t pid = start(false);
	char after;
	bool ran;
	struct freeze f;
	int i;

	(void)state;
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	freeze_ok(&f, &pid, 1);
	release_ok(&f);
	ran = runs();
	for (i = 0; i < 10000 && state_of(pid) != 'T'; i++)
		usleep(1000);
	after = state_of(pid);
	kill(pid, SIGCONT);
	assert_true(goes_on());
	end(pid);
	assert_false(ran);
	assert_int_equal(after, 'T');
}

/* Whoever froze it is killed: it goes on, or stays stopped if it was. */
static void test_killed(void **state)
{
	pid_t pid = start(false);
	bool frozen, ran;
	int stop, pipes[2];

	(void)state;
	for (stop = 0; stop < 2; stop++) {
		struct error err = { 0 };
		struct freeze f = { 0 };
		pid_t freezer;
		char c = 0;

		if (stop) {
			kill(pid, SIGSTOP);
			waitpid(pid, NULL, WUNTRACED);
		}
		assert_int_equal(pipe(pipes), 0);
		freezer = fork();
		if (!freezer) {
			c = freeze_processes(&f, &pid, 1, &err) ? 'e' : 'f';
			if (write(pipes[1], &c, 1) == 1)
				pause();
			_exit(1);
		}
		assert_int_equal(read(pipes[0], &c, 1), 1);
		assert_int_equal(c, 'f');
		frozen = !runs();
		kill(freezer, SIGKILL);
		waitpid(freezer, NULL, 0);
		ran = stop ? runs() : goes_on();
		close(pipes[0]);
		close(pipes[1]);
		assert_true(frozen);
		assert_int_equal(ran, !stop);
	}
	end(pid);
}

/* Output is kept until whoever may read it runs again. */
static void test_output(void **state)
{
	pid_t pid = start(false);
	struct capture cap;
	struct freeze f;
	char buf[64];

	(void)state;
	capture_begin(&cap);
	printf("before ");
	freeze_ok(&f, &pid, 1);
	printf("frozen ");
	fflush(stdout);
	assert_int_equal(lseek(fileno(cap.file), 0, SEEK_CUR), 7);
	release_ok(&f);
	printf("after");
	capture_end(&cap, buf, sizeof(buf));
	end(pid);
	assert_string_equal(buf, "before frozen after");
}

static void refused(const pid_t *pid, size_t n, enum status status,
		    const char *why)
{
	struct error err = { 0 };
	struct freeze f = { 0 };
	char text[256];

	assert_int_equal(freeze_processes(&f, pid, n, &err), -1);
	freeze_release(&f, &err);
	assert_int_equal(err.status, status);
	snprintf(text, sizeof(text), "PID %d: %s", (int)pid[n - 1], why);
	assert_string_equal(err.text, text);
}

static void test_errors(void **state)
{
	pid_t pid[2] = { start(false), getpid() };
	struct freeze f;
	pid_t tracer, gone;
	int pipes[2];
	char c;

	(void)state;
	/* The first is let go of when the second cannot be frozen. */
	refused(pid, 2, STATUS_FAILED, "cannot freeze vmscope itself");
	assert_true(goes_on());

	assert_int_equal(pipe(pipes), 0);
	tracer = fork();
	if (!tracer) {
		c = ptrace(PTRACE_SEIZE, pid[0], NULL, NULL) ? 'e' : 't';
		if (write(pipes[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(pipes[0], &c, 1), 1);
	assert_int_equal(c, 't');
	refused(pid, 1, STATUS_FAILED, "cannot be frozen: already traced");
	end(tracer);
	assert_true(goes_on());
	end(pid[0]);

	/* Those that are no more, or have exited, are left to the module. */
	freeze_ok(&f, pid, 1);
	release_ok(&f);
	gone = fork();
	if (!gone)
		_exit(0);
	while (state_of(gone) != 'Z')
		usleep(1000);
	freeze_ok(&f, &gone, 1);
	assert_int_equal(f.n, 1);
	release_ok(&f);
	end(gone);
}

/* The same process twice, by two of its threads. */
static void test_twice(void **state)
{
	pid_t pid[2];
	struct freeze f;

	(void)state;
	pid[0] = start(false);
	pid[1] = pid[0];
	freeze_ok(&f, pid, 2);
	assert_false(runs());
	release_ok(&f);
	assert_true(goes_on());
	end(pid[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test_prestate(test_threads, (void *)"no leader"),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_stopped_before),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_twice),
	};

	return cmocka_run_group_tests_name("freeze", tests, setup, NULL);
}
