// SPDX-License-Identifier: GPL-2.0
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define FIRST_MS	1000
#define AGAIN_MS	200

static __u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, FILE *out)
{
	*p = (struct progress) { 0 };
	if (!isatty(fileno(out)))
		return;
	p->out = out;
	p->next = now_ms() + FIRST_MS;
}

void progress_tick(struct progress *p, size_t done, size_t all,
		   const char *what)
{
	int width;
	__u64 now;

	if (!p->out)
		return;
	now = now_ms();
	if (now < p->next)
		return;
	p->next = now + AGAIN_MS;
	/* What was longer before must not show behind it. */
	width = fprintf(p->out, "\rvmscope: %zu of %zu %s", done, all, what);
	for (; width < p->width; p->width--)
		putc(' ', p->out);
	p->width = width;
	fflush(p->out);
}

void progress_clear(struct progress *p)
{
	if (!p->out || !p->width)
		return;
	fprintf(p->out, "\r%*s\r", p->width, "");
	fflush(p->out);
	p->width = 0;
}
