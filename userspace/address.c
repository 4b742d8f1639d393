// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "symbols.h"
#include "text.h"

int address_pid(const char *text, pid_t *pid, struct error *err)
{
	__u64 n = 0;
	int ret = text_number(text, strlen(text), &n);

	if (ret == -EINVAL)
		return error_set(err, STATUS_USAGE,
				 "PID '%s': not a process ID", text);
	if (ret || !n || n > INT_MAX)
		return error_set(err, STATUS_FAILED, "PID %s: %s", text,
				 transport_strerror(ESRCH));
	*pid = (pid_t)n;
	return 0;
}

static bool starts_number(const char *text)
{
	return *text >= '0' && *text <= '9';
}

static int bad_number(const char *what, const char *text, int ret,
		      struct error *err)
{
	return error_set(err, STATUS_USAGE, "%s '%s': %s", what, text,
			 ret == -ERANGE ? "more than 64 bits" :
			 "neither a number nor a name");
}

int address_parse(const char *text, struct place *place, struct error *err)
{
	int ret = -EINVAL;

	*place = (struct place) { .text = text };
	if (starts_number(text))
		ret = text_number(text, strlen(text), &place->start);
	else if (*text && *text != '-' && *text != '+')
		place->name = true;
	if (!place->name && ret)
		return bad_number("address", text, ret, err);
	return 0;
}

int address_parse_where(const char *text, struct place *place,
			struct error *err)
{
	size_t len;
	__u64 n = 0;
	int ret;

	*place = (struct place) { .text = text };
	if (*text && *text != '-' && *text != '+' && !starts_number(text)) {
		place->name = true;
		return 0;
	}
	len = strcspn(text, "+-");
	if (!text[len])
		return error_set(err, STATUS_USAGE,
				 "range '%s': not A-B, A+LEN or a name", text);
	ret = text_number(text, len, &place->start);
	if (!ret)
		ret = text_number(text + len + 1, strlen(text + len + 1), &n);
	if (ret)
		return bad_number("range", text, ret, err);

	place->end = n;
	if (text[len] == '+' &&
	    __builtin_add_overflow(place->start, n, &place->end))
		return error_set(err, STATUS_USAGE, "range '%s': %s", text,
				 "ends beyond 64 bits");
	if (place->end == place->start)
		return error_set(err, STATUS_USAGE, "range '%s': empty range",
				 text);
	if (place->end < place->start)
		return error_set(err, STATUS_USAGE,
				 "range '%s': reversed range", text);
	return 0;
}

int address_round(const struct place *place, unsigned int page_shift,
		  struct range *range, struct error *err)
{
	const __u64 mask = (1ULL << page_shift) - 1;

	range->start = place->start & ~mask;
	if (__builtin_add_overflow(place->end, mask, &range->end))
		return error_set(err, STATUS_FAILED, "%s: %s", place->text,
				 transport_strerror(ERANGE));
	range->end &= ~mask;
	return 0;
}

bool address_named(const struct vma *vma, const char *name, size_t len)
{
	static const char deleted[] = " (deleted)";
	size_t file = strlen(vma->file);
	size_t tail = strlen(deleted);
	int i;

	if (!len)
		return false;
	if (*vma->name && word_equal(vma->name, name, len))
		return true;
	/* With what the kernel adds to the path of an unlinked file, or not. */
	for (i = 0; i < 2; i++) {
		if (len <= file && !memcmp(vma->file + file - len, name, len) &&
		    (len == file || vma->file[file - len - 1] == '/'))
			return true;
		if (file < tail || strcmp(vma->file + file - tail, deleted))
			break;
		file -= tail;
	}
	return false;
}

static const struct vma *find_named(const struct vmas *vmas, const char *name,
				    size_t len)
{
	size_t i;

	for (i = 0; i < vmas->n; i++)
		if (address_named(&vmas->vma[i], name, len))
			return &vmas->vma[i];
	return NULL;
}

/*
 * NAME[+OFF]: what find() knows by the whole, else by what stands before the
 * last plus. A plus may belong to the name: libstdc++.so has two of them.
 */
static size_t name_length(const char *text, __u64 *offset)
{
	const char *plus = strrchr(text, '+');

	*offset = 0;
	if (plus && !text_number(plus + 1, strlen(plus + 1), offset))
		return plus - text;
	return strlen(text);
}

int address_resolve_in(const char *text, const struct vmas *vmas,
		       struct symbols *symbols, __u64 *vaddr,
		       struct error *err)
{
	const struct vma *vma = find_named(vmas, text, strlen(text));
	struct symbol symbol;
	__u64 offset = 0;
	size_t len;

	if (vma) {
		*vaddr = vma->start;
		return 0;
	}
	len = name_length(text, &offset);
	vma = find_named(vmas, text, len);
	if (!vma && symbols_find(symbols, text, len, &symbol, err))
		return -1;
	*vaddr = vma ? vma->start : symbol.vaddr;
	if (__builtin_add_overflow(*vaddr, offset, vaddr))
		return error_set(err, STATUS_FAILED, "%s: %s", text,
				 transport_strerror(ERANGE));
	return 0;
}

int address_resolve(const char *text, const struct vmas *vmas, pid_t pid,
		    __u64 *vaddr, struct error *err)
{
	struct symbols *symbols = symbols_open(pid, err);
	int ret = symbols ? address_resolve_in(text, vmas, symbols, vaddr,
					       err) : -1;

	symbols_close(symbols);
	return ret;
}

/* The bytes of SYMBOL; or, of it or a mapping, as many as NAME+LEN says. */
static int resolve_part(const char *text, const struct vmas *vmas, pid_t pid,
			struct range *range, struct error *err)
{
	struct place place = { .text = text };
	struct symbols *symbols = NULL;
	const struct vma *vma;
	struct symbol symbol;
	int ret = -1;
	__u64 bytes;
	size_t len = name_length(text, &bytes);

	vma = find_named(vmas, text, len);
	if (vma) {
		place.start = vma->start;
	} else {
		symbols = symbols_open(pid, err);
		if (!symbols || symbols_find(symbols, text, len, &symbol, err))
			goto out;
		place.start = symbol.vaddr;
		if (!text[len])
			bytes = symbol.size ? symbol.size : 1;
	}
	if (!bytes)
		error_set(err, STATUS_USAGE, "range '%s': empty range", text);
	else if (__builtin_add_overflow(place.start, bytes, &place.end))
		error_set(err, STATUS_FAILED, "%s: %s", text,
			  transport_strerror(ERANGE));
	else
		ret = address_round(&place, ffsl(sysconf(_SC_PAGESIZE)) - 1,
				    range, err);
out:
	symbols_close(symbols);
	return ret;
}

int address_resolve_where(const char *text, const struct vmas *vmas, pid_t pid,
			  struct range **ranges, size_t *n, struct error *err)
{
	const size_t len = strlen(text);
	struct range *list = calloc(vmas->n ? vmas->n : 1, sizeof(*list));
	size_t i;

	*n = 0;
	*ranges = list;
	if (!list)
		return error_set(err, STATUS_FAILED, "%s: %s", text,
				 strerror(ENOMEM));
	for (i = 0; i < vmas->n; i++) {
		const struct vma *vma = &vmas->vma[i];

		if (!address_named(vma, text, len))
			continue;
		if (*n && list[*n - 1].end == vma->start)
			list[*n - 1].end = vma->end;
		else
			list[(*n)++] = (struct range) { vma->start, vma->end };
	}
	if (*n)
		return 0;
	*n = 1;
	return resolve_part(text, vmas, pid, list, err);
}
