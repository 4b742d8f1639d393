/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vmscope - virtual-memory scope: what the module and its clients agree on.
 *
 * Both sides include this one copy. Numbers and structs here are ABI: from the
 * first release on, whatever changes the meaning of a byte also changes VMSCOPE_ABI,
 * and a client refuses a module of another ABI.
 *
 * Generic netlink: family VMSCOPE_GENL_NAME, version VMSCOPE_GENL_VERSION,
 * initial network namespace only. Opener and sender of the socket both need
 * CAP_SYS_ADMIN in the initial user namespace. Errors come with an extended
 * acknowledgment: a message and, where one is to blame, the attribute; only where
 * that capability is lacking, a dump may be refused by the number alone.
 *
 *	VMSCOPE_CMD_INFO	do
 *	    request	-
 *	    reply	INFO
 *
 *	VMSCOPE_CMD_WALK	do
 *	    request	PID ADDR
 *	    reply	PAGE (one record, npages 1: the translation's last word)
 *			LEVELS (array of struct vmscope_level, top level first)
 *			[VMA VMFLAGS [NAME] [FILE]]  absent: no VMA covers ADDR
 *			[USER_ENTRY]  kernel half under page-table isolation
 *			STATS
 *
 *	VMSCOPE_CMD_WALK	dump, one message an address, in the order asked for
 *	    request	PID ADDRS (array of u64, no more than an attribute holds: 8191)
 *	    parts	PAGE LEVELS [USER_ENTRY]  as above; each is of its own moment,
 *			and the first address of which there is none (EDOM, EAGAIN,
 *			EBUSY, ESTALE as for one) ends the dump, after those before
 *
 *	VMSCOPE_CMD_MAPS	dump, one message a VMA, by ascending address
 *	    request	PID [START END]
 *	    parts	VMA VMFLAGS [NAME] [FILE]
 *
 *	VMSCOPE_CMD_PAGES	dump, many records a message, by ascending address
 *	    request	PID [START END] [MODE] [STATES] [FLAGS_SET] [FLAGS_CLEAR]
 *	    parts	PAGES (array of struct vmscope_page)
 *
 *	VMSCOPE_CMD_TABLES	dump
 *	    request	PID
 *	    parts	TABLES (array of struct vmscope_table, top level first)
 *			TABLES_TOTAL
 *
 *	VMSCOPE_CMD_FRAME	dump, one message an owner, then one for the frame
 *	    request	PFN [MODE]
 *	    parts	OWNER [FILE]
 *			FRAME [FILE]
 *
 * The first message of each dump and the last before NLMSG_DONE carry STATS
 * alone, and so does a part in between that found nothing to report in its time:
 * only a STATS that NLMSG_DONE follows means that the dump is whole. A dump
 * covers the populated entries that lie in VMAs meeting [START, END), cut to
 * that range; without START and END the whole user half. Each entry is read
 * once, under its page-table lock, and reported at most once. A dump is made in
 * parts, between which the address space may change: where its VMAs are found
 * other than they were, the parts that follow carry NLM_F_DUMP_INTR, and so does
 * NLMSG_DONE, and STATS counts it in @interrupted. (VMAs that went and came back
 * the same are not found; WALK and FRAME, whose answers are of single moments, do
 * not look.) The errors of a dump come in NLMSG_DONE; who may not ask gets EPERM in
 * NLMSG_ERROR, and no dump. A part has up to 32 KiB, whatever the reader's buffer;
 * its records are aligned to 4 bytes. A process that exits or execs meanwhile ends
 * the dump with an error (ESTALE), never with a short answer.
 *
 * FRAME: who maps a frame. An owner is a process and an address; each was seen to
 * map the frame at some moment of the query, by a walk of that process's tables.
 * Where to look is learned from the kernel's own reverse map, the file's or the
 * anonymous folio's; where there is none, or with VMSCOPE_MODE_SCAN, every
 * process is walked (struct vmscope_frame.how). Processes are those of the
 * sender's PID namespace, by its numbers; what maps the frame outside of it is
 * counted in @hidden alone. VMSCOPE_FRAME_COMPLETE means that the mappings found
 * are as many as the frame's map count, which was the same before and after; of
 * frames that have no such count (zero pages, device memory), that every process
 * was walked. What maps a counted frame by its number alone, as drivers may, no
 * count knows: VMSCOPE_MODE_SCAN shows it.
 *
 * Merging: without VMSCOPE_MODE_EACH consecutive entries become one record
 * where nothing is lost by it, that is where the second continues the first in
 * virtual address, level, state, flags and VMA, its PFN (or swap slot) is the
 * next one, its raw entry differs in that alone, and its frame has the same
 * facts. Page i of a record then has vaddr + i * 4096 and pfn + i. The split
 * into parts does not split a run: both ways in give the same records.
 * A record never spans two levels; for a leaf above the PTE level the frame
 * facts are those of its first page, unless VMSCOPE_MODE_SPLIT asks for each
 * base page of it.
 *
 * debugfs: text for people and awk; pages.bin has the same struct vmscope_page
 * back to back. See the README.
 */
#ifndef _UAPI_VMSCOPE_H
#define _UAPI_VMSCOPE_H

#include <linux/types.h>

#define VMSCOPE_GENL_NAME	"vmscope"
#define VMSCOPE_GENL_VERSION	1
#define VMSCOPE_ABI		1
#define VMSCOPE_VERSION		"0.1.0"

enum vmscope_cmd {
	VMSCOPE_CMD_UNSPEC,
	VMSCOPE_CMD_INFO,
	VMSCOPE_CMD_WALK,
	VMSCOPE_CMD_MAPS,
	VMSCOPE_CMD_PAGES,
	VMSCOPE_CMD_TABLES,
	VMSCOPE_CMD_FRAME,
	__VMSCOPE_CMD_MAX
};

#define VMSCOPE_CMD_MAX (__VMSCOPE_CMD_MAX - 1)

enum vmscope_attr {
	VMSCOPE_A_UNSPEC,
	VMSCOPE_A_PAD,
	VMSCOPE_A_PID,		/* u32, as the sender's PID namespace numbers it */
	VMSCOPE_A_ADDR,		/* u64, virtual address, any alignment */
	VMSCOPE_A_START,	/* u64, bytes, multiple of the page size */
	VMSCOPE_A_END,		/* u64, exclusive, multiple of the page size */
	VMSCOPE_A_MODE,		/* u32, VMSCOPE_MODE_* */
	VMSCOPE_A_STATES,	/* u32, mask of 1 << enum vmscope_state to keep */
	VMSCOPE_A_FLAGS_SET,	/* u32, VMSCOPE_FLAG_* that must all be set */
	VMSCOPE_A_FLAGS_CLEAR,	/* u32, VMSCOPE_FLAG_* of which none may be */
	VMSCOPE_A_INFO,		/* struct vmscope_info */
	VMSCOPE_A_PAGE,		/* struct vmscope_page */
	VMSCOPE_A_PAGES,	/* struct vmscope_page[] */
	VMSCOPE_A_LEVELS,	/* struct vmscope_level[] */
	VMSCOPE_A_VMA,		/* struct vmscope_vma */
	VMSCOPE_A_VMFLAGS,	/* string, mnemonics as in smaps, blank between */
	VMSCOPE_A_NAME,		/* string, "[heap]", "[anon:x]" ... */
	VMSCOPE_A_FILE,		/* string, path of the mapped file */
	VMSCOPE_A_STATS,	/* struct vmscope_stats */
	VMSCOPE_A_USER_ENTRY,	/* u64, raw top-level entry that user mode has
				 * for the same address
				 */
	VMSCOPE_A_TABLES,	/* struct vmscope_table[] */
	VMSCOPE_A_TABLES_TOTAL,	/* struct vmscope_tables_total */
	VMSCOPE_A_PFN,		/* u64, number of a frame */
	VMSCOPE_A_OWNER,	/* struct vmscope_owner */
	VMSCOPE_A_FRAME,	/* struct vmscope_frame */
	VMSCOPE_A_ADDRS,	/* u64[], as VMSCOPE_A_ADDR */
	__VMSCOPE_A_MAX
};

#define VMSCOPE_A_MAX (__VMSCOPE_A_MAX - 1)

/* Levels of the tree, counted from the bottom; a folded one never appears. */
enum vmscope_level_nr {
	VMSCOPE_LEVEL_NONE,
	VMSCOPE_LEVEL_PTE,
	VMSCOPE_LEVEL_PMD,
	VMSCOPE_LEVEL_PUD,
	VMSCOPE_LEVEL_P4D,
	VMSCOPE_LEVEL_PGD,
	VMSCOPE_LEVELS_MAX = VMSCOPE_LEVEL_PGD
};

/* What a translation ends in. */
enum vmscope_state {
	VMSCOPE_STATE_NONE,	/* a VMA covers it, nothing installed yet */
	VMSCOPE_STATE_UNMAPPED,	/* no VMA covers it */
	VMSCOPE_STATE_PRESENT,	/* the hardware would translate it */
	VMSCOPE_STATE_PROTNONE,	/* the frame is there, the hardware bit is not */
	VMSCOPE_STATE_SWAP,
	VMSCOPE_STATE_MIGRATION,
	VMSCOPE_STATE_HWPOISON,
	VMSCOPE_STATE_DEVICE,	/* device-private or device-exclusive */
	VMSCOPE_STATE_MARKER,	/* an entry that only says something: see @marker */
	__VMSCOPE_STATE_MAX
};

/* Entry flags, arch-neutral, in the order in which they are printed. */
#define VMSCOPE_FLAG_PRESENT	(1U << 0)
#define VMSCOPE_FLAG_RW		(1U << 1)
#define VMSCOPE_FLAG_USER	(1U << 2)
#define VMSCOPE_FLAG_EXEC	(1U << 3)
#define VMSCOPE_FLAG_ACCESSED	(1U << 4)
#define VMSCOPE_FLAG_DIRTY	(1U << 5)
#define VMSCOPE_FLAG_GLOBAL	(1U << 6)
#define VMSCOPE_FLAG_LEAF	(1U << 7)
#define VMSCOPE_FLAG_SOFT_DIRTY	(1U << 8)
#define VMSCOPE_FLAG_UFFD_WP	(1U << 9)
#define VMSCOPE_FLAG_PROTNONE	(1U << 10)
#define VMSCOPE_FLAG_SPECIAL	(1U << 11)
#define VMSCOPE_FLAG_DEVMAP	(1U << 12)
#define VMSCOPE_FLAG_PWT	(1U << 13)
#define VMSCOPE_FLAG_PCD	(1U << 14)
#define VMSCOPE_FLAG_PAT	(1U << 15)
#define VMSCOPE_FLAGS_ALL	0xffffU
/* The protection key, 0..15; printed as "pkey=N" where it is not 0. */
#define VMSCOPE_PKEY_SHIFT	28
#define VMSCOPE_PKEY_MASK	(0xfU << VMSCOPE_PKEY_SHIFT)

enum vmscope_marker {
	VMSCOPE_MARKER_NONE,
	VMSCOPE_MARKER_UFFD_WP,
	VMSCOPE_MARKER_POISONED,
	VMSCOPE_MARKER_GUARD,
	VMSCOPE_MARKER_UNKNOWN,	/* a kind this version does not know */
};

/* Why a record has no PFN, or no facts of its frame. */
enum vmscope_why {
	VMSCOPE_WHY_KNOWN,	/* it has both */
	VMSCOPE_WHY_EMPTY,	/* no PFN: nothing is installed */
	VMSCOPE_WHY_UNMAPPED,	/* no PFN: no VMA covers the address */
	VMSCOPE_WHY_SWAPPED,	/* no PFN: the page is in swap */
	VMSCOPE_WHY_MARKER,	/* no PFN: a marker stands for no frame */
	VMSCOPE_WHY_NO_STRUCT_PAGE, /* PFN, but no facts: device memory that the
				     * kernel does not count, a hole, an
				     * offline section
				     */
	VMSCOPE_WHY_TEARDOWN,	/* no PFN: no VMA pins this part of the tree; it
				 * is not entered
				 */
};

#define VMSCOPE_PFN_NONE	(~0ULL)
#define VMSCOPE_NODE_NONE	0xffffU

/* struct vmscope_page.bits */
#define VMSCOPE_PAGE_FRAME	(1U << 0)	/* mapcount .. node are valid */
#define VMSCOPE_PAGE_MAPCOUNT_EXACT (1U << 1)	/* not an estimate */
#define VMSCOPE_PAGE_SHARED_TABLE (1U << 2)	/* hugetlb: several processes use the
						 * table, which counts once
						 */

/**
 * struct vmscope_page - one entry, or a run of entries of one kind
 * @vaddr: virtual address of the first base page
 * @entry: raw 64 bits of the first page's entry, as read
 * @pfn: first frame; for VMSCOPE_STATE_SWAP the first slot on the swap device;
 *	VMSCOPE_PFN_NONE where there is neither (see @why)
 * @kpageflags: the 64 bits that /proc/kpageflags has for the first frame, or would
 *	have if it looked at a device's memory that is mapped as any page is; without
 *	KPF_ANON, KPF_KSM and KPF_THP for a slab, where they are chance
 * @npages: base pages covered
 * @flags: VMSCOPE_FLAG_* and the protection key
 * @mapcount: times the first frame is mapped, in all processes
 * @refcount: references held on the first frame's folio
 * @node: NUMA node, VMSCOPE_NODE_NONE where not known
 * @state: enum vmscope_state
 * @level: enum vmscope_level_nr of the entry; for NONE and UNMAPPED the level
 *	at which the walk stopped
 * @page_shift: log2 of the bytes that one such entry maps
 * @swap_type: index of the swap device (SWAP), enum vmscope_marker (MARKER)
 * @why: enum vmscope_why
 * @bits: VMSCOPE_PAGE_*
 */
struct vmscope_page {
	__u64 vaddr;
	__u64 entry;
	__u64 pfn;
	__u64 kpageflags;
	__u32 npages;
	__u32 flags;
	__u32 mapcount;
	__u32 refcount;
	__u16 node;
	__u8 state;
	__u8 level;
	__u8 page_shift;
	__u8 swap_type;
	__u8 why;
	__u8 bits;
};

/*
 * debugfs pages.bin: a pread() of sizeof(struct vmscope_stats) bytes at this
 * offset gives what the records read so far from this open file have cost.
 */
#define VMSCOPE_STATS_POS	(1ULL << 62)

/* Request: VMSCOPE_A_MODE */
#define VMSCOPE_MODE_EACH	(1U << 0)	/* one record an entry, no runs */
#define VMSCOPE_MODE_SPLIT	(1U << 1)	/* huge leaves as base pages, with
						 * each one's own frame facts
						 */
#define VMSCOPE_MODE_SCAN	(1U << 2)	/* FRAME: walk every process */
#define VMSCOPE_MODES_ALL	(VMSCOPE_MODE_EACH | VMSCOPE_MODE_SPLIT | \
				 VMSCOPE_MODE_SCAN)

