/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows in, text or JSON out. One table of columns for each command is all that
 * text, JSON, -o and --help know of it.
 */
#ifndef VMSCOPE_RENDER_H
#define VMSCOPE_RENDER_H

#include <stdio.h>

#include "model.h"

struct json_object;
struct libscols_table;

#define COLUMNS_MAX	32
#define WORDS_MAX	64

/* How a value looks: in text / in JSON */
enum kind {
	VALUE_ABSENT,	/* - / left out */
	VALUE_HEX,	/* 0x7f00 / "0x7f00": addresses, entries, flag words */
	VALUE_OFFSET,	/* 0x7f00 / 32512 */
	VALUE_NUMBER,	/* 32512 / 32512 */
	VALUE_SIZE,	/* 4K / 4096 */
	VALUE_STRING,
	VALUE_BOOL,	/* yes, no / true, false */
	VALUE_WORDS,	/* a,b / ["a","b"] */
	VALUE_OBJECT,	/* a=1,b=2 / {"a":1,"b":2} */
	VALUE_ARRAY,	/* of such objects */
};

struct columns;

/**
 * struct value - what a column has to show of a row
 * @kind: how it looks; says which of the following count
 * @estimate: a number that is only near; in text a ~ before it
 * @number: VALUE_HEX .. VALUE_SIZE, VALUE_BOOL; VALUE_ARRAY: how many
 * @string: VALUE_STRING
 * @columns: VALUE_OBJECT, VALUE_ARRAY: of the row that follows
 * @row: VALUE_OBJECT, VALUE_ARRAY: the row, or the first one
 * @stride: VALUE_ARRAY: bytes from one row to the next
 * @nr_words: VALUE_WORDS: how many
 * @words: VALUE_WORDS
 * @room: for strings that are nowhere else
 */
struct value {
	enum kind kind;
	bool estimate;
	__u64 number;
	const char *string;
	const struct columns *columns;
	const void *row;
	size_t stride;
	size_t nr_words;
	const char *words[WORDS_MAX];
	char room[256];
};

#define COLUMN_DEFAULT	(1U << 0)	/* in a table without -o */
#define COLUMN_RIGHT	(1U << 1)	/* aligned to the right */
#define COLUMN_TEXT	(1U << 2)	/* not in JSON without -o */

/**
 * struct column - one column, one JSON field
 * @name: of the field, and in capitals of the column
 * @help: what it is
 * @get: fills in the value, which is VALUE_ABSENT before; NULL: @offset tells
 * @kind: without @get: of the value
 * @offset: without @get: of the __u64 in the row
 * @width: in a table that is printed row by row
 * @vary: of a number that differs where rows are alike: the number
 * @flags: COLUMN_*
 */
struct column {
	const char *name;
	const char *help;
	void (*get)(const void *row, struct value *value);
	enum kind kind;
	size_t offset;
	int width;
	__u64 (*vary)(const void *row);
	unsigned int flags;
};

/**
 * struct columns - the columns of one kind of row
 * @column: the columns
 * @n: how many
 */
struct columns {
	const struct column *column;
	size_t n;
};

#define COLUMNS(array)	{ (array), ARRAY_SIZE(array) }

/* A line of pages needs a few hundred bytes. */
#define LINE_ROOM	2048
#define BLOCK_ROOM	(16 * 1024)

/**
 * struct look - what the user wants to see
 * @json: JSON, not text
 * @no_headings: no line of headings
 * @nested: JSON: the array only; the caller prints what is around it
 * @columns: -o, NULL without
 */
struct look {
	bool json;
	bool no_headings;
	bool nested;
	const char *columns;
};

/**
 * struct cell - a column's text in a line
 * @end: where it ends
 * @len: how long it is
 * @kind: of the value that it is the text of
 * @number: that value, if it is a number
 */
struct cell {
	unsigned short end;
	unsigned short len;
	enum kind kind;
	__u64 number;
};

/**
 * struct render - an output under way
 * @json: JSON, not text
 * @no_headings: no line of headings
 * @streaming: rows are printed as they come
 * @nested: the caller prints what is around the JSON array
 * @key: of the JSON array
 * @rows: how many so far
 * @selected: which columns
 * @nr_selected: how many
 * @table: the rows of text that are kept, if not @streaming
 * @watched: it goes to a terminal
 * @alike: set by the caller: the row to come differs from the one before it in
 *	columns with @vary alone
 * @line: the last line of text that was printed
 * @line_len: its length, 0 where there is none or it was too long
 * @block: lines that are still to be written
 * @block_len: how much of it there is
 * @written: some has been, since that was last looked at
 * @cell: of each column in @line
 * @varying: indexes of the columns with @vary
 * @nr_varying: how many
 */
