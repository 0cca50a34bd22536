"""Runs callrail-batch against callrail-fake as a user would, and looks at what comes out."""
import csv
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.append(str(pathlib.Path(__file__).parent.parent / "support"))
import postgres_server  # noqa: E402

BATCH = os.environ["CALLRAIL_BATCH"]
FAKE = os.environ["CALLRAIL_FAKE"]
KEY = "zqkx7f0e1d2c3b4a5canary6978w9vjh"  # its ends stand in no data


class Fake:
    """callrail-fake on a free port, for the length of a with block."""

    def __init__(self, *options, folder):
        self.log_file = pathlib.Path(folder) / "requests.jsonl"
        port_file = pathlib.Path(folder) / "port"
        port_file.unlink(missing_ok=True)
        self.log_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [FAKE, "--port", "0", "--port-file", str(port_file), "--key", KEY, "--log", str(self.log_file), *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while not (port_file.exists() and port_file.read_text()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("callrail-fake did not start: " + self.process.stderr.read())
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=10)

    def ask(self, target):
        """What only a test may ask: /__fake/…"""
        with urllib.request.urlopen(self.url + target, timeout=20) as answer:
            return answer.read().decode("utf-8")

    def requests(self):
        whole = self.log_file.read_text(encoding="utf-8").rpartition("\n")[0]  # the last line may be half written
        return [json.loads(line) for line in whole.splitlines()]


class Case(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        state = tempfile.TemporaryDirectory()
        self.addCleanup(state.cleanup)
        self.state = pathlib.Path(state.name)  # beside the folder of the run, as for a user

    def fake(self, *options, folder=None):
        fake = Fake(*options, folder=folder or self.folder)
        self.addCleanup(fake.__exit__)
        return fake

    def postgres(self):
        """A server and the name of an empty database on it; `server.address(name)` is what --output takes."""
        server = postgres_server.Borrowed.get()
        if server is None:
            self.skipTest("no PostgreSQL is installed: scripts/setup.sh does")
        name = server.new_database()
        self.addCleanup(server.drop, name)
        return server, name

    def needs_parquet(self):
        """Skips the test where files of columns cannot be written."""
        run = self.batch("-e", "tags", "--format", "parquet", "--output", "nowhere", "--resume", "--log-file", "none")
        self.assert_exit(run, 2)  # there is no run to go on with
        if "--format parquet" in run.stderr:
            self.skipTest(run.stderr.strip())

    def environment(self, fake=None, **more):
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith(("CALLRAIL_", "DATA_DIR", "BATCH_SIZE", "MAX_RETRIES", "LOG_LEVEL", "LOG_SIZE", "LOG_FILES", "ASAN_", "UBSAN_"))}
        clean["CALLRAIL_API_KEY"] = KEY
        clean["CALLRAIL_STATE_DIR"] = str(self.state)
        if fake:
            clean["CALLRAIL_BASE_URL"] = fake.url
        return {k: v for k, v in {**clean, **more}.items() if v is not None}

    def batch(self, *options, fake=None, folder=None, **more):
        """Runs to the end in a folder of its own; the completed process."""
        return subprocess.run([BATCH, *options], cwd=folder or self.folder, env=self.environment(fake, **more), capture_output=True,
                              text=True, timeout=120)

    def start_batch(self, *options, fake=None, **more):
        return subprocess.Popen([BATCH, *options], cwd=self.folder, env=self.environment(fake, **more),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def assert_exit(self, run, code):
        self.assertEqual(run.returncode, code, f"stdout: {run.stdout}\nstderr: {run.stderr}")

    def data_files(self, folder="data"):
        """What a person sees there beside the manifest."""
        return sorted(name for name in os.listdir(self.folder / folder) if name[0] not in "._")

    def csv_rows(self, name, folder="data"):
        with open(self.folder / folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def dump(self, endpoint, *options):
        """What the fake holds: every row with every field, in the order of the list."""
        out = subprocess.run([FAKE, *options, "dump", endpoint], capture_output=True, timeout=120, check=True).stdout
        return [json.loads(line) for line in out.decode("utf-8").splitlines()]


def main():
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