/**
 * struct vmscope_level - one step of a walk
 * @entry_paddr: physical address of the entry itself
 * @entry: its raw 64 bits
 * @flags: VMSCOPE_FLAG_*
 * @index: of the entry in its table
 * @level: enum vmscope_level_nr
 */
struct vmscope_level {
	__u64 entry_paddr;
	__u64 entry;
	__u32 flags;
	__u16 index;
	__u8 level;
	__u8 pad;
};

/**
 * struct vmscope_table - the tables of one level, in the user half
 * @level: enum vmscope_level_nr
 * @pad: zero
 * @tables: how many there are
 * @used: entries in them that are not empty
 */
struct vmscope_table {
	__u32 level;
	__u32 pad;
	__u64 tables;
	__u64 used;
};

/**
 * struct vmscope_tables_total - all levels together
 * @accounted_bytes: what the kernel has booked for the process (VmPTE and more
 *	in /proc/PID/status): PUD, PMD and PTE tables, deposited ones with them
 * @deposited: PTE tables set aside for splitting anonymous huge pages; in no
 *	tree, but accounted
 */
struct vmscope_tables_total {
	__u64 accounted_bytes;
	__u64 deposited;
};

/* What a frame is used for. */
enum vmscope_kind {
	VMSCOPE_KIND_NOTHING,	/* no memory and no device has this address */
	VMSCOPE_KIND_DEVICE,	/* a device's memory or registers */
	VMSCOPE_KIND_OFFLINE,	/* memory that the kernel does not use */
	VMSCOPE_KIND_FREE,
	VMSCOPE_KIND_RESERVED,	/* set aside at boot: kernel image, firmware */
	VMSCOPE_KIND_SLAB,
	VMSCOPE_KIND_PGTABLE,
	VMSCOPE_KIND_KERNEL,	/* allocated, neither a file's nor anonymous */
	VMSCOPE_KIND_ZERO,	/* the zero page */
	VMSCOPE_KIND_HUGE_ZERO,	/* part of the huge zero page */
	VMSCOPE_KIND_FILE,	/* page cache of a file */
	VMSCOPE_KIND_SHMEM,	/* page cache of shared memory or tmpfs */
	VMSCOPE_KIND_ANON,
	VMSCOPE_KIND_KSM,
	VMSCOPE_KIND_HUGETLB,	/* of the huge page pool, used or not */
	__VMSCOPE_KIND_MAX
};

