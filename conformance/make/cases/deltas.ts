/** Delta and compact full containers (package format §8): a release rebuilt from another one, and hostile ones. */
import { encodeFrame, newDictionary } from "../../../src/format/delta/frame.ts";
import {
  buildGroupHeader,
  buildHeader,
  DELTA_MAGIC,
  DICTIONARY_PREFIX,
} from "../../../src/format/delta/layout.ts";
import {
  buildDigests,
  contentDigest,
  type FileDigest,
  parseDigests,
  sha256Hex,
} from "../../../src/format/digests.ts";
import type { FindingCode } from "../../../src/format/findings.ts";
import { bytesSource } from "../../../src/format/source.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { readEntryBytes } from "../../../src/format/zip/entry.ts";
import { openContainer } from "../../../src/format/zip/reader.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import { namesInFolders } from "../folders.ts";
import { type Loose, makePackage, type PackagePlan } from "../packages.ts";

export type DeltaCase = {
  readonly id: string;
  readonly why: string;
  readonly section: string;
  readonly code: FindingCode | null;
  readonly neighbour: string | null;
  /** null: none is given. */
  readonly base: BaseName | null;
  readonly sparseBytes?: number;
  readonly plan: DeltaPlan;
};

export type BaseName = "base" | "other" | "damaged";

type Group = {
  dictionary: [number, number, number][];
  content: Uint8Array;
  /** In place of the encoder's. */
  frame?: (content: Uint8Array, right: Uint8Array) => Uint8Array;
  header?: (header: Loose) => Loose | undefined;
  headerBytes?: (canonical: Uint8Array) => Uint8Array;
  /** What the header says that the frame has, beside what is there. */
  length?: number;
};

export type DeltaPlan = {
  /** null: the compact full container. */
  readonly from?: BaseName | null;
  readonly header?: (header: Loose) => Loose | undefined;
  readonly headerBytes?: (canonical: Uint8Array) => Uint8Array;
  readonly headerLength?: number;
  /** The list of the target in place of its own. */
  readonly list?: (files: FileDigest[]) => FileDigest[];
  readonly digestsBytes?: (bytes: Uint8Array) => Uint8Array;
  /** Changes the stream before it is cut. */
  readonly stream?: (stream: Uint8Array) => Uint8Array;
  /** Lengths of the groups; the last one takes the rest. */
  readonly cut?: readonly number[];
  readonly groups?: (groups: Group[]) => void;
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
};

const LUA =
  "-- A sample, newer.\nlocal greeting = 'good day'\nreturn function() return greeting end\n".repeat(9);
const BASES: Readonly<Record<BaseName, PackagePlan>> = {
  base: {},
  other: { manifest: { versionCode: 6 } },
  damaged: { files: { "main.lua": utf8("changed") }, digests: (d) => withDigestOf(d) },
};
/** A package whose digests.json is the base's, and whose main.lua is not. */
function withDigestOf(digests: Loose): Loose {
  digests.files.find((file: Loose) => file.p === "main.lua").h = "0".repeat(64);
  return digests;
}
const TARGET: PackagePlan = {
  manifest: { version: "1.3.0", versionCode: 8 },
  files: {
    "main.lua": utf8(LUA),
    "data/empty": new Uint8Array(0),
    "data/new.txt": utf8("new"),
    "data/z-empty": new Uint8Array(0),
  },
};

const bases = new Map<BaseName, Uint8Array>();

export function basePackage(name: BaseName): Uint8Array {
  const base = bases.get(name) ?? makePackage(BASES[name]);
  bases.set(name, base);
  return base;
}

let targetOnce: Promise<ReadonlyMap<string, Uint8Array>> | undefined;

/** Entries of the target's package, by name, as they inflate: what comes out. */
async function targetFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  targetOnce ??= entriesOf(makePackage(TARGET));
  return targetOnce;
}

export async function entriesOf(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const container = await openContainer(bytesSource(bytes));
  const entries = new Map<string, Uint8Array>();
  for (const entry of container.entries) entries.set(entry.name, await readEntryBytes(container, entry));
  return entries;
}

const META = ["META-MOSIS/digests.json", "META-MOSIS/developer.dsse", "META-MOSIS/store.dsse"] as const;
const NONE = new Uint8Array(0);

