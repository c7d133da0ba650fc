import { createHash } from "node:crypto";
import { canonicalize, parseStrictJson } from "../../signing/json.ts";
import { buildDigests, contentDigest } from "../digests.ts";
import { FormatError, findingsOf, formatError } from "../findings.ts";
import {
  DIGESTS_NAME,
  FORMAT_LIMITS,
  MANIFEST_MAX_BYTES,
  MANIFEST_NAME,
  META_FOLDER,
  type Sha256,
} from "../names.ts";
import { createPace } from "../pace.ts";
import { compressEntry, createCrc, deflatePieces, mayDeflate, type Pieces } from "./compress.ts";
import {
  centralRecord,
  concatBytes,
  endRecord,
  LOCAL_BYTES,
  localHeader,
  type RecordFields,
} from "./layout.ts";
import { createNameSet } from "./name-set.ts";
import { checkName, checkOrder, compareNames } from "./names.ts";

export type PackFile = {
  readonly path: string;
  readonly sizeBytes: number;
  /** Its bytes from the start, each time it is called; a piece is lent until the next is asked for. */
  readonly read: () => Pieces;
};

/** Where a package is written: at offsets, since what stands before an entry's bytes is known after them. */
export type PackSink = { write(offset: number, bytes: Uint8Array): Promise<void> | void };

export type Packed = {
  /** What lies behind them in the sink is no part of the package. */
  readonly sizeBytes: number;
  readonly contentDigest: Sha256;
  /** All entries in order, `META-MOSIS/digests.json` last. */
  readonly entries: readonly RecordFields[];
};

/**
 * Packs an app's files into the one unsigned package that they can give (package format §1, “Packing is
 * reproducible”). The manifest may be written by hand: it is made canonical here, its rules are judged by
 * `parseManifest`. Files may come in any order. Memory does not depend on the size of a file. Throws a FormatError: MPK-C… for
 * names and limits, MPK-J… for a manifest that is no JSON.
 */
export async function writePackage(files: Iterable<PackFile>, sink: PackSink): Promise<Packed> {
  const inOrder: PackFile[] = [];
  for (const file of files) inOrder.push(file.path === MANIFEST_NAME ? await canonicalManifest(file) : file);
  inOrder.sort((a, b) => compareNames(a.path, b.path));
  checkNames(inOrder.map((file) => file.path));
  for (const { path, sizeBytes } of inOrder) checkSize(path, sizeBytes);

  const writer = createWriter(sink);
  const digests: { path: string; sizeBytes: number; sha256: string }[] = [];
  for (const file of inOrder) {
    const sha256 = await writer.add(file);
    digests.push({ path: file.path, sizeBytes: file.sizeBytes, sha256 });
  }
  const digestsBytes = buildDigests(digests);
  await writer.add(fileOf(DIGESTS_NAME, digestsBytes));
  return { ...(await writer.finish()), contentDigest: contentDigest(digestsBytes) };
}

/** `writePackage` from path → bytes to the file's bytes. */
export async function packApp(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  let whole = new Uint8Array(65_536);
  const { sizeBytes } = await writePackage(
    Array.from(files, ([path, bytes]) => fileOf(path, bytes)),
    {
      write(offset, bytes) {
        if (offset + bytes.length > whole.length) {
          const larger = new Uint8Array(Math.max(whole.length * 2, offset + bytes.length));
          larger.set(whole);
          whole = larger;
        }
        whole.set(bytes, offset);
      },
    },
  );
  return whole.slice(0, sizeBytes);
}

function fileOf(path: string, bytes: Uint8Array): PackFile {
  return { path, sizeBytes: bytes.length, read: () => [bytes] };
}

async function canonicalManifest(file: PackFile): Promise<PackFile> {
  const bytes = await firstBytes(file.read(), MANIFEST_MAX_BYTES + 1);
  try {
    return fileOf(file.path, canonicalize(parseStrictJson(bytes, { maxBytes: MANIFEST_MAX_BYTES })));
  } catch (error) {
    throw new FormatError(findingsOf(error, "manifest", MANIFEST_NAME));
  }
}

async function firstBytes(pieces: Pieces, maxBytes: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let left = maxBytes;
  for await (const piece of pieces) {
    kept.push(piece.slice(0, left));
    left -= Math.min(left, piece.length);
    if (left === 0) break;
  }
  return concatBytes(kept);
}

function checkNames(names: readonly string[]): void {
  const checkInSet = createNameSet(names.length, FORMAT_LIMITS.folders);
  for (const name of names) {
    checkName(name);
    if (name.startsWith(`${META_FOLDER}/`)) {
      throw formatError(
        "container",
        "MPK-C017",
        `“${name}” is made by packing and signing, and cannot be packed.`,
        {
          entry: name,
          found: name,
          expected: `no file in ${META_FOLDER}`,
        },
      );
    }
    checkInSet(name);
  }
  checkOrder([...names, DIGESTS_NAME]);
  if (names.length >= FORMAT_LIMITS.entries) {
    throw formatError("container", "MPK-C004", `The app has ${names.length} files.`, {
      found: String(names.length + 1),
      expected: `at most ${FORMAT_LIMITS.entries} entries, with META-MOSIS/digests.json`,
    });
  }
}

