"""What docs/warehouse.md shows works as it stands there, on SQLite and PostgreSQL; answers of its queries are worked out a second time
from the rows the API has."""
import collections
import contextlib
import csv
import datetime
import io
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import unittest
import urllib.parse
import zoneinfo

from harness import BATCH, Case, main, postgres_server

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])
TEXT = (SOURCE / "docs/warehouse.md").read_text(encoding="utf-8")
UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
MANY = ["--rows", "calls=700,form_submissions=300,text_messages=10", "--limits", "none"]
FEW = ["--rows", "calls=60,form_submissions=20,text_messages=20,tags=6", "--limits", "none", "--plain"]
NONE = "∅"


def blocks(language, text=TEXT):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.M | re.S)


def queries():
    """By their headings; two where the databases differ, SQLite's first."""
    chapter = re.search(r"^## Five queries\n(.*?)^## ", TEXT, re.M | re.S).group(1)
    return {part.splitlines()[0]: blocks("sql", part) for part in chapter.split("\n### ")[1:]}


def query(word):
    found = [sql for heading, sql in queries().items() if word in heading]
    assert len(found) == 1, word
    return found[0]


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Lite:
    which = 0

    def __init__(self, case):
        self.path = case.folder / "callrail.db"
        self.address = "sqlite:callrail.db"

    def ask(self, sql, zone="UTC"):
        assert zone == "UTC"
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            return [tuple(NONE if value is None else str(value) for value in row) for row in db.execute(sql)]

    def change(self, sql):
        with contextlib.closing(sqlite3.connect(self.path)) as db, db:
            db.execute(sql)

    def days_ago(self, days):
        return f"strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{days} days')"


class Postgres:
    which = -1

    def __init__(self, case):
        self.server, self.database = case.postgres()
        self.address = self.server.address(self.database)

    def ask(self, sql, zone="UTC"):
        done = subprocess.run([postgres_server.binaries() / "psql", "-qX", "--csv", "-t", "-P", f"null={NONE}", "-v", "ON_ERROR_STOP=1",
                               "-d", self.address, "-c", sql], capture_output=True, timeout=120, check=False,
                              env={**os.environ, "PGTZ": zone})
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return [tuple(row) for row in csv.reader(io.StringIO(done.stdout.decode(), newline=""))]

    def change(self, sql):
        self.server.psql(self.database, sql)

    def days_ago(self, days):
        return f"now() - interval '{days} days'"