export async function makeDelta(plan: DeltaPlan): Promise<Uint8Array> {
  const target = await targetFiles();
  const from = plan.from === undefined ? "base" : plan.from;
  const base = from === null ? new Map<string, Uint8Array>() : await entriesOf(basePackage(from));
  const baseDigests = base.get(META[0]) ?? NONE;
  const held = new Set(from === null ? [] : parseDigests(baseDigests).files.map(({ h }) => h));
  const own = parseDigests(target.get(META[0]) ?? NONE).files;
  const files = plan.list ? plan.list([...own]) : own;
  const listed = plan.list
    ? buildDigests(files.map(({ h, n, p }) => ({ path: p, sizeBytes: n, sha256: h })))
    : (target.get(META[0]) ?? NONE);
  const digests = plan.digestsBytes?.(listed) ?? listed;
  const documents = [digests, target.get(META[1]) ?? NONE, target.get(META[2]) ?? NONE];
  const changed = own.filter(({ h }) => !held.has(h)).map(({ p }) => target.get(p) ?? NONE);
  const whole = Buffer.concat([...documents, ...changed]);
  const stream = plan.stream?.(whole) ?? whole;

  const groups: Group[] = [];
  let at = 0;
  for (const length of [...(plan.cut ?? []), stream.length]) {
    const content = stream.subarray(at, at + length);
    at += content.length;
    if (content.length > 0) groups.push({ dictionary: from === null ? [] : dictionaryOf(base), content });
  }
  plan.groups?.(groups);

  const header = buildHeader({
    base: from === null ? null : contentDigest(baseDigests),
    content: contentDigest(digests),
    meta: [digests.length, documents[1]?.length ?? 0, documents[2]?.length ?? 0],
  });
  const headerBytes =
    plan.headerBytes?.(canonicalize(header)) ?? canonicalize(plan.header?.(header) ?? header);
  const parts: Uint8Array[] = [DELTA_MAGIC, sized(headerBytes, plan.headerLength)];
  for (const group of groups) parts.push(...(await groupParts(group, base, baseDigests)));
  const bytes = Buffer.concat(parts);
  return new Uint8Array(plan.bytes?.(bytes) ?? bytes);
}

/** main.lua of the base, and its digests.json, which stands for one file more. */
function dictionaryOf(base: ReadonlyMap<string, Uint8Array>): [number, number, number][] {
  const names = namesOf(base);
  const lua = names.indexOf("main.lua");
  return [
    [lua, 0, base.get("main.lua")?.length ?? 0],
    [names.length, 0, base.get(META[0])?.length ?? 0],
  ];
}

const namesOf = (entries: ReadonlyMap<string, Uint8Array>) =>
  [...entries.keys()].filter((name) => !name.startsWith("META-MOSIS/"));

function sized(bytes: Uint8Array, length = bytes.length): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(length);
  return Buffer.concat([head, bytes]);
}

/** Fixed, so that the cases stay as they are when the store learns to make its own better. */
const FRAME_LEVEL = 18;

async function groupParts(
  group: Group,
  base: ReadonlyMap<string, Uint8Array>,
  digests: Uint8Array,
): Promise<Uint8Array[]> {
  const names = namesOf(base);
  const pieces = group.dictionary.map(([file, offset, length]) =>
    (file === names.length ? digests : (base.get(names[file] ?? "") ?? NONE)).subarray(
      offset,
      offset + length,
    ),
  );
  const dictionary = newDictionary(pieces.reduce((sum, piece) => sum + piece.length, 0));
  dictionary.set(Buffer.concat(pieces), DICTIONARY_PREFIX.length);
  const right = group.content.length === 0 ? NONE : await encodeFrame(group.content, dictionary, FRAME_LEVEL);
  const frame = group.frame?.(group.content, right) ?? right;
  const header = buildGroupHeader({
    dictionary: group.dictionary,
    sizeBytes: group.content.length,
    frameBytes: frame.length,
  });
  const canonical = canonicalize(group.header?.(header) ?? header);
  return [sized(group.headerBytes?.(canonical) ?? canonical, group.length), frame];
}

/** A frame of raw blocks, by hand; `sizeBytes` in a field of 4 bytes unless told. */
function rawFrame(
  content: Uint8Array,
  fieldBytes: 1 | 2 | 4 | 8 = 4,
  change: (block: Block) => void = () => {},
  blockBytes = 128 * 1024,
): Uint8Array {
  const flag = { 1: 0, 2: 1, 4: 2, 8: 3 }[fieldBytes];
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(content.length) - (fieldBytes === 2 ? 256n : 0n));
  const blocks: Uint8Array[] = [];
  const least = Math.min(content.length, blockBytes);
  for (let at = 0; at < content.length; at += least) {
    const piece = content.subarray(at, at + least);
    const block: Block = {
      last: at + piece.length >= content.length,
      type: 0,
      size: piece.length,
      content: piece,
    };
    change(block);
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.size << 3) | (block.type << 1) | (block.last ? 1 : 0), 0, 3);
    blocks.push(head, block.content);
  }
  return Buffer.concat([
    Buffer.from("28b52ffd", "hex"),
    Buffer.of((flag << 6) | 0x20),
    size.subarray(0, fieldBytes),
    ...blocks,
  ]);
}
type Block = { last: boolean; type: number; size: number; content: Uint8Array };

