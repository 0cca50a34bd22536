"""Files of columns: what another program reads in them, and that their bytes are the same however they came about."""
import decimal
import hashlib
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from harness import Case, main

NODE = os.environ.get("CALLRAIL_NODE")
READ = pathlib.Path(__file__).parent / "parquet" / "read.mjs"
ENDPOINTS = "calls,form_submissions,tags,trackers,users"
DATES = ("--start-date", "2026-01-01", "--end-date", "2026-02-28")
QUIET = ("--limits", "none", "--quiet", "--log-file", "none", "--no-env-file")


class Parquet(Case):
    def setUp(self):
        super().setUp()
        self.needs_parquet()

    def read(self, path):
        """The columns and rows of a file, as hyparquet has them."""
        if not NODE:
            self.skipTest("node is not installed: scripts/setup.sh --parquet")
        run = subprocess.run([NODE, READ, path], capture_output=True, text=True, timeout=60)
        if run.returncode == 77:
            self.skipTest(run.stdout.strip())
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout, parse_float=decimal.Decimal)

    def extract(self, fake, output, *options, endpoints=ENDPOINTS, file_format="parquet", **more):
        run = self.batch("-e", endpoints, "--format", file_format, "--output", output, *DATES, *QUIET, *options, fake=fake, **more)
        self.assert_exit(run, 0)

    def hashes(self, folder):
        return {name: hashlib.sha256((self.folder / folder / name).read_bytes()).hexdigest() for name in self.data_files(folder)}

    def same(self, value, sent, column, what):
        """Whether a column holds what a line of JSON has."""
        if sent is None:
            self.assertIsNone(value, what)
        elif column.startswith("INT64 TIMESTAMP"):
            self.assertRegex(value, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", what)
        elif column.startswith("INT64"):
            self.assertEqual(value, str(sent), what)
        elif "DECIMAL" in column:
            self.assertEqual(decimal.Decimal(value), decimal.Decimal(sent), what)
        elif isinstance(sent, (dict, list)):
            self.assertEqual(json.loads(value, parse_float=decimal.Decimal), sent, what)
        elif column == "BOOLEAN":
            self.assertIs(value, sent, what)
        else:
            self.assertIn(value, (str(sent), json.dumps(sent, ensure_ascii=False)), what)

    def test_holds_what_lines_of_json_hold(self):
        fake = self.fake("--rows", "calls=60,form_submissions=20,tags=10", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "columns")
        self.extract(fake, "lines", file_format="jsonl")
        self.assertEqual(self.data_files("columns"), sorted(f"{name}.parquet" for name in ENDPOINTS.split(",")))
        kinds = set()
        for name in ENDPOINTS.split(","):
            file = self.read(self.folder / "columns" / f"{name}.parquet")
            lines = [json.loads(line, parse_float=decimal.Decimal)
                     for line in (self.folder / "lines" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
            self.assertGreater(len(lines), 0, name)
            self.assertEqual(len(file["rows"]), len(lines), name)
            kinds.update(file["columns"].values())
            self.assertEqual(list(file["columns"])[-1], "_extra")
            for row, sent in zip(file["rows"], lines):
                self.assertLessEqual(sent.keys(), file["columns"].keys())
                for column, kind in file["columns"].items():
                    self.same(row[column], sent.get(column), kind, f"{name}.{column}: {sent}")
        self.assertLessEqual({"INT64 TIMESTAMP MICROS UTC", "BOOLEAN", "BYTE_ARRAY UTF8",
                              "FIXED_LEN_BYTE_ARRAY DECIMAL 38 18"}, kinds)

    def test_has_one_spelling_whatever_the_jobs_the_home_and_the_day(self):
        fake = self.fake("--rows", "calls=300,tags=40,form_submissions=30", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "one", "--jobs", "1", "--batch-size", "20")
        self.extract(fake, "eight", "--jobs", "8", "--batch-size", "20", HOME=None, TZ="Asia/Tokyo", LC_ALL="C")
        self.assertEqual(self.hashes("one"), self.hashes("eight"))
        self.assertEqual({path.name for path in (self.folder / "one").iterdir()}, set(self.data_files("one")) | {"_manifest.json"})

    def test_comes_out_of_a_recording_and_beside_a_database(self):
        fake = self.fake("--rows", "tags=40", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "first", "--record", "tags.rec", endpoints="tags")
        run = self.batch("replay", "tags.rec", "--format", "parquet", "--output", "again", "--log-file", "none")
        self.assert_exit(run, 0)
        self.assertEqual(self.hashes("first"), self.hashes("again"))
        run = self.batch("-e", "tags", "--format", "parquet", "--output", "both", "--output", "sqlite:tags.db", "--migrate",
                         *QUIET, fake=fake)
        self.assert_exit(run, 0)
        self.assertEqual(self.hashes("both"), self.hashes("first"))
        with sqlite3.connect(self.folder / "tags.db") as database:
            self.assertEqual(database.execute("SELECT count(*) FROM tags").fetchone(), (80,))

    def test_has_its_columns_also_without_rows(self):
        fake = self.fake("--rows", "tags=0", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "data", endpoints="tags")
        file = self.read(self.folder / "data/tags.parquet")
        self.assertEqual(file["rows"], [])
        self.assertIn("_extra", file["columns"])

    def test_spreads_objects_over_columns(self):
        fake = self.fake("--rows", "calls=10", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "data", "--nested", "flatten", endpoints="calls")
        self.assertTrue(any(name.endswith("_other") for name in self.read(self.folder / "data/calls.parquet")["columns"]))

    def test_is_verified_by_its_bytes_and_its_rows(self):
        fake = self.fake("--rows", "tags=12", "--now", "2026-03-01T12:00:00Z")
        self.extract(fake, "data", endpoints="tags")
        run = self.batch("verify", "data")
        self.assert_exit(run, 0)
        self.assertIn("tags.parquet: as written: 24 rows", run.stdout)
        manifest = self.folder / "data/_manifest.json"
        said = manifest.read_text()
        manifest.write_text(said.replace('"rows": 24,', '"rows": 25,'))
        run = self.batch("verify", "data")
        self.assert_exit(run, 1)
        self.assertIn("it has 24 rows, and 25 were written", run.stdout)
        # Without DuckDB the bytes are compared all the same.
        run = self.batch("verify", "data", CALLRAIL_DUCKDB="/nowhere/libduckdb.so")
        self.assert_exit(run, 0)
        manifest.write_text(said)
        with open(self.folder / "data/tags.parquet", "r+b") as file:
            file.seek(100)
            file.write(b"?")
        run = self.batch("verify", "data")
        self.assert_exit(run, 1)
        self.assertIn("tags.parquet: changed", run.stdout)
        (self.folder / "data/other.parquet").write_bytes(b"")
        self.assertIn("other.parquet: not in the manifest", self.batch("verify", "data").stdout)

    def test_asks_for_nothing_where_it_cannot_be_written(self):
        fake = self.fake("--rows", "tags=12")
        run = self.batch("-e", "tags", "--format", "parquet", *QUIET, fake=fake, CALLRAIL_DUCKDB="/nowhere/libduckdb.so")
        self.assert_exit(run, 2)
        self.assertIn("/nowhere/libduckdb.so", run.stderr)
        self.assertIn("scripts/setup.sh --parquet", run.stderr)
        self.assertEqual(fake.requests(), [])
        self.assertFalse((self.folder / "data").exists())
        run = self.batch("-e", "tags", "--format", "parquet", "--output", "-", *QUIET, fake=fake)
        self.assert_exit(run, 2)
        self.assertIn("is for folders", run.stderr)
        self.assertEqual(fake.requests(), [])


if __name__ == "__main__":
    main()
