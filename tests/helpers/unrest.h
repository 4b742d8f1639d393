/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the helper `unrest` share: processes that do to their memory
 * whatever there is to be done, somebody who does it to all memory, and those who ask
 * meanwhile.
 */
#ifndef UNREST_H
#define UNREST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE		4096UL
#define HUGE		(2UL << 20)
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

#define SUBJECTS	3
#define THREADS		2	/* of a subject, each with memory of its own */
#define STEADY_PAGES	64
#define DEEDS		48	/* of all kinds, at most */
#define MOST_WRONG	8

/* A subject that ends so asks for another one in its place. */
#define STATUS_ANOTHER	42

/* As descriptors, also after exec: what the processes share, and the steady file. */
#define SHARED_FD	100
#define STEADY_FD	101

/**
 * struct tally - what a deed came to
 * @name: of it, as the first process has it: for nobody that has called exec
 * @optional: not every machine can do it
 * @done: so often
 * @failed: in vain, for reasons that are not ours
 */
struct tally {
	const char *name;
	bool optional;
	atomic_ulong done;
	atomic_ulong failed;
};

enum asking {
	ASK_NOBODY,
	ASK_TWIN,
	ASK_SUBJECTS,
};

/**
 * struct unrest - in memory that all processes share
 * @over: come to an end
 * @asking: about whom, enum asking
 * @subject: the processes to ask about
 * @brief: the last of their children
 * @twin: one that has the same memory, and does nothing
 * @steps: what the subjects have done, all together
 * @poisoned: pages of memory that are lost for good
 * @unplugging: memory is to be unplugged first
 * @deed: of the subjects
 * @stir: of what is done to all memory
 * @question: of the askers
 * @loads: so often the module has still to come and go
 * @loaded: and has come
 * @leaving: it is to go at once: bits of who lets go of it
 * @wrong: what is wrong was said so often
 * @said: for the first times
 */
struct unrest {
	atomic_bool over;
	atomic_int asking;
	atomic_int subject[SUBJECTS];
	atomic_int brief;
	atomic_int twin;
	atomic_ulong steps;
	atomic_int poisoned;
	atomic_bool unplugging;
	struct tally deed[DEEDS];
	struct tally stir[DEEDS];
	struct tally question[DEEDS];
	atomic_int loads;
	atomic_int loaded;
	atomic_uint leaving;
	atomic_int wrong;
	char said[MOST_WRONG][256];
};

extern struct unrest *unrest;

/* Note what is wrong; printf()'s format. */
void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void count(struct tally *t, bool done);
/* Only where there is something by the name of @needs, if that is not NULL. */
void count_as(struct tally *t, const char *name, const char *needs);

unsigned int any(unsigned int *seed, unsigned int n);

/* The kernel's file of that name gets that value; false where it does not. */
bool put(const char *path, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* unrest_subject.c: @index: which one. */
void subject_names(void);
_Noreturn void subject_be(unsigned int index);
_Noreturn void subject_be_brief(void);
_Noreturn void subject_rest(void);

/* unrest_stir.c */
void stir_names(void);
void stir_prepare(void);
void stir_undo(void);
_Noreturn void stir_be(void);

/* unrest_ask.c: over netlink, debugfs, or by the files of attached processes. */
enum way_in {
	BY_NETLINK,
	BY_DEBUGFS,
	BY_ATTACHED,
	WAYS_IN
};

void ask_names(void);
_Noreturn void ask_be(enum way_in way, const char *steady);
_Noreturn void load_be(const char *module);

/* Is every steady page referred to by who maps it, and by its file, alone? */
bool steady_at_rest(const char *steady);

#endif /* UNREST_H */