/* How the owners of a frame were looked for. */
enum vmscope_how {
	VMSCOPE_HOW_NONE,	/* not at all: its map count is 0 */
	VMSCOPE_HOW_FILE,	/* by the VMAs that map that page of the file */
	VMSCOPE_HOW_ANON,	/* by the VMAs that share the anonymous page */
	VMSCOPE_HOW_SCAN,	/* by walking every process */
	VMSCOPE_HOW_LOCKED,	/* not: somebody else had it locked all the time */
	VMSCOPE_HOW_CHANGED,	/* not: it was freed, or put to another use */
	__VMSCOPE_HOW_MAX
};

/* struct vmscope_frame.bits */
#define VMSCOPE_FRAME_FACTS	(1U << 0)	/* head_pfn .. refcount, node are valid */
#define VMSCOPE_FRAME_MAPCOUNT_EXACT (1U << 1)	/* not an estimate */
#define VMSCOPE_FRAME_FILE	(1U << 2)	/* inode, dev_*, file_page are valid */
#define VMSCOPE_FRAME_COMPLETE	(1U << 3)	/* the owners are all there are */

/**
 * struct vmscope_frame - what a frame is, after its owners
 * @pfn: the frame
 * @head_pfn: first frame of its folio
 * @kpageflags: as in struct vmscope_page
 * @memcg_inode: of the memory cgroup that pays for it; 0 where none does, for a
 *	slab, and since Linux 6.15 for a page of the kernel's own that is neither a
 *	page table nor part of a folio
 * @inode: of the file whose page it caches
 * @file_page: which page of the file, in base pages
 * @lock_max_ns: longest that the folio and the tree of its VMAs were locked
 * @found: mappings found, also of processes that are not named
 * @mapcount: times it is mapped, in all processes
 * @refcount: references held on its folio
 * @dev_major: device of the file
 * @dev_minor: likewise
 * @hidden: mappings by processes outside the sender's PID namespace
 * @skipped: VMAs or processes that could not be looked at: locked for too long,
 *	or gone
 * @bits: VMSCOPE_FRAME_*
 * @node: NUMA node
 * @kind: enum vmscope_kind
 * @order: log2 of the base pages of its folio
 * @how: enum vmscope_how
 * @pad: zero
 */
