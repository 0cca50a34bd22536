"""What the numbers mean. Arithmetic only: no program is run here, and no file read.

Times are judged by the extremes of many alternated runs. The best of the new ones against the worst of the old ones asks for
every new run to be slower than every old one, which a busy neighbour does not bring about by chance. Counts are the same in
every run, so any growth beyond the tolerance of their kind counts.
"""
import dataclasses
import fnmatch

FAILING = ("WORSE", "TOO LOW", "TOO HIGH", "BROKEN", "NOT MEASURED")


@dataclasses.dataclass(frozen=True)
class Sample:
    """One measurement. `input` names the data it was taken on; `input_size` is there where the value grows with the data."""
    value: float
    unit: str = ""
    input: str = ""
    input_size: float | None = None


@dataclasses.dataclass(frozen=True)
class Finding:
    name: str
    verdict: str
    old: tuple[float, float] | None = None  # best, worst
    new: tuple[float, float] | None = None
    limit: float | None = None  # what the new best was held against
    unit: str = ""
    note: str = ""

    @property
    def fails(self):
        return self.verdict in FAILING


@dataclasses.dataclass(frozen=True)
class Accepted:
    """A change that is worse on purpose: by at most this factor, for this reason."""
    factor: float
    reason: str


def extremes(samples):
    values = [sample.value for sample in samples]
    return (min(values), max(values)) if values else None


def one_sided(name, old, new):
    """What is there only before, or only now, cannot have got worse."""
    unit = (new or old)[0].unit
    if not old:
        return Finding(name, "new", None, extremes(new), unit=unit)
    return Finding(name, "gone", extremes(old), None, unit=unit, note="the base measures it, the working tree does not")


def excuse(finding, ratio, accepted):
    if accepted is None:
        return finding
    if ratio <= accepted.factor:
        return dataclasses.replace(finding, verdict="accepted", note=f"{ratio:.3g} times the base; {accepted.reason}")
    return dataclasses.replace(finding, note=f"{ratio:.3g} times the base, and only {accepted.factor:g} is accepted")


def judge_time(name, old, new, margin, accepted=None):
    """WORSE if the best new run is slower than the worst old one by more than the margin; everything else passes."""
    if not old or not new:
        return one_sided(name, old, new)
    before, now = extremes(old), extremes(new)
    limit = before[1] * (1 + margin)
    finding = Finding(name, "ok", before, now, limit, new[0].unit)
    if now[0] > limit:
        return excuse(dataclasses.replace(finding, verdict="WORSE"), now[0] / before[0], accepted)
    if now[0] > before[0] * (1 + margin):
        return dataclasses.replace(finding, verdict="slower?", note="the best runs say so, the worst old ones do not; not held against it")
    if now[1] < before[0] * (1 - margin):
        return dataclasses.replace(finding, verdict="better")
    return finding


def judge_count(name, old, new, tolerance, other_input_tolerance, accepted=None):
    """Less is better. On other data, what grows with the data is compared by what a byte of it costs."""
    if not old or not new:
        return one_sided(name, old, new)
    note = ""
    if old[0].input != new[0].input:
        tolerance, note = max(tolerance, other_input_tolerance), "other data than the base"
        if old[0].input_size and new[0].input_size:
            scale = new[0].input_size / old[0].input_size
            old = [dataclasses.replace(sample, value=sample.value * scale) for sample in old]
            note = f"other data: the old value is for rows {scale:.3g} times as large"
    before, now = extremes(old), extremes(new)
    # Decimal fractions do not survive printing and reading exactly.
    limit = before[1] * (1 + tolerance) + 1e-9
    finding = Finding(name, "ok", before, now, limit, new[0].unit, note)
    if now[0] > limit:
        ratio = now[0] / before[0] if before[0] else float("inf")
        return excuse(dataclasses.replace(finding, verdict="WORSE"), ratio, accepted)
    if now[1] < before[0] * (1 - tolerance) - 1e-9:
        return dataclasses.replace(finding, verdict="better")
    return finding


def judge_floor(name, new, floor, tolerance):
    """More is better: the best of several measurements has to reach the floor, less the tolerance."""
    limit = floor * (1 - tolerance)
    if not new:
        return Finding(name, "NOT MEASURED", limit=limit, note="no program reports it; mend its name in floors.json, or remove it")
    now = (max(s.value for s in new), min(s.value for s in new))
    return Finding(name, "TOO LOW" if now[0] < limit else "ok", None, now, limit, new[0].unit, f"floor {floor:g}, less {tolerance:.0%}")


def judge_ceiling(name, new, ceiling):
    if not new:
        return Finding(name, "NOT MEASURED", limit=ceiling, note="no program reports it; mend its name in floors.json, or remove it")
    now = extremes(new)
    return Finding(name, "TOO HIGH" if now[0] > ceiling + 1e-9 else "ok", None, now, ceiling, new[0].unit, f"ceiling {ceiling:g}")


def quotient(samples, name):
    """The samples of a name, or for "A : B" how many times B the best A is; nothing if one of them is missing."""
    parts = name.split(" : ")
    if len(parts) == 1 or not all(part in samples for part in parts):
        return samples.get(name, [])
    above, below = (extremes(samples[part])[0] for part in parts)
    return [Sample(above / below, "times")]


def tolerance_of(name, tolerances):
    """The first pattern that fits decides; without one, nothing may grow."""
    for pattern, tolerance in tolerances:
        if fnmatch.fnmatchcase(name, pattern):
            return tolerance
    return 0.0
