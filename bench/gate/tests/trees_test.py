"""Which commit the working tree is compared with."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import trees
from trouble import Trouble


class Base(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.repository = self.folder / "repository"
        self.repository.mkdir()

    def git(self, *words):
        return subprocess.run(["git", "-C", self.repository, "-c", "user.name=A", "-c", "user.email=a@example.com", *words], check=True,
                              capture_output=True, text=True).stdout.strip()

    def commit(self, text):
        (self.repository / "file").write_text(text, encoding="utf-8")
        self.git("add", "file")
        self.git("commit", "-qm", text)
        return self.git("rev-parse", "HEAD")

    def begin(self):
        self.git("init", "-q", "-b", "main")
        return self.commit("one")

    def pick(self, named=None, source=None):
        return trees.pick_base(source or self.repository, named)

    def test_is_where_a_branch_left_main(self):
        self.begin()
        fork = self.commit("two")
        self.git("checkout", "-qb", "branch")
        self.commit("three")
        self.commit("four")
        self.git("checkout", "-q", "main")
        self.commit("five")
        self.git("checkout", "-q", "branch")
        self.assertEqual(self.pick()[0], fork)

    def test_is_the_commit_before_on_main(self):
        first = self.begin()
        self.commit("two")
        self.assertEqual(self.pick()[0], first)

    def test_is_the_last_commit_while_the_working_tree_differs_from_it(self):
        self.begin()
        last = self.commit("two")
        (self.repository / "file").write_text("three", encoding="utf-8")
        self.assertEqual(self.pick()[0], last)

    def test_is_whatever_was_named(self):
        first = self.begin()
        self.commit("two")
        self.commit("three")
        self.assertEqual(self.pick("HEAD~2")[0], first)

    def test_that_was_named_and_is_not_there_is_trouble(self):
        self.begin()
        with self.assertRaisesRegex(Trouble, "base nosuch: .*unshallow"):
            self.pick("nosuch")

    def test_is_missing_without_history(self):
        self.begin()
        self.assertEqual(self.pick(), (None, "there is one commit only"))
        self.commit("two")
        shallow = self.folder / "shallow"
        subprocess.run(["git", "clone", "-q", "--depth", "1", self.repository.as_uri(), shallow], check=True, capture_output=True)
        base, why = self.pick(source=shallow)
        self.assertIsNone(base)
        self.assertIn("git fetch --unshallow", why)

    def test_is_missing_without_git(self):
        base, why = self.pick()
        self.assertIsNone(base)
        self.assertIn("not a git repository", why)


class Flags(unittest.TestCase):
    def test_of_the_working_tree_become_those_of_the_base(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "CMakeCache.txt").write_text(
                "CMAKE_CXX_COMPILER:FILEPATH=/usr/bin/g++\nCMAKE_CXX_FLAGS:STRING=-O2 -g\nCMAKE_BUILD_TYPE:STRING=Release\n"
                "CMAKE_GENERATOR:INTERNAL=Ninja\nCMAKE_CXX_FLAGS_RELEASE:STRING=\nCMAKE_HOME_DIRECTORY:INTERNAL=/x\n", encoding="utf-8")
            self.assertEqual(trees.inherited(pathlib.Path(folder)),
                             ["-DCMAKE_CXX_COMPILER:FILEPATH=/usr/bin/g++", "-DCMAKE_CXX_FLAGS:STRING=-O2 -g",
                              "-DCMAKE_BUILD_TYPE:STRING=Release", "-G", "Ninja"])


if __name__ == "__main__":
    unittest.main()
