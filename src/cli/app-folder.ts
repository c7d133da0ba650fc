/** Reads an app's folder as `pack` wants it: what .mosisignore leaves, and nothing that is not a plain file. */
import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { Problem, type ProblemDetail } from "../errors.ts";
import { FORMAT_LIMITS, META_FOLDER } from "../format/names.ts";
import type { PackFile } from "../format/zip/writer.ts";
import { readText, withFile } from "./files.ts";
import { isSystemError } from "./report.ts";

export const IGNORE_FILE = ".mosisignore";

/** What is never packed, whatever `.mosisignore` says: no entry of a package has such a name. */
export const NEVER_PACKED: readonly string[] = [
  IGNORE_FILE,
  ".git",
  ".gitignore",
  ".gitattributes",
  ".gitkeep",
  ".github",
  ".gitlab-ci.yml",
  ".hg",
  ".svn",
  ".vscode",
  ".idea",
  ".editorconfig",
  ".luarc.json",
  ".luacheckrc",
  ".DS_Store",
  // What a packing leaves behind that was killed while it wrote here.
  ".*.mosis.*.tmp",
  "*~",
];

/** What no app wants in its package; .mosisignore can take it back with `!`. */
export const LEFT_OUT: readonly string[] = [
  "[Tt]humbs.db",
  "[Dd]esktop.ini",
  "node_modules/",
  "*.mosis",
  "*.swp",
];

/** Each rule becomes an expression that is kept and asked of every path; no path of a package is as long as a line may be. */
const MOST_RULES = 10_000;
const MOST_CHARACTERS_OF_RULE = 4096;

export type AppFolder = {
  /** In no particular order; each path has `/`. */
  readonly files: readonly PackFile[];
  /** Paths that were left out; a folder stands for all that is in it. */
  readonly ignored: readonly string[];
  readonly sizeBytes: number;
};

/**
 * @param exclude Absolute path of a file that is left out: the output of the packing itself.
 * @throws Problem `file.…`; `pack.no_manifest`; `pack.not_a_file` (links, devices, sockets), `pack.reserved`, `pack.nested_ignore`, `MPK-C013`,
 *   `pack.ignore_too_long`, `pack.too_large`, `pack.too_many`, `pack.changed`
 */
export async function readAppFolder(folder: string, exclude?: string): Promise<AppFolder> {
  const facts = await withFile("read", folder, () => stat(folder));
  if (!facts.isDirectory()) {
    throw new Problem(
      "unreachable",
      "file.not_a_folder",
      `${folder} is not a folder. Name the folder that holds the app's manifest.json.`,
    );
  }
  const rules = await readRules(folder);
  const found = await walk(folder, rules, exclude);
  refuse(found.refused);
  if (!found.files.some((file) => file.name === "manifest.json")) {
    throw new Problem(
      "invalid",
      "pack.no_manifest",
      `There is no manifest.json in ${folder}. Start from one with: mosis new NAME`,
    );
  }
  if (found.files.length > FORMAT_LIMITS.entries) {
    throw new Problem(
      "unprocessable",
      "pack.too_many",
      `${folder} has ${found.files.length} files; a package takes ${FORMAT_LIMITS.entries}. Leave some out in ${IGNORE_FILE}.`,
    );
  }
  let sizeBytes = 0;
  for (const file of found.files) {
    sizeBytes += file.sizeBytes;
    if (file.sizeBytes > FORMAT_LIMITS.entryBytes || sizeBytes > FORMAT_LIMITS.totalBytes) {
      throw new Problem(
        "unprocessable",
        "pack.too_large",
        `With ${file.name} (${file.sizeBytes} bytes) the app is too large: a file may have ${FORMAT_LIMITS.entryBytes} bytes, all together ${FORMAT_LIMITS.totalBytes}.`,
      );
    }
  }
  const files = found.files.map((file) => ({
    path: file.name,
    sizeBytes: file.sizeBytes,
    read: () => readPlainFile(folder, file),
  }));
  return { files, ignored: found.ignored, sizeBytes };
}

type FoundFile = {
  readonly name: string;
  readonly sizeBytes: number;
  /** What another file in its place, or another content, would have different. */
  readonly identity: string;
};
type Found = { readonly files: FoundFile[]; readonly ignored: string[]; readonly refused: ProblemDetail[] };

type Rules = {
  /** What no rule of the app's brings back. */
  readonly never: Ignore;
  /** What is left out: the rules of every app, then the app's own. */
  readonly all: Ignore;
  /** The app's own alone. */
  readonly own: Ignore;
};

/** As git matches on every machine where names differ in case: the same files give the same package wherever it is packed. */
const newRules = (): Ignore => ignore({ ignorecase: false });

/** Git does not follow a link here, and a file that is made of another's rules would be a surprise. */
async function readRules(folder: string): Promise<Rules> {
  const path = join(folder, IGNORE_FILE);
  const facts = await withFile("look at", path, () => lstat(path)).catch((error: unknown) => {
    if (error instanceof Problem && error.code === "file.enoent") return null;
    throw error;
  });
  if (facts !== null && !facts.isFile()) refuse([notAFile(IGNORE_FILE, facts.isSymbolicLink())]);
  const text = facts === null ? "" : await readText(path);
  checkRules(text);
  return {
    never: newRules().add([...NEVER_PACKED]),
    all: newRules()
      .add([...LEFT_OUT])
      .add(text),
    own: newRules().add(text),
  };
}

