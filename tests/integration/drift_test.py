"""Answers that differ from the schema: what is kept of them, and what a run says and proposes."""
import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import time
import xml.etree.ElementTree

from changed_api import ChangedApi, with_members
from harness import Case, main

SMALL = ["--rows", "calls=600,form_submissions=10,text_messages=10", "--accounts", "1", "--limits", "none"]


def extra_of(row):
    """What one row in two has beyond the schema, as it is sent; the values are to be kept to the byte."""
    if row["id"][-1] in "02468":
        return ""
    return '{"zeta":1250.00,"label":"caf\\u00e9 \\"a,b\\" <&>","parts":{"list":[1,2.50,null],"text":"' + row["id"] + '"},"none":null}'


def withheld_of(row):
    return extra_of(row)[:-1] + ',"access_token":"hush-1","hook":{"url":"u","secret":"hush-2"}}' if extra_of(row) else ""


class UnknownMembers(Case):
    def changed(self, members=extra_of, **more):
        fake = self.fake(*SMALL)
        api = ChangedApi(fake, calls=with_members(members), **more)
        self.addCleanup(api.close)
        return fake, api

    def held(self):
        return {row["id"]: row for row in self.dump("calls", *SMALL)}

    def read(self, *options, api):
        self.assert_exit(self.batch("-e", "calls", "--limits", "none", *options, fake=api), 0)

    def test_are_kept_to_the_byte_in_the_last_column_of_a_csv(self):
        _, api = self.changed()
        self.read("--keep-unknown", api=api)
        header, *rows = self.csv_rows("calls")
        self.assertEqual(header[-1], "_extra")
        self.assertEqual(len(rows), len(self.held()))
        key = header.index("id")
        for row in rows:
            self.assertEqual(row[-1], extra_of({"id": row[key]}))

    def test_are_kept_in_the_other_formats_too(self):
        _, api = self.changed()
        for form in ("jsonl", "json", "xml"):
            self.read("--keep-unknown", "--format", form, "--fields", "id,duration", api=api)
            text = (self.folder / f"data/calls.{form}").read_text(encoding="utf-8")
            if form == "xml":
                got = {}
                for row in xml.etree.ElementTree.fromstring(text).findall("row"):
                    self.assertIn([child.tag for child in row], (["id", "duration"], ["id", "duration", "_extra"]))
                    extra = row.find("_extra")
                    got[row.find("id").text] = "" if extra is None else extra.text
                    self.assertTrue(extra is None or extra.get("type") == "json")
                self.assertEqual(got.keys(), self.held().keys())
                for key, extra in got.items():
                    self.assertEqual(extra, extra_of({"id": key}))
                continue
            lines = text.splitlines() if form == "jsonl" else [line.rstrip(",") for line in text.splitlines()[1:-1]]
            self.assertEqual(len(lines), len(self.held()))
            for line in lines:
                row = json.loads(line)
                extra = extra_of(row)
                self.assertEqual(list(row), ["id", "duration"] + (["_extra"] if extra else []))
                if extra:
                    self.assertTrue(line.endswith(',"_extra":' + extra + "}"), line)

    def test_stand_beside_the_columns_of_flattened_objects(self):
        _, api = self.changed()
        self.read("--keep-unknown", "--nested", "flatten", api=api)
        header, *rows = self.csv_rows("calls")
        self.assertEqual(header[-1], "_extra")
        self.assertGreater(len(header), 100)
        key = header.index("id")
        self.assertEqual({row[key]: row[-1] for row in rows}, {id: extra_of(row) for id, row in self.held().items()})

    def test_that_sound_like_credentials_are_left_out_and_named_once(self):
        _, api = self.changed(withheld_of)
        run = self.batch("-e", "calls", "--limits", "none", "--keep-unknown", "--record", "run.rec", fake=api)
        self.assert_exit(run, 0)
        header, *rows = self.csv_rows("calls")
        key = header.index("id")
        for row in rows:
            extra = extra_of({"id": row[key]})
            self.assertEqual(row[-1], extra[:-1] + ',"hook":{"url":"u"}}' if extra else "")
        came = int(re.search('unknown field "access_token" in (\\d+) rows\n', run.stderr)[1])
        self.assertGreaterEqual(came, sum(1 for row in rows if row[-1]))
        self.assertIn(f"calls: {2 * came} values not kept in _extra, their names sound like credentials: access_token, hook.secret\n",
                      run.stderr)
        self.assertNotIn("hush-1", run.stderr)
        self.assertNotIn("hush", (self.folder / "data/calls.csv").read_text(encoding="utf-8"))

    def test_are_the_same_in_a_replay_with_any_number_of_jobs(self):
        _, api = self.changed(withheld_of)
        self.read("--keep-unknown", "--fields", "id,duration", "--record", "run.rec", api=api)
        first = (self.folder / "data/calls.csv").read_bytes()
        for jobs in ("1", "4", "16"):
            run = self.batch("replay", "run.rec", "--keep-unknown", "--output", "again", "--jobs", jobs)
            self.assert_exit(run, 0)
            self.assertEqual((self.folder / "again/calls.csv").read_bytes(), first)

    def test_change_no_byte_of_a_run_that_does_not_keep_them(self):
        fake, api = self.changed()
        for form in ("csv", "jsonl"):
            self.read("--format", form, "--output", "changed", api=api)
            self.read("--format", form, "--output", "plain", api=fake)
            self.assertEqual((self.folder / f"changed/calls.{form}").read_bytes(),
                             (self.folder / f"plain/calls.{form}").read_bytes())

    def test_make_an_empty_column_where_there_are_none(self):
        fake = self.fake(*SMALL)
        self.read("--keep-unknown", "--output", "kept", api=fake)
        self.read("--output", "plain", api=fake)
        kept, plain = self.csv_rows("calls", "kept"), self.csv_rows("calls", "plain")
        self.assertEqual([row[:-1] for row in kept], plain)
        self.assertEqual({row[-1] for row in kept[1:]}, {""})

    def test_are_kept_by_a_run_that_goes_on_after_it_was_killed_but_not_by_another_one(self):
        many = ["--rows", "calls=8000,accounts=1", "--limits", "none"]
        fake = self.fake(*many, "--delay", "20ms")
        api = ChangedApi(fake, calls=with_members(extra_of))
        self.addCleanup(api.close)
        # Calls are kept for 25 months, and how many of the oldest day are asked for depends on the time of day.
        first = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=700)).date().isoformat()
        calls = ["-e", "calls", "--start-date", first, "--limits", "none", "--fields", "id,duration", "--output", "stopped"]
        run = self.start_batch(*calls, "--keep-unknown", fake=api)
        deadline = time.monotonic() + 60
        while len(fake.requests()) < 24 and time.monotonic() < deadline:
            time.sleep(0.01)
        run.kill()
        run.communicate(timeout=20)
        refused = self.batch(*calls, "--resume", fake=api)
        self.assert_exit(refused, 2)
        run = self.batch(*calls, "--keep-unknown", fake=api)
        self.assert_exit(run, 0)
        self.assertIn("goes on with the run begun at", run.stderr)
        header, *rows = self.csv_rows("calls", "stopped")
        self.assertEqual({row[0] for row in rows}, {row["id"] for row in self.dump("calls", *many, "--from", first)})
        self.assertEqual(len({row[0] for row in rows}), len(rows))
        for id, _, extra in rows:
            self.assertEqual(extra, extra_of({"id": id}))
        manifest = json.loads((self.folder / "stopped/_manifest.json").read_text(encoding="utf-8"))
        self.assertIn("keep-unknown", json.dumps(manifest))


