# SPDX-License-Identifier: GPL-2.0
"""What bench printed -> a table, JSON, and what came of the goals.

report.py SAMPLES JSON
"""
import collections
import json
import statistics
import sys

# What, on which target, how often the second takes what the first takes, at
# least (or, with a limit from above, how much of it the first takes).
FASTER = [
    ("netlink", "dense", "pagemap", 1.0),
    ("debugfs", "dense", "pagemap", 1.0),
    ("netlink each", "dense", "pagemap", 0.5),
    ("debugfs each", "dense", "pagemap", 0.5),
    ("netlink", "dense", "pagemap+flags+count", 4),
    ("netlink each", "dense", "pagemap+flags+count", 4),
    ("vmscope pages", "dense", "page-types -p -L", 8),
    ("vmscope pages --each", "dense", "page-types -p -L", 8),
    ("vmscope maps", "dense", "page-types -p", 4),
    ("netlink", "sparse", "pagemap", 1000),
    ("netlink", "sparse", "PAGEMAP_SCAN", 8),
    ("1000 walks", "dense", "1000 preads of pagemap", 1 / 1.5),
    ("1000 walks", "sparse", "1000 preads of pagemap", 1 / 1.5),
    ("1000 walks at once", "dense", "1000 walks", 5),
    ("1000 walks at once", "sparse", "1000 walks", 5),
]
CLIENT_KIB = 16 * 1024
DUMP_KIB = 256

COLUMNS = "%-28s %12s %12s %12s %3s %9s %9s %8s"


def read(path):
    """Samples by target and method, and facts by target and name."""
    samples = collections.defaultdict(lambda: collections.defaultdict(list))
    facts = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.rstrip("\n").split("\t")
            if words[0] == "sample":
                samples[words[1]][words[2]].append([int(w) for w in words[3:]])
            elif words[0] == "fact":
                facts[words[1]][words[2]] = int(words[3])
    return samples, facts


def summary(rows, clock):
    times = sorted(row[clock] for row in rows)
    return {
        "ns": statistics.median(times),
        "ns_min": times[0],
        "ns_max": times[-1],
        "rounds": len(times),
        "pages": rows[-1][2],
        "records": rows[-1][3],
        "rss_kib": rows[-1][4],
    }


def table(target, methods):
    print(f"\n{target}")
    print(COLUMNS % ("", "median us", "min", "max", "n", "pages", "records",
                     "RSS KiB"))
    for name, m in methods.items():
        print(COLUMNS % (name, *(f"{m[k] / 1000:.0f}" for k in
                                 ("ns", "ns_min", "ns_max")), m["rounds"],
                         *(m[k] or "-" for k in
                           ("pages", "records", "rss_kib"))))


def goals(results, facts):
    """Lines of (text, figure, limit, met)."""
    for ours, target, peer, limit in FASTER:
        methods = results.get(target, {})
        if ours in methods and peer in methods:
            ratio = methods[peer]["ns"] / methods[ours]["ns"]
            yield (f"{target}: {ours} against {peer}", ratio, limit,
                   ratio >= limit)
    for target, methods in results.items():
        for name, m in methods.items():
            if name.startswith("vmscope pages"):
                yield (f"{target}: {name}: KiB of memory", m["rss_kib"],
                       CLIENT_KIB, m["rss_kib"] <= CLIENT_KIB)
        kib = facts[target].get("debugfs dump KiB")
        if kib is not None:
            yield f"{target}: an open dump's KiB", kib, DUMP_KIB, kib <= DUMP_KIB


def main(path, out):
    samples, facts = read(path)
    # Where instructions are counted, other processes' do not count.
    clock = 1 if "instructions" in facts["machine"] else 0
    results = {t: {n: summary(r, clock) for n, r in methods.items()}
               for t, methods in samples.items()}
    for target, methods in results.items():
        table(target, methods)
    print("\n%-56s %9s %9s" % ("goals", "figure", "wanted"))
    judged = list(goals(results, facts))
    for text, figure, limit, met in judged:
        print("%-56s %9.2f %9.2f %s" % (text, figure, limit,
                                        "" if met else "MISSED"))
    with open(out, "w", encoding="utf-8") as f:
        json.dump({
            "machine": list(facts["machine"]),
            "targets": results,
            "goals": [{"goal": t, "figure": f, "wanted": w, "met": m}
                      for t, f, w, m in judged],
        }, f, indent=1)
        f.write("\n")


main(*sys.argv[1:])
