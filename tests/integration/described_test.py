"""Whoever knows nothing but generated/openapi.json can read everything."""
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


class Described(Case):
    def setUp(self):
        super().setUp()
        self.server = self.fake("--rows", "calls=30", "--limits", "none")
        self.first = {}  # row of each endpoint that was read

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

    def value_of(self, parameter):
        """Where a parameter's values come from is said like this: "`id` of a row of `accounts`."."""
        _, field, _, endpoint, _ = parameter["description"].split("`")
        return self.first[endpoint][field]

    def test_every_endpoint_answers_what_is_described(self):
        for path, item in DOCUMENT["paths"].items():
            operation = item["get"]
            name = operation["operationId"]
            parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]
            address, query = path, {}
            for parameter in parameters:
                if parameter.get("required"):
                    value = self.value_of(parameter)
                    if parameter["in"] == "path":
                        address = address.replace("{" + parameter["name"] + "}", str(value))
                    else:
                        query[parameter["name"]] = value
            lists = [parameter for parameter in parameters if parameter["schema"].get("type") == "array"]
            for parameter in lists:
                self.assertEqual((parameter["style"], parameter["explode"]), ("form", False))
                query[parameter["name"]] = ",".join(parameter["schema"]["items"].get("enum", []))
            for parameter in parameters:
                if "maximum" in parameter["schema"]:
                    query[parameter["name"]] = parameter["schema"]["maximum"]
            with self.subTest(endpoint=name):
                status, body = self.ask(address, query)
                self.assertEqual(status, 200, body)
                self.check(operation, status, body)
                (rows,) = [value for value in body.values() if isinstance(value, list)]
                self.assertTrue(rows, "the fake has none")
                self.first[name] = rows[0]
                for parameter in lists:
                    asked = set(parameter["schema"]["items"].get("enum", []))
                    self.assertEqual(asked - rows[0].keys(), set())
                    status, body = self.ask(address, {**query, parameter["name"]: "no_such_field"})
                    self.assertEqual(status, 400)
                    self.check(operation, status, body)
                for parameter in parameters:
                    words = resolved(parameter["schema"]).get("anyOf", [{}])[0].get("enum")
                    for word in words or []:
                        status, body = self.ask(address, {**query, parameter["name"]: word})
                        self.assertEqual(status, 200, (parameter["name"], word))
                        self.check(operation, status, body)


if __name__ == "__main__":
    main()
