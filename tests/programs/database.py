# SPDX-License-Identifier: GPL-2.0
"""SQLite under load: its file mapped, its log, a cache of its own, two threads."""
import random
import sqlite3
import sys
import threading

path = sys.argv[1]


def connect():
    db = sqlite3.connect(path, timeout=60)
    db.execute("PRAGMA mmap_size = 67108864")
    db.execute("PRAGMA cache_size = 500")
    return db


def read():
    db = connect()
    while True:
        db.execute("SELECT count(*), max(length(b)) FROM t WHERE a % 7 = ?",
                   (random.randrange(7),)).fetchone()


def write():
    db = connect()
    while True:
        with db:
            for _ in range(200):
                db.execute("INSERT INTO t VALUES (?, ?)",
                           (random.randrange(1 << 30), "x" * random.randrange(500)))
            db.execute("DELETE FROM t WHERE a % 50 = ?", (random.randrange(50),))


first = connect()
first.execute("PRAGMA journal_mode = WAL")
first.execute("CREATE TABLE t (a INTEGER, b TEXT)")
first.execute("CREATE INDEX i ON t (a)")
first.commit()
threading.Thread(target=read, daemon=True).start()
write()
