import { createHash, hash } from "node:crypto";
import { parseCanonical } from "../signing/json.ts";
import { excerpt } from "../signing/refuse.ts";
import { type FindingCode, type FindingPlace, FormatError, findingsOf, formatError } from "./findings.ts";
import {
  DEVELOPER_NAME,
  DIGESTS_MAX_BYTES,
  DIGESTS_NAME,
  ENVELOPE_MAX_BYTES,
  FORMAT_LIMITS,
  MANIFEST_MAX_BYTES,
  MANIFEST_NAME,
  META_FOLDER,
  type Sha256,
  STORE_NAME,
} from "./names.ts";
import { createPace, ENTRY_COST } from "./pace.ts";
import { fillFrom, type Source, windowedSource } from "./source.ts";
import { readPieces } from "./zip/entry.ts";
import type { Container } from "./zip/reader.ts";

/** One line of digests.json: SHA-256, size in bytes, path. */
export type FileDigest = { readonly h: Sha256; readonly n: number; readonly p: string };
export type Digests = { readonly files: readonly FileDigest[]; readonly v: 1 };

export type MeasuredFile = { readonly path: string; readonly sizeBytes: number; readonly sha256: string };

/**
 * The text of `META-MOSIS/digests.json` for files in container order, in pieces that are there already, but for the sizes: an
 * object or a text for each of 20,000 files would be the most memory that a reader takes. Names are ASCII without
 * anything that JSON escapes, sizes are integers.
 */
function* digestsText(files: readonly MeasuredFile[]): Generator<string> {
  let before = '{"files":[{"h":"';
  for (const { path, sizeBytes, sha256 } of files) {
    yield before;
    yield sha256;
    yield '","n":';
    yield String(sizeBytes);
    yield ',"p":"';
    yield path;
    before = '"},{"h":"';
  }
  yield files.length === 0 ? '{"files":[],"v":1}' : '"}],"v":1}';
}

/** The bytes of `META-MOSIS/digests.json` for files in container order. */
export function buildDigests(files: readonly MeasuredFile[]): Uint8Array {
  return new TextEncoder().encode([...digestsText(files)].join(""));
}

