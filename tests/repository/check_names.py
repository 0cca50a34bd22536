#!/usr/bin/env python3
"""No endpoint or field name stands in hand-written C++: facts live in the schema, behaviour in the runtime.

check_names.py ROOT: reads schema/endpoints.yaml and looks at the string literals of codegen/, sketch/, runtime/ and apps/.
An endpoint's name counts as a word anywhere in a literal; a field's name where it is the whole literal, or a word
with an underscore. A literal is a place where a name can steer behaviour; comments may say "calls" freely.
"""
import pathlib
import re
import sys

import yaml

# Words this project has of its own: the notation of the schema, words of OpenAPI, JSON keys of the summary, the log and the diff,
# members of errors, an option, Pii and Format kinds, and the zone "user". No field that happens to share one is treated specially.
OWN_WORDS = {"color", "content", "date", "description", "direction", "email", "error", "filters", "id", "key", "message", "name", "page",
             "phone", "scope", "source", "state", "status", "timeout", "type", "user", "uuid", "value"}


def names(schema):
    endpoints = set(schema["endpoints"])
    fields = set()
    for group in (schema["endpoints"], schema.get("shapes", {})):
        for item in group.values():
            fields |= set(item["fields"])
    return endpoints, fields


def literals(text):
    text = re.sub(r'R"(\w*)\((.*?)\)\1"', lambda m: '"' + m.group(2).replace('"', "'") + '"', text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    for match in re.finditer(r'"((?:[^"\\\n]|\\.)*)"', text):
        line = text.rfind("\n", 0, match.start()) + 1
        if not text[line:match.start()].lstrip().startswith("#include"):
            yield text.count("\n", 0, match.start()) + 1, match.group(1)


def main(root):
    endpoints, fields = names(yaml.safe_load((root / "schema/endpoints.yaml").read_text(encoding="utf-8")))
    parameters = {"account_id", "company_id", "page", "per_page", "start_date", "end_date", "time_zone"}
    found = []
    for folder in ("codegen", "sketch", "runtime", "apps"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".cpp", ".hpp", ".h"):
                continue
            text = path.read_text(encoding="utf-8")
            for line, literal in literals(text):
                words = set(re.findall(r"[A-Za-z_]+", literal))
                hits = words & endpoints
                hits |= {w for w in words & (fields | parameters) if "_" in w}
                if literal in fields and literal not in OWN_WORDS:
                    hits.add(literal)
                for hit in sorted(hits):
                    found.append(f'{path.relative_to(root)}:{line}: "{hit}" is a name of the schema (in "{literal[:60]}")')
    print("\n".join(found) or f"ok: none of {len(endpoints)} endpoints and {len(fields)} fields")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
