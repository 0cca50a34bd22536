"""What the program does to its own process: memory that stays private, and how it ends when asked to."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from harness import BATCH, Case, KEY, main

SMALL = ["--accounts", "1", "--tags", "600", "--limits", "none"]
NOBODY = 65534


class Process(Case):
    def wait_for_request(self, fake, endpoint, count=1):
        deadline = time.monotonic() + 20
        while sum(r["endpoint"] == endpoint for r in fake.requests()) < count:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def start(self, fake, *options, **more):
        run = self.start_batch("-e", "tags", "--timeout", "60", *options, fake=fake, **more)
        self.addCleanup(run.kill)
        return run

    def ended(self, run, within):
        begin = time.monotonic()
        _, stderr = run.communicate(timeout=20)
        self.assertLess(time.monotonic() - begin, within, stderr)
        return stderr


class Memory(Process):
    def test_leaves_no_core_and_no_way_in_for_others(self):
        fake = self.fake(*SMALL, "--fault", "tags:*=stall:60s")
        program, who = BATCH, {}
        if os.geteuid() == 0:
            # /proc tells whether a process may be dumped by who owns its files; root sees no difference.
            program = str(shutil.copy(BATCH, self.folder / "callrail-batch"))
            os.chmod(self.folder, 0o777)
            who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        run = subprocess.Popen([program, "-e", "tags", "--timeout", "60"], cwd=self.folder, env=self.environment(fake),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        self.wait_for_request(fake, "tags")
        limits = pathlib.Path(f"/proc/{run.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.assertEqual(os.stat(f"/proc/{run.pid}/environ").st_uid, 0, "the process can be dumped")
        # The twin: a process of the same user that does not care belongs to that user.
        if who:
            other = subprocess.Popen(["sleep", "60"], **who)
            self.addCleanup(other.wait)
            self.addCleanup(other.kill)
            time.sleep(0.2)
            self.assertEqual(os.stat(f"/proc/{other.pid}/environ").st_uid, NOBODY)

    def test_shows_no_key_to_whoever_lists_processes(self):
        fake = self.fake(*SMALL, "--fault", "tags:*=stall:60s")
        run = self.start(fake)
        self.wait_for_request(fake, "tags")
        for name in ("cmdline", "comm", "status", "maps"):
            text = pathlib.Path(f"/proc/{run.pid}/{name}").read_bytes().decode("utf-8", "replace")
            for piece in (KEY, KEY[:5], KEY[-5:]):
                self.assertNotIn(piece, text)
        run.kill()
        run.communicate()


class Signals(Process):
    CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}

    def test_end_a_run_that_waits_for_the_rest_of_an_answer(self):
        for number, code in self.CODES.items():
            with self.subTest(signal=number.name):
                fake = self.fake(*SMALL, "--fault", "tags:*=stall:60s")
                run = self.start(fake)
                self.wait_for_request(fake, "tags")
                run.send_signal(number)
                stderr = self.ended(run, 2)
                self.assertEqual(run.returncode, code, stderr)
                self.assertIn("Total", stderr.title())  # it took the time to say what it had done

    def test_end_a_run_that_waits_to_try_again(self):
        for number, code in self.CODES.items():
            with self.subTest(signal=number.name):
                fake = self.fake(*SMALL, "--fault", "tags:*=429-seconds:60")
                run = self.start(fake)
                self.wait_for_request(fake, "tags")
                time.sleep(0.3)
                run.send_signal(number)
                stderr = self.ended(run, 2)
                self.assertEqual(run.returncode, code, stderr)

    def test_end_a_run_that_waits_for_a_limit(self):
        fake = self.fake(*SMALL)
        run = self.start(fake, "--limits", "2/h", "-b", "10")
        self.wait_for_request(fake, "tags")
        time.sleep(0.3)
        run.send_signal(signal.SIGTERM)
        stderr = self.ended(run, 2)
        self.assertEqual(run.returncode, 143, stderr)

    def test_leave_no_half_file(self):
        fake = self.fake(*SMALL, "--fault", "tags:2-=stall:60s")
        run = self.start(fake, "-b", "100", "-j", "1")
        self.wait_for_request(fake, "tags", 2)
        run.send_signal(signal.SIGTERM)
        self.ended(run, 2)
        self.assertFalse((self.folder / "data/tags.csv").exists())

    def test_sent_twice_end_it_at_once(self):
        # Both are there when the process goes on, so it has no time for its farewell in between.
        for number, code in self.CODES.items():
            with self.subTest(signal=number.name):
                fake = self.fake(*SMALL, "--fault", "tags:*=stall:60s")
                run = self.start(fake)
                self.wait_for_request(fake, "tags")
                time.sleep(0.3)
                run.send_signal(signal.SIGSTOP)
                other = signal.SIGHUP
                run.send_signal(number)
                run.send_signal(other)
                run.send_signal(signal.SIGCONT)
                stderr = self.ended(run, 1)
                self.assertIn(run.returncode, (code, 128 + other))
                self.assertNotIn("total", stderr.lower())
                log = (self.folder / "logs/callrail-batch.log").read_text()
                self.assertNotIn("exit code", log.splitlines()[-1])


if __name__ == "__main__":
    main()
