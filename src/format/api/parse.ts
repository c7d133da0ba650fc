import Ajv2020, { type ErrorObject } from "ajv/dist/2020.js";
import schema from "../../../assets/schema/platform-api.schema.json" with { type: "json" };
import { isProblem, Problem, type ProblemDetail } from "../../errors.ts";
import { parseStrictJson } from "../../signing/json.ts";
import { excerpt } from "../../signing/refuse.ts";
import type { ApiDocument, ModuleDocument, PlatformDocument } from "./documents.ts";
import { compareApiVersions, type PlatformApi } from "./platform-api.ts";

/** One file of an API manifest: its name, for errors, and its bytes. */
export type ApiFile = { readonly name: string; readonly bytes: Uint8Array };

const MAX_BYTES = 4 * 2 ** 20;
const MAX_SHOWN = 20;

type Judge = ReturnType<Ajv2020["compile"]>;
let compiled: { readonly platform: Judge; readonly module: Judge } | undefined;

/** Made when the first manifest is read: compiling is slow, and most commands read none. */
function judges() {
  if (compiled === undefined) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
    ajv.addSchema(schema);
    const part = (name: string) => ajv.compile({ $ref: `${schema.$id}#/$defs/${name}` });
    compiled = { platform: part("platform"), module: part("module") };
  }
  return compiled;
}

/**
 * Makes an API manifest of its files: one of the kind `platform`, and one for each module.
 *
 * With `base`, the files are an administrator's own and are laid over it: versions are added, permissions, errors and
 * modules are added or take the place of those of their name, `lua` takes the other's place. A platform document that
 * says `"replaces": true` leaves nothing of the base.
 *
 * @throws Problem `invalid` `api.invalid`: names each file, JSON pointer, what was found and what is expected
 */
export function parsePlatformApi(files: readonly ApiFile[], base?: PlatformApi): PlatformApi {
  const faults = createFaults();
  const documents = files.flatMap((file) => {
    const document = parseDocument(file, faults);
    return document === undefined ? [] : [{ name: file.name, document }];
  });
  faults.raise();
  const platforms = documents.filter((file) => file.document.kind === "platform");
  for (const { name } of platforms.slice(1)) {
    faults.add(name, "/kind", "a second document of this kind", "one document of the kind “platform”");
  }
  const platform = platforms.map(({ document }) => document).find(isPlatform);
  const under = platform?.replaces === true ? undefined : base;
  const lua = platform?.lua ?? under?.lua;
  if (lua === undefined) {
    faults.add(platforms[0]?.name ?? "platform.json", "/lua", "nothing", "the safe part of Lua");
    throw faults.problem();
  }
  const modules = documents.filter(isModuleFile);
  reportTwice(modules, faults);
  const api: PlatformApi = {
    versions: [...new Set([...(under?.versions ?? []), ...(platform?.versions ?? [])])].sort(
      compareApiVersions,
    ),
    permissions: laidOver(under?.permissions, platform?.permissions, "name"),
    errors: laidOver(under?.errors, platform?.errors, "code"),
    lua,
    modules: laidOver(
      under?.modules,
      modules.map(({ document }) => document),
      "name",
    ),
  };
  if (api.versions.length === 0) {
    faults.add(platforms[0]?.name ?? "platform.json", "/versions", "nothing", "at least one version");
  }
  checkPermissions(platforms[0]?.name ?? "platform.json", platform, api, faults);
  for (const { name, document } of modules) checkModule(name, document, api, faults);
  faults.raise();
  return api;
}

type ModuleFile = { readonly name: string; readonly document: ModuleDocument };

function isPlatform(document: ApiDocument): document is PlatformDocument {
  return document.kind === "platform";
}

function isModuleFile(file: { readonly name: string; readonly document: ApiDocument }): file is ModuleFile {
  return file.document.kind === "module";
}

type Faults = ReturnType<typeof createFaults>;

function createFaults() {
  const details: ProblemDetail[] = [];
  const problem = () =>
    new Problem(
      "invalid",
      "api.invalid",
      `The API manifest is not valid: ${details[0]?.message ?? "it is empty."}`,
      details.slice(0, MAX_SHOWN),
    );
  return {
    add(entry: string, pointer: string, found: string, expected: string, offset?: number) {
      const message = `In ${entry} at “${pointer}” there is ${excerpt(found)}, and ${expected} is expected.`;
      const place = offset === undefined ? { entry, pointer } : { entry, pointer, offset };
      details.push({ code: "api.invalid", ...place, found: excerpt(found), expected, message });
    },
    problem,
    raise() {
      if (details.length > 0) throw problem();
    },
  };
}

