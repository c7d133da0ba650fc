/** Changes packages as archives: fields of headers, order and names of entries, contents; and repairs what is above a change. */
import { crc32, inflateRawSync } from "node:zlib";
import { buildDigests, sha256Hex } from "../../../src/format/digests.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, MANIFEST_NAME, STORE_NAME } from "../../../src/format/names.ts";
import {
  CENTRAL,
  END,
  LOCAL,
  type RawArchive,
  type RawEntry,
  writeRaw,
} from "../../../src/format/zip/testing.ts";
import { storedBlocks } from "../../make/deflate.ts";
import { addEnvelopes, entryOf, type Loose, MANIFEST } from "../../make/packages.ts";
import type { Random } from "../random.ts";
import { MOST_BYTES, mutateBytes } from "./bytes.ts";
import { mutateJson } from "./json.ts";
import { mutateJpeg, mutatePng, mutateWebp } from "./pictures.ts";

const MOST_ENTRIES = 4000;

/** The archive as its directory tells it, or null where it tells nothing that can be followed. */
export function openRaw(bytes: Uint8Array): RawArchive | null {
  const buffer = Buffer.from(bytes);
  if (buffer.length < 22) return null;
  const end = buffer.length - 22;
  const count = buffer.readUInt16LE(end + END.count);
  const entries: RawEntry[] = [];
  let at = buffer.readUInt32LE(end + END.directoryOffset);
  for (let index = 0; index < Math.min(count, MOST_ENTRIES); index++) {
    if (at + 46 > end) return null;
    const nameLength = buffer.readUInt16LE(at + CENTRAL.nameLength);
    const packed = buffer.readUInt32LE(at + CENTRAL.packed);
    const local = buffer.readUInt32LE(at + CENTRAL.offset);
    if (local + 30 > end) return null;
    const data = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
    if (data + packed > end) return null;
    entries.push({
      name: buffer.toString("latin1", at + 46, at + 46 + nameLength),
      method: buffer.readUInt16LE(at + CENTRAL.method),
      data: bytes.subarray(data, data + packed),
      size: buffer.readUInt32LE(at + CENTRAL.size),
      crc: buffer.readUInt32LE(at + CENTRAL.crc),
    });
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return entries.length === 0 ? null : { entries };
}

export function contentOf(entry: RawEntry): Uint8Array {
  if (entry.method !== 8) return entry.data;
  try {
    return inflateRawSync(entry.data, { maxOutputLength: MOST_BYTES });
  } catch {
    return entry.data;
  }
}

const NUMBERS = [
  0, 1, 2, 8, 20, 21, 45, 0x0800, 0x0801, 0x7fff, 0xffff, 0x1_0000, 0x1000_0000, 0x2000_0001, 0xffff_ffff,
] as const;
const NAMES = [
  "../up",
  "/root",
  "a//b",
  "CON",
  "a/nul.txt",
  ".hidden",
  "a.",
  "META-MOSIS/x",
  "meta-mosis/digests.json",
  "MAIN.LUA",
  "main.lua/x",
  "ui",
  "é",
  "a\\b",
  "a\0b",
  "x".repeat(201),
  `${"d/".repeat(16)}f`,
  "",
] as const;

/** Changes the structure: `writeRaw` puts everything else right around it. */
export function changeStructure(archive: RawArchive, random: Random): void {
  const { entries } = archive;
  const at = random.int(entries.length);
  const entry = entries[at];
  if (entry === undefined) return;
  const number = () => (random.oneIn(3) ? random.int(2 ** 32) : random.pick(NUMBERS));
  const near = (value: number) => Math.max(0, value + random.pick([-1, 1, -8, 8, 256]));
  const fields = <Field extends string>(layout: Readonly<Record<Field, number>>) =>
    ({ [random.some(Object.keys(layout)) ?? ""]: number() }) as Partial<Record<Field, number>>;
  const choices: readonly [() => void, ...(() => void)[]] = [
    () => {
      entry.local = fields(LOCAL);
    },
    () => {
      entry.central = fields(CENTRAL);
    },
    () => {
      archive.end = fields(END);
    },
    () => {
      entry.size = random.oneIn(2) ? near(entry.size) : number();
    },
    () => {
      entry.crc = number();
    },
    () => {
      entry.method = random.pick([0, 8, 9, 12, 93, 99]);
    },
    () => {
      entry.data = mutateBytes(entry.data, random);
    },
    () => {
      entry.data = Buffer.concat([entry.data, random.bytes(1 + random.int(4))]);
    },
    () => {
      entry.name = random.oneIn(2) ? random.pick(NAMES) : changedName(entry.name, random);
    },
    () => {
      entry.localName = changedName(entry.name, random);
    },
    () => {
      entry.before = random.bytes(1 + random.int(20));
    },
    () => {
      entry.after = random.bytes(1 + random.int(20));
    },
    () => {
      entry.localExtra = random.bytes(random.int(30));
    },
    () => {
      entry.centralExtra = random.bytes(random.int(30));
    },
    () => {
      entry.comment = random.bytes(random.int(30));
    },
    () => void entries.splice(at, 1),
    () => void entries.splice(random.int(entries.length), 0, { ...entry }),
    () => void entries.push(...entries.splice(at, 1)),
    () =>
      void entries.splice(
        random.int(entries.length + 1),
        0,
        entryOf(random.pick(NAMES), random.bytes(random.int(60))),
      ),
    () => void repeat(entries, at, entry, random),
    () => {
      archive.comment = random.bytes(random.int(40));
    },
    () => {
      archive.after = random.bytes(1 + random.int(40));
    },
    () => {
      archive.beforeDirectory = random.bytes(1 + random.int(40));
    },
    () => {
      archive.afterDirectory = random.bytes(1 + random.int(40));
    },
    () => void Object.assign(entry, bomb(random)),
  ];
  random.pick(choices)();
}

function changedName(name: string, random: Random): string {
  return Buffer.from(mutateBytes(Buffer.from(name, "latin1"), random))
    .toString("latin1")
    .slice(0, 300);
}

function repeat(entries: RawEntry[], at: number, entry: RawEntry, random: Random): void {
  const most = Math.floor(MOST_BYTES / 2 / (entry.data.length + 200));
  const times = Math.min(most, 2 ** random.int(12));
  entries.splice(
    at + 1,
    0,
    ...Array.from({ length: times }, (_, index) => ({ ...entry, name: `${entry.name}.${index}` })),
  );
}

/** Much that packs to little, told rightly or as something else. */
function bomb(random: Random): Partial<RawEntry> {
  const zeros = Buffer.alloc(2 ** (16 + random.int(6)));
  const { data, size, crc, method } = entryOf("bomb", zeros);
  return {
    data,
    crc,
    method,
    size: random.oneIn(2) ? size : random.pick([0, 1, 2 ** 20, 2 ** 28, 2 ** 32 - 1]),
  };
}

/** Changes what is in an entry as what its name says that it is. */
export function changeContent(name: string, content: Uint8Array, random: Random): Uint8Array {
  if (/\.(?:json|dsse)$/.test(name)) return mutateJson(content, random).bytes;
  if (name.endsWith(".png")) return mutatePng(content, random).bytes;
  if (name.endsWith(".jpg")) return mutateJpeg(content, random).bytes;
  if (name.endsWith(".webp")) return mutateWebp(content, random).bytes;
  return mutateBytes(content, random);
}

/** The entry with another content: sizes and checksum are right again. */
export function withContent(entry: RawEntry, content: Uint8Array, random: Random): RawEntry {
  if (random.oneIn(6))
    return {
      name: entry.name,
      method: 8,
      data: storedBlocks(content),
      size: content.length,
      crc: crc32(content),
    };
  if (random.oneIn(6))
    return { name: entry.name, method: 0, data: content, size: content.length, crc: crc32(content) };
  return entryOf(entry.name, content);
}

const isMeta = ({ name }: RawEntry): boolean => name.startsWith("META-MOSIS/");

/** digests.json as it should be; the envelopes stay. */
export function repairDigests(archive: RawArchive): void {
  const files = archive.entries.filter((entry) => !isMeta(entry));
  const digests = buildDigests(
    files.map((entry) => {
      const content = contentOf(entry);
      return { path: entry.name, sizeBytes: content.length, sha256: sha256Hex(content) };
    }),
  );
  const rest = archive.entries.filter(({ name }) => name === DEVELOPER_NAME || name === STORE_NAME);
  archive.entries = [...files, entryOf(DIGESTS_NAME, digests), ...rest];
}

/** Both envelopes as they should be for what is there. */
export function sign(archive: RawArchive, plan: Parameters<typeof addEnvelopes>[1] = {}): void {
  archive.entries = archive.entries.filter(({ name }) => name !== DEVELOPER_NAME && name !== STORE_NAME);
  const digests = archive.entries.find(({ name }) => name === DIGESTS_NAME);
  addEnvelopes(archive, plan, {
    contentDigest: sha256Hex(digests ? contentOf(digests) : new Uint8Array(0)),
    manifest: manifestOf(archive),
  });
}

function manifestOf(archive: RawArchive): Loose {
  const entry = archive.entries.find(({ name }) => name === MANIFEST_NAME);
  try {
    const manifest: unknown = JSON.parse(Buffer.from(entry ? contentOf(entry) : []).toString("utf8"));
    return { ...MANIFEST, ...(typeof manifest === "object" ? manifest : {}) };
  } catch {
    return MANIFEST;
  }
}

export { writeRaw };
