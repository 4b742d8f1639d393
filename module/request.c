// SPDX-License-Identifier: GPL-2.0
/* Lines written to debugfs's files -> what they ask for. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "env.h"
#include "request.h"

/* The next word, NULL at the end of the line. */
static char *next_word(char **line)
{
	char *word;

	do {
		word = strsep(line, " \t\n");
	} while (word && !*word);
	return word;
}

static int parse_pid(const char *word, pid_t *nr)
{
	/* A number that no process can have is that of no process. */
	int err = word ? kstrtoint(word, 10, nr) : -EINVAL;

	return err == -ERANGE ? -ESRCH : err;
}

/* "0xA-0xB" */
static int parse_range(char *word, struct request *rq)
{
	char *start = strsep(&word, "-");
	int err;

	if (!word)
		return -EINVAL;
	err = kstrtou64(start, 0, &rq->start);
	return err ? err : kstrtou64(word, 0, &rq->end);
}

static int parse_option(char *word, struct request *rq)
{
	const struct {
		const char *name;
		u32 *value;
	} masks[] = {
		{ "states=", &rq->filter.states },
		{ "set=", &rq->filter.flags_set },
		{ "clear=", &rq->filter.flags_clear },
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		len = str_has_prefix(word, masks[i].name);
		if (len)
			return kstrtou32(word + len, 0, masks[i].value);
	}
	if (!strcmp(word, "each"))
		rq->filter.mode |= VMSCOPE_MODE_EACH;
	else if (!strcmp(word, "split"))
		rq->filter.mode |= VMSCOPE_MODE_SPLIT;
	else
		return parse_range(word, rq);
	return 0;
}

/**
 * request_pid() - "PID"
 * @line: taken to pieces
 * @rq: filled
 *
 * Return: 0, -EINVAL, -ESRCH for a number that no process can have.
 */
int request_pid(char *line, struct request *rq)
{
	int err = parse_pid(next_word(&line), &rq->nr);

	if (err)
		return err;
	return next_word(&line) ? -EINVAL : 0;
}

/**
 * request_address() - "PID ADDR"
 * @line: taken to pieces
 * @rq: filled
 *
 * Return: 0, -EINVAL, -ESRCH for a number that no process can have.
 */
int request_address(char *line, struct request *rq)
{
	int err = parse_pid(next_word(&line), &rq->nr);
	char *word = next_word(&line);

	if (err)
		return err;
	if (!word || next_word(&line))
		return -EINVAL;
	return kstrtou64(word, 0, &rq->addr) ? -EINVAL : 0;
}

/**
 * request_frame() - "PFN [scan]"
 * @line: taken to pieces
 * @rq: filled
 *
 * Return: 0, -EINVAL.
 */
int request_frame(char *line, struct request *rq)
{
	char *word = next_word(&line);

	*rq = (struct request){ .filter = RUNS_FILTER_ALL };
	if (!word || kstrtou64(word, 0, &rq->pfn))
		return -EINVAL;
	word = next_word(&line);
	if (!word)
		return 0;
	if (strcmp(word, "scan") || next_word(&line))
		return -EINVAL;
	rq->filter.mode = VMSCOPE_MODE_SCAN;
	return 0;
}

/**
 * request_stream() - "[PID] [0xA-0xB] [each] [split] [states=M] [set=M] [clear=M]"
 * @line: taken to pieces
 * @rq: filled
 * @with_pid: the line begins with one
 *
 * Return: 0, -EINVAL, -ESRCH for a number that no process can have, -ERANGE for
 * one that fits nowhere.
 */
int request_stream(char *line, struct request *rq, bool with_pid)
{
	char *word;
	int err = 0;

	*rq = (struct request){
		.end = env.user_end,
		.filter = RUNS_FILTER_ALL,
	};
	if (with_pid)
		err = parse_pid(next_word(&line), &rq->nr);
	while (!err && (word = next_word(&line)))
		err = parse_option(word, rq);
	return err;
}
