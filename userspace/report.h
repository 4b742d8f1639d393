/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a survey has found, as tables or as JSON.
 */
#ifndef VMSCOPE_REPORT_H
#define VMSCOPE_REPORT_H

#include "render.h"
#include "survey.h"

struct section;

/**
 * struct report - what is printed
 * @look: what the user wants to see
 * @s: the survey
 * @frames: each frame that is shared, too
 * @room: columns for the square of pairs
 * @only: the table that -o asks for; NULL: all
 * @sections: how many were printed
 */
struct report {
	const struct look *look;
	const struct survey *s;
	bool frames;
	unsigned int room;
	const struct section *only;
	unsigned int sections;
};

/* Of the table of files, for --help */
extern const struct columns shared_file_columns;

/**
 * report_open() - which table?
 * @rep: with @look filled in
 * @err: filled in if -o names columns that no table has
 *
 * -o names columns of one table, and asks for this one alone.
 *
 * Return: 0 or -1.
 */
int report_open(struct report *rep, struct error *err);

/**
 * report_print() - print it
 * @rep: opened, and all of it filled in
 * @err: filled in on error
 *
 * Return: 0 or -1.
 */
int report_print(struct report *rep, struct error *err);

#endif /* VMSCOPE_REPORT_H */
