"""Searches everything a run leaves behind for its key and for the secrets in its data.

The key's ends and the secret values occur nowhere by chance, so a find is a leak. Secrets of the data may stand in data
files, because the user asked for them there, and nowhere else.
"""
import concurrent.futures
import json
import os
import pathlib
import socket
import threading

import yaml
from harness import Case, KEY, main

SMALL = ["--rows", "calls=60,form_submissions=20,text_messages=20", "--limits", "none"]
SCHEMA = yaml.safe_load((pathlib.Path(os.environ["CALLRAIL_SOURCE"]) / "schema/endpoints.yaml").read_text(encoding="utf-8"))


def secret_fields(endpoint):
    return [name for name, facts in SCHEMA["endpoints"][endpoint]["fields"].items() if facts.get("secret")]


def can_play(endpoint, kind):
    """The fake refuses a fault that would change no answer."""
    facts = SCHEMA["endpoints"][endpoint]
    if kind == "unknown-enum":
        return any("enum " in field["type"] for field in facts["fields"].values())
    return kind != "duplicate" or facts["rows"] != "."


def texts_in(value):
    if isinstance(value, dict):
        return [t for v in value.values() for t in texts_in(v)]
    if isinstance(value, list):
        return [t for v in value for t in texts_in(v)]
    return [value] if isinstance(value, str) else []