const valid = (name: string, why: string, plan: DeltaPlan, base: BaseName | null = "base"): DeltaCase => ({
  id: `delta/${name}`,
  why,
  section: "8",
  code: null,
  neighbour: null,
  base,
  plan,
});
const hostile = (
  name: string,
  code: FindingCode,
  why: string,
  plan: DeltaPlan,
  more: Partial<DeltaCase> = {},
): DeltaCase => ({
  id: `delta/${name}`,
  why,
  section: "8",
  code,
  neighbour: "delta/valid",
  base: "base",
  plan,
  ...more,
});

const first = (change: (group: Group) => void): DeltaPlan => ({
  groups: ([group]) => {
    if (group) change(group);
  },
});
const head = (change: (header: Loose) => Loose | undefined) => ({ header: change });
const groupHead = (change: (header: Loose) => Loose | undefined): DeltaPlan =>
  first((group) => void (group.header = change));
const ranges = (...dictionary: [number, number, number][]): DeltaPlan =>
  // The frame fits to no dictionary, so that only the ranges are wrong.
  first((group) => {
    group.header = (header) => void (header.d = dictionary);
  });
const frame = (change: (content: Uint8Array, right: Uint8Array) => Uint8Array): DeltaPlan =>
  first((group) => {
    group.dictionary = [];
    group.frame = change;
  });
const byteOf = (frameBytes: Uint8Array, at: number, change: (byte: number) => number) => {
  const copy = Uint8Array.from(frameBytes);
  copy[at] = change(copy[at] ?? 0);
  return copy;
};
const renamed = (from: string, to: string): DeltaPlan => ({
  list: (files) => files.map((file) => (file.p === from ? { ...file, p: to } : file)),
});
const more = (...names: readonly string[]): DeltaPlan => ({
  list: (files) => {
    const [empty] = files.filter(({ n }) => n === 0);
    const added = names.map((p) => ({ h: empty?.h ?? files[0]?.h, n: 0, p }) as FileDigest);
    const [manifest, ...rest] = files;
    return [...(manifest ? [manifest] : []), ...[...rest, ...added].sort((a, b) => (a.p < b.p ? -1 : 1))];
  },
});
const sizeOf = (name: string, n: number): DeltaPlan => ({
  list: (files) => files.map((file) => (file.p === name ? { ...file, n } : file)),
});

const VALID: readonly DeltaCase[] = [
  valid(
    "valid",
    "A release rebuilt from the one before: the manifest and one file changed, two are new.",
    {},
  ),
  valid("compact-full", "The same release without a base.", { from: null }, null),
  valid("two-groups", "Files that begin in one group and end in another.", { cut: [300] }),
  valid("many-groups", "Groups of one byte.", { cut: [1, 1, 1, 1, 1], from: null }, null),
  valid("groups-64", "As many groups as there may be of next to nothing.", {
    cut: Array.from({ length: 63 }, () => 1),
  }),
  valid(
    "raw-blocks",
    "A frame of raw blocks, without a dictionary.",
    frame((content) => rawFrame(content)),
  ),
  valid(
    "size-in-8-bytes",
    "A frame whose size stands in eight bytes.",
    frame((content) => rawFrame(content, 8)),
  ),
  valid(
    "size-in-2-bytes",
    "A frame whose size stands in two bytes.",
    frame((content) => rawFrame(content, 2)),
  ),
  valid(
    "run-length",
    "A frame of 200 equal bytes in a run-length block, in a group of its own.",
    {
      from: null,
      ...runLength(),
    },
    null,
  ),
  valid(
    "ranges-of-one-file",
    "Two ranges of one file, with a byte between.",
    twoRanges([0, 0, 4], [0, 5, 4]),
  ),
  valid(
    "ranges-of-two-files",
    "Ranges of two files, the second one nearer to the start.",
    twoRanges([0, 9, 4], [2, 0, 4]),
  ),
  valid(
    "dictionary-unused",
    "A dictionary that no block refers to.",
    first((group) => void (group.frame = (content) => rawFrame(content))),
  ),
];

/** A dictionary of two ranges, of which the frame uses nothing. */
function twoRanges(...dictionary: [number, number, number][]): DeltaPlan {
  return first((group) => {
    group.dictionary = dictionary;
    group.frame = (content) => rawFrame(content);
  });
}

/** The stream's first byte as a run of one: any run will do. */
function runLength(): DeltaPlan {
  return {
    cut: [1],
    groups: ([group]) => {
      if (group)
        group.frame = (content) =>
          Buffer.concat([Buffer.from("28b52ffd2001", "hex"), Buffer.of(0x0b, 0, 0), content]);
    },
  };
}

