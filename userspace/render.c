// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>

#include "render.h"
#include "text.h"

static int no_memory(struct error *err)
{
	return error_set(err, STATUS_FAILED, "output: %s", strerror(ENOMEM));
}

int render_check(struct error *err)
{
	if (!ferror(stdout))
		return 0;
	/* Whoever has seen enough of it is not told so. */
	if (errno == EPIPE)
		return error_set(err, STATUS_FAILED, "%s", "");
	return error_set(err, STATUS_FAILED, "stdout: %s",
			 strerror(errno ? errno : EIO));
}

static const struct column *find_column(const struct columns *columns,
					const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < columns->n; i++)
		if (word_equal(columns->column[i].name, name, len))
			return &columns->column[i];
	return NULL;
}

static int unknown_column(const struct columns *columns, const char *name,
			  size_t len, struct error *err)
{
	char list[400] = "";
	size_t used = 0, i;

	for (i = 0; i < columns->n && used < sizeof(list); i++)
		used += snprintf(list + used, sizeof(list) - used, "%s%s",
				 i ? " " : "", columns->column[i].name);
	return error_set(err, STATUS_USAGE, "column '%.*s': not one of %s",
			 (int)(len < 64 ? len : 64), name, list);
}

static bool is_selected(const struct render *r, const struct column *c)
{
	size_t i;

	for (i = 0; i < r->nr_selected; i++)
		if (r->selected[i] == c)
			return true;
	return false;
}

static int select_columns(struct render *r, const char *names,
			  const struct columns *columns, struct error *err)
{
	for (;;) {
		size_t len = strcspn(names, ",");
		const struct column *c = find_column(columns, names, len);

		if (!c)
			return unknown_column(columns, names, len, err);
		/* A JSON object must not have a name twice. */
		if (is_selected(r, c))
			return error_set(err, STATUS_USAGE,
					 "column '%s': given twice", c->name);
		r->selected[r->nr_selected++] = c;
		if (!names[len])
			return 0;
		names += len + 1;
	}
}

static void select_defaults(struct render *r, const struct columns *columns)
{
	size_t i;

	for (i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];

		if (r->json ? !(c->flags & COLUMN_TEXT) :
			      c->flags & COLUMN_DEFAULT)
			r->selected[r->nr_selected++] = c;
	}
}

static const char *heading(const struct column *c, char *buf, size_t size)
{
	size_t i;

	for (i = 0; c->name[i] && i + 1 < size; i++)
		buf[i] = (char)toupper((unsigned char)c->name[i]);
	buf[i] = '\0';
	return buf;
}

/* A table that is kept, since its widths follow from its rows. */
static int table_new(struct render *r, struct error *err)
{
	size_t i;

	r->table = scols_new_table();
	if (!r->table)
		return no_memory(err);
	scols_table_enable_noheadings(r->table, r->no_headings);
	for (i = 0; i < r->nr_selected; i++) {
		const struct column *c = r->selected[i];
		bool last = i + 1 == r->nr_selected;
		char name[32];
		int flags = 0;

		if (c->flags & COLUMN_RIGHT)
			flags |= SCOLS_FL_RIGHT;
		/* On a terminal the last one gives way; elsewhere none does. */
		else if (last)
			flags |= SCOLS_FL_TRUNC;
		if (!scols_table_new_column(r->table,
					    heading(c, name, sizeof(name)), 0,
					    flags))
			return no_memory(err);
	}
	return 0;
}

int render_open(struct render *r, const struct look *look, const char *key,
		const struct columns *columns, bool streaming,
		struct error *err)
{
	size_t i;

	*r = (struct render) {
		.json = look->json,
		.no_headings = look->no_headings,
		.watched = isatty(STDOUT_FILENO),
		.streaming = streaming,
		.nested = look->nested,
		.key = key,
	};
	if (look->columns) {
		if (select_columns(r, look->columns, columns, err))
			return -1;
	} else {
		select_defaults(r, columns);
	}
	for (i = 0; i < r->nr_selected; i++)
		if (r->selected[i]->vary)
			r->varying[r->nr_varying++] = i;
	if (!r->json && !streaming)
		return table_new(r, err);
	return 0;
}

