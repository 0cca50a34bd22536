#!/usr/bin/env python3
"""Makes docs/trust.md from the tests themselves: which prove what, and the figures they left in BUILD/figures.

write_trust_table.py BUILD          writes docs/trust.md
write_trust_table.py BUILD --check  only looks whether every promise and every trap has a test
"""
import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Promise: what it says, and patterns of the names of the tests that prove it, as `ctest -N` shows them.
PROMISES = {
    "P1": ("No silent loss: complete means that every row is there",
           [r"Simulation\..*", r"fault-matrix", r"fault-matrix-tables", r"Both/MovingTables\..*", r"Trap1[01]\..*"]),
    "P2": ("Files are made exactly once: after a crash the bytes are those of an undisturbed run",
           [r"kill", r"Simulation\.Reads.*", r"fault-matrix", r"Every/Sinks\.AreFilledExactlyOnce.*", r"VeryManyLists\.Are(ReadOnce|TheSame).*"]),
    "P3": ("Tables are made exactly once: rows and checkpoint in one transaction",
           [r"fault-matrix-tables", r"Every/Sinks\.AreFilledExactlyOnce.*", r"Both/Commits\..*", r"Both/RandomRuns\..*"]),
    "P4": ("The checkpoint is never ahead of the data", [r"Every/Sinks\.HaveACheckpoint.*", r"Trap23\..*", r"Checkpoints\..*"]),
    "P5": ("Never above a limit in any rolling window", [r"Trap15\..*", r"Limiter\.Never.*", r"Ledger.*"]),
    "P6": ("Memory does not grow with the history", [r"memory"]),
    "P7": ("The key leaves the process only in its header, to the pinned host",
           [r"Trap2[46]\..*", r"CurlTransportTest\..*Key.*", r"CurlMediaTransport\.SendsNoKey.*", r"Redaction\.HidesTheKey.*"]),
    "P8": ("No file is visible unless it is whole", [r"kill", r"fault-matrix", r"FolderSink\.NamesAFile.*", r"AtomicFile\..*"]),
    "P9": ("An unknown or changed field never stops a run or loses data",
           [r"Trap14\..*", r"fault-matrix", r"fault-matrix-tables", r"PageDecoder\.CountsFields.*", r"Drift\..*"]),
    "P10": ("Same input, same options, same bytes, on any number of jobs", [r"Every/Sinks\.ShowTheSame.*", r"values", r"kill", r"Simulation\.Reads.*"]),
    "P11": ("Every exit other than 0 has a code, a cause and a next step", [r"ExitCode\..*", r"run"]),
}

TRAPS = {
    1: "No dates sent: the API answers seven days", 2: "A watermark cut to a UTC date loses evenings",
    3: "Fields left out of the request: columns missing", 4: "A page size below 250",
    5: "A window with a start and no end", 6: "A misspelt parameter is silently ignored",
    7: "One second added to the bookmark, or its offset dropped", 8: "The envelope differs from the endpoint's name",
    9: "Only the first account, or the first company", 10: "A row hidden between two pages takes a neighbour along",
    11: "A row that arrives between two pages comes twice", 12: "Companies and trackers are disabled, not deleted",
    13: "A range beyond 25 months is refused whole", 14: "A known column turns null, an id changes its form",
    15: "429 without Retry-After; limits per hour and day", 16: "Both dates are inclusive: overlap or gap",
    17: "A schema sampled from an empty account", 18: "403 on one endpoint blocks all",
    19: "An array, HTML or nothing where an object is expected", 20: "Zone names without daylight saving; the hour that exists twice",
    21: "404 on a child, 404 on the first page", 22: "A page cap reached, reported as success",
    23: "The checkpoint stored before the rows", 24: "The key, or secrets of the data, in logs and files",
    25: "The same first page again and again", 26: "next_page pointing to another host", 27: "An edit days after the call",
    28: "A body cut short, a length that lies, a gzip bomb", 29: "Two runs into one folder", 30: "The clock jumps",
}

# What has no test yet because what it tests is not built yet. Whoever builds it takes the line out.
WAITING = {}

