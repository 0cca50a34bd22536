"""Answers that are no answers: what the run says, keeps aside, and refuses to take in."""
import re
import socket
import stat
import threading

from harness import Case, main

SMALL = ["--rows", "calls=40,form_submissions=10,text_messages=10", "--accounts", "1", "--limits", "none"]


class Raw:
    """A server on this machine that gives the same bytes to every request."""

    def __init__(self, answer):
        self.answer, self.requests = answer, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer_one, args=(connection,), daemon=True).start()

    def answer_one(self, connection):
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                more = connection.recv(65536)
                if not more:
                    return
                request += more
            self.requests.append(request)
            try:
                connection.sendall(self.answer)
            except OSError:
                pass  # the other side has seen enough

    def close(self):
        self.listener.close()


def page(body, *headers):
    body = body if isinstance(body, bytes) else body.encode()
    lines = ["HTTP/1.1 200 OK", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class BadPages(Case):
    def kept(self, folder="logs/bad-pages"):
        return sorted((self.folder / folder).glob("*")) if (self.folder / folder).exists() else []

    def test_are_kept_aside_and_named_with_the_byte(self):
        for fault, reason in (("html", "no JSON value begins here"), ("cut-json", "the JSON breaks off"),
                              ("wrong-envelope", "no member"), ("bad-utf8", "bytes that are no UTF-8"),
                              ("top-array", "not a JSON object")):
            with self.subTest(fault=fault):
                for old in self.kept():
                    old.unlink()
                fake = self.fake(*SMALL, "--fault", f"tags:*={fault}")
                run = self.batch("-e", "tags", "--max-retries", "1", fake=fake)
                self.assert_exit(run, 1)
                said = re.search(r"error: endpoint 1/1 tags: failed, (.*) \(byte (\d+) of (\d+)\); the page is kept in (\S+)\n",
                                 run.stderr)
                self.assertTrue(said, run.stderr)
                self.assertIn(reason, said[1])
                file = self.folder / said[4]
                self.assertEqual([file], self.kept())
                self.assertEqual(file.stat().st_size, int(said[3]))
                self.assertLessEqual(int(said[2]), int(said[3]))
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
                self.assertEqual(stat.S_IMODE(file.parent.stat().st_mode), 0o700)

    def test_show_the_very_byte(self):
        raw = Raw(page('{"agents":[],"accounts":[{"id":"ACC1","name":nope}]}'))
        self.addCleanup(raw.close)
        run = self.batch("-e", "accounts", "--max-retries", "0", CALLRAIL_BASE_URL=raw.url)
        self.assert_exit(run, 1)
        byte = int(re.search(r"\(byte (\d+) of", run.stderr)[1])
        self.assertTrue(self.kept()[0].read_bytes()[byte:].startswith(b"ope}"), byte)

    def test_that_healed_are_kept_too(self):
        fake = self.fake(*SMALL, "--fault", "tags:1=cut-json")
        run = self.batch("-e", "tags", fake=fake)
        self.assert_exit(run, 0)
        self.assertEqual(len(self.kept()), 1)
        self.assertIn("bad-pages/", run.stderr)

    def test_are_kept_where_the_user_says_or_nowhere(self):
        fake = self.fake(*SMALL, "--fault", "tags:*=html")
        self.assert_exit(self.batch("-e", "tags", "--max-retries", "0", "--bad-pages", "a/b", fake=fake), 1)
        self.assertEqual(len(self.kept("a/b")), 1)
        run = self.batch("-e", "tags", "--max-retries", "0", "--bad-pages", "none", fake=fake)
        self.assert_exit(run, 1)
        self.assertEqual(self.kept(), [])
        self.assertNotIn("kept in", run.stderr)

    def test_that_cannot_be_kept_cost_no_rows(self):
        (self.folder / "file").write_text("")
        fake = self.fake(*SMALL, "--fault", "tags:1=html")
        run = self.batch("-e", "tags", "--bad-pages", "file/below", fake=fake)
        self.assert_exit(run, 0)
        self.assertIn("file", (self.folder / "logs/callrail-batch.log").read_text())

    def test_are_ten_at_most_however_many_come(self):
        fake = self.fake("--rows", "calls=1000", "--accounts", "2", "--limits", "none", "--fault", "*:2-=html")
        self.assert_exit(self.batch("--all", "--max-retries", "1", "--limits", "none", fake=fake), 1)
        self.assertLessEqual(1, len(self.kept()))
        self.assertLessEqual(len(self.kept()), 10)

    def test_of_an_account_with_a_wicked_id_stay_in_their_folder(self):
        fake = self.fake(*SMALL)
        self.assert_exit(self.batch("-e", "tags", "--account-id", "..%2f..", "--max-retries", "0", fake=fake), 0)
        wicked = '{"total_pages":1,"accounts":[{"id":"../../../escape\\u001b[2J\\n"},{"id":"b"}],"tags":[nope]}'
        raw = Raw(page(wicked))
        self.addCleanup(raw.close)
        self.batch("-e", "tags", "--max-retries", "0", CALLRAIL_BASE_URL=raw.url)
        for path in self.kept():
            self.assertRegex(path.name, r"^[0-9TZ]+-[A-Za-z0-9_-]*\.txt$")
        outside = [p for p in self.folder.rglob("*escape*") if p.parent != self.folder / "logs/bad-pages"]
        self.assertEqual(outside, [])


class FaultsOfTheNetwork(Case):
    ALL = ["refused", "reset", "reset-in-body", "stall:30s", "slow:200ms", "short-body", "wrong-length", "bad-chunk", "bad-gzip",
           "html", "empty", "no-content", "cut-json", "bad-utf8", "wrong-envelope", "top-array", "408", "429", "429-seconds:1",
           "429-date:1", "429-nonsense", "429-negative", "500", "500-html", "502", "503-seconds:1", "504"]

    def test_that_pass_leave_no_trace_in_the_file(self):
        self.assert_exit(self.batch("-e", "tags", "-o", "calm", fake=self.fake(*SMALL)), 0)
        calm = (self.folder / "calm/tags.csv").read_bytes()
        self.assertGreater(calm.count(b"\n"), 3)
        for fault in self.ALL:
            with self.subTest(fault=fault):
                fake = self.fake(*SMALL, "--fault", f"tags:1={fault}")
                run = self.batch("-e", "tags", "--timeout", "1", "-o", "faulty", fake=fake)
                self.assert_exit(run, 0)
                self.assertEqual((self.folder / "faulty/tags.csv").read_bytes(), calm)
                self.assertGreaterEqual(sum(r["endpoint"] == "tags" for r in fake.requests()), 2)
                fake.__exit__()

    def test_that_stay_fail_the_endpoint_and_name_the_reason(self):
        for fault, reason in (("stall:30s", "timeout after 1 s, "), ("slow:200ms", "timeout after 1 s, "), ("short-body", "connection cut after"),
                              ("wrong-length", "it breaks off"), ("bad-gzip", "compressed answer is damaged"),
                              ("empty", "empty answer"), ("no-content", "empty answer"), ("reset", "connection")):
            with self.subTest(fault=fault):
                fake = self.fake(*SMALL, "--fault", f"tags:*={fault}")
                run = self.batch("-e", "tags,users", "--timeout", "1", "--max-retries", "0", fake=fake)
                self.assert_exit(run, 1)
                self.assertIn(reason, run.stderr)
                self.assertTrue((self.folder / "data/users.csv").exists())
                self.assertFalse((self.folder / "data/tags.csv").exists())
                fake.__exit__()


class HostileAnswers(Case):
    def answered(self, body, *options):
        raw = Raw(page(body))
        self.addCleanup(raw.close)
        run = self.batch("-e", "accounts", "--max-retries", "0", *options, CALLRAIL_BASE_URL=raw.url)
        return run, raw

    def test_leave_no_control_character_in_messages_log_or_summary(self):
        evil = '\\u001b]0;owned\\u0007\\u001b[2J\\u009b1A\\u202egnp.exe\\nERROR - forged line\\r\\u0000'
        for body in ('{"accounts":[{"id":"A","' + evil + '":1,"name":' + '["' + evil + '"]}]}',
                     '{"error":"' + evil + '"}',
                     '<html><title>\x1b[2J\x9b\u202e</title>\r\n<body>\x07'):
            with self.subTest(body=body[:30]):
                run, _ = self.answered(body, "-v", "--log-level", "DEBUG", "--summary-json", "s.json")
                texts = [run.stderr, (self.folder / "s.json").read_text(encoding="utf-8"),
                         (self.folder / "logs/callrail-batch.log").read_text(encoding="utf-8")]
                for text in texts:
                    self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
                    self.assertNotRegex(text, r"(?m)^ERROR - forged")

    def test_are_asked_for_with_get_only_and_never_followed(self):
        _, raw = self.answered("")
        self.assertTrue(raw.requests)
        for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent", "300 Choose"):
            target = Raw(page('{"accounts":[]}'))
            self.addCleanup(target.close)
            raw = Raw(f"HTTP/1.1 {status}\r\nLocation: {target.url}/x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
            self.addCleanup(raw.close)
            run = self.batch("-e", "accounts", "--max-retries", "0", CALLRAIL_BASE_URL=raw.url)
            self.assert_exit(run, 1)
            self.assertEqual(target.requests, [], status)
            self.assertTrue(all(r.startswith(b"GET /") for r in raw.requests))

    def test_too_deep_are_refused_wherever_they_stand(self):
        deep = "[" * 100_000 + "]" * 100_000
        for body in ('{"accounts":[{"id":"A","name":%s}]}', '{"accounts":[{"id":"A","nobody_knows":%s}]}',
                     '{"accounts":[],"beside":%s}'):
            for options in ((), ("--fields", "id")):
                run, _ = self.answered(body % deep, *options)
                self.assert_exit(run, 1)
                self.assertIn("nested too deeply", run.stderr)

    def test_too_large_are_refused_without_filling_the_memory(self):
        fake = self.fake(*SMALL, "--fault", "tags:*=bomb:400")
        run = self.batch("-e", "tags", "--max-retries", "0", fake=fake)
        self.assert_exit(run, 1)
        self.assertIn("larger than 268,435,456 bytes unpacked", run.stderr)
        raw = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{")
        self.addCleanup(raw.close)
        run = self.batch("-e", "accounts", "--max-retries", "0", CALLRAIL_BASE_URL=raw.url)
        self.assert_exit(run, 1)
        self.assertIn("larger than 67,108,864 bytes", run.stderr)

    def test_of_an_other_host_for_the_next_page_get_no_key(self):
        target = Raw(page("{}"))
        self.addCleanup(target.close)
        host = target.url.removeprefix("http://")
        fake = self.fake(*SMALL, "--rows", "calls=600", "--fault", f"calls:*=next-other-host:{host}")
        run = self.batch("-e", "calls", "--paging", "relative", "--max-retries", "0", fake=fake)
        self.assert_exit(run, 0)  # pages are asked for by number, so the address is not needed
        self.assertEqual(target.requests, [])

    def test_hold_ten_megabytes_of_text_and_lose_none(self):
        text = "x" * 10_000_000
        run, _ = self.answered('{"total_pages":1,"accounts":[{"id":"A","name":"' + text + '"}]}', "-f", "jsonl")
        self.assert_exit(run, 0)
        self.assertIn('"name":"' + text + '"', (self.folder / "data/accounts.jsonl").read_text())


if __name__ == "__main__":
    main()
