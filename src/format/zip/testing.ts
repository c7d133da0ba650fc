/** Makes ZIP files that break one rule and keep all others. For tests only. */
import { crc32, deflateRawSync } from "node:zlib";
import { buildDigests, sha256Hex } from "../digests.ts";
import { DIGESTS_NAME } from "../names.ts";
import { utf8 } from "../testing.ts";
import { compareNames } from "./names.ts";

/** A field of a header, by its offset; every one of them can be set to anything. */
export const LOCAL = {
  signature: 0,
  needed: 4,
  flags: 6,
  method: 8,
  time: 10,
  date: 12,
  crc: 14,
  packed: 18,
  size: 22,
  nameLength: 26,
  extraLength: 28,
};
export const CENTRAL = {
  signature: 0,
  madeBy: 4,
  needed: 6,
  flags: 8,
  method: 10,
  time: 12,
  date: 14,
  crc: 16,
  packed: 20,
  size: 24,
  nameLength: 28,
  extraLength: 30,
  commentLength: 32,
  disk: 34,
  internal: 36,
  external: 38,
  offset: 42,
};
export const END = {
  signature: 0,
  disk: 4,
  directoryDisk: 6,
  countHere: 8,
  count: 10,
  directoryBytes: 12,
  directoryOffset: 16,
  commentLength: 20,
};

export type RawEntry = {
  name: string;
  method: number;
  /** As it stands in the file. */
  data: Uint8Array;
  size: number;
  crc: number;
  /** Bytes put before the local header, after the data, into the two extra fields, after the directory record. */
  before?: Uint8Array;
  after?: Uint8Array;
  localExtra?: Uint8Array;
  centralExtra?: Uint8Array;
  comment?: Uint8Array;
  localName?: string;
  /** Fields that are written with other values, once everything else is in place. */
  local?: Partial<Record<keyof typeof LOCAL, number>>;
  central?: Partial<Record<keyof typeof CENTRAL, number>>;
};

export type RawArchive = {
  entries: RawEntry[];
  beforeDirectory?: Uint8Array;
  afterDirectory?: Uint8Array;
  comment?: Uint8Array;
  after?: Uint8Array;
  end?: Partial<Record<keyof typeof END, number>>;
};

const WIDE = new Set([
  "signature",
  "crc",
  "packed",
  "size",
  "external",
  "offset",
  "directoryBytes",
  "directoryOffset",
]);

function put(
  bytes: Buffer,
  layout: Readonly<Record<string, number>>,
  values: Readonly<Record<string, number>>,
): Buffer {
  for (const [field, value] of Object.entries(values)) {
    const at = layout[field] ?? 0;
    if (WIDE.has(field)) bytes.writeUInt32LE(value >>> 0, at);
    else bytes.writeUInt16LE(value & 0xffff, at);
  }
  return bytes;
}

const NOTHING = new Uint8Array(0);

/** Writes an archive with right offsets, counts and lengths, but for the fields that are set to other values. */
export function writeRaw(archive: RawArchive): Uint8Array {
  const parts: Uint8Array[] = [];
  const records: Uint8Array[] = [];
  let offset = 0;
  const push = (bytes: Uint8Array) => {
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const entry of archive.entries) {
    push(entry.before ?? NOTHING);
    const localOffset = offset;
    const name = Buffer.from(entry.name, "latin1");
    const localName = Buffer.from(entry.localName ?? entry.name, "latin1");
    const shared = {
      needed: 20,
      flags: 0x0800,
      method: entry.method,
      time: 0,
      date: 0x21,
      crc: entry.crc,
      packed: entry.data.length,
      size: entry.size,
    };
    const localExtra = entry.localExtra ?? NOTHING;
    push(
      put(Buffer.alloc(30), LOCAL, {
        signature: 0x04034b50,
        ...shared,
        nameLength: localName.length,
        extraLength: localExtra.length,
        ...entry.local,
      }),
    );
    push(localName);
    push(localExtra);
    push(entry.data);
    push(entry.after ?? NOTHING);
    const extra = entry.centralExtra ?? NOTHING;
    const comment = entry.comment ?? NOTHING;
    const fields = {
      signature: 0x02014b50,
      madeBy: 0x0314,
      ...shared,
      nameLength: name.length,
      extraLength: extra.length,
      commentLength: comment.length,
      external: 0o100644 << 16,
      offset: localOffset,
      ...entry.central,
    };
    records.push(put(Buffer.alloc(46), CENTRAL, fields), name, extra, comment);
  }
  push(archive.beforeDirectory ?? NOTHING);
  const directoryOffset = offset;
  const directory = Buffer.concat(records);
  push(directory);
  push(archive.afterDirectory ?? NOTHING);
  const comment = archive.comment ?? NOTHING;
  const count = archive.entries.length;
  push(
    put(Buffer.alloc(22), END, {
      signature: 0x06054b50,
      countHere: count,
      count,
      directoryBytes: directory.length,
      directoryOffset,
      commentLength: comment.length,
      ...archive.end,
    }),
  );
  push(comment);
  push(archive.after ?? NOTHING);
  return Buffer.concat(parts);
}

export function rawEntry(name: string, bytes: Uint8Array, method = bytes.length > 40 ? 8 : 0): RawEntry {
  const data = method === 8 ? deflateRawSync(bytes) : bytes;
  return { name, method, data, size: bytes.length, crc: crc32(bytes) };
}

/** A container whose structure is right, of files in their right order, with a digests.json that lists them. */
export function rawArchive(files: ReadonlyMap<string, Uint8Array>): RawArchive {
  const sorted = [...files].sort(([a], [b]) => compareNames(a, b));
  const digests = buildDigests(
    sorted.map(([path, bytes]) => ({ path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) })),
  );
  return {
    entries: [...sorted.map(([name, bytes]) => rawEntry(name, bytes)), rawEntry(DIGESTS_NAME, digests)],
  };
}

/** Four files, two of them compressed. */
export function smallFiles(): Map<string, Uint8Array> {
  return new Map([
    ["manifest.json", utf8("{}")],
    ["a.txt", utf8("a text that repeats itself; ".repeat(20))],
    ["dir/b.bin", Uint8Array.from({ length: 300 }, (_, index) => (index * 31) & 0xff)],
    ["dir/c", new Uint8Array(0)],
  ]);
}