const HEADERS: readonly DeltaCase[] = [
  hostile("empty", "MPK-B001", "An empty file.", { bytes: () => NONE }),
  hostile("magic", "MPK-B001", "Another magic.", { bytes: (b) => byteOf(b, 6, () => 0x32) }),
  hostile("magic-only", "MPK-B001", "The magic and nothing after.", { bytes: (b) => b.subarray(0, 8) }),
  hostile("package", "MPK-B001", "A package in place of a container.", { bytes: () => basePackage("base") }),
  hostile("header-cut-off", "MPK-B001", "The file ends inside the header.", {
    bytes: (b) => b.subarray(0, 50),
  }),
  hostile(
    "larger-than-512-mib",
    "MPK-C001",
    "A container of more than 512 MiB.",
    {},
    { sparseBytes: 512 * 2 ** 20 + 1 },
  ),
  hostile("header-1025", "MPK-B002", "A header of 1,025 bytes.", {
    headerBytes: (c) => Buffer.concat([c, Buffer.alloc(1025 - c.length, " ")]),
  }),
  hostile(
    "header-length-beyond",
    "MPK-B002",
    "A header that would be longer than the file, and than any header.",
    {
      headerLength: 2 ** 32 - 1,
    },
  ),
  hostile("header-not-canonical", "MPK-B002", "A header that is not canonical JSON.", {
    headerBytes: (c) => Buffer.concat([c, Buffer.from("\n")]),
  }),
  hostile("header-not-json", "MPK-B002", "A header that is no JSON.", { headerBytes: () => utf8("header") }),
  hostile(
    "header-array",
    "MPK-B002",
    "A header that is a list.",
    head((h) => [h]),
  ),
  hostile(
    "header-key-more",
    "MPK-B002",
    "A header with a key that is not on the page.",
    head((h) => void (h.x = 1)),
  ),
  hostile(
    "header-key-missing",
    "MPK-B002",
    "A header without a content digest.",
    head((h) => void delete h.content),
  ),
  hostile(
    "version-2",
    "MPK-B002",
    "Version 2.",
    head((h) => void (h.v = 2)),
  ),
  hostile(
    "base-form",
    "MPK-B002",
    "A base digest in upper case.",
    head((h) => void (h.base = "A".repeat(64))),
  ),
  hostile(
    "content-form",
    "MPK-B002",
    "A content digest of 63 digits.",
    head((h) => void (h.content = "0".repeat(63))),
  ),
  hostile(
    "meta-two",
    "MPK-B002",
    "Two sizes in place of three.",
    head((h) => void h.meta.pop()),
  ),
  hostile(
    "meta-four",
    "MPK-B002",
    "Four sizes.",
    head((h) => void h.meta.push(1)),
  ),
  hostile(
    "meta-object",
    "MPK-B002",
    "meta is an object.",
    head((h) => void (h.meta = {})),
  ),
  hostile(
    "meta-text-of-three",
    "MPK-B002",
    "meta is a text of three characters.",
    head((h) => void (h.meta = "111")),
  ),
  hostile(
    "meta-size-text",
    "MPK-B002",
    "A size that is right, as a text.",
    head((h) => void (h.meta[1] = String(h.meta[1]))),
  ),
  hostile(
    "meta-zero",
    "MPK-B002",
    "A developer's envelope of 0 bytes.",
    head((h) => void (h.meta[1] = 0)),
  ),
  hostile(
    "meta-fraction",
    "MPK-B002",
    "A size that is no integer.",
    head((h) => void (h.meta[1] = 0.5)),
  ),
  hostile(
    "meta-text",
    "MPK-B002",
    "A size that is a text.",
    head((h) => void (h.meta[1] = "1")),
  ),
  hostile(
    "digests-too-large",
    "MPK-B002",
    "digests.json of more than 6 MiB.",
    head((h) => void (h.meta[0] = 6 * 2 ** 20 + 1)),
  ),
  hostile(
    "developer-too-large",
    "MPK-B002",
    "A developer's envelope of more than 1 MiB.",
    head((h) => void (h.meta[1] = 2 ** 20 + 1)),
  ),
  hostile(
    "store-too-large",
    "MPK-B002",
    "A store's envelope of more than 1 MiB.",
    head((h) => void (h.meta[2] = 2 ** 20 + 1)),
  ),
  hostile(
    "other-base",
    "MPK-B003",
    "Applied to another release than the one it was made from.",
    {},
    { base: "other" },
  ),
  hostile("no-base", "MPK-B003", "A delta, and no base.", {}, { base: null }),
  hostile(
    "full-with-base",
    "MPK-B003",
    "A compact full container, and a base.",
    { from: null },
    { neighbour: "delta/compact-full" },
  ),
  hostile(
    "damaged-base",
    "MPK-D004",
    "A base whose file was changed: the base is judged first.",
    {},
    { base: "damaged" },
  ),
];

/** A frame of one raw block without content. */
function emptyGroup(): Group {
  const frame = Buffer.from("28b52ffd2000010000", "hex");
  return { dictionary: [], content: NONE, frame: () => frame };
}

