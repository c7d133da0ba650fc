/** reference/manifest.md, made from the published JSON Schema. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, fence, MADE, page, sentence, table } from "./markdown.ts";

const root = join(import.meta.dirname, "../..");

type Schema = {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
};
type Root = Schema & { readonly $defs: Readonly<Record<string, Schema>> };

function resolved(schema: Schema, defs: Root["$defs"]): Schema {
  const name = schema.$ref?.replace("#/$defs/", "");
  return name === undefined ? schema : { ...defs[name], ...schema };
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
  if (most !== undefined) return `at most ${most}${unit}`;
  return least === undefined ? "" : `at least ${least}${unit}`;
}

/** What a value may be, in words. */
function typeOf(given: Schema, defs: Root["$defs"]): string {
  const schema = resolved(given, defs);
  if (schema.const !== undefined) return `exactly ${code(JSON.stringify(schema.const))}`;
  if (schema.enum) return `one of ${schema.enum.map((one) => code(JSON.stringify(one))).join(", ")}`;
  if (schema.type === "string")
    return ["text", range(schema.minLength, schema.maxLength, " characters")].filter(Boolean).join(", ");
  if (schema.type === "integer") return `integer, ${range(schema.minimum, schema.maximum, "")}`;
  if (schema.type === "array") {
    const items = [range(schema.minItems, schema.maxItems, " items"), schema.uniqueItems ? "each once" : ""];
    const kind = schema.items?.properties ? "object" : typeOf(schema.items ?? {}, defs);
    return ["list", ...items.filter(Boolean), `of: ${kind}`].join(", ");
  }
  if (schema.type === "object" && schema.additionalProperties)
    return `object: locale → ${typeOf(schema.additionalProperties, defs)}`;
  return schema.type ?? "any";
}

function rows(schema: Schema, defs: Root["$defs"], path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const own = resolved(member, defs);
    const inner = own.properties ? own : own.items?.properties ? own.items : null;
    const at = `${path}${name}`;
    const meaning = own.description ?? own.items?.description ?? "";
    const row = [
      code(at),
      schema.required?.includes(name) ? "yes" : "no",
      typeOf(own, defs),
      meaning === "" ? "" : sentence(meaning.charAt(0).toUpperCase() + meaning.slice(1)),
    ];
    return [row, ...(inner ? rows(inner, defs, own.items ? `${at}[].` : `${at}.`) : [])];
  });
}

function patterns(schema: Schema, defs: Root["$defs"], path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const own = resolved(member, defs);
    const at = `${path}${name}`;
    const items = own.items ? resolved(own.items, defs) : undefined;
    return [
      ...(own.pattern ? [[code(at), code(own.pattern)]] : []),
      ...(items?.pattern ? [[code(`${at}[]`), code(items.pattern)]] : []),
      ...(own.properties ? patterns(own, defs, `${at}.`) : []),
      ...(items?.properties ? patterns(items, defs, `${at}[].`) : []),
    ];
  });
}

export function manifestPage(): string {
  const schema: Root = JSON.parse(readFileSync(join(root, "assets/schema/manifest.schema.json"), "utf8"));
  const example = readFileSync(join(root, "assets/samples/weather/manifest.json"), "utf8");
  return page(
    "# Manifest",
    "Every key of `manifest.json`, the file in an app's folder that says what the app is.",
    `Write it by hand in any order and with any white space: \`mosis pack\` makes it canonical. It has exactly these keys, at every level; an unknown one is refused ([MPK-M003](../errors.md#MPK-M003)). Lengths of texts count Unicode code points, those of ids, paths and addresses bytes. ${MADE}`,
    "## Keys",
    table(["Key", "Required", "Type", "Meaning"], rows(schema, schema.$defs, "")),
    "## Patterns",
    "What these texts match, as regular expressions of JSON Schema (ECMA-262, whole text).",
    table(
      ["Key", "Pattern"],
      [...patterns(schema, schema.$defs, ""), [code("any locale"), code(schema.$defs.locale?.pattern ?? "")]],
    ),
    "## Rules beyond the schema",
    "A validator uses the JSON Schema first and these rules only for what keeps to it; in which order, [the package format](package-format.md#4-manifest-json) says. Each error names the JSON pointer, what was found and what is allowed.",
    table(
      ["Rule", "Code"],
      (
        [
          ["Ids under `mosis.` and `dev.mosis.` are reserved.", "MPK-M010"],
          ["No label of the id is a Windows device name.", "MPK-M011"],
          ["Texts are in NFC.", "MPK-M012"],
          [
            "Texts have no control characters or bidirectional overrides, only characters that Unicode 14.0 assigns, and no white space at either end.",
            "MPK-M013",
          ],
          ["Locales are well-formed RFC 5646 tags in canonical case.", "MPK-M014"],
          ["Every translated text has one for `defaultLocale`.", "MPK-M015"],
          ["Every path names a file of the package.", "MPK-M019"],
          ["There are icons of 64, 128 and 512 pixels.", "MPK-M020"],
          ["No icon's size, no screenshot's file and no permission's name is there twice.", "MPK-M007"],
          ["Permissions are those of the platform API (at `mosis pack` and in a store).", "MPK-M021"],
          ["Dangerous permissions have a reason (at `mosis pack` and in a store).", "MPK-M022"],
          ["`runtime.api` is a platform API that is known (at `mosis pack` and in a store).", "MPK-M026"],
          ["`network` is there exactly when a permission `network` or `network.…` is.", "MPK-M023"],
          ["Hosts are names of at most 253 bytes, labels of at most 63.", "MPK-M024"],
          ["`locales` has `defaultLocale`.", "MPK-M025"],
          ["Icons are whole PNGs of their size; screenshots 320 to 3840 pixels a side.", "MPK-P006"],
          ["`versionCode` rises with each published version.", "CHK-V001"],
          ["`dataVersion` never falls.", "CHK-V002"],
        ] as const
      ).map(([rule, name]) => [rule, `[${name}](../errors.md#${name})`]),
    ),
    "## Example",
    "The manifest of the sample app *weather*, which asks for the network.",
    fence(example, "json"),
    "## Schema",
    "The schema itself is JSON Schema 2020-12 with the id `https://mosis.dev/schema/manifest-1.json`; editors that know it complete and check a manifest while it is written.",
    fence(JSON.stringify(schema, null, 2), "json"),
  );
}
