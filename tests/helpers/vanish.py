#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""vanish VICTIM ARG... - kill VICTIM while `vmscope shared ARG...` is at work.

vmscope has chosen its processes and looked at the first one when it says what
that has cost. It is made to wait there, for its standard error is full; then
VICTIM, which comes later, is killed. Prints one line: exit status, processes,
skipped, and what was on standard error.
"""
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time


def wait_for(condition, what):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    sys.exit(f"vanish: {what}")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def main(victim, arguments):
    out, err = os.pipe()
    size = fcntl.fcntl(err, fcntl.F_GETPIPE_SZ)
    os.write(err, b"\n" * size)
    with tempfile.TemporaryFile() as answer:
        vmscope = subprocess.Popen(
            ["vmscope", "--json", "shared", "--stats", *arguments],
            stdout=answer, stderr=err)
        os.close(err)
        wait_for(lambda: "pipe" in read(f"/proc/{vmscope.pid}/wchan"), "it does not wait")
        os.kill(victim, signal.SIGKILL)
        # Its parent does not wait for it.
        wait_for(lambda: "\nState:\tZ" in read(f"/proc/{victim}/status") or
                 not os.path.exists(f"/proc/{victim}"), "it does not end")
        with os.fdopen(out) as pipe:
            said = [line for line in pipe.read().split("\n") if line and " stats: " not in line]
        status = vmscope.wait()
        answer.seek(0)
        text = answer.read()
        try:
            shared = json.loads(text)["shared"]
            print(status, len(shared["processes"]), shared["skipped"], *said)
        except (ValueError, KeyError):
            print(status, "-", "-", re.sub(r"\s+", " ", " ".join(said)))


main(int(sys.argv[1]), sys.argv[2:])
