"""The findings as a table for people, and as JSON for programs."""
import dataclasses


def spell(value):
    if value is None:
        return ""
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.1f}"


def best_and_worst(pair):
    if pair is None:
        return "–"
    best, worst = map(spell, pair)
    return best if best == worst else f"{best} … {worst}"


def table(findings):
    """What fails comes last, where a terminal ends."""
    rows = [("name", "old best … worst", "new best … worst", "unit", "verdict")]
    ordered = [f for f in findings if not f.fails] + [f for f in findings if f.fails]
    rows += [(f.name, best_and_worst(f.old), best_and_worst(f.new), f.unit, f.verdict) for f in ordered]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = []
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].rjust(widths[2]), row[3].ljust(widths[3]), row[4]]
        note = ordered[number - 1].note if number > 0 else ""
        lines.append("  ".join(cells).rstrip() + (f"  ({note})" if note else ""))
    return "\n".join(lines)


def verdict(findings):
    bad = [f for f in findings if f.fails]
    if not bad:
        return f"gate: fine, {len(findings)} figures"
    lines = [f"gate: {len(bad)} of {len(findings)} figures failed"]
    for f in bad:
        if f.verdict == "WORSE":
            what = f"{spell(f.new[0])} {f.unit} at best, and at most {spell(f.limit)} was allowed; make it cheaper again, or say in floors.json, under accepted, why it may cost more"
        elif f.verdict == "TOO LOW":
            what = f"{spell(f.new[0])} at best, below {spell(f.limit)}; the floor and its reason stand in floors.json"
        elif f.verdict == "TOO HIGH":
            what = f"{spell(f.new[0])} {f.unit}, above {spell(f.limit)}; the ceiling and its reason stand in floors.json"
        else:
            what = f.note
        lines.append(f"  {f.name}: {what}")
    return "\n".join(lines)


def as_json(findings, notes, base, code):
    def one(f):
        data = dataclasses.asdict(f)
        for key in ("old", "new"):
            pair = data[key]
            data[key] = None if pair is None else {"best": pair[0], "worst": pair[1]}
        data["fails"] = f.fails
        return data
    return {"base": base, "exit_code": code, "notes": notes, "findings": [one(f) for f in findings]}
