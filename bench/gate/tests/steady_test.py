"""The gate does not flicker: of identical code it passes twenty times, while another process keeps a processor busy."""
import subprocess
import sys
import unittest

from small_project import KNOBS, SmallProject


class Steady(unittest.TestCase):
    def setUp(self):
        self.project = SmallProject()
        self.addCleanup(self.project.close)
        self.project.commit()
        self.project.commit()
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        self.addCleanup(busy.wait)
        self.addCleanup(busy.kill)

    def test_identical_code_passes_twenty_times_on_a_busy_machine(self):
        for attempt in range(20):
            run = self.project.gate()
            self.assertEqual(run.returncode, 0, f"attempt {attempt + 1}: {run.stderr}")
            finding = run.findings["times/work"]
            self.assertIsNotNone(finding["old"], "there was a base, and it ran")
            print(f"attempt {attempt + 1}: {finding['verdict']}, old {finding['old']}, new {finding['new']}", flush=True)

    def test_code_that_takes_four_times_as_long_fails_on_a_busy_machine(self):
        self.project.turn(loops=4 * KNOBS["loops"])
        run = self.project.gate()
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual(run.findings["times/work"]["verdict"], "WORSE", run.stderr)


if __name__ == "__main__":
    unittest.main()
