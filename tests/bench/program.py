# SPDX-License-Identifier: GPL-2.0
"""A real interpreter: modules of all kinds, and objects of its own."""
import asyncio  # noqa: F401
import decimal  # noqa: F401
import email  # noqa: F401
import http.client  # noqa: F401
import json
import sqlite3  # noqa: F401
import sys
import unittest  # noqa: F401

kept = [str(i) * 20 for i in range(100000)]
table = {i: json.dumps([i, kept[i]]) for i in range(50000)}
print(0, 0, flush=True)
sys.stdin.read()
