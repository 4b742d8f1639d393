// SPDX-License-Identifier: GPL-2.0
/*
 * translate: do what the processor does with an address.
 *
 *	./translate TABLE LEVELS ADDRESS [r|w|x]
 *	./translate flat BITS
 *
 * TABLE is the physical address of the top table, which the processor has in its
 * register CR3.
 */
#include <stdbool.h>
#include "phys.h"

enum { READ = 1, WRITE = 2, EXECUTE = 4 };

/*
 * Which entry of its table is used? The lowest 12 bits of an address are
 * the place in the page, the 9 above them pick the entry at level 1, the next 9
 * at level 2, and so on.
 */
static unsigned int table_index(uint64_t address, int level)
{
	return (address >> (12 + 9 * (level - 1))) & 0x1ff;
}

/* Where in physical memory is entry `index`? An entry takes 8 bytes. */
static uint64_t entry_address(uint64_t table, unsigned int index)
{
	return table + 8 * index;
}

/* Is the entry valid? That is bit 0. */
static bool is_present(uint64_t entry)
{
	return entry & 1;
}

/*
 * The physical address in the entry: of the next table, or of the page.
 * It has the entry's bits 12 to 51; all others are 0.
 */
static uint64_t address_in(uint64_t entry)
{
	return entry & 0x000ffffffffff000;
}

/* The place in a page of this size. */
static uint64_t offset_in_page(uint64_t address, uint64_t page_size)
{
	return address & (page_size - 1);
}

/*
 * What a program may do, as far as this entry is concerned, of READ |
 * WRITE | EXECUTE. READ: bit 2 is set (it is called "user"). WRITE: bit 1 is set.
 * EXECUTE: bit 63 is clear.
 */
static int rights(uint64_t entry)
{
	return (entry & 4 ? READ : 0) | (entry & 2 ? WRITE : 0) | (entry >> 63 ? 0 : EXECUTE);
}

/*
 * What would a page table cost, in bytes, that is one array with an entry
 * for every page of 4096 bytes there can be in an address space of 2^bits bytes?
 */
static uint64_t flat_bytes(int bits)
{
	return (1UL << (bits - 12)) * 8;
}

static const char *const names[] = { "", "pte", "pmd", "pud", "p4d", "pgd" };

/* Above the pte, an entry with this bit is for a page, and not for a table. */
static bool is_huge(uint64_t entry, int level)
{
	return level > 1 && level < 4 && (entry & 1 << 7);
}

static void translate(uint64_t table, int levels, uint64_t address, char access)
{
	int allowed = READ | WRITE | EXECUTE;
	int wanted = access == 'w' ? WRITE : access == 'x' ? EXECUTE : READ;
	uint64_t entry = 0, at, size;
	int level;

	for (level = levels; level > 0; level--) {
		at = entry_address(table, table_index(address, level));
		/* What is not a table must not be read: a wrong answer could be anything. */
		if (at % 8 || !at) {
			say("the %s entry cannot be at 0x%lx\n", names[level], at);
			exit(1);
		}
		entry = read_phys(at);
		say("%s %u 0x%lx 0x%lx\n", names[level], table_index(address, level), at, entry);
		if (!is_present(entry)) {
			say("page fault: not present at the %s\n", names[level]);
			exit(1);
		}
		allowed &= rights(entry);
		if (level == 1 || is_huge(entry, level))
			break;
		table = address_in(entry);
	}
	if (!(allowed & wanted)) {
		say("page fault: protection\n");
		exit(1);
	}
	size = PAGE << 9 * (level - 1);
	say("physical address 0x%lx %c%c%c\n",
	    (address_in(entry) & ~(size - 1)) + offset_in_page(address, size),
	    allowed & READ ? 'r' : '-', allowed & WRITE ? 'w' : '-', allowed & EXECUTE ? 'x' : '-');
}

int main(int argc, char *argv[])
{
	if (argc == 3 && !strcmp(argv[1], "flat")) {
		say("%lu\n", flat_bytes(atoi(argv[2])));
		return 0;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: translate TABLE LEVELS ADDRESS [r|w|x]\n"
			"       translate flat BITS\n");
		return 2;
	}
	translate(strtoul(argv[1], NULL, 0), atoi(argv[2]), strtoul(argv[3], NULL, 0),
		  argc > 4 ? argv[4][0] : 'r');
	return 0;
}
