"""Reads floors.json, which holds what a person decided: floors, ceilings, tolerances, and what is worse on purpose."""
import dataclasses
import json

from judge import Accepted
from trouble import Trouble


@dataclasses.dataclass
class Limits:
    margin: float = 0.05
    tolerances: list = dataclasses.field(default_factory=list)  # (pattern, share)
    other_input: list = dataclasses.field(default_factory=list)  # the same where the data differs
    ratios: dict = dataclasses.field(default_factory=dict)  # name → (floor, tolerance)
    ceilings: dict = dataclasses.field(default_factory=dict)  # name → ceiling
    accepted: dict = dataclasses.field(default_factory=dict)  # name → Accepted

    def without_spent(self, base):
        """An acceptance is for the change that brings it: what the base has already is spent. Returns the names of those."""
        spent = sorted(name for name, entry in self.accepted.items() if base.accepted.get(name) == entry)
        for name in spent:
            del self.accepted[name]
        return spent


def number(entry, key, where, least=0.0):
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
        raise Trouble(f"{where}: {key} is {value!r}, which is no number from {least:g} on; write one")
    return float(value)


def reason(entry, where):
    if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
        raise Trouble(f"{where}: there is no reason; say why, for whoever wants to change it")
    return entry["reason"]


def known(entry, keys, where):
    if not isinstance(entry, dict):
        raise Trouble(f"{where}: is no object; write {{{', '.join(keys)}}}")
    for key in entry:
        if key not in keys:
            raise Trouble(f"{where}: {key!r} is not known; known are {', '.join(keys)}")


def read_limits(path):
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; name the file with --floors") from None
    except ValueError as error:
        raise Trouble(f"{path}: is not JSON: {error}; mend it") from None
    known(data, ("margin", "tolerances", "other_input", "ratios", "ceilings", "accepted"), str(path))
    out = Limits()
    if "margin" in data:
        out.margin = number(data, "margin", str(path))
    for section, keys in (("tolerances", ("tolerance", "reason")), ("other_input", ("tolerance", "reason")), ("ratios", ("floor", "tolerance", "reason")),
                          ("ceilings", ("ceiling", "reason")), ("accepted", ("factor", "reason"))):
        entries = data.get(section, {})
        if not isinstance(entries, dict):
            raise Trouble(f"{path}: {section}: is no object; write names with {{{', '.join(keys)}}}")
        for name, entry in entries.items():
            where = f"{path}: {section}: {name}"
            known(entry, keys, where)
            why = reason(entry, where)
            if section in ("tolerances", "other_input"):
                getattr(out, section).append((name, number(entry, "tolerance", where)))
            elif section == "ratios":
                out.ratios[name] = (number(entry, "floor", where), number(entry, "tolerance", where))
            elif section == "ceilings":
                out.ceilings[name] = number(entry, "ceiling", where)
            else:
                out.accepted[name] = Accepted(number(entry, "factor", where, 1.0), why)
    return out
