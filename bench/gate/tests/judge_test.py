"""When a figure fails, and when it does not."""
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import judge
from judge import Accepted, Sample


def samples(*values, **more):
    return [Sample(value, **more) for value in values]


class Times(unittest.TestCase):
    def verdict(self, old, new, **more):
        return judge.judge_time("decode", samples(*old), samples(*new), 0.05, **more).verdict

    def test_fail_when_the_best_new_run_is_slower_than_the_worst_old_one(self):
        self.assertEqual(self.verdict([100, 110], [116, 150]), "WORSE")

    def test_pass_up_to_the_margin(self):
        self.assertEqual(self.verdict([100, 110], [115.5, 150]), "slower?")

    def test_pass_when_a_single_old_run_was_as_slow(self):
        self.assertEqual(self.verdict([100, 100, 100, 200], [150, 150, 150]), "slower?")

    def test_pass_when_a_single_new_run_was_as_fast(self):
        self.assertEqual(self.verdict([100, 101, 102], [104, 300, 300, 300]), "ok")

    def test_show_what_got_faster(self):
        self.assertEqual(self.verdict([100, 110], [80, 90]), "better")

    def test_do_not_fail_when_only_one_side_has_them(self):
        self.assertEqual(self.verdict([], [100]), "new")
        self.assertEqual(self.verdict([100], []), "gone")

    def test_may_be_worse_on_purpose_as_far_as_was_accepted(self):
        self.assertEqual(self.verdict([100], [125], accepted=Accepted(1.3, "checks UTF-8 now")), "accepted")
        self.assertEqual(self.verdict([100], [135], accepted=Accepted(1.3, "checks UTF-8 now")), "WORSE")

    def test_of_identical_code_never_fail_however_noisy_the_machine(self):
        """Each run is slower by up to 60 %, now and then by ten times: 20,000 gates, none of which may fail."""
        dice = random.Random(4)

        def run():
            return 100 * (1 + 0.6 * dice.random()) * (10 if dice.random() < 0.05 else 1)

        for _ in range(20_000):
            old, new = [run() for _ in range(15)], [run() for _ in range(15)]
            self.assertNotEqual(self.verdict(old, new), "WORSE")

    def test_of_code_twice_as_slow_fail_although_runs_vary_by_half(self):
        dice = random.Random(4)
        seen = sum(self.verdict([100 + 50 * dice.random() for _ in range(15)], [200 + 100 * dice.random() for _ in range(15)]) == "WORSE"
                   for _ in range(1000))
        self.assertEqual(seen, 1000)


class Counts(unittest.TestCase):
    def verdict(self, old, new, tolerance=0.0, **more):
        return judge.judge_count("allocations", old, new, tolerance, 0.05, **more).verdict

    def test_fail_when_they_grow_at_all(self):
        self.assertEqual(self.verdict(samples(2), samples(2.001)), "WORSE")
        self.assertEqual(self.verdict(samples(2), samples(2)), "ok")
        self.assertEqual(self.verdict(samples(2), samples(1.9)), "better")

    def test_fail_when_something_comes_from_nothing(self):
        finding = judge.judge_count("allocations", samples(0), samples(0.1), 0.0, 0.05)
        self.assertEqual(finding.verdict, "WORSE")
        self.assertEqual(self.verdict(samples(0), samples(0)), "ok")

    def test_may_grow_within_the_tolerance_of_their_kind(self):
        self.assertEqual(self.verdict(samples(1000), samples(1002), 0.002), "ok")
        self.assertEqual(self.verdict(samples(1000), samples(1003), 0.002), "WORSE")

    def test_that_move_between_two_runs_of_one_program_are_judged_by_their_extremes(self):
        self.assertEqual(self.verdict(samples(2, 3), samples(3, 4)), "ok")
        self.assertEqual(self.verdict(samples(2, 3), samples(4, 4)), "WORSE")

    def test_on_other_data_are_compared_by_what_a_byte_costs(self):
        old = samples(1000, input="a", input_size=500)
        self.assertEqual(self.verdict(old, samples(1100, input="b", input_size=550)), "ok")
        self.assertEqual(self.verdict(old, samples(1200, input="b", input_size=550)), "WORSE")
        self.assertEqual(self.verdict(old, samples(1100, input="a", input_size=500)), "WORSE")

    def test_that_do_not_grow_with_the_data_are_compared_as_they_are(self):
        self.assertEqual(self.verdict(samples(2, input="a"), samples(2.09, input="b")), "ok")
        self.assertEqual(self.verdict(samples(2, input="a"), samples(2.11, input="b")), "WORSE")
        self.assertEqual(self.verdict(samples(2, input="a"), samples(2.01, input="a")), "WORSE")

    def test_the_first_pattern_that_fits_gives_the_tolerance(self):
        tolerances = [("*.instructions_per_row", 0.002), ("*", 0.5)]
        self.assertEqual(judge.tolerance_of("calls.instructions_per_row", tolerances), 0.002)
        self.assertEqual(judge.tolerance_of("calls.bytes", tolerances), 0.5)
        self.assertEqual(judge.tolerance_of("calls.bytes", tolerances[:1]), 0.0)


class Floors(unittest.TestCase):
    def test_hold_the_best_of_several_measurements(self):
        self.assertEqual(judge.judge_floor("csv", samples(2.3, 2.5), 2.5, 0.0).verdict, "ok")
        self.assertEqual(judge.judge_floor("csv", samples(2.3, 2.4), 2.5, 0.0).verdict, "TOO LOW")

    def test_leave_room_for_their_tolerance(self):
        self.assertEqual(judge.judge_floor("csv", samples(2.43), 2.5, 0.03).verdict, "ok")
        self.assertEqual(judge.judge_floor("csv", samples(2.42), 2.5, 0.03).verdict, "TOO LOW")

    def test_fail_when_nobody_measures_them(self):
        self.assertTrue(judge.judge_floor("cvs", [], 2.5, 0.0).fails)
        self.assertTrue(judge.judge_ceiling("cvs", [], 2.5).fails)

    def test_ceilings_hold_counts_without_a_base(self):
        self.assertEqual(judge.judge_ceiling("allocations", samples(0.1), 0.1).verdict, "ok")
        self.assertEqual(judge.judge_ceiling("allocations", samples(0.11), 0.1).verdict, "TOO HIGH")

    def test_hold_quotients_too(self):
        measured = {"csv": samples(12, 13), "stage1": samples(16)}
        self.assertEqual(judge.quotient(measured, "csv : stage1"), [Sample(0.75, "times")])
        self.assertEqual(judge.quotient(measured, "csv"), samples(12, 13))
        self.assertEqual(judge.quotient(measured, "csv : stage2"), [])


if __name__ == "__main__":
    unittest.main()
