// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that is stopped starts no other one, and does not go away. So when
 * all known threads are stopped, and the kernel counts no more threads than
 * that, then there is no other one. The list of threads alone would not do:
 * where threads come and go while it is read, it may leave some out.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "freeze.h"
#include "transport.h"

/* Of the flags in /proc/PID/stat; not promised, but as old as the file. */
#define PF_KTHREAD	0x00200000

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP	128
#endif

/**
 * struct task - what /proc says of a thread
 * @tgid: its process
 * @tracer: who traces it, 0: nobody
 * @threads: of its process
 * @state: letter as in ps
 */
struct task {
	pid_t tgid;
	pid_t tracer;
	size_t threads;
	char state;
};

static bool read_task(pid_t tid, struct task *task)
{
	char path[32], line[256];
	FILE *f;

	memset(task, 0, sizeof(*task));
	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		char *value = strchr(line, '\t');

		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(line, "State:"))
			task->state = *value;
		else if (!strcmp(line, "Tgid:"))
			task->tgid = atoi(value);
		else if (!strcmp(line, "TracerPid:"))
			task->tracer = atoi(value);
		else if (!strcmp(line, "Threads:"))
			task->threads = strtoul(value, NULL, 10);
	}
	fclose(f);
	return task->tgid != 0;
}

static bool has_ended(const struct task *task)
{
	return task->state == 'Z' || task->state == 'X';
}

static bool is_kernel_thread(pid_t pid)
{
	char path[32], line[512];
	unsigned int flags = 0;
	char *end = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	/* A name may hold anything, a closing parenthesis too. */
	if (fgets(line, sizeof(line), f))
		end = strrchr(line, ')');
	fclose(f);
	return end && sscanf(end, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       flags & PF_KTHREAD;
}

static __u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static struct frozen *find_thread(const struct freeze *f, pid_t tid)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->thread[i].tid == tid)
			return &f->thread[i];
	return NULL;
}

static int no_memory(struct error *err)
{
	return error_set(err, STATUS_FAILED, "freeze: %s", strerror(ENOMEM));
}

static struct frozen *add_thread(struct freeze *f, pid_t tid)
{
	if (f->n == f->room) {
		size_t room = f->room ? 2 * f->room : 16;
		struct frozen *more = reallocarray(f->thread, room,
						   sizeof(*more));

		if (!more)
			return NULL;
		f->thread = more;
		f->room = room;
	}
	f->thread[f->n] = (struct frozen) { .tid = tid };
	return &f->thread[f->n++];
}

static int refused(pid_t pid, int error, const struct task *task,
		   struct error *err)
{
	if (task->tracer)
		return error_set(err, STATUS_FAILED,
				 "PID %d: cannot be frozen: already traced",
				 (int)pid);
	if (error == EPERM)
		return error_set(err, STATUS_PERMISSION,
				 "PID %d: cannot be frozen: no permission to trace it (needs CAP_SYS_PTRACE)",
				 (int)pid);
	return error_set(err, STATUS_FAILED, "PID %d: cannot be frozen: %s",
			 (int)pid, strerror(error));
}

/* Begin with a thread of process @pid, unless it is known, or is no more. */
static int seize(struct freeze *f, pid_t pid, pid_t tid, struct error *err)
{
	struct frozen *thread = find_thread(f, tid);
	struct task task;
	int error;

	if (thread)
		return 0;
	thread = add_thread(f, tid);
	if (!thread)
		return no_memory(err);
	if (!ptrace(PTRACE_SEIZE, tid, NULL, NULL)) {
		/* What fails here has exited: waiting for it will tell. */
		ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
		return 0;
	}
	error = errno;
	f->n--;
	/* Permission is also what is lacking for one that has exited. */
	if (!read_task(tid, &task))
		return 0;
	if (!has_ended(&task))
		return error == ESRCH ? 0 : refused(pid, error, &task, err);
	/* It stays for as long as other threads live; or it goes soon. */
	if (tid == task.tgid) {
		thread->ended = true;
		f->n++;
	}
	return 0;
}

static int seize_all(struct freeze *f, pid_t pid, struct error *err)
{
	char path[32];
	struct dirent *d;
	int ret = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && !ret && (d = readdir(dir)))
		if (*d->d_name != '.')
			ret = seize(f, pid, atoi(d->d_name), err);
	if (dir)
		closedir(dir);
	return ret;
}

static void forget(struct freeze *f, size_t i)
{
	memmove(&f->thread[i], &f->thread[i + 1],
		(--f->n - i) * sizeof(*f->thread));
}

/* Has thread @i stopped? False: not yet. It may be another one afterwards. */
static bool has_stopped(struct freeze *f, size_t i)
{
	struct frozen *thread = &f->thread[i];
	struct task task;
	int status;
	pid_t got;

	if (thread->stopped || thread->ended)
		return true;
	do {
		got = waitpid(thread->tid, &status, __WALL | WNOHANG);
	} while (got < 0 && errno == EINTR);
	if (got < 0 || (got > 0 && !WIFSTOPPED(status))) {
		forget(f, i);
		return false;
	}
	if (got > 0) {
		thread->stopped = true;
		/* On its way to the stop a signal may have come: give it back. */
		if (status >> 16 != PTRACE_EVENT_STOP)
			thread->signal = WSTOPSIG(status);
		return true;
	}
	/* A leader is not waited for while other threads live. */
	thread->ended = read_task(thread->tid, &task) && has_ended(&task) &&
			thread->tid == task.tgid;
	return thread->ended;
}

