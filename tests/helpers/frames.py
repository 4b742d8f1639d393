#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# frames.py TRANSPORT - what vmscope says of frames all over the memory, held
# against /proc/kpageflags, kpagecount and kpagecgroup. What these say before and
# after must be the same to count.
#
# Some frames are known for what they are: they must have been seen, as that. With a
# huge page, its head, its order and its place in its file are known, too.
#
# Prints how many of each kind; status 1 where something differs.
import collections
import ctypes
import json
import mmap
import os
import random
import struct
import subprocess
import sys

FILES = {"kpageflags": "/proc/kpageflags", "mapcount": "/proc/kpagecount",
         "memcg_inode": "/proc/kpagecgroup"}
NOPAGE, BUDDY, SLAB, PGTABLE, HUGE, ZERO = 20, 10, 7, 26, 17, 24
LRU, ANON, KSM, THP = 5, 12, 21, 22
UPTODATE, MMAP, SWAPBACKED, COMPOUND_HEAD, COMPOUND_TAIL = 3, 11, 14, 15, 16
ONE_PIECE = sum(1 << bit for bit in (LRU, UPTODATE, MMAP, SWAPBACKED, PGTABLE,
                                     COMPOUND_HEAD, COMPOUND_TAIL))

# What a PC has at some places, and nobody anywhere else; the local APIC, where the
# kernel has a name for it.
with open("/proc/iomem") as iomem:
    FIXED = {0: "reserved", 1 << 32: "nothing",
             0xfee00: "device" if "Local APIC" in iomem.read() else "nothing"}

# Of these kinds there are always some.
KINDS = {"anon", "device", "file", "free", "kernel", "nothing", "pgtable",
         "reserved", "shmem", "slab"}

PAGE, HUGE_PAGE = 4096, 2 << 20
KERNEL = tuple(map(int, os.uname().release.split(".")[:2]))
MAP_HUGETLB = 0x40000


GROUP = "/sys/fs/cgroup/frames"


def join_group():
    """What is allocated from here on is paid for by a cgroup, also in the kernel."""
    with open("/sys/fs/cgroup/cgroup.subtree_control", "w") as f:
        f.write("+memory")
    os.makedirs(GROUP, exist_ok=True)
    with open(f"{GROUP}/cgroup.procs", "w") as f:
        f.write(str(os.getpid()))
    return os.stat(GROUP).st_ino


def fill_pipes():
    """Pages that are part of no folio, some of which the sample will meet."""
    pipes = [os.pipe() for _ in range(400)]
    for _, end in pipes:
        os.write(end, bytes(16 * PAGE))
    return pipes