struct vmscope_frame {
	__u64 pfn;
	__u64 head_pfn;
	__u64 kpageflags;
	__u64 memcg_inode;
	__u64 inode;
	__u64 file_page;
	__u64 lock_max_ns;
	__u64 found;
	__u32 mapcount;
	__u32 refcount;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 hidden;
	__u32 skipped;
	__u32 bits;
	__u16 node;
	__u8 kind;
	__u8 order;
	__u8 how;
	__u8 pad[7];
};

/**
 * struct vmscope_owner - one mapping of a frame
 * @vaddr: virtual address of the frame's base page
 * @entry: raw 64 bits of the entry that maps it
 * @pid: process, as the sender's PID namespace numbers it
 * @flags: VMSCOPE_FLAG_* and the protection key
 * @state: enum vmscope_state
 * @level: enum vmscope_level_nr of the entry
 * @page_shift: log2 of the bytes that one such entry maps
 * @pad: zero
 * @comm: the process's name, NUL-terminated
 */
struct vmscope_owner {
	__u64 vaddr;
	__u64 entry;
	__u32 pid;
	__u32 flags;
	__u8 state;
	__u8 level;
	__u8 page_shift;
	__u8 pad[5];
	char comm[16];
};

/* struct vmscope_vma.perms */
#define VMSCOPE_PERM_READ	(1U << 0)
#define VMSCOPE_PERM_WRITE	(1U << 1)
#define VMSCOPE_PERM_EXEC	(1U << 2)
#define VMSCOPE_PERM_SHARED	(1U << 3)

