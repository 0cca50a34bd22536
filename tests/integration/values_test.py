"""Every value of every endpoint, in every format, read back by other programs."""
import csv
import io
import json
import sqlite3
import subprocess
import xml.etree.ElementTree

from harness import Case, main

ROWS = ["--rows", "calls=300,form_submissions=100,text_messages=100", "--limits", "none"]
ENDPOINTS = ["accounts", "calls", "companies", "form_submissions", "integrations", "tags", "trackers", "users", "text_messages",
             "notifications", "outbound_caller_ids"]


def loads(text):
    # Numbers stay text: 1250.00 is not 1250.0, and no digit of a long id may get lost.
    return json.loads(text, parse_int=lambda n: ("number", n), parse_float=lambda n: ("number", n))


def as_cell(value):
    if value is None:
        return ""
    if isinstance(value, tuple):
        return value[1]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


class Values(Case):
    @classmethod
    def setUpClass(cls):
        cls.held = {}

    def expected(self, endpoint):
        if endpoint not in self.held:
            out = subprocess.run([__import__("harness").FAKE, *ROWS, "dump", endpoint], capture_output=True, check=True).stdout
            # A file has no secret that nobody named: signing keys are not even asked for.
            self.held[endpoint] = [loads(line) for line in out.decode("utf-8").splitlines()]
        return self.held[endpoint]

    def pairs(self, endpoint, rows, id_of):
        """Each row with what the fake holds for its id; the order is that of requests, which another test looks at."""
        held = {as_cell(row["id"]): row for row in self.expected(endpoint)}
        got = {id_of(row): row for row in rows}
        self.assertEqual(len(got), len(rows), endpoint)
        self.assertEqual(got.keys(), held.keys(), endpoint)
        return [(got[key], held[key]) for key in held]

    def extract(self, *options):
        fake = self.fake(*ROWS)
        self.assert_exit(self.batch("--all", "--limits", "none", *options, fake=fake), 0)

    def same_object(self, endpoint, got, want):
        for name in ("signing_key",):
            want = {k: v for k, v in want.items() if k != name}
        self.assertEqual({k: v for k, v in got.items() if not (k == "company_id" and k not in want)}, want, endpoint)

    def test_are_equal_in_jsonl(self):  # A27
        self.extract("-f", "jsonl")
        for endpoint in ENDPOINTS:
            lines = (self.folder / f"data/{endpoint}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
            for got, want in self.pairs(endpoint, [loads(line) for line in lines], lambda row: as_cell(row["id"])):
                self.same_object(endpoint, got, want)

    def test_are_equal_in_json(self):
        self.extract("-f", "json")
        for endpoint in ENDPOINTS:
            rows = loads((self.folder / f"data/{endpoint}.json").read_text(encoding="utf-8"))
            for got, want in self.pairs(endpoint, rows, lambda row: as_cell(row["id"])):
                self.same_object(endpoint, got, want)

    def check_cells(self, endpoint, header, row, want):
        for name, cell in zip(header, row):
            value = want.get(name)
            if isinstance(value, (dict, list)):
                self.assertEqual(loads(cell), value, f"{endpoint}.{name}")
            elif name in want and name != "signing_key":
                self.assertEqual(cell, as_cell(value), f"{endpoint}.{name}")
            elif name != "company_id":
                self.assertEqual(cell, "", f"{endpoint}.{name}")

    def test_are_equal_in_csv_for_python(self):  # A9 A11
        self.extract()
        for endpoint in ENDPOINTS:
            raw = (self.folder / f"data/{endpoint}.csv").read_bytes()
            self.assertFalse(raw.startswith(b"\xef\xbb\xbf"))
            header, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
            for row, want in self.pairs(endpoint, rows, lambda row: row[header.index("id")]):
                self.assertEqual(len(row), len(header))
                self.check_cells(endpoint, header, row, want)

    def test_are_equal_in_csv_for_sqlite(self):
        self.extract()
        database = self.folder / "x.db"
        for endpoint in ENDPOINTS:
            subprocess.run(["sqlite3", str(database), ".mode csv", f".import data/{endpoint}.csv {endpoint}"], cwd=self.folder,
                           check=True, capture_output=True)
        with sqlite3.connect(database) as connection:
            for endpoint in ENDPOINTS:
                cursor = connection.execute(f"select * from {endpoint} order by rowid")
                header = [column[0] for column in cursor.description]
                rows = cursor.fetchall()
                for row, want in self.pairs(endpoint, rows, lambda row: row[header.index("id")]):
                    self.check_cells(endpoint, header, [cell or "" for cell in row], want)

    def test_are_equal_in_xml(self):
        self.extract("-f", "xml")
        for endpoint in ENDPOINTS:
            file = self.folder / f"data/{endpoint}.xml"
            subprocess.run(["xmllint", "--noout", "--huge", str(file)], check=True)
            rows = list(xml.etree.ElementTree.parse(file).getroot())
            elements = [{child.tag: child for child in row} for row in rows]
            for row, want in self.pairs(endpoint, elements, lambda row: row["id"].text):
                self.check_xml(endpoint, row, want)

    def check_xml(self, endpoint, got, want):
        for name in got.keys() - want.keys():
            self.assertEqual(name, "company_id", endpoint)
        for name, value in want.items():
            if name == "signing_key":
                continue
            element = got[name]
            text = element.text or ""
            if value is None:
                self.assertEqual(element.get("nil"), "true")
            elif element.get("type") in ("json", "json-string"):
                self.assertEqual(loads(text), value, f"{endpoint}.{name}")
            else:
                self.assertEqual(text, as_cell(value), f"{endpoint}.{name}")

    def test_are_flattened_without_loss(self):
        self.extract("-f", "jsonl", "--nested", "flatten")
        line = (self.folder / "data/trackers.jsonl").read_text(encoding="utf-8").splitlines()[0]
        got = loads(line)
        want = next(row for row in self.expected("trackers") if row["id"] == got["id"])
        self.assertNotIn("company", got)
        self.assertEqual(got["company_id"], want["company"]["id"])
        self.assertEqual(got["company_name"], want["company"]["name"])

    def test_do_not_depend_on_the_number_of_jobs(self):
        fake = self.fake(*ROWS)
        files = {}
        for jobs in ("1", "8"):
            self.assert_exit(self.batch("--all", "--limits", "none", "-j", jobs, "-b", "40", "-o", f"out{jobs}", fake=fake), 0)
            files[jobs] = {p.name: p.read_bytes() for p in (self.folder / f"out{jobs}").glob("*.csv")}
        self.assertEqual(len(files["1"]), 11)
        self.assertEqual(files["1"], files["8"])

    def test_arrive_once_each_by_either_way_of_paging(self):  # A12
        options = ["--rows", "calls=5000,accounts=1", "--limits", "none"]
        fake = self.fake(*options)
        held = [row["id"] for row in self.dump("calls", *options)]
        pages = -(-len(held) // 250)
        self.assertGreaterEqual(pages, 19)
        before = 0
        for style, most in (("offset", pages * 1.15), ("relative", pages * 1.5)):
            # The zone of the key's owner: the oldest day the API keeps begins with it.
            self.assert_exit(self.batch("-e", "calls", "--fields", "id", "--limits", "none", "--paging", style, "--strict",
                                        "--time-zone", "America/New_York", "-o", style, fake=fake), 0)
            ids = [row[0] for row in self.csv_rows("calls", style)[1:]]
            self.assertEqual(ids, held)
            asked = len([r for r in fake.requests() if r["endpoint"] == "calls"])
            self.assertLessEqual(asked - before, most)
            before = asked

    def test_arrive_once_each_while_others_come_and_go(self):  # A12
        options = ["--rows", "calls=3000,accounts=1", "--limits", "none"]
        held = [row["id"] for row in self.dump("calls", *options)]
        for style in ("offset", "relative"):
            fake = self.fake(*options, "--mutate", "calls:*/3=insert", "--mutate", "calls:*/4=hide:any")
            self.assert_exit(self.batch("-e", "calls", "--fields", "id", "--limits", "none", "--paging", style, "--strict",
                                        "--time-zone", "America/New_York", "-o", style, fake=fake), 0)
            ids = [row[0] for row in self.csv_rows("calls", style)[1:]]
            self.assertEqual(len(ids), len(set(ids)))
            listed_now = {json.loads(line)["id"] for line in fake.ask("/__fake/rows?endpoint=calls").splitlines()}
            self.assertEqual((set(held) & listed_now) - set(ids), set())


if __name__ == "__main__":
    main()