const GROUPS: readonly DeltaCase[] = [
  hostile("no-group", "MPK-B008", "No group at all.", { groups: (groups) => void groups.splice(0) }),
  hostile(
    "group-missing",
    "MPK-B008",
    "The last group is missing.",
    { cut: [300], groups: (groups) => void groups.pop() },
    { neighbour: "delta/two-groups" },
  ),
  hostile(
    "group-more",
    "MPK-B008",
    "A group more than the files need.",
    { groups: (groups) => void groups.push({ dictionary: [], content: utf8("more") }) },
    { neighbour: "delta/two-groups" },
  ),
  hostile("byte-more-in-group", "MPK-B008", "A byte more in the last group.", {
    stream: (s) => Buffer.concat([s, Buffer.of(0)]),
  }),
  hostile("byte-after-groups", "MPK-B008", "A byte after the last group.", {
    bytes: (b) => Buffer.concat([b, Buffer.of(0)]),
  }),
  hostile("stream-short", "MPK-B008", "The stream ends a byte early.", { stream: (s) => s.subarray(0, -1) }),
  hostile(
    "group-length-cut-off",
    "MPK-B001",
    "The file ends in a group's length.",
    { cut: [300], groups: (groups) => void groups.pop(), bytes: (b) => Buffer.concat([b, Buffer.of(1, 0)]) },
    { neighbour: "delta/two-groups" },
  ),
  hostile(
    "group-header-cut-off",
    "MPK-B001",
    "A group's header is longer than the file.",
    first((g) => void (g.length = 100_000)),
  ),
  hostile("frame-cut-off", "MPK-B001", "The file ends inside the frame.", {
    bytes: (b) => b.subarray(0, -1),
  }),
  hostile(
    "group-header-too-long",
    "MPK-B004",
    "A group's header of more than 256 KiB.",
    first((g) => void (g.length = 256 * 1024 + 1)),
  ),
  hostile(
    "group-header-not-canonical",
    "MPK-B004",
    "A group's header that is not canonical JSON.",
    first((g) => void (g.headerBytes = (c) => Buffer.concat([c, Buffer.from(" ")]))),
  ),
  hostile(
    "group-key-more",
    "MPK-B004",
    "A group's header with a key that is not on the page.",
    groupHead((h) => void (h.x = 1)),
  ),
  hostile(
    "group-key-missing",
    "MPK-B004",
    "A group's header without a dictionary.",
    groupHead((h) => void delete h.d),
  ),
  hostile(
    "group-array",
    "MPK-B004",
    "A group's header that is a list.",
    groupHead((h) => [h]),
  ),
  hostile(
    "group-size-zero",
    "MPK-B004",
    "A group of 0 bytes.",
    groupHead((h) => void (h.n = 0)),
  ),
  hostile(
    "group-nothing",
    "MPK-B004",
    "A group of 0 bytes, whose frame holds nothing.",
    { cut: [300], groups: (groups) => void groups.splice(1, 0, emptyGroup()) },
    { neighbour: "delta/two-groups" },
  ),
  hostile(
    "group-size-right-text",
    "MPK-B004",
    "A group's size that is right, as a text.",
    groupHead((h) => void (h.n = String(h.n))),
  ),
  hostile(
    "group-size-16-mib-and-1",
    "MPK-B004",
    "A group of 16 MiB and one byte.",
    groupHead((h) => void (h.n = 16 * 2 ** 20 + 1)),
  ),
  hostile(
    "group-size-text",
    "MPK-B004",
    "A group's size that is a text.",
    groupHead((h) => void (h.n = "1")),
  ),
  hostile(
    "frame-size-zero",
    "MPK-B004",
    "A frame of 0 bytes.",
    groupHead((h) => void (h.z = 0)),
  ),
  hostile(
    "frame-size-bound",
    "MPK-B004",
    "A frame that is larger than its content can need.",
    groupHead((h) => void (h.z = h.n + Math.ceil(h.n / 128) + 1025)),
  ),
  hostile(
    "dictionary-object",
    "MPK-B004",
    "A dictionary that is an object.",
    groupHead((h) => void (h.d = {})),
  ),
  hostile(
    "dictionary-4097",
    "MPK-B004",
    "A dictionary of 4,097 ranges.",
    groupHead((h) => void (h.d = Array.from({ length: 4097 }, (_, i) => [4, 2 * i, 1]))),
  ),
  hostile(
    "range-two",
    "MPK-B004",
    "A range of two numbers.",
    groupHead((h) => void (h.d = [[0, 0]])),
  ),
  hostile(
    "range-four",
    "MPK-B004",
    "A range of four numbers.",
    groupHead((h) => void (h.d = [[0, 0, 1, 1]])),
  ),
  hostile(
    "range-text",
    "MPK-B004",
    "A range that is a text.",
    groupHead((h) => void (h.d = ["0"])),
  ),
  hostile(
    "range-object",
    "MPK-B004",
    "A range that is an object with a length of three.",
    groupHead((h) => void (h.d = [{ length: 3 }])),
  ),
  hostile(
    "range-negative",
    "MPK-B004",
    "A range of a file below zero.",
    groupHead((h) => void (h.d = [[-1, 0, 1]])),
  ),
  hostile(
    "range-file-20001",
    "MPK-B004",
    "A range of file 20,001.",
    groupHead((h) => void (h.d = [[20_001, 0, 1]])),
  ),
  hostile(
    "range-offset",
    "MPK-B004",
    "An offset beyond 256 MiB.",
    groupHead((h) => void (h.d = [[0, 256 * 2 ** 20 + 1, 1]])),
  ),
  hostile(
    "range-offset-negative",
    "MPK-B004",
    "An offset below zero.",
    groupHead((h) => void (h.d = [[0, -1, 1]])),
  ),
  hostile(
    "range-length-zero",
    "MPK-B004",
    "A range of 0 bytes.",
    groupHead((h) => void (h.d = [[0, 0, 0]])),
  ),
  hostile(
    "range-length",
    "MPK-B004",
    "A range of more than 8 MiB.",
    groupHead((h) => void (h.d = [[0, 0, 8 * 2 ** 20 + 1]])),
  ),
  hostile("ranges-unsorted", "MPK-B005", "Ranges that do not rise by file.", ranges([5, 0, 1], [0, 0, 1])),
  hostile(
    "ranges-unsorted-offset",
    "MPK-B005",
    "Ranges that do not rise by offset.",
    ranges([0, 5, 1], [0, 0, 1]),
  ),
  hostile(
    "ranges-unsorted-file",
    "MPK-B005",
    "Ranges that rise by offset and not by file.",
    twoRanges([2, 0, 4], [0, 9, 4]),
    { neighbour: "delta/ranges-of-two-files" },
  ),
  hostile("ranges-overlap", "MPK-B005", "Ranges that overlap.", ranges([0, 0, 4], [0, 2, 4])),
  hostile("ranges-touch", "MPK-B005", "Ranges that touch: one would do.", twoRanges([0, 0, 4], [0, 4, 4]), {
    neighbour: "delta/ranges-of-one-file",
  }),
  hostile(
    "ranges-sum",
    "MPK-B005",
    "Ranges of more than 8 MiB in all.",
    ranges([0, 0, 5 * 2 ** 20], [1, 0, 5 * 2 ** 20]),
  ),
  hostile("range-beyond-file", "MPK-B005", "A range that ends beyond its file.", ranges([0, 0, 100_000])),
  hostile(
    "range-beyond-digests",
    "MPK-B005",
    "A range that ends beyond the base's digests.json.",
    ranges([7, 0, 100_000]),
  ),
  hostile("range-no-file", "MPK-B005", "A range of a file that the base does not have.", ranges([8, 0, 1])),
  hostile(
    "range-without-base",
    "MPK-B005",
    "A range, and no base.",
    { from: null, groups: ([g]) => void (g && (g.header = (h: Loose) => void (h.d = [[0, 0, 1]]))) },
    { base: null, neighbour: "delta/compact-full" },
  ),
];

