"""What `cmake --install` leaves, as another project uses it."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])
BUILD = os.environ["CALLRAIL_BUILD"]
CXX = os.environ["CALLRAIL_CXX"]
GENERATOR = os.environ["CALLRAIL_GENERATOR"]
CONSUMER = SOURCE / "tests/consumer"


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


def headers_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        run("cmake", "--install", BUILD, "--prefix", cls.folder / "first")
        # Whoever unpacks it somewhere else finds it there.
        cls.prefix = cls.folder / "somewhere else"
        shutil.move(cls.folder / "first", cls.prefix)
        cls.build = cls.folder / "build"
        cls.configure(CONSUMER, cls.build)
        run("cmake", "--build", cls.build, "--parallel", "2")

    @classmethod
    def configure(cls, project, build):
        return run("cmake", "-S", project, "-B", build, "-G", GENERATOR, f"-DCMAKE_CXX_COMPILER={CXX}",
                   f"-DCMAKE_PREFIX_PATH={cls.prefix}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")

    def test_a_program_reads_a_saved_page(self):
        out = run(self.build / "saved_page", SOURCE / "tests/data/calls/page1.json")
        self.assertRegex(out.splitlines()[0], r"^CAL\w+ .+, \d+ s$")
        page = run(sys.executable, "-c", "import json, sys; print(len(json.load(open(sys.argv[1]))['calls']))",
                   SOURCE / "tests/data/calls/page1.json")
        self.assertEqual(len(out.splitlines()), int(page))

    def test_a_program_says_what_is_wrong_with_a_page(self):
        done = subprocess.run([self.build / "saved_page", SOURCE / "tests/data/errors/401.json"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("calls", done.stderr)

    def test_a_program_reads_every_row_of_the_fake(self):
        fake = subprocess.Popen([self.prefix / "bin/callrail-fake", "--port", "0", "--port-file", self.folder / "port", "--key", "a-key",
                                 "--rows", "calls=700"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run("sh", "-c", f"for i in $(seq 200); do test -s '{self.folder}/port' && exit; sleep 0.05; done; exit 1")
            url = f"http://127.0.0.1:{(self.folder / 'port').read_text().strip()}"
            out = run(self.build / "every_call", env={"CALLRAIL_API_KEY": "a-key", "CALLRAIL_BASE_URL": url})
            days = run(self.build / "every_call", "2020-01-01", "2020-01-02", env={"CALLRAIL_API_KEY": "a-key", "CALLRAIL_BASE_URL": url})
            refused = subprocess.run([self.build / "every_call"], env={"CALLRAIL_API_KEY": "another", "CALLRAIL_BASE_URL": url},
                                     capture_output=True, text=True)
        finally:
            fake.terminate()
            fake.wait(timeout=10)
        dump = run(self.prefix / "bin/callrail-fake", "--rows", "calls=700", "dump", "calls")
        self.assertRegex(out, rf"^{len(dump.splitlines())} calls, \d+ s, proven\n$")
        self.assertRegex(days, "^0 calls")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("401", refused.stderr)

    def test_another_version_is_refused(self):
        project = self.folder / "later"
        project.mkdir()
        (project / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(later LANGUAGES NONE)\n"
                                                "find_package(callrail 99 REQUIRED)\n")
        with self.assertRaisesRegex(AssertionError, r'compatible\s+with requested version "99"'):
            self.configure(project, self.folder / "build-later")

    def test_every_public_header_and_no_other_is_there(self):
        expected = headers_below(SOURCE / "runtime/include") | headers_below(SOURCE / "generated/include")
        self.assertEqual(headers_below(self.prefix / "include"), expected)

    def test_no_header_needs_those_of_another_library(self):
        for path in (self.prefix / "include").rglob("*.hpp"):
            included = re.findall(r"^#include (\S+)", path.read_text(encoding="utf-8"), re.M)
            others = [name for name in included if not re.fullmatch(r"<(\w+|sys/\w+\.h|callrail/[\w/]+\.hpp)>", name)]
            self.assertEqual(others, [], path.name)

    def test_each_header_compiles_alone(self):
        include = self.prefix / "include"
        headers = headers_below(include)
        # One that another includes before anything else is compiled alone with it.
        first = {re.search(r"#include <(.*)>", (include / header).read_text(encoding="utf-8")) for header in headers}
        headers -= {match.group(1) for match in first if match}

        def compile_one(header):
            done = subprocess.run([CXX, "-std=c++23", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", include, "-x", "c++", "-"],
                                  input=f"#include <{header}>\n#include <{header}>\n", capture_output=True, text=True)
            return done.stderr if done.returncode else ""

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for complaint in pool.map(compile_one, sorted(headers)):
                self.assertEqual(complaint, "")

    def test_programs_can_be_installed_alone_and_below_a_staging_folder(self):
        stage = self.folder / "stage"
        run("cmake", "--install", BUILD, "--prefix", "/usr", "--component", "runtime", env={**os.environ, "DESTDIR": str(stage)})
        self.assertEqual({path.name for path in (stage / "usr/bin").iterdir()}, {"callrail-batch", "callrail-fake"})
        self.assertFalse((stage / "usr/include").exists())
        self.assertTrue((stage / "usr/share/man/man1/callrail-batch.1").exists())
        self.assertIn("callrail-batch", run(stage / "usr/bin/callrail-batch", "--version"))

    def test_docs_show_what_is_built_here(self):
        text = (SOURCE / "docs/cpp.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```(?:cpp|cmake)\n(.*?)```", text, re.S)
        for name in ("CMakeLists.txt", "saved_page.cpp", "every_call.cpp"):
            self.assertIn((CONSUMER / name).read_text(encoding="utf-8"), blocks, name)
        self.assertEqual(len(blocks), 3, "what is not built here may be wrong")

    def test_readme_shows_a_part_of_it(self):
        text = (SOURCE / "README.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"```cpp\n(.*?)```", text, re.S)
        words = re.sub(r"//.*", "", block).split()
        self.assertIn(" ".join(words), " ".join((CONSUMER / "saved_page.cpp").read_text(encoding="utf-8").split()))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