function parseDocument(file: ApiFile, faults: Faults): ApiDocument | undefined {
  let value: unknown;
  try {
    value = parseStrictJson(file.bytes, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!isProblem(error)) throw error;
    const [{ found, expected, offset } = { found: error.message, expected: "JSON", offset: 0 }] =
      error.details;
    faults.add(file.name, "", found ?? error.message, expected ?? "JSON", offset);
    return undefined;
  }
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  if (kind !== "platform" && kind !== "module") {
    faults.add(file.name, "/kind", kind === undefined ? "nothing" : excerpt(kind), "“platform” or “module”");
    return undefined;
  }
  const judge = judges()[kind];
  // The schema has said that it has this shape.
  if (judge(value)) return value as ApiDocument;
  for (const error of judge.errors ?? []) {
    const { pointer, found, expected } = wordsOf(error, value);
    faults.add(file.name, pointer, found, expected);
  }
  return undefined;
}

function wordsOf(error: ErrorObject, root: unknown) {
  const params: Readonly<Record<string, unknown>> = error.params;
  const key = params.missingProperty ?? params.additionalProperty;
  const pointer = typeof key === "string" ? `${error.instancePath}/${key}` : error.instancePath;
  if (params.missingProperty !== undefined) return { pointer, found: "nothing", expected: "this key" };
  if (params.additionalProperty !== undefined)
    return { pointer, found: "a key that is not known", expected: "only the keys of the schema" };
  return { pointer, found: excerpt(valueAt(root, error.instancePath)), expected: error.message ?? "another" };
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const token of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    const inner: unknown = Reflect.get(value, token.replaceAll("~1", "/").replaceAll("~0", "~"));
    value = inner;
  }
  return value;
}

function laidOver<Key extends string, Item extends { readonly [K in Key]: string }>(
  under: readonly Item[] = [],
  over: readonly Item[] = [],
  key: Key,
): Item[] {
  const byKey = new Map([...under, ...over].map((item) => [item[key], item]));
  return [...byKey.values()].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

function reportTwice(modules: readonly ModuleFile[], faults: Faults): void {
  const seen = new Map<string, string>();
  for (const { name, document } of modules) {
    const other = seen.get(document.name);
    if (other !== undefined) faults.add(name, "/name", document.name, `a module that ${other} does not hold`);
    seen.set(document.name, name);
  }
}

function checkPermissions(
  file: string,
  platform: PlatformDocument | undefined,
  api: PlatformApi,
  faults: Faults,
): void {
  const seen = new Set<string>();
  for (const [index, { name, since, deprecated }] of (platform?.permissions ?? []).entries()) {
    const pointer = `/permissions/${index}`;
    if (seen.has(name)) faults.add(file, `${pointer}/name`, name, "each permission once");
    seen.add(name);
    checkVersion(file, `${pointer}/since`, since, api, faults);
    if (deprecated) checkVersion(file, `${pointer}/deprecated/since`, deprecated.since, api, faults);
  }
}

function checkVersion(file: string, pointer: string, version: string, api: PlatformApi, faults: Faults) {
  if (!api.versions.includes(version))
    faults.add(file, pointer, version, `one of the versions ${api.versions.join(", ")}`);
}

function checkModule(file: string, module: ModuleDocument, api: PlatformApi, faults: Faults): void {
  const permissions = new Set(api.permissions.map(({ name }) => name));
  const errors = new Set(api.errors.map(({ code }) => code));
  const seen = new Set<string>();
  checkVersion(file, "/since", module.since, api, faults);
  for (const [index, one] of module.functions.entries()) {
    const pointer = `/functions/${index}`;
    if (seen.has(one.name)) faults.add(file, `${pointer}/name`, one.name, "each function once");
    seen.add(one.name);
    checkVersion(file, `${pointer}/since`, one.since, api, faults);
    if (one.deprecated) checkVersion(file, `${pointer}/deprecated/since`, one.deprecated.since, api, faults);
    const asked = [
      ...one.permissions,
      ...(one.chosenBy ? [one.chosenBy.otherwise, ...Object.values(one.chosenBy.values)] : []),
    ];
    for (const name of asked) {
      if (!permissions.has(name)) faults.add(file, `${pointer}/permissions`, name, "a permission of the API");
    }
    if (one.permissions.length > 1 && one.chosenBy === undefined)
      faults.add(file, `${pointer}/chosenBy`, "nothing", "which argument chooses the permission");
    for (const [at, { code }] of one.errors.entries()) {
      if (!errors.has(code)) faults.add(file, `${pointer}/errors/${at}/code`, code, "an error of the API");
    }
  }
}
