/**
 * The files that travel with the program: stylesheets and scripts, docs, samples, the scaffold of `mosis new`,
 * locales, migrations. From the source they are read from the checkout, in the executable from itself;
 * the names are the same, and the list of them (assets.list.ts) is explicit.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { embedded } from "./assets.list.ts";
import type { Sha256 } from "./ids.ts";

const paths: ReadonlyMap<string, string> = new Map(embedded);
const contents = new Map<string, Uint8Array>();
const hashes = new Map<string, Sha256>();

/** True when a file of that name travels with the program. */
export function hasAsset(name: string): boolean {
  return paths.has(name);
}

/**
 * The bytes of an embedded file, read once and then kept; the caller must not change them.
 *
 * @param name Path below assets/, such as `built/app.css` or `samples/notes/main.lua`.
 * @throws Error for a name that is not embedded: ask hasAsset first when the name comes from outside.
 */
export function assetBytes(name: string): Uint8Array {
  const known = contents.get(name);
  if (known) return known;
  const path = paths.get(name);
  if (path === undefined) throw new Error(`there is no embedded file ${JSON.stringify(name)}`);
  const bytes = new Uint8Array(readFileSync(path));
  contents.set(name, bytes);
  return bytes;
}

/** The text of an embedded UTF-8 file. @throws Error when there is none of that name, TypeError when it is no UTF-8. */
export function assetText(name: string): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(assetBytes(name));
}

/** The names that begin with `prefix`, sorted by code unit; `samples/notes/` for a folder, "" for all. */
export function listAssets(prefix: string): string[] {
  return [...paths.keys()].filter((name) => name.startsWith(prefix)).sort();
}

/** SHA-256 of an embedded file: an entity tag that changes exactly when the file does. @throws Error as assetBytes */
export function assetHash(name: string): Sha256 {
  const known = hashes.get(name);
  if (known) return known;
  const hash = createHash("sha256").update(assetBytes(name)).digest("hex") as Sha256;
  hashes.set(name, hash);
  return hash;
}

/** The migrations in the order in which they apply, as db/migrate.ts takes them. */
export function migrations(): { readonly name: string; readonly sql: string }[] {
  return listAssets("migrations/").map((path) => ({
    name: path.slice("migrations/".length),
    sql: assetText(path),
  }));
}
