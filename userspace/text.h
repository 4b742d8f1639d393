/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between text and numbers.
 */
#ifndef VMSCOPE_TEXT_H
#define VMSCOPE_TEXT_H

#include <stddef.h>
#include <linux/types.h>

/* Room for one field of a line: a path of which every byte is escaped. */
#define TEXT_MAX	(4 * 4096 + 64)

/**
 * text_number() - a number, decimal or 0x..., and nothing else
 * @text: the digits; need not end after them
 * @len: how many characters make up the number
 * @number: where to
 *
 * Return: 0; -EINVAL if it is no number, -ERANGE if it has more than 64 bits.
 */
int text_number(const char *text, size_t len, __u64 *number);

/**
 * text_escape() - make text fit for one line
 * @text: any bytes
 * @buf: where to
 * @size: room there; what does not fit is left out
 *
 * Control characters and the backslash become \ooo, as in /proc.
 *
 * Return: @buf.
 */
const char *text_escape(const char *text, char *buf, size_t size);

/**
 * text_unescape() - undo text_escape(), in place
 * @text: the text
 */
void text_unescape(char *text);

/**
 * text_utf8() - make text fit for JSON
 * @text: any bytes
 * @buf: where to; room for four times the length of @text, and the end
 * @size: room there; what does not fit is left out
 *
 * Bytes that are not UTF-8 become \ooo.
 *
 * Return: @buf.
 */
const char *text_utf8(const char *text, char *buf, size_t size);

/**
 * text_size() - a number of bytes for people
 * @bytes: how many
 * @buf: where to
 * @size: room there
 *
 * Return: @buf: "4K", "1.5M" ...
 */
const char *text_size(__u64 bytes, char *buf, size_t size);

#endif /* VMSCOPE_TEXT_H */
