#!/usr/bin/env python3
"""Pages of calls in files to one CSV: what users run today against us, in whole processes.

compare.py BUILD [--megabytes N] [--fields all,12] [--rounds N] [--variant NAME] [--only NAME…] [--also NAME=COMMAND] [--json FILE]

BUILD is a build folder with bench/ in it. Each contender is a process that writes to a file in memory where there is a tmpfs.
Before anything counts, its CSV has to have all rows, and where the format allows it the same cells as ours. Then all of them run
in turn, and the smallest processor time, wall time and peak memory of each count. A contender that is not installed is skipped
with a line. --also adds one: in COMMAND {fields} {files} {folder} stand for what they say; it has to make the same cells.
"""
import argparse
import csv
import importlib.util
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TWELVE = ("answered,customer_name,customer_phone_number,direction,duration,id,start_time,tracking_phone_number,company_name,"
          "lead_status,source,value")


class Contender:
    def __init__(self, name, command, missing=None, cells=True):
        self.name = name
        self.command = command
        self.missing = missing  # why it cannot take part
        self.cells = cells      # whether its cells are compared, not only the rows counted
        self.best = None


def module_exists(name):
    return importlib.util.find_spec(name) is not None


def contenders(build, fields, folder, files, also):
    python = sys.executable
    jq_fields = ", ".join(f'(.{name} | if type == "object" or type == "array" then tojson else . end)' for name in fields)
    names = ",".join(fields)
    duckdb = module_exists("duckdb") or os.environ.get("CALLRAIL_BENCH_DUCKDB")
    found = [
        Contender("cat", ["cat", *files], cells=None),
        Contender("ours", [str(build / "bench/whole_process/bench-pages-to-csv"), "--fields", names, *files]),
        Contender("csv.DictWriter", [python, str(HERE / "via_dictwriter.py"), names, *files]),
        # Nested objects become columns, so there is no cell to compare.
        Contender("pandas", [python, str(HERE / "via_pandas.py"), names if len(fields) < 20 else "all", *files], cells=False,
                  missing=None if module_exists("pandas") else "python3-pandas"),
        Contender("jq @csv", ["jq", "-r", f".calls[] | [{jq_fields}] | @csv", *files], missing=None if shutil.which("jq") else "jq"),
        # Nested values are spelled as DuckDB's own structs.
        Contender("duckdb", [python, str(HERE / "via_duckdb.py"), names, str(folder)], cells=False,
                  missing=None if duckdb else "DuckDB: the Python module, or its library in CALLRAIL_BENCH_DUCKDB"),
    ]
    for definition in also:
        name, command = definition.split("=", 1)
        words = [w for word in shlex.split(command)
                 for w in (files if word == "{files}" else [word.replace("{fields}", names).replace("{folder}", str(folder))])]
        found.append(Contender(name, words))
    return found


def run(build, contender, out):
    """Processor seconds, wall seconds, peak KiB."""
    process = subprocess.run([build / "bench/whole_process/bench-run-one", out, *contender.command], stdout=subprocess.PIPE, text=True,
                             check=False)
    if process.returncode != 0:
        sys.exit(f"compare: {contender.name} ended with {process.returncode}")
    return tuple(float(word) for word in process.stdout.split())


def rows_of(path, has_header):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        if has_header:
            next(reader)
        yield from reader


def same(cell, other):
    """Whether two cells say the same: numbers and nested values may be spelled differently, and true is True in Python."""
    if cell == other or cell == other.lower():
        return True
    try:
        return float(cell) == float(other)
    except ValueError:
        pass
    try:
        return json.loads(cell) == json.loads(other)
    except ValueError:
        return False


def check(contender, out, truth, fields, rows):
    if contender.cells is None:
        return
    has_header = contender.name != "jq @csv"
    count = 0
    expected = rows_of(truth, True) if contender.cells else None
    for row in rows_of(out, has_header):
        count += 1
        if not contender.cells:
            continue
        for name, cell, other in zip(fields, next(expected, []), row, strict=True):
            if not same(cell, other):
                sys.exit(f"compare: {contender.name}: row {count}, {name}: {other[:60]!r} instead of {cell[:60]!r}")
    if count != rows:
        sys.exit(f"compare: {contender.name}: {count} rows instead of {rows}")


def compare(build, what, files, folder, scratch, options):
    rows, fields = 0, []
    for path in files:
        with open(path, encoding="utf-8") as file:
            for row in json.load(file)["calls"]:
                rows += 1
                if what == "all" and rows <= 250:
                    fields += [name for name in row if name not in fields]
    if what == "12":
        fields = TWELVE.split(",")
    chosen = []
    for contender in contenders(build, fields, folder, files, options.also):
        if options.only and contender.name not in ("ours", *options.only):
            continue
        if contender.missing:
            print(f"{contender.name}: skipped, not installed: {contender.missing}")
            continue
        chosen.append(contender)
    truth, out = scratch / "ours.csv", scratch / "out.csv"
    run(build, next(c for c in chosen if c.name == "ours"), truth)
    for contender in chosen:
        run(build, contender, out)
        check(contender, out, truth, fields, rows)
    for _ in range(options.rounds):
        for contender in chosen:
            measured = run(build, contender, out)
            contender.best = tuple(map(min, contender.best or measured, measured))
    out.unlink()
    truth.unlink()
    ours = next(c for c in chosen if c.name == "ours").best
    megabytes = sum(os.path.getsize(path) for path in files) / 1e6
    print(f"\n{what} fields ({len(fields)}), {rows} rows, {megabytes:.1f} MB of {options.variant} pages, best of {options.rounds}")
    print(f"{'':16}{'CPU s':>9}{'wall s':>9}{'MiB':>8}{'CPU / ours':>12}{'wall / ours':>13}")
    result = []
    for contender in chosen:
        cpu, wall, memory = contender.best
        print(f"{contender.name:16}{cpu:9.3f}{wall:9.3f}{memory / 1024:8.1f}{cpu / ours[0]:12.2f}{wall / ours[1]:13.2f}")
        result.append({"name": contender.name, "cpu_seconds": cpu, "wall_seconds": wall, "peak_kib": memory,
                       "cpu_of_ours": cpu / ours[0], "wall_of_ours": wall / ours[1]})
    return {"fields": what, "rows": rows, "megabytes": megabytes, "variant": options.variant, "contenders": result}


def scratch_root(need):
    """A tmpfs with room, or the usual place."""
    shared = pathlib.Path("/dev/shm")
    if shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > need:
        return str(shared)
    print("no room in a tmpfs: the files go to disk")
    return None


def main():
    parser = argparse.ArgumentParser(description="Whole processes, pages in files to CSV, against what users run today")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fields", default="all,12")
    parser.add_argument("--variant", default="full")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--also", action="append", default=[])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=scratch_root(options.megabytes * 5e6)) as name:
        scratch = pathlib.Path(name)
        folder = scratch / "pages"
        subprocess.run([options.build / "bench/data/bench-pages", "--variant", options.variant, "--megabytes",
                        str(options.megabytes), "--write", folder], check=True)
        files = sorted(str(path) for path in folder.iterdir())
        results = [compare(options.build, what, files, folder, scratch, options) for what in options.fields.split(",")]
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