/** A list of so many MiB of zeros, a group for each: nearly nothing as Zstandard has it. */
const zeros = (mib: number): DeltaPlan => ({
  from: null,
  header: (h) => void (h.meta[0] = mib * 2 ** 20),
  stream: () => new Uint8Array(mib * 2 ** 20),
  cut: Array.from({ length: mib - 1 }, () => 2 ** 20),
});
/** The first group says that as much comes out of it as may, and `more`. */
const comingOut = (more: number): DeltaPlan =>
  groupHead((h) => {
    const dictionary = h.d.reduce((sum: number, [, , length]: [number, number, number]) => sum + length, 0);
    h.n = 2 ** 20 + 200 * (h.z + dictionary) + more;
  });
/** Two groups of a byte with dictionaries of `before` bytes and of 8 MiB: 8 MiB and 8 times 2 bytes are allowed. */
const dictionaries = (before: number): DeltaPlan => ({
  cut: [1, 1],
  groups: (groups) => {
    for (const [group, range] of [
      [groups[0], [0, 0, before]],
      [groups[1], [0, 0, 8 * 2 ** 20]],
    ] as const) {
      if (!group) continue;
      group.dictionary = [];
      group.frame = (content) => rawFrame(content);
      group.header = (h) => void (h.d = [range]);
    }
  },
});

/** So many groups: each of a byte, but for the last. */
const groupsOfAByte = (count: number): DeltaPlan => ({
  cut: Array.from({ length: count - 1 }, () => 1),
});

