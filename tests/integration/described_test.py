"""Whoever knows nothing but generated/openapi.json can read everything."""
import itertools
import json
import os
import pathlib
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

from harness import KEY, Case, main

SOURCE = pathlib.Path(os.environ["CALLRAIL_SOURCE"])
DOCUMENT = json.loads((SOURCE / "generated/openapi.json").read_text(encoding="utf-8"))


def resolved(node):
    """What a reference leads to."""
    while "$ref" in node:
        reference, node = node["$ref"], DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    return node


def words_of(parameter):
    return resolved(parameter["schema"]).get("anyOf", [{}])[0].get("enum", [])


class Described(Case):
    def setUp(self):
        super().setUp()
        self.server = self.fake("--rows", "calls=30", "--limits", "none")
        self.rows = {}  # of each endpoint that was read

    def ask(self, path, query):
        scheme = DOCUMENT["components"]["securitySchemes"]["api_key"]
        self.assertEqual(scheme["in"], "header")
        value = scheme["description"].split("`")[1].replace("{api_key}", KEY)
        address = self.server.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(address, headers={scheme["name"]: value})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def check(self, operation, status, body):
        response = resolved(operation["responses"][str(status)])
        schema = response["content"]["application/json"]["schema"]
        resolver = jsonschema.RefResolver("", DOCUMENT)
        errors = jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(body)
        found = [f"{error.json_path}: {error.message[:200]}" for error in errors]
        self.assertEqual(found, [])

    def source(self, parameter):
        """The words of a parameter, or the values that are said to be "`id` of a row of `accounts`."; nothing: not read yet."""
        if "$ref" in parameter["schema"]:
            return words_of(parameter)
        _, field, _, endpoint, _ = parameter["description"].split("`")
        return [row[field] for row in self.rows[endpoint]] if endpoint in self.rows else None

    def first_answer(self, path, parameters, query):
        """The first answer with rows, of those for some values of the parameters that have to be given."""
        required = [parameter for parameter in parameters if parameter.get("required")]
        for values in itertools.islice(itertools.product(*map(self.source, required)), 200):
            address, asked = path, dict(query)
            for parameter, value in zip(required, values):
                if parameter["in"] == "path":
                    address = address.replace("{" + parameter["name"] + "}", str(value))
                else:
                    asked[parameter["name"]] = value
            status, body = self.ask(address, asked)
            if status == 200 and self.rows_in(path, body):
                return address, asked, status, body
            self.assertIn(status, (200, 404), body)
        return self.fail(f"{path}: no answer of the fake has rows")

    def rows_in(self, path, body):
        schema = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for part in schema.get("allOf", [schema]):
            for member in part.get("properties", {}):
                return body[member]
        return [body]

    def read(self, path, operation, parameters):
        lists = [parameter for parameter in parameters if parameter["schema"].get("type") == "array"]
        query = {}
        for parameter in lists:
            self.assertEqual((parameter["style"], parameter["explode"]), ("form", False))
            query[parameter["name"]] = ",".join(parameter["schema"]["items"].get("enum", []))
        for parameter in parameters:
            if "maximum" in parameter["schema"]:
                query[parameter["name"]] = parameter["schema"]["maximum"]
        address, query, status, body = self.first_answer(path, parameters, query)
        self.check(operation, status, body)
        rows = self.rows_in(path, body)
        for parameter in lists:
            asked = set(parameter["schema"]["items"].get("enum", []))
            self.assertEqual(asked - rows[0].keys(), set())
            status, body = self.ask(address, {**query, parameter["name"]: "no_such_field"})
            self.assertEqual(status, 400)
            self.check(operation, status, body)
        for parameter in parameters:
            for word in words_of(parameter):
                status, body = self.ask(address, {**query, parameter["name"]: word})
                self.assertEqual(status, 200, (parameter["name"], word))
                self.check(operation, status, body)
        return rows

    def test_every_endpoint_answers_what_is_described(self):
        left = {path: item["get"] for path, item in DOCUMENT["paths"].items()}
        while left:
            before = len(left)
            for path, operation in list(left.items()):
                parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]
                if any(parameter.get("required") and self.source(parameter) is None for parameter in parameters):
                    continue
                self.rows[operation["operationId"]] = self.read(path, operation, parameters)
                del left[path]
            self.assertLess(len(left), before, "these wait for each other")


if __name__ == "__main__":
    main()