class Canary(Case):
    def setUp(self):
        super().setUp()
        self.shown = {}  # what was printed, by what printed it
        self.secrets = set()
        for endpoint in SCHEMA["endpoints"]:
            fields = secret_fields(endpoint)
            for row in self.dump(endpoint, *SMALL) if fields else []:
                for field in fields:
                    self.secrets |= {t for t in texts_in(row.get(field)) if len(t) >= 6}
        # The fake has only so many words: a secret that is also a name somewhere would be found in vain.
        plain = "\n".join(json.dumps({k: v for k, v in row.items() if k not in secret_fields(endpoint)}, ensure_ascii=False)
                          for endpoint in SCHEMA["endpoints"] for row in self.dump(endpoint, *SMALL))
        self.secrets = {secret for secret in self.secrets if secret not in plain}
        self.assertGreater(len(self.secrets), 20)

    def run_batch(self, name, *options, fake=None, **more):
        run = self.batch(*options, fake=fake, **more)
        self.shown[name + " stdout"], self.shown[name + " stderr"] = run.stdout, run.stderr
        return run

    def artefacts(self):
        for name, text in self.shown.items():
            yield name, text, False
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("requests.jsonl", "port"):
                is_data = path.parent.name.startswith("data")
                yield str(path.relative_to(self.folder)), path.read_bytes().decode("utf-8", "replace"), is_data

    def assert_clean(self, least, keys=(KEY,), secrets_on_stdout=()):
        seen = 0
        for name, text, is_data in self.artefacts():
            seen += 1
            for key in keys:
                for piece in (key, key[:5], key[-5:]):
                    self.assertFalse(piece in text, f"a piece of the key is in {name}")
            if is_data or name in secrets_on_stdout:
                continue
            for secret in self.secrets:
                self.assertFalse(secret in text, f"a secret value is in {name}: {text[max(0, text.find(secret) - 80):][:120]}")
        self.assertGreaterEqual(seen, least)

    def secret_options(self):
        """Secrets that come on request only have to be named; each is, once."""
        named = [f"{e}:{','.join(['id', *secret_fields(e)])}" for e in SCHEMA["endpoints"]
                 if secret_fields(e) and "id" in SCHEMA["endpoints"][e]["fields"] and "opt_in" not in SCHEMA["endpoints"][e]]
        self.assertTrue(named)
        return [word for one in named for word in ("--fields", one)]

    def test_is_in_no_artefact_of_runs_that_go_well(self):
        fake = self.fake(*SMALL)
        data = ""
        for form in ("csv", "jsonl", "json", "xml"):
            for nested in ("json", "flatten"):
                run = self.run_batch(f"{form} {nested}", "--all", "-f", form, "--nested", nested, "-o", f"data-{form}-{nested}",
                                     "-v", "--log-level", "DEBUG", "--log-format", "json" if form == "json" else "text",
                                     "--log-pii", "--limits", "none", "--summary-json", f"{form}-{nested}.json",
                                     *self.secret_options(), fake=fake)
                self.assert_exit(run, 0)
                data += "".join(p.read_text(encoding="utf-8") for p in (self.folder / f"data-{form}-{nested}").iterdir())
        # The twin: the secrets were on their way, and are where they were asked for.
        self.assertGreater(sum(secret in data for secret in self.secrets), len(self.secrets) * 0.6)
        self.assert_clean(4 * 2 * (2 + 1 + 11))

    def test_is_in_no_artefact_of_runs_in_trouble(self):
        kinds = ["500", "503-seconds:0", "403", "422", "404", "html", "cut-json", "wrong-envelope", "top-array", "bad-utf8", "reset",
                 "reset-in-body", "short-body", "wrong-length", "bad-gzip", "redirect-other", "new-field", "null-key",
                 "unknown-enum", "nul-text", "duplicate"]
        endpoints = [e for e in SCHEMA["endpoints"] if secret_fields(e)]

        def play(kind):
            folder = self.folder / kind
            folder.mkdir()
            fake = self.fake(*SMALL, *[o for e in endpoints if can_play(e, kind) for o in ("--fault", f"{e}:*={kind}")], folder=folder)
            run = self.run_batch(kind, "-e", ",".join(endpoints), "-v", "--log-level", "DEBUG", "--log-file", f"{kind}.log",
                                 "--max-retries", "1", "--limits", "none", "--summary-json", f"{kind}.json", "--log-pii",
                                 *self.secret_options(), fake=fake, folder=folder)
            fake.__exit__()
            return run

        # Most of them wait for their second try, so they do it together.
        with concurrent.futures.ThreadPoolExecutor(6) as together:
            for run in together.map(play, kinds):
                self.assertNotEqual(run.returncode, 2, run.stderr)
        for endpoint in endpoints:
            for field in secret_fields(endpoint):
                fake = self.fake(*SMALL, "--fault", f"{endpoint}:*=type-change:{field}")
                run = self.run_batch(f"type {field}", "-e", endpoint, "-v", "--log-level", "DEBUG", "--fields", field, "--strict",
                                     "--limits", "none", fake=fake)
                self.assertIn(run.returncode, (0, 6))  # an object is no change where one may stand
                fake.__exit__()
        kept = list(self.folder.glob("*/logs/bad-pages/*"))
        self.assertGreater(len(kept), 3)
        # The twin: pages with secrets in them were kept, without the secrets.
        self.assertTrue(any('"' + field + '":' in p.read_bytes().decode("utf-8", "replace")
                            for p in kept for e in endpoints for field in secret_fields(e)))
        self.assert_clean(len(kinds) * 3 + len(kept))

    def test_is_in_no_message_about_the_key_itself(self):
        fake = self.fake(*SMALL)
        (self.folder / ".env").write_text(f"CALLRAIL_API_KEY={KEY}\nCALLRAIL_LIMIT={KEY}\n")
        self.run_batch("bad limit from .env", "-e", "tags", fake=fake, CALLRAIL_API_KEY=None)
        (self.folder / ".env").write_text(f"CALLRAIL_API_KEY={KEY}\n")
        self.assert_exit(self.run_batch("print", "-e", "tags", "--print-config", fake=fake, CALLRAIL_API_KEY=None), 0)
        self.run_batch("print 2", "-e", "tags", "--print-config", "--output", f"data/{KEY}", fake=fake)
        self.run_batch("check", "check", fake=fake)
        self.run_batch("verbose check", "check", "-v", "--log-level", "DEBUG", fake=fake)
        wrong = KEY[::-1]
        self.assert_exit(self.run_batch("401", "--all", "-v", "--log-level", "DEBUG", "--summary-json", "s.json", fake=fake,
                                        CALLRAIL_API_KEY=wrong), 3)
        self.run_batch("key as option", "-e", "tags", f"--api-key={KEY}", fake=fake)
        self.run_batch("key as word", KEY, fake=fake)
        self.run_batch("key as endpoint", "-e", KEY, fake=fake)
        self.run_batch("key in the address", "-e", "tags", CALLRAIL_BASE_URL=f"http://{KEY}@127.0.0.1:9", fake=None)
        self.run_batch("key as host", "-e", "tags", "--max-retries", "0", CALLRAIL_BASE_URL=f"https://{KEY}.invalid", fake=None)
        self.run_batch("key with a line break", "-e", "tags", fake=fake, CALLRAIL_API_KEY=KEY + "\nX: y")
        self.run_batch("key as account", "-e", "tags", "--account-id", KEY, "-v", "--log-level", "DEBUG", fake=fake)
        (self.folder / ".env").unlink()
        self.assert_clean(20, keys=(KEY, wrong))

    def test_is_not_in_an_answer_that_repeats_it(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    request = connection.recv(65536).decode()
                    # A debugging proxy shows the whole request in its error page.
                    body = "<html><title>Denied: " + request.replace("\r\n", " ") + "</title><pre>" + request + "</pre>"
                    status = "200 OK" if "per_page=250" in request else "500 Oops"
                    connection.sendall(f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for size in ("250", "100"):
            self.run_batch(size, "-e", "accounts", "-b", size, "-v", "--log-level", "DEBUG", "--max-retries", "1",
                           "--summary-json", f"{size}.json", CALLRAIL_BASE_URL=url)
        self.assertEqual(len(list((self.folder / "logs/bad-pages").iterdir())), 1)
        self.assert_clean(6)


if __name__ == "__main__":
    main()
