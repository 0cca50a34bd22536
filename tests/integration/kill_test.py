#!/usr/bin/env python3
"""Kills callrail-batch with SIGKILL, at every call that changes a file and at random moments, and runs it again.

After a kill every visible file is either the one that stood there before or the new one, whole. After the next run that
ends well the files are byte for byte those of a run nobody disturbed, at any --jobs.

CALLRAIL_KILLS=N: about how many (90); CALLRAIL_SEED: of the random moments. scripts/kill.sh runs the long form.
"""
import collections
import contextlib
import datetime
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import harness

KILLER = os.environ["CALLRAIL_KILLER"]
KILLS = int(os.environ.get("CALLRAIL_KILLS") or 90)
SEED = int(os.environ.get("CALLRAIL_SEED") or 1)
FIGURES = os.environ.get("CALLRAIL_FIGURES")
# Whether a run goes on where a killed one left off, and takes away what that one left behind.
RUNS_RESUME = True

OLD = b"what an earlier run left here\n"
FORMATS = ("csv", "jsonl", "json", "xml")
WAYS = ("before", "after", "within")


def note_figure(name, number):
    if FIGURES:
        pathlib.Path(FIGURES).mkdir(parents=True, exist_ok=True)
        (pathlib.Path(FIGURES) / f"{name}.txt").write_text(f"{number}\n")


class Job:
    """A command line, and what it makes when nobody disturbs it."""

    def __init__(self, case, fake, endpoints, *options, file_format="csv", jobs=4):
        self.case, self.fake, self.endpoints, self.format = case, fake, endpoints, file_format
        self.options = ["--endpoints", ",".join(endpoints), "--format", file_format, "--jobs", str(jobs), "--limits", "none",
                        "--no-env-file", "--progress", "never", "--quiet", *options]
        self.folder = case.folder / "job"

    def fresh(self):
        """An empty folder but for files of an earlier run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "data").mkdir(parents=True)
        for name in self.endpoints:
            self.file(name).write_bytes(OLD)

    def file(self, name):
        return self.folder / "data" / f"{name}.{self.format}"

    def start(self, **killer):
        environment = self.case.environment(self.fake, **killer)
        return subprocess.Popen([harness.BATCH, *self.options], cwd=self.folder, env=environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def start_with_killer(self, **orders):
        return self.start(LD_PRELOAD=KILLER, ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0",
                          **{f"CALLRAIL_KILL_{k.upper()}": str(v) for k, v in orders.items()})

    def finish(self):
        """Runs to the end, and says what the files are."""
        run = self.start()
        _, words = run.communicate(timeout=120)
        self.case.assertEqual(run.returncode, 0, words)
        return self.hashes()

    def hashes(self):
        """Of the data; what begins with a dot or a _ is the program's own."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((self.folder / "data").iterdir())
                if path.name[0] not in "._"}

    def calls(self):
        """The calls of an undisturbed run that change files."""
        log = self.folder / "calls.txt"
        log.unlink(missing_ok=True)
        run = self.start_with_killer(log=log)
        _, words = run.communicate(timeout=120)
        self.case.assertEqual(run.returncode, 0, words)
        return log.read_text().splitlines()


