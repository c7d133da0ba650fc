/** The API manifest that a store goes by: the one in the executable, and what its administrator laid over it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { assetText, listAssets } from "../assets.ts";
import { Problem } from "../errors.ts";
import { parsePlatformApi } from "../format/api/parse.ts";
import type { PlatformApi } from "../format/api/platform-api.ts";
import { isNamed } from "../storage/outside-file.ts";

/** Below the data folder: files that extend or replace the manifest of the executable. */
export const API_FOLDER = "api";

let builtIn: PlatformApi | undefined;

/** The manifest in the executable. */
export function builtInApi(): PlatformApi {
  builtIn ??= parsePlatformApi(
    listAssets("api/").map((name) => ({ name, bytes: new TextEncoder().encode(assetText(name)) })),
  );
  return builtIn;
}

/**
 * The built-in manifest with a folder's `*.json` laid over it.
 * @throws Problem `api.invalid`; `api.unreadable` when the folder cannot be read
 */
export function apiWithFolder(folder: string): PlatformApi {
  return parsePlatformApi(filesOf(folder), builtInApi());
}

/** The manifest of the store in a data folder, whose `api/` may be missing. @throws Problem as apiWithFolder */
export function storeApi(dataDir: string): PlatformApi {
  const folder = join(dataDir, API_FOLDER);
  return isNamed(folder) ? apiWithFolder(folder) : builtInApi();
}

/**
 * As storeApi, when it is asked for. What an administrator laid there is judged now, so that a start tells of it; to read
 * the executable's own takes longer than the rest of a start.
 * @throws Problem as apiWithFolder
 */
export function openApi(dataDir: string): () => PlatformApi {
  if (!isNamed(join(dataDir, API_FOLDER))) return builtInApi;
  const api = storeApi(dataDir);
  return () => api;
}

function filesOf(folder: string) {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => ({ name: join(folder, name), bytes: readPlain(join(folder, name)) }));
  } catch (error) {
    throw new Problem(
      "unreachable",
      "api.unreadable",
      `The API manifest in ${folder} cannot be read (${codeOf(error)}). It is a folder of JSON files; make them readable, or remove it.`,
      [],
      { cause: error },
    );
  }
}

/** A pipe would be waited for, and a device may have no end. */
function readPlain(path: string): Uint8Array {
  if (!statSync(path).isFile()) throw Object.assign(new Error(), { code: `${path} is no plain file` });
  return new Uint8Array(readFileSync(path));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
