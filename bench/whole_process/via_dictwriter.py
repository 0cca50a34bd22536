"""FIELDS FILE…: what most people write first: the standard library, one page after the other."""
import csv
import json
import sys

fields = sys.argv[1].split(",")
writer = csv.DictWriter(sys.stdout, fields, extrasaction="ignore")
writer.writeheader()
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        page = json.load(file)
    for row in page["calls"]:
        for name, value in row.items():
            if isinstance(value, (dict, list)):
                row[name] = json.dumps(value, ensure_ascii=False)
        writer.writerow(row)
