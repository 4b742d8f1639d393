/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the readers of the debugfs files. Functions that read a number or the like
 * return 0, or -1 where the word is none.
 */
#ifndef VMSCOPE_TRANSPORT_DEBUGFS_WORDS_H
#define VMSCOPE_TRANSPORT_DEBUGFS_WORDS_H

#include "model.h"

/* What the module prints for a node that is not known. */
#define NODE_NONE	0xffff

/**
 * words_next() - the next word
 * @text: where it is; moves on behind it
 *
 * Return: the word, "" at the end.
 */
char *words_next(char **text);

/**
 * words_number() - a number, decimal or 0x...
 * @word: the whole of it
 * @n: where to
 */
int words_number(const char *word, __u64 *n);

/**
 * words_number32() - a number of 32 bits
 * @value: the whole of it
 * @n: where to
 */
int words_number32(const char *value, __u32 *n);

/**
 * words_hex32() - a number without 0x that is hexadecimal all the same: 08:01
 * @word: the whole of it
 * @n: where to
 */
int words_hex32(const char *word, __u32 *n);

/**
 * words_dev() - a device, MAJOR:MINOR
 * @word: the whole of it; is written to
 * @major: where to
 * @minor: where to
 */
int words_dev(char *word, __u32 *major, __u32 *minor);

/**
 * words_yes_no() - yes or no
 * @word: the whole of it
 * @yes: where to
 */
int words_yes_no(const char *word, bool *yes);

/**
 * words_node() - a NUMA node
 * @value: the whole of it
 * @node: where to; -1 where it is not known
 */
int words_node(const char *value, int *node);

/**
 * words_key() - split "key: value"
 * @line: becomes the key
 *
 * Return: the value, NULL where there is no key.
 */
char *words_key(char *line);

/**
 * words_copy() - keep a string
 * @to: where to
 * @size: room there
 * @from: the string
 */
int words_copy(char *to, size_t size, const char *from);

/**
 * words_flags() - entry flags, blank or comma between
 * @text: the flags; is written to
 * @flags: where to
 */
int words_flags(char *text, __u32 *flags);

/**
 * words_level() - a level
 * @word: the whole of it
 * @level: where to
 */
int words_level(const char *word, enum level *level);

/**
 * words_state() - a state
 * @word: the whole of it
 * @state: where to
 */
int words_state(const char *word, enum state *state);

/**
 * words_page_shift() - log2 of a size
 * @word: the size, in bytes
 * @shift: where to
 */
int words_page_shift(const char *word, unsigned int *shift);

#endif /* VMSCOPE_TRANSPORT_DEBUGFS_WORDS_H */
