import { firstDifference } from "../../signing/json.ts";
import { excerpt } from "../../signing/refuse.ts";
import { type FindingCode, type FindingPlace, type FormatError, formatError } from "../findings.ts";
import { FORMAT_LIMITS, type Limits, type PackageKind, STORE_NAME } from "../names.ts";
import { createPace, ENTRY_COST } from "../pace.ts";
import { type Source, windowedSource } from "../source.ts";
import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  DOS_DATE,
  DOS_TIME,
  END_BYTES,
  END_SIGNATURE,
  EXTERNAL_ATTRIBUTES,
  FLAGS,
  LOCAL_BYTES,
  LOCAL_SIGNATURE,
  VERSION_MADE_BY,
  VERSION_NEEDED,
  viewOf,
  writeLocalHeader,
} from "./layout.ts";
import { createNameSet } from "./name-set.ts";
import { checkName, checkOrder } from "./names.ts";

export type ZipEntry = {
  readonly name: string;
  /** 0 stored, 8 deflate. */
  readonly method: 0 | 8;
  readonly sizeBytes: number;
  readonly compressedSizeBytes: number;
  readonly crc32: number;
  readonly localHeaderOffset: number;
  readonly dataOffset: number;
};

/** A package whose structure was checked; its entries' contents are checked as they are read. */
export type Container = {
  readonly source: Source;
  readonly kind: PackageKind;
  /** In the container's order, META-MOSIS last. */
  readonly entries: readonly ZipEntry[];
  readonly byName: ReadonlyMap<string, ZipEntry>;
  readonly directoryOffset: number;
  /** The central directory's bytes. */
  readonly directory: Uint8Array;
};

const MAX_NAME_BYTES = 200;

function refuse(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("container", code, message, place);
}