class Queries(Case):
    """What both databases have to do. Not run by itself."""

    def setUp(self):
        super().setUp()
        self.db = self.new_database()

    def new_database(self):
        raise NotImplementedError

    def load(self, *options):
        fake = self.fake(*options)
        self.run_batch("--all", "--migrate", fake=fake)
        return fake

    def run_batch(self, *options, fake):
        self.assert_exit(self.batch("--output", self.db.address, "--limits", "none", *options, fake=fake), 0)

    def rows(self, fake, endpoint):
        """What the API has; each with the account it is of, which only the warehouse and the address of a request tell."""
        account = dict(self.db.ask(f"SELECT id, _account_id FROM {endpoint}"))
        rows = [json.loads(line) for line in fake.ask(f"/__fake/rows?endpoint={endpoint}").splitlines()]
        return [{**row, "account": account[row["id"]]} for row in rows]

    def recent(self, rows):
        """Inside what the next run reads again, in their order."""
        now = datetime.datetime.now(UTC)
        recent = [row for row in rows if now - 6 * DAY < instant(row["start_time"]) < now - DAY]
        self.assertGreaterEqual(len(recent), 2, "too few calls of these days in the fake's data")
        return sorted(recent, key=lambda row: instant(row["start_time"]))

    def tell(self, fake, action, **parameters):
        return json.loads(fake.ask(f"/__fake/{action}?{urllib.parse.urlencode({'endpoint': 'calls', **parameters})}"))

    def answer(self, word, **more):
        return self.db.ask(query(word)[self.db.which], **more)

    def assert_percent(self, told, part, whole):
        self.assertAlmostEqual(float(told), 100 * part / whole, delta=0.0501)

    def test_calls_per_day_and_source(self):
        fake = self.load(*MANY)
        for zone in ("UTC", "America/Denver")[:1 if self.db.which == 0 else 2]:
            expected = collections.defaultdict(list)
            for row in self.rows(fake, "calls"):
                if row["direction"] == "inbound" and row["answered"] is not None:
                    day = instant(row["start_time"]).astimezone(zoneinfo.ZoneInfo(zone)).date().isoformat()
                    expected[day, NONE if row["source"] is None else row["source"]].append(row["answered"])
            told = self.answer("per day", zone=zone)
            self.assertGreater(len(told), 300)
            self.assertEqual({row[:2]: int(row[2]) for row in told}, {key: len(calls) for key, calls in expected.items()})
            for day, source, _, percent in told:
                self.assert_percent(percent, sum(expected[day, source]), len(expected[day, source]))
            self.assertEqual([row[0] for row in told], sorted((row[0] for row in told), reverse=True))

    def test_missed_calls(self):
        fake = self.load(*MANY)
        calls = self.rows(fake, "calls")
        expected = {}
        for call in calls:
            number, begin = call["customer_phone_number"], instant(call["start_time"])
            if call["direction"] != "inbound" or call["answered"] is not False or number is None:
                continue
            if any((other["answered"] or other["direction"] == "outbound") and other["account"] == call["account"] and
                   other["customer_phone_number"] == number and instant(other["start_time"]) >= begin for other in calls):
                continue
            count, last = expected.get((call["account"], number), (0, begin))
            expected[call["account"], number] = (count + 1, max(last, begin))
        told = sorted((number, int(count), instant(last)) for number, count, last in self.answer("Missed"))
        self.assertGreater(len(told), 50)
        self.assertGreater(max(count for _, count, _ in told), 1)
        self.assertEqual(told, sorted((number, *found) for (_, number), found in expected.items()))

    def test_people_who_sent_a_form(self):
        fake = self.load(*MANY)
        people = collections.defaultdict(set)
        for form, endpoint in enumerate(("calls", "form_submissions")):
            for row in self.rows(fake, endpoint):
                touch = (row["milestones"] or {}).get("first_touch") or {}
                if touch.get("source") is not None and row["person_id"] not in (None, "anonymous"):
                    people[touch["source"], row["account"], row["person_id"]].add(form)
        expected = collections.defaultdict(list)
        for (source, _, _), forms in people.items():
            expected[source].append(1 in forms)
        told = self.answer("the people")
        self.assertGreater(len(told), 50)
        self.assertEqual({row[0]: (int(row[1]), int(row[2])) for row in told},
                         {source: (len(sent), sum(sent)) for source, sent in expected.items()})
        for source, _, _, percent in told:
            self.assert_percent(percent, sum(expected[source]), len(expected[source]))

    def test_calls_per_tag(self):
        """One that has a tag twice counts once; one that is not listed any more does not count."""
        fake = self.load("--rows", "calls=1500", "--limits", "none")
        twice, gone = [row for row in self.recent(self.rows(fake, "calls")) if row["tags"]][:2]
        self.tell(fake, "misspell", account=twice["account"], key=twice["id"], field="tags", value='["Odd", "Odd"]')
        self.tell(fake, "hide", account=gone["account"], key=gone["id"])
        self.run_batch("-e", "calls", fake=fake)
        expected = collections.defaultdict(set)
        calls = self.rows(fake, "calls")
        self.assertNotIn(gone["id"], {call["id"] for call in calls})
        for call in calls:
            for tag in call["tags"] or []:
                name = tag if isinstance(tag, str) else tag.get("name")
                expected[NONE if name is None else name].add(call["id"])
        first = {call["id"] for call in calls if call["first_call"]}
        told = self.answer("per tag")
        self.assertGreater(len(told), 10)
        self.assertEqual({name: (int(count), int(firsts)) for name, count, firsts in told},
                         {name: (len(ids), len(ids & first)) for name, ids in expected.items()})

    def age_calls(self, fake):
        """As if they had been read two days ago, and the first one was not listed any more; in their order."""
        rows = sorted(self.rows(fake, "calls"), key=lambda row: instant(row["start_time"]))
        self.db.change(f"UPDATE calls SET _first_seen_at = {self.db.days_ago(3)}, _updated_at = {self.db.days_ago(2)}")
        self.db.change(f"UPDATE calls SET _removed_at = {self.db.days_ago(2)} WHERE id = '{rows[0]['id']}'")
        return rows

    def change_calls(self, fake, rows):
        """Calls come, change and go: what became of each."""
        edited, *_, gone = self.recent(rows)
        new = self.tell(fake, "insert", account=gone["account"])["key"]
        self.run_batch("-e", "calls", fake=fake)
        for account, key in ((edited["account"], edited["id"]), (gone["account"], new)):
            self.tell(fake, "misspell", account=account, key=key, field="note", value='"Called back."')
        self.tell(fake, "hide", account=gone["account"], key=gone["id"])
        self.run_batch("-e", "calls", fake=fake)
        return {new: "new", edited["id"]: "changed", gone["id"]: "removed"}

    def test_what_changed(self):
        fake = self.load("--rows", "calls=1500", "--limits", "none", "--plain")
        expected = self.change_calls(fake, self.age_calls(fake))
        told = self.answer("changed")
        self.assertEqual({row[0]: row[1] for row in told}, expected)
        self.assertEqual(len(told), 3)
        self.assertEqual({row[3] for row in told}, {"3"})

    def test_commands(self):
        fake = self.fake(*FEW)
        commands = [line.split("#")[0] for line in "".join(blocks("sh")).splitlines()]
        commands += re.findall(r"(callrail-batch --all .*)", "".join(blocks("crontab") + blocks("ini")))
        self.assertEqual(len(commands), 11)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/callrail-batch").symlink_to(BATCH)
        environment = self.environment(fake, CALLRAIL_LIMITS="none", HERE=self.db.address,
                                       PATH=f"{self.folder / 'bin'}:{os.environ['PATH']}")
        for command in commands:
            with self.subTest(command=command):
                if command.startswith("callrail-batch copy"):
                    if self.db.which == 0:
                        continue
                    self.assert_exit(self.batch("--all", "--migrate", "--output", "sqlite:callrail.db", "--limits", "none", fake=fake), 0)
                    environment["HERE"] = Postgres(self).address
                    command = command.replace("postgresql://…", '"$HERE"')
                else:
                    command = re.sub(r"--output \S+", '--output "$HERE"', command)
                run = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment, capture_output=True, text=True,
                                     timeout=60, check=False)
                self.assert_exit(run, 0)

    def test_names_tables_and_columns_that_exist(self):
        self.load(*FEW)
        program = TEXT[TEXT.index("| table of the program |"):TEXT.index("Tables and views of your own")]
        tables = re.findall(r"^\| `(\w+)` \|", program, re.M)
        self.assertEqual(len(tables), 8)
        columns = [tuple(found) for found in re.findall(r"`(v_\w+|call_tags|tracker_numbers|user_companies)`()", TEXT)]
        table = None
        for line in blocks("yaml")[0].split("tables:")[1].splitlines():
            if found := re.search(r"- name: (\w+)", line):
                table = found.group(1)
                tables.append(table)
            if found := re.search(r"loaded_at_field: (\w+)", line):
                columns.append((table, found.group(1)))
        every = re.findall(r"`(_\w+)`", TEXT[TEXT.index("| column of each"):TEXT.index("| table of the program |")])
        self.assertEqual(len(every), 8)
        columns += [(name, column) for name in ("calls", "tags") for column in every]
        for name, column in columns + [(name, "") for name in tables]:
            self.db.ask(f"SELECT {name}.{column or '*'} FROM {name}")


