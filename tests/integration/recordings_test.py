"""--recordings: the files behind rows, against a fake that has them on another host and lets in whoever has the address."""
import gzip
import hashlib
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import time
import urllib.parse
import urllib.request

from harness import Case, KEY, main

FEW = ["--rows", "calls=60", "--limits", "none"]
DIR = "audio"


class Recordings(Case):
    def run_batch(self, *options, fake, **more):
        return self.batch("-e", "calls", "--recordings", DIR, "--limits", "none", "--summary-json", "s.json", *options, fake=fake, **more)

    def summary(self):
        return json.loads((self.folder / "s.json").read_text())["recordings"]

    def held(self, fake):
        """What there is to fetch: bytes by key."""
        files = {}
        for row in self.dump("calls", *FEW):
            if row["recording"] is not None:
                ask = urllib.request.Request(fake.url + urllib.parse.urlsplit(row["recording"]).path,
                                             headers={"Authorization": f"Token token={KEY}"})
                with urllib.request.urlopen(ask, timeout=20) as answer:  # the address leads on
                    files[row["id"]] = answer.read()
        self.assertGreater(len(files), 60)
        return files

    def here(self):
        folder = self.folder / DIR
        return {p.name.removesuffix(".mp3"): p.read_bytes() for p in folder.glob("*.mp3")} if folder.exists() else {}

    def leads(self, fake, after=0):
        """Requests for addresses, and for the files behind them."""
        asked = fake.requests()[after:]
        return ([r for r in asked if r["path"].endswith("/recording.json")], [r for r in asked if r["path"].startswith("/audio/")])

    def asked(self, fake):
        return sum(r["path"].split("/")[-1].startswith("calls") for r in fake.requests())

    def empty(self):
        for path in (self.folder / DIR).glob("*"):
            path.unlink()

    def test_are_those_the_fake_holds_and_are_asked_for_once(self):
        fake = self.fake(*FEW)
        run = self.run_batch(fake=fake)
        self.assert_exit(run, 0)
        api, files = self.leads(fake)
        held = self.held(fake)
        self.assertEqual(self.here(), held)
        summary = self.summary()
        self.assertEqual((summary["fetched"], summary["missing"], summary["failed"], summary["left"], summary["here"]),
                         (len(held), 0, 0, 0, 0))
        self.assertEqual(summary["bytes"], sum(len(v) for v in held.values()))
        self.assertIn(f"recordings in {DIR}: {len(held)} fetched", run.stderr)
        self.assertEqual((summary["requests"], len(api)), (len(held), len(held)))
        self.assertTrue(all(r["authorized"] for r in api))
        self.assertGreater(len(files), 60)
        self.assertFalse(any(r["authorized"] for r in files), "the key went to another host")
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / DIR).st_mode), 0o700)
        self.assertEqual({stat.S_IMODE(p.stat().st_mode) for p in (self.folder / DIR).iterdir()}, {0o600})
        index = sqlite3.connect(self.folder / DIR / "_media.sqlite")
        noted = {key: (size, sha256) for key, size, sha256 in index.execute("SELECT key, bytes, sha256 FROM item WHERE state = 1")}
        index.close()
        self.assertEqual(noted, {k: (len(v), hashlib.sha256(v).hexdigest()) for k, v in held.items()})

        before = len(fake.requests())
        self.assert_exit(self.run_batch(fake=fake), 0)
        self.assertEqual(self.leads(fake, before), ([], []), "files that are there were asked for again")
        self.assertEqual((self.summary()["fetched"], self.summary()["here"]), (0, len(held)))
        (self.folder / DIR / "_media.sqlite").unlink()  # an index that was lost
        self.assert_exit(self.run_batch(fake=fake), 0)
        self.assertEqual(self.leads(fake, before), ([], []))
        self.assertEqual(self.summary()["here"], len(held))

    def test_come_through_every_trouble_that_passes(self):
        mp3 = "calls.recording.mp3"
        for options, more in [(["--quirk", "temporary-audio"], 0),
                              (["--fault", f"{mp3}:3=403"], 1),  # an address that is good no more: another is asked for
                              (["--fault", f"{mp3}:3=410"], 1),
                              (["--fault", f"{mp3}:4=503"], 0), (["--fault", f"{mp3}:4=reset-in-body"], 0),
                              (["--fault", f"{mp3}:4=short-body"], 0), (["--fault", f"{mp3}:4=reset"], 0),
                              (["--fault", "calls.recording:5=503-seconds:0"], 1), (["--fault", "calls.recording:5=429-seconds:0"], 1),
                              (["--fault", "calls.recording:5=reset"], 1)]:
            with self.subTest(options):
                fake = self.fake(*FEW, *options)
                self.assert_exit(self.run_batch(fake=fake), 0)
                api, _ = self.leads(fake)
                held = self.held(fake)
                self.assertEqual(self.here(), held)
                self.assertEqual(len(api), len(held) + more)
                fake.__exit__()
                self.empty()

    def test_are_not_made_of_error_pages_and_come_with_the_next_run(self):
        mp3 = "calls.recording.mp3"
        for fault in (f"{mp3}:6=html", f"{mp3}:6=empty", f"{mp3}:6=400", "calls.recording:3=403", "calls.recording:3=html"):
            with self.subTest(fault):
                fake = self.fake(*FEW, "--quirk", "temporary-audio", "--fault", fault)
                run = self.run_batch(fake=fake)
                self.assert_exit(run, 1)
                self.assertIn("1 recordings not fetched: calls recording of CAL", run.stderr)
                self.assertIn("run the same command again", run.stderr)
                self.assertEqual((self.summary()["failed"], len(self.summary()["failures"])), (1, 1))
                held = self.held(fake)
                self.assertEqual({k: held[k] for k in self.here()}, self.here())
                self.assert_exit(self.run_batch(fake=fake), 0)
                self.assertEqual(self.here(), held)
                fake.__exit__()
                self.empty()

    def test_that_the_api_has_no_longer_are_noted_and_not_asked_for_again(self):
        fake = self.fake(*FEW, "--fault", "calls.recording:2-4=404")
        run = self.run_batch(fake=fake)
        self.assert_exit(run, 0)
        self.assertEqual((self.summary()["missing"], self.summary()["failed"]), (3, 0))
        self.assertIn("3 missing at the API", run.stderr)
        before = len(fake.requests())
        self.assert_exit(self.run_batch(fake=fake), 0)
        self.assertEqual(self.leads(fake, before), ([], []))

    def test_stop_at_a_budget_and_go_on_with_the_same_command(self):
        fake = self.fake(*FEW, "--quirk", "temporary-audio")
        held = self.held(fake)
        total = len(held)
        for count in (1, 2):
            run = self.run_batch("--recordings-requests", "20", fake=fake)
            self.assert_exit(run, 0)
            self.assertEqual(self.summary()["used_up"], "20 requests")
            self.assertEqual(self.summary()["requests"], 20)
            self.assertEqual(self.summary()["left"], total - 20 * count)
            self.assertIn("the same command goes on", run.stderr)
        self.assert_exit(self.run_batch("--recordings-bytes", "50kB", fake=fake), 0)
        self.assertLessEqual(self.summary()["bytes"], 50_000)
        self.assertGreater(self.summary()["fetched"], 2)
        self.assertEqual(self.summary()["used_up"], "50000 bytes")
        self.assert_exit(self.run_batch(fake=fake), 0)
        self.assertEqual(self.here(), held)

    def test_need_neither_their_field_nor_a_column(self):
        fake = self.fake(*FEW)
        held = set(self.held(fake))
        for number, options in enumerate([["--fields", "calls:id"], ["-f", "jsonl"], ["-f", "xml"], ["-o", "-"],
                                          ["--fields", "calls:duration", "--nested", "flatten", "-f", "json"]]):
            with self.subTest(options):
                run = self.batch("-e", "calls", "--recordings", f"{DIR}{number}", "--limits", "none", *options, fake=fake)
                self.assert_exit(run, 0)
                self.assertEqual({p.stem for p in (self.folder / f"{DIR}{number}").glob("*.mp3")}, held)

    def test_are_whole_whenever_a_run_is_killed(self):
        fake = self.fake(*FEW, "--delay", "3ms", "--quirk", "temporary-audio")
        held = self.held(fake)
        before = len(fake.requests())
        dice = random.Random(5)
        kills = 0
        for _ in range(200):
            run = self.start_batch("-e", "calls", "--recordings", DIR, "--limits", "none", "--batch-size", "20", fake=fake)
            try:
                # Longer and longer, so that a slow machine gets to the end, and a fast one does not at once.
                run.wait(timeout=dice.uniform(0.02, 0.1 + 0.05 * kills))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                kills += 1
            run.communicate()
            for key, data in self.here().items():
                self.assertEqual(data, held[key], f"{key} is not whole")
            if run.returncode == 0:
                break
        self.assertEqual(run.returncode, 0)
        self.assertGreater(kills, 3)
        self.assertEqual(self.here(), held)
        self.assertEqual([p for p in os.listdir(self.folder / DIR) if ".part" in p], [])
        api, files = self.leads(fake, before)
        self.assertLessEqual(max(len(api), len(files)), len(held) + kills, "more was fetched again than what a kill interrupted")

    def test_of_rows_an_earlier_process_read_are_fetched_too(self):
        # The first stall lasts until a commit is due, 2 s after the one before; at the second one it is killed.
        fake = self.fake(*FEW, "--fault", "calls:20=stall:2s", "--fault", "calls:28=stall:100s")
        run = self.start_batch("-e", "calls", "--recordings", DIR, "--limits", "none", "--batch-size", "5", "--jobs", "1", fake=fake)
        deadline = time.monotonic() + 60
        index = self.folder / DIR / "_media.sqlite"
        known = 0
        while (known < 5 or self.asked(fake) < 28) and time.monotonic() < deadline and run.poll() is None:
            time.sleep(0.02)
            try:
                database = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
                known = database.execute("SELECT count(*) FROM item").fetchone()[0]
                database.close()
            except sqlite3.Error:
                pass
        run.send_signal(signal.SIGKILL)
        run.communicate()
        self.assertGreaterEqual(known, 5)
        self.assertEqual(self.here(), {})  # it was still reading rows
        again = self.batch("-e", "calls", "--recordings", DIR, "--limits", "none", "--batch-size", "5", "--jobs", "1", "--resume",
                           "--summary-json", "s.json", fake=fake)
        self.assert_exit(again, 0)
        self.assertEqual(self.here(), self.held(fake))

    def test_leave_neither_key_nor_addresses_anywhere(self):
        shown, addresses = "", set()
        for number, options in enumerate([[], ["--record", "run.rec"]]):
            for form in ([], ["--quirk", "temporary-audio"]):
                fake = self.fake(*FEW, *form, "--fault", "calls.recording.mp3:5=403", "--fault", "calls.recording.mp3:9=503",
                                 "--fault", "calls.recording.mp3:15-16=html")
                run = self.batch("-e", "calls", "--recordings", f"{DIR}-{number}-{len(form)}", "--limits", "none", "-v", "--log-level",
                                 "DEBUG", "--log-pii", "-o", f"out-{number}-{len(form)}", "--summary-json", f"s{number}.json", *options,
                                 fake=fake)
                self.assert_exit(run, 1)
                addresses |= {r["query"]["access_key"] for r in self.leads(fake)[1]}
                shown += run.stdout + run.stderr
                fake.__exit__()
        self.assertGreater(len(addresses), 100)
        texts = {"screen": shown}
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("requests.jsonl", "port"):
                data = path.read_bytes()
                name = str(path.relative_to(self.folder))
                texts[name] = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")
        self.assertIn("run.rec", texts)
        self.assertIn("logs/callrail-batch.log", texts)
        for name, text in texts.items():
            for piece in (KEY, KEY[:5], KEY[-5:], "/audio/", *addresses):
                self.assertFalse(piece in text, f"{piece} is in {name}")
        replay = self.batch("replay", "run.rec", "-o", "again", "--log-file", "none")
        self.assert_exit(replay, 0)
        again, then = self.csv_rows("calls", "again"), self.csv_rows("calls", "out-1-2")
        secret = then[0].index("recording_player")  # no recording keeps it
        self.assertEqual([r[:secret] + r[secret + 1:] for r in again], [r[:secret] + r[secret + 1:] for r in then])

    def test_are_only_counted_by_a_dry_run_and_by_plan(self):
        fake = self.fake(*FEW)
        run = self.run_batch("--dry-run", fake=fake)
        self.assert_exit(run, 0)
        self.assertFalse((self.folder / DIR).exists())
        self.assertEqual((self.summary()["tried"], self.summary()["left"]), (False, len(self.held(fake))))
        self.assertIn(f"{len(self.held(fake))} to be fetched", run.stderr)
        plan = self.batch("plan", "-e", "calls", "--recordings", DIR, "--json", "--limits", "none", fake=fake)
        self.assert_exit(plan, 0)
        rows = next(e["rows"] for e in json.loads(plan.stdout)["endpoints"] if e["name"] == "calls")
        self.assertEqual(json.loads(plan.stdout)["recordings_at_most"], rows)
        self.assertFalse((self.folder / DIR).exists())

    def test_are_refused_where_they_make_no_sense(self):
        fake = self.fake(*FEW)
        for options, words in [(["-e", "tags", "--recordings", DIR], "none of the endpoints"),
                               (["-e", "calls", "--recordings", "data"], "another folder than --output"),
                               (["-e", "calls", "--recordings", "s3://bucket"], "name a folder"),
                               (["-e", "calls", "--recordings-bytes", "1GB"], "name its folder too"),
                               (["-e", "calls", "--recordings", DIR, "--recordings-bytes", "much"], "500MB"),
                               (["-e", "calls", "--recordings", DIR, "--recordings-requests", "0"], "at least 1")]:
            run = self.batch(*options, fake=fake)
            self.assert_exit(run, 2)
            self.assertIn(words, run.stderr)
        self.assertEqual(fake.requests(), [])
        self.assert_exit(self.batch("-e", "calls", "--record", "run.rec", "--limits", "none", fake=fake), 0)
        replay = self.batch("replay", "run.rec", "--recordings", DIR, "-o", "again")
        self.assert_exit(replay, 2)
        self.assertIn("--recordings", replay.stderr)

    def test_fail_one_by_one_and_the_run_says_so(self):
        fake = self.fake(*FEW)
        self.assert_exit(self.run_batch(fake=fake), 0)
        other = self.fake(*FEW)
        run = self.run_batch(fake=other)
        self.assert_exit(run, 2)  # the folder is of another API
        self.assertIn("another folder", run.stderr)
        (self.folder / DIR / "_media.sqlite").unlink()
        victim = min(self.here())
        (self.folder / DIR / f"{victim}.mp3").unlink()
        (self.folder / DIR / f"{victim}.mp3").mkdir()  # in the way
        run = self.run_batch(fake=other)
        self.assert_exit(run, 5)
        self.assertIn(victim, run.stderr)


if __name__ == "__main__":
    main()