def changed_call(text, row, since):
    """A call as the API may send it one day."""
    call = json.loads(text)
    call["visit_score"] = 12 if row["id"][-1] in "01234567" else None
    call["visit_context"] = {"landing": "ada@example.com", "steps": [{"depth": 3}], "person_id": row["id"]}
    del call["business_phone_number"]
    if row["id"][-1] == "a":
        call["direction"] = "sideways"
    call["duration"] = str(call["duration"])
    if call["start_time"] > since:
        call["customer_city"] = None
    return json.dumps(call, separators=(",", ":"))


def changed_tag(text, _):
    return re.sub(r'^{"id":(\d+)', r'{"id":"\1"', text)


class Findings(Case):
    ASKED = ["-e", "calls,tags", "--limits", "none"]

    def changed(self):
        fake = self.fake(*SMALL)
        times = sorted(row["start_time"] for row in self.dump("calls", *SMALL))
        self.since = times[len(times) // 2]
        api = ChangedApi(fake, calls=lambda text, row: changed_call(text, row, self.since), tags=changed_tag)
        self.addCleanup(api.close)
        return api

    def patched(self, patch):
        """The schema with the patch, as git applies it."""
        source = pathlib.Path(os.environ["CALLRAIL_SOURCE"]) / "schema/endpoints.yaml"
        (self.folder / "tree/schema").mkdir(parents=True)
        shutil.copy(source, self.folder / "tree/schema")
        applied = subprocess.run(["git", "apply", "-p1", str(self.folder / patch)], cwd=self.folder / "tree", capture_output=True, text=True)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        return (self.folder / "tree/schema/endpoints.yaml").read_text(encoding="utf-8"), source.read_text(encoding="utf-8")

    def test_are_told_in_a_line_each_and_name_the_next_step(self):
        run = self.batch(*self.ASKED, "--summary-json", "s.json", fake=self.changed())
        self.assert_exit(run, 0)
        lines = run.stderr.splitlines()
        for told in (r'calls: unknown field "visit_score" in (\d+) rows, e\.g\. (12|null)',
                     r'calls: unknown field "visit_context" in \d+ rows, e\.g\. .*',
                     r"calls: a field is gone, in none of \d+ rows: business_phone_number",
                     r'calls: unknown value "direction=sideways" in \d+ rows, e\.g\. "sideways"',
                     r'calls: changed type of "duration" in \d+ rows, e\.g\. "\d+"',
                     r'calls: field "customer_city" is null in all rows since about \d{4}-\d\d-\d\d, \d+ of them looked at, and was not before',
                     r'tags: id "id" is digits in 20 of 20 rows looked at, and number in the schema\'s examples'):
            self.assertEqual(len([line for line in lines if re.fullmatch(told, line)]), 1, told + "\n" + run.stderr)
        self.assertEqual(lines[-1], "the answers differ from the schema: --drift-patch FILE writes the change, "
                                    "--keep-unknown keeps unknown fields meanwhile")
        drift = {each["name"]: each["drift"] for each in json.loads((self.folder / "s.json").read_text())["endpoints"]}
        self.assertEqual(list(drift["calls"]["null_since"]), ["customer_city"])
        self.assertGreaterEqual(drift["calls"]["null_since"]["customer_city"]["rows"], 200)
        self.assertEqual(drift["tags"]["id_forms"], {"id": {"now": "digits", "was": "number", "rows": 20, "of_rows": 20}})
        self.assert_exit(self.batch(*self.ASKED, "--strict", fake=self.changed()), 6)

    def test_that_are_no_drift_are_none_under_strict(self):
        fake = self.fake(*SMALL)
        api = ChangedApi(fake, tags=changed_tag)
        self.addCleanup(api.close)
        run = self.batch("-e", "tags", "--limits", "none", "--strict", fake=api)
        self.assert_exit(run, 0)
        self.assertIn('tags: id "id" is digits', run.stderr)

    def test_become_a_patch_of_the_schema_in_a_run_and_in_a_replay(self):
        run = self.batch(*self.ASKED, "--drift-patch", "new.patch", "--record", "run.rec", fake=self.changed())
        self.assert_exit(run, 0)
        self.assertIn("--drift-patch: new.patch changes the schema to what was seen; read it, then: callrail-codegen accept new.patch\n",
                      run.stderr)
        file = self.folder / "new.patch"
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        patch = file.read_text(encoding="utf-8")
        for value in ("ada@example.com", "Atlanta, ", "CAL0"):
            self.assertNotIn("+" + value, patch)
        self.assertNotIn("ada@example.com", patch)
        new, old = self.patched("new.patch")
        added = [line for line in new.splitlines() if line not in old.splitlines()]
        for part in ("VisitContext:", "landing:", "depth:", "person_id:", "visit_score:", "visit_context:", "until: 2", "sideways]",
                     "integer or text or null"):
            self.assertEqual(len([line for line in added if part in line]), 1, part)
        self.assertIn('examples: [9900101, "9900101"]', "\n".join(added))
        for jobs in ("1", "16"):
            again = self.batch("replay", "run.rec", "--output", "again", "--jobs", jobs, "--drift-patch", "again.patch")
            self.assert_exit(again, 0)
            self.assertEqual((self.folder / "again.patch").read_text(encoding="utf-8"), patch)

    def test_that_are_none_make_no_file(self):
        fake = self.fake(*SMALL)
        run = self.batch("-e", "tags", "--limits", "none", "--drift-patch", "new.patch", fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("--drift-patch: nothing differs from the schema; new.patch is not written\n", run.stderr)
        self.assertFalse((self.folder / "new.patch").exists())
        self.assertNotIn("differ from the schema: --drift-patch", self.batch("-e", "tags", "--limits", "none", fake=fake).stderr)

    def test_have_to_have_a_place_before_anything_is_requested(self):
        fake = self.fake(*SMALL)
        (self.folder / "notes.txt").write_text("mine\n")
        for file, why in (("data", "is a folder"), ("notes.txt", "is no patch"), ("none/new.patch", "there is no folder"),
                          ("data/tags.csv", "is a data file of this run"), ("-", "name a file")):
            (self.folder / "data").mkdir(exist_ok=True)
            run = self.batch("-e", "tags", "--limits", "none", f"--drift-patch={file}", fake=fake)
            self.assert_exit(run, 2)
            self.assertIn(why, run.stderr)
        self.assertEqual((self.folder / "notes.txt").read_text(), "mine\n")
        self.assertEqual(fake.requests(), [])
        run = self.batch("plan", "-e", "tags", "--drift-patch", "new.patch", fake=fake)
        self.assert_exit(run, 2)
        self.assertIn("--drift-patch: is for a run or a replay", run.stderr)


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    main()