static struct json_object *json_fields(const struct columns *columns,
				       const void *row);

static struct json_object *json_string(const char *string)
{
	char buf[TEXT_MAX];

	return json_object_new_string(text_utf8(string, buf, sizeof(buf)));
}

static struct json_object *json_words(const struct value *v)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; array && i < v->nr_words; i++)
		json_object_array_add(array, json_string(v->words[i]));
	return array;
}

static struct json_object *json_array(const struct value *v)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; array && i < v->number; i++)
		json_object_array_add(array,
				      json_fields(v->columns,
						  (const char *)v->row +
						  i * v->stride));
	return array;
}

static struct json_object *json_value(const struct value *v)
{
	char hex[24];

	switch (v->kind) {
	case VALUE_ABSENT:
		break;
	case VALUE_HEX:
		snprintf(hex, sizeof(hex), "0x%llx", v->number);
		return json_object_new_string(hex);
	case VALUE_OFFSET:
	case VALUE_NUMBER:
	case VALUE_SIZE:
		return json_object_new_uint64(v->number);
	case VALUE_STRING:
		return json_string(v->string);
	case VALUE_BOOL:
		return json_object_new_boolean(v->number != 0);
	case VALUE_WORDS:
		return json_words(v);
	case VALUE_OBJECT:
		return json_fields(v->columns, v->row);
	case VALUE_ARRAY:
		return json_array(v);
	}
	return NULL;
}

static void json_add(struct json_object *object, const struct column *c,
		     const void *row)
{
	struct value v;

	column_value(c, row, &v);
	/* Names stay, and none is there already: this saves much time. */
	if (v.kind != VALUE_ABSENT)
		json_object_object_add_ex(object, c->name, json_value(&v),
					  JSON_C_OBJECT_ADD_KEY_IS_NEW |
					  JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static struct json_object *json_fields(const struct columns *columns,
				       const void *row)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; object && i < columns->n; i++)
		if (!(columns->column[i].flags & COLUMN_TEXT))
			json_add(object, &columns->column[i], row);
	return object;
}

static int json_print(struct json_object *object, struct error *err)
{
	const char *text = object ?
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE) :
		NULL;

	if (text)
		fputs(text, stdout);
	json_object_put(object);
	return text ? 0 : no_memory(err);
}

int render_object(const char *key, const struct columns *columns,
		  const void *row, struct error *err)
{
	printf("\"%s\":", key);
	return json_print(json_fields(columns, row), err);
}

static int json_row(struct render *r, const void *row, struct error *err)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; object && i < r->nr_selected; i++)
		json_add(object, r->selected[i], row);
	if (r->rows)
		fputs(",\n", stdout);
	else
		printf("%s\"%s\":[\n", r->nested ? "" : "{", r->key);
	return json_print(object, err);
}

static int table_row(struct render *r, const void *row, struct error *err)
{
	struct libscols_line *line = scols_table_new_line(r->table, NULL);
	char buf[TEXT_MAX];
	struct value v;
	size_t i;

	for (i = 0; line && i < r->nr_selected; i++) {
		column_value(r->selected[i], row, &v);
		if (scols_line_set_data(line, i,
					value_text(&v, ',', buf, sizeof(buf))))
			return no_memory(err);
	}
	return line ? 0 : no_memory(err);
}

static void flush_block(struct render *r)
{
	if (!r->block_len)
		return;
	fwrite_unlocked(r->block, 1, r->block_len, stdout);
	r->block_len = 0;
	r->written = true;
}

/* Print what there is of the line: what is too long is not kept. */
static void flush_line(struct render *r, size_t *used)
{
	if (sizeof(r->block) - r->block_len < *used)
		flush_block(r);
	memcpy(r->block + r->block_len, r->line, *used);
	r->block_len += *used;
	*used = 0;
}

