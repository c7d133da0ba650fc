/** reference/permissions.md and reference/platform-api.md, made from the API manifest. */
import { builtInApi } from "../../src/boot/platform-api.ts";
import type {
  ApiField,
  ApiFunction,
  ApiPermission,
  Deprecated,
  ModuleDocument,
} from "../../src/format/api/documents.ts";
import { code, fence, MADE, page, table } from "./markdown.ts";

export function permissionsPage(): string {
  const { permissions, versions } = builtInApi();
  const row = ({ name, title, meaning, since }: ApiPermission) => [
    code(name),
    title.en,
    meaning.en,
    callersOf(name),
    since,
  ];
  const of = (danger: ApiPermission["danger"]) =>
    permissions.filter((each) => each.danger === danger).map(row);
  const titles = ["Name", "Shown as", "What it comes to", "For", "Since"];
  return page(
    "# Permissions",
    "What an app can ask for in its manifest, how dangerous each permission is, and the words that people read.",
    `They are those of the platform API ${versions.join(" and ")}, from the [API manifest](platform-api.md). ${MADE}`,
    "## Dangerous",
    "They reach what is private, cost money or act in the person's name. Each needs a `reason` in the manifest, for every locale that the app has ([MPK-M022](../errors.md#MPK-M022)): the person reads it when the device asks, and reviewers read it before.",
    table(titles, of("dangerous")),
    "## Normal",
    "A reason is welcome and not required.",
    table(titles, of("normal")),
    "## Rules",
    "* A name that the API manifest of `runtime.api` does not hold is refused by `mosis pack` and by the store's checks, with the nearest name that it does hold ([MPK-M021](../errors.md#MPK-M021)). So is a `runtime.api` that is unknown ([MPK-M026](../errors.md#MPK-M026)).",
    "* A permission `network` or `network.…` needs the list of hosts in `network`, and without one there is no such list ([MPK-M023](../errors.md#MPK-M023)).",
    "* `optional: true` says that the app also works without. A person may refuse any permission; the call then answers with the error `denied`.",
    "* `mosis verify` and devices judge the form of names only: they have no API manifest, and come to the same verdict wherever they run.",
  );
}

function callersOf(permission: string): string {
  return builtInApi()
    .modules.flatMap((module) =>
      module.functions
        .filter(({ permissions }) => permissions.includes(permission))
        .map(({ name }) => code(`${module.name}.${name}`)),
    )
    .join(", ");
}

export function platformApiPage(): string {
  const { modules, versions, lua, errors } = builtInApi();
  return page(
    "# Platform API",
    "What apps can call on a device: the global table `mosis`, module by module, and the safe part of Lua.",
    `It has the versions ${versions.join(" and ")}; an app names in \`runtime.api\` the least one that it needs. The same is data, in the executable and in \`assets/api\`: the store checks permissions with it. ${MADE}`,
    "A call that is marked *async* takes a callback `function(err, result)` last, or yields when it is called in a coroutine. Its errors are tables `{code, message}` given as `err`; other calls raise them.",
    "## Errors",
    table(
      ["Code", "When"],
      errors.map(({ code: name, when }) => [code(name), when]),
    ),
    "## Lua",
    `Lua ${lua.version}, with these names beside \`mosis\`: ${lua.globals.map(code).join(", ")}. \`collectgarbage\` takes \`"count"\` only, \`require\` a literal name of the app's own file with dots for folders and no ending (\`require("lib.list")\` is \`lib/list.lua\`), \`rawget\` and \`rawset\` the app's own tables.`,
    table(
      ["Library", "Functions"],
      Object.entries(lua.libraries).map(([name, names]) => [code(name), names.map(code).join(", ")]),
    ),
    table(
      ["Not there", "Instead"],
      lua.missing.map(({ name, why }) => [code(name), why]),
    ),
    ...modules.flatMap(moduleBlocks),
    "## A manifest of your own",
    'A store whose devices run another version of the platform says so with files in the folder `api` of its data folder. Each is a JSON document of the [schema](#schema): one of the kind `platform` with `versions`, `permissions`, `errors` and `lua`, and one for each module. They are laid over what is built in: versions are added; a permission, error or module is added, or takes the place of the one of its name; `lua` takes the other\'s place. With `"replaces": true` in the platform document nothing of what is built in is left. The store reads them when it starts, and does not start with one that is not valid ([api.invalid](../errors.md#api.invalid)); the error names the file, the JSON pointer, what was found and what is expected.',
    fence(
      JSON.stringify(
        {
          kind: "platform",
          versions: ["1.2"],
          permissions: [
            {
              name: "nfc",
              danger: "dangerous",
              since: "1.2",
              title: { en: "Read cards held to the device" },
              meaning: { en: "The app reads cards and tags that are held to the device." },
            },
          ],
        },
        null,
        2,
      ),
      "json",
    ),
    "Developers of such a store pack with `mosis pack --api DIR`, where DIR holds the same files.",
    "## Schema",
    "JSON Schema 2020-12, in `assets/schema/platform-api.schema.json`, with the id `https://mosis.dev/schema/platform-api-1.json`.",
  );
}

function moduleBlocks({ name, summary, types, functions }: ModuleDocument): string[] {
  return [
    `## ${name}`,
    summary,
    ...functions.flatMap((each) => functionBlocks(name, each)),
    ...(types === undefined
      ? []
      : [
          `### Types of ${name}`,
          table(
            ["Type", "Field", "Type of the field", "Meaning"],
            types.flatMap((type) =>
              type.fields.map((field, index) => [
                index === 0 ? code(type.name) : "",
                code(field.name),
                typeOf(field),
                field.meaning,
              ]),
            ),
          ),
        ]),
  ];
}

function typeOf({ type, optional }: ApiField): string {
  return `${code(type)}${optional ? ", may be left out" : ""}`;
}

function functionBlocks(module: string, each: ApiFunction): string[] {
  const facts: [string, string][] = [
    ["Since", `${each.since}${each.deprecated === undefined ? "" : `; ${deprecation(each.deprecated)}`}`],
    ["Call", each.async ? "async" : "synchronous"],
    ["Permission", permissionOf(each)],
    ...each.parameters.map((field): [string, string] => [
      `Parameter ${code(field.name)}`,
      `${typeOf(field)}. ${field.meaning}`,
    ]),
    ...each.returns.map(({ type, meaning }): [string, string] => ["Gives", `${code(type)}. ${meaning}`]),
    ...each.errors.map((error): [string, string] => [`Error ${code(error.code)}`, error.when]),
    ...each.limits.map((limit): [string, string] => ["Limit", limit]),
  ];
  return [`### ${module}.${each.name}`, each.summary, table(["", ""], facts), fence(each.example, "lua")];
}

function deprecation({ since, use }: Deprecated): string {
  return `deprecated in ${since}${use === undefined ? "" : `, use ${code(use)}`}`;
}

function permissionOf({ permissions, chosenBy }: ApiFunction): string {
  if (permissions.length === 0) return "none";
  const names = permissions.map((name) => `[${code(name)}](permissions.md)`).join(" or ");
  return chosenBy === undefined
    ? names
    : `${names}, by ${code(`${chosenBy.parameter}.${chosenBy.field}`)}; ${code(chosenBy.otherwise)} without it`;
}