class OnSqlite(Queries):
    def new_database(self):
        return Lite(self)


@unittest.skipUnless(postgres_server.Borrowed.get(), "no PostgreSQL is installed")
class OnPostgres(Queries):
    def new_database(self):
        return Postgres(self)

    def test_incremental_model(self):
        """As dbt runs it: once without the part in is_incremental, then with it."""
        text = re.sub(r"\{\{ config.*\}\}\n", "", blocks("jinja")[0]).replace("{{ source('callrail', 'calls') }}", "calls")
        text = text.replace("{{ this }}", "model")
        part = re.compile(r"\{% if is_incremental\(\) %\}(.*?)\{% endif %\}", re.S)
        self.assertNotIn("{", part.sub("", text))
        fake = self.load("--rows", "calls=1500", "--limits", "none", "--plain")
        rows = self.age_calls(fake)
        self.db.change(f"UPDATE calls SET _updated_at = {self.db.days_ago(1)} WHERE id = '{rows[1]['id']}'")
        self.db.change(f"CREATE TABLE model AS {part.sub('', text)}")
        self.assertEqual(self.db.ask("SELECT count(*) FROM model"), [(str(len(rows)),)])
        expected = self.change_calls(fake, rows)
        ids = self.db.ask(f"SELECT id FROM ({part.sub(lambda found: found.group(1), text)}) AS again")
        # Of the hour before the newest it takes rows once more.
        self.assertEqual(sorted(ids), sorted((key,) for key in [*expected, rows[1]["id"]]))


del Queries  # the loader would run it

if __name__ == "__main__":
    main()
