import Ajv2020, { type ErrorObject } from "ajv/dist/2020.js";
import schema from "../../assets/schema/manifest.schema.json" with { type: "json" };
import { excerpt } from "../signing/refuse.ts";
import { escapePointer } from "../signing/shape.ts";
import { FINDING_CODES, type Finding, type FindingCode, MOST_FINDINGS } from "./findings.ts";

/** The keyword with which the schema says that a pattern has a code of its own. */
const CODE_KEYWORD = "x-mosis-code";

function compile(allErrors: boolean) {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  });
  ajv.addKeyword({ keyword: CODE_KEYWORD, schemaType: "string" });
  return ajv.compile(schema);
}

/** Compiling takes longer than everything else at a start: each is made when the first manifest asks for it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const firstFinder = once(() => compile(false));
const allFinder = once(() => compile(true));

/** In a manifest with more values than this only the first fault is looked for: all of them could be a million. */
const MAX_VALUES = 25_000;

/** As for the values: no text or key of a manifest is allowed this many characters, and patterns take time on more. */
const MAX_CHARACTERS = 4096;

const CODES: Readonly<Record<string, FindingCode>> = {
  type: "MPK-M001",
  required: "MPK-M002",
  additionalProperties: "MPK-M003",
  const: "MPK-M004",
  enum: "MPK-M004",
  pattern: "MPK-M004",
  minimum: "MPK-M004",
  maximum: "MPK-M004",
  minLength: "MPK-M005",
  maxLength: "MPK-M005",
  minItems: "MPK-M006",
  maxItems: "MPK-M006",
  minProperties: "MPK-M006",
  uniqueItems: "MPK-M007",
};

/** Judges a parsed manifest by the published JSON Schema; one finding for each thing that it refuses. */
export function schemaFindings(value: unknown): Finding[] {
  if (firstFinder()(value)) return [];
  const validate = isCostly(value) ? firstFinder() : allFinder();
  validate(value);
  const findings: Finding[] = [];
  for (const error of validate.errors ?? []) {
    if (findings.length === MOST_FINDINGS) break;
    const code = codeOf(error);
    // A refused key is reported by the pattern or length that refused it.
    if (code === undefined) continue;
    const pointer = pointerOf(error);
    const expected = expectedOf(error);
    const found = foundOf(error);
    const message = `At “${pointer}” the manifest needs ${expected}, and has ${found}.`;
    findings.push({ code, severity: "error", section: "manifest", message, pointer, found, expected });
  }
  return findings;
}

function isCostly(value: unknown): boolean {
  let left = MAX_VALUES;
  const visit = (inner: unknown): boolean => {
    left--;
    if (left < 0) return true;
    if (typeof inner === "string") return inner.length > MAX_CHARACTERS;
    if (typeof inner !== "object" || inner === null) return false;
    // Before anything is made of them: there may be a third of a million.
    if (Array.isArray(inner)) return inner.length > left || inner.some(visit);
    const keys = Object.keys(inner);
    return (
      keys.length > left || keys.some((key) => key.length > MAX_CHARACTERS || visit(Reflect.get(inner, key)))
    );
  };
  return visit(value);
}

function parentOf(error: ErrorObject): Readonly<Record<string, unknown>> {
  return { ...Object(error.parentSchema) };
}

function codeOf(error: ErrorObject): FindingCode | undefined {
  const own = parentOf(error)[CODE_KEYWORD];
  if (error.keyword === "pattern" && Object.hasOwn(FINDING_CODES, String(own))) {
    return own as FindingCode;
  }
  return CODES[error.keyword];
}

function pointerOf(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  const key = params.missingProperty ?? params.additionalProperty ?? error.propertyName;
  return typeof key === "string" ? `${error.instancePath}/${escapePointer(key)}` : error.instancePath;
}

function foundOf(error: ErrorObject): string {
  if (error.keyword === "required") return "nothing";
  if (error.keyword === "additionalProperties") return "a key that is not known";
  if (error.keyword.endsWith("Length")) return `a text of ${[...String(error.data)].length} characters`;
  if (Array.isArray(error.data))
    return error.keyword === "uniqueItems" ? "an item twice" : `${error.data.length} items`;
  return excerpt(error.data);
}

function expectedOf(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case "required":
      return "this key";
    case "additionalProperties":
      return `one of ${Object.keys(Object(parentOf(error).properties)).join(", ")}`;
    case "type":
      return `${/^[aeiou]/.test(String(params.type)) ? "an" : "a"} ${String(params.type)}`;
    case "const":
      return excerpt(params.allowedValue);
    case "enum":
      return `one of ${excerpt(params.allowedValues)}`;
    case "pattern":
      return String(parentOf(error).description ?? params.pattern);
    case "uniqueItems":
      return "each item once";
    default:
      return `${error.keyword.startsWith("min") ? "at least" : "at most"} ${String(params.limit)}`;
  }
}
