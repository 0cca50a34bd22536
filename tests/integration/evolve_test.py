"""An endpoint in five minutes: the walks of CONTRIBUTING.md, "Add a field" and "Add an endpoint", done by a script.

The endpoint does not exist: a page of it is saved, drafted, pasted, built and read from the fake. Nothing else is edited.
"""
import json
import os
import pathlib
import shutil
import subprocess
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
    def run_ok(self, *command):
        run = subprocess.run(command, cwd=self.project, capture_output=True, text=True)
        self.assert_exit(run, 0)
        return run

    def add_field(self, schema):
        text = schema.read_text(encoding="utf-8")
        tags = text.index("\n  tags:\n")
        first = text.index("      id:", tags)
        schema.write_text(text[:first] + NEW_FIELD + text[first:], encoding="utf-8")
        page_file = self.project / "tests/data/tags/page1.json"
        page = json.loads(page_file.read_text(encoding="utf-8"))
        page["tags"] = [{"shoe_size": 42, **row} for row in page["tags"]]
        page_file.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        with open(self.project / "tests/data/fields.tsv", "a", encoding="utf-8") as facts:
            facts.write(NEW_FIELD_FACT)

    def add_endpoint(self, schema):
        page = self.project / "tests/data/loyalty_cards/page1.json"
        page.parent.mkdir()
        page.write_text(json.dumps(PAGE, ensure_ascii=False, indent=2), encoding="utf-8")
        draft = self.run_ok(CODEGEN, "infer", "tests/data/loyalty_cards/page1.json").stdout
        facts = self.run_ok(CODEGEN, "infer", "--facts", "tests/data/loyalty_cards/page1.json").stdout
        schema.write_text(pasted(schema.read_text(encoding="utf-8"), draft), encoding="utf-8")
        with open(self.project / "tests/data/fields.tsv", "a", encoding="utf-8") as file:
            file.write(facts)
        return draft

    def test_needs_no_edit_but_the_schema(self):  # A26
        self.project = project = self.folder / "project"
        top = {"build", ".git", "data", "logs"}
        shutil.copytree(SOURCE, project, ignore=lambda folder, names: top & set(names) if folder == str(SOURCE) else ())
        schema = project / "schema/endpoints.yaml"
        began = time.monotonic()
        self.add_field(schema)
        draft = self.add_endpoint(schema)
        drafted = time.monotonic()

        build = str(project / "build/evolve")  # as deep as other build folders: ccache goes by relative paths
        self.run_ok("cmake", "-S", str(project), "-B", build, "-G", "Ninja", "-DCALLRAIL_BENCH=OFF")
        self.run_ok("cmake", "--build", build, "--parallel", "2", "--target", "callrail-batch", "callrail-fake", "contract_test")
        built = time.monotonic()
        contract = self.run_ok("ctest", "--test-dir", build, "-L", "contract", "--output-on-failure").stdout
        self.assertIn("loyalty_cards", contract)
        self.assertIn("schema-has-every-fact", contract)
        harness.BATCH = f"{build}/apps/callrail-batch/callrail-batch"
        harness.FAKE = f"{build}/apps/callrail-fake/callrail-fake"

        fake = self.fake("--rows", "tags=12,loyalty_cards=9")
        self.assert_exit(self.batch("-e", "tags,loyalty_cards", fake=fake), 0)
        ended = time.monotonic()
        tags, cards = self.csv_rows("tags"), self.csv_rows("loyalty_cards")
        self.assertEqual(tags[0][0], "shoe_size")
        self.assertTrue(any(row[0].isdigit() for row in tags[1:]))
        # A list of objects becomes a file of its own.
        self.assertEqual([name for name in cards[0] if "." not in name], [name for name in PAGE["cards"][0] if name not in ("company", "visits")])
        self.assertGreater(len(cards), 9)
        self.assertIn("shoe_size", self.batch("endpoints", "tags").stdout)
        self.assertIn("loyalty_cards", self.batch("endpoints").stdout.split())
        self.assertIn("shoe_size", (project / "generated/docs/tags.md").read_text(encoding="utf-8"))
        self.assertTrue((project / "generated/json-schema/loyalty_cards.schema.json").exists())
        print(f"\n{draft}\nminutes from a page to rows: {(ended - began) / 60:.1f}; in seconds: draft and paste {drafted - began:.1f}, "
              f"build {built - drafted:.0f}, contract tests, fake and run {ended - built:.0f}")

        self.mistakes_stop_the_build(schema, build)

    def mistakes_stop_the_build(self, schema, build):
        text = schema.read_text(encoding="utf-8")
        schema.write_text(text.replace("type: integer or null, evidence: real, unit", "type: intger or null, evidence: real, unit"), encoding="utf-8")
        run = subprocess.run(["cmake", "--build", build], capture_output=True, text=True)
        self.assertNotEqual(run.returncode, 0)
        line = text[:text.index("shoe_size")].count("\n") + 1
        self.assertRegex(run.stdout + run.stderr, rf"endpoints\.yaml:{line}:\d+: .*intger")
        self.assertIn("integer", run.stdout + run.stderr)


if __name__ == "__main__":
    main()
