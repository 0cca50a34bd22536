"""Lists that are read only when named: below rows of other lists, single rows, and sums over days."""
import datetime
import json
import signal
import subprocess
import time

from harness import Case, FAKE, main

SMALL = ["--limits", "none", "--rows",
         "calls=24,form_submissions=20,text_messages=16,sms_threads=16,leads=12,message_flows=6,summary_emails=6,integration_triggers=9"]
# Nearly all that the fake keeps, in its zone; today's rows would depend on the hour.
FIRST, LAST = (str(datetime.date.today() - datetime.timedelta(days)) for days in (750, 2))
DAYS = ["--start-date", FIRST, "--end-date", LAST, "--time-zone", "America/New_York"]
OF_FAKE = ["--from", FIRST, "--to", LAST]

# The collections, and where they are lists below rows: the field that names the row, and whose.
PARENTS = {
    "page_views": ("call_id", "calls"),
    "call_details": ("id", "calls"),
    "sms_thread_messages": ("thread_id", "sms_threads"),
    "messages": ("conversation_id", "text_messages"),
    "message_flow_details": ("id", "message_flows"),
    "lead_timeline": ("lead_id", "leads"),
}
SUMS = ["calls_summary", "calls_timeseries", "forms_summary"]
LISTS = ["integration_triggers", "sms_threads", "summary_emails", "message_flows", "leads"]
ALL = [*PARENTS, *SUMS, *LISTS]


def loads(text):
    # Numbers stay text: 1250.00 is not 1250.0.
    return json.loads(text, parse_int=lambda n: ("number", n), parse_float=lambda n: ("number", n))


def as_cell(value):
    if value is None:
        return ""
    if isinstance(value, tuple):
        return value[1]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def spelled(rows):
    """Rows in an order of their own, as that of requests is another test's."""
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)


