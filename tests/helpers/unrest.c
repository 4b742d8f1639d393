// SPDX-License-Identifier: GPL-2.0
/*
 * unrest SECONDS [LOADS MODULE] - everything that a process can do to its memory, and
 * everything that the kernel can do to all memory, while everything is asked that the
 * module can be asked, both ways in and of attached processes.
 *
 * First nobody asks, then all ask about a process that does nothing, then about those
 * that do. What these get done in a second is printed: the second beside the first is
 * what it costs them that processors are shared, the third beside the second what it
 * costs to be looked at. With LOADS the
 * module is unloaded and loaded again from MODULE so many times meanwhile, whenever
 * nobody has it open.
 *
 * Goes on for SECONDS, and until there has been some of everything. Prints how often
 * there was. Status 1 where a process was lost or found another's page, an answer or
 * an error made no sense, or a page is referred to by somebody who is no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "unrest.h"

#define STUCK		120	/* seconds without a step */
#define PATIENCE	200	/* seconds, with what the kernel may not be able to do */
#define MOST_TIMES	10	/* as long as was asked for, */
#define MOST_SECONDS	900	/* and for a kernel that is slow */

struct unrest *unrest;

void wrong(const char *fmt, ...)
{
	int i = unrest->wrong++;
	va_list args;

	if (i >= MOST_WRONG)
		return;
	va_start(args, fmt);
	vsnprintf(unrest->said[i], sizeof(unrest->said[i]), fmt, args);
	va_end(args);
}

void count_as(struct tally *t, const char *name, const char *needs)
{
	glob_t found;

	t->name = name;
	if (!needs)
		return;
	t->optional = glob(needs, 0, NULL, &found);
	if (!t->optional)
		globfree(&found);
}

void count(struct tally *t, bool done)
{
	if (done)
		t->done++;
	else
		t->failed++;
}

unsigned int any(unsigned int *seed, unsigned int n)
{
	return (unsigned int)rand_r(seed) % n;
}

bool put(const char *path, const char *fmt, ...)
{
	char text[64];
	va_list args;
	ssize_t n;
	int fd, err;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return false;
	n = write(fd, text, strlen(text));
	err = errno;
	close(fd);
	errno = err;
	return n == (ssize_t)strlen(text);
}

static _Noreturn void broken(const char *what)
{
	fprintf(stderr, "unrest: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Memory for all of them, which outlives exec by its descriptor. */
static void share(void)
{
	unrest = mmap(NULL, sizeof(*unrest), PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	if (unrest == MAP_FAILED)
		broken("shared memory");
}

static void memory_at(int fd, const char *name, size_t size)
{
	int new = memfd_create(name, 0);

	if (new < 0 || ftruncate(new, size) || dup2(new, fd) < 0)
		broken(name);
	close(new);
}

/* Pages that stay what they are: of a file, and as many private ones behind them. */
static char *make_steady(void)
{
	const size_t size = STEADY_PAGES * PAGE;
	char *at = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED ||
	    mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, STEADY_FD, 0) != at ||
	    mlock(at, 2 * size))
		broken("steady pages");
	for (uint64_t i = 0; i < 2 * STEADY_PAGES; i++)
		*(uint64_t *)(at + i * PAGE) = i + 1;
	return at;
}

/**
 * struct cast - the processes
 * @subject: those that never rest
 * @other: who stirs, the twin, those who ask, who loads
 * @others: how many of these
 */
struct cast {
	pid_t subject[SUBJECTS];
	pid_t other[WAYS_IN + 3];
	size_t others;
};

static void start_subject(struct cast *c, unsigned int i)
{
	pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	if (!pid)
		subject_be(i);
	c->subject[i] = pid;
	unrest->subject[i] = pid;
}

static bool add_other(struct cast *c)
{
	pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	c->other[c->others++] = pid;
	return !pid;
}

/* Who has ended, and whether that was to be. False: nobody has. */
static bool look_after(struct cast *c)
{
	int status;
	pid_t pid = waitpid(-1, &status, WNOHANG);

	if (pid <= 0)
		return false;
	for (unsigned int i = 0; i < SUBJECTS; i++) {
		if (pid != c->subject[i])
			continue;
		c->subject[i] = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_ANOTHER && !unrest->over)
			start_subject(c, i);
		else if (!unrest->over || (status && status != STATUS_ANOTHER << 8))
			wrong("process %d is lost: status %#x", pid, status);
		return true;
	}
	for (size_t i = 0; i < c->others; i++) {
		if (pid != c->other[i])
			continue;
		c->other[i] = 0;
		/* Who loads is done when it is. */
		if (status || (!unrest->over && i <= WAYS_IN + 1))
			wrong("process %d, who is to ask, has ended: status %#x", pid, status);
	}
	return true;
}

static bool is_alone(const struct cast *c)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		if (c->subject[i])
			return false;
	for (size_t i = 0; i < c->others; i++)
		if (c->other[i])
			return false;
	return true;
}

