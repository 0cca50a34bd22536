// validate.mjs FILE: holds an OpenAPI document against Redocly's rules. Exit 1 if it breaks one, or if the rules let
// a document pass that was broken on purpose; 77 (skipped) if they are not installed.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const redocly = await import("@redocly/openapi-core").catch(() => null);
if (redocly === null) {
  console.log("Redocly's rules are not installed: scripts/setup.sh --openapi");
  process.exit(77);
}

const config = await redocly.createConfig({
  extends: ["recommended-strict"],
  rules: {
    "info-license": "off", // the API is its vendor's
    "no-required-schema-properties-undefined": "error",
    "no-schema-type-mismatch": "error",
    "no-enum-type-mismatch": "error",
    "no-invalid-schema-examples": "error",
    "no-invalid-parameter-examples": "error",
  },
});

const file = resolve(process.argv[2]);
const source = readFileSync(file, "utf8");

async function problems(document) {
  const found = await redocly.lintFromString({ source: JSON.stringify(document), absoluteRef: file, config });
  return found.map((problem) => `${problem.location[0].pointer}: ${problem.message} (${problem.ruleId})`);
}

const anOperation = (document) => Object.values(document.paths).at(-1).get;
const aSchema = (document) => Object.values(document.components.schemas)[0];
const mistakes = {
  "a parameter of the path is not described": (document) => anOperation(document).parameters.shift(),
  "a parameter stands twice": (document) =>
    anOperation(document).parameters.push(anOperation(document).parameters.at(-1)),
  "a reference leads nowhere": (document) => (aSchema(document).$ref = "#/components/schemas/Nothing"),
  "a type does not exist": (document) => (aSchema(document).type = "objekt"),
  "a member is no word of OpenAPI": (document) => (document.info.limits = 10),
  "the security scheme is missing": (document) => delete document.components.securitySchemes,
  "an example is of another type": (document) => (aSchema(document).examples = [7]),
};

const found = await problems(JSON.parse(source));
for (const problem of found) console.log(problem);
for (const [mistake, make] of Object.entries(mistakes)) {
  const document = JSON.parse(source);
  make(document);
  if ((await problems(document)).length > found.length) continue;
  found.push(mistake);
  console.log(`nobody notices that ${mistake}`);
}
process.exit(found.length === 0 ? 0 : 1);
