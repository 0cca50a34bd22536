"""What a run asks, writes and says. Names in brackets are lines of the acceptance list."""
import json
import os
import resource
import signal
import stat
import subprocess
import time

from harness import BATCH, Case, KEY, main

ELEVEN = ["accounts", "calls", "companies", "form_submissions", "integrations", "tags", "trackers", "users", "text_messages",
          "notifications", "outbound_caller_ids"]
SMALL = ["--rows", "calls=40,form_submissions=10,text_messages=10", "--limits", "none"]


def endpoints_asked(fake):
    return {request["endpoint"] for request in fake.requests()}


class Endpoints(Case):
    def test_lists_exactly_the_eleven_names(self):  # A1
        run = self.batch("endpoints", CALLRAIL_API_KEY=None)
        self.assert_exit(run, 0)
        self.assertEqual(run.stdout.split(), ELEVEN)
        self.assertEqual(self.batch("--list-endpoints").stdout.split(), ELEVEN)

    def test_describes_one(self):
        run = self.batch("endpoints", "calls")
        self.assert_exit(run, 0)
        for word in ("/v3/a/{account_id}/calls.json", "start_time", "relative", "lead_status"):
            self.assertIn(word, run.stdout)
        self.assertEqual(self.batch("--endpoint-info", "calls").stdout, run.stdout)


class MainJob(Case):
    def test_writes_two_files_and_asks_for_nothing_else(self):  # A2
        fake = self.fake(*SMALL)
        run = self.batch("--endpoints", "calls,tags", fake=fake)
        self.assert_exit(run, 0)
        self.assertEqual(self.data_files(), ["calls.csv", "tags.csv"])
        self.assertEqual(endpoints_asked(fake), {"accounts", "calls", "tags"})

    def test_goes_where_DATA_DIR_says(self):  # A2
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "tags", fake=fake, DATA_DIR="elsewhere/deep"), 0)
        self.assertTrue((self.folder / "elsewhere/deep/tags.csv").exists())

    def test_reads_all_eleven_of_every_account_and_company(self):  # A3
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("--all", "--limits", "none", fake=fake), 0)
        self.assertEqual(self.data_files(), sorted(f"{name}.csv" for name in ELEVEN))
        companies = self.csv_rows("companies")
        ids = [row[companies[0].index("id")] for row in companies[1:]]
        for scoped in ("integrations", "outbound_caller_ids"):
            asked = [r["query"]["company_id"] for r in fake.requests() if r["endpoint"] == scoped]
            self.assertEqual(sorted(asked), sorted(ids))
            rows = self.csv_rows(scoped)
            column = rows[0].index("company_id")
            self.assertTrue({row[column] for row in rows[1:]} <= set(ids) and len(rows) > 1)

    def test_sends_the_key_and_a_user_agent_with_every_request(self):  # A8
        fake = self.fake(*SMALL)
        self.batch("--all", "--limits", "none", fake=fake)
        self.assertTrue(all(r["status"] == 200 for r in fake.requests()))

    def test_stops_at_the_limit(self):  # A4
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "calls", "--limit", "7", fake=fake), 0)
        self.assertEqual(len(self.csv_rows("calls")), 8)
        self.assertEqual([r["query"]["page"] for r in fake.requests() if r["endpoint"] == "calls"], ["1"])

    def test_takes_the_size_of_a_page_from_the_user(self):  # A5
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "calls", "--batch-size", "100", fake=fake), 0)
        self.assertEqual({r["query"]["per_page"] for r in fake.requests() if r["endpoint"] == "calls"}, {"100"})

    def test_gives_the_columns_asked_for_in_their_order(self):  # A10
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "calls", "--fields", "start_time,id", fake=fake), 0)
        self.assertEqual(self.csv_rows("calls")[0], ["start_time", "id"])
        self.assertEqual({r["query"]["fields"] for r in fake.requests() if r["endpoint"] == "calls"}, {"start_time,id"})

    def test_sends_both_dates_and_the_zone_always(self):
        fake = self.fake(*SMALL)
        self.batch("--all", "--limits", "none", fake=fake)
        for request in fake.requests():
            dated = request["endpoint"] in ("calls", "form_submissions", "text_messages")
            self.assertEqual(dated, {"start_date", "end_date", "time_zone"} <= set(request["query"]), request)

    def test_takes_days_from_the_user(self):
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "calls", "--start-date", "2026-01-05", "--end-date", "2026-01-31", fake=fake), 0)
        query = [r["query"] for r in fake.requests() if r["endpoint"] == "calls"][0]
        self.assertEqual((query["start_date"], query["end_date"]), ("2026-01-05", "2026-01-31"))

    def test_leaves_files_only_their_owner_can_read(self):  # A19
        fake = self.fake(*SMALL)
        self.batch("-e", "tags", fake=fake)
        self.assertEqual(stat.S_IMODE((self.folder / "data").stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((self.folder / "data/tags.csv").stat().st_mode), 0o600)

    def test_writes_to_stdout_and_nothing_else_there(self):
        fake = self.fake(*SMALL)
        run = self.batch("-e", "tags", "-o", "-", "-f", "jsonl", fake=fake)
        self.assert_exit(run, 0)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertTrue(rows and all("tag_level" in row for row in rows))
        self.assertFalse((self.folder / "data").exists())

    def test_writes_nothing_on_a_dry_run(self):
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "tags", "--dry-run", fake=fake), 0)
        self.assertFalse((self.folder / "data").exists())


