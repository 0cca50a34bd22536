#!/usr/bin/env python3
"""The comparison of whole processes: a contender with another answer stops it."""
import os
import pathlib
import subprocess
import sys
import unittest

BUILD = pathlib.Path(os.environ["CALLRAIL_BUILD"])
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "whole_process"
OURS = BUILD / "bench/whole_process/bench-pages-to-csv"


class Compare(unittest.TestCase):
    def compare(self, *arguments):
        return subprocess.run([sys.executable, FOLDER / "compare.py", BUILD, "--megabytes", "1", "--rounds", "1", *arguments],
                              capture_output=True, text=True, check=False)

    def test_names_everybody_it_measured_or_skipped(self):
        done = self.compare("--json", os.devnull)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("cat", "ours", "csv.DictWriter", "pandas", "jq @csv", "duckdb"):
            self.assertEqual(done.stdout.count(f"\n{name}"), 2, f"{name}: all fields and 12 in\n{done.stdout}")

    def test_compares_every_cell_with_what_pythons_own_reader_makes_of_the_pages(self):
        for variant in ("escaped", "nonascii", "shuffled", "pretty", "fake"):
            done = self.compare("--variant", variant, "--fields", "all", "--only", "csv.DictWriter")
            self.assertEqual(done.returncode, 0, f"{variant}: {done.stderr}")

    def test_refuses_a_lost_row(self):
        done = self.compare("--only", "thief", "--fields", "12", "--also", f"thief=sh -c '{OURS} \"$@\" | head -n -1' sh --fields {{fields}} {{files}}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("compare: thief: ", done.stderr)

    def test_refuses_another_cell_and_names_it(self):
        done = self.compare("--only", "liar", "--fields", "12",
                            "--also", f"liar=sh -c '{OURS} \"$@\" | sed 3s/bound/turned/' sh --fields {{fields}} {{files}}")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"liar: row 2, direction: '(in|out)turned' instead of '\1bound'")

    def test_refuses_a_contender_that_fails(self):
        done = self.compare("--only", "broken", "--fields", "12", "--also", "broken=false")
        self.assertEqual(done.returncode, 1)
        self.assertIn("compare: broken ended with 1", done.stderr)


if __name__ == "__main__":
    unittest.main()
