import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { assetBytes, listAssets } from "../assets.ts";
import { Problem } from "../errors.ts";
import { parseManifest } from "../format/manifest.ts";
import { MANIFEST_NAME } from "../format/names.ts";
import { isDeviceName } from "../format/zip/names.ts";
import { type AppId, isAppId } from "../ids.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { withFile } from "./files.ts";
import { fillFolder } from "./new-folder.ts";
import { isSystemError } from "./report.ts";
import { fields, LINE_END, shellWord } from "./style.ts";
import { parseAppId } from "./values.ts";

const args = { folder: argument("NAME", "the folder to make; called like an app's id, it is the id") };
const options = {
  id: option("--id", "ID", "the app's id for life (default: com.example. and the folder's name)", parseAppId),
  name: option("--name", "TEXT", "what people see (default: the folder's name)"),
  author: option("--author", "TEXT", "who makes it (default: your user name)"),
};

export const newCommand = defineCommand({
  name: "new",
  summary: "Start a new app: a folder with all that it needs.",
  description: [
    "The app works, has tests, and passes every check of the store: pack it, or change it first.",
    "Choose --id well: it cannot be changed once the app is published.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis new notes", does: "makes the folder notes with the app com.example.notes" },
    { line: "mosis new org.acme.notes", does: "makes the folder org.acme.notes with the app of that id" },
    { line: 'mosis new notes --id org.acme.notes --name "Field notes" --author "Acme"', does: "says it all" },
  ],
  run,
});

const TEMPLATE = "template/";

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const folder = context.path(context.arguments.folder);
  const environment = context.io.environment;
  const called = basename(folder);
  const values = {
    id: context.options.id ?? derivedId(called),
    name: (context.options.name ?? derivedName(called)).trim().normalize("NFC"),
    author: (context.options.author ?? (environment.USER || environment.USERNAME || "Anonymous"))
      .trim()
      .normalize("NFC"),
  };
  const files = filledTemplate(values);
  checkManifest(files);
  await writeFolder(folder, files);
  return {
    data: { folder, ...values, files: [...files.keys()].sort() },
    text: (style) =>
      [
        `${style.good("Made")} ${style.bold(context.arguments.folder)} with ${files.size} files`,
        fields(style, [
          ["id", values.id],
          ["name", values.name],
          ["author", values.author],
        ]),
        "",
        `Next: mosis pack ${shellWord(context.arguments.folder)} -o ${shellWord(`${called}.mosis`)}`,
      ].join(LINE_END),
  };
}

/**
 * A folder that is called like an app's id gives the id; of any other name one below com.example is made.
 * @throws Problem `new.no_id` when none can be made of it
 */
function derivedId(folderName: string): AppId {
  if (isAppId(folderName)) return folderName;
  const label = folderName
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  const id = `com.example.${label}`;
  if (isAppId(id) && !isDeviceName(label)) return id;
  throw new Problem(
    "usage",
    "new.no_id",
    `No app's id can be made of ${JSON.stringify(folderName)}: give one with --id.`,
  );
}

/** `field-notes` → `Field notes`, `org.acme.notes` → `Notes` */
function derivedName(folderName: string): string {
  const own = isAppId(folderName) ? (folderName.split(".").at(-1) ?? "") : folderName;
  const words = own.replaceAll(/[-_\s]+/g, " ").trim();
  const [first = "", ...rest] = words;
  return [first.toUpperCase(), ...rest].slice(0, 50).join("");
}

type Values = { readonly id: string; readonly name: string; readonly author: string };

/** The template's files with the placeholders filled in, each as its own format wants a text written. */
function filledTemplate(values: Values): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const asset of listAssets(TEMPLATE)) {
    // Stored so that the template's own ignore files do nothing to the tree that carries them.
    const path = asset.slice(TEMPLATE.length).replace(/(^|\/)_(mosisignore|gitignore)$/, "$1.$2");
    const bytes = assetBytes(asset);
    files.set(path, path.endsWith(".png") ? bytes : fill(path, bytes, values));
  }
  return files;
}

function fill(path: string, bytes: Uint8Array, values: Values): Uint8Array {
  const written = path.endsWith(".json")
    ? inJson
    : path.endsWith(".rml") || path.endsWith(".svg")
      ? inXml
      : asIs;
  const text = new TextDecoder().decode(bytes);
  return new TextEncoder().encode(
    text.replaceAll(/\{\{(id|name|author)\}\}/g, (_, key: keyof Values) => written(values[key])),
  );
}

const asIs = (text: string): string => text;
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inXml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

/** What was given may break the manifest's rules: better said now than when packing. */
function checkManifest(files: ReadonlyMap<string, Uint8Array>): void {
  const result = parseManifest(files.get("manifest.json") ?? new Uint8Array(), { written: "by-hand" });
  if (result.ok) return;
  const [first] = result.findings;
  throw new Problem("invalid", first.code, `No app can have that. ${first.message}`, result.findings);
}

/** A folder that is there and empty is filled. */
async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await withFile("make", folder, async () => {
    const isThere = await isEmptyFolder(folder);
    await fillFolder(folder, { isThere, mode: 0o777, last: MANIFEST_NAME }, async (at) => {
      await writeAll(at, files);
      return {
        value: null,
        names: [...new Set([...files.keys()].map((path) => path.split("/")[0] ?? path))],
      };
    });
  });
}

async function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { flag: "wx" });
  }
}

/** False when nothing is there. @throws Problem `new.exists` for all else */
async function isEmptyFolder(folder: string): Promise<boolean> {
  try {
    const facts = await lstat(folder);
    if (facts.isDirectory() && (await readdir(folder)).length === 0) return true;
    const what = facts.isDirectory() ? "not empty" : "no folder";
    throw new Problem(
      "conflict",
      "new.exists",
      `${folder} is there already and is ${what}. Choose another name.`,
    );
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return false;
    throw error;
  }
}
