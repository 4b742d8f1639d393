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


def main():
    random.seed(4711)
    with open("/proc/iomem") as f:
        ram = [[int(x, 16) >> 12 for x in line.split(" : ")[0].split("-")]
               for line in f if line.rstrip().endswith(": System RAM")]
    pfns = [random.randint(*random.choice(ram)) for _ in range(400)]
    # The zero page, holes, device memory, far beyond the end.
    pfns += [0, 1, 0x9f, 0xa0, 0xfd000, 0xfee00, ram[-1][1] + 1, 1 << 32]
    before = look(pfns)
    out = subprocess.run(["vmscope", "--transport", sys.argv[1], "--json",
                          "frame", *map(str, pfns)], check=True,
                         stdout=subprocess.PIPE).stdout
    after = look(pfns)
    frames = json.loads(out)["frame"]
    assert [f["pfn"] for f in frames] == pfns
    seen, wrong, compared = collections.Counter(), 0, 0
    for f in frames:
        pfn = f["pfn"]
        seen[f["kind"]] += 1
        word = before[pfn, "kpageflags"]
        if word != after[pfn, "kpageflags"]:
            continue
        if f["kind"] not in kinds_allowed(word):
            print(f"frame {pfn}: {f['kind']}, flags {word and hex(word)}")
            wrong += 1
        for key in FILES:
            if before[pfn, key] != after[pfn, key] or "kpageflags" not in f:
                continue
            ours = f.get(key, 0)
            ours = int(ours, 16) if isinstance(ours, str) else ours
            compared += 1
            if ours != before[pfn, key]:
                print(f"frame {pfn}: {key} {ours}, /proc has {before[pfn, key]}")
                wrong += 1
    print(f"{len(pfns)} frames, {compared} numbers compared, {wrong} differ:",
          " ".join(f"{k}={n}" for k, n in sorted(seen.items())))
    return wrong > 0 or compared < 500


sys.exit(main())
