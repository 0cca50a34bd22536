"""Runs that stop in the middle, and what the next one makes of it."""
import json
import signal
import time

from harness import Case, main

MANY = ["--rows", "calls=12000,accounts=1", "--limits", "none"]
SLOW = [*MANY, "--delay", "20ms"]  # so that a run can be stopped in its middle
CALLS = ["-e", "calls", "--limits", "none", "--time-zone", "America/New_York"]


class Resume(Case):
    def calls(self, folder="data"):
        return (self.folder / folder / "calls.csv").read_bytes()

    def asked(self, fake):
        return len([r for r in fake.requests() if r["endpoint"] == "calls"])

    def stop_in_the_middle(self, fake, how, least=35):
        """Starts a run, stops it after some requests; how it ended."""
        before = self.asked(fake)
        run = self.start_batch(*CALLS, fake=fake)
        deadline = time.monotonic() + 60
        while self.asked(fake) - before < least and time.monotonic() < deadline:
            time.sleep(0.01)
        begin = time.monotonic()
        run.send_signal(how)
        run.communicate(timeout=20)
        self.assertLess(time.monotonic() - begin, 2)
        return run.returncode

    def killed(self):
        """The fake of a run that was killed in its middle."""
        fake = self.fake(*SLOW)
        self.assertEqual(self.stop_in_the_middle(fake, signal.SIGKILL), -9)
        return fake

    def run_undisturbed(self):
        """Into the folder "quiet"; how many requests it took."""
        fake = self.fake(*MANY)
        self.assert_exit(self.batch(*CALLS, "-o", "quiet", fake=fake), 0)
        asked = self.asked(fake)
        fake.__exit__()
        return asked

    def test_after_a_stop_goes_on_and_writes_the_same_bytes(self):  # A18, B12
        whole = self.run_undisturbed()
        for how, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
            with self.subTest(how=how):
                fake = self.fake(*SLOW)
                self.assertEqual(self.stop_in_the_middle(fake, how), code)
                self.assertEqual(self.data_files(), [])
                stopped = self.asked(fake)
                again = self.batch(*CALLS, "-j", "2", fake=fake)
                self.assert_exit(again, 0)
                self.assertIn("goes on with the run begun at", again.stderr)
                self.assertLess(self.asked(fake) - stopped, 0.6 * whole)
                self.assertEqual(self.calls(), self.calls("quiet"))
                self.assert_exit(self.batch("verify", "data", "--strict"), 0)
                self.assertEqual([path.name for path in (self.folder / "data").iterdir() if path.name[0] == "."], [])
                fake.__exit__()
                for path in (self.folder / "data").iterdir():
                    path.unlink()

    def test_begins_anew_where_somebody_says_so_or_asks_for_something_else(self):
        fake = self.killed()
        other = self.batch("-e", "calls", "--limits", "none", "--fields", "id", "-l", "5", fake=fake)
        self.assert_exit(other, 0)
        self.assertIn("not gone on with: it was another one: ", other.stderr)
        self.assertEqual(len(self.csv_rows("calls")), 6)
        self.stop_in_the_middle(fake, signal.SIGKILL)
        self.assert_exit(self.batch("-e", "tags", "--resume", fake=fake), 2)
        again = self.batch(*CALLS, "--restart", fake=fake)
        self.assert_exit(again, 0)
        self.assertNotIn("goes on", again.stderr)

    def test_is_refused_where_there_is_nothing_to_go_on_with(self):
        fake = self.fake(*MANY)
        run = self.batch(*CALLS, "--resume", fake=fake)
        self.assert_exit(run, 2)
        self.assertIn("no unfinished run to go on with; run without --resume", run.stderr)
        self.assertEqual(fake.requests(), [])
        self.assert_exit(self.batch(*CALLS, "--resume", "--restart", fake=fake), 2)

    def test_of_a_damaged_checkpoint_begins_anew_and_says_so(self):
        fake = self.killed()
        checkpoint = self.folder / "data/.callrail-run.sqlite"
        bytes_ = bytearray(checkpoint.read_bytes())
        bytes_[100:4000] = b"x" * 3900
        checkpoint.write_bytes(bytes_)
        run = self.batch(*CALLS, fake=fake)
        self.assert_exit(run, 0)
        self.assertIn(".callrail-run.damaged", run.stderr)

    def test_of_a_part_that_somebody_changed_begins_that_list_anew(self):
        self.run_undisturbed()
        fake = self.killed()
        part = self.folder / "data/.calls.csv.part"
        part.write_bytes(b"z" + part.read_bytes()[1:])
        run = self.batch(*CALLS, fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("reading it from the beginning", run.stderr)
        self.assertEqual(self.calls(), self.calls("quiet"))

    def test_is_told_by_verify_too(self):
        fake = self.killed()
        verified = self.batch("verify", "data")
        self.assert_exit(verified, 1)
        self.assertIn("the run into it is not finished", verified.stderr)
        self.assertIn("start it again with the same command", verified.stderr)
        self.assert_exit(self.batch(*CALLS, fake=fake), 0)
        self.stop_in_the_middle(fake, signal.SIGKILL)
        verified = self.batch("verify", "data")
        self.assert_exit(verified, 0)
        self.assertIn("calls.csv: as written", verified.stdout)
        self.assertIn("a run into this folder is not finished", verified.stdout)

    def test_of_a_second_run_into_the_folder_names_the_first(self):  # A28
        fake = self.fake(*MANY, "--delay", "50ms")
        first = self.start_batch(*CALLS, fake=fake)
        while self.asked(fake) == 0:
            time.sleep(0.01)
        before = self.asked(fake)
        second = self.batch("-e", "tags", fake=fake)
        self.assert_exit(second, 8)
        self.assertIn(f"process {first.pid} on ", second.stderr)
        self.assertIn("choose another folder", second.stderr)
        self.assertGreaterEqual(self.asked(fake), before)
        self.assertEqual([r for r in fake.requests() if r["endpoint"] == "tags"], [])
        self.assert_exit(self.batch("-e", "tags", "-o", "elsewhere", fake=fake), 0)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=20)
        self.assert_exit(self.batch("-e", "tags", fake=fake), 0)


