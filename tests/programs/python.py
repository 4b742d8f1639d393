# SPDX-License-Identifier: GPL-2.0
"""An interpreter at work: memory of all sizes that comes and goes, and a child."""
import json
import mmap
import os
import random
import time

random.seed(1)
kept = []
region = mmap.mmap(-1, 16 << 20)
while True:
    kept.append([str(i) * (i % 50) for i in range(random.randrange(3000))])
    if len(kept) > 40:
        kept = random.sample(kept, 15)
    json.loads(json.dumps(kept[-1]))
    at = random.randrange(0, 16 << 20, 4096)
    region[at:at + 4096] = os.urandom(4096)
    if random.random() < 0.05:
        region.madvise(mmap.MADV_DONTNEED, 0, 1 << 20)
    if random.random() < 0.05:
        if os.fork() == 0:
            kept[0] = None
            time.sleep(0.2)
            os._exit(0)
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        pass
