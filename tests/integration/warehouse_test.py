"""A database that is kept current, seen from outside. Names in brackets are lines of the acceptance list, part B; each
holds on SQLite and on PostgreSQL."""
import contextlib
import csv
import datetime
import glob
import json
import os
import pathlib
import signal
import sqlite3
import sys
import time
import unittest
import urllib.error
import urllib.parse

from harness import Case, Fake, main

sys.path.insert(0, str(pathlib.Path(os.environ["CALLRAIL_SOURCE"]) / "tests/support"))
from postgres_server import Borrowed  # noqa: E402

ELEVEN = ["accounts", "calls", "companies", "form_submissions", "integrations", "tags", "trackers", "users", "text_messages",
          "notifications", "outbound_caller_ids"]
SMALL = ["--rows", "calls=120,form_submissions=30,text_messages=30,tags=6", "--limits", "none", "--plain"]
DAY = datetime.timedelta(days=1)
FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Lite:
    """One file."""
    name = "callrail.db"

    def __init__(self, case, file="callrail.db"):
        self.path = case.folder / file
        self.address = f"sqlite:{file}"

    def query(self, statement):
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as db:
            return [tuple("" if value is None else str(value) for value in row) for row in db.execute(statement)]

    def make(self, statement):
        with contextlib.closing(sqlite3.connect(self.path)) as db, db:
            db.execute(statement)

    def other_name(self):
        os.link(self.path, self.path.with_name("link.db"))
        return "sqlite:link.db"

    def all_of_it(self):
        return self.path.read_bytes(), sorted(path.name for path in self.path.parent.glob(self.name + "*"))

    def member(self, column, name):
        return f"json_extract({column}, '$.{name}')"


class Postgres:
    def __init__(self, case, _=None):
        self.server = Borrowed.get()
        self.database = self.server.new_database()
        case.addCleanup(self.server.drop, self.database)
        self.address = self.server.address(self.database)

    def query(self, statement):
        return [tuple(line.split("|")) for line in self.server.psql(self.database, statement)]

    def make(self, statement):
        self.server.psql(self.database, statement)

    def other_name(self):
        return self.server.address(self.database, tcp=True)

    def all_of_it(self):
        return self.server.psql(self.database, "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace")

    def member(self, column, name):
        return f"{column} ->> '{name}'"


