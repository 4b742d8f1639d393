#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""brute PID... - what processes have in common, the slow way.

Reads the processes' maps and pagemap, kpageflags and kpagecount, one page after
the other, and prints what `vmscope --json shared` should have to say of it, as
JSON: processes, pairs, files. Knows nothing of vmscope.
"""
import json
import os
import struct
import sys

PAGE = 4096
PRESENT, FRAME = 1 << 63, (1 << 55) - 1
HUGE, ZERO, NOPAGE = 1 << 17, 1 << 24, 1 << 20


def word(fd, index):
    data = os.pread(fd, 8, index * 8)
    return struct.unpack("Q", data)[0] if len(data) == 8 else None


def vmas(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            span, _, _, _, _, *name = line.split(None, 5)
            start, end = (int(a, 16) for a in span.split("-"))
            name = name[0].rstrip("\n") if name else "[anon]"
            if start < 1 << 63:
                yield start, end, name


class Machine:
    def __init__(self):
        self.flags = os.open("/proc/kpageflags", os.O_RDONLY)
        self.counts = os.open("/proc/kpagecount", os.O_RDONLY)

    def pages(self, pid):
        """Each page with a frame that is not the zero page: name, PFN."""
        pagemap = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
        for start, end, name in vmas(pid):
            data = os.pread(pagemap, (end - start) // PAGE * 8, start // PAGE * 8)
            for (entry,) in struct.iter_unpack("Q", data):
                pfn = entry & FRAME
                if entry & PRESENT and not word(self.flags, pfn) & ZERO:
                    yield name, pfn
        os.close(pagemap)

    def usage(self, pages):
        rss = pss = uss = 0
        for _, pfn in pages:
            if word(self.flags, pfn) & (HUGE | NOPAGE):
                continue
            count = word(self.counts, pfn)
            rss += 1
            uss += count < 2
            pss += (PAGE << 12) // max(count, 1)
        return {"rss": rss * PAGE, "pss": pss >> 12, "uss": uss * PAGE}


def main(pids):
    machine = Machine()
    found = {pid: list(machine.pages(pid)) for pid in pids}
    frames = {pid: {pfn for _, pfn in pages} for pid, pages in found.items()}
    common = set.intersection(*frames.values())
    files = {}
    for pages in found.values():
        for name, pfn in pages:
            files.setdefault(name, []).append(pfn)
    print(json.dumps({
        "processes": [
            {"pid": pid, "present": len(pages), **machine.usage(pages)}
            for pid, pages in found.items()],
        "pairs": [
            {"a": a, "b": b, "pages": len(frames[a] & frames[b])}
            for i, a in enumerate(pids) for b in pids[i + 1:]],
        "files": sorted([
            {"file": name, "pages": len(pfns), "frames": len(set(pfns)),
             "shared_by_all": len(set(pfns) & common),
             "saved_bytes": (len(pfns) - len(set(pfns))) * PAGE}
            for name, pfns in files.items()], key=lambda f: f["file"]),
    }))


main([int(pid) for pid in sys.argv[1:]])
