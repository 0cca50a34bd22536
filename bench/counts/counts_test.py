"""The counts are the same in every run, count something, and say what they were counted on."""
import json
import subprocess
import sys
import unittest

COUNTS = sys.argv.pop(1)


def counts(*words):
    return subprocess.run([COUNTS, *words], capture_output=True, text=True)


class Counts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run = counts()
        assert run.returncode == 0, run.stderr
        cls.text = run.stdout
        cls.data = json.loads(cls.text)
        cls.values = {c["name"]: c["value"] for c in cls.data["counts"]}

    def test_are_the_same_in_every_run(self):
        self.assertEqual(counts().stdout, self.text)

    def test_count_something(self):
        self.assertEqual(len(self.values), len(self.data["counts"]), "a name stands for one count")
        for name, value in self.values.items():
            self.assertGreater(value, 0, name)
        self.assertGreater(self.data["facts"]["fields"], 200)

    def test_tell_wide_rows_from_narrow_ones(self):
        wide, narrow, twelve = (self.values[f"{task}/ours.bytes_written_per_row"] for task in ("full/csv/all", "narrow/csv/all", "full/csv/12"))
        self.assertGreater(wide, 3 * narrow)
        self.assertGreater(narrow, twelve)

    def test_ask_for_whole_pages(self):
        """Four requests bring 1,000 rows of 250; the accounts, the windows and a look at the end come on top."""
        for endpoint in ("calls", "form_submissions", "text_messages"):
            value = self.values[f"extract/{endpoint}.requests_per_1000_rows"]
            self.assertTrue(4 <= value < 8, f"{endpoint}: {value}")

    def test_read_a_week_again_for_what_was_edited_in_it(self):
        """1,840 rows in pages of 250, and the accounts: nothing is asked twice, and nothing beside it."""
        value = self.values["delta/calls.requests_per_1000_changed_rows"]
        self.assertTrue(8 < value < 10, value)

    def test_a_task_takes_as_many_rows_as_it_has_rounds(self):
        tasks = counts("--tasks").stdout.split()
        self.assertGreater(len(tasks), 3)
        for task in tasks:
            one, three = (json.loads(counts("--task", task, "--rounds", rounds).stdout) for rounds in ("1", "3"))
            self.assertEqual(three["rows"], 3 * one["rows"])
            self.assertEqual(three["input"], one["input"])

    def test_explain_wrong_usage(self):
        for words, text in ((["--task", "none", "--rounds", "1"], "no task is called none"),
                            (["--task", "full/csv/all/ours", "--rounds", "0"], "--rounds 0 is no number"), (["-x"], "counts --tasks")):
            run = counts(*words)
            self.assertEqual(run.returncode, 2)
            self.assertIn(text, run.stderr)


if __name__ == "__main__":
    unittest.main()
