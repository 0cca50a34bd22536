#!/usr/bin/env python3
"""Compares the speed of the working tree with that of a base commit, on this machine, now.

  gate.py [BASE]             default base: where this branch left main; on main the commit before
    --short                  few rounds and little data, for every change; the long form is for a quiet machine
    --rounds N               how often old and new are run in turn (15; short: 5)
    --alone                  no base: floors and ceilings of the working tree only
    --json                   the findings as JSON on standard output; the table goes to standard error
    --source DIR             the working tree (default: the one this file is in)
    --config FILE, --floors FILE   default: DIR/bench/gate/programs.json, DIR/bench/gate/floors.json

Exit codes: 0 fine · 1 something got worse, or misses a floor · 2 wrong usage, or a tree cannot be built.
"""
import argparse
import fcntl
import json
import pathlib
import sys
import traceback

import config
import judge
import limits
import measure
import report
import trees
from side import Side
from trouble import Trouble

MOST_AGAIN = 5  # a ratio is measured while neighbours come and go; what is slower stays below its floor all the while


class Gate:
    def __init__(self, options):
        self.options = options
        self.source = options.source.resolve()
        self.config = config.read_config(options.config or self.source / "bench/gate/programs.json")
        self.floors = options.floors or self.source / "bench/gate/floors.json"
        self.limits = limits.read_limits(self.floors)
        self.rounds = options.rounds or (5 if options.short else 15)
        self.notes, self.base, self.old = [], None, None
        self.place = self.source / "build/gate"
        self.kinds = {}  # name of a figure → the kind of its program
        self.sources = {}  # name of a ratio → the program that reports it
        self.absent = {}  # what cannot be measured here: how its names begin → why

    def note(self, text):
        self.notes.append(text)
        print("gate: " + text, file=sys.stderr, flush=True)

    def programs(self, kind):
        return [p for p in self.config["programs"] if p["kind"] == kind]

    def sides(self):
        return [side for side in (self.old, self.new) if side]

    def arguments(self, program):
        return program.get("short" if self.options.short else "arguments", program.get("arguments", []))

    def targets(self):
        return [p["target"] for p in self.config["programs"]] + [a["target"] for a in self.config["archives"]]

    def build(self):
        self.place.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.place / "lock", "w", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"{self.place}: another gate is at work there; wait until it is done") from None
        log = self.place / "build.log"
        log.write_text("", encoding="utf-8")
        tree = trees.Tree("new", self.source, self.config, log)
        tree.configure()
        there = tree.make(self.targets())
        for target in self.targets():
            if target not in there:
                self.note(f"{target}: is no target of the working tree here, so nothing of it is measured; scripts/setup.sh installs what it needs")
        if not any(p["target"] in there for p in self.config["programs"]):
            raise Trouble(f"{self.source}: none of {', '.join(self.targets())} is a target; build with the benchmarks switched on")
        self.new = Side(tree, there, self.place)
        if self.options.alone:
            self.note("no base, as asked: floors and ceilings only")
        else:
            self.build_base(tree, log)

    def build_base(self, new, log):
        commit, why = trees.pick_base(self.source, self.options.base)
        if commit is None:
            return self.note(f"no base: {why}. Floors and ceilings of the working tree only")
        place = self.place / "base"
        trees.check_out(self.source, commit, place)
        old = trees.Tree("old", place, self.config, log)
        self.base = commit
        self.note(f"base {commit[:10]}, {why}")
        try:
            old.configure(trees.inherited(new.build))
            if not any(p["target"] in old.targets for p in self.config["programs"]):
                return self.note("the base has no benchmarks yet: floors and ceilings of the working tree only")
            there = old.make(self.targets())
        except Trouble as trouble:
            # A base that nobody named must not keep the change out that mends it.
            if self.options.base:
                raise
            return self.note(f"the base cannot be built, so floors and ceilings of the working tree only. {trouble}")
        self.old = Side(old, there, self.place)
        try:
            base_limits = limits.read_limits(place / self.floors.resolve().relative_to(self.source))
        except (Trouble, ValueError):
            base_limits = limits.Limits()
        for name in self.limits.without_spent(base_limits):
            self.note(f"accepted: {name} is part of the base, so it excuses nothing any more; remove it from {self.floors.name}")

    def measure_counts(self):
        if not measure.have_valgrind():
            self.note("valgrind is not installed: instructions are not counted")
        for side in self.sides():
            for program in self.programs("counts"):
                path = side.program(program)
                if path is None:
                    continue
                with side.guarded(program):
                    # Twice, because a count that moves between two runs of one program must not count as worse.
                    for _ in range(2):
                        counts, side.facts = measure.measure_counts(path)
                        side.add(counts)
                    if program.get("callgrind") and measure.have_valgrind():
                        side.add(measure.measure_instructions(path))
            for archive in self.config["archives"]:
                number = side.facts.get(archive["per"])
                if archive["target"] in side.there and number:
                    with side.guarded(archive):
                        size = measure.object_size(side.tree.targets[archive["target"]])
                        side.add({archive["name"]: judge.Sample(size / number, "bytes")})
            self.kinds.update(dict.fromkeys(side.samples, "counts"))

    def measure_times(self, programs, rounds):
        for number in range(rounds):
            for program in programs:
                for side in self.sides():
                    path = side.program(program)
                    if path is None:
                        continue
                    with side.guarded(program):
                        times = measure.measure_times(path, self.arguments(program), program.get("gated", ""))
                        # Two programs may call a benchmark the same.
                        times = {f"{program['target']}/{name}": sample for name, sample in times.items()}
                        side.add(times)
                        self.kinds.update(dict.fromkeys(times, program["target"]))
            print(f"\rgate: round {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    def measure_ratios(self, programs):
        for program in programs:
            path = self.new.program(program)
            if path is None:
                continue
            with self.new.guarded(program):
                ratios, absent = measure.measure_ratios(path, self.arguments(program))
                self.new.add(ratios, self.new.ratios)
                self.sources.update(dict.fromkeys(ratios, program))
                for beginning, why in absent.items():
                    if beginning not in self.absent:
                        self.note(f"{beginning}…: not measured, {why}")
                self.absent.update(absent)

    def judge_one(self, name):
        old = self.old.samples.get(name, []) if self.old else []
        new = self.new.samples.get(name, [])
        accepted = self.limits.accepted.get(name)
        if self.kinds[name] == "counts":
            tolerance = judge.tolerance_of(name, self.limits.tolerances)
            other = judge.tolerance_of(name, self.limits.other_input)
            return judge.judge_count(name, old, new, tolerance, other, accepted)
        if old and new and old[0].unit != new[0].unit:
            return judge.Finding(name, "not compared", judge.extremes(old), judge.extremes(new), unit=new[0].unit,
                                 note=f"the base measures {old[0].unit}")
        return judge.judge_time(name, old, new, self.limits.margin, accepted)

    def judge(self):
        findings = [self.judge_one(name) for name in sorted(self.kinds)]
        missing = {p["target"] for p in self.config["programs"]} - self.new.there
        for name, (floor, tolerance) in self.limits.ratios.items():
            absent = name.startswith(tuple(self.absent))
            if name in self.new.ratios or not missing and not absent:
                findings.append(judge.judge_floor(name, self.new.ratios.get(name, []), floor, tolerance))
        for name, ceiling in self.limits.ceilings.items():
            samples = judge.quotient(self.new.samples, name)
            counted_here = measure.have_valgrind() or ".instructions_per_row" not in name
            if samples or not missing and counted_here:
                findings.append(judge.judge_ceiling(name, samples, ceiling))
        for target, why in self.new.broken.items():
            findings.append(judge.Finding(target, "BROKEN", note=why))
        return findings

    def programs_below_a_floor(self):
        low = [self.sources.get(f.name) for f in self.judge() if f.verdict == "TOO LOW"]
        return [p for p in self.programs("ratios") if p in low]

    def run(self):
        self.build()
        self.measure_counts()
        self.measure_times(self.programs("times"), self.rounds if self.old else 1)
        self.measure_ratios(self.programs("ratios"))
        # What seems slower is run as often again, and every run counts: a neighbour who woke up in the middle looks the same.
        slow = {self.kinds.get(f.name) for f in self.judge() if f.verdict == "WORSE"}
        again = [p for p in self.programs("times") if p["target"] in slow]
        if again:
            self.note("something seems slower: as many rounds again")
            self.measure_times(again, self.rounds)
        for _ in range(MOST_AGAIN):
            low = self.programs_below_a_floor()
            if not low:
                break
            self.note("a ratio is below its floor: measuring it again")
            self.measure_ratios(low)
        if self.old:
            for target, why in self.old.broken.items():
                self.note(f"{target} of the base does not run, so its figures count as new: {why}")
        return self.judge()


def parse(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="gate.py [options] [BASE]")
    parser.add_argument("base", nargs="?", metavar="BASE")
    parser.add_argument("--short", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2], help=argparse.SUPPRESS)
    parser.add_argument("--config", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--floors", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: is no number from 1 on")
    if options.alone and options.base:
        parser.error("--alone: goes without a base; name none")
    return options


def main(words):
    options = parse(words)
    try:
        gate = Gate(options)
        findings = gate.run()
    except Trouble as trouble:
        print(f"gate: {trouble}", file=sys.stderr)
        return 2
    except Exception:  # Python's own exit code would be that of a regression
        traceback.print_exc()
        print("gate: this is a mistake in the gate itself, not in what it judges; report it with the lines above", file=sys.stderr)
        return 2
    code = 1 if any(f.fails for f in findings) else 0
    out = sys.stderr if options.json else sys.stdout
    print(report.table(findings), report.verdict(findings), sep="\n\n", file=out)
    if options.json:
        json.dump(report.as_json(findings, gate.notes, gate.base, code), sys.stdout, indent=1)
        print()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