function hex(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/**
 * Opens a package: every rule of the container (package format §1) that needs no inflating. Reads the end record and
 * the central directory first, then each local header; allocates no more than the directory, whose size is limited.
 * `limits` may lower the format's limits, never raise them. Throws a FormatError, MPK-C001…C026, C032.
 */
export async function openContainer(source: Source, limits: Partial<Limits> = {}): Promise<Container> {
  const container = await openDirectory(source, limits);
  await checkLocalHeaders(source, container.entries);
  return container;
}

/**
 * The same without the local headers, which stand all over the file: two reads, however large the package is. For one that
 * was opened whole before and has not changed since; what is read of an entry is checked as ever.
 */
export async function openDirectory(source: Source, limits: Partial<Limits> = {}): Promise<Container> {
  const allowed = lowerLimits(limits);
  const end = await readEnd(source, allowed);
  const directory = await source.read(end.directoryOffset, end.directoryBytes);
  const entries = await readDirectory(directory, end, allowed);
  const kind = checkOrder(entries.map((entry) => entry.name));
  checkSizes(entries, allowed);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return { source, kind, entries, byName, directoryOffset: end.directoryOffset, directory };
}

function lowerLimits(limits: Partial<Limits>): Limits {
  const least = (key: keyof Limits) => Math.min(FORMAT_LIMITS[key], limits[key] ?? FORMAT_LIMITS[key]);
  return {
    fileBytes: least("fileBytes"),
    entryBytes: least("entryBytes"),
    totalBytes: least("totalBytes"),
    entries: least("entries"),
    folders: least("folders"),
    ratioFromBytes: least("ratioFromBytes"),
    ratio: least("ratio"),
  };
}

type End = { readonly count: number; readonly directoryOffset: number; readonly directoryBytes: number };

async function readEnd(source: Source, limits: Limits): Promise<End> {
  if (source.sizeBytes > limits.fileBytes) {
    throw refuse("MPK-C001", `The file has ${source.sizeBytes} bytes; ${limits.fileBytes} are allowed.`, {
      offset: limits.fileBytes,
      found: `${source.sizeBytes} bytes`,
      expected: `at most ${limits.fileBytes} bytes`,
    });
  }
  const offset = source.sizeBytes - END_BYTES;
  const bytes = offset < 0 ? new Uint8Array(0) : await source.read(offset, END_BYTES);
  if (offset < 0 || viewOf(bytes).getUint32(0, true) !== END_SIGNATURE) {
    throw refuse(
      "MPK-C002",
      "The file does not end as a package does. It is no package, or was cut off or added to.",
      {
        offset: Math.max(0, offset),
        found: offset < 0 ? `${source.sizeBytes} bytes` : hex(viewOf(bytes).getUint32(0, true), 8),
        expected: `an end record (${hex(END_SIGNATURE, 8)}) in the last 22 bytes`,
      },
    );
  }
  const view = viewOf(bytes);
  const count = view.getUint16(10, true);
  const checks: readonly (readonly [string, number, number, number])[] = [
    ["number of this disk", 4, view.getUint16(4, true), 0],
    ["disk of the directory", 6, view.getUint16(6, true), 0],
    ["entries on this disk", 8, view.getUint16(8, true), count],
    ["comment length", 20, view.getUint16(20, true), 0],
  ];
  for (const [field, at, found, expected] of checks) {
    if (found !== expected) {
      throw refuse("MPK-C003", `The end record's field “${field}” is ${found}, not ${expected}.`, {
        offset: offset + at,
        found: String(found),
        expected: String(expected),
      });
    }
  }
  if (count > limits.entries) {
    throw refuse("MPK-C004", `The package has ${count} entries; ${limits.entries} are allowed.`, {
      offset: offset + 10,
      found: String(count),
      expected: `at most ${limits.entries}`,
    });
  }
  const directoryBytes = view.getUint32(12, true);
  const directoryOffset = view.getUint32(16, true);
  if (directoryOffset + directoryBytes !== offset) {
    throw refuse("MPK-C005", "The central directory does not end where the end record starts.", {
      offset: offset + 12,
      found: `${directoryBytes} bytes at ${directoryOffset}`,
      expected: `ending at ${offset}`,
    });
  }
  if (
    directoryBytes < count * (CENTRAL_BYTES + 1) ||
    directoryBytes > count * (CENTRAL_BYTES + MAX_NAME_BYTES)
  ) {
    throw refuse("MPK-C005", `A directory of ${count} entries cannot have ${directoryBytes} bytes.`, {
      offset: offset + 12,
      found: `${directoryBytes} bytes`,
      expected: `${count * (CENTRAL_BYTES + 1)} to ${count * (CENTRAL_BYTES + MAX_NAME_BYTES)} bytes`,
    });
  }
  return { count, directoryOffset, directoryBytes };
}

/** The fields of a directory record that have one allowed value: code, name, offset, bytes, value. */
const FIXED_FIELDS: readonly (readonly [FindingCode, string, number, 2 | 4, number])[] = [
  ["MPK-C009", "version made by", 4, 2, VERSION_MADE_BY],
  ["MPK-C009", "version needed", 6, 2, VERSION_NEEDED],
  ["MPK-C007", "flags", 8, 2, FLAGS],
  ["MPK-C010", "time", 12, 2, DOS_TIME],
  ["MPK-C010", "date", 14, 2, DOS_DATE],
  ["MPK-C011", "extra field length", 30, 2, 0],
  ["MPK-C011", "comment length", 32, 2, 0],
  ["MPK-C011", "disk", 34, 2, 0],
  ["MPK-C012", "internal attributes", 36, 2, 0],
  ["MPK-C012", "external attributes", 38, 4, EXTERNAL_ATTRIBUTES],
];

async function readDirectory(bytes: Uint8Array, end: End, limits: Limits): Promise<ZipEntry[]> {
  const directory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const pace = createPace();
  const checkInSet = createNameSet(end.count, limits.folders);
  const entries: ZipEntry[] = [];
  let at = 0;
  let nextLocal = 0;
  const view = viewOf(directory);
  for (let index = 0; index < end.count; index++) {
    const entry = readRecord(directory, view, at, end.directoryOffset);
    const offset = end.directoryOffset + at;
    if (entry.localHeaderOffset !== nextLocal) {
      throw refuse("MPK-C020", `“${entry.name}” starts at ${entry.localHeaderOffset}, not at ${nextLocal}.`, {
        entry: entry.name,
        offset: offset + 42,
        found: String(entry.localHeaderOffset),
        expected: String(nextLocal),
      });
    }
    if (entry.sizeBytes > limits.entryBytes) {
      throw refuse(
        "MPK-C023",
        `“${entry.name}” has ${entry.sizeBytes} bytes; ${limits.entryBytes} are allowed.`,
        {
          entry: entry.name,
          offset: offset + 24,
          found: `${entry.sizeBytes} bytes`,
          expected: `at most ${limits.entryBytes} bytes`,
        },
      );
    }
    checkInSet(entry.name, offset);
    nextLocal = entry.dataOffset + entry.compressedSizeBytes;
    at += CENTRAL_BYTES + entry.name.length;
    entries.push(entry);
    const turn = pace(ENTRY_COST);
    if (turn !== undefined) await turn;
  }
  if (at !== directory.length) {
    throw refuse("MPK-C006", "The directory's records do not fill it.", {
      offset: end.directoryOffset + at,
      found: `${directory.length - at} bytes more`,
      expected: "the end record",
    });
  }
  if (nextLocal !== end.directoryOffset) {
    throw refuse("MPK-C020", "The last entry does not end where the directory starts.", {
      offset: nextLocal,
      found: String(nextLocal),
      expected: String(end.directoryOffset),
    });
  }
  return entries;
}

function readRecord(directory: Buffer, view: DataView, at: number, directoryOffset: number): ZipEntry {
  const offset = directoryOffset + at;
  const cutOff = (found: string) =>
    refuse("MPK-C006", "A record of the directory is malformed or cut off.", {
      offset,
      found,
      expected: `a whole record (${hex(CENTRAL_SIGNATURE, 8)})`,
    });
  const left = directory.length - at;
  if (left < CENTRAL_BYTES) throw cutOff(`the directory's last ${left} bytes`);
  const signature = view.getUint32(at, true);
  if (signature !== CENTRAL_SIGNATURE) throw cutOff(hex(signature, 8));
  const nameBytes = view.getUint16(at + 28, true);
  // Name, extra field and comment, so that a record is whole whatever it may hold.
  const bytesInAll =
    CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (bytesInAll > left) throw cutOff(`a record of ${bytesInAll} bytes, ${left} of them in the directory`);
  const name = directory.toString("latin1", at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  for (const [code, field, fieldAt, bytes, expected] of FIXED_FIELDS) {
    const found = bytes === 2 ? view.getUint16(at + fieldAt, true) : view.getUint32(at + fieldAt, true);
    if (found !== expected) {
      const entry = excerpt(name);
      throw refuse(code, `The field “${field}” of “${entry}” is ${hex(found)}, not ${hex(expected)}.`, {
        entry,
        offset: offset + fieldAt,
        found: hex(found),
        expected: hex(expected),
      });
    }
  }
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) {
    const entry = excerpt(name);
    throw refuse("MPK-C008", `“${entry}” is compressed with method ${method}.`, {
      entry,
      offset: offset + 10,
      found: String(method),
      expected: "0 or 8",
    });
  }
  // A deflate stream may have bits that change nothing, and nothing vouches for the bytes of the last envelope.
  if (name === STORE_NAME && method !== 0) {
    throw refuse("MPK-C008", `“${name}” is compressed; it has to be stored.`, {
      entry: name,
      offset: offset + 10,
      found: String(method),
      expected: "0",
    });
  }
  checkName(name, offset + CENTRAL_BYTES);
  const localHeaderOffset = view.getUint32(at + 42, true);
  return {
    name,
    method,
    crc32: view.getUint32(at + 16, true),
    compressedSizeBytes: view.getUint32(at + 20, true),
    sizeBytes: view.getUint32(at + 24, true),
    localHeaderOffset,
    dataOffset: localHeaderOffset + LOCAL_BYTES + nameBytes,
  };
}

function checkSizes(entries: readonly ZipEntry[], limits: Limits): void {
  let total = 0;
  for (const entry of entries) {
    total += entry.sizeBytes;
    if (entry.method === 0 && entry.compressedSizeBytes !== entry.sizeBytes) {
      throw refuse("MPK-C026", `“${entry.name}” is stored, but has two sizes.`, {
        entry: entry.name,
        found: `${entry.compressedSizeBytes} and ${entry.sizeBytes} bytes`,
        expected: "the same size twice",
      });
    }
    if (
      entry.sizeBytes > limits.ratioFromBytes &&
      entry.sizeBytes > limits.ratio * entry.compressedSizeBytes
    ) {
      throw refuse("MPK-C025", `“${entry.name}” inflates to more than ${limits.ratio} times its size.`, {
        entry: entry.name,
        found: `${entry.compressedSizeBytes} bytes that inflate to ${entry.sizeBytes}`,
        expected: `at most ${limits.ratio} times`,
      });
    }
  }
  if (total > limits.totalBytes) {
    throw refuse("MPK-C024", `The contents have ${total} bytes; ${limits.totalBytes} are allowed.`, {
      found: `${total} bytes`,
      expected: `at most ${limits.totalBytes} bytes`,
    });
  }
}

/** Local header fields that can differ from the directory, by the offset at which each ends. */
const LOCAL_FIELDS: readonly (readonly [number, string])[] = [
  [6, "version needed"],
  [8, "flags"],
  [10, "method"],
  [12, "time"],
  [14, "date"],
  [18, "CRC-32"],
  [22, "compressed size"],
  [26, "size"],
  [28, "name length"],
  [30, "extra field length"],
];

/** The directory leaves one possible local header for each entry: it is made again and compared. */
async function checkLocalHeaders(source: Source, entries: readonly ZipEntry[]): Promise<void> {
  const window = windowedSource(source);
  const pace = createPace();
  // One for all entries: what 20,000 of them leave to the collector is more than they are themselves.
  const header = new Uint8Array(LOCAL_BYTES + MAX_NAME_BYTES);
  const view = viewOf(header);
  for (const entry of entries) {
    writeLocalHeader(view, header, entry);
    const expected = header.subarray(0, LOCAL_BYTES + entry.name.length);
    const found =
      window.held(entry.localHeaderOffset, expected.length) ??
      (await window.read(entry.localHeaderOffset, expected.length));
    const differs = firstDifference(found, expected);
    if (differs !== -1) {
      const signature = differs < 4;
      const field = LOCAL_FIELDS.find(([fieldEnd]) => differs < fieldEnd)?.[1] ?? "name";
      const place = {
        entry: entry.name,
        offset: entry.localHeaderOffset + differs,
        found: hex(found[differs] ?? 0, 2),
        expected: hex(expected[differs] ?? 0, 2),
      };
      throw signature
        ? refuse(
            "MPK-C021",
            `There is no local header where “${entry.name}” starts (${hex(LOCAL_SIGNATURE, 8)}).`,
            place,
          )
        : refuse(
            "MPK-C022",
            `The ${field} of “${entry.name}” differs between its header and the directory.`,
            place,
          );
    }
    const turn = pace(ENTRY_COST);
    if (turn !== undefined) await turn;
  }
}
