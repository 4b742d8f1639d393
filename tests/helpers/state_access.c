// SPDX-License-Identifier: GPL-2.0
/*
 * state: an access, and how it ended: "ok" if the hardware did it alone, "minor"
 * or "major" if the kernel had to give it a page first, or the signal's reason.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include "state.h"

static sigjmp_buf back;
static volatile sig_atomic_t caught_signal;
static volatile sig_atomic_t caught_code;

static void caught(int sig, siginfo_t *info, void *context)
{
	(void)context;
	caught_signal = sig;
	caught_code = info->si_code;
	siglongjmp(back, 1);
}

static const char *reason(void)
{
	static const struct {
		int sig;
		int code;
		const char *name;
	} reasons[] = {
		{ SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR" },
		{ SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR" },
		{ SIGSEGV, SEGV_PKUERR, "SEGV_PKUERR" },
		{ SIGBUS, BUS_ADRERR, "BUS_ADRERR" },
		{ SIGBUS, BUS_MCEERR_AR, "BUS_MCEERR_AR" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].sig == caught_signal &&
		    reasons[i].code == caught_code)
			return reasons[i].name;
	return strsignal(caught_signal);
}

static void do_access(char *p, enum access how)
{
	switch (how) {
	case ACCESS_READ:
		read_byte(p);
		break;
	case ACCESS_WRITE:
		write_byte(p);
		break;
	case ACCESS_EXEC:
		((void (*)(void))p)();
		break;
	}
}

const char *try_access(char *p, enum access how)
{
	static char warm;
	const struct sigaction sa = {
		.sa_sigaction = caught,
		.sa_flags = SA_SIGINFO,
	};
	struct rusage before, after;

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	/* Whatever else could fault here has to have done so. */
	write_byte(&warm);
	getrusage(RUSAGE_THREAD, &after);
	if (sigsetjmp(back, 1))
		return reason();
	getrusage(RUSAGE_THREAD, &before);
	do_access(p, how);
	getrusage(RUSAGE_THREAD, &after);
	if (after.ru_majflt != before.ru_majflt)
		return "major";
	return after.ru_minflt != before.ru_minflt ? "minor" : "ok";
}

/* "1": in memory, "0": not, or what the kernel refuses to answer with. */
const char *try_mincore(char *p)
{
	unsigned char there;

	p = (char *)((uintptr_t)p & ~(PAGE - 1));
	if (mincore(p, PAGE, &there))
		return strerrorname_np(errno);
	return there & 1 ? "1" : "0";
}

int read_it(char *p)
{
	outcome = try_access(p, ACCESS_READ);
	return 0;
}

int write_it(char *p)
{
	outcome = try_access(p, ACCESS_WRITE);
	return 0;
}
