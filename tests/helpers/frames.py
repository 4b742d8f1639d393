#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# frames.py TRANSPORT - what vmscope says of frames all over the memory, held
# against /proc/kpageflags, kpagecount and kpagecgroup. What these say before and
# after must be the same to count.
#
# Prints how many of each kind; status 1 where something differs.
import collections
import json
import random
import struct
import subprocess
import sys

FILES = {"kpageflags": "/proc/kpageflags", "mapcount": "/proc/kpagecount",
         "memcg_inode": "/proc/kpagecgroup"}
NOPAGE, BUDDY, SLAB, PGTABLE, HUGE, ZERO = 20, 10, 7, 26, 17, 24
LRU, ANON, KSM = 5, 12, 21


def look(pfns):
    said = {}
    for key, path in FILES.items():
        with open(path, "rb", buffering=0) as f:
            for pfn in pfns:
                f.seek(pfn * 8)
                data = f.read(8)
                said[pfn, key] = struct.unpack("Q", data)[0] if data else None
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
    return {"free", "reserved", "kernel", "file", "shmem", "offline"}


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
    if f["kind"] not in kinds_allowed(word):
        wrong.append(f"frame {pfn}: {f['kind']}, flags {word and hex(word)}")
    for key in FILES:
        if before[pfn, key] != after[pfn, key] or "kpageflags" not in f:
            continue
        ours = f.get(key, 0)
        ours = int(ours, 16) if isinstance(ours, str) else ours
        compared += 1
        if ours != before[pfn, key]:
            wrong.append(f"frame {pfn}: {key} {ours}, /proc has {before[pfn, key]}")
    return wrong, compared


def main():
    random.seed(4711)
    with open("/proc/iomem") as f:
        ram = [[int(x, 16) >> 12 for x in line.split(" : ")[0].split("-")]
               for line in f if line.rstrip().endswith(": System RAM")]
    ram = [r for r in ram if r[1] - r[0] > 4096]
    # Most of the memory is free, or was never asked for: some of it will do.
    some = [random.randint(*random.choice(ram)) for _ in range(4000)]
    look_now = look(some)
    used = [p for p in some if (look_now[p, "kpageflags"] or 0) & ~(1 << BUDDY)]
    todo = used[:300] + some[:100]
    # The zero page, holes, device memory, far beyond the end.
    todo += [0, 1, 0x9f, 0xa0, 0xfd000, 0xfee00, ram[-1][1] + 1, 1 << 32]
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
            wrong += differ
            if differ:
                todo.append(f["pfn"])
                continue
            compared += n
            seen[f["kind"]] += 1
        if not todo:
            break
    print("\n".join(wrong), end="\n" if wrong else "")
    print(f"{compared} numbers compared, {len(wrong)} differ:",
          " ".join(f"{k}={n}" for k, n in sorted(seen.items())))
    return bool(wrong) or compared < 500


sys.exit(main())
