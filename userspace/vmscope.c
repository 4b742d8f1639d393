// SPDX-License-Identifier: GPL-2.0
/*
 * vmscope - look at the virtual memory of a process.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "text.h"

static const struct command * const commands[] = {
	&command_info,
	&command_walk,
	&command_maps,
	&command_pages,
	&command_tables,
	&command_swap,
	&command_frame,
	&command_shared,
};

/* Values of getopt_long() for options without a letter of their own */
enum {
	OPT_NO_HEADINGS = 256,
	OPT_TRANSPORT,
	OPT_VERSION,
	OPT_COMMAND,		/* and up: the command's, in their order */
};

static const struct option global_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "output", required_argument, NULL, 'o' },
	{ "noheadings", no_argument, NULL, OPT_NO_HEADINGS },
	{ "transport", required_argument, NULL, OPT_TRANSPORT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
};

static const char global_help[] =
	"  -j, --json            print JSON\n"
	"  -o, --output COL,...  print these columns\n"
	"      --noheadings      no line of headings\n"
	"      --transport WAY   netlink (the default) or debugfs\n"
	"  -h, --help            this; after a COMMAND: help for it\n"
	"      --version         version of this program\n";

static const char places_help[] =
	"ADDR is 0x..., decimal, or NAME[+0xOFF]; NAME is [heap], [stack], [vdso],\n"
	"the last part of a mapped file's path, or [FILE:]SYMBOL[@VERSION]. Exit status:\n"
	"0 done, 1 failed, 2 usage, 3 module not loaded or of another ABI, 4 no permission.\n";

/**
 * struct command_line - what was typed
 * @inv: of the command
 * @transport: --transport, NULL without
 * @help: asked for
 * @version: asked for
 */
struct command_line {
	struct invocation inv;
	const char *transport;
	bool help;
	bool version;
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = commands[i];

		if (!strcmp(c->name, name) ||
		    (c->alias && !strcmp(c->alias, name)))
			return c;
	}
	return NULL;
}

static void help(void)
{
	size_t i;

	printf("Usage: vmscope [OPTION]... COMMAND [ARG]...\n\n"
	       "Look at the virtual memory of a process: page tables, pages, frames.\n\n"
	       "Commands:\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-7s%-13s %s\n", commands[i]->name,
		       commands[i]->operands, commands[i]->summary);
	printf("\nOptions:\n%s\n%s", global_help, places_help);
}

static void help_command(const struct command *c)
{
	const struct command_option *o;
	char name[32];

	printf("Usage: vmscope [OPTION]... %s %s\n\n%s\n", c->name, c->operands,
	       c->summary);
	if (c->alias)
		printf("Also called: %s\n", c->alias);
	if (c->details)
		printf("\n%s", c->details);
	printf("\nOptions:\n");
	for (o = c->options; o && o->name; o++) {
		snprintf(name, sizeof(name), "%s%s%s", o->name,
			 o->argument ? " " : "", o->argument ? o->argument : "");
		printf("      --%-15s %s\n", name, o->help);
	}
	printf("%s", global_help);
	if (c->columns) {
		printf("\nColumns (*: shown without -o):\n");
		render_help(c->columns);
	}
	printf("\n%s", places_help);
}

/* The long options that are possible now; a command has more of them. */
static void merge_options(const struct command *c, struct option *all)
{
	size_t n = ARRAY_SIZE(global_options);
	int i;

	memcpy(all, global_options, sizeof(global_options));
	for (i = 0; c && c->options && c->options[i].name; i++)
		all[n++] = (struct option) {
			.name = c->options[i].name,
			.has_arg = c->options[i].argument ? required_argument :
							    no_argument,
			.val = OPT_COMMAND + i,
		};
	all[n] = (struct option) { 0 };
}

static int bad_option(char **argv, int c, struct error *err)
{
	const char *word = argv[optind - 1];
	const char *why = c == ':' ? "needs an argument" : "unknown option";

	if (!strncmp(word, "--", 2)) {
		if (c != ':' && optopt)
			why = "takes no argument";
		return error_set(err, STATUS_USAGE, "%s: %s (see --help)", word,
				 why);
	}
	/* A letter may stand within a word of letters. */
	return error_set(err, STATUS_USAGE, "-%c: %s (see --help)", optopt,
			 why);
}

static int take_option(struct command_line *line, int c, char **argv,
		       struct error *err)
{
	struct invocation *inv = &line->inv;

