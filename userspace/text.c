// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

int text_number(const char *text, size_t len, __u64 *number)
{
	unsigned int base = 10;
	bool overflow = false;
	__u64 n = 0;
	size_t i = 0;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		i = 2;
	}
	if (i == len)
		return -EINVAL;
	for (; i < len; i++) {
		unsigned int d = digit(text[i]);

		if (d >= base)
			return -EINVAL;
		/* Go on all the same: a later letter makes it no number. */
		if (__builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, d, &n))
			overflow = true;
	}
	if (overflow)
		return -ERANGE;
	*number = n;
	return 0;
}

/* Appends @len bytes of @text, or \ooo for its first one. */
static bool append(char *buf, size_t size, size_t *used, const char *text,
		   size_t len, bool escape)
{
	size_t need = escape ? 4 : len;

	if (*used + need >= size)
		return false;
	if (escape)
		snprintf(buf + *used, size - *used, "\\%03o",
			 (unsigned char)text[0]);
	else
		memcpy(buf + *used, text, len);
	*used += need;
	buf[*used] = '\0';
	return true;
}

const char *text_escape(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (; *text; text++) {
		unsigned char c = *text;

		if (!append(buf, size, &used, text, 1,
			    c < ' ' || c == 0x7f || c == '\\'))
			break;
	}
	return buf;
}

static bool is_escape(const char *text)
{
	return text[0] == '\\' && digit(text[1]) < 4 && digit(text[2]) < 8 &&
	       digit(text[3]) < 8;
}

void text_unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (is_escape(text)) {
			*to++ = (char)(digit(text[1]) << 6 |
				       digit(text[2]) << 3 | digit(text[3]));
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* Length of the well-formed UTF-8 sequence at @s, 0 if there is none. */
static size_t utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char first, last;	/* of the lead byte */
		unsigned char low, high;	/* of the byte after it */
		size_t len;
	} leads[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },	/* no surrogates */
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i, n;

	if (s[0] < 0x80)
		return 1;
	for (i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (s[0] < leads[i].first || s[0] > leads[i].last)
			continue;
		if (s[1] < leads[i].low || s[1] > leads[i].high)
			return 0;
		for (n = 2; n < leads[i].len; n++)
			if ((s[n] & 0xc0) != 0x80)
				return 0;
		return leads[i].len;
	}
	return 0;
}

const char *text_utf8(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	while (*text) {
		size_t len = utf8_length((const unsigned char *)text);

		if (!append(buf, size, &used, text, len, !len))
			break;
		text += len ? len : 1;
	}
	return buf;
}

const char *text_size(__u64 bytes, char *buf, size_t size)
{
	static const char units[] = "BKMGTPE";
	unsigned int i = 0;
	__u64 whole = bytes, rest = 0;

	while (whole >= 1024) {
		rest = whole % 1024;
		whole /= 1024;
		i++;
	}
	if (!i)
		snprintf(buf, size, "%llu", whole);
	else if (whole < 10 && rest * 10 / 1024)
		snprintf(buf, size, "%llu.%llu%c", whole, rest * 10 / 1024,
			 units[i]);
	else
		snprintf(buf, size, "%llu%c", whole, units[i]);
	return buf;
}