class Summary(Case):
    def test_has_the_same_numbers_as_the_files(self):  # A21
        fake = self.fake(*SMALL)
        run = self.batch("--all", "--limits", "none", "--summary-json", "summary.json", fake=fake)
        self.assert_exit(run, 0)
        summary = json.loads((self.folder / "summary.json").read_text())
        rows = {e["name"]: e["rows"] for e in summary["endpoints"]}
        self.assertEqual(rows, {name: len(self.csv_rows(name)) - 1 for name in ELEVEN})
        self.assertEqual(summary["rows"], sum(rows.values()))
        self.assertEqual(summary["requests"], len(fake.requests()))
        self.assertIn(str(sum(rows.values())), run.stderr.replace(",", ""))


class Messages(Case):
    def test_name_the_option_and_what_is_allowed(self):  # A4 A5 A6 A10 A22
        for options, words in {
            ("-e", "callz"): ["callz", "calls"],
            ("-e", "calls", "--limit", "0"): ["--limit"],
            ("-e", "calls", "--limit", "-1"): ["--limit"],
            ("-e", "calls", "--batch-size", "251"): ["--batch-size", "250"],
            ("-e", "calls", "--batch-size", "0"): ["--batch-size"],
            ("-e", "calls", "--batch-size", "abc"): ["--batch-size", "abc"],
            ("-e", "calls", "--fields", "id,stat_time"): ["stat_time", "start_time"],
            ("-e", "calls", "--start-date", "2024-13-01"): ["--start-date", "2024-13-01"],
            ("-e", "calls", "--start-date", "yesterday"): ["--start-date"],
            ("-e", "calls", "--start-date", "2026-02-02", "--end-date", "2026-02-01"): ["--end-date"],
            ("-e", "calls", "--format", "cvs"): ["cvs", "csv"],
            ("-e", "calls,tags", "--output", "-"): ["--output"],
            ("-e", "calls", "--log-level", "LOUD"): ["LOUD", "INFO"],
            ("-e", "calls", "--base-url", "http://api.example.com"): ["https"],
            (): ["--endpoints"],
        }.items():
            with self.subTest(options=options):
                run = self.batch(*options)
                self.assert_exit(run, 2)
                for word in words:
                    self.assertIn(word, run.stderr)
                self.assertFalse((self.folder / "data").exists())

    def test_say_which_variable_holds_the_key_when_there_is_none(self):  # A7
        begin = time.monotonic()
        run = self.batch("-e", "calls", CALLRAIL_API_KEY=None)
        self.assertLess(time.monotonic() - begin, 1)
        self.assert_exit(run, 2)
        self.assertIn("CALLRAIL_API_KEY", run.stderr)

    def test_and_files_never_hold_the_key(self):  # A7
        fake = self.fake(*SMALL, "--fault", "tags:1=500", "--fault", "users:*=403")
        runs = [self.batch("--all", "-v", "--log-level", "DEBUG", "--limits", "none", "--summary-json", "s.json", fake=fake),
                self.batch("--print-config", fake=fake), self.batch("check", fake=fake),
                self.batch("-e", "calls", fake=fake, CALLRAIL_API_KEY=KEY[::-1])]
        texts = [run.stdout + run.stderr for run in runs]
        texts += [path.read_text(encoding="utf-8", errors="replace") for path in self.folder.rglob("*") if path.is_file()]
        for key in (KEY, KEY[::-1]):
            for text in texts:
                self.assertNotIn(key, text)
                self.assertNotIn(key[:5], text)
                self.assertNotIn(key[-5:], text)
        self.assertEqual(runs[-1].returncode, 3)

    def test_in_the_log_have_their_shape_and_no_people(self):  # A22
        fake = self.fake(*SMALL)
        self.batch("-e", "calls", fake=fake)
        lines = (self.folder / "logs/callrail-batch.log").read_text().splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - callrail_extractor - [A-Z]+ - \[\d{8}T\d{6}-\d+ (calls|-)\] ")
            self.assertNotRegex(line, r"\+1\d{10}")


    def test_in_the_log_are_put_away(self):  # B35
        fake = self.fake(*SMALL)
        for _ in range(12):
            self.assert_exit(self.batch("-e", "calls,tags", "--log-files", "2", fake=fake, LOG_SIZE="1kB"), 0)
        logs = self.folder / "logs"
        self.assertEqual(sorted(path.name for path in logs.glob("*.log")),
                         ["callrail-batch.1.log", "callrail-batch.2.log", "callrail-batch.log"])
        for path in logs.glob("*.log"):
            self.assertLessEqual(path.stat().st_size, 1000)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)


