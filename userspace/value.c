// SPDX-License-Identifier: GPL-2.0
/*
 * What a column shows, before it is known whether as text or as JSON.
 */
#include <stdio.h>
#include <string.h>

#include "render.h"
#include "text.h"

void column_value(const struct column *column, const void *row,
		  struct value *v)
{
	/* The rest counts only where a getter sets it; it is large. */
	v->kind = column->kind;
	v->estimate = false;
	v->nr_words = 0;
	if (column->get)
		column->get(row, v);
	else
		v->number = *(const __u64 *)((const char *)row +
					     column->offset);
}

void value_number(struct value *v, enum kind kind, __u64 number)
{
	v->kind = kind;
	v->number = number;
}

void value_string(struct value *v, const char *string)
{
	if (!string || !*string)
		return;
	v->kind = VALUE_STRING;
	v->string = string;
}

void value_object(struct value *v, const struct columns *columns,
		  const void *row)
{
	v->kind = VALUE_OBJECT;
	v->columns = columns;
	v->row = row;
}

void value_array(struct value *v, const struct columns *columns,
		 const void *rows, size_t n, size_t stride)
{
	value_object(v, columns, rows);
	v->kind = VALUE_ARRAY;
	v->number = n;
	v->stride = stride;
}

void value_flags(struct value *v, __u32 flags)
{
	unsigned int i;

	v->kind = VALUE_WORDS;
	for (i = 0; i < FLAGS; i++)
		if (flags & 1U << i)
			v->words[v->nr_words++] = flag_name(i);
	if (flags >> PKEY_SHIFT) {
		snprintf(v->room, sizeof(v->room), "pkey=%u",
			 flags >> PKEY_SHIFT);
		v->words[v->nr_words++] = v->room;
	}
}

void value_kpageflags(struct value *v, __u64 kpageflags)
{
	v->kind = VALUE_WORDS;
	for (; kpageflags; kpageflags &= kpageflags - 1) {
		const char *name = kpf_name(__builtin_ctzll(kpageflags));

		if (name)
			v->words[v->nr_words++] = name;
	}
}

/* As snprintf() would, which takes most of the time where rows are many. */
static void text_digits(const struct value *v, unsigned int base, char *buf,
			size_t size)
{
	char digits[32], *d = digits + sizeof(digits);
	__u64 n = v->number;

	*--d = '\0';
	/* By constants: dividing by what is not known before is slow. */
	if (base == 16)
		do {
			*--d = "0123456789abcdef"[n % 16];
		} while (n /= 16);
	else
		do {
			*--d = '0' + n % 10;
		} while (n /= 10);
	if (base == 16) {
		*--d = 'x';
		*--d = '0';
	}
	if (v->estimate)
		*--d = '~';
	if (digits + sizeof(digits) - d <= (ptrdiff_t)size)
		memcpy(buf, d, digits + sizeof(digits) - d);
	else
		*buf = '\0';
}

/* The leading digit has to stay. */
static bool patch_hex(char *to, size_t len, __u64 before, __u64 number)
{
	__u64 differ = number ^ before;
	unsigned int same;

	if (differ >> 4 * (len - 1))
		return false;
	if (!differ)
		return true;
	/* The last digits of addresses of pages do not. */
	same = __builtin_ctzll(differ) / 4;
	to -= same;
	differ >>= 4 * same;
	number >>= 4 * same;
	for (; differ; differ >>= 4, number >>= 4)
		*--to = "0123456789abcdef"[number % 16];
	return true;
}

static bool patch_decimal(char *to, size_t len, __u64 before, __u64 number)
{
	/* Nine times of ten the next number has another last digit. */
	if (number - before < 10 && to[-1] + (number - before) <= '9') {
		to[-1] += number - before;
		return true;
	}
	for (; number != before; number /= 10, before /= 10) {
		if (!--len)
			return false;
		*--to = '0' + number % 10;
	}
	return true;
}

bool value_patch(enum kind kind, char *end, size_t len, __u64 before,
		 __u64 number)
{
	switch (kind) {
	case VALUE_HEX:
		return len > 2 && patch_hex(end, len - 2, before, number);
	case VALUE_NUMBER:
		return patch_decimal(end, len, before, number);
	default:
		return false;
	}
}

static size_t text_words(const struct value *v, char separator, char *buf,
			 size_t size)
{
	size_t used = 0, i;

	for (i = 0; i < v->nr_words; i++) {
		size_t len = strlen(v->words[i]);

		if (used + 1 + len >= size)
			break;
		if (i)
			buf[used++] = separator;
		memcpy(buf + used, v->words[i], len);
		used += len;
	}
	buf[used] = '\0';
	return used;
}

static size_t text_object(const struct columns *columns, const void *row,
			  char *buf, size_t size)
{
	size_t used = 0, i;

	buf[0] = '\0';
	for (i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];
		struct value v;

		column_value(c, row, &v);
		if (v.kind == VALUE_ABSENT || c->flags & COLUMN_TEXT ||
		    used + 32 >= size)
			continue;
		used += snprintf(buf + used, size - used, "%s%s=",
				 used ? "," : "", c->name);
		value_text(&v, '+', buf + used, size - used);
		used += strlen(buf + used);
	}
	return used;
}

static void text_array(const struct value *v, char *buf, size_t size)
{
	size_t used = 0, i;

	buf[0] = '\0';
	for (i = 0; i < v->number && used + 2 < size; i++) {
		if (i)
			buf[used++] = ';';
		used += text_object(v->columns,
				    (const char *)v->row + i * v->stride,
				    buf + used, size - used);
	}
}

const char *value_text(const struct value *v, char separator, char *buf,
		       size_t size)
{
	switch (v->kind) {
	case VALUE_ABSENT:
		snprintf(buf, size, "-");
		break;
	case VALUE_HEX:
	case VALUE_OFFSET:
		text_digits(v, 16, buf, size);
		break;
	case VALUE_NUMBER:
		text_digits(v, 10, buf, size);
		break;
	case VALUE_SIZE:
		if (v->estimate)
			*buf++ = '~';
		text_size(v->number, buf, size - v->estimate);
		return buf - v->estimate;
	case VALUE_STRING:
		text_escape(v->string, buf, size);
		break;
	case VALUE_BOOL:
		snprintf(buf, size, "%s", v->number ? "yes" : "no");
		break;
	case VALUE_WORDS:
		if (!text_words(v, separator, buf, size))
			snprintf(buf, size, "-");
		break;
	case VALUE_OBJECT:
		text_object(v->columns, v->row, buf, size);
		break;
	case VALUE_ARRAY:
		text_array(v, buf, size);
		break;
	}
	return buf;
}
