"""The whole gate, on a small project: it sees what got worse, says what is missing, and gives the exit code that fits."""
import json
import subprocess
import sys
import unittest

from small_project import CONFIG, GATE, KNOBS, SmallProject


class Gate(unittest.TestCase):
    def setUp(self):
        self.project = SmallProject()
        self.addCleanup(self.project.close)
        self.project.commit()

    def check(self, code, *words, verdicts={}, **counts):
        run = self.project.gate(*words)
        self.assertEqual(run.returncode, code, run.stderr)
        for name, verdict in {**verdicts, **counts}.items():
            self.assertEqual(run.findings[name]["verdict"], verdict, run.stderr)
        return run

    def test_fails_when_a_function_was_slowed_down(self):
        self.project.turn(loops=30 * KNOBS["loops"])  # a run of 1 ms takes 10 more where the machine is taken away
        run = self.check(1, verdicts={"times/work": "WORSE"}, allocations_per_row="ok", bytes_per_field="ok")
        self.assertIn("as many rounds again", run.stderr)
        self.assertRegex(run.stderr, r"times/work: \S+ ns at best, and at most \S+ is asked for")
        # The same change once it is committed, and the way back.
        self.project.commit()
        self.check(1, verdicts={"times/work": "WORSE"})
        self.project.turn()
        self.assertIn(self.check(0).findings["times/work"]["verdict"], ("better", "ok"))

    def test_fails_when_a_count_grew(self):
        self.project.turn(allocations=2.01)
        self.check(1, "--short", allocations_per_row="WORSE")

    def test_fails_when_the_object_code_of_a_field_grew(self):
        self.project.turn(table_size=4200)
        run = self.check(1, "--short", bytes_per_field="WORSE")
        self.assertGreater(run.findings["bytes_per_field"]["new"]["best"], 1049)

    def test_fails_when_a_ratio_stays_below_its_floor(self):
        self.project.turn(ratio=2.4)
        run = self.check(1, "--short")
        self.assertIn("measuring it again", run.stderr)
        self.assertIn("full/work vs touch: 2.4 times at best, and at least 2.425 is asked for", run.stderr)

    def test_waits_a_while_for_a_ratio_that_neighbours_push_below_its_floor(self):
        self.project.turn(loud_runs=4)
        run = self.check(0, "--short")
        self.assertEqual(run.stderr.count("measuring it again"), 4)

    def test_fails_when_a_benchmark_finds_its_answer_wrong(self):
        self.project.turn(right_answer=False)
        run = self.check(1, "--short", times="BROKEN")
        self.assertIn("work: wrong rows", run.stderr)

    def test_fails_when_a_report_cannot_be_understood(self):
        self.project.write("counts.cpp", '#include <cstdio>\nint main() { std::puts("{\\"counts\\": [{}]}"); }\n')
        run = self.check(1, "--short", counts="BROKEN")
        self.assertIn("counts: its report is not of the form", run.stderr)

    def test_lets_through_what_is_worse_on_purpose_once(self):
        self.project.turn(allocations=3)
        self.project.floors(accepted={"allocations_per_row": {"factor": 1.5, "reason": "keeps a copy"}})
        self.check(0, "--short", allocations_per_row="accepted")
        self.project.commit()
        self.project.turn(allocations=4)
        run = self.check(1, "--short", allocations_per_row="WORSE")
        self.assertIn("excuses nothing any more", run.stderr)

    def test_holds_floors_and_ceilings_without_a_base(self):
        run = self.check(0)
        self.assertIn("no base: there is one commit only", run.stderr)
        self.project.floors(ceilings={"allocations_per_row": {"ceiling": 1.5, "reason": "a test"}})
        run = self.check(1, "--alone")
        self.assertIn("allocations_per_row: 2 allocations at best, and at most 1.5 is asked for", run.stderr)

    def test_says_that_the_base_has_no_benchmarks_yet(self):
        now = (self.project.folder / "CMakeLists.txt").read_text(encoding="utf-8")
        self.project.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES CXX)\n")
        self.project.commit()
        self.project.write("CMakeLists.txt", now)
        run = self.check(0, verdicts={"times/work": "new"}, allocations_per_row="new")
        self.assertIn("the base has no benchmarks yet", run.stderr)

    def test_tells_a_base_that_cannot_be_built_from_a_working_tree_that_cannot(self):
        self.project.write("times.cpp", "int main( {}\n")
        self.project.commit()
        run = self.check(2)
        self.assertIn("the build failed", run.stderr)
        self.assertIn("times.cpp:1", run.stderr)
        self.project.write("times.cpp", '#include <cstdio>\nint main() { std::puts("{\\"benchmarks\\": []}"); }\n')
        run = self.check(0)
        self.assertIn("the base cannot be built", run.stderr)
        self.assertIn("the build failed", self.check(2, "HEAD").stderr)

    def test_explains_wrong_usage(self):
        for words, text in ((["nosuch"], "base nosuch: is no commit this clone has"), (["--rounds", "0"], "is no number from 1 on"),
                            (["--alone", "HEAD"], "goes without a base"), (["--config", "none.json"], "none.json: No such file")):
            with self.subTest(words=words):
                self.assertIn(text, self.check(2, *words).stderr)
        self.project.write("bench/gate/programs.json", json.dumps({**CONFIG, "programs": [{"kind": "speed"}]}))
        self.assertIn("a program has a target, and as kind", self.check(2).stderr)

    def test_measures_what_there_is_where_a_program_cannot_be_built(self):
        config = {**CONFIG, "programs": [*CONFIG["programs"], {"target": "absent", "kind": "times"}]}
        self.project.write("bench/gate/programs.json", json.dumps(config))
        run = self.check(0, "--short", verdicts={"times/work": "ok"})
        self.assertIn("absent: is no target of the working tree here", run.stderr)

    def test_prints_a_table_without_json(self):
        run = subprocess.run([sys.executable, GATE, "--source", self.project.folder, "--alone"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"^name +old best")
        self.assertRegex(run.stdout, r"gate: fine, 4 figures\n$")


if __name__ == "__main__":
    unittest.main()
