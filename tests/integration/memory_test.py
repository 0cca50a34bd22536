"""Memory does not grow with the history (P6, A24): files, and tables of either database."""
import json
import os
import shutil
import sqlite3
import subprocess

from harness import BATCH, Case, main


def sizes(variable, usual):
    return [int(n) for n in os.environ.get(variable, usual).split(",")]


FIGURES = os.environ.get("CALLRAIL_FIGURES")


class Peaks(Case):
    def peak_of(self, *options, fake, timeout=3000):
        """Of one run, in kB."""
        run = subprocess.run(["/usr/bin/env", "python3", "-c",
                              "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]);"
                              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)",
                              BATCH, "-e", "calls", "--limits", "none", "--log-file", "none", "-q", *options],
                             cwd=self.folder, env=self.environment(fake), capture_output=True, text=True, timeout=timeout)
        self.assertEqual(run.returncode, 0, run.stderr)
        return int(run.stdout.split()[-1])

    def calls(self, rows):
        return self.fake("--rows", f"calls={rows},accounts=1", "--limits", "none")

    def keep_figure(self, name, kilobytes):
        if FIGURES:
            os.makedirs(FIGURES, exist_ok=True)
            with open(os.path.join(FIGURES, f"{name}.txt"), "w", encoding="utf-8") as file:
                file.write(f"{kilobytes}\n")


class Files(Peaks):
    SIZES = sizes("CALLRAIL_MEMORY_ROWS", "2500,100000,250000")
    MOST = 32 * 1024  # kB
    MOST_WITH_DUCKDB = 96 * 1024  # kB, of which 30 are pages of the library itself

    def peak(self, rows, file_format="csv"):
        """Peak of one run in kB."""
        fake = self.calls(rows)
        peak = self.peak_of("--strict", "-o", f"out{rows}", "--format", file_format, "--time-zone", "America/New_York", fake=fake)
        fake.__exit__()
        manifest = json.loads((self.folder / f"out{rows}/_manifest.json").read_text(encoding="utf-8"))
        self.assertGreater(manifest["files"][0]["rows"], rows * 0.9)
        shutil.rmtree(self.folder / f"out{rows}")
        return peak

    def test_of_files_of_columns_stays_below_a_hundred_megabytes(self):
        self.needs_parquet()
        peaks = {rows: self.peak(rows, "parquet") for rows in (2500, 30000)}
        print(", ".join(f"{rows} rows as Parquet: {peak} kB" for rows, peak in peaks.items()))
        self.assertLessEqual(max(peaks.values()), self.MOST_WITH_DUCKDB)

    def test_of_a_run_is_the_same_for_few_rows_and_for_many(self):  # A24
        peaks = {rows: self.peak(rows) for rows in self.SIZES}
        print(", ".join(f"{rows} rows: {peak} kB" for rows, peak in peaks.items()))
        self.assertLessEqual(max(peaks.values()), self.MOST)
        self.assertLessEqual(max(peaks.values()), min(peaks.values()) * 1.1)
        self.keep_figure("peak memory in kB", max(peaks.values()))


class Tables(Peaks):
    """Loads calls with every field, and reads all of them again, when each is looked up and none is written."""
    SIZES = sizes("CALLRAIL_MEMORY_TABLE_ROWS", "2500,20000")
    MOST = 96 * 1024  # kB

    def load(self, address, rows, stored):
        fake = self.calls(rows)
        peaks = [self.peak_of("--migrate", "--output", address, fake=fake), self.peak_of("--full", "--output", address, fake=fake)]
        fake.__exit__()
        count = stored("SELECT count(*) FROM calls")
        self.assertGreater(count, rows * 0.9)
        self.assertEqual(stored("SELECT sum(unchanged) FROM runs"), count)
        print(f"{rows} rows: {peaks[0]} kB, and {peaks[1]} kB for reading them again")
        return max(peaks)

    def check(self, peaks, database):
        self.assertLessEqual(max(peaks), self.MOST)
        self.assertLessEqual(max(peaks), min(peaks) * 1.2)
        self.keep_figure(f"peak memory with {database} in kB", max(peaks))

    def test_in_sqlite_do_not_grow_it(self):
        peaks = []
        for rows in self.SIZES:
            file = self.folder / f"{rows}.db"

            def stored(statement):
                with sqlite3.connect(file) as db:
                    return int(db.execute(statement).fetchone()[0])
            peaks.append(self.load(f"sqlite:{rows}.db", rows, stored))
            file.unlink()
        self.check(peaks, "SQLite")

    def test_in_postgresql_do_not_grow_it(self):
        peaks = []
        for rows in self.SIZES:
            server, name = self.postgres()
            peaks.append(self.load(server.address(name), rows, lambda statement: int(server.psql(name, statement)[0])))
            server.drop(name)
        self.check(peaks, "PostgreSQL")


if __name__ == "__main__":
    main()
