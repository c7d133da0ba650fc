/**
 * Writes src/assets.list.ts: one import for each file that the executable carries.
 *
 * The list is explicit and committed, because folders embedded as a whole have broken compiled executables before.
 * With `--check` nothing is written; it ends with 1 when the list is not what the files say.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const target = join(root, "src/assets.list.ts");

/**
 * The folders whose files are read at run time. assets/css, js and icons are only what assets/built is made from.
 * assets/schema is imported as a module: a file that is listed here too would be a path there, in the executable only.
 */
const FOLDERS = [
  "assets/api",
  "assets/built",
  "assets/docs",
  "assets/locales",
  "assets/samples",
  "assets/template",
  "migrations",
] as const;

/** Programs that make a sample's pictures: of use in the checkout only. */
const LEFT_OUT = new Set(["assets/samples/tools"]);

/** What editors, systems and a running .ci/assets.ts leave lying about; never what somebody wrote. */
const DEBRIS = /^\.DS_Store$|^Thumbs\.db$|~$|\.sw[op]$|^\..*\.tmp$|\.log$/;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const files: string[] = [];
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (DEBRIS.test(entry.name) || LEFT_OUT.has(path)) continue;
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
    else throw new Error(`${path} is neither a file nor a folder: it cannot be embedded`);
  }
  return files;
}

/** Named by a digest of the path, so that a new file adds two lines and changes none. */
function identifier(path: string): string {
  return `f${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}

function render(paths: readonly string[]): string {
  const imports = paths.map(
    (path) => `import ${identifier(path)} from ${JSON.stringify(`../${path}`)} with { type: "file" };`,
  );
  const rows = paths.map(
    (path) => `  [${JSON.stringify(path.replace(/^assets\//, ""))}, ${identifier(path)}],`,
  );
  return [
    "// @ts-nocheck: TypeScript knows no types for these files; each import is the path of a file, at run time too.",
    "// Made by .ci/assets-list.ts (bun run assets). Do not edit.",
    ...imports,
    "",
    "/** Name below assets/ (or migrations/…) and where the file is: on the disk, or inside the executable. */",
    "export const embedded: ReadonlyArray<readonly [name: string, path: string]> = [",
    ...rows,
    "];",
    "",
  ].join("\n");
}

async function main(): Promise<number> {
  const paths = (await Promise.all(FOLDERS.map(filesBelow))).flat().sort((a, b) => (a < b ? -1 : 1));
  for (const needed of ["assets/built/manifest.json", "migrations/0001_initial.sql"]) {
    if (!paths.includes(needed))
      throw new Error(`${needed} is missing; run \`bun run assets\`, which makes it`);
  }
  const fresh = render(paths);
  const present = await readFile(target, "utf8").catch(() => "");
  if (fresh === present) {
    console.log(`src/assets.list.ts: ${paths.length} files`);
    return 0;
  }
  if (process.argv.includes("--check")) {
    const listed = new Set([...present.matchAll(/from "\.\.\/([^"]+)"/g)].map((match) => match[1] ?? ""));
    for (const path of paths) if (!listed.has(path)) console.error(`not listed: ${path}`);
    for (const path of listed) if (!paths.includes(path)) console.error(`listed but gone: ${path}`);
    console.error("src/assets.list.ts is not up to date: run `bun run assets` and commit it.");
    return 1;
  }
  await writeFile(target, fresh);
  console.log(`src/assets.list.ts: ${paths.length} files (written)`);
  return 0;
}

process.exitCode = await main();