static int wait_all(struct freeze *f, pid_t pid, __u64 deadline,
		    struct error *err)
{
	const struct timespec pause = { .tv_nsec = 200000 };
	size_t i = 0;

	while (i < f->n) {
		pid_t tid = f->thread[i].tid;

		if (has_stopped(f, i)) {
			i++;
			continue;
		}
		if (now_ms() > deadline)
			return error_set(err, STATUS_FAILED,
					 "PID %d: cannot be frozen: thread %d does not stop",
					 (int)pid, (int)tid);
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* Threads known of one process, those that others have begun with as well. */
static size_t count_threads(const struct freeze *f, pid_t tgid)
{
	size_t n = 0, i;
	char path[64];

	for (i = 0; i < f->n; i++) {
		snprintf(path, sizeof(path), "/proc/%d/task/%d", (int)tgid,
			 (int)f->thread[i].tid);
		n += !access(path, F_OK);
	}
	return n;
}

static int freeze_process(struct freeze *f, pid_t pid, struct error *err)
{
	const __u64 deadline = now_ms() + FREEZE_SECONDS * 1000;
	struct task task;

	if (!read_task(pid, &task))
		return 0;	/* whoever is asked about it will say so */
	if (task.tgid == getpid())
		return error_set(err, STATUS_FAILED,
				 "PID %d: cannot freeze vmscope itself",
				 (int)pid);
	if (is_kernel_thread(pid))
		return error_set(err, STATUS_FAILED, "PID %d: %s", (int)pid,
				 transport_strerror(EOPNOTSUPP));
	do {
		if (seize_all(f, pid, err) || wait_all(f, pid, deadline, err))
			return -1;
		if (!read_task(pid, &task) ||
		    task.threads <= count_threads(f, task.tgid))
			return 0;
	} while (now_ms() < deadline);
	return error_set(err, STATUS_FAILED,
			 "PID %d: cannot be frozen: it starts threads faster than they stop",
			 (int)pid);
}

static void block_stop(int how)
{
	sigset_t stop;

	/* Whoever stops this program would leave the others frozen. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(how, &stop, NULL);
}

static int spool_begin(struct freeze *f, struct error *err)
{
	f->spool = tmpfile();
	if (!f->spool)
		goto failed;
	fflush(stdout);
	f->stdout_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC,
			     STDERR_FILENO + 1);
	if (f->stdout_fd < 0 ||
	    dup2(fileno(f->spool), STDOUT_FILENO) < 0)
		goto failed;
	return 0;

failed:
	error_set(err, STATUS_FAILED, "freeze: file for the output: %s",
		  strerror(errno));
	if (f->spool && f->stdout_fd >= 0)
		close(f->stdout_fd);
	if (f->spool)
		fclose(f->spool);
	f->spool = NULL;
	return -1;
}

/* All that was printed since. 0 or errno. */
static int spool_end(struct freeze *f)
{
	int error = fflush(stdout) ? errno : 0;
	char buf[65536];
	size_t n, left;
	ssize_t done;

	dup2(f->stdout_fd, STDOUT_FILENO);
	close(f->stdout_fd);
	rewind(f->spool);
	while (!error && (n = fread(buf, 1, sizeof(buf), f->spool)))
		for (left = n; left && !error; left -= done) {
			done = write(STDOUT_FILENO, buf + n - left, left);
			if (done < 0) {
				error = errno == EINTR ? 0 : errno;
				done = 0;
			}
		}
	if (!error && ferror(f->spool))
		error = EIO;
	fclose(f->spool);
	f->spool = NULL;
	return error;
}

int freeze_processes(struct freeze *f, const pid_t *pid, size_t n,
		     struct error *err)
{
	size_t i;

	if (spool_begin(f, err))
		return -1;
	block_stop(SIG_BLOCK);
	for (i = 0; i < n; i++)
		if (freeze_process(f, pid[i], err))
			return -1;
	return 0;
}

int freeze_release(struct freeze *f, struct error *err)
{
	size_t i;
	int error;

	/* One that has not stopped is let go of when this program ends. */
	for (i = 0; i < f->n; i++)
		if (f->thread[i].stopped)
			ptrace(PTRACE_DETACH, f->thread[i].tid, NULL,
			       (void *)(long)f->thread[i].signal);
	free(f->thread);
	f->thread = NULL;
	f->n = 0;
	f->room = 0;
	if (!f->spool)
		return 0;
	block_stop(SIG_UNBLOCK);
	error = spool_end(f);
	if (!error || err->status)
		return err->status ? -1 : 0;
	/* Whoever has seen enough of it is not told so. */
	if (error == EPIPE)
		return error_set(err, STATUS_FAILED, "%s", "");
	return error_set(err, STATUS_FAILED, "stdout: %s", strerror(error));
}