class Verify(Case):
    def setUp(self):
        super().setUp()
        fake = self.fake("--rows", "tags=20,users=5", "--limits", "none")
        self.assert_exit(self.batch("-e", "tags,users", fake=fake), 0)
        fake.__exit__()

    def verify(self, code, *said, options=()):
        run = self.batch("verify", "data", *options, CALLRAIL_API_KEY=None)
        self.assert_exit(run, code)
        for words in said:
            self.assertIn(words, run.stdout + run.stderr)

    def test_finds_files_as_they_were_written(self):
        self.verify(0, "tags.csv: as written: 40 rows", "proven")
        (self.folder / "data").rename(self.folder / "moved")
        self.assert_exit(self.batch("verify", "moved"), 0)

    def test_finds_what_was_changed_lost_or_added(self):
        tags = self.folder / "data/tags.csv"
        (self.folder / "data/other.csv").write_text("x\n")
        tags.write_bytes(tags.read_bytes().replace(b"a", b"b", 1))
        self.verify(1, "tags.csv: changed", "users.csv: as written", "other.csv: not in the manifest", "1 of 2 files")
        tags.unlink()
        self.verify(1, "tags.csv: missing", "run again what wrote them")

    def test_says_what_it_cannot_read(self):
        self.assert_exit(self.batch("verify", "nowhere"), 2)
        self.assert_exit(self.batch("verify"), 2)
        (self.folder / "empty").mkdir()
        self.assert_exit(self.batch("verify", "empty"), 2)
        (self.folder / "data/_manifest.json").write_text("{")
        self.verify(1, "_manifest.json cannot be read")

    def test_is_not_content_with_what_was_not_proven_if_strict(self):
        fake = self.fake("--rows", "tags=300,accounts=1", "--limits", "none", "--fault", "tags:*=totals-high:5")
        self.assert_exit(self.batch("-e", "tags", fake=fake), 0)
        self.verify(0, "contradicted")
        self.verify(7, "tags.csv: contradicted", options=["--strict"])
        run = self.batch("-e", "tags", "--strict", "--summary-json", "s.json", fake=fake)
        self.assert_exit(run, 7)
        self.assertEqual(json.loads((self.folder / "s.json").read_text())["endpoints"][0]["proof"], "contradicted")


if __name__ == "__main__":
    main()
