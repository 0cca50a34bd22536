"""A project of one function with a knob, in a git repository of its own, for the gate to judge."""
import json
import pathlib
import subprocess
import sys
import tempfile

GATE = pathlib.Path(__file__).resolve().parents[1] / "gate.py"

CMAKE = """cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES CXX)
foreach(program times counts ratios)
  add_executable(${program} ${program}.cpp)
endforeach()
add_library(made STATIC made.cpp)
"""

# Prints what Google Benchmark prints, of which only the JSON matters here.
TIMES = r"""#include "knobs.hpp"
#include <cstdio>
#include <ctime>
static volatile unsigned result = 0;
static void work() {
  unsigned x = 1;
  for (int i = 0; i < loops; ++i) x = x * 1664525 + 1013904223;
  result = x;
}
static double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}
int main() {
  std::printf("{\"benchmarks\": [");
  for (int i = 0; i < 5; ++i) {
    const double begin = now();
    work();
    std::printf("%s{\"name\": \"work\", \"run_type\": \"iteration\", \"cpu_time\": %f, \"real_time\": 0, \"time_unit\": \"ns\", "
                "\"error_occurred\": %s, \"error_message\": \"wrong rows\"}", i ? "," : "", now() - begin, right_answer ? "false" : "true");
  }
  std::printf("]}\n");
}
"""
COUNTS = r"""#include "knobs.hpp"
#include <cstdio>
int main() {
  std::printf("{\"facts\": {\"fields\": 4}, \"counts\": [{\"name\": \"allocations_per_row\", \"value\": %f, \"input\": \"a\"}]}\n", allocations);
}
"""
RATIOS = r"""#include "knobs.hpp"
#include <cstdio>
#include <string>
int main(int, char** words) {
  // A file as long as there were runs.
  std::FILE* runs = std::fopen((std::string{words[0]} + ".runs").c_str(), "a");
  std::fputc('.', runs);
  const bool beside_neighbours = std::ftell(runs) <= loud_runs;
  std::fclose(runs);
  std::FILE* file = std::fopen(words[1], "w");
  std::fprintf(file, "{\"variant\": \"full\", \"contenders\": [{\"name\": \"work\", \"bytes_per_second\": 1e9, "
                     "\"times\": {\"touch\": %f, \"stage1\": null}}], \"absent\": {\"server/\": \"none is installed\"}}",
               beside_neighbours ? ratio / 2 : ratio);
  std::fclose(file);
  std::puts("a table for people");
}
"""
MADE = '#include "knobs.hpp"\nextern const unsigned char table[table_size];\nconst unsigned char table[table_size] = {1};\n'
CONFIG = {
    "configure": ["-S", ".", "-B", "build/b", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"],
    "build": "build/b",
    "programs": [{"target": "times", "kind": "times"}, {"target": "counts", "kind": "counts"},
                 {"target": "ratios", "kind": "ratios", "arguments": ["{json}"]}],
    "archives": [{"name": "bytes_per_field", "target": "made", "per": "fields"}],
}
FLOORS = {"ratios": {"full/work vs touch": {"floor": 2.5, "tolerance": 0.03, "reason": "a test"},
                     "server/work vs touch": {"floor": 2.5, "tolerance": 0.03, "reason": "a test of what cannot be measured here"}}}
KNOBS = {"loops": 1_000_000, "allocations": 2, "ratio": 3, "loud_runs": 0, "table_size": 4096, "right_answer": True}


class SmallProject:
    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name) / "project"
        for name, text in (("CMakeLists.txt", CMAKE), ("times.cpp", TIMES), ("counts.cpp", COUNTS), ("ratios.cpp", RATIOS),
                           ("made.cpp", MADE), (".gitignore", "/build/\n"), ("bench/gate/programs.json", json.dumps(CONFIG))):
            self.write(name, text)
        self.floors()
        self.turn()
        self.git("init", "-q", "-b", "main")

    def close(self):
        self.temporary.cleanup()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def floors(self, **more):
        self.write("bench/gate/floors.json", json.dumps({**FLOORS, **more}))

    def turn(self, **knobs):
        self.write("knobs.hpp", "#pragma once\n" + "".join(
            f"constexpr auto {name} = {json.dumps(value)};\n" if name != "allocations" and name != "ratio" else
            f"constexpr double {name} = {value};\n" for name, value in {**KNOBS, **knobs}.items()))

    def git(self, *words):
        subprocess.run(["git", "-C", self.folder, "-c", "user.name=A", "-c", "user.email=a@example.com", *words], check=True,
                       capture_output=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")

    def gate(self, *words):
        """The finished process; its findings by name if it got so far."""
        run = subprocess.run([sys.executable, GATE, "--source", self.folder, "--json", *words], capture_output=True, text=True)
        run.findings = {f["name"]: f for f in json.loads(run.stdout)["findings"]} if run.stdout else {}
        return run