/** Whether bytes are `buildDigests(files)`. */
function isDigestsOf(bytes: Uint8Array, files: readonly MeasuredFile[]): boolean {
  let at = 0;
  for (const text of digestsText(files)) {
    for (let index = 0; index < text.length; index++) {
      if (bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    at += text.length;
  }
  return at === bytes.length;
}

/** The identity of a release: the SHA-256 of digests.json's bytes. */
export function contentDigest(digestsBytes: Uint8Array): Sha256 {
  return sha256Hex(digestsBytes);
}

export function sha256Hex(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("hex") as Sha256;
}

/** Largest size of each document that a reader keeps in memory. */
const DOCUMENTS: ReadonlyMap<string, number> = new Map([
  [MANIFEST_NAME, MANIFEST_MAX_BYTES],
  [DIGESTS_NAME, DIGESTS_MAX_BYTES],
  [DEVELOPER_NAME, ENVELOPE_MAX_BYTES],
  [STORE_NAME, ENVELOPE_MAX_BYTES],
]);

export type Measured = {
  /** Every entry outside META-MOSIS, in container order. */
  readonly files: readonly MeasuredFile[];
  /** The JSON documents, by entry name; one that is too large is not kept. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
};

/**
 * Reads every entry once, which checks its contents (MPK-C027…C030), and measures the app's files. Memory depends on
 * the documents only. Gives the event loop a turn regularly.
 */
export async function measureEntries(container: Container): Promise<Measured> {
  const pace = createPace();
  const source = windowedSource(container.source);
  const files: MeasuredFile[] = [];
  const documents = new Map<string, Uint8Array>();
  for (const entry of container.entries) {
    const { name, sizeBytes } = entry;
    const kept = sizeBytes <= (DOCUMENTS.get(name) ?? -1) ? new Uint8Array(sizeBytes) : undefined;
    let sha256 = "";
    // The state of a running hash costs more than a small file.
    let running: ReturnType<typeof createHash> | undefined;
    let at = 0;
    const reading = readPieces(container, entry, source, (piece) => {
      if (piece.length === sizeBytes) sha256 = hash("sha256", piece, "hex");
      else {
        running ??= createHash("sha256");
        running.update(piece);
      }
      kept?.set(piece, at);
      at += piece.length;
      return pace(piece.length);
    });
    if (reading !== undefined) await reading;
    if (kept !== undefined) documents.set(name, kept);
    if (!name.startsWith(`${META_FOLDER}/`)) {
      files.push({ path: name, sizeBytes, sha256: running?.digest("hex") ?? sha256 });
    }
    const turn = pace(ENTRY_COST);
    if (turn !== undefined) await turn;
  }
  return { files, documents };
}

/**
 * Checks that digests.json lists exactly the files that were measured, and gives the content digest. The files leave
 * one possible digests.json, so it is made again and compared; it is parsed only to say what is wrong with it. Throws a
 * FormatError: MPK-J…, MPK-C004, MPK-D001…D004.
 */
export function checkDigests(measured: Measured, container: Container): Sha256 {
  const found = measured.documents.get(DIGESTS_NAME);
  if (found === undefined) {
    const sizeBytes = container.byName.get(DIGESTS_NAME)?.sizeBytes ?? 0;
    throw refuse("MPK-J001", `${DIGESTS_NAME} has ${sizeBytes} bytes; ${DIGESTS_MAX_BYTES} are allowed.`, {
      found: `${sizeBytes} bytes`,
      expected: `at most ${DIGESTS_MAX_BYTES} bytes`,
    });
  }
  if (isDigestsOf(found, measured.files)) return contentDigest(found);
  throw explainDifference(found, measured.files);
}

function explainDifference(found: Uint8Array, files: readonly MeasuredFile[]): FormatError {
  let digests: Digests;
  try {
    digests = parseDigests(found);
  } catch (error) {
    return new FormatError(findingsOf(error, "digests", DIGESTS_NAME));
  }
  for (let index = 0; index < Math.max(files.length, digests.files.length); index++) {
    const listed = digests.files[index];
    const file = files[index];
    const pointer = `/files/${index}`;
    if (listed === undefined || file === undefined || listed.p !== file.path) {
      return refuse("MPK-D002", `${DIGESTS_NAME} lists other files than the package has.`, {
        pointer: `${pointer}/p`,
        found: listed === undefined ? "the end of the list" : excerpt(listed.p),
        expected: file === undefined ? "the end of the list" : file.path,
      });
    }
    if (listed.n !== file.sizeBytes) {
      return refuse("MPK-D003", `“${file.path}” has another size than ${DIGESTS_NAME} says.`, {
        pointer: `${pointer}/n`,
        found: `${file.sizeBytes} bytes`,
        expected: `${listed.n} bytes`,
      });
    }
    if (listed.h !== file.sha256) {
      return refuse(
        "MPK-D004",
        `“${file.path}” was changed: its SHA-256 is not the one in ${DIGESTS_NAME}.`,
        {
          pointer: `${pointer}/h`,
          found: file.sha256,
          expected: listed.h,
        },
      );
    }
  }
  return malformed("", "other members", '{"files","v":1}');
}

const COMMA = 0x2c;
/** Three for each entry: more lists more entries than there may be. Whatever else is in the JSON, it is not more than this to parse. */
const MAX_COMMAS = 3 * FORMAT_LIMITS.entries;

/** Parses digests.json. Throws MPK-J… (a Problem), MPK-C004 or MPK-D001 (FormatErrors). */
export function parseDigests(bytes: Uint8Array): Digests {
  const commas = bytes.reduce((count, byte) => (byte === COMMA ? count + 1 : count), 0);
  if (commas > MAX_COMMAS) {
    throw refuse("MPK-C004", `${DIGESTS_NAME} lists more than a package may hold.`, {
      found: `${commas} commas`,
      expected: `at most ${MAX_COMMAS}, which are more than ${FORMAT_LIMITS.entries} entries need`,
    });
  }
  const value = parseCanonical(bytes, { maxBytes: DIGESTS_MAX_BYTES });
  if (!hasKeys(value, ["files", "v"]) || value.v !== 1)
    throw malformed("", excerpt(value), '{"files","v":1}');
  if (!Array.isArray(value.files)) throw malformed("/files", excerpt(value.files), "an array");
  const files = value.files.map((file: unknown, index): FileDigest => {
    if (hasKeys(file, ["h", "n", "p"])) {
      const { h, n, p } = file;
      if (isSha256(h) && Number.isSafeInteger(n) && Number(n) >= 0 && typeof p === "string") {
        return { h, n: Number(n), p };
      }
    }
    throw malformed(`/files/${index}`, excerpt(file), '{"h":"<64 hex digits>","n":<bytes>,"p":"<path>"}');
  });
  return { files, v: 1 };
}

export function isSha256(value: unknown): value is Sha256 {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/** Whether a value is an object with exactly these keys. Asked of very many objects, it leaves nothing behind. */
export function hasKeys(value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  // Those of a text or a list would be all its characters or places, which are listed before the first is looked at.
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  let count = 0;
  for (const _ in value) if (++count > keys.length) return false;
  for (const key of keys) if (!isEnumerable.call(value, key)) return false;
  return true;
}

const isEnumerable = Object.prototype.propertyIsEnumerable;

function malformed(pointer: string, found: string, expected: string): FormatError {
  return refuse("MPK-D001", `${DIGESTS_NAME} is malformed at “${pointer}”.`, { pointer, found, expected });
}

function refuse(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("digests", code, message, { entry: DIGESTS_NAME, ...place });
}

const PIECE_BYTES = 256 * 1024;

/** SHA-256 of a whole source, read in pieces. Gives the event loop a turn regularly. */
export async function hashSource(source: Source): Promise<Sha256> {
  const pace = createPace();
  const hash = createHash("sha256");
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, source.sizeBytes));
  for (let offset = 0; offset < source.sizeBytes; offset += PIECE_BYTES) {
    const piece = buffer.subarray(0, Math.min(PIECE_BYTES, source.sizeBytes - offset));
    await fillFrom(source, offset, piece);
    hash.update(piece);
    await pace(PIECE_BYTES);
  }
  return hash.digest("hex") as Sha256;
}