function checkSize(entry: string, sizeBytes: number): void {
  if (sizeBytes <= FORMAT_LIMITS.entryBytes) return;
  throw formatError("container", "MPK-C023", `“${entry}” has ${sizeBytes} bytes.`, {
    entry,
    found: `${sizeBytes} bytes`,
    expected: `at most ${FORMAT_LIMITS.entryBytes} bytes`,
  });
}

/** A file up to this size is compressed in memory. */
const SMALL_BYTES = 1024 * 1024;

function createWriter(sink: PackSink) {
  const pace = createPace();
  const records: Uint8Array[] = [];
  const entries: RecordFields[] = [];
  let offset = 0;
  let totalBytes = 0;
  const push = async (bytes: Uint8Array) => {
    await sink.write(offset, bytes);
    offset += bytes.length;
  };
  const limit = (found: number, allowed: number, code: "MPK-C001" | "MPK-C024", what: string) => {
    if (found <= allowed) return;
    throw formatError("container", code, `${what} would have ${found} bytes.`, {
      found: `${found} bytes`,
      expected: `at most ${allowed} bytes`,
    });
  };

  /** A small file at once: header and data in one piece. */
  const addSmall = async (file: PackFile) => {
    const measured = measuring(file, pace, 8);
    const { fields, data } = compressEntry(file.path, await firstBytes(measured.pieces, SMALL_BYTES + 1));
    checkRatio(fields);
    await sink.write(offset, concatBytes([localHeader(fields), data]));
    return { fields, sha256: measured.facts().sha256 };
  };

  /** A large one in pieces, behind where its header will stand: deflated if that is worth it, else as it is. */
  const addLarge = async (file: PackFile) => {
    const { path: name, sizeBytes } = file;
    const at = offset + LOCAL_BYTES + name.length;
    let written = 0;
    const write = async (bytes: Uint8Array) => {
      await sink.write(at + written, bytes);
      written += bytes.length;
    };
    let measured = measuring(file, pace, 8);
    const isDeflated =
      mayDeflate(name, sizeBytes) && (await deflatePieces(measured.pieces, sizeBytes, write)) !== null;
    if (!isDeflated) {
      written = 0;
      measured = measuring(file, pace, 1);
      for await (const piece of measured.pieces) await write(piece);
    }
    const { crc32, sha256 } = measured.facts();
    const fields: RecordFields = {
      name,
      sizeBytes,
      method: isDeflated ? 8 : 0,
      crc32,
      compressedSizeBytes: written,
    };
    checkRatio(fields);
    await sink.write(offset, localHeader(fields));
    return { fields, sha256 };
  };

  return {
    /** Gives the SHA-256 of what was packed. */
    async add(file: PackFile): Promise<string> {
      totalBytes += file.sizeBytes;
      limit(totalBytes, FORMAT_LIMITS.totalBytes, "MPK-C024", "The contents");
      const { fields, sha256 } = await (file.sizeBytes <= SMALL_BYTES ? addSmall(file) : addLarge(file));
      records.push(centralRecord(fields, offset));
      entries.push(fields);
      offset += LOCAL_BYTES + fields.name.length + fields.compressedSizeBytes;
      limit(offset, FORMAT_LIMITS.fileBytes, "MPK-C001", "The package");
      return sha256;
    },
    async finish() {
      const directoryOffset = offset;
      const directory = concatBytes(records);
      await push(directory);
      await push(endRecord(entries.length, directory.length, directoryOffset));
      limit(offset, FORMAT_LIMITS.fileBytes, "MPK-C001", "The package");
      return { sizeBytes: offset, entries };
    },
  };
}

function checkRatio({ name, sizeBytes, compressedSizeBytes }: RecordFields): void {
  const { ratio, ratioFromBytes } = FORMAT_LIMITS;
  if (sizeBytes <= ratioFromBytes || sizeBytes <= ratio * compressedSizeBytes) return;
  throw formatError(
    "container",
    "MPK-C025",
    `“${name}” deflates to less than 1/${ratio}: no reader takes that.`,
    {
      entry: name,
      found: `${sizeBytes} bytes that deflate to ${compressedSizeBytes}`,
      expected: `at most ${ratio} times`,
    },
  );
}

/** The pieces of a file, with what they are measured to be once all of them were taken. */
function measuring(file: PackFile, pace: ReturnType<typeof createPace>, cost: number) {
  const hash = createHash("sha256");
  const crc = createCrc();
  let sizeBytes = 0;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of file.read()) {
      hash.update(piece);
      crc.update(piece);
      sizeBytes += piece.length;
      yield piece;
      await pace(piece.length * cost);
    }
    if (sizeBytes !== file.sizeBytes)
      throw new RangeError(`${file.path} has ${sizeBytes} bytes, not ${file.sizeBytes}`);
  }
  return { pieces: pieces(), facts: () => ({ crc32: crc.value(), sha256: hash.digest("hex") }) };
}
