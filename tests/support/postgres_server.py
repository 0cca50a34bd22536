#!/usr/bin/env python3
"""A PostgreSQL server for tests, in a folder of its own, which is gone when whoever wanted it is gone.

  postgres_server.py serve          says "FOLDER PORT PID" when it is there; ends when its standard input does
  postgres_server.py begin WHERE    for all tests of a ctest: writes that line into WHERE/<process id of ctest>
  postgres_server.py end WHERE      and ends it; it ends by itself if ctest does

Where no PostgreSQL is installed, serve says nothing and begin writes nothing.
"""
import contextlib
import ctypes
import os
import pathlib
import pwd
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

USER = "callrail"
PASSWORD = "canary7pg5word"  # over TCP; the socket asks for none
PREFIX = "callrail-postgres-"
SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off", "shared_buffers": "32MB",
    "max_connections": "60", "listen_addresses": "127.0.0.1", "logging_collector": "off", "dynamic_shared_memory_type": "mmap",
}


def binaries():
    """The folder of the newest server, or None."""
    def version(path):
        return [int(n) for n in re.findall(r"\d+", str(path))]
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return pathlib.Path(there).resolve().parent if there and shutil.which("postgres") else None


def account():
    """Whom the server runs as; it refuses to be root."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_alive(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def remove_leftovers():
    """Of servers whose guard was killed: the server died with it, its folder did not."""
    for folder in pathlib.Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        pid = folder.name[len(PREFIX):].split("-")[0]
        if pid.isdigit() and not is_alive(pid):
            shutil.rmtree(folder, ignore_errors=True)


class Server:
    """Belongs to this process: dies with it, also if that is killed."""

    def __init__(self):
        remove_leftovers()
        self.bin = binaries()
        self.owner = account()
        # Short, because the path of a socket is.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.process = None
        try:
            if self.owner:
                os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
            (self.folder / "password").write_text(PASSWORD)
            self.run("initdb", "-D", "data", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
                     "--auth-local=trust", "--auth-host=scram-sha-256")
            self.start()
            self.run("psql", "-qX", "-h", self.folder, "-p", str(self.port), "-U", "postgres", "-d", "postgres", "-c",
                     f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{PASSWORD}'")
        except BaseException:
            self.stop()
            raise

    def become(self):
        """In the child, before the program. Last of all the wish to die with the parent: a change of user forgets it."""
        if self.owner:
            os.setgroups([])
            os.setgid(self.owner.pw_gid)
            os.setuid(self.owner.pw_uid)
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG; immediate shutdown

    def options(self):
        return {"cwd": self.folder, "preexec_fn": self.become, "stdin": subprocess.DEVNULL,
                "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}}

    def run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=120, **self.options())
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}")

    def start(self):
        for _ in range(5):  # another may take the port before the server does
            self.port = free_port()
            settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
            with open(self.folder / "log", "ab") as log:
                self.process = subprocess.Popen(
                    [self.bin / "postgres", "-D", "data", "-k", self.folder, "-p", str(self.port), *settings],
                    stdout=log, stderr=log, **self.options())
            deadline = time.monotonic() + 60
            while self.process.poll() is None and time.monotonic() < deadline:
                ready = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port), "-d", "postgres"],
                                       check=False, **self.options())
                if ready.returncode == 0:
                    return
                time.sleep(0.05)
            if self.process.poll() is None:
                break
        raise RuntimeError("the server does not start: " + (self.folder / "log").read_text(errors="replace"))

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def line(self):
        return f"{self.folder} {self.port} {os.getpid()}\n"


def guard(server, ends, say):
    """Says that it is there, and keeps the server until the file is readable, or somebody says so."""
    def told(*_):
        raise SystemExit
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, told)
    try:
        say()
        select.select([ends], [], [])
    finally:
        server.stop()


def serve():
    if binaries() is None:
        return
    server = Server()
    guard(server, sys.stdin, lambda: print(server.line(), end="", flush=True))


def file_of(where, ctest):
    return pathlib.Path(where) / f"server-{ctest}"


def begin(where):
    ctest = os.getppid()
    file = file_of(where, ctest)
    os.makedirs(where, exist_ok=True)
    file.unlink(missing_ok=True)
    if binaries() is None:
        print("no PostgreSQL is installed: its tests will be skipped")
        return
    came, went = os.pipe()
    watched = os.pidfd_open(ctest)
    if os.fork():
        os.close(went)
        said = os.read(came, 10000).decode()
        if said != "there":
            sys.exit(said or "the server does not start")
        return
    os.close(came)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):  # ctest waits for the end of these
        os.dup2(nothing, fd)
    try:
        server = Server()
    except Exception as error:  # noqa: BLE001: whatever it is, the test has to say it
        os.write(went, str(error).encode()[:9000])
        os._exit(1)

    def say():
        part = file.with_suffix(".part")
        part.write_text(server.line())
        part.rename(file)
        os.write(went, b"there")
        os.close(went)

    try:
        guard(server, watched, say)
    finally:
        file.unlink(missing_ok=True)


def end(where):
    file = file_of(where, os.getppid())
    if not file.exists():
        return
    pid = int(file.read_text().split()[2])
    with contextlib.suppress(ProcessLookupError):
        ending = os.pidfd_open(pid)
        os.kill(pid, signal.SIGTERM)
        if not select.select([ending], [], [], 60)[0]:
            sys.exit("the server does not end")


class Borrowed:
    """What tests in Python use: the server of their ctest, or one of their own. `None` if there is none."""
    _ours = _instance = None

    def __init__(self, folder, port):
        self.folder, self.port, self.made = folder, port, 0

    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls._find()
        return cls._instance

    @classmethod
    def _find(cls):
        where = os.environ.get("CALLRAIL_POSTGRES_SERVERS")
        file = file_of(where, os.getppid()) if where else None
        if file and file.exists():
            folder, port, _ = file.read_text().split()
            return cls(folder, port)
        # Its standard input ends with this process.
        cls._ours = subprocess.Popen([sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = cls._ours.stdout.readline()
        return cls(*line.split()[:2]) if line else None

    def address(self, database, tcp=False):
        if tcp:
            return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.port}"

    def psql(self, database, statement):
        """The lines of the answer, columns with | between them."""
        done = subprocess.run([binaries() / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", self.address(database), "-c", statement],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.splitlines()

    def new_database(self):
        """Its name. It goes with `drop`, or with the server."""
        self.made += 1
        name = f"test_{os.getpid()}_{self.made}"
        self.psql("postgres", f"CREATE DATABASE {name}")
        return name

    def drop(self, name):
        self.psql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


if __name__ == "__main__":
    {"serve": serve, "begin": begin, "end": end}[sys.argv[1]](*sys.argv[2:])
