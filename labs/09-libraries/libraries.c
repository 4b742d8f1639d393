// SPDX-License-Identifier: GPL-2.0
/*
 * libraries: uses a library, and looks at its own jump table while it is filled in.
 * Waits for `kill -CONT` when it is loaded, when it has read the library's data, and
 * when it has changed them. Four functions are yours.
 */
#include <elf.h>
#include "lab.h"
#include "meter.h"

/*
 * TODO 1: the address of the jump table's slot that `entry` is about. The program's addresses
 * are meant from `base`, where it was loaded.
 */
static void *slot_of(unsigned long base, const Elf64_Rela *entry)
{
	return NULL;
}

/* TODO 2: the address that is in that slot. */
static void *held(void *slot)
{
	return NULL;
}

/*
 * TODO 3: read the library's data, by way of first(), and return what it returns. What
 * is called here does more.
 */
static int read_data(void)
{
	return count();
}

/* TODO 4: change the library's data, by way of count(): return what it returns. */
static int change_data(void)
{
	return first();
}

/* The linker knows where the program begins, and what it has for the loader. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const Elf64_Dyn _DYNAMIC[] __attribute__((weak, visibility("hidden")));

static unsigned long base(void)
{
	return (unsigned long)__ehdr_start;
}

/* What the loader is told by `tag`; addresses are from base(), or already adjusted. */
static unsigned long dynamic(long tag, int address)
{
	const Elf64_Dyn *d;

	for (d = _DYNAMIC; d && d->d_tag != DT_NULL; d++)
		if (d->d_tag == tag)
			return d->d_un.d_val + (address && d->d_un.d_val < base() ? base() : 0);
	return 0;
}

/* The entry about the jump to `function`; none in a static program. */
static const Elf64_Rela *jump_to(const char *function)
{
	const Elf64_Rela *entry = (const void *)dynamic(DT_JMPREL, 1);
	const Elf64_Sym *symbols = (const void *)dynamic(DT_SYMTAB, 1);
	const char *names = (const void *)dynamic(DT_STRTAB, 1);
	unsigned long n = dynamic(DT_PLTRELSZ, 0) / sizeof(*entry);

	for (; n; n--, entry++)
		if (!strcmp(names + symbols[ELF64_R_SYM(entry->r_info)].st_name, function))
			return entry;
	return NULL;
}

int main(void)
{
	const Elf64_Rela *entry = jump_to("count");
	void *slot = entry ? slot_of(base(), entry) : NULL;
	int n;

	say("code %p\n", place_of_code());
	say("data %p\n", place_of_data());
	if (entry)
		say("slot %p holds %p\n", slot, held(slot));
	wait_here("loaded\n");
	n = read_data();
	wait_here("read %d\n", n);
	n = change_data();
	if (entry)
		say("slot %p holds %p\n", slot, held(slot));
	wait_here("changed to %d\n", n);
	return 0;
}
