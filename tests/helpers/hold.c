// SPDX-License-Identifier: GPL-2.0
/*
 * hold.so - loaded into the client (LD_PRELOAD), stops it by SIGSTOP when it has
 * received the Nth large part of answers (HOLD_AT=N): in the midst of a dump, on
 * whichever way in.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LARGE	8192	/* what is less is no part of a large dump */

static ssize_t received(ssize_t n)
{
	static long parts;
	const char *at = getenv("HOLD_AT");

	if (n >= LARGE && at && ++parts == atol(at))
		raise(SIGSTOP);
	return n;
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	return received(syscall(SYS_recvmsg, fd, msg, flags));
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
	return received(syscall(SYS_pread64, fd, buf, n, at));
}

/* As programs call it that are built for large files. */
ssize_t pread64(int fd, void *buf, size_t n, off64_t at)
{
	return received(syscall(SYS_pread64, fd, buf, n, at));
}