def frame_of(mapping):
    """The frame of its first page."""
    with open("/proc/self/pagemap", "rb", buffering=0) as f:
        f.seek(ctypes.addressof(ctypes.c_char.from_buffer(mapping)) // PAGE * 8)
        return struct.unpack("Q", f.read(8))[0] & ((1 << 55) - 1)


def not_believed():
    """Linux 6.12 calls all anonymous pages merged: flags that say nothing."""
    page = mmap.mmap(-1, PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    page[0] = 1
    with open(FILES["kpageflags"], "rb", buffering=0) as f:
        f.seek(frame_of(page) * 8)
        return struct.unpack("Q", f.read(8))[0] & 1 << KSM


def look(pfns):
    said = {}
    ignored = not_believed()
    for key, path in FILES.items():
        with open(path, "rb", buffering=0) as f:
            for pfn in pfns:
                f.seek(pfn * 8)
                data = f.read(8)
                said[pfn, key] = struct.unpack("Q", data)[0] if data else None
                if key == "kpageflags" and data:
                    # Of a slab it looks for a mapping where there is something else.
                    slab = said[pfn, key] & 1 << SLAB
                    said[pfn, key] &= ~(1 << ANON | 1 << KSM | 1 << THP if slab else ignored)
    return said


def kinds_allowed(word):
    """What a frame with these flags may be called."""
    if word is None or word & (1 << NOPAGE):
        return {"nothing", "device", "offline"}
    for bit, kind in ((BUDDY, "free"), (SLAB, "slab"), (PGTABLE, "pgtable"),
                      (HUGE, "hugetlb"), (KSM, "ksm"), (ZERO, "zero")):
        if word & (1 << bit):
            return {kind, "huge-zero"} if kind == "zero" else {kind}
    if word & (1 << ANON):
        return {"anon"}
    if word & (1 << LRU):
        return {"file", "shmem"}
    # Linux 7.2 has no flags at all where there is no page.
    return ({"free", "reserved", "kernel", "file", "shmem", "offline"} |
            ({"nothing", "device"} if word == 0 else set()))


def ask(transport, pfns):
    out = subprocess.run(["vmscope", "--transport", transport, "--json",
                          "frame", *map(str, pfns)], check=True,
                         stdout=subprocess.PIPE).stdout
    frames = json.loads(out)["frame"]
    assert [f["pfn"] for f in frames] == pfns
    return frames


def differences(f, before, after):
    """What is wrong with one answer, and how many numbers were compared."""
    pfn, wrong, compared = f["pfn"], [], 0
    word = before[pfn, "kpageflags"]
    # While it asks, vmscope maps frames too, which nobody else sees.
    # The huge zero page while nobody maps it: nothing that a module can see
    # tells it from other kernel memory.
    if f["kind"] == "kernel" and (word or 0) & (1 << ZERO) and f["order"] == 9:
        return wrong, compared
    if (word != after[pfn, "kpageflags"] or
            any(o["comm"] == "vmscope" for o in f["owners"])):
        return wrong, compared
    # Nor is what the kernel takes for the answer itself, the same place each time.
    if ((word or 0) & ~(1 << BUDDY) == 0 and f["kind"] in ("kernel", "slab") and
            int(f["kpageflags"], 16) & (1 << COMPOUND_HEAD | 1 << COMPOUND_TAIL | 1 << SLAB)):
        return wrong, compared
    if f["kind"] not in kinds_allowed(word):
        wrong.append(f"frame {pfn}: {f['kind']}, flags {word and hex(word)}")
    for key in FILES:
        if before[pfn, key] != after[pfn, key] or "kpageflags" not in f:
            continue
        ours = f.get(key, 0)
        ours = int(ours, 16) if isinstance(ours, str) else ours
        # Linux 6.1 looks for the cgroup in the frame itself, not in its head.
        if key == "memcg_inode" and f["head_pfn"] != pfn and not before[pfn, key]:
            continue
        # Since Linux 6.15 it does not touch what may be one of several pages that are no folio.
        if (key == "memcg_inode" and not ours and not (word or 0) & ONE_PIECE and
                KERNEL >= (6, 15)):
            continue
        compared += 1
        if ours != before[pfn, key]:
            wrong.append(f"frame {pfn}: {key} {ours}, /proc has {before[pfn, key]}")
    return wrong, compared


class Own:
    """Pages of this process, of which is known what they are."""

    def __init__(self):
        self.pages = []
        group = join_group()
        self.pipes = fill_pipes()
        anon = mmap.mmap(-1, 2 * HUGE_PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        anon.madvise(mmap.MADV_HUGEPAGE)
        huge = -self.address(anon) % HUGE_PAGE
        anon[huge:huge + HUGE_PAGE] = b"x" * HUGE_PAGE
        self.add(anon, huge + 37 * PAGE, kind="anon", order=9, memcg_inode=group)
        with open("/dev/shm/frames", "w+b") as f:
            os.unlink(f.name)
            f.truncate(8 * PAGE)
            stat = os.fstat(f.fileno())
            shmem = mmap.mmap(f.fileno(), 4 * PAGE, offset=3 * PAGE)
            shmem[2 * PAGE] = 1
            self.add(shmem, 2 * PAGE, kind="shmem", order=0, file_page=5, inode=stat.st_ino,
                     memcg_inode=group)
        # Where the kernel has its pages is not where a path in an overlay leads.
        with open(os.path.realpath(sys.executable), "rb") as f:
            text = mmap.mmap(f.fileno(), 4 * PAGE, mmap.MAP_PRIVATE,
                             mmap.PROT_READ | mmap.PROT_WRITE, offset=7 * PAGE)
            self.touched = text[3 * PAGE]
            self.add(text, 3 * PAGE, kind="file", file_page=10)
        try:
            pool = mmap.mmap(-1, HUGE_PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB)
            pool[0] = 1
            self.add(pool, 300 * PAGE, kind="hugetlb", order=9)
        except OSError as e:
            sys.exit(f"no huge page of the pool: {e}")

    @staticmethod
    def address(mapping):
        return ctypes.addressof(ctypes.c_char.from_buffer(mapping))

    def add(self, mapping, offset, **facts):
        self.pages.append((self.address(mapping) + offset, mapping, facts))

    def frame_at(self, address):
        with open("/proc/self/pagemap", "rb", buffering=0) as f:
            f.seek(address // PAGE * 8)
            entry = struct.unpack("Q", f.read(8))[0]
        return entry & ((1 << 55) - 1) if entry >> 63 else None

    def table(self):
        """The frame of a page table."""
        out = subprocess.run(["vmscope", "--json", "walk", str(os.getpid()), hex(self.pages[1][0])],
                             check=True, stdout=subprocess.PIPE).stdout
        return int(json.loads(out)["walk"][0]["levels"][-1]["entry_paddr"], 16) // PAGE

    def wrong(self, transport):
        """What is wrong with what is said of them; the kernel may move one meanwhile."""
        wrong = []
        for address, _, facts in self.pages:
            for _ in range(8):
                pfn = self.frame_at(address)
                f = ask(transport, [pfn])[0] if pfn else {}
                if pfn and self.frame_at(address) == pfn:
                    break
            if "order" in facts:
                facts["head_pfn"] = pfn & -(1 << facts["order"])
            if any(f.get(key) != value for key, value in facts.items()):
                wrong.append(f"frame {pfn} at {address:#x}: {facts}: {f}")
        return wrong


def sample(own):
    """Frames all over the memory, some of each sort, and those that are known."""
    random.seed(4711)
    with open("/proc/iomem") as f:
        ram = [[int(x, 16) >> 12 for x in line.split(" : ")[0].split("-")]
               for line in f if line.rstrip().endswith(": System RAM")]
    ram = [r for r in ram if r[1] - r[0] > 4096]
    # Most of the memory is free, or was never asked for: some of it will do.
    some = [random.randint(*random.choice(ram)) for _ in range(8000)]
    look_now = look(some)
    sorts = collections.defaultdict(list)
    for pfn in some:
        sorts[frozenset(kinds_allowed(look_now[pfn, "kpageflags"])),
              bool(look_now[pfn, "memcg_inode"])].append(pfn)
    todo = [pfn for sort in sorts.values() for pfn in sort[:60]]
    # The zero page, holes, device memory, far beyond the end.
    todo += [*FIXED, 1, 0x9f, 0xa0, 0xfd000, ram[-1][1] + 1, own.table()]
    todo += [own.frame_at(address) for address, _, _ in own.pages]
    return list(dict.fromkeys(pfn for pfn in todo if pfn is not None))


def main():
    own = Own()
    todo = sample(own)
    seen, compared, wrong = collections.Counter(), 0, []
    # The machine is alive: what differs every time is wrong.
    for _ in range(8):
        before = look(todo)
        frames = ask(sys.argv[1], todo)
        after = look(todo)
        wrong = []
        todo = []
        for f in frames:
            differ, n = differences(f, before, after)
            if f["kind"] != FIXED.get(f["pfn"], f["kind"]):
                differ.append(f"frame {f['pfn']:#x}: {f['kind']}, which it is not")
            wrong += differ
            if differ:
                todo.append(f["pfn"])
                continue
            compared += n
            seen[f["kind"]] += 1
        if not todo:
            break
    wrong += [f"no frame of kind {kind}" for kind in sorted(KINDS - set(seen))]
    wrong += own.wrong(sys.argv[1])
    print("\n".join(wrong), end="\n" if wrong else "")
    print(f"{compared} numbers compared, {len(wrong)} differ:",
          " ".join(f"{k}={n}" for k, n in sorted(seen.items())))
    return bool(wrong) or compared < 500


sys.exit(main())
