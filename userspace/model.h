/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the client talks about: plain data that transports fill in and commands
 * read. Nothing here knows where it came from or how it will look.
 *
 * The numbers of the enums and flags equal those of the module's ABI; that is
 * asserted where the two meet, in transport_abi.c.
 */
#ifndef VMSCOPE_MODEL_H
#define VMSCOPE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Exit statuses; every struct error carries one. */
enum status {
	STATUS_DONE,
	STATUS_FAILED,		/* the request failed */
	STATUS_USAGE,
	STATUS_MODULE,		/* not loaded, or of another ABI */
	STATUS_PERMISSION,
};

/**
 * struct error - why something did not work
 * @status: what to exit with
 * @text: "WHAT: WHY", for one line
 */
struct error {
	enum status status;
	char text[512];
};

/**
 * error_set() - fill in an error
 * @err: the error
 * @status: what to exit with
 * @fmt: printf() format of "WHAT: WHY"
 *
 * Return: -1, so that a caller can return error_set(...)
 */
int error_set(struct error *err, enum status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Levels of the page-table tree, from the bottom. */
enum level {
	LEVEL_NONE,
	LEVEL_PTE,
	LEVEL_PMD,
	LEVEL_PUD,
	LEVEL_P4D,
	LEVEL_PGD,
	LEVELS
};

/* What a translation ends in. */
enum state {
	STATE_NONE,
	STATE_UNMAPPED,
	STATE_PRESENT,
	STATE_PROTNONE,
	STATE_SWAP,
	STATE_MIGRATION,
	STATE_HWPOISON,
	STATE_DEVICE,
	STATE_MARKER,
	STATES
};

enum marker {
	MARKER_NONE,
	MARKER_UFFD_WP,
	MARKER_POISONED,
	MARKER_GUARD,
	MARKER_UNKNOWN,
	MARKERS
};

/* Why there is no PFN, or nothing known of its frame. */
enum why {
	WHY_KNOWN,
	WHY_EMPTY,
	WHY_UNMAPPED,
	WHY_SWAPPED,
	WHY_MARKER,
	WHY_NO_STRUCT_PAGE,
	WHY_TEARDOWN,
	WHYS
};

/* Entry flags are bits; these are the ones that commands ask for by name. */
#define FLAG_RW		(1U << 1)
#define FLAG_USER	(1U << 2)
#define FLAG_EXEC	(1U << 3)
#define FLAG_UFFD_WP	(1U << 9)
#define FLAG_SPECIAL	(1U << 11)
#define FLAGS		16
#define PKEY_SHIFT	28

#define KPF_BITS	64
#define KPF_HUGE	17	/* of hugetlbfs */
#define KPF_ZERO	24	/* the kernel's shared page of zeroes */

/* Requests for pages */
#define MODE_EACH	(1U << 0)	/* one record an entry, no runs */
#define MODE_SPLIT	(1U << 1)	/* huge leaves as base pages */

#define PERM_READ	(1U << 0)
#define PERM_WRITE	(1U << 1)
#define PERM_EXEC	(1U << 2)
#define PERM_SHARED	(1U << 3)
#define PERM_ACCESS	(PERM_READ | PERM_WRITE | PERM_EXEC)

/* What this kernel can tell, in the order of the ABI's bits. */
#define CAN_BITS	5

/**
 * struct module_info - the module and the machine it runs on
 * @version: of the module
 * @arch: as uname -m
 * @abi: version of the ABI
 * @can: bits; see can_name()
 * @levels: of the page-table tree in use
 * @page_shift: log2 of the base page size
 * @va_bits: bits of a virtual address that are translated
 * @pa_bits: bits of a physical address that an entry can hold
 * @attach_max: processes that debugfs keeps attached at once
 * @tested: the suite has passed on a kernel of this version
 */
struct module_info {
	char version[16];
	char arch[16];
	__u64 abi;
	__u64 can;
	__u64 levels;
	__u64 page_shift;
	__u64 va_bits;
	__u64 pa_bits;
	__u64 attach_max;
	bool tested;
};

/**
 * struct cost - what an answer has cost the target
 * @hold_max_ns: longest single hold of its mmap lock
 * @hold_total_ns: all holds together
 * @irqs_off_max_ns: longest stretch with interrupts off
 * @holds: times the mmap lock was taken
 * @retries: entries read again because they changed meanwhile
 * @interrupted: times the address space was found changed between two parts
 */
struct cost {
	__u64 hold_max_ns;
	__u64 hold_total_ns;
	__u64 irqs_off_max_ns;
	__u64 holds;
	__u64 retries;
	__u64 interrupted;
};

/**
 * struct page - one entry, or a run of entries of one kind
 * @vaddr: of the first base page
 * @entry: the first entry's raw 64 bits
 * @npages: base pages covered
 * @pfn: first frame, if @has_pfn
 * @swap_offset: first slot, if @state is STATE_SWAP
 * @kpageflags: as /proc/kpageflags, if @has_frame
 * @flags: of the entry, with the protection key from PKEY_SHIFT up
 * @mapcount: mappings of the first frame, if @has_frame
 * @refcount: references to it, if @has_frame
 * @node: its NUMA node, -1 where not known
 * @page_shift: log2 of what one entry maps
 * @swap_type: number of the swap device, if @state is STATE_SWAP
 * @state: what the translation ends in
 * @level: of the entry
 * @marker: which one, if @state is STATE_MARKER
 * @why: why there is no PFN, or nothing known of the frame
 * @has_pfn: @pfn is one
 * @has_frame: something is known of the frame
 * @mapcount_exact: @mapcount is not an estimate
 * @shared_table: several processes use the table that the entry stands in, which
 *	@mapcount has as one
 * @alike: it differs in @vaddr, @entry and @pfn alone from the one handed out before
 */
struct page {
	__u64 vaddr;
	__u64 entry;
	__u64 npages;
	__u64 pfn;
	__u64 swap_offset;
	__u64 kpageflags;
	__u32 flags;
	__u32 mapcount;
	__u32 refcount;
	int node;
	unsigned int page_shift;
	unsigned int swap_type;
	enum state state;
	enum level level;
	enum marker marker;
	enum why why;
	bool has_pfn;
	bool has_frame;
	bool mapcount_exact;
	bool shared_table;
	bool alike;
};

/**
 * struct step - one level of a walk
 * @entry_paddr: physical address of the entry itself
 * @entry: its raw 64 bits
 * @index: of the entry in its table
 * @flags: of the entry
 * @level: which level
 */
struct step {
	__u64 entry_paddr;
	__u64 entry;
	__u64 index;
	__u32 flags;
	enum level level;
};

/**
 * struct vma - one mapping and what its page tables hold, in base pages
 * @start: first address
 * @end: first address after it
 * @offset: bytes into the file
 * @inode: of the file, 0 where none
 * @pages: base pages covered
 * @present: pages present or protnone
 * @swap: pages in swap
 * @shared: present ones mapped more than once
 * @exclusive: present ones mapped only here
 * @anon: present ones that are anonymous
 * @file_pages: present ones of the page cache
 * @huge: present ones mapped above the PTE level
 * @dirty: present ones whose entry is dirty
 * @accessed: present ones whose entry is accessed
 * @zero: present ones that map a zero page
 * @mapcount: map counts of the shared and the exclusive ones, added up
 * @pss: bytes of them, each page divided by its map count
 * @dev_major: device of the file
 * @dev_minor: likewise
 * @perms: PERM_*
 * @mapcount_exact: @shared and @exclusive are not estimates
 * @vmflags: mnemonics as in smaps, blank between; "" where none
 * @name: "[heap]" and the like; "" where none
 * @file: path of the file; "" where none
 *
 * The strings are borrowed: whoever passes a struct vma to a callback keeps
 * them only until the callback returns.
 */
struct vma {
	__u64 start;
	__u64 end;
	__u64 offset;
	__u64 inode;
	__u64 pages;
	__u64 present;
	__u64 swap;
	__u64 shared;
	__u64 exclusive;
	__u64 anon;
	__u64 file_pages;
	__u64 huge;
	__u64 dirty;
	__u64 accessed;
	__u64 zero;
	__u64 mapcount;
	__u64 pss;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 perms;
	bool mapcount_exact;
	const char *vmflags;
	const char *name;
	const char *file;
};

/**
 * struct walk - one translation
 * @pid: of the process
 * @vaddr: the address asked for
 * @page: what the translation ends in
 * @steps: the levels gone through, from the top
 * @nr_steps: how many
 * @has_vma: a VMA covers @vaddr
 * @vma: that VMA, without counts
 * @has_user_entry: @user_entry is there: page-table isolation is on, and @vaddr
 *	in the kernel half
 * @user_entry: what user mode's own top table has for @vaddr, raw
 * @cost: what it has cost
 */
struct walk {
	pid_t pid;
	__u64 vaddr;
	struct page page;
	struct step steps[LEVELS];
	unsigned int nr_steps;
	bool has_vma;
	struct vma vma;
	bool has_user_entry;
	__u64 user_entry;
	struct cost cost;
};

/**
 * struct table - the tables of one level, in the user half
 * @tables: how many there are
 * @used: entries in them that are not empty
 * @level: which level
 */
struct table {
	__u64 tables;
	__u64 used;
	enum level level;
};

/**
 * struct tables - the page tables of a process
 * @table: the levels, from the top
 * @n: how many
 * @accounted_bytes: what the kernel has booked for the process
 * @deposited: PTE tables set aside for splitting huge pages, in no tree
 * @cost: what it has cost to count them
 */
struct tables {
	struct table table[LEVELS];
	size_t n;
	__u64 accounted_bytes;
	__u64 deposited;
	struct cost cost;
};

/* What a frame is used for. */
enum frame_kind {
	FRAME_NOTHING,
	FRAME_DEVICE,
	FRAME_OFFLINE,
	FRAME_FREE,
	FRAME_RESERVED,
	FRAME_SLAB,
	FRAME_PGTABLE,
	FRAME_KERNEL,
	FRAME_ZERO,
	FRAME_HUGE_ZERO,
	FRAME_FILE,
	FRAME_SHMEM,
	FRAME_ANON,
	FRAME_KSM,
	FRAME_HUGETLB,
	FRAME_KINDS
};

/* How the owners of a frame were looked for. */
enum how {
	HOW_NONE,
	HOW_FILE,
	HOW_ANON,
	HOW_SCAN,
	HOW_LOCKED,
	HOW_CHANGED,
	HOWS
};

/**
 * struct owner - one mapping of a frame
 * @vaddr: of the frame's base page
 * @entry: raw 64 bits of the entry that maps it
 * @flags: of the entry, with the protection key
 * @pid: the process
 * @page_shift: log2 of what such an entry maps
 * @state: of the entry
 * @level: of the entry
 * @comm: the process's name
 * @file: path of the file that it maps there, "" where none; borrowed, as the
 *	strings of struct vma
 */
struct owner {
	__u64 vaddr;
	__u64 entry;
	__u32 flags;
	pid_t pid;
	unsigned int page_shift;
	enum state state;
	enum level level;
	char comm[16];
	const char *file;
};

/* Log2 of the pages of a folio: no address has more bits. */
#define ORDER_MAX	51

/**
 * struct frame - what a frame is
 * @pfn: the frame
 * @head_pfn: first frame of its folio, if @has_facts; so are the next ones
 * @kpageflags: as /proc/kpageflags
 * @memcg_inode: of the memory cgroup that pays for it, 0 where none does
 * @order: log2 of the base pages of its folio
 * @mapcount: mappings of it, in all processes
 * @refcount: references to its folio
 * @mapcount_exact: @mapcount is not an estimate
 * @node: its NUMA node, -1 where not known
 * @inode: of the file whose page it caches, if @has_file; so are the next ones
 * @file_page: which page of it, in base pages
 * @dev_major: device of the file
 * @dev_minor: likewise
 * @file: path of the file, "" where not known; borrowed
 * @found: mappings found
 * @hidden: of processes outside the caller's PID namespace
 * @skipped: mappings or processes that could not be looked at
 * @lock_max_ns: longest that the folio and the tree of its VMAs were locked
 * @kind: what it is used for
 * @how: how its owners were looked for
 * @complete: the owners are all there are
 * @has_facts: see @head_pfn
 * @has_file: see @inode
 */
struct frame {
	__u64 pfn;
	__u64 head_pfn;
	__u64 kpageflags;
	__u64 memcg_inode;
	__u64 order;
	__u64 mapcount;
	__u64 refcount;
	int node;
	__u64 inode;
	__u64 file_page;
	__u32 dev_major;
	__u32 dev_minor;
	const char *file;
	__u64 found;
	__u64 hidden;
	__u64 skipped;
	__u64 lock_max_ns;
	enum frame_kind kind;
	enum how how;
	bool mapcount_exact;
	bool complete;
	bool has_facts;
	bool has_file;
};

/**
 * address_is_kernel() - is it in the kernel half?
 * @vaddr: canonical, so that the topmost bit tells
 *
 * Return: true if so.
 */
static inline bool address_is_kernel(__u64 vaddr)
{
	return vaddr >> 63;
}

/**
 * state_name() - the word for a state
 * @state: the state
 *
 * Return: the word, "unknown" for a number that stands for nothing. So do the
 * functions that follow.
 */
const char *state_name(enum state state);

/**
 * level_name() - the word for a level
 * @level: the level
 */
const char *level_name(enum level level);

/**
 * marker_name() - the word for a marker
 * @marker: the marker
 */
const char *marker_name(enum marker marker);

/**
 * why_name() - the word for a reason
 * @why: the reason
 */
const char *why_name(enum why why);

/**
 * frame_kind_name() - the word for what a frame is used for
 * @kind: the kind
 */
const char *frame_kind_name(enum frame_kind kind);

/**
 * how_name() - the word for how owners were looked for
 * @how: the way
 */
const char *how_name(enum how how);

/**
 * flag_name() - the word for an entry flag
 * @bit: number of the bit
 */
const char *flag_name(unsigned int bit);

/**
 * can_name() - the word for something that a kernel can tell
 * @bit: number of the bit
 */
const char *can_name(unsigned int bit);

/**
 * kpf_name() - the word for a bit of /proc/kpageflags
 * @bit: number of the bit
 *
 * Return: the word, or NULL for a bit that has none.
 */
const char *kpf_name(unsigned int bit);

/**
 * name_find() - look a word up in one of the lists above
 * @name_of: state_name, level_name ...
 * @n: numbers in that list, from 0
 * @word: the word
 * @len: its length; it need not end there
 *
 * Return: the number, or -1.
 */
#define name_find(name_of, n, word, len) ({				\
	int found_ = -1;						\
	for (int i_ = 0; found_ < 0 && i_ < (int)(n); i_++)		\
		if (word_equal((name_of)(i_), (word), (len)))		\
			found_ = i_;					\
	found_; })

/**
 * word_equal() - compare a string with one that need not end
 * @name: the string
 * @word: the other one
 * @len: its length
 *
 * Return: true if they are equal.
 */
bool word_equal(const char *name, const char *word, size_t len);

/**
 * perms_text() - permissions as /proc/PID/maps has them
 * @perms: PERM_*
 * @buf: where to
 *
 * Return: @buf.
 */
const char *perms_text(__u32 perms, char buf[5]);

#endif /* VMSCOPE_MODEL_H */
