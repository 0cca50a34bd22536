"""What a user types in the README works as it stands there."""
import os
import pathlib
import re
import shutil
import subprocess

from harness import BATCH, FAKE, Case, main

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])


def blocks(language):
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


class Readme(Case):
    def test_uses_the_program_as_it_is(self):
        fake = self.fake("--rows", "calls=40", "--limits", "none")
        tools = self.folder / "bin"
        tools.mkdir()
        (tools / "callrail-batch").symlink_to(BATCH)
        (tools / "jq").write_text("#!/bin/sh\ncat\n")
        (tools / "jq").chmod(0o755)
        commands = [line for line in "".join(blocks("sh")[1:3]).splitlines() if line.startswith("callrail-batch")]
        self.assertGreaterEqual(len(commands), 5)
        # All together they ask more than a minute allows, and none may take one.
        environment = self.environment(fake, CALLRAIL_LIMITS="none", PATH=f"{tools}:{os.environ['PATH']}")
        for command in commands:
            with self.subTest(command=command):
                run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.folder, env=environment,
                                     capture_output=True, text=True, timeout=60)
                self.assert_exit(run, 0)

    def test_writes_files_of_columns(self):
        self.needs_parquet()
        fake = self.fake("--rows", "calls=40", "--limits", "none")
        commands = [line for block in blocks("sh") for line in block.splitlines() if re.match(r"callrail-batch .*parquet", line)]
        self.assertEqual(len(commands), 1)
        tools = self.folder / "bin"
        tools.mkdir()
        (tools / "callrail-batch").symlink_to(BATCH)
        environment = self.environment(fake, CALLRAIL_LIMITS="none", PATH=f"{tools}:{os.environ['PATH']}")
        self.assert_exit(subprocess.run(["bash", "-c", commands[0]], cwd=self.folder, env=environment, capture_output=True, text=True,
                                        timeout=60), 0)
        self.assertTrue((self.folder / "columns/calls.parquet").exists())

    def test_names_commands_and_files_that_exist(self):
        text = (SOURCE / "README.md").read_text(encoding="utf-8")
        for script in re.findall(r"^(scripts/\S+)", "\n".join(blocks("sh")), re.M):
            self.assertTrue(os.access(SOURCE / script, os.X_OK), script)
        for link in re.findall(r"\]\(([^)]+)\)", text):
            self.assertTrue((SOURCE / link).exists(), link)

    def test_shows_the_first_rows_after_the_first_command(self):
        """The demo without its set-up and build: the programs are here already."""
        place = self.folder / "clone"
        (place / "scripts").mkdir(parents=True)
        shutil.copy(SOURCE / "scripts/demo.sh", place / "scripts")
        for script in ("setup.sh", "build.sh"):
            (place / "scripts" / script).write_text("#!/bin/sh\n")
            (place / "scripts" / script).chmod(0o755)
        for name, program in (("callrail-batch", BATCH), ("callrail-fake", FAKE)):
            folder = place / "build/release/apps" / name
            folder.mkdir(parents=True)
            (folder / name).symlink_to(program)
        run = subprocess.run(["scripts/demo.sh"], cwd=place, env=self.environment(CALLRAIL_API_KEY=None), capture_output=True,
                             text=True, timeout=100)
        self.assert_exit(run, 0)
        self.assertIn("answered,business_phone_number", run.stdout)
        self.assertTrue((place / "data/tags.csv").exists())


if __name__ == "__main__":
    main()
