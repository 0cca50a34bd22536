#!/usr/bin/env python3
"""Holds the schema against the list of facts, both ways.

    check_schema.py SCHEMA FIELDS_TSV

Every row of FIELDS_TSV has to be in SCHEMA with the same types, nullability, enum values, evidence
and the same word for when it is sent; and every field of SCHEMA has to have a row, except the ones
that are not sent. Where python3-jsonschema is installed, SCHEMA is also held against
endpoints.schema.json beside it. Prints each disagreement with its place; exit 1 if there is one,
77 (skipped) without python3-yaml.
"""

import csv
import json
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: the schema is not checked")
    sys.exit(77)

# The members around the rows; the api section of the schema names them.
ENVELOPE = "_envelope"
COLLECTION = "<collection_key>"
ROW_ITSELF = "."

# What each type of the schema may be in the list of facts.
TSV_TYPES = {
    "id": {"string", "integer"},
    "text": {"string"},
    "timestamp": {"string"},
    "enum": {"string"},
    "integer": {"integer"},
    "number": {"number", "integer"},
    "boolean": {"boolean"},
    "object": {"object"},
    "map": {"object"},
    "any": {"any"},
}


class Loader(yaml.SafeLoader):
    """Reads YAML 1.2 as the generator does: `on` is a word and 2024-05-31 is text. Remembers lines."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith((":bool", ":timestamp"))]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class Mapping(dict):
    """A mapping of the schema with the place of each key."""

    places: dict


def construct_mapping(loader, node):
    out = Mapping()
    out.places = {}
    yield out
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in out:
            mark = key_node.start_mark
            raise SystemExit(f"{mark.name}:{mark.line + 1}:{mark.column + 1}: {key} stands here twice")
        out[key] = loader.construct_object(value_node, deep=True)
        out.places[key] = f"{key_node.start_mark.line + 1}:{key_node.start_mark.column + 1}"


Loader.add_constructor("tag:yaml.org,2002:map", construct_mapping)


def alternatives(text):
    """`list<object A or text> or null` as its parts, lists kept whole."""
    parts, depth, part = [], 0, []
    for word in text.split(" "):
        depth += word.count("<") - word.count(">")
        if word == "or" and depth == 0:
            parts.append(" ".join(part))
            part = []
        else:
            part.append(word)
    return parts + [" ".join(part)]


class Type:
    """A type of the schema, taken apart."""

    def __init__(self, text):
        self.text = text
        parts = alternatives(text)
        self.nullable = "null" in parts
        self.parts = [part for part in parts if part != "null"]
        self.shapes, self.enums, self.free = [], [], False
        for part in self.parts:
            for inner in alternatives(part[5:-1]) if part.startswith("list<") else [part]:
                if inner.startswith("object "):
                    self.shapes.append(inner[7:])
                elif inner.startswith("enum "):
                    self.enums.append(inner[5:])
                elif inner in ("map", "any"):
                    self.free = True

    def fits(self, tsv):
        """Whether these are the types of the list of facts, no more and no fewer."""
        rows = tsv.split("|")
        lists = [part for part in self.parts if part.startswith("list<")]
        plain = [part for part in self.parts if not part.startswith("list<")]
        return pairs(plain, [r for r in rows if not r.startswith("array")]) and pairs(
            [inner for part in lists for inner in alternatives(part[5:-1])],
            [r[6:-1] or "any" for r in rows if r.startswith("array")],
        )


def pairs(ours, theirs):
    """Each of our types is one of theirs, and each of theirs is one of ours."""
    allowed = [TSV_TYPES.get(part.split(" ")[0], set()) for part in ours]
    return all(types & set(theirs) for types in allowed) and all(
        any(t in types for types in allowed) for t in theirs
    )


def sent_of(field):
    for word in ("on_request", "single", "unseen", "of_request", "ordinal"):
        if field.get(word):
            return word
    return "always"


def sent_fits(field, row):
    """`default` is always; what nobody placed, or saw, may be `unseen` or come by itself, if at all."""
    sent, written = sent_of(field), row["default_or_on_request"]
    if written == "default":
        return sent == "always"
    if written == "single_only":
        return sent == "single"
    if written == "on_request":
        return sent == "on_request" or (sent == "unseen" and row["evidence"] == "inferred")
    if sent == "always":
        return bool(field.get("optional")) and row["evidence"] != "inferred"
    return sent in ("unseen", "single", "of_request")


def evidence_set(text):
    return set(text.split("+"))


class Check:
    def __init__(self, schema_path, schema, rows):
        self.path, self.schema, self.rows = schema_path, schema, rows
        self.used = set()
        self.members = {}  # (shape, member) → the rows it stands for
        self.problems = []

    def problem(self, place, what):
        self.problems.append(f"{self.path}:{place}: {what}")

    def run(self):
        for name, endpoint in self.schema["endpoints"].items():
            for field_name, field in endpoint["fields"].items():
                place = endpoint["fields"].places[field_name]
                row = self.take(name, field_name, place, field)
                if row is not None:
                    self.compare(name, field_name, place, field, row)
                    if not sent_fits(field, row):
                        self.problem(
                            place,
                            f"{name}.{field_name} is sent {sent_of(field)}, "
                            f"the list says {row['default_or_on_request']} ({row['evidence']})",
                        )
                    self.evidence(f"{name}.{field_name}", place, field, [row])
                self.inside(name, field_name, field, ())
        self.shared_members()
        self.envelope()
        for row in self.rows.values():
            if (row["endpoint"], row["field"]) not in self.used:
                self.problems.append(f"{row['place']}: {row['endpoint']}.{row['field']} is not in the schema")
        return self.problems

    def take(self, endpoint, path, place, field=None):
        row = self.rows.get((endpoint, path))
        if row is None:
            if not (field and (field.get("of_request") or field.get("ordinal"))):
                self.problem(place, f"{endpoint}.{path} is not in the list of facts")
            return None
        self.used.add((endpoint, path))
        return row

    def inside(self, endpoint, path, field, above):
        """The members of the shapes of a field; `.*` rows stand for maps and open shapes."""
        kind = Type(field["type"])
        free = kind.free
        for shape_name in dict.fromkeys(kind.shapes):
            shape = self.schema["shapes"].get(shape_name)
            if shape is None or shape_name in above:
                self.problem("1:1", f"{endpoint}.{path}: no usable shape {shape_name}")
                continue
            free = free or bool(shape.get("open"))
            prefix = path + ("[]" if f"list<object {shape_name}" in field["type"] else "")
            for member_name, member in shape["fields"].items():
                place = shape["fields"].places[member_name]
                member_path = f"{prefix}.{member_name}"
                row = self.take(endpoint, member_path, place)
                if row is not None:
                    self.compare(endpoint, member_path, place, member, row)
                    self.members.setdefault((shape_name, member_name), []).append(row)
                self.inside(endpoint, member_path, member, above + (shape_name,))
        if (endpoint, path + ".*") in self.rows:
            self.used.add((endpoint, path + ".*"))
            if not free:
                place = self.rows[endpoint, path + ".*"]["place"]
                self.problems.append(f"{place}: {endpoint}.{path} has free members; the schema has no map or open shape")

    def compare(self, endpoint, path, place, field, row):
        where = f"{endpoint}.{path}"
        kind = Type(field["type"])
        if not kind.fits(row["json_type"]):
            self.problem(place, f"{where} is {field['type']}, the list says {row['json_type']}")
        if kind.nullable != (row["nullable"] != "no"):
            self.problem(place, f"{where} is {field['type']}, the list says nullable: {row['nullable']}")
        values = row["enum_values"]
        listed = values.split("|") if values and not values.startswith("open:") else []
        if bool(listed) != bool(kind.enums):
            self.problem(place, f"{where} is {field['type']}, the list has the values {values or '(none)'}")
        for name in kind.enums:
            ours = self.schema["enums"].get(name, {}).get("values", [])
            if listed and sorted(ours) != sorted(listed):
                self.problem(place, f"{where}: {name} is {', '.join(ours)}; the list says {', '.join(listed)}")

    def evidence(self, where, place, field, rows):
        theirs = set().union(*(evidence_set(row["evidence"]) for row in rows))
        if evidence_set(field["evidence"]) != theirs:
            self.problem(
                place, f"{where} has the evidence {field['evidence']}, the list says {'+'.join(sorted(theirs))}"
            )

    def shared_members(self):
        """A shape may serve several fields: then the evidence of a member is that of all of them."""
        for shape_name, shape in self.schema["shapes"].items():
            for member_name, member in shape["fields"].items():
                rows = self.members.get((shape_name, member_name))
                if rows:
                    place = shape["fields"].places[member_name]
                    self.evidence(f"{shape_name}.{member_name}", place, member, rows)

    def envelope(self):
        paging = self.schema["api"]["paging"]
        known = [paging["offset"][word] for word in ("page", "size", "pages", "total")]
        known += [paging["relative"][word] for word in ("next", "more")]
        for name in known:
            self.take(ENVELOPE, name, "1:1")
        row = self.take(ENVELOPE, COLLECTION, "1:1")
        listed = re.sub(r" \([^)]*\)", "", row["format"]).split(", ") if row else []
        ours = [endpoint["rows"] for endpoint in self.schema["endpoints"].values() if endpoint["rows"] != ROW_ITSELF]
        if row and sorted(listed) != sorted(ours):
            self.problem("1:1", f"the endpoints have the rows {', '.join(ours)}; the list says {', '.join(listed)}")


def read_rows(path):
    rows = {}
    with open(path, encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            key = (row["endpoint"], row["field"])
            row["place"] = f"{path}:{line}:1"
            if key in rows:
                raise SystemExit(f"{row['place']}: {'.'.join(key)} stands here twice")
            rows[key] = row
    return rows


def notation_problems(schema_path, schema):
    """What endpoints.schema.json has against the file; nothing without python3-jsonschema."""
    rules = pathlib.Path(schema_path).with_name("endpoints.schema.json")
    try:
        import jsonschema
    except ImportError:
        print("python3-jsonschema is not installed: the notation is not checked")
        return []
    if not rules.exists():
        return [f"{rules}: missing"]
    validator = jsonschema.Draft202012Validator(json.loads(rules.read_text(encoding="utf-8")))
    out = []
    for error in validator.iter_errors(schema):
        node, place = schema, "1:1"
        for step in error.absolute_path:
            if isinstance(node, Mapping):
                place = node.places[step]
            node = node[step]
        what = error.message
        if error.validator == "not":
            what = " and ".join(error.validator_value["required"]) + " contradict each other"
        elif error.validator == "pattern":
            what = f"{error.instance!r}: {error.schema.get('description', 'not of the form it should have')}"
        out.append(f"{schema_path}:{place}: {'.'.join(map(str, error.absolute_path))}: {what}")
    return out


def main(schema_path, fields_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = yaml.load(file, Loader=Loader)
    problems = notation_problems(schema_path, schema)
    if not problems:
        rows = read_rows(fields_path)
        problems = Check(schema_path, schema, rows).run()
        fields = sum(len(endpoint["fields"]) for endpoint in schema["endpoints"].values())
        members = sum(len(shape["fields"]) for shape in schema["shapes"].values())
        print(f"{len(rows)} facts, {fields} fields, {members} members of shapes, {len(problems)} disagreements")
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
