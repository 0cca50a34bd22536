"""Runs the programs of one tree and reads what they print."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from judge import Sample

UNITS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


class Broken(Exception):
    """A program did not run, or found its own answer wrong."""


def run(command):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise Broken(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise Broken(f"{' '.join(map(str, command))}: exit code {done.returncode}: {last}")
    return done


def run_json(program, arguments=()):
    """What a program reports: into the file that stands for {json} in its arguments, else on standard output."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "report.json"
        command = [program, *(str(path) if word == "{json}" else word for word in arguments)]
        done = run(command)
        return read_json(command, path.read_text(encoding="utf-8") if path.exists() else done.stdout)


def read_json(command, text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Broken(f"{' '.join(map(str, command))}: reported no JSON: {error}") from None


def times_of(data):
    """Of each benchmark the best repetition: for each byte if the report tells bytes, else for each iteration."""
    if "contenders" in data:
        return {f"{data['variant']}/{one['name']}": Sample(1e9 / one["bytes_per_second"], "ns/B") for one in data["contenders"]}
    out = {}
    for entry in data["benchmarks"]:  # as Google Benchmark reports
        if entry.get("run_type") == "aggregate":
            continue
        name = entry.get("run_name", entry["name"])
        if entry.get("error_occurred"):
            raise Broken(f"{name}: {entry.get('error_message', 'an error')}")
        clock = "real_time" if name.endswith("/real_time") else "cpu_time"
        if entry.get("bytes_per_second"):
            sample = Sample(1e9 / entry["bytes_per_second"], "ns/B")
        else:
            sample = Sample(entry[clock] * UNITS[entry["time_unit"]], "ns")
        if name not in out or sample.value < out[name].value:
            out[name] = sample
    return out


def measure_times(program, arguments, gated):
    return {name: sample for name, sample in times_of(run_json(program, arguments)).items() if re.search(gated, name)}


def ratios_of(data):
    """How many times as long each reference takes: "full/csv/all/ours vs touch"."""
    return {f"{data['variant']}/{one['name']} vs {reference}": Sample(value, "times")
            for one in data["contenders"] for reference, value in one["times"].items() if value is not None}


def measure_ratios(program, arguments):
    """The ratios; and of what cannot be measured on this machine, how its names begin, and why."""
    data = run_json(program, arguments)
    return ratios_of(data), data.get("absent", {})


def measure_counts(program):
    """Counts, and facts such as how many fields there are."""
    data = run_json(program)
    unit = re.compile(r"(allocations|bytes|requests)_")
    counts = {c["name"]: Sample(c["value"], (unit.search(c["name"]) or [None, ""])[1], c.get("input", ""), c.get("input_size"))
              for c in data["counts"]}
    return counts, data.get("facts", {})


def instructions(program, task, rounds):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "--task", task, "--rounds", rounds]
    done = run(command)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if not collected:
        raise Broken(f"{' '.join(map(str, command))}: callgrind told no number")
    return int(collected[1]), read_json(command, done.stdout)


def instructions_per_row(program, task):
    """Three rounds less one: what two of them take, without making the data and without the first round, which makes room."""
    few, facts_of_few = instructions(program, task, 1)
    many, facts = instructions(program, task, 3)
    return Sample((many - few) / (facts["rows"] - facts_of_few["rows"]), "instructions", facts["input"], facts["input_size"])


def measure_instructions(program):
    tasks = run([program, "--tasks"]).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((f"{task}.instructions_per_row" for task in tasks),
                        pool.map(lambda task: instructions_per_row(program, task), tasks)))


def have_valgrind():
    return shutil.which("valgrind") is not None


def object_size(archive):
    """Bytes of code and data in a static library, without symbols and debugging information."""
    total = 0
    lines = run(["size", archive]).stdout.splitlines()[1:]
    for line in lines:
        text, data, bss = line.split()[:3]
        total += int(text) + int(data) + int(bss)
    if total == 0:
        raise Broken(f"size {archive}: the library is empty")
    return total