class Warehouse(Case):
    """What both databases have to do. Not run by itself."""

    def setUp(self):
        super().setUp()
        self.db = self.new_database()

    def new_database(self, file="callrail.db"):
        raise NotImplementedError

    def sync(self, *options, fake, code=0, to=None, **more):
        run = self.batch("--output", (to or self.db).address, "--limits", "none", "--summary-json", "summary.json", *options,
                         fake=fake, **more)
        self.assert_exit(run, code)
        return run

    def first(self, *options, fake, **more):
        return self.sync("--migrate", *(options or ["--all"]), fake=fake, **more)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))

    def counts(self, endpoint=None):
        """created, updated, unchanged, rejected of the last run."""
        summary = self.summary()
        stored = summary["stored"] if endpoint is None else next(e for e in summary["endpoints"] if e["name"] == endpoint)["stored"]
        return tuple(stored[0][name] for name in ("created", "updated", "unchanged", "rejected"))

    def number(self, statement):
        return int(self.db.query(statement)[0][0])

    def source(self, fake, endpoint):
        return [json.loads(line) for line in fake.ask(f"/__fake/rows?endpoint={endpoint}").splitlines()]

    def change(self, fake, action, **parameters):
        return json.loads(fake.ask(f"/__fake/{action}?{urllib.parse.urlencode(parameters)}"))

    def edit(self, fake, endpoint, row, field, value):
        """Of a field that says where the row belongs too; the row stays there."""
        self.change(fake, "misspell", endpoint=endpoint, account=self.account_of(endpoint, row), key=row["id"], field=field,
                    value=json.dumps(value))

    def account_of(self, endpoint, row):
        return self.db.query(f"SELECT _account_id FROM {endpoint} WHERE id = '{row['id']}'")[0][0]

    def aged(self, fake, days):
        """The youngest call that is at least so old."""
        limit = datetime.datetime.now(datetime.timezone.utc) - days * DAY
        old = [row for row in self.source(fake, "calls") if instant(row["start_time"]) < limit]
        return max(old, key=lambda row: instant(row["start_time"]))

    def since(self, fake):
        """Forgets the requests so far; a function that gives those since."""
        before = len(fake.requests())
        return lambda: [r for r in fake.requests()[before:] if not r["path"].startswith("/__fake")]

    # Basics

    def test_tables_are_made_once_and_needed(self):  # B1
        fake = self.fake(*SMALL)
        run = self.batch("-e", "tags", "--output", self.db.address, fake=fake)
        self.assert_exit(run, 2)
        self.assertIn("run: callrail-batch migrate --output ", run.stderr)
        self.assertEqual(fake.requests(), [])
        made = self.batch("migrate", "--output", self.db.address, CALLRAIL_API_KEY=None)
        self.assert_exit(made, 0)
        again = self.batch("migrate", "--output", self.db.address)
        self.assert_exit(again, 0)
        self.assertIn("up to date", again.stdout)
        self.sync("-e", "tags", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM tags"), len(self.source(fake, "tags")))

    def test_a_database_without_our_tables_is_not_touched(self):
        fake = self.fake(*SMALL)
        self.db.make("CREATE TABLE pets (name text, legs integer)")
        before = self.db.all_of_it()
        verbs = (["history"], ["history", "--stale"], ["check", "--orphans"], ["reconcile", "--days", "3"], ["-e", "tags"],
                 ["copy", "--from", "sqlite:other.db"])
        Lite(self, "other.db").make("CREATE TABLE pets (name text, legs integer)")
        for verb in verbs:
            run = self.batch(*verb, "--output", self.db.address, fake=fake)
            self.assert_exit(run, 2)
            self.assertIn("it has no tables of this program yet; run: callrail-batch migrate --output ", run.stderr)
        self.assertEqual(fake.requests(), [])
        self.assertEqual(self.db.all_of_it(), before)
        self.db.make("CREATE TABLE calls (somebody text)")
        before = self.db.all_of_it()
        refused = self.batch("migrate", "--output", self.db.address)
        self.assert_exit(refused, 2)
        self.assertIn("there is a table calls that is not of callrail-batch", refused.stderr)
        self.assertEqual(self.db.all_of_it(), before)

    def test_the_first_run_loads_everything(self):  # B2 B6 B13
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        for name in ELEVEN:
            self.assertEqual(self.number(f"SELECT count(*) FROM {name}"), len(self.source(fake, name)), name)
        self.assertIn("full load", (self.folder / "logs/callrail-batch.log").read_text(encoding="utf-8"))
        tags = sum(len(row["tags"] or []) for row in self.source(fake, "calls"))
        self.assertEqual(self.number("SELECT count(*) FROM call_tags"), tags)
        self.assertEqual(self.number("SELECT count(*) FROM calls JOIN companies ON companies.id = calls.company_id"),
                         self.number("SELECT count(*) FROM calls WHERE company_id IS NOT NULL"))
        self.assertEqual(self.number("SELECT count(*) FROM v_call WHERE company_id IS NOT NULL AND company_name IS NULL"), 0)
        orphans = self.batch("check", "--orphans", "--output", self.db.address, CALLRAIL_API_KEY=None)
        self.assert_exit(orphans, 0)
        self.assertIn("every row has the rows it refers to", orphans.stdout)

    def test_columns_are_filled(self):  # B5
        fake = self.fake("--rows", "calls=300", "--limits", "none")
        self.first("-e", "calls", fake=fake)
        for column in ("agent_email", "call_type", "campaign", "company_name", "note", "tags", "lead_status", "value", "recording",
                       "recording_duration"):
            at_source = sum(row.get(column) is not None for row in self.source(fake, "calls"))
            here = self.number(f"SELECT count({column}) FROM calls")
            self.assertEqual(here, at_source, column)

    def test_one_account(self):  # B3
        fake = self.fake(*SMALL)
        self.first("-e", "accounts", fake=fake)
        accounts = sorted(row["id"] for row in self.source(fake, "accounts"))
        self.sync("-e", "calls", "--account-id", accounts[0], fake=fake)
        self.assertEqual(self.db.query("SELECT DISTINCT _account_id FROM calls"), [(accounts[0],)])
        unknown = self.sync("-e", "calls", "--account-id", "ACC019c2013236d7b1fb0c881bd94d82691", fake=fake, code=1)
        for account in accounts:
            self.assertIn(account, unknown.stderr)

    def test_asks_for_nothing_else(self):  # B4
        fake = self.fake(*SMALL)
        self.first("-e", "companies,trackers", fake=fake)
        self.assertEqual({r["endpoint"] for r in fake.requests()}, {"accounts", "companies", "trackers"})
        run = self.sync("-e", "callz", fake=fake, code=2)
        self.assertIn("calls", run.stderr)

    def test_a_call_of_an_unknown_company_is_kept(self):  # B6
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        row = self.aged(fake, 1)
        self.edit(fake, "calls", row, "company_id", "COM019c2013236d7b1fb0c881bd94d82691")
        self.sync("-e", "calls", fake=fake)
        orphans = self.batch("check", "--orphans", "--output", self.db.address)
        self.assert_exit(orphans, 0)
        self.assertIn("calls.company_id: 1 rows", orphans.stdout)
        self.assertIn("COM019c2013236d7b1fb0c881bd94d82691", orphans.stdout)

    # Delta

    def test_a_second_run_changes_nothing_and_asks_little(self):  # B7
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        before = self.db.query("SELECT * FROM calls ORDER BY 1, 2")
        since = self.since(fake)
        self.sync("--all", fake=fake)
        created, updated, unchanged, rejected = self.counts()
        self.assertEqual((created, updated, rejected), (0, 0, 0))
        self.assertGreater(unchanged, 0)
        self.assertEqual(self.db.query("SELECT * FROM calls ORDER BY 1, 2"), before)
        calls = [r for r in since() if r["endpoint"] == "calls"]
        self.assertEqual(len(calls), 2)  # a page of each account
        for request in calls:
            begin = instant(request["query"]["start_date"] + ":00+00:00")
            self.assertLess(datetime.datetime.now(datetime.timezone.utc) - begin, 20 * DAY)
            self.assertEqual(request["query"]["time_zone"], "UTC")

    def test_new_and_changed_rows_are_seen(self):  # B8
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        row = self.aged(fake, 3)
        account = self.account_of("calls", row)
        keys = [self.change(fake, "insert", endpoint="calls", account=account)["key"] for _ in range(3)]
        self.edit(fake, "calls", row, "tags", ["Odd", "Even"])
        self.sync("--all", fake=fake)
        self.assertEqual(self.counts("calls")[:2], (3, 1))
        for key in keys:
            self.assertEqual(self.number(f"SELECT count(*) FROM calls WHERE id = '{key}'"), 1)
        self.assertEqual(self.db.query(f"SELECT value FROM call_tags WHERE call_id = '{row['id']}' ORDER BY _n"), [("Odd",), ("Even",)])

    def test_an_edit_before_the_look_back(self):  # B9 B10
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        note = lambda row: self.db.query(f"SELECT note FROM calls WHERE id = '{row['id']}'")[0][0]  # noqa: E731
        row = self.aged(fake, 30)
        self.edit(fake, "calls", row, "note", "Called again.")
        self.sync("--all", fake=fake)
        self.assertNotEqual(note(row), "Called again.")
        age = datetime.datetime.now(datetime.timezone.utc) - instant(row["start_time"])
        since = self.since(fake)
        self.sync("-e", "calls,form_submissions", "--lookback", f"calls:{age.days + 5}d,0", fake=fake)
        self.assertEqual(note(row), "Called again.")
        begins = {r["endpoint"]: min(q["query"]["start_date"] for q in since() if q["endpoint"] == r["endpoint"]) for r in since()
                  if "start_date" in r["query"]}
        self.assertLess(instant(begins["calls"] + ":00+00:00"), instant(row["start_time"]))
        last = self.db.query("SELECT max(submitted_at) FROM form_submissions GROUP BY _account_id ORDER BY 1")[0][0]
        self.assertGreater(begins["form_submissions"] + ":59", last.replace(" ", "T")[:16])

        self.edit(fake, "calls", row, "note", "And again.")
        self.sync("--full", "--all", fake=fake)
        self.assertEqual(note(row), "And again.")
        self.edit(fake, "calls", row, "note", "A third time.")
        self.assert_exit(self.batch("reconcile", "--days", str(age.days + 5), "--fix", "-e", "calls", "--limits", "none",
                                    "--output", self.db.address, fake=fake), 0)
        self.assertEqual(note(row), "A third time.")

    def test_nothing_is_lost_that_comes_while_it_reads(self):  # B11
        fake = self.fake("--rows", "calls=700", "--limits", "none", "--plain", "--delay", "20ms", "--mutate", "calls:*=insert")
        self.first("-e", "calls", "--jobs", "1", "--batch-size", "100", fake=fake)
        self.sync("-e", "calls", fake=fake)
        at_source = {row["id"] for row in self.source(fake, "calls")}
        here = {row[0] for row in self.db.query("SELECT id FROM calls")}
        # Those inserted by the last requests may come with the next run.
        self.assertLessEqual(len(at_source - here), 3)
        self.assertEqual(here - at_source, set())
        self.assertGreater(len(here), 700)

    def test_goes_on_after_a_kill(self):  # B12
        rows = ["--rows", "calls=3000", "--limits", "none", "--plain"]
        fake = self.fake(*rows)
        other = self.new_database("other.db")
        since = self.since(fake)
        self.first("-e", "calls", "--jobs", "1", fake=fake, to=other)
        full = len(since())
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        since = self.since(fake)
        run = self.start_batch("-e", "calls", "--jobs", "1", "--output", self.db.address, "--limits", "10/s", fake=fake)
        deadline = time.monotonic() + 60
        while len(since()) < full * 0.75 and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        since = self.since(fake)
        self.sync("-e", "calls", "--jobs", "1", fake=fake)
        self.assertLess(len(since()), full * 0.6)
        self.assertEqual(self.db.query("SELECT id FROM calls ORDER BY id"), other.query("SELECT id FROM calls ORDER BY id"))

    def test_full_ignores_how_far_it_was_read(self):  # B14
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        for options in (["--full"], ["--full-sync", "--jobs", "8"], ["--mode", "full"]):
            since = self.since(fake)
            self.sync("--all", *options, fake=fake)
            begins = {r["query"]["start_date"] for r in since() if "start_date" in r["query"]}
            self.assertEqual(len(begins), 1)
            self.assertLess(min(begins), (datetime.date.today() - 700 * DAY).isoformat())

    def test_fields_that_were_left_out_come_with_the_next_run_that_has_them(self):
        fake = self.fake(*SMALL)
        filled = "SELECT count(*) FROM calls WHERE duration IS NOT NULL"
        self.first("-e", "calls", "--fields", "id,note", fake=fake)
        self.assertEqual(self.number(filled), 0)
        self.sync("-e", "calls", fake=fake)
        everything = self.number(filled)
        self.assertEqual(everything, sum(row["duration"] is not None for row in self.source(fake, "calls")))
        self.assertGreater(everything, 0)
        # And a run that leaves them out goes on where the last such run was.
        self.sync("-e", "calls", "--fields", "id,note", "--lookback", "0", fake=fake)
        self.assertLess(sum(self.counts()), self.number("SELECT count(*) FROM calls"))
        self.assertEqual(self.number(filled), everything)

    def test_a_run_with_some_fields_compares_and_writes_only_these(self):
        fake = self.fake(*SMALL)
        self.first("-e", "calls", fake=fake)
        everything = self.db.query("SELECT * FROM calls ORDER BY 1, 2")
        rows = self.number("SELECT count(*) FROM calls")
        some = ["-e", "calls", "--fields", "id,note", "--full"]
        self.sync(*some, fake=fake)
        self.assertEqual(self.counts(), (0, 0, rows, 0))
        self.assertEqual(self.db.query("SELECT * FROM calls ORDER BY 1, 2"), everything)
        row = self.aged(fake, 2)
        others = f"SELECT duration, tags, customer_phone_number, _extra FROM calls WHERE id = '{row['id']}'"
        before = self.db.query(others)
        self.edit(fake, "calls", row, "note", "Called again.")
        self.sync(*some, fake=fake)
        self.assertEqual(self.counts(), (0, 1, rows - 1, 0))
        self.assertEqual(self.db.query(others), before)
        self.assertEqual(self.db.query(f"SELECT note FROM calls WHERE id = '{row['id']}'"), [("Called again.",)])
        self.sync("-e", "calls", "--full", fake=fake)
        self.assertEqual(self.counts(), (0, 0, rows, 0))
        self.edit(fake, "calls", row, "note", row["note"])
        self.sync("-e", "calls", "--full", fake=fake)
        self.assertEqual(self.counts(), (0, 1, rows - 1, 0))

    def test_named_days_move_nothing(self):  # B15
        fake = self.fake(*SMALL)
        self.first("-e", "tags", fake=fake)
        day = instant(self.aged(fake, 60)["start_time"]).date()
        since = self.since(fake)
        days = ["--start-date", day.isoformat(), "--end-date", day.isoformat()]
        self.sync("-e", "calls", *days, fake=fake)
        asked = [r["query"] for r in since() if r["endpoint"] == "calls"]
        self.assertEqual({(q["start_date"], q["end_date"]) for q in asked}, {(day.isoformat(), day.isoformat())})
        some = self.number("SELECT count(*) FROM calls")
        self.assertLess(some, 20)
        self.sync("-e", "calls", fake=fake)  # a full load: these days were no history
        self.assertEqual(self.number("SELECT count(*) FROM calls"), len(self.source(fake, "calls")))
        cursor = self.db.query("SELECT list, value FROM _cursor WHERE endpoint = 'calls' ORDER BY 1")
        self.sync("-e", "calls", *days, fake=fake)
        self.assertEqual(self.db.query("SELECT list, value FROM _cursor WHERE endpoint = 'calls' ORDER BY 1"), cursor)

    def test_combinations_that_make_no_sense(self):  # B16 B20 B21
        fake = self.fake(*SMALL)
        for options in (["--start-date", "2024-13-01"], ["--end-date", "yesterday"],
                        ["--start-date", "2026-02-02", "--end-date", "2026-02-01"],
                        ["--full", "--start-date", "2026-01-01"], ["--full-sync", "--days", "3"], ["--limit", "-1"],
                        ["--batch-size", "251"], ["--batch-size", "0"], ["--mode", "delta", "--full"], ["--format", "jsonl"],
                        ["--nested", "flatten"], ["--lookback", "soon"], ["--lookback", ""],
                        ["--lookback", "7 d"], ["--lookback", "--all"], ["--output", "-"]):
            run = self.sync("-e", "calls", *options, fake=fake, code=2)
            self.assertIn(options[0], run.stderr)
        self.assertEqual(fake.requests(), [])

    def test_rows_that_are_gone_are_marked_and_come_back(self):  # B18
        fake = self.fake(*SMALL)
        self.first("-e", "tags", fake=fake)
        tag = self.source(fake, "tags")[0]
        account = self.account_of("tags", tag)
        self.change(fake, "hide", endpoint="tags", account=account, key=tag["id"])
        self.sync("-e", "tags", fake=fake)
        gone = f"SELECT count(*) FROM tags WHERE id = '{tag['id']}' AND _removed_at IS NOT NULL AND _removed_reason = 'not_listed'"
        self.assertEqual(self.number(gone), 1)
        self.assertEqual(self.number(f"SELECT count(*) FROM v_tag WHERE id = '{tag['id']}'"), 0)
        self.assertEqual(self.summary()["stored"][0]["removed"], 1)
        self.sync("-e", "tags", fake=fake)
        self.assertEqual((self.number(gone), self.summary()["stored"][0]["removed"]), (1, 0))
        fake.ask("/__fake/reset")  # it is there again
        self.sync("-e", "tags", fake=fake)
        self.assertEqual(self.number(gone), 0)
        self.assertEqual(self.db.query(f"SELECT id, name FROM v_tag WHERE id = '{tag['id']}'"), [(str(tag["id"]), tag["name"])])
        self.assertEqual(self.summary()["stored"][0]["returned"], 1)
        self.assertEqual(self.counts("tags")[0], 0)

    def test_a_reading_that_failed_marks_nothing(self):  # B18 B28
        rows = ["--rows", "tags=600", "--limits", "none", "--plain"]
        with Fake(*rows, folder=self.folder) as fake:
            self.first("-e", "tags", "--jobs", "1", fake=fake)
        fake = self.fake(*rows, "--fault", "tags:2-4=500")  # page 2, and asked for again
        tag = self.source(fake, "tags")[0]
        self.change(fake, "hide", endpoint="tags", account=self.account_of("tags", tag), key=tag["id"])
        since = self.since(fake)
        run = self.sync("-e", "tags,companies", "--jobs", "1", "--max-retries", "2", fake=fake, code=1)
        self.assertIn("tags", run.stderr)
        self.assertEqual([r["status"] for r in since() if r["endpoint"] == "tags"][:4], [200, 500, 500, 500])
        removed = "SELECT id FROM tags WHERE _removed_at IS NOT NULL"
        self.assertEqual(self.db.query(removed), [])
        self.assertEqual(self.number("SELECT count(*) FROM companies"), len(self.source(fake, "companies")))
        self.sync("-e", "tags,companies", "--jobs", "1", fake=fake)
        self.assertEqual(self.db.query(removed), [(str(tag["id"]),)])

    @unittest.skipUnless(FAKETIME, "no libfaketime is installed: scripts/setup.sh does")
    @unittest.skipIf("TSAN_OPTIONS" in os.environ, "a program with ThreadSanitizer hangs under libfaketime")
    def test_a_clock_that_is_a_day_off_loses_nothing(self):  # B17
        fake = self.fake(*SMALL)
        account = self.source(fake, "accounts")[0]["id"]
        self.first("-e", "calls", fake=fake)
        for days in ("-1d", "+1d", "-1d", "+0d"):
            keys = [self.change(fake, "insert", endpoint="calls", account=account)["key"] for _ in range(2)]
            # A sanitizer wants to be the first that is loaded.
            clock = {"LD_PRELOAD": FAKETIME[0], "FAKETIME": days, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                     "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
            run = self.batch("--version", **clock)
            if run.returncode:
                self.skipTest("libfaketime does not go with this build: " + run.stderr)
            self.sync("-e", "calls", "--lookback", "0", fake=fake, **clock)
            today = datetime.datetime.now(datetime.timezone.utc)
            began = self.db.query("SELECT started_at FROM runs ORDER BY run_id DESC LIMIT 1")[0][0]
            began = instant(began.replace("+00", "+00:00"))
            self.assertLess(abs(began - today - int(days[:2]) * DAY), DAY / 24, "its clock is off")
        here = {row[0] for row in self.db.query("SELECT id FROM v_call")}
        self.assertEqual(here, {row["id"] for row in self.source(fake, "calls")})
        self.assertLessEqual(set(keys), here)

    # Dry run, limits

    def test_a_dry_run_tells_and_writes_nothing(self):  # B19
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        self.sync("--all", "--dry-run", fake=fake)
        self.assertEqual(self.counts("calls"), (len(self.source(fake, "calls")), 0, 0, 0))
        for table in ELEVEN + ["call_tags", "_cursor", "rejects", "quality_issues"]:
            self.assertEqual(self.number(f"SELECT count(*) FROM {table}"), 0, table)
        self.assertEqual(self.db.query("SELECT DISTINCT mode FROM runs"), [("dry_run",)])
        self.sync("--all", fake=fake)
        self.assertEqual(self.counts("calls")[0], len(self.source(fake, "calls")))
        self.change(fake, "insert", endpoint="calls", account=self.source(fake, "accounts")[0]["id"])
        before = self.db.query("SELECT * FROM calls ORDER BY 1, 2")
        self.sync("--all", "--dry-run", fake=fake)
        self.assertEqual(self.counts("calls")[0], 1)
        self.assertEqual(self.db.query("SELECT * FROM calls ORDER BY 1, 2"), before)

    def test_a_limit_leaves_the_rest_for_the_next_run(self):  # B20
        fake = self.fake(*SMALL)
        self.first("-e", "calls", "--limit", "10", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM calls"), 10)
        self.sync("-e", "calls", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM calls"), len(self.source(fake, "calls")))

    def test_a_plan_reads_no_rows(self):  # B22
        fake = self.fake(*SMALL)
        self.first("-e", "calls", fake=fake)
        since = self.since(fake)
        plan = self.batch("plan", "-e", "calls", "--output", self.db.address, fake=fake)
        self.assert_exit(plan, 0)
        self.assertTrue(all(r["endpoint"] == "accounts" or r["query"]["per_page"] == "1" for r in since()))
        begins = [r["query"]["start_date"] for r in since() if r["endpoint"] == "calls"]
        self.assertTrue(all(instant(begin + ":00+00:00") > datetime.datetime.now(datetime.timezone.utc) - 30 * DAY for begin in begins))
        self.assertEqual(self.db.query("SELECT count(*) FROM runs WHERE mode = 'dry_run'"), [("0",)])

    # Validation and errors

    def test_rows_that_cannot_be_stored_are_kept_aside(self):  # B23 B32
        fake = self.fake(*SMALL)
        self.first("-e", "calls", fake=fake)
        rows = sorted(self.source(fake, "calls"), key=lambda row: row["start_time"])[-3:]
        for row, (field, value) in zip(rows, [("duration", -5), ("start_time", "soon"), ("id", None)]):
            self.edit(fake, "calls", row, field, value)
        run = self.sync("-e", "calls", "--full", fake=fake, code=1)
        self.assertIn("rejected", run.stderr)
        self.assertEqual(self.counts()[3], 3)
        rejects = self.db.query("SELECT endpoint, reason, raw FROM rejects ORDER BY reason")
        self.assertEqual([row[0] for row in rejects], ["calls"] * 3)
        self.assertTrue(any(rows[0]["id"] in row[2] for row in rejects))
        self.assertEqual(self.db.query("SELECT status FROM runs ORDER BY run_id DESC LIMIT 1"), [("partial",)])

    def test_what_looks_odd_is_a_warning(self):  # B24
        fake = self.fake(*SMALL)
        self.first("-e", "calls", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM quality_issues"), 0)
        row = self.aged(fake, 1)
        self.edit(fake, "calls", row, "customer_phone_number", "no number")
        self.sync("-e", "calls", "--skip-validation", "--dry-run", fake=fake)
        self.assertEqual(self.summary()["stored"][0]["warnings"], 0)
        self.sync("-e", "calls", "--strict", "--dry-run", fake=fake, code=1)
        self.assertEqual(self.counts()[3], 1)
        self.sync("-e", "calls", fake=fake)
        self.assertEqual(self.summary()["stored"][0]["warnings"], 1)
        self.assertEqual(self.db.query("SELECT key, field, value FROM quality_issues"),
                         [(row["id"], "customer_phone_number", "no number")])
        self.assertEqual(self.number(f"SELECT count(*) FROM calls WHERE id = '{row['id']}'"), 1)

    def test_a_poisoned_row_takes_no_other_with_it(self):  # B25
        fake = self.fake(*SMALL)
        self.first("-e", "accounts", fake=fake)
        rows = self.source(fake, "calls")
        account = self.source(fake, "accounts")[0]["id"]
        for field, value, ours in [("note", "a\u0000b", 0), ("duration", "long", 1), ("tags", 7, 2)]:
            keys = [row["id"] for row in rows]
            for key in keys[ours::40]:  # of either account; the other one says 404
                with contextlib.suppress(urllib.error.HTTPError):
                    self.change(fake, "misspell", endpoint="calls", account=account, key=key, field=field, value=json.dumps(value))
        self.sync("-e", "calls", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM calls"), len(rows))

    def test_unknown_members_are_kept(self):  # B26
        fake = self.fake(*SMALL, "--tomorrow", "calls")
        run = self.first("-e", "calls", fake=fake)
        new = json.loads(fake.ask("/__fake/tomorrow"))["calls"]["new"]
        self.assertIn(f'unknown field "{new[0]}"', run.stderr)
        for name in new:
            self.assertGreater(self.number(f"SELECT count(*) FROM calls WHERE {self.db.member('_extra', name)} IS NOT NULL"), 0, name)

    def test_a_frozen_contract_takes_no_unknown_member(self):  # B26
        fake = self.fake(*SMALL, "--tomorrow", "calls")
        run = self.first("-e", "calls,tags", "--contract", "calls:freeze", fake=fake, code=1)
        new = json.loads(fake.ask("/__fake/tomorrow"))["calls"]["new"]
        self.assertRegex(run.stderr, "contract: freeze: unknown field (" + "|".join(new) + ")")
        self.assertEqual(self.number("SELECT count(*) FROM calls"), 0)
        self.assertEqual(self.number("SELECT count(*) FROM tags"), len(self.source(fake, "tags")))
        self.assertEqual(dict(self.db.query("SELECT endpoint, status FROM runs")), {"calls": "failed", "tags": "success"})
        self.sync("-e", "calls", "--contract", "freeze,calls:evolve", fake=fake)
        self.assertEqual(self.number("SELECT count(*) FROM calls"), len(self.source(fake, "calls")))

    def test_one_list_that_fails_ends_no_other(self):  # B27 B28
        fake = self.fake(*SMALL, "--fault", "text_messages:*=500", "--fault", "notifications:*=404", "--fault", "users:*=403")
        self.first("--all", "--max-retries", "0", fake=fake, code=1)
        status = dict(self.db.query("SELECT endpoint, status FROM runs"))
        self.assertEqual(status["text_messages"], "failed")
        self.assertEqual(status["calls"], "success")
        self.assertEqual(status["notifications"], "unavailable")
        self.assertNotEqual(status["users"], "success")
        self.assertEqual(self.number("SELECT count(*) FROM _cursor WHERE endpoint = 'text_messages' AND value IS NOT NULL"), 0)
        self.assertEqual(self.number("SELECT count(*) FROM calls"), len(self.source(fake, "calls")))

    def test_history_and_exit_code_agree(self):  # B27 B32
        fake = self.fake(*SMALL, "--fault", "notifications:*=404", "--fault", "users:1=404")
        run = self.first("-e", "notifications,users,tags", "--jobs", "1", fake=fake)
        self.assertRegex(run.stderr, r"notifications .* unavailable")
        told = {row[0]: row[1:] for row in self.db.query("SELECT endpoint, status, error FROM runs")}
        self.assertEqual(told["tags"], ("success", ""))
        self.assertEqual(told["notifications"][0], "unavailable")
        self.assertEqual(told["users"][0], "success")  # of one account of two, in words
        for name in ("notifications", "users"):
            self.assertRegex(told[name][1], "unproven, ACC.*: .*404.*taken as an empty list")
        self.sync("-e", "notifications", "--strict", fake=fake, code=7)
        self.assertEqual(self.db.query("SELECT status FROM runs ORDER BY run_id DESC LIMIT 1"), [("partial",)])

    def test_a_refused_key_stops_at_once(self):  # B27
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        self.sync("--all", fake=fake, code=3, CALLRAIL_API_KEY="another-key-0123456789")
        self.assertEqual(self.number("SELECT count(*) FROM calls"), 0)

    # Parallel, locks

    def test_jobs_change_nothing(self):  # B29
        fake = self.fake(*SMALL)
        other = self.new_database("other.db")
        self.first("--all", "--jobs", "1", fake=fake)
        self.first("--all", "--jobs", "8", fake=fake, to=other)
        for table in ELEVEN + ["call_tags"]:
            columns = "*" if table == "call_tags" else "id, _row_hash"
            rows = f"SELECT {columns} FROM {table} ORDER BY 1, 2"
            self.assertEqual(self.db.query(rows), other.query(rows), table)

    def test_two_runs_do_not_meet(self):  # B30
        fake = self.fake(*SMALL, "--delay", "300ms")
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        running = self.start_batch("-e", "calls,tags", "--jobs", "1", "--output", self.db.address, fake=fake)
        deadline = time.monotonic() + 20
        while not self.db.query("SELECT 1 FROM _lease") and time.monotonic() < deadline:
            time.sleep(0.02)
        held = self.sync("-e", "calls", fake=fake, code=8)
        self.assertIn("already running", held.stderr)
        self.assertIn(str(running.pid), held.stderr)
        self.sync("-e", "calls", "--wait", "60s", fake=fake)
        running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0)
        self.assertIn("skipped_overlap", {row[0] for row in self.db.query("SELECT status FROM runs")})
        self.assertEqual(self.number("SELECT count(*) FROM _lease"), 0)

    # History and output

    def test_history_adds_up(self):  # B31
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        self.change(fake, "insert", endpoint="calls", account=self.source(fake, "accounts")[0]["id"])
        self.sync("--all", fake=fake)
        told = self.batch("history", "--last", "20", "--json", "--output", self.db.address, CALLRAIL_API_KEY=None)
        self.assert_exit(told, 0)
        runs = json.loads(told.stdout)["runs"]
        self.assertEqual(len(runs), 22)
        self.assertEqual({run["status"] for run in runs}, {"success"})
        for name in ELEVEN:
            self.assertEqual(sum(run["created"] for run in runs if run["endpoint"] == name),
                             self.number(f"SELECT count(*) FROM {name}"), name)
        for run in runs:
            self.assertEqual(run["fetched"], run["created"] + run["updated"] + run["unchanged"] + run["rejected"])
            self.assertLessEqual(run["started_at"], run["ended_at"])
            self.assertTrue(run["started_at"].endswith("Z"))
        plain = self.batch("history", "--last", "1", "--output", self.db.address)
        self.assertEqual(len(plain.stdout.splitlines()), 12)

    def test_a_killed_run_is_marked(self):  # B33
        fake = self.fake(*SMALL, "--delay", "300ms")
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        running = self.start_batch("-e", "calls", "--jobs", "1", "--output", self.db.address, fake=fake)
        deadline = time.monotonic() + 20
        while not self.db.query("SELECT 1 FROM runs WHERE status = 'running'") and time.monotonic() < deadline:
            time.sleep(0.02)
        alive = self.batch("history", "--stale", "--output", self.db.address)
        self.assertIn("no run whose process is gone", alive.stdout)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        stale = self.batch("history", "--stale", "--output", self.db.address)
        self.assert_exit(stale, 0)
        self.assertIn("failed", stale.stdout)
        self.assertEqual(self.db.query("SELECT status FROM runs"), [("failed",)])

    def test_says_what_became_of_the_rows(self):  # B34
        fake = self.fake(*SMALL)
        run = self.first("-e", "tags,companies", fake=fake)
        lines = [line.split() for line in run.stderr.splitlines()]
        tags = len(self.source(fake, "tags"))
        self.assertTrue(any(line[:5] == ["tags", str(tags), "0", "0", "0"] for line in lines), run.stderr)
        self.assertTrue(any(line[:1] == ["total"] for line in lines))
        quiet = self.sync("-e", "tags", "--quiet", fake=fake)
        self.assertEqual((quiet.stdout, quiet.stderr), ("", ""))
        told = self.sync("-e", "tags", "--json", fake=fake)
        self.assertEqual(json.loads(told.stdout)["stored"][0]["unchanged"], tags)
        self.assertEqual(told.stderr, "")

    # Schedules, more

    def test_reconcile_finds_and_mends(self):  # B39
        fake = self.fake(*SMALL)
        self.first(fake=fake)
        options = ["reconcile", "--days", "40", "-e", "calls,tags", "--limits", "none", "--output", self.db.address]
        same = self.batch(*options, fake=fake)
        self.assert_exit(same, 0)
        row = self.aged(fake, 20)
        self.change(fake, "hide", endpoint="calls", account=self.account_of("calls", row), key=row["id"])
        day = instant(row["start_time"]).astimezone(datetime.timezone.utc).date().isoformat()
        differs = self.batch(*options, fake=fake)
        self.assert_exit(differs, 1)
        self.assertIn(f"{day} calls: ", differs.stdout)
        fixed = self.batch(*options, "--fix", fake=fake)
        self.assert_exit(fixed, 0)
        told = self.batch(*options, "--json", fake=fake)
        self.assert_exit(told, 0)
        self.assertEqual(json.loads(told.stdout)["differences"], [])
        self.assertEqual(self.number(f"SELECT count(*) FROM calls WHERE id = '{row['id']}' AND _removed_at IS NOT NULL"), 1)

    def test_fills_a_folder_beside_it_with_the_same_requests(self):
        fake = self.fake(*SMALL)
        second = self.new_database("second.db")
        self.first("--all", "-o", "data", "-o", second.address, fake=fake)
        together = len(fake.requests())
        for name in ELEVEN:
            rows = len(self.source(fake, name))
            with open(self.folder / "data" / f"{name}.csv", encoding="utf-8", newline="") as file:
                self.assertEqual(sum(1 for _ in csv.reader(file)) - 1, rows, name)
            for db in (self.db, second):
                self.assertEqual(int(db.query(f"SELECT count(*) FROM {name}")[0][0]), rows, name)
        since = self.since(fake)
        self.assert_exit(self.batch("--all", "-o", "alone", "--limits", "none", fake=fake), 0)
        self.assertEqual(len(since()), together)

    def test_one_database_under_two_names_is_refused(self):
        fake = self.fake(*SMALL)
        self.first("-e", "tags", fake=fake)
        before = self.db.query("SELECT count(*) FROM runs")
        run = self.sync("-e", "tags", "-o", self.db.other_name(), fake=fake, code=2)
        self.assertIn("are one database", run.stderr)
        self.assertEqual(self.db.query("SELECT count(*) FROM runs"), before)

    def test_goes_on_together_with_a_folder(self):
        fake = self.fake("--rows", "calls=1500", "--limits", "none", "--plain")
        self.assert_exit(self.batch("migrate", "--output", self.db.address), 0)
        both = ["-e", "calls", "--jobs", "1", "-o", "data", "-o", self.db.address]
        run = self.start_batch(*both, "--limits", "10/s", fake=fake)
        deadline = time.monotonic() + 60
        while len(fake.requests()) < 8 and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        again = self.batch(*both, "--limits", "none", fake=fake)
        self.assert_exit(again, 0)
        self.assertIn("goes on with the run begun at", again.stderr)
        ids = sorted(row["id"] for row in self.source(fake, "calls"))
        rows = self.csv_rows("calls")
        self.assertEqual(sorted(row[rows[0].index("id")] for row in rows[1:]), ids)
        self.assertEqual([row[0] for row in self.db.query("SELECT id FROM calls ORDER BY id")], ids)


class OnSqlite(Warehouse):
    def new_database(self, file="callrail.db"):
        return Lite(self, file)


@unittest.skipUnless(Borrowed.get(), "no PostgreSQL is installed")
class OnPostgres(Warehouse):
    def new_database(self, file="callrail.db"):
        return Postgres(self)

    def test_copies_a_file_into_it(self):  # B40
        fake = self.fake(*SMALL)
        lite = Lite(self)
        self.first(fake=fake, to=lite)
        copied = self.batch("copy", "--from", lite.address, "--output", self.db.address, "--migrate", CALLRAIL_API_KEY=None)
        self.assert_exit(copied, 0)
        for name in ELEVEN + ["call_tags", "runs"]:
            self.assertEqual(self.number(f"SELECT count(*) FROM {name}"), int(lite.query(f"SELECT count(*) FROM {name}")[0][0]), name)
        self.sync("--all", fake=fake)
        self.assertEqual(self.counts()[:2], (0, 0))

    def test_says_no_password(self):
        fake = self.fake(*SMALL)
        address = self.db.server.address(self.db.database, tcp=True)
        word = "canary7pg5word"
        outputs = []
        for options in (["migrate"], ["-e", "tags"], ["history"], ["-e", "tags", "--print-config"],
                        ["-e", "tags", "--lookback", "x"], ["-e", "tags", "--full", "--days", "3"]):
            run = self.batch(*options, "--output", address, "--summary-json", "summary.json", fake=fake)
            outputs += [run.stdout, run.stderr]
        outputs += [path.read_text(encoding="utf-8") for path in self.folder.rglob("*") if path.is_file() and path.suffix in (".log", ".json")]
        self.assertFalse(any(word in text for text in outputs))


del Warehouse  # the loader would run it

if __name__ == "__main__":
    main()
