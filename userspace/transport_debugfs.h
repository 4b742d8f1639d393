/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the debugfs transport and its unit tests: the text that the module
 * answers with, and where it is looked for.
 */
#ifndef VMSCOPE_TRANSPORT_DEBUGFS_H
#define VMSCOPE_TRANSPORT_DEBUGFS_H

#include "transport.h"

/**
 * debugfs_open_dir() - open the transport on a directory
 * @dir: the directory with the module's files
 * @err: filled in on error
 *
 * Return: the transport, or NULL.
 */
struct transport *debugfs_open_dir(const char *dir, struct error *err);

/**
 * debugfs_parse_info() - one line of the file info
 * @info: where to
 * @line: the line, without its end; is written to
 *
 * Return: 0, or -1 if the line makes no sense. An unknown key is no error: a
 * module of the same ABI may have more to say.
 */
int debugfs_parse_info(struct module_info *info, char *line);

/**
 * struct walk_text - an answer of the file walk
 * @walk: the answer
 * @vmflags: what @walk.vma points to
 * @name: likewise
 * @file: likewise
 * @has_cost: its last line has been seen
 */
struct walk_text {
	struct walk walk;
	char vmflags[512];
	char name[256];
	char file[4096];
	bool has_cost;
};

/**
 * walk_text_init() - before the first line
 * @text: the answer
 * @pid: the process asked for
 * @vaddr: the address asked for
 */
void walk_text_init(struct walk_text *text, pid_t pid, __u64 vaddr);

/**
 * debugfs_parse_walk() - one line of the file walk
 * @text: the answer
 * @line: the line, without its end; is written to
 *
 * Return: 0, or -1 if the line makes no sense.
 */
int debugfs_parse_walk(struct walk_text *text, char *line);

/**
 * struct frame_text - an answer of the file frame
 * @frame: the answer
 * @file: what @frame points to
 * @has_complete: its last line has been seen
 */
struct frame_text {
	struct frame frame;
	char file[4096];
	bool has_complete;
};

/**
 * frame_text_init() - before the first line
 * @text: the answer
 */
void frame_text_init(struct frame_text *text);

/**
 * debugfs_parse_frame() - one line about the frame
 * @text: the answer
 * @line: the line, without its end; is written to
 *
 * Return: 0, or -1 if the line makes no sense.
 */
int debugfs_parse_frame(struct frame_text *text, char *line);

/**
 * debugfs_parse_owner() - one line about an owner
 * @owner: where to; its file points into @line
 * @line: what follows "owner: ", without its end; is written to
 *
 * Return: 0, or -1 if the line makes no sense.
 */
int debugfs_parse_owner(struct owner *owner, char *line);

/**
 * debugfs_parse_area() - "0xSTART-0xEND perms 0xOFFSET MAJ:MIN INODE"
 * @vma: where to
 * @text: the words; moves on behind them
 *
 * Return: 0, or -1 if they make no sense.
 */
int debugfs_parse_area(struct vma *vma, char **text);

/**
 * debugfs_parse_vma() - one line of the file maps
 * @vma: where to; its strings point into @line
 * @line: the line, without its end; is written to
 * @page_shift: log2 of the base page size
 *
 * Return: 0, or -1 if the line makes no sense.
 */
int debugfs_parse_vma(struct vma *vma, char *line, unsigned int page_shift);

/**
 * debugfs_parse_table() - one line of the file tables: a level, or the total
 * @tables: where to
 * @line: the line, without its end; is written to
 *
 * Return: 0, or -1 if the line makes no sense.
 */
int debugfs_parse_table(struct tables *tables, char *line);

/**
 * debugfs_parse_cost() - "holds N hold_max_ns N ..."
 * @cost: where to
 * @text: the pairs; is written to
 *
 * Return: 0, or -1 if one is missing or makes no sense.
 */
int debugfs_parse_cost(struct cost *cost, char *text);

#endif /* VMSCOPE_TRANSPORT_DEBUGFS_H */
