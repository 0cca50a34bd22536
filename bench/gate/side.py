"""The programs of one tree, and what they measured."""
import contextlib
import shutil

import measure


class Side:
    """`samples` and `ratios`: name → a list that grows with the rounds."""

    def __init__(self, tree, there, place):
        self.tree, self.there = tree, there
        self.samples, self.ratios, self.facts, self.broken = {}, {}, {}, {}
        # Both sides under paths of the same length: the length moves the stack, and with it some timings.
        self.place = place / tree.name
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)

    def program(self, program):
        """Where it can be run from; None if this tree has none, or it did not run."""
        if program["target"] not in self.there or program["target"] in self.broken:
            return None
        copy = self.place / program["target"]
        if not copy.exists():
            shutil.copy2(self.tree.targets[program["target"]], copy)
        return copy

    def add(self, measured, to=None):
        for name, sample in measured.items():
            (self.samples if to is None else to).setdefault(name, []).append(sample)

    @contextlib.contextmanager
    def guarded(self, program):
        try:
            yield
        except measure.Broken as error:
            self.broken[program["target"]] = str(error)
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            self.broken[program["target"]] = f"its report is not of the form bench/gate/README.md describes: {error!r}"
