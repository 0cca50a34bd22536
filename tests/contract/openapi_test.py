#!/usr/bin/env python3
"""generated/openapi.json against the pages in tests/data, both ways.

    CALLRAIL_SOURCE=… openapi_test.py
"""

import copy
import json
import os
import pathlib
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])
DATA = SOURCE / "tests/data"
DOCUMENT = json.loads((SOURCE / "generated/openapi.json").read_text(encoding="utf-8"))

Validator = jsonschema.Draft202012Validator


def validator(document, schema, kind=Validator):
    resolver = jsonschema.RefResolver("", document)
    return kind(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())


def errors(document, schema, instance):
    found = sorted(validator(document, schema).iter_errors(instance), key=str)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def operations(document):
    return {path["get"]["operationId"]: path["get"] for path in document["paths"].values()}


def answer(operation):
    return operation["responses"]["200"]["content"]["application/json"]["schema"]


def rows_of(operation):
    """The member of an answer that holds the rows, with its schema; nothing where the answer is the row."""
    for part in answer(operation).get("allOf", [answer(operation)]):
        for member, schema in part.get("properties", {}).items():
            return member, schema
    return None


def record(document, operation):
    """The schema of one row."""
    schema = rows_of(operation)[1]["items"] if rows_of(operation) else answer(operation)
    return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]


def pages(name):
    for path in sorted((DATA / name).glob("*.json")):
        yield path, json.loads(path.read_text(encoding="utf-8"))


def schema_of(document, operation, path):
    """A file named "single" is one row, which may lack what only lists send."""
    if "single" not in path.name:
        return answer(operation)
    return {key: value for key, value in record(document, operation).items() if key != "required"}


def schemas_in(node):
    """Every schema of a document, by what may stand in one and nowhere else."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "schema":
                yield value
            if key in ("schemas", "properties"):
                yield from (inner for inner in value.values() if isinstance(inner, dict))
            yield from schemas_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas_in(value)


def closed(document):
    """The same document with members of rows that it does not describe ruled out. Beside them may stand what nobody reads."""
    out = copy.deepcopy(document)
    for name, schema in out["components"]["schemas"].items():
        if "properties" in schema and not name.endswith("_page"):
            schema.setdefault("additionalProperties", False)
    return out


class OpenApi(unittest.TestCase):
    def test_its_schemas_are_json_schemas(self):
        found = list(schemas_in(DOCUMENT))
        self.assertGreater(len(found), 500)
        for schema in found:
            Validator.check_schema(schema)

    def test_every_example_fits_its_schema(self):
        count = 0
        parameters = list(DOCUMENT["components"]["parameters"].values())
        parameters += [p for operation in operations(DOCUMENT).values() for p in operation["parameters"] if "$ref" not in p]
        pairs = [(p["schema"], [p["example"]]) for p in parameters if "example" in p]
        pairs += [(schema, schema["examples"]) for schema in schemas_in(DOCUMENT) if "examples" in schema]
        for schema, examples in pairs:
            for example in examples:
                count += 1
                self.assertEqual(errors(DOCUMENT, schema, example), [], (schema, example))
        self.assertGreater(count, 200)

    def test_every_saved_page_fits_the_answer_of_its_endpoint(self):
        for name, operation in operations(DOCUMENT).items():
            found = list(pages(name))
            self.assertTrue(found, f"save a page into tests/data/{name}")
            for path, page in found:
                self.assertEqual(errors(DOCUMENT, schema_of(DOCUMENT, operation, path), page), [], path)

    def test_no_saved_page_has_a_member_that_is_not_described(self):
        document = closed(DOCUMENT)
        for name, operation in operations(document).items():
            for path, page in pages(name):
                self.assertEqual(errors(document, schema_of(document, operation, path), page), [], path)

    def test_every_member_that_is_described_stands_in_a_saved_page(self):
        seen = set()

        def properties(inner, described, instance, schema):
            if isinstance(instance, dict):
                seen.update((id(described), name) for name in described if name in instance)
            yield from Validator.VALIDATORS["properties"](inner, described, instance, schema)

        watching = jsonschema.validators.extend(Validator, {"properties": properties})
        for name, operation in operations(DOCUMENT).items():
            for path, page in pages(name):
                for _ in validator(DOCUMENT, schema_of(DOCUMENT, operation, path), watching).iter_errors(page):
                    pass
        for name, schema in DOCUMENT["components"]["schemas"].items():
            if name == "error":
                continue
            for member, about in schema.get("properties", {}).items():
                if about.get("x-sent") not in ("unseen", "single"):
                    self.assertIn((id(schema["properties"]), member), seen, f"{name}.{member} stands in no page")

    def test_a_page_that_differs_is_refused(self):
        document = closed(DOCUMENT)
        for name, operation in operations(document).items():
            path, page = next(found for found in pages(name) if "single" not in found[0].name)
            key = next(iter(record(document, operation)["properties"]))
            for change in ({"no_such_field": 1}, {key: [[1]]}):
                changed = copy.deepcopy(page)
                (changed[rows_of(operation)[0]][0] if rows_of(operation) else changed).update(change)
                self.assertNotEqual(errors(document, answer(operation), changed), [], (path, change))
            self.assertNotEqual(errors(document, answer(operation), {"error": "no rows"}), [], path)

    def test_saved_errors_fit_the_answers_of_their_status(self):
        count = 0
        for operation in operations(DOCUMENT).values():
            for status, response in operation["responses"].items():
                if "$ref" not in response:
                    continue
                shared = DOCUMENT["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
                for path in DATA.glob(f"errors/{status}*.json"):
                    body = json.loads(path.read_text(encoding="utf-8"))
                    schema = shared["content"]["application/json"]["schema"]
                    self.assertEqual(errors(closed(DOCUMENT), schema, body), [], path)
                    count += 1
        self.assertGreater(count, 0)

    def test_the_json_schemas_of_rows_say_the_same(self):
        for name, operation in operations(DOCUMENT).items():
            alone = json.loads((SOURCE / f"generated/json-schema/{name}.schema.json").read_text(encoding="utf-8"))
            ours = record(DOCUMENT, operation)
            sent = {member: about for member, about in alone["properties"].items()
                    if about.get("x-sent") not in ("of_request", "ordinal")}
            self.assertEqual(list(ours["properties"]), list(sent))
            self.assertIn(ours.get("required"), (None, alone.get("required")))
            for member, about in ours["properties"].items():
                words = {key: value for key, value in about.items() if key not in ("$ref", "anyOf", "items", "type")}
                self.assertEqual(words, {key: value for key, value in sent[member].items() if key in words}, member)


if __name__ == "__main__":
    unittest.main()
