// SPDX-License-Identifier: GPL-2.0
/* Numbers, and the processes that the fuzzer asks about. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fuzz.h"

#define MANY_VMAS	2000
#define BRIEF_PAGES	16
#define PM_FRAME	((1ULL << 55) - 1)

/* splitmix64: any seed will do, also 0. */
uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t dice_below(struct dice *d, uint64_t n)
{
	return dice_next(d) % n;
}

bool dice_chance(struct dice *d, unsigned int percent)
{
	return dice_below(d, 100) < percent;
}

uint64_t dice_number(struct dice *d)
{
	const unsigned int shift = dice_below(d, 64);
	const uint64_t any = dice_next(d);

	switch (dice_below(d, 5)) {
	case 0:
		return 1ULL << shift;
	case 1:
		return (1ULL << shift) - 1;
	case 2:
		return ~((1ULL << shift) - 1);
	case 3:
		return (any >> shift) & ~(PAGE - 1);
	default:
		return any >> shift;
	}
}

_Noreturn void broken(const char *what)
{
	fprintf(stderr, "fuzz: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* A child that does not outlive us. */
static pid_t child(void)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
	}
	return pid;
}

static void *map(size_t size, int prot, int flags)
{
	void *at = mmap(NULL, size, prot, flags | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		broken("mmap");
	return at;
}

static void sleep_forever(void)
{
	for (;;)
		pause();
}

static void be_rock(struct cast *cast)
{
	const int fd = open("/proc/self/pagemap", O_RDONLY);
	/* Room around it, so that nothing else becomes one VMA with it. */
	char *at = map((ROCK_PAGES + 3) * PAGE, PROT_NONE, MAP_PRIVATE);
	uint64_t pm;
	size_t i;

	at += PAGE;
	if (mprotect(at, (ROCK_PAGES + 1) * PAGE, PROT_READ | PROT_WRITE) ||
	    madvise(at, (ROCK_PAGES + 1) * PAGE, MADV_NOHUGEPAGE) ||
	    mlock2(at, (ROCK_PAGES + 1) * PAGE, MLOCK_ONFAULT))
		broken("rock");
	for (i = 0; i < ROCK_PAGES; i++)
		at[i * PAGE] = (char)i;
	for (i = 0; i < ROCK_FRAMES; i++) {
		if (pread(fd, &pm, sizeof(pm), ((uint64_t)at / PAGE + i) * sizeof(pm)) !=
		    sizeof(pm))
			broken("pagemap");
		cast->frame[i] = pm & PM_FRAME;
	}
	__atomic_store_n(&cast->rock, (uint64_t)at, __ATOMIC_RELEASE);
	sleep_forever();
}

static void be_many(void)
{
	char *at = map(MANY_VMAS * 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	size_t i;

	for (i = 0; i < MANY_VMAS; i++) {
		at[2 * i * PAGE] = 1;
		mprotect(at + (2 * i + 1) * PAGE, PAGE, PROT_READ);
	}
	sleep_forever();
}

/* They are there to be asked about, not to take the time from those who ask. */
static void let_others_go_first(void)
{
	errno = 0;
	if (nice(10) < 0 && errno)
		broken("nice");
}

static void be_busy(void)
{
	struct dice d = { 1 };
	char *at;

	let_others_go_first();
	for (;;) {
		const size_t size = (1 + dice_below(&d, 64)) * PAGE;

		at = map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE);
		memset(at, 1, size);
		mprotect(at, size / 2 & ~(PAGE - 1), PROT_READ);
		madvise(at, size, dice_chance(&d, 50) ? MADV_DONTNEED : MADV_PAGEOUT);
		munmap(at, size);
		usleep(3000);
	}
}

static void be_brief(struct cast *cast)
{
	let_others_go_first();
	for (;;) {
		const pid_t pid = child();

		if (!pid) {
			memset(map(BRIEF_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE), 1,
			       BRIEF_PAGES * PAGE);
			usleep(10000);
			_exit(0);
		}
		cast->pid[ROLE_BRIEF] = pid;
		waitpid(pid, NULL, 0);
	}
}

static pid_t play(struct cast *cast, enum role role)
{
	const pid_t pid = child();

	if (pid)
		return pid;
	switch (role) {
	case ROLE_ROCK:
		be_rock(cast);
		break;
	case ROLE_MANY:
		be_many();
		break;
	case ROLE_BUSY:
		be_busy();
		break;
	case ROLE_BRIEF:
		be_brief(cast);
		break;
	default:
		break;
	}
	_exit(0);
}

struct cast *cast_start(void)
{
	struct cast *cast = map(sizeof(*cast), PROT_READ | PROT_WRITE, MAP_SHARED);
	siginfo_t info;
	enum role role;

	for (role = ROLE_ROCK; role <= ROLE_ZOMBIE; role++) {
		cast->player[role] = play(cast, role);
		if (role != ROLE_BRIEF)
			cast->pid[role] = cast->player[role];
	}
	cast->pid[ROLE_SELF] = getpid();
	cast->pid[ROLE_INIT] = 1;
	cast->pid[ROLE_KTHREAD] = 2;
	cast->pid[ROLE_NOBODY] = 4194304;
	waitid(P_PID, cast->pid[ROLE_ZOMBIE], &info, WEXITED | WNOWAIT);
	while (!__atomic_load_n(&cast->rock, __ATOMIC_ACQUIRE))
		usleep(1000);
	return cast;
}

void cast_end(struct cast *cast)
{
	enum role role;

	/* The brief ones end with the one that starts them. */
	for (role = ROLE_ROCK; role <= ROLE_ZOMBIE; role++)
		kill(cast->player[role], SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

pid_t cast_pick(const struct cast *cast, struct dice *d)
{
	/* Mostly those that have an answer. */
	static const enum role likely[] = { ROLE_ROCK, ROLE_ROCK, ROLE_BUSY, ROLE_BRIEF };
	const uint64_t any = dice_number(d);
	const enum role role = dice_chance(d, 60) ? likely[dice_below(d, COUNT(likely))] :
						    dice_below(d, ROLES);

	return dice_chance(d, 90) ? cast->pid[role] : (pid_t)any;
}

uint64_t cast_address(const struct cast *cast, struct dice *d)
{
	const uint64_t any = dice_number(d);
	const uint64_t near = cast->rock + (dice_below(d, ROCK_PAGES + 8) - 4) * PAGE;
	const bool odd = dice_chance(d, 20);

	if (dice_chance(d, 60))
		return near + (odd ? any % PAGE : 0);
	return odd ? any : any & ~(PAGE - 1);
}

uint64_t cast_frame(const struct cast *cast, struct dice *d)
{
	const uint64_t any = dice_number(d);
	const uint64_t frame = cast->frame[dice_below(d, ROCK_FRAMES)];

	/* Of many that are not memory's every process has to be walked. */
	if (dice_chance(d, 90))
		return frame;
	return dice_chance(d, 70) ? any % (512 << 8) : any;
}
