// SPDX-License-Identifier: GPL-2.0
/*
 * Words and numbers of the debugfs files. They are made for people and awk; here
 * they are read as strictly as the binary records are, since a line that is only
 * nearly right would become a wrong answer.
 */
#include <string.h>

#include "text.h"
#include "transport_debugfs_words.h"

/* The next blank-separated word of *text, "" at the end. */
char *words_next(char **text)
{
	char *word = *text;
	char *end = strchrnul(word, ' ');

	*text = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

int words_number(const char *word, __u64 *n)
{
	return text_number(word, strlen(word), n) ? -1 : 0;
}

/* A number without 0x that is hexadecimal all the same: 08:01. */
int words_hex32(const char *word, __u32 *n)
{
	size_t len = strlen(word);
	char buf[16] = "0x";
	__u64 wide;

	if (!len || len > 8)
		return -1;
	memcpy(buf + 2, word, len);
	if (text_number(buf, len + 2, &wide))
		return -1;
	*n = (__u32)wide;
	return 0;
}

int words_yes_no(const char *word, bool *yes)
{
	*yes = !strcmp(word, "yes");
	return *yes || !strcmp(word, "no") ? 0 : -1;
}

/* Splits "key: value"; "key:" has an empty value. */
char *words_key(char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return NULL;
	*colon++ = '\0';
	return *colon == ' ' ? colon + 1 : colon;
}

int words_copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size)
		return -1;
	memcpy(to, from, len + 1);
	return 0;
}

int words_flags(char *text, __u32 *flags)
{
	__u64 key;
	char *word;
	int bit;

	*flags = 0;
	if (!strcmp(text, "-"))
		return 0;
	while (*(word = words_next(&text))) {
		if (!strncmp(word, "pkey=", 5)) {
			if (words_number(word + 5, &key) || key > 15)
				return -1;
			*flags |= (__u32)key << PKEY_SHIFT;
			continue;
		}
		bit = name_find(flag_name, FLAGS, word, strlen(word));
		if (bit < 0)
			return -1;
		*flags |= 1U << bit;
	}
	return 0;
}

int words_number32(const char *value, __u32 *n)
{
	__u64 wide;

	if (words_number(value, &wide) || wide > ~0U)
		return -1;
	*n = (__u32)wide;
	return 0;
}

int words_dev(char *word, __u32 *major, __u32 *minor)
{
	char *colon = strchr(word, ':');

	if (!colon)
		return -1;
	*colon = '\0';
	return words_hex32(word, major) || words_hex32(colon + 1, minor) ? -1 :
									   0;
}

int words_node(const char *value, int *node)
{
	__u32 n;

	if (words_number32(value, &n) || n > NODE_NONE)
		return -1;
	*node = n == NODE_NONE ? -1 : (int)n;
	return 0;
}

int words_level(const char *word, enum level *level)
{
	int i = name_find(level_name, LEVELS, word, strlen(word));

	*level = i;
	return i < 0 ? -1 : 0;
}

int words_state(const char *word, enum state *state)
{
	int i = name_find(state_name, STATES, word, strlen(word));

	*state = i;
	return i < 0 ? -1 : 0;
}

int words_page_shift(const char *word, unsigned int *shift)
{
	__u64 size;

	if (words_number(word, &size) || !size || (size & (size - 1)))
		return -1;
	*shift = __builtin_ctzll(size);
	return 0;
}
