// SPDX-License-Identifier: GPL-2.0
/*
 * A program with one symbol of each kind, built in several ways. symbols_twin.c
 * has statics of the same names, the library (SYMBOLS_LIBRARY) two versions of
 * one function.
 */
#include <stdio.h>
#include <unistd.h>

extern int twin_of_another_file(void);
extern int versioned(void);

int data_word = 42;
int bss_array[5000];
/* Elsewhere there is a static one. */
int public_word = 5;
static const char constant_text[] __attribute__((used)) = "read-only";
__thread int thread_word = 7;
__thread int thread_zero;

__attribute__((used)) static int twin_word = 1;

__attribute__((used, noinline)) static int twin(void)
{
	return twin_word;
}

__attribute__((used, noinline)) static int only_here(void)
{
	return bss_array[4999];
}

static int chosen(void)
{
	return 1;
}

static int (*choose(void))(void)
{
	return chosen;
}

int indirect(void) __attribute__((ifunc("choose")));

/* The library has one of these as well; this one is the program's. */
__attribute__((noinline)) int in_both(void)
{
	return 2;
}

int main(void)
{
	int sum = data_word + constant_text[0] + thread_word + thread_zero + twin() +
		  only_here() + indirect() + in_both() + twin_of_another_file();

#ifdef SYMBOLS_LIBRARY
	sum += versioned();
#endif
	bss_array[0] = sum;
	printf("ready\n");
	fflush(stdout);
	pause();
	return 0;
}
