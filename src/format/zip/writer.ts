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
import { compressEntry } from "./compress.ts";
import { centralRecord, concatBytes, endRecord, localHeader, type RecordFields } from "./layout.ts";
import { createNameSet } from "./name-set.ts";
import { checkName, checkOrder, compareNames } from "./names.ts";

export type PackFile = { readonly path: string; readonly bytes: Uint8Array };

export type Packed = {
  /** The file, in pieces that follow one another. */
  readonly chunks: readonly Uint8Array[];
  readonly sizeBytes: number;
  readonly contentDigest: Sha256;
  /** All entries in order, `META-MOSIS/digests.json` last. */
  readonly entries: readonly RecordFields[];
};

/**
 * Packs an app's files into the one unsigned package that they can give (package format §1, “Packing is
 * reproducible”). The manifest may be written by hand: it is made canonical here, its rules are judged by
 * `parseManifest`. Files may come in any order. Throws a FormatError: MPK-C… for names and limits, MPK-J… for a manifest that is no
 * JSON.
 */
export async function packEntries(files: Iterable<PackFile> | AsyncIterable<PackFile>): Promise<Packed> {
  const pace = createPace();
  const inOrder: PackFile[] = [];
  for await (const file of files) inOrder.push(file.path === MANIFEST_NAME ? canonicalManifest(file) : file);
  inOrder.sort((a, b) => compareNames(a.path, b.path));
  checkNames(inOrder.map((file) => file.path));

  const writer = createWriter();
  const digests: { path: string; sizeBytes: number; sha256: string }[] = [];
  for (const { path, bytes } of inOrder) {
    checkSize(path, bytes.length);
    writer.add(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    digests.push({ path, sizeBytes: bytes.length, sha256 });
    await pace(bytes.length * 8);
  }
  const digestsBytes = buildDigests(digests);
  writer.add(DIGESTS_NAME, digestsBytes);
  return { ...writer.finish(), contentDigest: contentDigest(digestsBytes) };
}

/** `packEntries` from path → bytes to the file's bytes. */
export async function packApp(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const packed = await packEntries(Array.from(files, ([path, bytes]) => ({ path, bytes })));
  return concatBytes(packed.chunks);
}

function canonicalManifest(file: PackFile): PackFile {
  try {
    return {
      path: file.path,
      bytes: canonicalize(parseStrictJson(file.bytes, { maxBytes: MANIFEST_MAX_BYTES })),
    };
  } catch (error) {
    throw new FormatError(findingsOf(error, "manifest", MANIFEST_NAME));
  }
}

function checkNames(names: readonly string[]): void {
  const checkInSet = createNameSet();
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

function createWriter() {
  const chunks: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  const entries: RecordFields[] = [];
  let offset = 0;
  let totalBytes = 0;
  const push = (bytes: Uint8Array) => {
    chunks.push(bytes);
    offset += bytes.length;
  };
  const limit = (found: number, allowed: number, code: "MPK-C001" | "MPK-C024", what: string) => {
    if (found <= allowed) return;
    throw formatError("container", code, `${what} would have ${found} bytes.`, {
      found: `${found} bytes`,
      expected: `at most ${allowed} bytes`,
    });
  };
  return {
    add(name: string, bytes: Uint8Array) {
      const { fields, data } = compressEntry(name, bytes);
      const { ratio, ratioFromBytes } = FORMAT_LIMITS;
      if (bytes.length > ratioFromBytes && bytes.length > ratio * data.length) {
        throw formatError(
          "container",
          "MPK-C025",
          `“${name}” deflates to less than 1/${ratio}: no reader takes that.`,
          {
            entry: name,
            found: `${bytes.length} bytes that deflate to ${data.length}`,
            expected: `at most ${ratio} times`,
          },
        );
      }
      records.push(centralRecord(fields, offset));
      entries.push(fields);
      push(localHeader(fields));
      push(data);
      totalBytes += bytes.length;
      limit(totalBytes, FORMAT_LIMITS.totalBytes, "MPK-C024", "The contents");
    },
    finish() {
      const directoryOffset = offset;
      const directory = concatBytes(records);
      push(directory);
      push(endRecord(entries.length, directory.length, directoryOffset));
      limit(offset, FORMAT_LIMITS.fileBytes, "MPK-C001", "The package");
      return { chunks, sizeBytes: offset, entries };
    },
  };
}
