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
        if f.verdict in ("WORSE", "TOO HIGH", "TOO LOW"):
            what = f"{spell(f.new[0])} {f.unit} at best, and {'at least' if f.verdict == 'TOO LOW' else 'at most'} {spell(f.limit)} is asked for"
            lines.append(f"  {f.name}: {what}{f' ({f.note})' if f.note else ''}")
        else:
            lines.append(f"  {f.name}: {f.note}")
    if any(f.verdict == "WORSE" for f in bad):
        lines.append("Next: make it cheaper again; or, if it has to cost more, say why under accepted in floors.json.")
    if any(f.verdict in ("TOO HIGH", "TOO LOW") for f in bad):
        lines.append("Next: floors.json has the reason of each floor and ceiling; move it together with the change that needs it.")
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
