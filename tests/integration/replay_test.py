"""What --record keeps, and what replay makes of it: the same bytes, without a network, and no secret."""
import gzip
import json
import os
import resource
import signal
import stat
import subprocess
import time

from harness import BATCH, Case, KEY, main

SMALL = ["--rows", "calls=700,form_submissions=60,text_messages=60", "--limits", "none"]
FAULTS = ["--fault", "calls:2=429-seconds:1", "--fault", "calls:4=cut-json", "--fault", "tags:1=reset", "--fault", "users:1=500",
          "--fault", "trackers:2=bad-utf8", "--fault", "form_submissions:1=html"]
# The runs are compared byte for byte, and of these fields a recording has no values.
SECRET = ["--exclude-fields", "recording_player,config,signing_key,validation_code"]


class Recordings(Case):
    def lines(self, name="run.rec"):
        return gzip.decompress((self.folder / name).read_bytes()).decode("utf-8").splitlines()

    def files(self, folder):
        return {name: (self.folder / folder / name).read_bytes() for name in self.data_files(folder)}

    def replay(self, *options, **more):
        """Without a key, and with an address nobody listens at."""
        return self.batch("replay", "run.rec", "--log-file", "none", *options,
                          **{"CALLRAIL_API_KEY": None, "CALLRAIL_BASE_URL": "http://127.0.0.1:9", **more})


