"""The schema changes, by hand or by the patch of a run, and a build takes it up: columns, files, documentation, fake data. Nothing else
is edited."""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import harness
from harness import Case, main

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])

NEW_FIELD = "      shoe_size: { type: integer or null, evidence: real, unit: centimetres, doc: Added by a test. }\n"
NEW_ENDPOINT = """
  loyalty_cards:
    record: LoyaltyCard
    doc: Cards that customers collect. Added by a test.
    docs: "#loyalty-cards"
    path: /v3/a/{account_id}/loyalty-cards.json
    rows: cards
    key: id
    paging: [offset]
    fields:
      id:      { type: id,                evidence: real, example: 550901 }
      holder:  { type: text or null,      evidence: real, pii: name, example: "Dana Example" }
      sealed:  { type: boolean,           evidence: real }
      made_at: { type: timestamp or null, evidence: real, example: "2026-02-10T09:05:06.789-05:00" }
"""


class Evolve(Case):
    """One copy of the project for all tests, so that the second build has only the difference to compile."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.project = pathlib.Path(scratch.name) / "project"
        cls.built = str(cls.project / "build/evolve")  # as deep as other build folders: ccache goes by relative paths
        shutil.copytree(SOURCE, cls.project, ignore=shutil.ignore_patterns("build", ".git", "data", "logs"))
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
        self.run_ok("cmake", "-S", str(self.project), "-B", self.built, "-G", "Ninja", "-DCALLRAIL_TESTS=OFF", "-DCALLRAIL_BENCH=OFF")
        self.run_ok("cmake", "--build", self.built, "--parallel", "2", "--target", *targets)

    def program(self, name):
        return f"{self.built}/apps/{name}/{name}"

    def test_needs_no_edit_but_the_schema(self):  # A26
        text = self.schema_text
        tags = text.index("\n  tags:\n")
        first = text.index("      id:", tags)
        self.schema.write_text(text[:first] + NEW_FIELD + text[first:] + NEW_ENDPOINT, encoding="utf-8")

        self.build("callrail-batch", "callrail-fake")
        harness.BATCH = self.program("callrail-batch")
        harness.FAKE = self.program("callrail-fake")

        fake = self.fake("--rows", "tags=12,loyalty_cards=9")
        self.assert_exit(self.batch("-e", "tags,loyalty_cards", fake=fake), 0)
        tags, cards = self.csv_rows("tags"), self.csv_rows("loyalty_cards")
        self.assertEqual(tags[0][0], "shoe_size")
        self.assertTrue(any(row[0].isdigit() for row in tags[1:]))
        self.assertEqual(cards[0], ["id", "holder", "sealed", "made_at"])
        self.assertGreater(len(cards), 9)
        self.assertIn("shoe_size", self.batch("endpoints", "tags").stdout)
        self.assertIn("loyalty_cards", self.batch("endpoints").stdout.split())
        self.assertIn("shoe_size", (self.project / "generated/docs/tags.md").read_text(encoding="utf-8"))
        self.assertTrue((self.project / "generated/json-schema/loyalty_cards.schema.json").exists())

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
        fake = self.fake("--rows", "calls=400,tags=40", "--accounts", "1", "--limits", "none", "--tomorrow", "calls", "--tomorrow", "tags")
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
        self.run_ok(os.environ["CALLRAIL_CODEGEN"], "accept", str(self.folder / "p.patch"), cwd=self.project)
        self.run_ok(os.environ["CALLRAIL_CODEGEN"], "check", "schema/endpoints.yaml", "--out", "generated", cwd=self.project)
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
