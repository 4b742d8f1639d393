// SPDX-License-Identifier: GPL-2.0
/*
 * loading: says where the parts of its own file should be in memory, and then lets
 * its address space grow in four ways. Waits for `kill -CONT` after each. Eight
 * functions are yours.
 */
#include <dlfcn.h>
#include <elf.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include "lab.h"

/*
 * A program header, Elf64_Phdr, says of one part of the file, a segment, what exec()
 * is to do with it. `base` is where the program was loaded: all of its addresses
 * are meant from there. A mapping is made of whole pages.
 *
 * p_vaddr	address of the segment's first byte, from `base`
 * p_memsz	how many bytes it has in memory
 * p_offset	where in the file its first byte is
 * p_flags	PF_R, PF_W, PF_X: what may be done with it
 */

/* TODO 1: the address of the page in which the segment begins. */
static unsigned long first_page(unsigned long base, const Elf64_Phdr *segment)
{
	return 0;
}

/* TODO 2: the address of the first page that is no longer a part of it. */
static unsigned long end_page(unsigned long base, const Elf64_Phdr *segment)
{
	return 0;
}

/* TODO 3: may it be read ('r'), written ('w'), executed ('x')? Otherwise '-'. */
static char may(const Elf64_Phdr *segment, char what)
{
	return '-';
}

/* TODO 4: which page of the file is mapped there? The first one is 0. */
static unsigned long file_page(const Elf64_Phdr *segment)
{
	return 0;
}

/* TODO 5: let the heap grow by 16 pages (sbrk). */
static void more_heap(void)
{
}

/* TODO 6: map four pages of new memory, for reading and writing; returns where. */
static void *more_pages(void)
{
	return NULL;
}

/* TODO 7: load the library ./plugin.so (dlopen). */
static void load_plugin(void)
{
}

/*
 * TODO 8: use more than 256 KiB of stack. main() calls this with a depth of 100: let
 * each call have a page of its own, as a volatile array, and call the next one.
 */
static int recurse(int depth)
{
	return 0;
}

static const char constant[] = "not to be changed";
static int variable = 42;
static char zeros[8 * PAGE];

static void say_segments(void)
{
	const Elf64_Phdr *header = (void *)getauxval(AT_PHDR), *segment;
	unsigned long i, n = getauxval(AT_PHNUM), base = 0;

	for (i = 0; i < n; i++)
		if (header[i].p_type == PT_PHDR)
			base = (unsigned long)header - header[i].p_vaddr;
	for (i = 0; i < n; i++) {
		segment = &header[i];
		if (segment->p_type == PT_LOAD)
			say("segment 0x%lx-0x%lx %c%c%c page %lu\n", first_page(base, segment),
			    end_page(base, segment), may(segment, 'r'), may(segment, 'w'),
			    may(segment, 'x'), file_page(segment));
	}
}

int main(void)
{
	say_segments();
	say("code     %p\n", (void *)main);
	say("constant %p\n", (void *)constant);
	say("variable %p\n", (void *)&variable);
	/* Its last page: the first one may hold other things, too. */
	wait_here("zeros    %p\n", (void *)&zeros[7 * PAGE]);
	more_heap();
	wait_here("heap     grown to %p\n", sbrk(0));
	wait_here("pages    mapped at %p\n", more_pages());
	load_plugin();
	wait_here("library  loaded\n");
	recurse(100);
	wait_here("stack    used\n");
	return variable;
}