function checkRules(text: string): void {
  const lines = text.split("\n");
  const long = lines.findIndex((line) => line.length > MOST_CHARACTERS_OF_RULE);
  if (lines.length <= MOST_RULES && long === -1) return;
  throw new Problem(
    "invalid",
    "pack.ignore_too_long",
    long === -1
      ? `${IGNORE_FILE} has ${lines.length} lines; it may have ${MOST_RULES}.`
      : `Line ${long + 1} of ${IGNORE_FILE} has ${lines[long]?.length} characters; a line may have ${MOST_CHARACTERS_OF_RULE}.`,
  );
}

async function walk(root: string, rules: Rules, exclude: string | undefined): Promise<Found> {
  const found: Found = { files: [], ignored: [], refused: [] };
  const visit = async (prefix: string): Promise<void> => {
    const here = join(root, prefix);
    // As bytes: a name need be no text.
    const children = await withFile("read", here, () => readdir(here, { encoding: "buffer" }));
    for (const bytes of children.sort(Buffer.compare)) {
      const child = bytes.toString("utf8");
      const name = `${prefix}${child}`;
      if (!Buffer.from(child).equals(bytes)) {
        if (rules.never.ignores(name) || rules.all.ignores(name)) found.ignored.push(name);
        else found.refused.push(notText(name, bytes));
        continue;
      }
      const path = join(root, name);
      const facts = await withFile("look at", path, () => lstat(path));
      if (path === exclude) continue;
      const asAsked = facts.isDirectory() ? `${name}/` : name;
      if (child === IGNORE_FILE && prefix !== "" && !rules.own.ignores(asAsked))
        found.refused.push({
          code: "pack.nested_ignore",
          entry: name,
          message: `Only the ${IGNORE_FILE} beside manifest.json counts: put these rules there, and leave this file out there.`,
        });
      else if (rules.never.ignores(asAsked) || rules.all.ignores(asAsked)) found.ignored.push(asAsked);
      else if (prefix === "" && child.toLowerCase() === META_FOLDER.toLowerCase()) {
        found.refused.push({
          code: "pack.reserved",
          entry: asAsked,
          message: "This name is for the signatures: rename it, or leave it out.",
        });
      } else if (facts.isDirectory()) await visit(`${name}/`);
      else if (facts.isFile()) found.files.push({ name, sizeBytes: facts.size, identity: identityOf(facts) });
      else found.refused.push(notAFile(name, facts.isSymbolicLink()));
    }
  };
  await visit("");
  return found;
}

function notAFile(entry: string, isLink: boolean): ProblemDetail {
  return {
    code: "pack.not_a_file",
    entry,
    message: isLink
      ? `A symbolic link cannot be packed: put the file itself there, or leave it out in ${IGNORE_FILE}.`
      : `Only files can be packed: leave it out in ${IGNORE_FILE}.`,
  };
}

/** Such a file cannot even be opened by a name in UTF-8. */
function notText(entry: string, bytes: Buffer): ProblemDetail {
  return {
    code: "MPK-C013",
    entry,
    message: "The name is no text in UTF-8.",
    found: `the bytes ${bytes.toString("hex").slice(0, 60)}`,
    expected: "A–Z a–z 0–9 . _ - joined by /",
  };
}

function refuse(refused: readonly ProblemDetail[]): void {
  const [first] = refused;
  if (first === undefined) return;
  throw new Problem(
    "invalid",
    first.code,
    `The folder holds what cannot be packed: ${first.entry ?? ""}.`,
    refused,
  );
}

/** A file up to this size is read at once. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * A file as it was found, in pieces that are lent until the next is asked for.
 * @throws Problem `pack.changed` when it is another one meanwhile, or has other bytes; `file.…`
 */
async function* readPlainFile(folder: string, file: FoundFile): AsyncGenerator<Uint8Array> {
  const path = join(folder, file.name);
  // Between the walk and now a link may have been put there: it is not followed.
  const handle = await withFile("read", path, () =>
    open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
      throw isSystemError(error) && error.code === "ELOOP" ? changed(file) : error;
    }),
  );
  const look = async () => {
    const facts = await withFile("read", path, () => handle.stat());
    if (!facts.isFile() || identityOf(facts) !== file.identity) throw changed(file);
  };
  try {
    await look();
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, file.sizeBytes));
    for (let at = 0; at < file.sizeBytes; ) {
      const wanted = Math.min(buffer.length, file.sizeBytes - at);
      const { bytesRead } = await withFile("read", path, () => handle.read(buffer, 0, wanted, at));
      if (bytesRead === 0) throw changed(file);
      at += bytesRead;
      // Before what was read last is used: then all of it is known to be of one moment.
      if (at === file.sizeBytes) await look();
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function identityOf(facts: Stats): string {
  return [facts.dev, facts.ino, facts.size, facts.mtimeMs, facts.ctimeMs].join(" ");
}

function changed(file: FoundFile): Problem {
  return new Problem("conflict", "pack.changed", `${file.name} changed while it was read. Pack again.`);
}
