"""The schema changes, by hand, by a draft or by the patch of a run, and a build takes it up: columns, files, documentation, fake data.
Nothing else is edited. The walks of CONTRIBUTING.md, "Add a field" and "Add an endpoint", are done here by a script."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import harness
from harness import Case, main

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])
CODEGEN = os.environ["CALLRAIL_CODEGEN"]

NEW_FIELD = "      shoe_size: { type: integer or null, evidence: real, unit: centimetres, doc: Added by a test. }\n"
NEW_FIELD_FACT = "tags\tshoe_size\tinteger\tunknown\tdefault\t\t\t42\treal\n"

# What the API would answer; invented, as every saved page is.
PAGE = {
    "page": 1, "per_page": 100, "total_pages": 1, "total_records": 4,
    "cards": [
        {"id": 550901, "holder": "Dana Example", "holder_email": "dana@example.com", "state": "active", "sealed": True,
         "company": {"id": "COM72820cb7990149839e51985277317ccc", "name": "Example Dental — Midtown"},
         "visits": [{"seen_at": "2026-02-10T09:05:06.789-05:00", "stay_seconds": 61.5}], "made_at": "2026-02-10T09:05:06.789-05:00"},
        {"id": 550902, "holder": None, "holder_email": None, "state": "lost", "sealed": False, "company": None, "visits": [],
         "made_at": "2026-02-09T09:05:06.789-05:00"},
        {"id": 550903, "holder": "Ada O'Example", "holder_email": None, "state": "active", "sealed": True, "company": None, "visits": [],
         "made_at": "2026-02-08T09:05:06.789-05:00"},
        {"id": 550904, "holder": None, "holder_email": None, "state": "active", "sealed": True, "company": None, "visits": [],
         "made_at": "2026-02-07T09:05:06.789-05:00"},
    ],
}
# What no page says, and a person adds.
BY_HAND = '    doc: Cards that customers collect. Added by a test.\n    docs: "#loyalty-cards"\n'


def parts(draft):
    """The sections of a draft: {"enums": lines, …}."""
    out, section = {}, None
    for line in draft.splitlines(keepends=True):
        if line[0] != " " and line.rstrip().endswith(":"):
            section = line.rstrip()[:-1]
            out[section] = ""
        elif section and line.strip():
            out[section] += line
    return out


def pasted(schema, draft):
    """Each part of a draft at the end of its section of the schema, the lines of a person with it."""
    for section, text in parts(draft).items():
        if section == "endpoints":
            text = text.replace("    path:", BY_HAND + "    path:", 1)
        after = schema.find("\n" + section + ":\n") + 1
        ends = [at for at in (schema.find("\n" + word + ":\n", after) for word in ("enums", "shapes", "endpoints")) if at > after]
        end = min(ends) if ends else len(schema)
        # What leads on to the next section stays with it.
        lead = schema[:end].rstrip("\n").rsplit("\n", 1)[1]
        while ends and lead.startswith("#"):
            end = schema.rindex(lead, 0, end)
            lead = schema[:end].rstrip("\n").rsplit("\n", 1)[1]
        schema = schema[:end].rstrip("\n") + "\n\n" + text + "\n" + schema[end:].lstrip("\n")
    return schema


class Evolve(Case):
    """One copy of the project for all tests, so that the second build has only the difference to compile."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.project = pathlib.Path(scratch.name) / "project"
        cls.built = str(cls.project / "build/evolve")  # as deep as other build folders: ccache goes by relative paths
        top = {"build", ".git", "data", "logs"}  # of users; tests/data is ours
        shutil.copytree(SOURCE, cls.project, ignore=lambda folder, names: top & set(names) if folder == str(SOURCE) else ())
        cls.schema = cls.project / "schema/endpoints.yaml"
        cls.schema_text = cls.schema.read_text(encoding="utf-8")

    def setUp(self):
        super().setUp()
        self.schema.write_text(self.schema_text, encoding="utf-8")
        for name in ("BATCH", "FAKE"):
            self.addCleanup(setattr, harness, name, getattr(harness, name))

    def run_ok(self, *command, cwd=None):
        run = subprocess.run(command, cwd=cwd or self.folder, capture_output=True, text=True)
        self.assert_exit(run, 0)
        return run

    def build(self, *targets):
        self.run_ok("cmake", "-S", str(self.project), "-B", self.built, "-G", "Ninja", "-DCALLRAIL_BENCH=OFF")
        self.run_ok("cmake", "--build", self.built, "--parallel", "2", "--target", *targets)

    def program(self, name):
        return f"{self.built}/apps/{name}/{name}"

    def add_field(self):
        tags = self.schema_text.index("\n  tags:\n")
        first = self.schema_text.index("      id:", tags)
        self.schema.write_text(self.schema_text[:first] + NEW_FIELD + self.schema_text[first:], encoding="utf-8")
        page_file = self.project / "tests/data/tags/page1.json"
        page = json.loads(page_file.read_text(encoding="utf-8"))
        page["tags"] = [{"shoe_size": 42, **row} for row in page["tags"]]
        page_file.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        self.add_facts(NEW_FIELD_FACT)

    def add_endpoint(self):
        page = "tests/data/loyalty_cards/page1.json"
        (self.project / page).parent.mkdir()
        (self.project / page).write_text(json.dumps(PAGE, ensure_ascii=False, indent=2), encoding="utf-8")
        draft = self.run_ok(CODEGEN, "infer", page, cwd=self.project).stdout
        self.add_facts(self.run_ok(CODEGEN, "infer", "--facts", page, cwd=self.project).stdout)
        self.schema.write_text(pasted(self.schema.read_text(encoding="utf-8"), draft), encoding="utf-8")
        return draft

    def add_facts(self, lines):
        with open(self.project / "tests/data/fields.tsv", "a", encoding="utf-8") as facts:
            facts.write(lines)

    def test_needs_no_edit_but_the_schema(self):  # A26
        began = time.monotonic()
        self.add_field()
        draft = self.add_endpoint()
        drafted = time.monotonic()
        self.build("callrail-batch", "callrail-fake", "contract_test")
        built = time.monotonic()
        contract = self.run_ok("ctest", "--test-dir", self.built, "-L", "contract", "--output-on-failure").stdout
        self.assertIn("loyalty_cards", contract)
        self.assertIn("schema-has-every-fact", contract)
        harness.BATCH = self.program("callrail-batch")
        harness.FAKE = self.program("callrail-fake")

        fake = self.fake("--rows", "tags=12,loyalty_cards=9")
        self.assert_exit(self.batch("-e", "tags,loyalty_cards", fake=fake), 0)
        ended = time.monotonic()
        tags, cards = self.csv_rows("tags"), self.csv_rows("loyalty_cards")
        self.assertEqual(tags[0][0], "shoe_size")
        self.assertTrue(any(row[0].isdigit() for row in tags[1:]))
        self.assertEqual(cards[0], list(PAGE["cards"][0]))
        self.assertGreater(len(cards), 9)
        self.assertIn("shoe_size", self.batch("endpoints", "tags").stdout)
        self.assertIn("loyalty_cards", self.batch("endpoints").stdout.split())
        self.assertIn("shoe_size", (self.project / "generated/docs/tags.md").read_text(encoding="utf-8"))
        self.assertTrue((self.project / "generated/json-schema/loyalty_cards.schema.json").exists())
        print(f"\n{draft}\nminutes from a page to rows: {(ended - began) / 60:.1f}; in seconds: draft and paste {drafted - began:.1f}, "
              f"build {built - drafted:.0f}, contract tests, fake and run {ended - built:.0f}")

        self.mistakes_stop_the_build()

    def mistakes_stop_the_build(self):
        text = self.schema.read_text(encoding="utf-8")
        self.schema.write_text(text.replace("type: integer or null, evidence: real, unit", "type: intger or null, evidence: real, unit"), encoding="utf-8")
        run = subprocess.run(["cmake", "--build", self.built], capture_output=True, text=True)
        self.assertNotEqual(run.returncode, 0)
        line = text[:text.index("shoe_size")].count("\n") + 1
        self.assertRegex(run.stdout + run.stderr, rf"endpoints\.yaml:{line}:\d+: .*intger")
        self.assertIn("integer", run.stdout + run.stderr)

    def rows(self, name):
        """What a run has written, as the API sent it: what stands in _extra belongs to its row."""
        out = {}
        for line in (self.folder / f"data/{name}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
            row = loads(line)
            row.update(row.pop("_extra", {}))
            out[row["id"]] = row
        return out

    def test_takes_up_what_the_api_sends_tomorrow_with_no_hand_in_it(self):
        fake = self.fake("--rows", "calls=400,tags=400", "--accounts", "1", "--limits", "none", "--tomorrow", "calls", "--tomorrow", "tags")
        changed = json.loads(fake.ask("/__fake/tomorrow"))
        held = {name: {row["id"]: row for row in map(loads, fake.ask(f"/__fake/rows?endpoint={name}").split("\n")[:-1])} for name in changed}
        every = ["-e", ",".join(changed), "-f", "jsonl", "--limits", "none"]

        # Today's program loses nothing, and says what it has seen.
        run = self.batch(*every, "--keep-unknown", "--drift-patch", "p.patch", "--summary-json", "first.json", fake=fake)
        self.assert_exit(run, 0)
        for name in changed:
            self.assertEqual(self.rows(name), held[name])
        self.assertEqual({name: self.drift("first.json", name) != {} for name in changed}, dict.fromkeys(changed, True))

        # Its patch changes nothing but what it names, and what is generated from it is current.
        patch = (self.folder / "p.patch").read_text(encoding="utf-8")
        self.run_ok(CODEGEN, "accept", str(self.folder / "p.patch"), cwd=self.project)
        self.run_ok(CODEGEN, "check", "schema/endpoints.yaml", "--out", "generated", cwd=self.project)
        now = self.schema.read_text(encoding="utf-8")
        self.assertEqual(comments(now.replace("# New in", "New in")), comments(self.schema_text))
        for name, what in changed.items():
            for field in [*what["new"], what["gone"], what["other_id"]]:
                self.assertRegex(patch, rf"(?m)^\+ +{field}:", name)

        # Tomorrow's program finds what it expects, and has a column for everything.
        self.build("callrail-batch")
        harness.BATCH = self.program("callrail-batch")
        again = self.batch(*every, "--drift-patch", "again.patch", "--summary-json", "second.json", fake=fake)
        self.assert_exit(again, 0)
        self.assertFalse((self.folder / "again.patch").exists(), again.stderr)
        for name in changed:
            self.assertEqual(self.drift("second.json", name), {})
            self.assertEqual(self.rows(name), held[name])
        self.assert_exit(self.batch("-e", ",".join(changed), "--limits", "none", fake=fake), 0)
        for name, what in changed.items():
            header, *rows = self.csv_rows(name)
            self.assertEqual(header[-2:], what["new"])
            self.assertIn(what["gone"], header)
            for row in rows:
                text, whole = row[-2:]
                want = held[name][row[header.index("id")]]
                self.assertEqual(text, want[what["new"][0]])
                self.assertEqual(loads(whole) if whole else None, want[what["new"][1]])

    def drift(self, file, name):
        summary = json.loads((self.folder / file).read_text(encoding="utf-8"))
        endpoint = next(one for one in summary["endpoints"] if one["name"] == name)
        # People mistype addresses, today and tomorrow.
        return {what: found for what, found in endpoint["drift"].items() if found and what != "broken_formats"}


def loads(text):
    # Numbers stay text: no digit of a long one may get lost.
    return json.loads(text, parse_int=lambda n: f"number {n}", parse_float=lambda n: f"number {n}")


def comments(schema):
    return [line[line.index("# "):] for line in schema.splitlines() if "# " in line]


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    main()
