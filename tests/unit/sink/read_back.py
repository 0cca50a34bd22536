"""Reads the files of write_nasty_files with readers that share no code with us."""

import csv
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

COLUMNS = ["a", "b", "c", "d"]


def expected(folder, name):
    with open(f"{folder}/expected.{name}.txt", encoding="utf-8") as file:
        return json.load(file)


def same(place, got, want):
    if got != want:
        sys.exit(f"{place}: read {got!r}, written {want!r}")


def value_of(kind, text):
    return {"null": None, "text": text}[kind] if kind in ("null", "text") else json.loads(text)


def read_csv(folder):
    with open(f"{folder}/empty.csv", encoding="utf-8", newline="") as file:
        same("empty.csv", list(csv.reader(file)), [COLUMNS])
    csv.field_size_limit(1 << 30)
    with open(f"{folder}/things.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    same("header", rows[0], COLUMNS)
    want = [[text for _, text in row] for row in expected(folder, "things")]
    same("row count", len(rows) - 1, len(want))
    for number, (got, row) in enumerate(zip(rows[1:], want), 1):
        same(f"row {number}", got, row)


def read_json(folder):
    with open(f"{folder}/empty.json", encoding="utf-8") as file:
        same("empty.json", json.load(file), [])
    with open(f"{folder}/empty.jsonl", "rb") as file:
        same("empty.jsonl", file.read(), b"")
    want = [
        {name: value_of(*cell) for name, cell in zip(COLUMNS, row) if cell[0] != "absent"}
        for row in expected(folder, "things")
    ]
    with open(f"{folder}/things.json", encoding="utf-8", newline="") as file:
        same("things.json", json.load(file), want)
    with open(f"{folder}/things.jsonl", encoding="utf-8", newline="\n") as file:
        same("things.jsonl", [json.loads(line) for line in file], want)


def read_xml(folder):
    same("empty.xml", list(ElementTree.parse(f"{folder}/empty.xml").getroot()), [])
    root = ElementTree.parse(f"{folder}/things.xml").getroot()
    same("root", root.tag, "things")
    want = expected(folder, "things")
    same("row count", len(root), len(want))
    for number, (row, cells) in enumerate(zip(root, want), 1):
        for name, (kind, text) in zip(COLUMNS, cells):
            element = row.find(name)
            place = f"row {number} {name}"
            if kind == "absent":
                same(place, element, None)
            elif kind == "null":
                same(place, element.attrib, {"nil": "true"})
            elif kind == "json":
                same(place, element.attrib, {"type": "json"})
                same(place, json.loads(element.text), json.loads(text))
            elif element.attrib:
                same(place, element.attrib, {"type": "json-string"})
                same(place, json.loads(element.text), text)
            else:
                same(place, element.text or "", text)


def read_sqlite(folder, shell):
    script = f"""
CREATE TABLE things (a TEXT, b TEXT, c TEXT, d TEXT);
.import --csv --skip 1 "{folder}/without_nul.csv" things
.mode list
.separator "," "\\n"
SELECT hex(a), hex(b), hex(c), hex(d) FROM things ORDER BY rowid;
"""
    done = subprocess.run([shell, ":memory:"], input=script, text=True, capture_output=True)
    same("complaints of sqlite3", (done.returncode, done.stderr), (0, ""))
    want = expected(folder, "without_nul")
    rows = done.stdout.splitlines()
    same("row count", len(rows), len(want))
    for number, (got, row) in enumerate(zip(rows, want), 1):
        texts = [bytes.fromhex(field).decode("utf-8") for field in got.split(",")]
        same(f"row {number}", texts, [text for _, text in row])


if __name__ == "__main__":
    {"csv": read_csv, "json": read_json, "xml": read_xml, "sqlite": read_sqlite}[sys.argv[1]](*sys.argv[2:])
