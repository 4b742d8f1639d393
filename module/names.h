/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_NAMES_H
#define VMSCOPE_NAMES_H

#include "decode.h"

/* Room for the longest text of names_flags(), with the NUL. */
#define NAMES_FLAGS_MAX	128

const char *names_level(u8 level);
const char *names_state(u8 state);
const char *names_marker(u8 marker);
const char *names_why(u8 why);
const char *names_kind(u8 kind);
const char *names_how(u8 how);
void names_flags(u32 flags, char sep, char *buf, size_t size);

#endif /* VMSCOPE_NAMES_H */
