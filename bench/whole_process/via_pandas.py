"""FIELDS FILE…: nested objects become columns of their own; with some of the fields, those are taken first."""
import json
import sys

import pandas

fields = sys.argv[1].split(",") if sys.argv[1] != "all" else None
rows = []
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        rows += json.load(file)["calls"]
if fields:
    rows = [{name: row.get(name) for name in fields} for row in rows]
pandas.json_normalize(rows).to_csv(sys.stdout, index=False)
