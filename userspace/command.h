/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a command is, and what it is given. The commands themselves are listed
 * in vmscope.c.
 */
#ifndef VMSCOPE_COMMAND_H
#define VMSCOPE_COMMAND_H

#include "render.h"
#include "transport.h"

#define COMMAND_OPTIONS_MAX	8

/**
 * struct command_option - a long option that only one command has
 * @name: without the dashes
 * @argument: what its argument is called; NULL: it has none
 * @help: what it does
 */
struct command_option {
	const char *name;
	const char *argument;
	const char *help;
};

/**
 * struct given - an option of the command, as typed
 * @option: its number in the command's table
 * @argument: its argument, or ""
 */
struct given {
	int option;
	const char *argument;
};

struct invocation;

/**
 * struct command - one command
 * @name: as typed
 * @alias: likewise; may be NULL
 * @operands: for the usage line
 * @summary: one line
 * @details: more lines for --help; may be NULL
 * @min_operands: as many are needed
 * @max_operands: as many are possible; 0: any number
 * @options: ends with a nameless one; may be NULL
 * @columns: there are for -o; NULL: none
 * @run: do it. 0, or -1 with *err filled in
 */
struct command {
	const char *name;
	const char *alias;
	const char *operands;
	const char *summary;
	const char *details;
	int min_operands;
	int max_operands;
	const struct command_option *options;
	const struct columns *columns;
	int (*run)(const struct invocation *inv, struct error *err);
};

/**
 * struct invocation - a command with its operands
 * @command: the command
 * @ops: the way into the module
 * @look: what the user wants to see
 * @option: for each of the command's options, in order: NULL if not given, else
 *	its argument, or "", of the last one
 * @given: the command's options in the order they were typed, each time
 * @nr_given: how many
 * @argc: how many operands
 * @argv: the operands
 */
struct invocation {
	const struct command *command;
	const struct transport_ops *ops;
	struct look look;
	const char *option[COMMAND_OPTIONS_MAX];
	struct given *given;
	int nr_given;
	int argc;
	char **argv;
};

/**
 * warn_interrupted() - say that an answer may not fit together
 * @pid: of which process
 * @cost: what came with the answer
 */
void warn_interrupted(pid_t pid, const struct cost *cost);

/**
 * print_stats() - what an answer has cost, on stderr
 * @what: name of the request
 * @pid: the process
 * @cost: what it has cost
 */
void print_stats(const char *what, pid_t pid, const struct cost *cost);

/* The commands; each in a file of its own */
extern const struct command command_info;
extern const struct command command_walk;
extern const struct command command_maps;
extern const struct command command_pages;
extern const struct command command_tables;
extern const struct command command_swap;
extern const struct command command_frame;
extern const struct command command_shared;

#endif /* VMSCOPE_COMMAND_H */