	switch (c) {
	case 'j':
		inv->look.json = true;
		return 0;
	case 'o':
		inv->look.columns = optarg;
		return 0;
	case OPT_NO_HEADINGS:
		inv->look.no_headings = true;
		return 0;
	case OPT_TRANSPORT:
		line->transport = optarg;
		return 0;
	case 'h':
		line->help = true;
		return 0;
	case OPT_VERSION:
		line->version = true;
		return 0;
	default:
		if (c < OPT_COMMAND)
			return bad_option(argv, c, err);
		c -= OPT_COMMAND;
		inv->option[c] = optarg ? optarg : "";
		inv->given[inv->nr_given++] = (struct given) { c, inv->option[c] };
		return 0;
	}
}

/* The first one is the command, the others are its operands. */
static int take_operand(struct command_line *line, char *word,
			struct option *options, struct error *err)
{
	struct invocation *inv = &line->inv;

	if (inv->command) {
		inv->argv[inv->argc++] = word;
		return 0;
	}
	inv->command = find_command(word);
	if (!inv->command)
		return error_set(err, STATUS_USAGE,
				 "%s: unknown command (see vmscope --help)",
				 word);
	merge_options(inv->command, options);
	return 0;
}

/* -5 is no option, but a PID or an address that makes no sense: say so then. */
static bool is_negative(const char *word)
{
	return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

static int parse(struct command_line *line, int argc, char **argv,
		 struct error *err)
{
	struct option options[ARRAY_SIZE(global_options) +
			      COMMAND_OPTIONS_MAX + 1];
	bool only_operands = false;
	int c;

	merge_options(NULL, options);
	opterr = 0;
	while (optind < argc) {
		if (only_operands || is_negative(argv[optind])) {
			if (take_operand(line, argv[optind++], options, err))
				return -1;
			continue;
		}
		c = getopt_long(argc, argv, "+:jo:h", options, NULL);
		if (c != -1) {
			if (take_option(line, c, argv, err))
				return -1;
			continue;
		}
		if (!strcmp(argv[optind - 1], "--"))
			only_operands = true;
		else if (take_operand(line, argv[optind++], options, err))
			return -1;
	}
	return 0;
}

static int check_operands(const struct invocation *inv, struct error *err)
{
	const struct command *c = inv->command;

	if (!c)
		return error_set(err, STATUS_USAGE,
				 "no COMMAND: see vmscope --help");
	if (inv->argc < c->min_operands)
		return error_set(err, STATUS_USAGE, "%s: needs %s", c->name,
				 c->operands);
	if (c->max_operands && inv->argc > c->max_operands)
		return error_set(err, STATUS_USAGE, "%s: one too many: '%s'",
				 c->name, inv->argv[c->max_operands]);
	return 0;
}

static int run(struct command_line *line, struct error *err)
{
	struct invocation *inv = &line->inv;

	if (line->version) {
		printf("vmscope %s\n", transport_version);
		return 0;
	}
	if (line->help) {
		if (inv->command)
			help_command(inv->command);
		else
			help();
		return 0;
	}
	if (check_operands(inv, err))
		return -1;
	inv->ops = transport_find(line->transport, err);
	if (!inv->ops)
		return -1;
	return inv->command->run(inv, err);
}

/*
 * A file that is opened later must not become standard output: then a result
 * would be written into the module. Reading and writing here gives EBADF.
 */
static bool fill_standard_files(void)
{
	int fd;

	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct command_line line = { 0 };
	struct error err = { 0 };
	char text[2048];

	if (!fill_standard_files())
		return STATUS_FAILED;
	/* For the width of names only; numbers stay as they are. */
	setlocale(LC_CTYPE, "");

	line.inv.argv = calloc(argc + 1, sizeof(*line.inv.argv));
	line.inv.given = calloc(argc + 1, sizeof(*line.inv.given));
	if (!line.inv.argv || !line.inv.given)
		error_set(&err, STATUS_FAILED, "start: %s", strerror(ENOMEM));
	else if (!parse(&line, argc, argv, &err))
		run(&line, &err);
	free(line.inv.given);
	free(line.inv.argv);

	if (!err.status) {
		errno = 0;
		fflush(stdout);
		render_check(&err);
	}
	if (err.status && *err.text)
		fprintf(stderr, "vmscope: %s\n",
			text_escape(err.text, text, sizeof(text)));
	return err.status;
}