class Configuration(Case):
    def test_comes_from_options_then_environment_then_dotenv(self):  # A25
        fake = self.fake(*SMALL)
        (self.folder / ".env").write_text("export BATCH_SIZE=50\nCALLRAIL_LIMIT='3'\nDATA_DIR=from-dotenv\n")
        self.assert_exit(self.batch("-e", "calls", "--limit", "60", fake=fake, DATA_DIR="from-environment"), 0)
        self.assertTrue((self.folder / "from-environment/calls.csv").exists())
        queries = [r["query"] for r in fake.requests() if r["endpoint"] == "calls"]
        self.assertEqual({q["per_page"] for q in queries}, {"50"})
        shown = self.batch("--print-config", "-e", "calls", fake=fake).stdout
        self.assertRegex(shown, r"(?im)batch.size.*50.*\.env")
        self.assertNotIn(KEY[:5], shown)

    def test_takes_the_key_from_dotenv_or_a_private_file(self):
        fake = self.fake(*SMALL)
        (self.folder / ".env").write_text(f"CALLRAIL_API_KEY={KEY}\n")
        self.assert_exit(self.batch("-e", "tags", fake=fake, CALLRAIL_API_KEY=None), 0)
        (self.folder / ".env").unlink()
        secret = self.folder / "key"
        secret.write_text(KEY + "\n")
        secret.chmod(0o644)
        run = self.batch("-e", "tags", fake=fake, CALLRAIL_API_KEY=None, CALLRAIL_API_KEY_FILE=str(secret))
        self.assert_exit(run, 2)
        secret.chmod(0o600)
        self.assert_exit(self.batch("-e", "tags", fake=fake, CALLRAIL_API_KEY=None, CALLRAIL_API_KEY_FILE=str(secret)), 0)


