/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VMSCOPE_ENV_H
#define VMSCOPE_ENV_H

#include "decode.h"

/**
 * struct env - what this kernel and machine are; the same until the next boot
 * @decode: how to read an entry
 * @paging: shape of the tree
 * @user_end: first address after the user half
 * @info: what a client is told of it
 */
struct env {
	struct decode_env decode;
	struct paging paging;
	u64 user_end;
	struct vmscope_info info;
};

/* Filled by env_init() before anything can be asked, constant from then on. */
extern struct env env;

int env_init(u32 attach_max);

/* In the half of the address space that is a process's own. */
static inline bool env_is_user(u64 addr)
{
	return addr < env.user_end;
}

/* In the kernel's half; between the two are addresses that are not canonical. */
static inline bool env_is_kernel(u64 addr)
{
	return addr >= -env.user_end;
}

#endif /* VMSCOPE_ENV_H */
