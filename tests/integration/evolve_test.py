"""A field and an endpoint added to the schema: a build makes them columns, files, documentation and fake data. Nothing else is edited."""
import os
import pathlib
import shutil
import subprocess

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
    def run_ok(self, *command):
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        self.assert_exit(run, 0)
        return run

    def test_needs_no_edit_but_the_schema(self):  # A26
        project = self.folder / "project"
        shutil.copytree(SOURCE, project, ignore=shutil.ignore_patterns("build", ".git", "data", "logs"))
        schema = project / "schema/endpoints.yaml"
        text = schema.read_text(encoding="utf-8")
        tags = text.index("\n  tags:\n")
        first = text.index("      id:", tags)
        schema.write_text(text[:first] + NEW_FIELD + text[first:] + NEW_ENDPOINT, encoding="utf-8")

        build = str(project / "build/evolve")  # as deep as other build folders: ccache goes by relative paths
        self.run_ok("cmake", "-S", str(project), "-B", build, "-G", "Ninja", "-DCALLRAIL_TESTS=OFF", "-DCALLRAIL_BENCH=OFF")
        self.run_ok("cmake", "--build", build, "--parallel", "2", "--target", "callrail-batch", "callrail-fake")
        harness.BATCH = f"{build}/apps/callrail-batch/callrail-batch"
        harness.FAKE = f"{build}/apps/callrail-fake/callrail-fake"

        fake = self.fake("--rows", "tags=12,loyalty_cards=9")
        self.assert_exit(self.batch("-e", "tags,loyalty_cards", fake=fake), 0)
        tags, cards = self.csv_rows("tags"), self.csv_rows("loyalty_cards")
        self.assertEqual(tags[0][0], "shoe_size")
        self.assertTrue(any(row[0].isdigit() for row in tags[1:]))
        self.assertEqual(cards[0], ["id", "holder", "sealed", "made_at"])
        self.assertGreater(len(cards), 9)
        self.assertIn("shoe_size", self.batch("endpoints", "tags").stdout)
        self.assertIn("loyalty_cards", self.batch("endpoints").stdout.split())
        self.assertIn("shoe_size", (project / "generated/docs/tags.md").read_text(encoding="utf-8"))
        self.assertTrue((project / "generated/json-schema/loyalty_cards.schema.json").exists())

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