/*
 * For so long, and until somebody has done something, which a busy machine may not come
 * to meanwhile; or until something is wrong. Steps in a second.
 */
static double pass(struct cast *c, double seconds)
{
	double begin = now(), moved = begin;
	unsigned long first = unrest->steps, last = first;

	while ((now() < begin + seconds || unrest->steps == first) && !unrest->wrong) {
		if (look_after(c))
			continue;
		usleep(10000);
		if (unrest->steps != last) {
			last = unrest->steps;
			moved = now();
		} else if (now() > moved + STUCK) {
			wrong("nobody has done anything for %d seconds", STUCK);
		}
	}
	return (unrest->steps - first) / (now() - begin);
}

static const struct tally *missing_of(const struct tally *t)
{
	for (size_t i = 0; i < DEEDS && t[i].name; i++)
		if (!t[i].done && !t[i].optional)
			return &t[i];
	return NULL;
}

/* Something that has not been done, where this machine can do it. */
static const struct tally *missing(void)
{
	const struct tally *t = missing_of(unrest->deed);

	if (!t)
		t = missing_of(unrest->stir);
	return t ? t : missing_of(unrest->question);
}

/*
 * In memory that may go there can be a page that somebody keeps. What has been tried
 * so long in vain is said to be so, and not waited for; nor does poison wait.
 */
static void lose_patience(void)
{
	struct tally *t = unrest->stir;

	for (size_t i = 0; i < DEEDS && t[i].name; i++)
		t[i].optional |= !t[i].done && t[i].failed;
	unrest->unplugging = false;
}

static void print(const char *kind, const struct tally *t)
{
	for (size_t i = 0; i < DEEDS && t[i].name; i++)
		printf("%s %s: %lu, and %lu in vain\n", kind, t[i].name, t[i].done, t[i].failed);
}

static void end_all(struct cast *c)
{
	double begin = now();

	unrest->over = true;
	while (!is_alone(c) && now() < begin + STUCK)
		if (!look_after(c))
			usleep(10000);
	if (!is_alone(c))
		wrong("somebody does not come to an end");
	for (size_t i = 0; i < SUBJECTS; i++)
		if (c->subject[i])
			kill(c->subject[i], SIGKILL);
	for (size_t i = 0; i < c->others; i++)
		if (c->other[i])
			kill(c->other[i], SIGKILL);
}

static int rage(double seconds, int loads, const char *module)
{
	struct cast cast = { .others = 0 };
	double alone, beside, asked, since;
	char *steady;

	memory_at(SHARED_FD, "unrest", sizeof(*unrest));
	memory_at(STEADY_FD, "steady", STEADY_PAGES * PAGE);
	share();
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	steady = make_steady();
	subject_names();
	stir_names();
	ask_names();
	stir_prepare();
	if (add_other(&cast))
		stir_be();
	if (add_other(&cast))
		subject_rest();
	unrest->twin = cast.other[cast.others - 1];
	for (enum way_in i = 0; i < WAYS_IN; i++)
		if (add_other(&cast))
			ask_be(i, steady);
	for (unsigned int i = 0; i < SUBJECTS; i++)
		start_subject(&cast, i);

	alone = pass(&cast, seconds / 4);
	unrest->asking = ASK_TWIN;
	beside = pass(&cast, seconds / 4);
	unrest->asking = ASK_SUBJECTS;
	asked = pass(&cast, seconds / 2);
	unrest->loads = loads;
	if (loads && add_other(&cast))
		load_be(module);
	for (since = now(); (missing() || unrest->loads) && !unrest->wrong; pass(&cast, 1)) {
		if (now() - since > PATIENCE)
			lose_patience();
		if (now() - since > MOST_TIMES * (seconds + loads) + MOST_SECONDS)
			wrong("not once, in all that time: %s",
			      missing() ? missing()->name : "as many loads as were asked for");
	}
	end_all(&cast);
	stir_undo();
	if (!unrest->wrong)
		steady_at_rest(steady);

	print("deed", unrest->deed);
	print("stir", unrest->stir);
	print("question", unrest->question);
	printf("in a second: %.1f deeds alone, %.1f beside a twin that is asked about, %.1f while asked about: %.2f and %.2f of it\n",
	       alone, beside, asked, asked / alone, asked / beside);
	printf("the module has come %d times\n", unrest->loaded);
	for (int i = 0; i < unrest->wrong && i < MOST_WRONG; i++)
		printf("wrong: %s\n", unrest->said[i]);
	return unrest->wrong > 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "subject")) {
		share();
		subject_be(atoi(argv[2]));
	}
	if (argc == 2 && !strcmp(argv[1], "brief"))
		subject_be_brief();
	if (argc == 2 || argc == 4)
		return rage(atof(argv[1]), argc == 4 ? atoi(argv[2]) : 0, argv[3]);
	fprintf(stderr, "usage: unrest SECONDS [LOADS MODULE]\n");
	return 2;
}