const WORK: readonly DeltaCase[] = [
  hostile(
    "frame-block-129-kib",
    "MPK-B006",
    "A raw block of 129 KiB, which is more than Zstandard allows.",
    {
      from: null,
      digestsBytes: (bytes) => Buffer.concat([bytes, Buffer.alloc(200 * 1024, " ")]),
      groups: ([group]) => {
        if (group) group.frame = (content) => rawFrame(content, 4, () => {}, 129 * 1024);
      },
    },
    { base: null, neighbour: "delta/compact-full" },
  ),
  hostile(
    "work-content-at-bound",
    "MPK-B006",
    "A group that says that 1 MiB and 200 times its bytes come out, which it may; its frame says less.",
    comingOut(0),
  ),
  hostile("work-content", "MPK-B012", "A group that says that one byte more comes out.", comingOut(1)),
  hostile(
    "work-dictionaries-at-bound",
    "MPK-B005",
    "Dictionaries of 8 MiB and 8 times what comes out, which may be; the base is smaller.",
    dictionaries(16),
  ),
  hostile("work-dictionaries", "MPK-B012", "Dictionaries of one byte more.", dictionaries(17)),
  hostile(
    "work-one-small-group",
    "MPK-B009",
    "A group of 1 MiB of zeros, which may be; it is not the list.",
    zeros(1),
    { base: null, neighbour: "delta/compact-full" },
  ),
  hostile(
    "work-many-small-groups",
    "MPK-B012",
    "Six groups of 1 MiB of zeros each: what comes out is summed over all of them.",
    zeros(6),
    { base: null, neighbour: "delta/compact-full" },
  ),
  hostile("work-groups", "MPK-B012", "One group more than 64, all of them small.", groupsOfAByte(65), {
    neighbour: "delta/groups-64",
  }),
];

