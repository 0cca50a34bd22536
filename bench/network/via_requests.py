"""FIELDS LIST: what most people write first: requests, json and csv.DictWriter, one page after the other."""
import csv
import json
import sys

import requests

fields = sys.argv[1].split(",")
writer = csv.DictWriter(sys.stdout, fields, extrasaction="ignore")
writer.writeheader()
session = requests.Session()
with open(sys.argv[2], encoding="utf-8") as addresses:
    for address in addresses:
        answer = session.get(address.strip(), timeout=30)
        answer.raise_for_status()
        for row in answer.json()["calls"]:
            for name, value in row.items():
                if isinstance(value, (dict, list)):
                    row[name] = json.dumps(value, ensure_ascii=False)
            writer.writerow(row)
