#!/usr/bin/env python3
"""Gzip pages of calls from a server on this machine to one CSV: us, libcurl's own unpacking, Python's requests.

compare.py BUILD [--rows N] [--fields all|default] [--rounds N] [--discard] [--json FILE]

callrail-batch reads N calls (36,000: about 200 MB) from callrail-fake and records them; then a plain server gives the
recorded answers, packed before anything is measured, to each contender in turn. Before anything counts, its CSV has to
hold every row, and the cells of ours where it spells them alike. Of each the smallest processor time of its process counts.
A contender that is not installed is skipped with a line.
"""
import argparse
import csv
import gzip
import importlib.util
import json
import os
import pathlib
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
KEY = "zqk1234567890abcdefvh"


class Server(socketserver.ThreadingTCPServer):
    """Gives whole answers that were made before; keeps connections."""
    daemon_threads = allow_reuse_address = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while line := self.rfile.readline():
            target = line.split(b" ")[1].decode()
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            self.wfile.write(self.server.answers.get(target, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def recorded(build, rows, fields, folder):
    """The answers a run got, by target."""
    fake = subprocess.Popen([build / "apps/callrail-fake/callrail-fake", "--port", "0", "--port-file", folder / "port", "--key", KEY,
                             "--rows", f"calls={rows},accounts=1", "--limits", "none"], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not ((folder / "port").exists() and (folder / "port").read_text()):
            if time.monotonic() > deadline or fake.poll() is not None:
                sys.exit("compare: callrail-fake did not start")
            time.sleep(0.05)
        url = "http://127.0.0.1:" + (folder / "port").read_text().strip()
        batch(build, url, folder, "first", fields, "--record", str(folder / "rec"))
    finally:
        fake.terminate()
        fake.wait()
    bodies = {}
    with gzip.open(folder / "rec", "rt", encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)
            if answer.get("status") == 200:
                bodies[answer["url"]] = answer["body"].encode()
    return bodies


def arguments(fields):
    return [] if fields is None else ["--fields", fields]


def batch(build, url, folder, out, fields, *options):
    environment = {"PATH": os.environ["PATH"], "CALLRAIL_API_KEY": KEY, "CALLRAIL_STATE_DIR": str(folder / "state"), "CALLRAIL_BASE_URL": url}
    command = [str(build / "apps/callrail-batch/callrail-batch"), "-e", "calls", "--limits", "none", "--log-file", "none", "-q",
               "-o", str(folder / out), "--time-zone", "America/New_York", *arguments(fields), *options]
    return measured(command, environment, None)


def measured(command, environment, out):
    """Processor seconds of one process."""
    with open(out or os.devnull, "wb") as file:
        process = subprocess.Popen(command, stdout=file, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare: {command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def table(path):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=36_000)
    parser.add_argument("--fields", default="all", choices=["all", "default"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--discard", action="store_true", help="once checked, let the CSV go nowhere: storing it costs all the same")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    build = options.build.resolve()
    default = ("answered,business_phone_number,customer_city,customer_country,customer_name,customer_phone_number,customer_state,"
               "direction,duration,id,recording,recording_duration,recording_player,start_time,tracking_phone_number,voicemail,lead_score")
    fields = None if options.fields == "all" else default
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as scratch:
        folder = pathlib.Path(scratch)
        bodies = recorded(build, options.rows, fields, folder)
        packed = {}
        for target, body in bodies.items():
            small = gzip.compress(body, 6)
            packed[target] = (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                              f"Content-Length: {len(small)}\r\n\r\n").encode() + small
        server = Server(packed)
        pages = [target for target, body in bodies.items() if b'"calls":[' in body]
        # A look at how many there are is no page of rows.
        pages = [t for t in pages if urllib.parse.parse_qs(t.partition("?")[2]).get("per_page") != ["1"]]
        (folder / "list").write_text("".join(f"{server.url}{target}\n" for target in pages))
        read = sum(len(bodies[target]) for target in pages)
        names = table(folder / "first/calls.csv")[0]
        rows = sum(len(json.loads(bodies[target])["calls"]) for target in pages)

        fetch, columns, addresses = str(build / "bench/network/bench-fetch-to-csv"), ",".join(names), str(folder / "list")
        environment = dict(os.environ)
        folder_of_csv = folder

        def to(name):
            return folder_of_csv and folder_of_csv / name

        contenders = {
            "ours": lambda: measured([fetch, "ours", columns, addresses], environment, to("ours.csv")),
            "libcurl": lambda: measured([fetch, "libcurl", columns, addresses], environment, to("libcurl.csv")),
            "requests": lambda: measured([sys.executable, str(HERE / "via_requests.py"), columns, addresses], environment,
                                         to("requests.csv")),
            "callrail-batch": lambda: batch(build, server.url, folder, "whole", fields),
        }
        if importlib.util.find_spec("requests") is None:
            print("requests: skipped, python3-requests is not installed")
            del contenders["requests"]
        best = {name: contender() for name, contender in contenders.items()}

        ours = table(folder / "ours.csv")
        if len(ours) != rows + 1:
            sys.exit(f"compare: ours has {len(ours) - 1} rows, the pages {rows}")
        if (folder / "libcurl.csv").read_bytes() != (folder / "ours.csv").read_bytes():
            sys.exit("compare: libcurl's unpacking gives other bytes")
        if len(table(folder / "whole/calls.csv")) != len(table(folder / "first/calls.csv")):
            sys.exit("compare: callrail-batch has other rows the second time")
        if "requests" in contenders:
            theirs, key = table(folder / "requests.csv"), names.index("id")
            plain = [i for i, name in enumerate(names) if name in default.split(",") and name not in ("answered", "voicemail")]
            if [[row[i] for i in plain] for row in theirs] != [[row[i] for i in plain] for row in ours] or not theirs[1][key]:
                sys.exit("compare: requests gives other cells")

        if options.discard:
            folder_of_csv = None
            best = {name: contender() for name, contender in contenders.items()}
        for _ in range(options.rounds - 1):
            for name, contender in contenders.items():
                best[name] = min(best[name], contender())
        print(f"{len(pages)} pages, {rows} rows, {read / 1e6:.0f} MB of JSON, {sum(map(len, packed.values())) / 1e6:.0f} MB of gzip")
        for name, seconds in best.items():
            print(f"{name:15} {seconds:7.3f} s CPU  {read / seconds / 1e6:6.0f} MB/s  {seconds / best['ours']:6.2f} x ours")
        if options.json:
            options.json.write_text(json.dumps({"bytes": read, "rows": rows, "seconds": best}, indent=1) + "\n")


if __name__ == "__main__":
    main()
