"""The two trees: which commit is the base, where it is checked out, and how both are built alike."""
import json
import os
import pathlib
import re
import shutil
import subprocess

from trouble import Trouble

# What decides about the code a compiler makes. The generator and the launcher are for speed alone.
INHERITED = re.compile(r"(?P<name>CMAKE_CXX_(COMPILER|COMPILER_LAUNCHER|FLAGS(_[A-Z]+)?)|CMAKE_BUILD_TYPE|CMAKE_GENERATOR|"
                       r"CMAKE_(EXE|SHARED|MODULE|STATIC)_LINKER_FLAGS(_[A-Z]+)?|CMAKE_INTERPROCEDURAL_OPTIMIZATION|"
                       r"CMAKE_PREFIX_PATH|CMAKE_TOOLCHAIN_FILE):(?P<type>[A-Z]+)=(?P<value>.+)")


def git(source, *words):
    """Output of a git command, or None and what git said."""
    environment = {k: v for k, v in os.environ.items() if k not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    try:
        run = subprocess.run(["git", "-C", str(source), *words], capture_output=True, text=True, env=environment)
    except FileNotFoundError:
        return None, "git is not installed"
    if run.returncode != 0:
        return None, (run.stderr.strip().splitlines() or [f"git {words[0]} gave {run.returncode}"])[0]
    return run.stdout.strip(), ""


def pick_base(source, named):
    """The commit to compare with and why it is that one; or None and why there is none."""
    head, why = git(source, "rev-parse", "--verify", "HEAD")
    if named:
        commit, why = git(source, "rev-parse", "--verify", named + "^{commit}")
        if commit is None:
            raise Trouble(f"base {named}: is no commit this clone has ({why}); name another, or fetch it (git fetch --unshallow)")
        return commit, f"{named} was named"
    if head is None:
        return None, why
    nearest = None
    for branch in ("origin/main", "main", "origin/master", "master"):
        fork, _ = git(source, "merge-base", "HEAD", branch)
        if fork and fork != head:
            distance = int(git(source, "rev-list", "--count", f"{fork}..HEAD")[0])
            if nearest is None or distance < nearest[0]:
                nearest = (distance, fork, f"where this branch left {branch}")
    if nearest:
        return nearest[1], nearest[2]
    if git(source, "status", "--porcelain")[0]:
        return head, "the last commit, as the working tree differs from it"
    before, _ = git(source, "rev-parse", "--verify", "--quiet", "HEAD~1")
    if before:
        return before, "the commit before the last one"
    shallow = git(source, "rev-parse", "--is-shallow-repository")[0] == "true"
    return None, "the clone has no history (git fetch --unshallow gets it)" if shallow else "there is one commit only"


def check_out(source, commit, place):
    """A worktree of its own; one that is there is moved, so that its build folder saves work."""
    git(source, "worktree", "prune")
    if (place / ".git").exists():
        done, why = git(place, "checkout", "--detach", "--force", "--quiet", commit)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        done, why = git(source, "worktree", "add", "--detach", "--force", str(place), commit)
    if done is None:
        raise Trouble(f"{place}: {why}; remove that folder and run again")


def inherited(build):
    """The flags of a configured tree, as options of cmake."""
    cache = build / "CMakeCache.txt"
    options = []
    for line in cache.read_text(encoding="utf-8").splitlines() if cache.exists() else []:
        match = INHERITED.fullmatch(line)
        if match and match["name"] == "CMAKE_GENERATOR":
            options += ["-G", match["value"]]
        elif match:
            options.append(f"-D{match['name']}:{match['type']}={match['value']}")
    return options


class Tree:
    """A source folder and its build folder."""

    def __init__(self, name, source, config, log):
        self.name, self.source, self.config = name, pathlib.Path(source), config
        self.build = self.source / config["build"]
        self.log = log
        self.targets = {}  # name → the file it makes

    def run(self, what, *words):
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(map(str, words))}\n")
            log.flush()
            start = log.tell()
            try:
                code = subprocess.run([str(w) for w in words], cwd=self.source, stdout=log, stderr=subprocess.STDOUT).returncode
            except FileNotFoundError:
                raise Trouble(f"{words[0]} is not installed; scripts/setup.sh installs it") from None
        if code != 0:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                log.seek(start)
                tail = log.read().strip().splitlines()[-25:]
            raise Trouble("\n".join([f"{self.name} {self.source}: {what} failed", *("  | " + line for line in tail),
                                     f"the whole text is in {self.log}; mend it and run again"]))

    def configure(self, options=()):
        # CMake forgets its options when the compiler changes under a build folder.
        if options and (self.build / "CMakeCache.txt").exists() and not set(options) <= set(inherited(self.build)):
            shutil.rmtree(self.build)
        # CMake's file API: names of targets and where they end up, whatever the generator.
        query = self.build / ".cmake/api/v1/query/codemodel-v2"
        query.parent.mkdir(parents=True, exist_ok=True)
        query.touch()
        self.run("cmake", "cmake", *self.config["configure"], *options)
        replies = self.build / ".cmake/api/v1/reply"
        index = json.loads(max(replies.glob("index-*.json")).read_text(encoding="utf-8"))
        model = json.loads((replies / index["reply"]["codemodel-v2"]["jsonFile"]).read_text(encoding="utf-8"))
        for target in model["configurations"][0]["targets"]:
            facts = json.loads((replies / target["jsonFile"]).read_text(encoding="utf-8"))
            self.targets[target["name"]] = self.build / facts["artifacts"][0]["path"] if "artifacts" in facts else None

    def make(self, targets):
        """Builds those of the targets that there are, and returns their names."""
        there = [target for target in targets if target in self.targets]
        if there:
            self.run("the build", "cmake", "--build", self.build, "--parallel", os.cpu_count() or 1, "--target", *there)
        return set(there)
