/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a harness of the client gives to whoever feeds it: libFuzzer, or
 * client_replay.c.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>
#include <stdint.h>

#define INPUT_MAX	4096

/* One input. Returns 0; whatever is wrong is for the sanitizers to say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * harness_seed() - an input that makes sense, to begin with
 * @i: which one
 * @buf: where to, INPUT_MAX bytes
 *
 * Return: its length, 0: there are no more.
 */
size_t harness_seed(unsigned int i, uint8_t *buf);

/**
 * client_run() - vmscope with these arguments
 * @line: separated by blanks; what stands between is one argument
 *
 * What it prints is not kept.
 */
void client_run(const char *line);

/* A command of a list that asks for everything there is, by number. */
const char *client_command(unsigned int i);

#endif /* CLIENT_H */