class Trouble(Case):
    def test_of_a_refused_key_ends_it_at_once(self):  # A15
        fake = self.fake(*SMALL)
        run = self.batch("--all", fake=fake, CALLRAIL_API_KEY="another-key-entirely")
        self.assert_exit(run, 3)
        self.assertEqual(len(fake.requests()), 1)

    def test_of_one_forbidden_endpoint_skips_it(self):  # A15
        fake = self.fake(*SMALL, "--fault", "users:*=403")
        run = self.batch("-e", "users,tags", fake=fake)
        self.assert_exit(run, 1)
        self.assertIn("users", run.stderr)
        self.assertEqual(self.data_files(), ["tags.csv"])

    def test_of_a_404_leaves_a_header_only_file(self):  # A15
        fake = self.fake(*SMALL, "--fault", "users:*=404")
        self.assert_exit(self.batch("-e", "users", fake=fake), 0)
        self.assertEqual(len(self.csv_rows("users")), 1)

    def test_that_passes_is_waited_out_where_all_can_see(self):  # A13
        fake = self.fake(*SMALL, "--fault", "tags:1-2=429-seconds")
        run = self.batch("-e", "tags", fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("429", run.stderr)
        self.assertEqual([r["status"] for r in fake.requests() if r["endpoint"] == "tags"][:2], [429, 429])

    def test_that_stays_fails_one_endpoint_and_not_the_others(self):  # A13 A14
        for fault in ("500", "502", "reset", "reset-in-body", "html", "wrong-envelope", "cut-json"):
            with self.subTest(fault=fault):
                fake = self.fake(*SMALL, "--fault", f"tags:*={fault}")
                run = self.batch("-e", "tags,users", "--max-retries", "1", fake=fake)
                self.assert_exit(run, 1)
                self.assertIn("tags", run.stderr)
                self.assertEqual(self.data_files(), ["users.csv"])
                self.assertGreaterEqual(len([r for r in fake.requests() if r["endpoint"] == "tags"]), 2)

    def test_of_the_only_endpoint_is_no_api_out_of_reach(self):  # A13 A14
        fake = self.fake(*SMALL, "--fault", "tags:*=500")
        accounts = ",".join(row["id"] for row in self.dump("accounts", *SMALL))
        for more in ({}, {"CALLRAIL_ACCOUNT_ID": accounts}):
            self.assert_exit(self.batch("-e", "tags", "--max-retries", "0", fake=fake, **more), 1)

    def test_in_the_middle_of_a_list_fails_it(self):
        for fault in ("404", "403", "wrong-envelope"):
            with self.subTest(fault=fault):
                fake = self.fake("--rows", "calls=600", "--limits", "none", "--fault", f"calls:3-={fault}")
                run = self.batch("-e", "calls", "--max-retries", "0", "-j", "1", fake=fake)
                self.assert_exit(run, 1)
                self.assertFalse((self.folder / "data/calls.csv").exists())

    def test_of_totals_that_lie_loses_no_row(self):
        options = ["--tags", "257", "--accounts", "1", "--limits", "none"]
        for lie in ("totals-low:7", "totals-low:200", "totals-high:5"):
            with self.subTest(lie=lie):
                fake = self.fake(*options, "--fault", f"tags:*={lie}")
                run = self.batch("-e", "tags", fake=fake)
                self.assert_exit(run, 0)
                self.assertEqual(len(self.csv_rows("tags")) - 1, 257)
                self.assertIn("the API announces", run.stderr)
                self.assert_exit(self.batch("-e", "tags", "--strict", fake=fake), 7)

    def test_of_accounts_that_cannot_be_listed_leaves_the_files(self):
        self.assert_exit(self.batch("-e", "tags", fake=self.fake(*SMALL)), 0)
        before = (self.folder / "data/tags.csv").read_bytes()
        run = self.batch("-e", "tags", fake=self.fake(*SMALL, "--fault", "accounts:*=404"))
        self.assert_exit(run, 1)
        self.assertIn("accounts could not be listed", run.stderr)
        self.assertEqual((self.folder / "data/tags.csv").read_bytes(), before)

    def test_with_a_user_of_two_companies_writes_them_once(self):
        fake = self.fake(*SMALL)
        companies = ",".join(row["id"] for row in self.dump("companies", *SMALL))
        self.assert_exit(self.batch("-e", "users", "--fields", "id", "--company-id", companies, fake=fake), 0)
        ids = [row[0] for row in self.csv_rows("users")[1:]]
        self.assertEqual(len(ids), len(set(ids)))

    def test_shows_no_secret_of_the_data(self):
        fake = self.fake(*SMALL, "--fault", "integrations:*=type-change:signing_key", "--quirk", "sibling=x")
        run = self.batch("-e", "integrations", "--fields", "id,signing_key", "--summary-json", "s.json", fake=fake)
        shown = run.stderr + (self.folder / "s.json").read_text() + (self.folder / "logs/callrail-batch.log").read_text()
        for line in (line for line in shown.splitlines() if "signing_key" in line):
            self.assertNotIn("e.g.", line)

    def test_of_an_api_out_of_reach_has_a_code_of_its_own(self):
        run = self.batch("-e", "tags", "--max-retries", "0", CALLRAIL_BASE_URL="http://127.0.0.1:9")
        self.assert_exit(run, 4)

    def test_of_a_redirect_is_refused(self):  # A17
        fake = self.fake(*SMALL, "--fault", "tags:*=redirect-other")
        run = self.batch("-e", "tags", "--max-retries", "0", fake=fake)
        self.assert_exit(run, 1)
        self.assertIn("redirect", run.stderr)

    def test_of_a_disk_that_takes_no_more_leaves_the_previous_file(self):  # A19
        fake = self.fake("--rows", "calls=200,accounts=1")
        self.assert_exit(self.batch("-e", "calls", fake=fake), 0)
        before = (self.folder / "data/calls.csv").read_bytes()
        self.assertGreater(len(before), 400000)
        fake.ask("/__fake/insert?endpoint=calls")
        run = subprocess.run([BATCH, "-e", "calls", "--log-file", "none"], cwd=self.folder, env=self.environment(fake),
                             capture_output=True, text=True, timeout=60,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000)))
        self.assert_exit(run, 5)
        self.assertIn("data/calls.csv", run.stderr)
        self.assertEqual((self.folder / "data/calls.csv").read_bytes(), before)
        self.assertEqual(self.data_files(), ["calls.csv"])
        self.assert_exit(self.batch("verify", "data"), 0)
        self.assert_exit(self.batch("-e", "calls", fake=fake), 0)  # there is room again
        self.assertNotEqual((self.folder / "data/calls.csv").read_bytes(), before)
        self.assert_exit(self.batch("verify", "data"), 0)

    def test_at_the_keyboard_ends_it_cleanly(self):  # A18 in part
        fake = self.fake("--rows", "calls=20000", "--delay", "50ms")
        run = self.start_batch("-e", "calls", fake=fake)
        while not any(r["endpoint"] == "calls" for r in fake.requests()):
            time.sleep(0.02)
        begin = time.monotonic()
        run.send_signal(signal.SIGINT)
        _, stderr = run.communicate(timeout=20)
        self.assertLess(time.monotonic() - begin, 2)
        self.assertEqual(run.returncode, 130, stderr)
        self.assertEqual([f for f in (self.folder / "data").glob("*") if f.suffix == ".csv"], [])

    def test_of_a_field_the_api_refuses_heals_itself(self):
        fake = self.fake(*SMALL, "--quirk", "refuse-field=utm_term")
        run = self.batch("-e", "calls", fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("utm_term", run.stderr)
        rows = self.csv_rows("calls")
        self.assertEqual(len(rows), len(self.dump("calls", *SMALL)) + 1)
        self.assertEqual({row[rows[0].index("utm_term")] for row in rows[1:]}, {""})
        self.assertTrue(any(row[rows[0].index("utm_source")] for row in rows[1:]))

    def test_of_drift_is_an_error_only_under_strict(self):
        fake = self.fake(*SMALL, "--fault", "tags:*=new-field")
        run = self.batch("-e", "tags", fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("unknown field", run.stderr)
        self.assert_exit(self.batch("-e", "tags", "--strict", fake=fake), 6)


class Limits(Case):
    def test_are_kept_and_used(self):  # A16 for one process
        fake = self.fake("--rows", "calls=5000", "--limits", "none")
        self.assert_exit(self.batch("-e", "calls", "-b", "100", "-j", "8", "--limits", "20/s", fake=fake), 0)
        times = sorted(r["time"] for r in fake.requests())
        for i in range(20, len(times)):
            self.assertGreaterEqual(times[i] - times[i - 20], 1000, f"21 requests in {times[i] - times[i - 20]} ms")

    def test_do_not_make_the_api_say_429(self):
        fake = self.fake("--rows", "calls=3000", "--limits", "15/s")
        self.assert_exit(self.batch("-e", "calls", "-b", "100", "-j", "8", "--limits", "15/s", fake=fake), 0)
        self.assertEqual({r["status"] for r in fake.requests()}, {200})


class Start(Case):
    def test_is_quick(self):  # A23
        for options in (["--help"], ["--version"]):
            best = min(self.seconds(options) for _ in range(5))
            self.assertLess(best, 0.1)

    def seconds(self, options):
        begin = time.monotonic()
        self.assert_exit(self.batch(*options), 0)
        return time.monotonic() - begin


if __name__ == "__main__":
    main()
