/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the helper `state` share. One file a group of kinds; state.c
 * knows the groups and speaks with the tests.
 */
#ifndef STATE_H
#define STATE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE	4096UL
#define HUGE	(2UL << 20)

/* Younger than the oldest C library that this is built with. */
#ifndef MADV_COLD
#define MADV_COLD		20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT		21
#endif
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/**
 * struct kind - one kind of page
 * @name: what the tests call it
 * @make: returns the page's address; NULL: it failed, or lacks() said why it
 *	cannot be made here
 * @change: makes its change, 0 if done; NULL: it has none
 * @at: where it was made, or went
 */
struct kind {
	const char *name;
	char *(*make)(void);
	int (*change)(char *p);
	char *at;
};

/* Groups end with a kind without a name. */
extern struct kind anon_kinds[];
extern struct kind bit_kinds[];
extern struct kind file_kinds[];
extern struct kind fork_kinds[];
extern struct kind huge_kinds[];
extern struct kind swap_kinds[];
extern struct kind uffd_kinds[];
extern struct kind numa_kinds[];
extern struct kind machine_kinds[];

/*
 * What make() and change() have to say besides: in whose address space the page
 * is (0: ours), where it went, the frame it has for certain, how an access of
 * theirs ended.
 */
extern pid_t whose;
extern char *moved_to;
extern uint64_t known_pfn;
extern const char *outcome;

char *lacks(const char *why);

/* state_access.c: what the hardware and the kernel make of an access. */
enum access {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_EXEC,
};

const char *try_access(char *p, enum access how);
const char *try_mincore(char *p);
int read_it(char *p);
int write_it(char *p);

/* state_child.c: a process that shares the page. */
char *share_with_child(char *p, void (*first)(char *p), void (*order)(char *p));
int order_child(void);
int end_child(char *p);
void read_byte(const char *p);
void write_byte(char *p);

/* state_map.c: memory to begin with. */
void *map(size_t size, int prot, int flags, int fd);
char *lone(size_t size, size_t align);
char *anon_page(void);
char *anon_written(void);
int unmap_page(char *p);
int drop_page(char *p);
int allow_all(char *p);
int allow_read(char *p);
int allow_none(char *p);
int write_file(const char *path, const char *text);
long read_number(const char *path, const char *key);
#define PAGEMAP_PRESENT	(1ULL << 63)
uint64_t pagemap_of(const char *p);
int page_out(char *p, size_t size);

/* state_settle.c: what the kernel does when it likes. */
#define KPF_LRU		5
#define KPF_SWAPBACKED	14
#define KPF_UNEVICTABLE	18
#define KPF_THP		22
uint64_t kpageflags_of(const char *p);
void drain(char *p);
int settle(char *p, int (*act)(char *p), int kpf, bool set);

#endif /* STATE_H */
