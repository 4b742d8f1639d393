/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The symbols of a running process: name to address, and address to name.
 *
 * Nothing is read before the first question, and of each mapped file only what
 * that question needs: who asks for numbers pays nothing.
 */
#ifndef VMSCOPE_SYMBOLS_H
#define VMSCOPE_SYMBOLS_H

#include "model.h"

struct symbols;

enum symbol_type {
	SYMBOL_OTHER,
	SYMBOL_FUNCTION,
	SYMBOL_DATA,
	SYMBOL_IFUNC,		/* its address is that of the resolver */
	SYMBOL_TLS,		/* it has no address, every thread has one */
	SYMBOL_TYPES
};

/**
 * struct symbol - one symbol of a process
 * @name: without a version
 * @version: where it is not the default one, else ""
 * @file: last part of the path of the file that defines it
 * @vaddr: where it is
 * @size: bytes, 0 where the file does not say
 * @type: what it stands for
 *
 * The strings stay until symbols_close().
 */
struct symbol {
	const char *name;
	const char *version;
	const char *file;
	__u64 vaddr;
	__u64 size;
	enum symbol_type type;
};

/**
 * struct symbol_name - what an ELF file says of an address in it
 * @symbol: "main+0x4"; NULL where no symbol covers the address
 * @type: of the symbol
 * @section: NULL where the file lists none for it
 * @segment: "NUMBER:LOAD:PERMS", numbered as readelf -l does
 *
 * The strings stay until the next symbols_name(), or symbols_close().
 */
struct symbol_name {
	const char *symbol;
	enum symbol_type type;
	const char *section;
	const char *segment;
};

/**
 * symbols_open() - get ready for a process's symbols
 * @pid: the process
 * @err: filled in on error
 *
 * Return: to be closed, or NULL.
 */
struct symbols *symbols_open(pid_t pid, struct error *err);

/**
 * symbols_load() - see what is mapped; otherwise the first question does
 * @s: of the process
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int symbols_load(struct symbols *s, struct error *err);

/**
 * symbols_were_read() - has a question been answered?
 * @s: of the process
 *
 * Return: true if so: more of them cost little.
 */
bool symbols_were_read(const struct symbols *s);

/**
 * symbols_find() - the symbol that [FILE:]SYMBOL[@VERSION] names
 * @s: of the process
 * @text: as typed, for errors
 * @len: how much of it is the name
 * @symbol: where to
 * @err: filled in on error
 *
 * The program itself comes before its libraries, and symbols that others may
 * use before those that only their own file sees. Several that are equally good
 * are an error that lists them, and so is a thread-local one.
 *
 * Return: 0 or -1.
 */
int symbols_find(struct symbols *s, const char *text, size_t len,
		 struct symbol *symbol, struct error *err);

/**
 * symbols_name() - what the file mapped there says of an address
 * @s: of the process
 * @vaddr: the address
 * @vma: the mapping that covers it
 * @name: where to
 *
 * Return: true; false if the address lies in no segment of an ELF file.
 */
bool symbols_name(struct symbols *s, __u64 vaddr, const struct vma *vma,
		  struct symbol_name *name);

/**
 * symbols_close() - done with it
 * @s: may be NULL
 */
void symbols_close(struct symbols *s);

/**
 * symbol_type_name() - the word for what a symbol stands for
 * @type: the type
 *
 * Return: the word.
 */
const char *symbol_type_name(enum symbol_type type);

#endif /* VMSCOPE_SYMBOLS_H */