/* struct vmscope_vma.bits */
#define VMSCOPE_VMA_COUNTED	(1U << 0)	/* present .. zero are valid */
#define VMSCOPE_VMA_MAPCOUNT_EXACT (1U << 1)	/* shared and exclusive are exact */

/**
 * struct vmscope_vma - one VMA and what its page tables hold
 * @start: first address
 * @end: first address after it
 * @offset: bytes into the mapped file
 * @inode: of the mapped file, 0 where none
 * @dev_major: device of the mapped file
 * @dev_minor: likewise
 * @perms: VMSCOPE_PERM_*
 * @bits: VMSCOPE_VMA_*
 * @present: base pages present or protnone
 * @swap: base pages in swap
 * @shared: present ones whose frame is mapped more than once
 * @exclusive: present ones whose frame is mapped once, here
 * @anon: present ones whose frame is anonymous
 * @file_pages: present ones whose frame is page cache (shmem too)
 * @huge: present ones mapped by a leaf above the PTE level
 * @dirty: present ones whose entry is dirty
 * @accessed: present ones whose entry is accessed
 * @zero: present ones that map a zero page
 * @mapcount: map counts of the shared and the exclusive ones, added up
 * @pss: bytes of the shared and the exclusive ones, each divided by its map count,
 *	as Pss of smaps: hugetlb pages are left out
 */
