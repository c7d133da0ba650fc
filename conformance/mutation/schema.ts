/** The keywords of the manifest's JSON Schema as checks: each can be taken out of the schema that a copy compiles. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./places.ts";

export const SCHEMA_FILE = "assets/schema/manifest.schema.json";
const SOURCE = "src/format/manifest-schema.ts";

/** Keywords that refuse something; others say how a schema is put together, or explain it. */
const KEYWORDS = new Set([
  "type",
  "required",
  "additionalProperties",
  "propertyNames",
  "const",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "uniqueItems",
]);

type Json = { [key: string]: unknown };

/** Where each keyword stands: the keys that lead to it. */
function keywordPaths(node: unknown, path: readonly string[], isSchema: boolean): (readonly string[])[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const at = [...path, key];
    const own = isSchema && KEYWORDS.has(key) ? [at] : [];
    const holdsSchemas = isSchema && ["properties", "$defs", "patternProperties"].includes(key);
    return [
      ...own,
      ...keywordPaths(value, at, holdsSchemas ? false : !isSchema || typeof value === "object"),
    ];
  });
}

const readSchema = (root: string): Json => JSON.parse(readFileSync(join(root, SCHEMA_FILE), "utf8"));

export function schemaPlaces(root: string): Place[] {
  return keywordPaths(readSchema(root), [], true).map((path) => ({
    file: SCHEMA_FILE,
    line: 1,
    inside: "",
    kind: "refusal",
    text: path.join("/"),
  }));
}

/** Lets the copy compile the schema anew for each switch, without the keyword that is switched off, and note which ones refuse. */
export function switchSchema(copy: string, from: number): void {
  const path = join(copy, SOURCE);
  const source = readFileSync(path, "utf8");
  const once = /made \?\?= make\(\);\s+return made;/;
  const compiled = "return ajv.compile(schema);";
  if (!once.test(source) || !source.includes(compiled))
    throw new Error(`${SOURCE} compiles its schema in another way than this expects`);
  const paths = JSON.stringify(schemaPlaces(copy).map(({ text }) => text));
  writeFileSync(
    path,
    source
      .replace(
        once,
        "const off = Math.max(-1, globalThis.mutant.off() - MUTANTS_FROM); if (made === undefined || madeOf !== off) { made = make(); madeOf = off; } return made;",
      )
      .replace("let made: T | undefined;", "let made: T | undefined; let madeOf = -1;")
      .replace(compiled, "return watched(ajv.compile(mutated()));")
      .concat(`
const MUTANTS_FROM = ${from};
const MUTANTS = ${paths};
function mutated() {
  const path = MUTANTS[globalThis.mutant.off() - MUTANTS_FROM]?.split("/");
  const changed = structuredClone(schema);
  if (path === undefined) return changed;
  let node = changed;
  for (const key of path.slice(0, -1)) node = node[key];
  delete node[path.at(-1)];
  return changed;
}
function watched(validate) {
  const watching = (value) => {
    const isValid = validate(value);
    watching.errors = validate.errors;
    for (const { schemaPath } of validate.errors ?? []) {
      // A keyword of what stands above takes this one with it.
      const path = decodeURIComponent(schemaPath.slice(2));
      for (const [place, keyword] of MUTANTS.entries())
        if (path === keyword || path.startsWith(keyword + "/")) globalThis.mutant.isOn(MUTANTS_FROM + place);
    }
    return isValid;
  };
  return watching;
}
`),
  );
}