const FRAMES: readonly DeltaCase[] = [
  hostile(
    "frame-magic",
    "MPK-B006",
    "Another magic than Zstandard's.",
    frame((c) => byteOf(rawFrame(c), 0, () => 0)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-short",
    "MPK-B006",
    "A frame of five bytes.",
    frame((c) => rawFrame(c).subarray(0, 5)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-magic-only",
    "MPK-B006",
    "A frame of Zstandard's magic alone.",
    frame((c) => rawFrame(c).subarray(0, 4)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-skippable",
    "MPK-B006",
    "A skippable frame.",
    frame(() => Buffer.from("502a4d1804000000ffffffff", "hex")),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-checksum",
    "MPK-B006",
    "A frame that says it has a checksum.",
    frame((c) => byteOf(rawFrame(c), 4, (b) => b | 4)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-dictionary-id",
    "MPK-B006",
    "A frame with a dictionary id.",
    frame((c) => byteOf(rawFrame(c), 4, (b) => b | 1)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-reserved-bit",
    "MPK-B006",
    "A frame with its reserved bit set.",
    frame((c) => byteOf(rawFrame(c), 4, (b) => b | 8)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-unused-bit",
    "MPK-B006",
    "A frame with its unused bit set.",
    frame((c) => byteOf(rawFrame(c), 4, (b) => b | 16)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-window",
    "MPK-B006",
    "A frame that is no single segment.",
    frame((c) => byteOf(rawFrame(c), 4, (b) => b & ~0x20)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-size-other",
    "MPK-B006",
    "A frame that says another size than the group's header.",
    frame((c) => byteOf(rawFrame(c), 5, (b) => b ^ 1)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-size-cut-off",
    "MPK-B006",
    "A frame that ends in its size.",
    frame((c) => rawFrame(c, 8).subarray(0, 7)),
    { neighbour: "delta/size-in-8-bytes" },
  ),
  hostile(
    "frame-no-block",
    "MPK-B006",
    "A frame without a block.",
    frame((c) => rawFrame(c).subarray(0, 9)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-block-type",
    "MPK-B006",
    "A block of the reserved type.",
    frame((c) => rawFrame(c, 4, (b) => void (b.type = 3))),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-block-size",
    "MPK-B006",
    "A block that is larger than the content.",
    frame((c) =>
      rawFrame(c, 4, (b) => {
        b.size += 1;
        b.content = Buffer.concat([b.content, Buffer.of(0)]);
      }),
    ),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-block-cut-off",
    "MPK-B006",
    "A frame that ends inside a block.",
    frame((c) => rawFrame(c).subarray(0, -1)),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-no-last-block",
    "MPK-B006",
    "No block says that it is the last.",
    frame((c) => rawFrame(c, 4, (b) => void (b.last = false))),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-trailing-byte",
    "MPK-B006",
    "A byte after the last block.",
    frame((c) => Buffer.concat([rawFrame(c), Buffer.of(0)])),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-second-last-block",
    "MPK-B006",
    "A block without content after the last one.",
    frame((c) => Buffer.concat([rawFrame(c), Buffer.of(1, 0, 0)])),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-damaged",
    "MPK-B007",
    "A compressed block that does not decode.",
    frame((c) =>
      rawFrame(c, 4, (b) => {
        b.type = 2;
        b.content = new Uint8Array(b.size).fill(0xff);
      }),
    ),
    { neighbour: "delta/raw-blocks" },
  ),
  hostile(
    "frame-too-few",
    "MPK-B007",
    "Blocks of fewer bytes than the frame says.",
    frame((c) =>
      rawFrame(c, 4, (b) => {
        b.size -= 1;
        b.content = b.content.subarray(0, -1);
      }),
    ),
    { neighbour: "delta/raw-blocks" },
  ),
];

const empties = Array.from({ length: 20_000 }, (_, index) => `f/${String(index).padStart(5, "0")}`);

const RESULT: readonly DeltaCase[] = [
  hostile(
    "content-other",
    "MPK-B009",
    "digests.json is another than the header announces.",
    head((h) => void (h.content = "0".repeat(64))),
  ),
  hostile("file-changed", "MPK-B010", "A file in the stream is another than digests.json lists.", {
    stream: (s) => byteOf(s, s.length - 1, (b) => b ^ 1),
  }),
  hostile(
    "base-size-other",
    "MPK-B010",
    "A file with the digest of one of the base's, listed with another size: it is looked for in the stream, which holds another.",
    sizeOf("icons/64.png", 1),
  ),
  hostile(
    "list-name",
    "MPK-C013",
    "A name that climbs out of the folder.",
    renamed("data/new.txt", "../evil"),
  ),
  hostile("list-absolute", "MPK-C013", "An absolute name.", renamed("data/new.txt", "/evil")),
  hostile("list-device", "MPK-C014", "A device on Windows.", renamed("data/new.txt", "data/nul")),
  hostile("list-twice", "MPK-C015", "A name twice.", renamed("data/z-empty", "data/new.txt")),
  hostile(
    "list-twice-but-for-case",
    "MPK-C015",
    "Two names that differ in case only.",
    renamed("data/z-empty", "data/NEW.txt"),
  ),
  hostile("list-folder", "MPK-C016", "A folder that is a file.", renamed("data/new.txt", "data/empty/x")),
  hostile("list-meta", "MPK-C017", "A fourth name in META-MOSIS.", more("META-MOSIS/extra")),
  hostile("list-store", "MPK-C015", "META-MOSIS/store.dsse among the files: its name is given twice.", {
    list: (files) => [...files, { h: files[0]?.h, n: 0, p: "META-MOSIS/store.dsse" } as FileDigest],
  }),
  hostile("list-order", "MPK-C018", "Files in another order.", {
    list: (files) => [files[0], files[2], files[1], ...files.slice(3)] as FileDigest[],
  }),
  hostile("list-no-manifest", "MPK-C019", "No manifest.", { list: (files) => files.slice(1) }),
  hostile("list-size", "MPK-C023", "A file of more than 256 MiB.", sizeOf("data/new.txt", 256 * 2 ** 20 + 1)),
  hostile("list-sum", "MPK-C024", "Files of more than 1 GiB in all.", {
    list: (files) =>
      files.map((file) =>
        file.p.startsWith("data/") || file.p === "main.lua" || file.p === "ui/main.rml"
          ? { ...file, n: 256 * 2 ** 20 }
          : file,
      ),
  }),
  hostile("list-20001", "MPK-C004", "20,001 entries.", more(...empties.slice(0, 20_001 - 12))),
  hostile("list-folders-20001", "MPK-C032", "20,001 folders.", more(...namesInFolders(20_001 - 4))),
  hostile("list-commas", "MPK-C004", "More commas than 20,000 entries need: it is not parsed.", {
    digestsBytes: (b) => Buffer.concat([b, Buffer.alloc(60_001, ",")]),
  }),
  hostile("list-malformed", "MPK-D001", "A list with a key that is not on the page.", {
    digestsBytes: (b) => canonicalize({ ...JSON.parse(Buffer.from(b).toString("utf8")), x: 1 }),
  }),
  hostile("list-version-2", "MPK-D001", "A list of version 2.", {
    digestsBytes: (b) => canonicalize({ ...JSON.parse(Buffer.from(b).toString("utf8")), v: 2 }),
  }),
  hostile("list-not-canonical", "MPK-J009", "A list that is not canonical JSON.", {
    digestsBytes: (b) => Buffer.concat([b, Buffer.from("\n")]),
  }),
];

export const DELTA_CASES: readonly DeltaCase[] = [
  ...VALID,
  ...HEADERS,
  ...GROUPS,
  ...WORK,
  ...FRAMES,
  ...RESULT,
];

/** File → SHA-256 of what comes out. */
export async function expectedFiles(): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries([...(await targetFiles())].map(([name, bytes]) => [name, sha256Hex(bytes)]));
}
