"""What the gate reads and writes: floors.json, Google Benchmark's JSON, the table."""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import limits
import measure
import report
from judge import Accepted, Finding
from trouble import Trouble


class Limits(unittest.TestCase):
    def read(self, data):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "floors.json"
            path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
            return limits.read_limits(path)

    def test_of_this_repository_can_be_read(self):
        limits.read_limits(pathlib.Path(__file__).resolve().parents[1] / "floors.json")

    def test_need_a_reason(self):
        self.assertEqual(self.read({"ratios": {"a": {"floor": 2, "tolerance": 0.1, "reason": "x"}}}).ratios, {"a": (2, 0.1)})
        with self.assertRaisesRegex(Trouble, "ratios: a: there is no reason"):
            self.read({"ratios": {"a": {"floor": 2, "tolerance": 0.1}}})

    def test_name_the_place_of_a_mistake(self):
        for data, words in (("{", "is not JSON"), ({"floors": {}}, "'floors' is not known"),
                            ({"ceilings": {"a": {"ceiling": "2", "reason": "x"}}}, "ceilings: a: ceiling is '2'"),
                            ({"ceilings": {"a": 2}}, "ceilings: a: is no object"), ({"ceilings": 2}, "ceilings: is no object"), ([], "is no object"),
                            ({"accepted": {"a": {"factor": 0.5, "reason": "x"}}}, "no number from 1 on")):
            with self.subTest(data=data), self.assertRaisesRegex(Trouble, words):
                self.read(data)

    def test_an_acceptance_the_base_has_too_is_spent(self):
        base = limits.Limits(accepted={"a": Accepted(1.2, "x"), "b": Accepted(1.2, "x")})
        now = limits.Limits(accepted={"a": Accepted(1.2, "x"), "b": Accepted(1.4, "y")})
        self.assertEqual(now.without_spent(base), ["a"])
        self.assertEqual(list(now.accepted), ["b"])


class Times(unittest.TestCase):
    def entry(self, name, cpu, **more):
        return {"name": name, "run_name": name, "run_type": "iteration", "cpu_time": cpu, "real_time": cpu * 2, "time_unit": "us", **more}

    def test_are_the_best_of_the_repetitions(self):
        data = {"benchmarks": [self.entry("a", 3), self.entry("a", 2), self.entry("a", 4), {**self.entry("a", 1), "run_type": "aggregate"}]}
        self.assertEqual(measure.times_of(data)["a"].value, 2000)

    def test_are_for_each_byte_where_bytes_are_told(self):
        sample = measure.times_of({"benchmarks": [self.entry("a", 3, bytes_per_second=2e9)]})["a"]
        self.assertEqual((sample.value, sample.unit), (0.5, "ns/B"))

    def test_are_of_the_wall_clock_where_the_benchmark_says_so(self):
        self.assertEqual(measure.times_of({"benchmarks": [self.entry("a/real_time", 3)]})["a/real_time"].value, 6000)

    def test_of_a_wrong_answer_do_not_count(self):
        with self.assertRaisesRegex(measure.Broken, "a: wrong rows"):
            measure.times_of({"benchmarks": [{"name": "a", "error_occurred": True, "error_message": "wrong rows"}]})

    def test_come_from_a_table_of_contenders_too_with_their_ratios(self):
        data = {"variant": "full", "contenders": [{"name": "csv/all/ours", "bytes_per_second": 2e9, "times": {"touch": 2.5, "general": None}}]}
        self.assertEqual(measure.times_of(data)["full/csv/all/ours"].value, 0.5)
        self.assertEqual({n: s.value for n, s in measure.ratios_of(data).items()}, {"full/csv/all/ours vs touch": 2.5})

    def test_of_ratios_come_with_what_cannot_be_measured_here(self):
        data = '{"variant": "a", "contenders": [{"name": "b", "times": {"c": 2}}], "absent": {"a/d/": "no server"}}'
        ratios, absent = measure.measure_ratios("echo", [data])
        self.assertEqual(({n: s.value for n, s in ratios.items()}, absent), ({"a/b vs c": 2}, {"a/d/": "no server"}))

    def test_can_be_reported_in_a_file(self):
        self.assertEqual(measure.run_json("sh", ["-c", "echo '[1]' > \"$0\"; echo a table", "{json}"]), [1])
        self.assertEqual(measure.run_json("echo", ["[2]"]), [2])

    def test_a_program_that_fails_is_told_with_its_last_words(self):
        with self.assertRaisesRegex(measure.Broken, "exit code 3: no data"):
            measure.run(["sh", "-c", "echo begin >&2; echo no data >&2; exit 3"])
        with self.assertRaisesRegex(measure.Broken, "reported no JSON"):
            measure.measure_times("echo", ["hello"], "")


class Report(unittest.TestCase):
    worse = Finding("decode", "WORSE", (100.0, 110.0), (150.0, 160.0), 115.5, "ns")
    fine = Finding("zip", "ok", (2, 2), (2, 2), 2, "allocations")

    def test_names_old_and_new_and_puts_failures_last(self):
        lines = report.table([self.worse, self.fine]).splitlines()
        self.assertRegex(lines[1], r"zip +2 +2 +allocations +ok")
        self.assertRegex(lines[2], r"decode +100 … 110 +150 … 160 +ns +WORSE")

    def test_says_what_was_allowed_and_what_to_do(self):
        self.assertRegex(report.verdict([self.worse, self.fine]), r"1 of 2 figures failed\n  decode: 150 ns at best, and at most 115.5 is asked for\nNext: .*accepted")
        self.assertEqual(report.verdict([self.fine]), "gate: fine, 1 figures")

    def test_is_json_for_programs(self):
        data = report.as_json([self.worse], ["a note"], "abc", 1)
        self.assertEqual(data["findings"][0]["new"], {"best": 150.0, "worst": 160.0})
        self.assertTrue(data["findings"][0]["fails"])
        json.dumps(data)


if __name__ == "__main__":
    unittest.main()