class Replay(Recordings):
    def test_makes_the_same_bytes_at_any_jobs(self):  # A24
        fake = self.fake(*SMALL, *FAULTS)
        run = self.batch("--all", *SECRET, "--limits", "none", "--record", "run.rec", "-o", "csv", fake=fake)
        self.assert_exit(run, 0)
        for status in (429, 500):
            self.assertIn(status, {r["status"] for r in fake.requests()})
        fake.__exit__()
        self.assertEqual(len(self.lines()), len(fake.requests()) + 2)

        begin = time.monotonic()
        for jobs in ("1", "2", "4", "8"):
            again = self.replay("-o", f"csv{jobs}", "-j", jobs)
            self.assert_exit(again, 0)
            self.assertEqual(self.files(f"csv{jobs}"), self.files("csv"), f"{jobs} jobs")
        self.assertLess(time.monotonic() - begin, 60)

    def test_makes_any_format_from_one_recording(self):
        """Each replay against a run that wrote that format itself, and met no trouble."""
        options = ["-e", "calls,tags,companies", "--exclude-fields", "recording_player", "--limits", "none"]
        stopped = ["--now", "2026-03-10T12:00:00Z", *SMALL]
        self.assert_exit(self.batch(*options, "--start-date", "2026-01-01", "--end-date", "2026-03-09", "--record", "run.rec", "-o",
                                    "recorded", fake=self.fake(*stopped, *FAULTS)), 0)
        for form in ("csv", "jsonl", "json", "xml"):
            for nested in ("json", "flatten"):
                with self.subTest(form=form, nested=nested):
                    shape = ["-f", form, "--nested", nested]
                    run = self.batch(*options, "--start-date", "2026-01-01", "--end-date", "2026-03-09", *shape, "-o",
                                     f"run-{form}-{nested}", fake=self.fake(*stopped))
                    self.assert_exit(run, 0)
                    for jobs in ("1", "2", "4", "8"):
                        self.assert_exit(self.replay(*shape, "-j", jobs, "-o", f"{jobs}-{form}-{nested}"), 0)
                        self.assertEqual(self.files(f"{jobs}-{form}-{nested}"), self.files(f"run-{form}-{nested}"))

    def test_keeps_everything_but_the_secrets(self):
        fake = self.fake("--rows", "calls=100", "--limits", "none")
        fields = ["--fields", "calls:id,start_time,recording_player,note", "--fields", "integrations:id,config"]
        self.assert_exit(self.batch("-e", "calls,integrations", *fields, "--record", "run.rec", "--strict", fake=fake), 0)
        replayed = self.replay("-o", "again", "--strict")
        self.assert_exit(replayed, 0)
        self.assertNotIn("recording_player", replayed.stderr)
        before, after = self.csv_rows("calls"), self.csv_rows("calls", "again")
        self.assertEqual(len(before), len(after))
        values = set()
        for old, new in zip(before[1:], after[1:]):
            self.assertEqual([new[0], new[1], new[3]], [old[0], old[1], old[3]])
            self.assertEqual(bool(new[2]), bool(old[2]))
            values.add(new[2])
        self.assertIn("[removed]", values)
        self.assertLessEqual(values, {"[removed]", ""})
        # An object that became a text is no drift of the API.
        self.assertIn("[removed]", {row[1] for row in self.csv_rows("integrations", "again")})

    def test_writes_only_the_endpoints_asked_for(self):
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("--all", *SECRET, "--record", "run.rec", "--limit", "7", fake=fake), 0)
        fake.__exit__()
        for name in ("tags", "companies", "integrations"):
            with self.subTest(name=name):
                replayed = self.replay("-e", name, "-o", name)
                self.assert_exit(replayed, 0)
                self.assertEqual(self.files(name), {f"{name}.csv": (self.folder / f"data/{name}.csv").read_bytes()})
        out = self.replay("-e", "tags", "-o", "-", "-f", "jsonl")
        self.assert_exit(out, 0)
        self.assertEqual(len(out.stdout.splitlines()), 7)

    def test_refuses_to_ask_something_else(self):
        self.assert_exit(self.batch("-e", "calls,tags", "--record", "run.rec", fake=self.fake(*SMALL)), 0)
        for options, words in {
            ("-b", "100"): ["--batch-size 100", "250"],
            ("--days", "3"): ["--days", "without"],
            ("-e", "users"): ["users", "calls,tags"],
            ("--account-id", "1"): ["--account-id"],
            ("--record", "other.rec"): ["--record"],
        }.items():
            with self.subTest(options=options):
                run = self.replay(*options, "-o", "again")
                self.assert_exit(run, 2)
                for word in words:
                    self.assertIn(word, run.stderr)
                self.assertFalse((self.folder / "again").exists())
        shown = self.replay("--print-config").stdout
        self.assertRegex(shown, r"batch-size +250 +the recording")
        self.assert_exit(self.batch("replay"), 2)
        self.assert_exit(self.batch("replay", "run.rec", "run.rec"), 2)
        self.assert_exit(self.replay("-b", "250", "-o", "again", BATCH_SIZE="3", CALLRAIL_LIMIT="1"), 0)

    def test_ends_like_the_run_it_is_of(self):
        fake = self.fake(*SMALL, "--fault", "users:*=403", "--fault", "tags:*=500")
        run = self.batch("-e", "users,tags,calls", "--max-retries", "1", "--record", "run.rec", fake=fake)
        self.assert_exit(run, 1)
        fake.__exit__()
        replayed = self.replay("-o", "again")
        self.assert_exit(replayed, 1)
        # What to do next is another matter: nobody can go on with a replay.
        said = [each.stderr.splitlines()[-1].split("; run ")[0] for each in (run, replayed)]
        self.assertEqual(*said)
        self.assert_exit(self.batch("-e", "tags", "--record", "run.rec", fake=self.fake(*SMALL), CALLRAIL_API_KEY="another-key-entirely"),
                         3)
        self.assert_exit(self.replay(), 3)

    def test_does_not_wait(self):
        fake = self.fake(*SMALL, "--fault", "calls:1=429-seconds:3")
        self.assert_exit(self.batch("-e", "calls", "--record", "run.rec", fake=fake), 0)
        lines = [json.loads(line) for line in self.lines()]
        refused = next(line for line in lines if line.get("status") == 429)
        refused["retry_after"] = "3000"
        with open(self.folder / "run.rec", "wb") as out:
            for line in lines:
                out.write(gzip.compress((json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n").encode()))
        begin = time.monotonic()
        replayed = self.replay("-o", "again")
        self.assert_exit(replayed, 0)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertIn("waiting 50 min", replayed.stderr)


class Record(Recordings):
    def test_holds_no_key_and_no_secret(self):
        fake = self.fake(*SMALL, *FAULTS)
        run = self.batch("--all", "--fields", "calls:id,recording_player,note", "--fields", "integrations:id,config,signing_key",
                         "--limits", "none", "--record", "run.rec", fake=fake)
        self.assert_exit(run, 0)
        text = "\n".join(self.lines())
        for piece in (KEY, KEY[:5], KEY[-5:]):
            self.assertNotIn(piece, text)
        secrets = set()
        for endpoint in ("calls", "integrations", "outbound_caller_ids"):
            for row in self.dump(endpoint, *SMALL):
                for field in ("recording_player", "config", "signing_key", "validation_code"):
                    value = row.get(field)
                    values = value.values() if isinstance(value, dict) else [value]
                    # Short ones stand in other places too.
                    secrets |= {v for v in values if isinstance(v, str) and len(v) >= 12}
        self.assertGreater(len(secrets), 100)
        bodies = "\n".join(json.loads(line).get("body", "") for line in self.lines())
        self.assertEqual([s for s in secrets if s in bodies or json.dumps(s)[1:-1] in bodies], [])
        self.assertIn('"[removed]"', bodies)

    def test_is_for_its_owner_and_for_zcat(self):
        self.assert_exit(self.batch("-e", "tags", "--record", "run.rec", fake=self.fake(*SMALL)), 0)
        self.assertEqual(stat.S_IMODE((self.folder / "run.rec").stat().st_mode), 0o600)
        shown = subprocess.run("zcat <run.rec", shell=True, cwd=self.folder, capture_output=True, text=True, timeout=60,
                               check=True).stdout
        first, *answers, last = [json.loads(line) for line in shown.splitlines()]
        self.assertEqual(first["callrail_recording"], 1)
        self.assertEqual(first["options"]["endpoints"], ["tags"])
        self.assertEqual(last["end"], len(answers))
        self.assertTrue(json.loads(answers[-1]["body"])["tags"])

    def test_of_a_killed_run_is_read_up_to_there(self):
        fake = self.fake("--rows", "calls=3000", "--limits", "none", "--delay", "50ms")
        run = self.start_batch("-e", "tags,calls", "-b", "50", "-j", "1", "--limits", "none", "--record", "run.rec", fake=fake)
        while len([r for r in fake.requests() if r["endpoint"] == "calls"]) < 5:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=20)
        replayed = self.replay("-o", "again")
        self.assert_exit(replayed, 1)
        self.assertIn("is cut at byte", replayed.stderr)
        self.assertIn("has no answer to this request", replayed.stderr)
        self.assertEqual(self.data_files("again"), ["tags.csv"])

    def test_that_is_cut_or_damaged_says_where(self):
        self.assert_exit(self.batch("-e", "tags", "--record", "run.rec", fake=self.fake(*SMALL)), 0)
        whole = (self.folder / "run.rec").read_bytes()
        (self.folder / "run.rec").write_bytes(whole[:-10])
        replayed = self.replay("-o", "again")
        self.assert_exit(replayed, 0)
        self.assertIn(f"run.rec: is cut at byte {len(whole) - 10}", replayed.stderr)
        self.assertEqual(self.files("again"), self.files("data"))
        middle = len(whole) // 2
        for damaged in (whole[:middle] + bytes([whole[middle] ^ 0x55]) + whole[middle + 1:], whole + b"x" * 99, b"id,name\r\n", b""):
            (self.folder / "run.rec").write_bytes(damaged)
            replayed = self.replay("-o", "never")
            self.assert_exit(replayed, 2)
            self.assertIn("run.rec", replayed.stderr)
        self.assertFalse((self.folder / "never").exists())
        self.assert_exit(self.batch("replay", "nothing.rec"), 2)

    def test_that_cannot_be_written_ends_the_run(self):
        fake = self.fake("--rows", "calls=3000", "--limits", "none")
        run = subprocess.run([BATCH, "-e", "calls", "--dry-run", "--log-file", "none", "--limits", "none", "--record", "run.rec"],
                             cwd=self.folder, env=self.environment(fake), capture_output=True, text=True, timeout=60,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000)))
        self.assert_exit(run, 5)
        self.assertIn("run.rec: the file would be too large", run.stderr.splitlines()[-1])
        self.assertLess(len([r for r in fake.requests() if r["endpoint"] == "calls"]), 12)

    def test_takes_no_other_files_place(self):
        fake = self.fake(*SMALL)
        (self.folder / "notes.txt").write_text("mine")
        run = self.batch("-e", "tags", "--record", "notes.txt", fake=fake)
        self.assert_exit(run, 2)
        self.assertEqual((self.folder / "notes.txt").read_text(), "mine")
        self.assert_exit(self.batch("-e", "tags", "--record", "no/such/run.rec", fake=fake), 5)
        self.assertEqual(fake.requests(), [])

    def test_of_another_schema_is_replayed_with_a_warning(self):
        self.assert_exit(self.batch("-e", "tags", "--record", "run.rec", fake=self.fake(*SMALL)), 0)
        first, *rest = self.lines()
        other = json.loads(first)
        other.update(schema="0" * 16, program="0.0.1")
        compact = json.dumps(other, separators=(",", ":"))
        (self.folder / "run.rec").write_bytes(b"".join(gzip.compress((line + "\n").encode()) for line in [compact, *rest]))
        replayed = self.replay("-o", "again")
        self.assert_exit(replayed, 0)
        self.assertIn("another schema, by callrail-batch 0.0.1", replayed.stderr)
        other.update(callrail_recording=2, program="9.0.0")
        (self.folder / "run.rec").write_bytes(gzip.compress((json.dumps(other, separators=(",", ":")) + "\n").encode()))
        refused = self.replay("-o", "again")
        self.assert_exit(refused, 2)
        self.assertIn("format 2", refused.stderr)


if __name__ == "__main__":
    main()
