/** The copy of the sources whose checks are switched off, and which of them judge at all. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addSwitches, type Place } from "./places.ts";
import { SCHEMA_FILE, schemaPlaces, switchSchema } from "./schema.ts";

const root = join(import.meta.dirname, "../..");

/** What judging by the kit's contract does not come to: making, signing, private keys, requests, an installed folder, links, showing. */
const ELSEWHERE =
  /\/(?:writer|compress|append|sign|signer|key-signer|keys|crl|request-form|to-be-signed|extract|verify-installed|inspect|compare|json-changes|permissions|pace|write|plan|chunks|crc|give-back|app-link)\.ts$|\/api\//;
const BESIDE =
  /^src\/(?:catalog\/tuf\/(?:documents|revocations|developer-leaves|app-index|metadata-form|delegated-paths|reader|lines)|device\/verify-catalogue[a-z-]*|ids)\.ts$/;

export function isJudging(file: string): boolean {
  if (!/\.ts$/.test(file) || /\.test\.ts$|codes|testing/.test(file)) return false;
  return BESIDE.test(file) || (/^src\/(?:format|signing)\//.test(file) && !ELSEWHERE.test(file));
}

export type Copy = {
  readonly folder: string;
  readonly places: readonly Place[];
};

const LEAF = "src/signing/leaf.ts";

/**
 * Certificates that have the form are given to a library, to be shown. It refuses nothing that has the form; what it refuses because
 * a check of ours is switched off is to count as a failure, and not as what that check would have said.
 */
function withoutLibrary(folder: string): void {
  const path = join(folder, LEAF);
  const source = readFileSync(path, "utf8");
  const refusal = 'throw malformed("a structure that is not a certificate\'s");';
  if (!source.includes(refusal)) throw new Error(`${LEAF} refuses what the library does in another way`);
  writeFileSync(path, source.replace(refusal, 'throw new Error("the library refuses it");'));
}

/** Copies the sources into `folder`, with a switch at each place of the files that `wanted` names. */
export function makeCopy(folder: string, wanted: (file: string) => boolean): Copy {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["src", "assets", "conformance/testing", "conformance/make"])
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      // Whoever runs tests finds them by their names, wherever they lie.
      filter: (path) => !/\.(?:test|e2e|measure)\.tsx?$/.test(path),
    });
  withoutLibrary(folder);
  const places: Place[] = [];
  for (const file of readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" }).sort()) {
    const name = join("src", file);
    if (!isJudging(name) || !wanted(name)) continue;
    const path = join(folder, name);
    writeFileSync(path, addSwitches(name, readFileSync(path, "utf8"), places));
  }
  if (wanted(SCHEMA_FILE)) {
    switchSchema(folder, places.length);
    places.push(...schemaPlaces(root));
  }
  return { folder, places };
}