class Collections(Case):
    def run_batch(self, *options, fake=None, names=ALL, out="data"):
        fake = fake or self.fake(*SMALL)
        run = self.batch("-e", ",".join(names), *DAYS, "--limits", "none", "-o", out, *options, fake=fake)
        self.assert_exit(run, 0)
        return run

    def held(self, name):
        """What the fake holds, without what nobody asks for unless it is named."""
        out = subprocess.run([FAKE, *SMALL, *OF_FAKE, "dump", name], capture_output=True, check=True, timeout=60).stdout
        return [loads(line) for line in out.decode("utf-8").splitlines()]

    def files(self, folder):
        return {name: (self.folder / folder / name).read_bytes() for name in self.data_files(folder)}

    def test_are_equal_to_what_the_fake_holds_in_jsonl(self):
        self.run_batch("-f", "jsonl")
        for name in ALL:
            with self.subTest(name=name):
                lines = (self.folder / f"data/{name}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
                held = self.held(name)
                self.assertGreater(len(held), 5)
                self.assertEqual(spelled(loads(line) for line in lines), spelled(held))

    def test_are_equal_to_what_the_fake_holds_in_csv(self):
        self.run_batch()
        for name in ALL:
            with self.subTest(name=name):
                header, *rows = self.csv_rows(name)
                got = sorted(rows)
                self.assertEqual(len(header), len(set(header)))
                held = self.held(name)
                self.assertEqual(len(rows), len(held))
                want = []
                for row in held:
                    self.assertLessEqual(row.keys(), set(header))
                    cells = [row.get(column) for column in header]
                    want.append([json.dumps(cell) if isinstance(cell, (dict, list)) else as_cell(cell) for cell in cells])
                whole = [i for i, column in enumerate(header) if any(isinstance(row.get(column), (dict, list)) for row in held)]
                blank = lambda rows: sorted([cell for i, cell in enumerate(row) if i not in whole] for row in rows)
                self.assertEqual(blank(got), blank(want))

    def test_children_belong_to_rows_of_their_parents(self):
        parents = sorted({parent for _, parent in PARENTS.values()})
        self.run_batch("-f", "jsonl", names=[*PARENTS, *parents])
        rows = {name: [json.loads(line) for line in (self.folder / f"data/{name}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
                for name in [*PARENTS, *parents]}
        for name, (field, parent) in PARENTS.items():
            with self.subTest(name=name):
                ids = {row["id"] for row in rows[parent]}
                self.assertGreater(len(ids), 5)
                below = {row[field] for row in rows[name]}
                self.assertEqual(below - ids, set())
                self.assertEqual(below, {as_cell(row[field]) for row in self.held(name)})
        # Places begin at 1 below each call, and none is left out.
        places = {}
        for row in rows["page_views"]:
            places.setdefault(row["call_id"], []).append(row["position"])
        for found in places.values():
            self.assertEqual(found, list(range(1, len(found) + 1)))

    def test_children_come_in_pages_too(self):
        small = self.fake(*SMALL)
        self.run_batch(names=["page_views", "messages"], fake=small)
        small.__exit__()
        paged = self.fake(*SMALL)
        self.run_batch("-b", "3", names=["page_views", "messages"], fake=paged, out="paged")
        self.assertGreater(len(paged.requests()), 40)
        self.assertIn("2", {request["query"].get("page") for request in paged.requests()})
        # Of a conversation the pages say in which order it is read.
        for name in ("page_views", "messages"):
            self.assertEqual(sorted(self.csv_rows(name, "paged")), sorted(self.csv_rows(name)))

    def test_threads_give_a_hundred_messages_a_page(self):
        many = [*SMALL, "--sms_threads", "5", "--sms_thread_messages", "350"]
        fake = self.fake(*many)
        self.run_batch(names=["sms_thread_messages"], fake=fake)
        fake.__exit__()
        asked = [request for request in fake.requests() if request["endpoint"] == "sms_thread_messages"]
        self.assertEqual({request["status"] for request in asked}, {200})
        self.assertEqual(max(int(request["query"]["per_page"]) for request in asked), 100)
        header, *rows = self.csv_rows("sms_thread_messages")
        self.assertEqual(sorted(row[header.index("id")] for row in rows),
                         sorted(row["id"] for row in self.dump("sms_thread_messages", *many, *OF_FAKE)))

    def test_are_left_out_of_all(self):
        fake = self.fake("--rows", "calls=5", "--limits", "none")
        self.assert_exit(self.batch("--all", "--limits", "none", fake=fake), 0)
        self.assertEqual(len(self.data_files()), 11)
        self.assertEqual({request["endpoint"] for request in fake.requests()} & set(ALL), set())

    def test_tell_their_price_before(self):
        fake = self.fake(*SMALL)
        run = self.batch("plan", "-e", "page_views,calls_summary", *DAYS, "--json", fake=fake)
        self.assert_exit(run, 0)
        calls = len(self.dump("calls", *SMALL, *OF_FAKE))
        plans = {each["name"]: each for each in json.loads(run.stdout)["endpoints"]}
        self.assertGreaterEqual(plans["page_views"]["requests"], calls)
        # One for each word and account.
        self.assertEqual(plans["calls_summary"]["requests"], 12)
        self.assertLess(len(fake.requests()), 20)

    def test_write_the_same_bytes_with_any_number_of_jobs(self):
        for jobs in ("1", "8"):
            self.run_batch("-j", jobs, out=f"jobs{jobs}")
        self.assertEqual(self.files("jobs8"), self.files("jobs1"))

    def test_write_the_same_bytes_from_a_recording(self):
        # A recording has no secrets, nor what is called like one.
        names = [name for name in ALL if name not in ("call_details", "summary_emails")]
        self.run_batch("--record", "run.rec", names=names)
        again = self.batch("replay", "run.rec", "-o", "again", "--log-file", "none",
                           **{"CALLRAIL_API_KEY": None, "CALLRAIL_BASE_URL": "http://127.0.0.1:9"})
        self.assert_exit(again, 0)
        self.assertEqual(self.files("again"), self.files("data"))

    def test_go_on_after_a_kill_and_write_the_same_bytes(self):
        names = ["page_views", "lead_timeline", "calls_summary"]
        quiet = self.fake(*SMALL)
        self.run_batch("-j", "1", names=names, fake=quiet, out="quiet")
        whole = len(quiet.requests())
        quiet.__exit__()
        fake = self.fake(*SMALL, "--delay", "30ms")
        run = self.start_batch("-e", ",".join(names), *DAYS, "--limits", "none", "-j", "1", fake=fake)
        deadline = time.monotonic() + 60
        while len(fake.requests()) < whole // 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.communicate(timeout=20)
        self.assertEqual(run.returncode, -9)
        stopped = len(fake.requests())
        again = self.run_batch("-j", "1", names=names, fake=fake)
        self.assertIn("goes on with the run begun at", again.stderr)
        self.assertLess(len(fake.requests()) - stopped, whole)
        self.assertEqual(self.files("data"), self.files("quiet"))
        self.assert_exit(self.batch("verify", "data", "--strict"), 0)


if __name__ == "__main__":
    main()
