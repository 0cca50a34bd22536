"""Memory does not grow with the history (P6, A24)."""
import json
import os
import shutil
import subprocess

from harness import BATCH, Case, main

SIZES = [int(n) for n in os.environ.get("CALLRAIL_MEMORY_ROWS", "2500,6000,30000,150000").split(",")]
MOST = 32 * 1024  # kB
MOST_WITH_DUCKDB = 96 * 1024  # kB, of which 30 are pages of the library itself
FIGURES = os.environ.get("CALLRAIL_FIGURES")


class Memory(Case):
    def peak(self, rows, file_format="csv"):
        """Peak of one run in kB."""
        fake = self.fake("--rows", f"calls={rows},accounts=1", "--limits", "none")
        run = subprocess.run(["/usr/bin/env", "python3", "-c",
                              "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]);"
                              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)",
                              BATCH, "-e", "calls", "--limits", "none", "--log-file", "none", "-q", "--strict",
                              "-o", f"out{rows}", "--format", file_format, "--time-zone", "America/New_York"],
                             cwd=self.folder, env=self.environment(fake), capture_output=True, text=True, timeout=3000)
        self.assertEqual(run.returncode, 0, run.stderr)
        fake.__exit__()
        manifest = json.loads((self.folder / f"out{rows}/_manifest.json").read_text(encoding="utf-8"))
        self.assertGreater(manifest["files"][0]["rows"], rows * 0.9)
        shutil.rmtree(self.folder / f"out{rows}")
        return int(run.stdout.split()[-1])

    def test_of_files_of_columns_stays_below_a_hundred_megabytes(self):
        self.needs_parquet()
        peaks = {rows: self.peak(rows, "parquet") for rows in (2500, 30000)}
        print(", ".join(f"{rows} rows as Parquet: {peak} kB" for rows, peak in peaks.items()))
        self.assertLessEqual(max(peaks.values()), MOST_WITH_DUCKDB)

    def test_of_a_run_is_the_same_for_few_rows_and_for_many(self):  # A24
        peaks = [self.peak(rows) for rows in SIZES]
        print(", ".join(f"{rows} rows: {peak} kB" for rows, peak in zip(SIZES, peaks)))
        self.assertLessEqual(max(peaks), MOST)
        self.assertLessEqual(max(peaks), min(peaks) * 1.1)
        if FIGURES:
            os.makedirs(FIGURES, exist_ok=True)
            with open(os.path.join(FIGURES, "peak memory in kB.txt"), "w", encoding="utf-8") as file:
                file.write(f"{max(peaks)}\n")


if __name__ == "__main__":
    main()
