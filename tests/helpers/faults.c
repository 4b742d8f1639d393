// SPDX-License-Identifier: GPL-2.0
/*
 * faults.so - loaded into a program (LD_PRELOAD), runs it again and again: each
 * time the kernel fails one of the things that may fail (an allocation, a copy from
 * or to user space) while it works for the program in the module's files or on a
 * socket: in the first call the first, the second and so on, until a run has met no
 * more of them, then in the second. How many there are before differs from run to
 * run; so what comes before a call is not counted.
 *
 * A run is right if it failed and said why in one line that begins as FAULTS_SAYS
 * has it, or if it did the same as a run without a fault. Prints each that is
 * not, and how many there were.
 *
 * All runs are forks of one process that has been started already: what happens
 * before main() does not count, nor take time.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/genetlink.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST		1000	/* faults in one call: more means that we go round */
#define PATIENCE	60	/* seconds that a run may take */
#define ANSWER		(1 << 20)

/**
 * struct run - one of them, shared with the process that it is
 * @at: the system call in which the fault is to come; 0: none
 * @nth: of what may fail in it
 * @calls: system calls that were watched
 * @met: it came
 * @call: the name of that call
 */
struct run {
	int at;
	int nth;
	int calls;
	bool met;
	char call[16];
};

static struct run *run;
static int nth = -1;		/* our own fail-nth, while a run goes on */
static bool others;		/* the last message was not to the module */

static void arm(void)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", run->nth);

	if (syscall(SYS_write, nth, text, len) != len)
		abort();
}

/*
 * See what is left, and take it back. Reading and writing are among what may fail,
 * and counted: a read that fails has met the fault that the call has not.
 */
static void disarm(const char *call)
{
	char text[16] = "";

	run->met = syscall(SYS_pread64, nth, text, sizeof(text) - 1, 0) >= 0 && !atoi(text);
	syscall(SYS_write, nth, "0", 1);
	syscall(SYS_write, nth, "0", 1);
	snprintf(run->call, sizeof(run->call), "%s", call);
}