# Figure: the files that may hold it, the long form first.
FIGURES = {
    "cells of the fault matrix into files": ["fault matrix cells"],
    "into SQLite": ["fault matrix cells SQLite", "fault matrix cells SQLite in ctest"],
    "into PostgreSQL": ["fault matrix cells PostgreSQL", "fault matrix cells PostgreSQL in ctest"],
    "kills of a process that writes files, byte-identical afterwards": ["kills", "kills in ctest"],
    "of one that writes into SQLite, at a call to the disk": ["kills SQLite", "kills SQLite in ctest"],
    "of one that writes into PostgreSQL": ["kills PostgreSQL", "kills PostgreSQL in ctest"],
    "deaths between two statements to SQLite": ["kills at a statement SQLite", "kills at a statement SQLite in ctest"],
    "to PostgreSQL": ["kills at a statement PostgreSQL", "kills at a statement PostgreSQL in ctest"],
    "simulation seeds": ["simulation seeds", "simulation seeds in ctest"],
    "rows judged in them": ["simulation rows judged"],
    "processes ended early in them": ["simulation processes ended early"],
    "undetected losses in them": ["simulation undetected losses"],
    "rows written twice in them": ["simulation doubles"],
    "fuzz executions, all targets": ["fuzz executions *"],
    "malformed pages among them": ["fuzz executions page"],
    "peak memory of a run in kB": ["peak memory in kB"],
    "peak memory of a run into SQLite in kB": ["peak memory with SQLite in kB"],
    "peak memory of a run into PostgreSQL in kB": ["peak memory with PostgreSQL in kB"],
}


def tests(build):
    listed = subprocess.run(["ctest", "-N", "--test-dir", str(build)], capture_output=True, text=True, check=True).stdout
    return [name.strip() for name in re.findall(r"^\s*Test\s+#\d+: (.*)$", listed, re.M)]


def matching(names, pattern):
    # A parameterized test is listed with its parameter behind it, which says nothing here.
    return sorted({re.sub(r"(/[^. ]*)?\s+#.*$", "", name) for name in names if re.fullmatch(pattern + r"(/.*|\s+#.*)?", name)})


def shown(found):
    by_suite = {}
    for name in found:
        suite, _, test = name.partition(".")
        by_suite.setdefault(suite, []).append(test)
    return "; ".join(f"`{suite}`" if tests == [""] else f"`{suite}.{tests[0]}`" if len(tests) == 1
                     else f"`{suite}` ({len(tests)} tests)" for suite, tests in by_suite.items())


def figure(build, files):
    for name in files:
        paths = list((build / "figures").glob(f"{name}.txt"))
        if paths:
            return f"{sum(int(path.read_text()) for path in paths):,}"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    arguments = arguments.parse_args()
    names = tests(arguments.build)
    promises = {p: sorted({n for pattern in patterns for n in matching(names, pattern)}) for p, (_, patterns) in PROMISES.items()}
    traps = {n: matching(names, rf"Trap{n:02}\..*") for n in TRAPS}

    wrong = [f"{what} has no test" for what, found in (promises | traps).items() if not found and what not in WAITING]
    wrong += [f"{what} has tests by now: take it out of WAITING" for what, found in (promises | traps).items()
              if found and what in WAITING]
    if arguments.check:
        print("\n".join(wrong) or f"ok: {sum(map(len, traps.values()))} tests for {len(TRAPS)} traps; still waiting: "
              + (", ".join(f"{what} for {why}" for what, why in WAITING.items()) or "nothing"))
        return 1 if wrong else 0

    lines = ["# Trust", "", "What this tool promises, and the tests that prove it. Made by `tests/trust/write_trust_table.py`; "
             "`ctest -L trust` runs most of them.", "", "| | promise | proof |", "|---|---|---|"]
    lines += [f"| {p} | {words} | {shown(promises[p]) or 'waits for ' + WAITING.get(p, '?')} |" for p, (words, _) in PROMISES.items()]
    lines += ["", "## Traps", "", "Faults seen in public clients of the API, or promised by its habits.", "", "| | trap | test |", "|---|---|---|"]
    lines += [f"| {n} | {words} | {'<br>'.join(f'`{t}`' for t in traps[n]) or 'waits for ' + WAITING.get(n, '?')} |"
              for n, words in TRAPS.items()]
    lines += ["", "## Figures", "", "Left behind by the tests that ran last: `ctest -L trust`, `scripts/simulate.sh`, `scripts/kill.sh`.", "",
              "| what | number |", "|---|---|"]
    lines += [f"| {what} | {number} |" for what, files in FIGURES.items() if (number := figure(arguments.build, files)) is not None]
    (ROOT / "docs/trust.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