/* One cell of a line that is printed at once. The last one is not padded. */
static void stream_cell(struct render *r, size_t i, const char *text,
			size_t *used)
{
	const struct column *c = r->selected[i];
	bool last = i + 1 == r->nr_selected;
	size_t len = strlen(text), before = 0, after = 0;

	if (len < (size_t)c->width && c->flags & COLUMN_RIGHT)
		before = c->width - len;
	else if (len < (size_t)c->width && !last)
		after = c->width - len;
	if (*used + before + len + after + 1 > sizeof(r->line)) {
		flush_line(r, used);
		r->line_len = 0;
	}
	memset(r->line + *used, ' ', before);
	*used += before;
	if (len + after + 1 > sizeof(r->line) - *used) {
		flush_line(r, used);
		flush_block(r);
		fwrite_unlocked(text, 1, len, stdout);
		r->written = true;
	} else {
		memcpy(r->line + *used, text, len);
		*used += len;
	}
	r->cell[i].end = *used;
	r->cell[i].len = len;
	memset(r->line + *used, ' ', after);
	*used += after;
	r->line[(*used)++] = last ? '\n' : ' ';
}

static void stream_headings(struct render *r)
{
	size_t i, used = 0;
	char name[32];

	for (i = 0; i < r->nr_selected; i++)
		stream_cell(r, i, heading(r->selected[i], name, sizeof(name)),
			    &used);
	flush_line(r, &used);
}

/* The last line with other digits, where that makes it this row's. */
static bool stream_alike(struct render *r, const void *row)
{
	size_t i, used = r->line_len;

	if (!used)
		return false;
	for (i = 0; i < r->nr_varying; i++) {
		const size_t at = r->varying[i];
		struct cell *cell = &r->cell[at];
		const __u64 number = r->selected[at]->vary(row);

		if (!value_patch(cell->kind, r->line + cell->end, cell->len,
				 cell->number, number))
			return false;
		cell->number = number;
	}
	flush_line(r, &used);
	return true;
}

static void stream_row(struct render *r, const void *row)
{
	char buf[TEXT_MAX];
	size_t i, used = 0;
	struct value v;

	if (!r->rows && !r->no_headings)
		stream_headings(r);
	r->line_len = 1;
	for (i = 0; i < r->nr_selected; i++) {
		v.number = 0;
		column_value(r->selected[i], row, &v);
		r->cell[i].kind = v.kind;
		r->cell[i].number = v.number;
		stream_cell(r, i, value_text(&v, ',', buf, sizeof(buf)), &used);
	}
	if (r->line_len)
		r->line_len = used;
	flush_line(r, &used);
}

static int stream_out(struct render *r, const void *row, struct error *err)
{
	if (!r->alike || !stream_alike(r, row))
		stream_row(r, row);
	r->rows++;
	/* Somebody who looks on sees each row when it comes, among the warnings. */
	if (r->watched)
		flush_block(r);
	if (!r->written)
		return 0;
	r->written = false;
	return render_check(err);
}

int render_row(struct render *r, const void *row, struct error *err)
{
	if (r->streaming && !r->json)
		return stream_out(r, row, err);
	if (r->json ? json_row(r, row, err) : table_row(r, row, err))
		return -1;
	r->rows++;
	return render_check(err);
}

int render_finish(struct render *r, struct error *err)
{
	flush_block(r);
	if (r->json && r->rows)
		puts(r->nested ? "\n]" : "\n]}");
	else if (r->json)
		printf(r->nested ? "\"%s\":[]\n" : "{\"%s\":[]}\n", r->key);
	else if (r->table && scols_print_table(r->table))
		return ferror(stdout) ? render_check(err) : no_memory(err);
	return render_check(err);
}

void render_close(struct render *r)
{
	flush_block(r);
	scols_unref_table(r->table);
	r->table = NULL;
}

void render_help(const struct columns *columns)
{
	size_t i;

	for (i = 0; i < columns->n; i++) {
		const struct column *c = &columns->column[i];

		printf("  %-14s %s%s\n", c->name, c->help,
		       c->flags & COLUMN_DEFAULT ? " *" : "");
	}
}