struct render {
	bool json;
	bool no_headings;
	bool streaming;
	bool nested;
	const char *key;
	unsigned long rows;
	const struct column *selected[COLUMNS_MAX];
	size_t nr_selected;
	struct libscols_table *table;
	bool watched;
	bool alike;
	char line[LINE_ROOM];
	size_t line_len;
	char block[BLOCK_ROOM];
	size_t block_len;
	bool written;
	struct cell cell[COLUMNS_MAX];
	unsigned char varying[COLUMNS_MAX];
	size_t nr_varying;
};

/**
 * render_open() - begin
 * @r: where to
 * @look: what the user wants to see
 * @key: name of the command, the key of the JSON array
 * @columns: there are
 * @streaming: print text row by row too, with widths that are known before
 * @err: filled in on error
 *
 * Prints nothing yet.
 *
 * Return: 0 or -1.
 */
int render_open(struct render *r, const struct look *look, const char *key,
		const struct columns *columns, bool streaming,
		struct error *err);

/**
 * render_row() - one more row
 * @r: the output
 * @row: what the columns were made for
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int render_row(struct render *r, const void *row, struct error *err);

/**
 * render_finish() - all rows have been seen
 * @r: the output
 * @err: filled in on error
 *
 * Without it JSON stays open, and so cannot be taken for a whole answer.
 *
 * Return: 0 or -1.
 */
int render_finish(struct render *r, struct error *err);

/**
 * render_object() - an object beside the array, for JSON
 * @key: of the object
 * @columns: its fields
 * @row: what they were made for
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int render_object(const char *key, const struct columns *columns,
		  const void *row, struct error *err);

/**
 * render_close() - free everything
 * @r: the output; all zeroes is fine
 */
void render_close(struct render *r);

/**
 * render_check() - has stdout taken what was printed?
 * @err: filled in if not
 *
 * Return: 0 or -1.
 */
int render_check(struct error *err);

/**
 * render_help() - the columns, one a line
 * @columns: the columns
 */
void render_help(const struct columns *columns);

/* For getters, which are given a value that is VALUE_ABSENT */

/**
 * value_number() - a number of some kind
 * @v: the value
 * @kind: its kind
 * @number: the number
 */
void value_number(struct value *v, enum kind kind, __u64 number);

/**
 * value_string() - a string; "" is absent
 * @v: the value
 * @string: the string; has to stay
 */
void value_string(struct value *v, const char *string);

/**
 * value_object() - a nested object
 * @v: the value
 * @columns: its fields
 * @row: what they were made for
 */
void value_object(struct value *v, const struct columns *columns,
		  const void *row);

/**
 * value_array() - nested rows
 * @v: the value
 * @columns: their columns
 * @rows: the first one
 * @n: how many
 * @stride: bytes from one to the next
 */
void value_array(struct value *v, const struct columns *columns,
		 const void *rows, size_t n, size_t stride);

/**
 * value_flags() - the words of entry flags
 * @v: the value
 * @flags: the flags, with the protection key
 */
void value_flags(struct value *v, __u32 flags);

/**
 * value_kpageflags() - the words of a frame's flags
 * @v: the value
 * @kpageflags: as /proc/kpageflags
 */
void value_kpageflags(struct value *v, __u64 kpageflags);

/**
 * column_value() - what a column has to show of a row
 * @column: the column
 * @row: the row
 * @v: where to
 */
void column_value(const struct column *column, const void *row,
		  struct value *v);

/**
 * value_text() - a value as text
 * @v: the value
 * @separator: between words
 * @buf: where to
 * @size: room there
 *
 * Return: @buf.
 */
const char *value_text(const struct value *v, char separator, char *buf,
		       size_t size);

/**
 * value_patch() - make the text of a number that of another one
 * @kind: of the value; no estimate
 * @end: of the text; its digits are changed
 * @len: its length
 * @before: the number that it is the text of
 * @number: the other one
 *
 * Numbers that are near to each other have most digits in common.
 *
 * Return: false where the text would have another length: what it is then does
 * not matter.
 */
bool value_patch(enum kind kind, char *end, size_t len, __u64 before,
		 __u64 number);

#endif /* VMSCOPE_RENDER_H */
