#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# kcore.py PADDR... - the 64 bits at each physical address, as /proc/kcore has them.
import struct
import sys

LOAD, NOWHERE = 1, (1 << 64) - 1

with open("/proc/kcore", "rb", buffering=0) as f:
    header = f.read(64)
    at, size, n = struct.unpack_from("<Q", header, 32)[0], *struct.unpack_from("<HH", header, 54)
    f.seek(at)
    segments = [struct.unpack("<IIQQQQQQ", f.read(size)) for _ in range(n)]
    for paddr in (int(word, 0) for word in sys.argv[1:]):
        # type, flags, offset in the file, virtual, physical, length
        where = next(s[2] + paddr - s[4] for s in segments
                     if s[0] == LOAD and s[4] != NOWHERE and s[4] <= paddr < s[4] + s[5])
        f.seek(where)
        print(hex(struct.unpack("<Q", f.read(8))[0]))
