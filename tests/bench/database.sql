-- SPDX-License-Identifier: GPL-2.0
-- A real database: a file that is mapped, two indexes, a page cache of 64M.
PRAGMA cache_size = -65536;
PRAGMA mmap_size = 268435456;
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
	INSERT INTO t SELECT i, hex(randomblob(40)), i * 7919 % 100003 FROM n;
CREATE INDEX x ON t (c);
CREATE INDEX y ON t (b);
SELECT '0 0' FROM (SELECT count(*), max(b) FROM t WHERE c % 3 = 1);