struct vmscope_vma {
	__u64 start;
	__u64 end;
	__u64 offset;
	__u64 inode;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 perms;
	__u32 bits;
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
};

/**
 * struct vmscope_stats - what answering cost the target
 * @hold_max_ns: longest single hold of the target's mmap lock (for reading)
 * @hold_total_ns: all holds together
 * @irqs_off_max_ns: longest stretch with interrupts off
 * @holds: how many times the mmap lock was taken
 * @retries: entries read again because they changed, or were locked, meanwhile
 * @interrupted: parts before which the address space was found changed
 * @pad: zero
 */
struct vmscope_stats {
	__u64 hold_max_ns;
	__u64 hold_total_ns;
	__u64 irqs_off_max_ns;
	__u64 holds;
	__u64 retries;
	__u32 interrupted;
	__u32 pad;
};

/* struct vmscope_info.can */
#define VMSCOPE_CAN_MAPCOUNT	(1U << 0)	/* map counts are exact */
#define VMSCOPE_CAN_SOFT_DIRTY	(1U << 1)
#define VMSCOPE_CAN_UFFD_WP	(1U << 2)
#define VMSCOPE_CAN_GUARD	(1U << 3)	/* the kernel has guard markers */
#define VMSCOPE_CAN_PTI		(1U << 4)	/* page-table isolation is on */

/* struct vmscope_info.bits */
#define VMSCOPE_INFO_UNTESTED	(1U << 0)	/* the suite has not passed on a
						 * kernel of this version
						 */

/**
 * struct vmscope_info - what the module is and runs on
 * @abi: VMSCOPE_ABI of the module
 * @can: VMSCOPE_CAN_*
 * @levels: levels of the page-table tree in use, 4 or 5
 * @page_shift: log2 of the base page size
 * @va_bits: bits of a virtual address that are translated
 * @pa_bits: bits of a physical address that an entry can hold
 * @attach_max: processes that debugfs keeps attached at once
 * @bits: VMSCOPE_INFO_*
 * @arch: "x86_64"
 * @version: VMSCOPE_VERSION of the module
 */
struct vmscope_info {
	__u32 abi;
	__u32 can;
	__u32 levels;
	__u32 page_shift;
	__u32 va_bits;
	__u32 pa_bits;
	__u32 attach_max;
	__u32 bits;
	char arch[16];
	char version[16];
};

/*
 * Errors that mean something of our own: errno and the words for it, the same
 * whichever way in was taken. Use: VMSCOPE_ERRORS(X) with X(errno, text).
 */
#define VMSCOPE_ERRORS(X) \
	X(ESRCH, "no such process") \
	X(ENXIO, "the process has exited and waits to be reaped") \
	X(EOPNOTSUPP, "a kernel thread has no user address space") \
	X(ESTALE, "the process exited or called exec meanwhile") \
	X(EDOM, "not a canonical address") \
	X(ERANGE, "outside the user address space") \
	X(E2BIG, "no physical address has so many bits") \
	X(EINVAL, "malformed request") \
	X(EPERM, "needs CAP_SYS_ADMIN in the initial user namespace") \
	X(EAGAIN, "the entry kept changing") \
	X(EBUSY, "somebody keeps its memory map or page tables locked") \
	X(EEXIST, "already attached") \
	X(ENOENT, "not attached") \
	X(EUSERS, "too many processes attached")

#endif /* _UAPI_VMSCOPE_H */