/* Whether what is behind @fd is the module's, or a socket. */
static bool watched(int fd)
{
	char link[32], path[PATH_MAX];
	ssize_t n;

	if (nth < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return (!strncmp(path, "socket:", 7) && !others) || strstr(path, "/debug/vmscope");
}

static bool watched_path(int dir, const char *path)
{
	if (nth < 0)
		return false;
	return path[0] == '/' || dir == AT_FDCWD ?
	       !!strstr(path, "/debug/vmscope") : watched(dir);
}

static long watch(bool yes, const char *name, long number, long a, long b,
		  long c, long d)
{
	bool armed = yes && ++run->calls == run->at;
	long ret;
	int err;

	if (armed)
		arm();
	ret = syscall(number, a, b, c, d);
	err = errno;
	if (armed)
		disarm(name);
	errno = err;
	return ret;
}

/* Which number the module's family has is a question to others. */
static bool about_family(const struct msghdr *msg)
{
	const struct nlmsghdr *hdr;

	if (!msg->msg_iovlen || msg->msg_iov->iov_len < sizeof(*hdr))
		return false;
	hdr = msg->msg_iov->iov_base;
	return hdr->nlmsg_type == GENL_ID_CTRL;
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	others = about_family(msg);
	return watch(watched(fd), "sendmsg", SYS_sendmsg, fd, (long)msg, flags, 0);
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	return watch(watched(fd), "recvmsg", SYS_recvmsg, fd, (long)msg, flags, 0);
}

ssize_t read(int fd, void *buf, size_t n)
{
	return watch(watched(fd), "read", SYS_read, fd, (long)buf, n, 0);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	return watch(watched(fd), "write", SYS_write, fd, (long)buf, n, 0);
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
	return watch(watched(fd), "pread", SYS_pread64, fd, (long)buf, n, at);
}

ssize_t pread64(int fd, void *buf, size_t n, off64_t at)
{
	return pread(fd, buf, n, at);
}

static int open_it(int dir, const char *path, int flags, mode_t mode)
{
	return watch(watched_path(dir, path), "open", SYS_openat, dir, (long)path,
		     flags, mode);
}

#define MODE_OF(flags, mode) do {			\
	va_list args;					\
							\
	va_start(args, flags);				\
	if ((flags) & (O_CREAT | __O_TMPFILE))		\
		mode = va_arg(args, mode_t);		\
	va_end(args);					\
} while (0)

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE_OF(flags, mode);
	return open_it(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE_OF(flags, mode);
	return open_it(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE_OF(flags, mode);
	return open_it(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE_OF(flags, mode);
	return open_it(dir, path, flags, mode);
}

/* What a run said: an unnamed file. */
struct said {
	char text[ANSWER];
	size_t len;
};

static void hear(struct said *s, int fd)
{
	ssize_t n = syscall(SYS_pread64, fd, s->text, sizeof(s->text) - 1, 0);

	s->len = n < 0 ? 0 : n;
	s->text[s->len] = '\0';
}

static bool same(const struct said *a, const struct said *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* Start a run that meets fault @n in call @at. Returns 0 in it, once it may go on. */
static pid_t start(int at, int n, int out, int err)
{
	pid_t pid;

	*run = (struct run){ .at = at, .nth = n };
	if (ftruncate(out, 0) || ftruncate(err, 0))
		abort();
	pid = fork();
	if (pid)
		return pid;
	alarm(PATIENCE);
	/* A file that others have open, too, would share the position. */
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	lseek(STDOUT_FILENO, 0, SEEK_SET);
	lseek(STDERR_FILENO, 0, SEEK_SET);
	nth = syscall(SYS_openat, AT_FDCWD, "/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth < 0)
		_exit(77);
	return 0;
}

static int finish(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What a run came to. */
struct outcome {
	int status;
	struct said out;
	struct said err;
};

/**
 * struct tally - how the runs with a fault ended
 * @told: with words
 * @made_up: as without one
 * @wrong: neither
 */
struct tally {
	int told;
	int made_up;
	int wrong;
};

static void judge(const struct outcome *got, const struct outcome *want, const regex_t *re,
		  struct tally *t)
{
	if (got->status == want->status && same(&got->out, &want->out) &&
	    same(&got->err, &want->err)) {
		t->made_up++;
	} else if (got->status && got->status < 128 &&
		   !regexec(re, got->err.text, 0, NULL, 0) &&
		   strchr(got->err.text, '\n') == got->err.text + got->err.len - 1) {
		t->told++;
	} else {
		t->wrong++;
		dprintf(1, "fault %d in call %d, %s: status %d, %zu bytes (of %zu), said: %s\n",
			run->nth, run->at, run->call, got->status, got->out.len,
			want->out.len, got->err.text);
	}
}

/* Anything but the program's own main(): the runs. */
__attribute__((constructor)) static void again_and_again(void)
{
	static struct outcome want, got;
	const char *says = getenv("FAULTS_SAYS");
	int out_fd = memfd_create("out", MFD_CLOEXEC);
	int err_fd = memfd_create("err", MFD_CLOEXEC);
	int at = 0, n = 0, all;
	struct tally t = { 0 };
	regex_t re;
	pid_t pid;

	/* What a run starts is no run. */
	unsetenv("LD_PRELOAD");
	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run == MAP_FAILED || !says || regcomp(&re, says, REG_EXTENDED | REG_NEWLINE)) {
		dprintf(2, "faults: no memory, or no FAULTS_SAYS\n");
		_exit(2);
	}
	do {
		pid = start(at, n, out_fd, err_fd);
		if (!pid)
			return;
		got.status = finish(pid);
		hear(&got.out, out_fd);
		hear(&got.err, err_fd);
		if (!at)
			want = got;
		if (run->met) {
			judge(&got, &want, &re, &t);
			n++;
		} else {
			at++;
			n = 1;
		}
		/* Until one has not come to its call at all. */
	} while (n < MOST && run->calls >= at - 1);
	all = t.told + t.made_up + t.wrong;
	dprintf(1, "%d faults in %d calls: %d told, %d made up for, %d wrong%s\n",
		all, at - 2, t.told, t.made_up, t.wrong,
		n == MOST ? ": no end" : want.status ? ": failed without any" : "");
	_exit(t.wrong || n == MOST || want.status || !t.told);
}