class Kill(harness.Case):
    kills = collections.Counter()

    def setUp(self):
        super().setUp()
        # The fake goes on from noon of a day in the past, so that the days asked for are over for both.
        self.day = datetime.date.today() - datetime.timedelta(days=2)

    def start_fake(self, *options):
        return self.fake("--now", f"{self.day}T12:00:00Z", "--limits", "none", *options)

    def dates(self):
        return ["--start-date", str(self.day - datetime.timedelta(days=700)),
                "--end-date", str(self.day - datetime.timedelta(days=1))]

    def look_after_kill(self, job, whole, what):
        """Nothing half done may be seen."""
        old = hashlib.sha256(OLD).hexdigest()
        for name, digest in job.hashes().items():
            self.assertIn(digest, (old, whole.get(name)), f"{what}: {name} is neither the old file nor the new one")

    def look_after_rerun(self, job, whole, what):
        self.assertEqual(job.finish(), whole, f"{what}: the next run made other files")
        left = [path.name for path in (job.folder / "data").iterdir() if ".part" in path.name]
        if RUNS_RESUME:
            self.assertEqual(left, [], f"{what}: working files are left")

    def killed(self, run, what):
        _, words = run.communicate(timeout=120)
        if run.returncode == 0:
            return False
        self.assertEqual(run.returncode, -signal.SIGKILL, f"{what}: {words}")
        return True

    def test_at_every_call_that_changes_a_file(self):
        fake = self.start_fake("--rows", "tags=30,form_submissions=40")
        wanted = KILLS * 2 // 3
        jobs = [Job(self, fake, ("tags", "form_submissions"), "--batch-size", "10", *self.dates(), file_format=f, jobs=j)
                for j in (4, 1, 8) for f in FORMATS]
        rounds, done = collections.Counter(), 0
        while done < wanted:
            job = jobs[sum(rounds.values()) % len(jobs)]
            rounds[job] += 1
            job.fresh()
            calls = job.calls()
            whole = job.hashes()
            self.assertEqual(sorted(whole), sorted(f"{name}.{job.format}" for name in job.endpoints))
            self.assertNotIn(hashlib.sha256(OLD).hexdigest(), whole.values())
            points = [(n, way) for n in range(1, len(calls) + 1) for way in WAYS
                      if way != "within" or calls[n - 1].startswith(("write", "pwrite"))]
            # A short form takes every so-many-th point of the round, a long one all of them.
            points = points[::-(-len(points) // max(wanted - done, 1))]
            for n, way in points:
                what = f"{job.format}, killed {way} call {n}: {calls[n - 1]}"
                job.fresh()
                if not self.killed(job.start_with_killer(at=n, when=way), what):
                    continue  # with several requests in flight a run may make a call fewer
                done += 1
                self.kills[f"{way} a call"] += 1
                self.look_after_kill(job, whole, what)
                self.look_after_rerun(job, whole, what)
        self.assertGreater(len(calls), 5)
        print(f"\n{done} kills in {sum(rounds.values())} rounds of {len(calls)} calls")

    def test_while_a_file_is_made_of_the_rows(self):
        self.needs_parquet()
        fake = self.start_fake("--rows", "form_submissions=40")
        wanted = max(KILLS // 4, 1)
        for jobs in (4, 8):
            job = Job(self, fake, ("form_submissions",), "--batch-size", "10", *self.dates(), file_format="parquet", jobs=jobs)
            job.fresh()
            calls = job.calls()
            whole = job.hashes()
            first = next(n for n, call in enumerate(calls, 1) if ".form_submissions.parquet.part" in call)
            points = [(n, way) for n in range(first, len(calls) + 1) for way in WAYS
                      if way != "within" or calls[n - 1].startswith(("write", "pwrite"))]
            self.assertTrue(any(way == "within" and ".parquet.part" in calls[n - 1] for n, way in points), calls)
            for n, way in points[::-(-len(points) * 2 // wanted)]:
                what = f"parquet, killed {way} call {n}: {calls[n - 1]}"
                job.fresh()
                if not self.killed(job.start_with_killer(at=n, when=way), what):
                    continue
                self.kills[f"{way} a call"] += 1
                self.look_after_kill(job, whole, what)
                self.look_after_rerun(job, whole, what)

    def test_leaves_no_checkpoint_that_a_power_cut_could_bring_back(self):
        job = Job(self, self.start_fake("--rows", "tags=30"), ("tags",), jobs=1)
        checkpoint = job.folder / "data/.callrail-run.sqlite"
        old = hashlib.sha256(OLD).hexdigest()
        # The first run makes the ledger, which the next ones find; and what is written there hangs on the time, so that
        # a run may make a call more than the one before.
        for _ in range(10):
            job.fresh()
            calls = job.calls()
            removed = [n for n, call in enumerate(calls) if call == "remove data/.callrail-run.sqlite"]
            self.assertEqual(len(removed), 1, calls)
            self.assertIn(f"fsync {job.folder.resolve() / 'data'}", calls[removed[0]:])
            # One that comes back all the same, as the last call left it, keeps nobody from reading anew.
            job.fresh()
            if (self.killed(job.start_with_killer(at=removed[0] + 1, when="before"), "the removal")
                    and checkpoint.exists() and old not in job.hashes().values()):
                break
        else:
            self.fail("no run was killed between its last file and the removal of its checkpoint")
        kept = checkpoint.read_bytes()
        job.finish()
        self.assertFalse(checkpoint.exists())
        checkpoint.write_bytes(kept)
        before = len(job.fake.requests())
        job.finish()
        self.assertGreater(len(job.fake.requests()), before)

    def test_at_random_moments_of_a_larger_job(self):
        fake = self.start_fake("--rows", "calls=3000,text_messages=1000", "--delay", "2ms")
        dice = random.Random(SEED)
        done, wanted = 0, KILLS - KILLS * 2 // 3
        for turn in range(10 * wanted):
            job = Job(self, fake, ("calls", "text_messages"), "--batch-size", "50", "--fields", "calls:id,start_time,note",
                      *self.dates(), file_format=FORMATS[turn % len(FORMATS)], jobs=(4, 1, 8)[turn % 3])
            if turn < len(FORMATS):
                job.fresh()
                begin = time.monotonic()
                references = {} if turn == 0 else references
                references[job.format] = job.finish()
                took = time.monotonic() - begin
            whole = references[job.format]
            job.fresh()
            # Some runs are killed several times before one may end.
            for _ in range(dice.choice((1, 1, 1, 2, 3))):
                what = f"seed {SEED}, turn {turn}, {job.format}"
                run = job.start()
                try:
                    run.wait(timeout=dice.uniform(0, took))
                except subprocess.TimeoutExpired:
                    run.kill()
                if self.killed(run, what):
                    done += 1
                    self.kills["at a random moment"] += 1
                self.look_after_kill(job, whole, what)
            self.look_after_rerun(job, whole, what)
            if done >= wanted:
                break
        self.assertGreaterEqual(done, wanted)
        print(f"\n{done} kills at random moments of {took:.2f} s")

    def into_table(self, fake, address, **more):
        """A process that keeps tables current, as it is started."""
        return subprocess.Popen([harness.BATCH, "-e", "calls,tags", "--output", address, "--limits", "none", "--no-env-file", "--progress", "never",
                                 "--quiet", "--batch-size", "20"], cwd=self.folder, env=self.environment(fake, **more), stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def finish_table(self, fake, address, query, what=""):
        """Runs to the end; the tables then."""
        _, words = (run := self.into_table(fake, address)).communicate(timeout=120)
        self.assertEqual(run.returncode, 0, f"{what}: {words}")
        self.assertEqual(query("SELECT count(*) FROM _lease") + query("SELECT count(*) FROM runs WHERE status = 'running'"), [("0",), ("0",)],
                         what)
        for name in ("calls", "tags"):
            self.assertEqual(query(f"SELECT sum(created) FROM runs WHERE endpoint = '{name}'"), query(f"SELECT count(*) FROM {name}"), what)
        return self.rows_of(query)

    @staticmethod
    def rows_of(query):
        return [query(statement) for statement in ("SELECT id, note FROM calls WHERE _removed_at IS NULL ORDER BY id",
                                                   "SELECT id, name FROM tags WHERE _removed_at IS NULL ORDER BY id",
                                                   "SELECT call_id, _n, value FROM call_tags ORDER BY 1, 2")]

    def test_at_every_call_that_changes_a_database_file(self):
        fake = self.start_fake("--rows", "calls=60,tags=20", "--plain")
        file, address = self.folder / "callrail.db", "sqlite:callrail.db"
        self.assert_exit(self.batch("migrate", "--output", address), 0)
        empty = file.read_bytes()

        def query(statement):
            with contextlib.closing(sqlite3.connect(file)) as db:
                return [tuple("" if value is None else str(value) for value in row) for row in db.execute(statement)]

        def fresh():
            for path in self.folder.glob("callrail.db*"):
                path.unlink()
            file.write_bytes(empty)

        killer = {"LD_PRELOAD": KILLER, "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
        whole = self.finish_table(fake, address, query)
        self.assertEqual([len(rows) > 10 for rows in whole], [True] * 3)
        fresh()
        log = self.folder / "calls.txt"
        _, words = (run := self.into_table(fake, address, CALLRAIL_KILL_LOG=str(log), **killer)).communicate(timeout=120)
        self.assertEqual(run.returncode, 0, words)
        calls = log.read_text().splitlines()
        points = [(n, way) for n in range(1, len(calls) + 1) for way in WAYS
                  if "callrail.db" in calls[n - 1] and (way != "within" or calls[n - 1].startswith(("write", "pwrite")))]
        points = points[::-(-len(points) * 3 // KILLS)]
        for n, way in points:
            what = f"killed {way} call {n}: {calls[n - 1]}"
            fresh()
            if not self.killed(self.into_table(fake, address, CALLRAIL_KILL_AT=str(n), CALLRAIL_KILL_WHEN=way, **killer), what):
                continue
            self.kills["SQLite"] += 1
            self.assertEqual(query("PRAGMA integrity_check"), [("ok",)], what)
            for there, wanted in zip(self.rows_of(query), whole):
                self.assertLessEqual(set(there), set(wanted), what)
            self.assertEqual(self.finish_table(fake, address, query, what), whole, what)
        self.assertGreater(self.kills["SQLite"], len(points) / 2)

    def test_at_random_moments_of_a_run_into_a_server(self):
        server, name = self.postgres()
        fake = self.start_fake("--rows", "calls=300,tags=20", "--plain", "--delay", "5ms")
        address = server.address(name)

        def query(statement):
            return [tuple(line.split("|")) for line in server.psql(name, statement)]

        self.assert_exit(self.batch("migrate", "--output", address), 0)
        begin = time.monotonic()
        whole = self.finish_table(fake, address, query)
        took = time.monotonic() - begin
        tables = [row[0] for row in query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = "
                                          "'BASE TABLE' AND table_name NOT LIKE '%schema'")]
        dice = random.Random(SEED)
        for turn in range(turns := min(KILLS // 9, 50)):
            query(f"TRUNCATE {', '.join(tables)}")
            for _ in range(2):
                run = self.into_table(fake, address)
                try:
                    run.wait(timeout=dice.uniform(0, took))
                except subprocess.TimeoutExpired:
                    run.kill()
                self.kills["PostgreSQL"] += self.killed(run, f"seed {SEED}, turn {turn}")
            self.assertEqual(self.finish_table(fake, address, query, f"turn {turn}"), whole, f"seed {SEED}, turn {turn}")
        self.assertGreater(self.kills["PostgreSQL"], turns / 2)

    @classmethod
    def tearDownClass(cls):
        form = "" if "CALLRAIL_KILLS" in os.environ else " in ctest"
        for name in ("SQLite", "PostgreSQL"):
            if number := cls.kills.pop(name, 0):
                print(f"\n{number} kills of runs into {name}")
                note_figure(f"kills {name}{form}", number)
        total = sum(cls.kills.values())
        print(f"\n{total} kills: " + ", ".join(f"{n} {way}" for way, n in sorted(cls.kills.items())))
        note_figure("kills" if "CALLRAIL_KILLS" in os.environ else "kills in ctest", total)


if __name__ == "__main__":
    harness.main()
