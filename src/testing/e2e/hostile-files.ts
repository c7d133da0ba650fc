/** Files that cost a careless reader minutes or gigabytes. Each is made when it is asked for. */
import { deflateSync } from "node:zlib";
import { DEVELOPER_NAME, DIGESTS_NAME } from "../../format/names.ts";
import {
  greyPng,
  PNG_START,
  pngChunk,
  pngHeader,
  sampleFiles,
  sampleManifest,
  utf8,
  withEnvelope,
} from "../../format/testing.ts";
import { type RawEntry, rawArchive, rawEntry, writeRaw } from "../../format/zip/testing.ts";
import { packApp } from "../../format/zip/writer.ts";
import { canonicalize } from "../../signing/json.ts";
import { noise } from "../noise.ts";
import { emptyBlocks, manyBlocks, manyMatches, matchesStream } from "./hostile-pictures.ts";

export type Hostile = {
  readonly what: string;
  readonly code: string;
  readonly make: () => Uint8Array | Promise<Uint8Array>;
  /** Streams of Deflate that every reader has to inflate whole before it can judge the file, where those alone may take 2 s. */
  readonly streams?: () => readonly Uint8Array[];
};

const MIB = 2 ** 20;

function files(manifest: Record<string, unknown> = {}): Map<string, Uint8Array> {
  return sampleFiles().set("manifest.json", canonicalize({ ...sampleManifest(), ...manifest }));
}

function withManifest(bytes: Uint8Array): Uint8Array {
  return writeRaw(rawArchive(sampleFiles().set("manifest.json", bytes)));
}

/** The sample with these entries between the manifest and the other files; their names sort there. */
function withEntries(entries: readonly RawEntry[], manifest: Record<string, unknown> = {}): Uint8Array {
  const archive = rawArchive(files(manifest));
  const [first, ...rest] = archive.entries;
  return writeRaw({ entries: [...(first === undefined ? [] : [first]), ...entries, ...rest] });
}

/** The longest names and, but for a few, the most folders that there can be. */
function manyEntries(folder = "x", bytes: Uint8Array = new Uint8Array(0)): Map<string, Uint8Array> {
  const all = files();
  for (let index = 0; index < 19_990; index++) {
    const number = String(index).padStart(5, "0");
    all.set(`d${number}/${folder.repeat(27)}${"a".repeat(160)}`, bytes);
  }
  return all;
}

/** Two right packages of as many small texts, that have none of them in common. */
export function twoOfManyFiles(): Uint8Array[] {
  return ["x", "y"].map((folder) =>
    writeRaw(rawArchive(manyEntries(folder, utf8(`${folder} and some text`.repeat(300))))),
  );
}

/** The sample with this in the place of its digests.json. */
function withDigests(content: string | Uint8Array): Uint8Array {
  const archive = rawArchive(files());
  archive.entries[archive.entries.length - 1] = rawEntry(
    DIGESTS_NAME,
    typeof content === "string" ? utf8(content) : content,
  );
  return writeRaw(archive);
}

/** Inflates 200 times at most: zeros with just as much noise between as the limit asks for. */
function bomb(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const grains = noise("bomb", 4400);
  for (let at = 0; at + MIB <= sizeBytes; at += MIB) bytes.set(grains, at);
  return bytes;
}

function repeated(unit: Uint8Array, sizeBytes: number): Buffer {
  return Buffer.alloc(Math.floor(sizeBytes / unit.length) * unit.length, unit);
}

function flooded(head: Uint8Array, unit: Uint8Array, grain: (noise: Uint8Array) => Uint8Array): Uint8Array {
  const flood = repeated(unit, MIB - 16_384);
  const grains = grain(noise("flood", 6000));
  return Buffer.concat([head, ...Array.from({ length: 250 }, () => [flood, grains]).flat()]);
}

function withFile(name: string, bytes: Uint8Array, manifest: Record<string, unknown> = {}): Uint8Array {
  return writeRaw(rawArchive(files(manifest).set(name, bytes)));
}

function withScreenshots(count: number, picture: Uint8Array): Uint8Array {
  const names = many(count, (index) => `s${index}.png`);
  const all = files({ screenshots: names.map((src) => ({ src, alt: "Nothing" })) });
  for (const name of names) all.set(name, picture);
  const { entries } = rawArchive(all);
  // Stored, as pictures are: deflated they would inflate to more than the ratio allows.
  return writeRaw({
    entries: entries.map((entry) => (names.includes(entry.name) ? rawEntry(entry.name, picture, 0) : entry)),
  });
}

function widePng(): Uint8Array {
  const pixels = deflateSync(new Uint8Array(3840 * (1 + 3840 * 8)));
  return Buffer.concat([
    PNG_START,
    pngHeader(3840, 3840, 16, 6),
    pngChunk("IDAT", pixels),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

const PAYLOAD_TYPE = "application/vnd.in-toto+json";

async function withDeveloperEnvelope(envelope: Uint8Array): Promise<Uint8Array> {
  return withEnvelope(await packApp(sampleFiles()), DEVELOPER_NAME, envelope);
}

function envelopeOf(certificate: Uint8Array): Uint8Array {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return canonicalize({
    payload: "AAAA",
    payloadType: PAYLOAD_TYPE,
    signatures: [{ cert: base64(certificate), keyid: "0".repeat(64), sig: "AAAA" }],
  });
}

/** DER values inside each other. */
function nestedDer(depth: number): Uint8Array {
  let value = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) {
    const { length } = value;
    const head = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
    value = Buffer.concat([Buffer.from([0x30, ...head]), value]);
  }
  return value;
}

/** A file whose every place where a pattern is tried holds a text that makes patterns go back and forth. */
function longTexts(): Uint8Array {
  const text = (unit: string, length = 60_000) => `${unit.repeat(Math.floor(length / unit.length))}!`;
  return canonicalize({
    ...sampleManifest(),
    id: text("a-"),
    version: text("1.1.1-1"),
    defaultLocale: text("en-"),
    entry: text("a."),
    ui: [text("a/")],
    author: { name: text("e\u0301"), url: `https://${text("a")}`, email: text("a@a.") },
    category: text("a-"),
    icons: [{ size: 64, src: text("a") }],
    permissions: [{ name: text("a.") }],
    runtime: { api: text("1."), lua: "5.4" },
    network: { hosts: [text("*.a-")] },
    telemetry: { events: [text("a_")] },
    locales: [text("en-")],
  });
}

const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

export const HOSTILE: readonly Hostile[] = [
  {
    what: "20,000 entries, each in fourteen folders of its own",
    code: "MPK-C032",
    make: () => {
      const names = many(19_980, (index) => `d${10_000 + index}${"/x".repeat(13)}/${"a".repeat(160)}`);
      return writeRaw(rawArchive(new Map([...files(), ...names.map((name) => [name, utf8("")] as const)])));
    },
  },
  {
    what: "20,000 entries with the longest names, the last local header wrong",
    code: "MPK-C022",
    make: () => {
      const archive = rawArchive(manyEntries());
      const last = archive.entries.at(-1);
      if (last) last.local = { crc: 1 };
      return writeRaw(archive);
    },
  },
  {
    what: "20,000 entries with the longest names, and a digests.json of none",
    code: "MPK-D002",
    make: () => {
      const archive = rawArchive(manyEntries());
      archive.entries[archive.entries.length - 1] = rawEntry(DIGESTS_NAME, utf8('{"files":[],"v":1}'));
      return writeRaw(archive);
    },
  },
  {
    what: "20,000 entries with the longest names, the last one that of the first in another case",
    code: "MPK-C015",
    make: () => {
      const archive = rawArchive(manyEntries());
      const first = archive.entries.find(({ name }) => name.startsWith("d0"));
      const last = archive.entries.pop();
      if (first === undefined || last === undefined) throw new Error("there are no entries");
      const twin = `D${first.name.slice(1, -1)}A`;
      return writeRaw({ entries: [...archive.entries, { ...first, name: twin }, last] });
    },
  },
  {
    what: "20,000 entries of a kilobyte each, and a digests.json of others",
    code: "MPK-D002",
    make: () => {
      const one = rawEntry("b", new Uint8Array(1024).fill(0x61));
      const name = (index: number) => `b${String(index).padStart(5, "0")}`;
      return withEntries(
        many(19_900, (index) => ({ ...one, name: name(index) })),
        { category: "many" },
      );
    },
  },
  {
    what: "a digests.json of 6 MiB, in as many parts as it may have",
    code: "MPK-D002",
    make: () => {
      const line = (index: number) =>
        `{"h":"${"0123456789abcdef".repeat(4)}","n":0,"p":"${"f".repeat(210)}${index}"}`;
      return withDigests(`{"files":[${many(20_000, line).join(",")}],"v":1}`);
    },
  },
  {
    what: "1 GiB inflated from four entries, the last checksum wrong",
    code: "MPK-C030",
    make: () => {
      const whole = rawEntry("b0", bomb(256 * MIB));
      const last = rawEntry("b3", bomb(254 * MIB));
      return withEntries([
        whole,
        { ...whole, name: "b1" },
        { ...whole, name: "b2" },
        { ...last, crc: last.crc ^ 1 },
      ]);
    },
  },
  {
    what: "1 GiB inflated from 16,000 entries, the last checksum wrong",
    code: "MPK-C030",
    make: () => {
      const one = rawEntry("b", new Uint8Array(65_536));
      return withEntries(
        many(16_300, (index) => ({
          ...one,
          name: `b${String(index).padStart(5, "0")}`,
          crc: index === 16_299 ? one.crc ^ 1 : one.crc,
        })),
      );
    },
  },
  {
    what: "50 million empty deflate blocks",
    code: "MPK-C027",
    make: () => {
      const data = repeated(Uint8Array.of(0, 0, 0, 0xff, 0xff), 250_000_000);
      return withEntries([{ name: "b", method: 8, data, size: 0, crc: 0 }]);
    },
  },
  {
    what: "a manifest that is nested a million deep",
    code: "MPK-J005",
    make: () => withManifest(utf8("[".repeat(MIB))),
  },
  {
    what: "a manifest with 300,000 values",
    code: "MPK-M006",
    make: () => withManifest(canonicalize({ ...sampleManifest(), ui: many(300_000, () => ({})) })),
  },
  {
    what: "a manifest with 60,000 permissions",
    code: "MPK-M006",
    make: () =>
      withManifest(
        canonicalize({
          ...sampleManifest(),
          permissions: many(50_000, (index) => ({ name: `a.b${index}` })),
        }),
      ),
  },
  {
    what: "a manifest with 200,000 locales",
    code: "MPK-M007",
    make: () => withManifest(canonicalize({ ...sampleManifest(), locales: many(200_000, () => "en") })),
  },
  {
    what: "a manifest with 100,000 locales, of which only the last is wrong",
    code: "MPK-M014",
    make: () => {
      const letters = (index: number) =>
        many(5, (at) => "abcdefghij"[Math.floor(index / 10 ** at) % 10]).join("");
      return withManifest(canonicalize({ ...sampleManifest(), locales: [...many(100_000, letters), "!"] }));
    },
  },
  {
    what: "a manifest with 70,000 names",
    code: "MPK-M014",
    make: () =>
      withManifest(
        canonicalize({ ...sampleManifest(), name: Object.fromEntries(many(70_000, (i) => [`k${i}!`, ""])) }),
      ),
  },
  {
    what: "a manifest with three faults at each of 24,000 names",
    code: "MPK-M014",
    make: () =>
      withManifest(
        canonicalize({
          ...sampleManifest(),
          name: Object.fromEntries([
            ["en", "Sample"],
            ...many(24_000, (index) => [`AAA-x-${10_000 + index}`, " \u0327\u0301\u0085"]),
          ]),
        }),
      ),
  },
  {
    what: "a manifest that names 19,985 files that are not there",
    code: "MPK-M019",
    make: () => withManifest(canonicalize({ ...sampleManifest(), ui: many(19_985, (i) => `u${i}.rml`) })),
  },
  {
    what: "a manifest with a long text in every place",
    code: "MPK-M005",
    make: () => withManifest(longTexts()),
  },
  {
    what: "an icon of 22 million chunks",
    code: "MPK-P002",
    make: () =>
      withFile(
        "icons/512.png",
        flooded(
          Buffer.concat([PNG_START, pngHeader(512, 512)]),
          pngChunk("teXt", new Uint8Array(0)),
          (grains) => pngChunk("teXt", grains),
        ),
      ),
  },
  {
    what: "a screenshot of 64 million JPEG segments",
    code: "MPK-P008",
    make: () =>
      withFile(
        "s.jpg",
        flooded(Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xe0, 0, 2), (grains) =>
          Buffer.concat([
            Uint8Array.of(0xff, 0xe0, (grains.length + 2) >> 8, (grains.length + 2) & 0xff),
            grains,
          ]),
        ),
        { screenshots: [{ src: "s.jpg", alt: "A flood" }] },
      ),
  },
  {
    what: "eight screenshots of 118 MB of pixels each",
    code: "MPK-P004",
    make: () => withScreenshots(8, widePng()),
  },
  {
    what: "eight screenshots of 22 million matches each, of two bits, with a wrong checksum",
    code: "MPK-P004",
    make: () => withScreenshots(8, manyMatches()),
    streams: () => Array<Uint8Array>(8).fill(matchesStream()),
  },
  {
    what: "a screenshot of 400,000 blocks with codes of their own, with a wrong checksum",
    code: "MPK-P004",
    make: () => withScreenshots(1, manyBlocks()),
  },
  {
    what: "a screenshot of 250 MB of empty blocks with codes of their own",
    code: "MPK-P004",
    make: () => withScreenshots(1, emptyBlocks()),
  },
  {
    what: "an icon of other pixels than its size, at the end of everything else",
    code: "MPK-P006",
    make: () => withFile("icons/64.png", greyPng(65)),
  },
  {
    what: "an envelope of 200,000 signatures",
    code: "MPK-S003",
    make: () =>
      withDeveloperEnvelope(
        canonicalize({ payload: "AAAA", payloadType: PAYLOAD_TYPE, signatures: many(200_000, () => 1) }),
      ),
  },
  {
    what: "a digests.json that is one text of nearly 6 MiB",
    code: "MPK-D001",
    make: () => withDigests(JSON.stringify(Buffer.from(noise("text", 3 * MIB - 100_000)).toString("hex"))),
  },
  {
    what: "a digests.json of nearly 6 MiB whose last byte is no UTF-8",
    code: "MPK-J002",
    make: () =>
      withDigests(
        Buffer.concat([utf8(Buffer.from(noise("text", 3 * MIB - 100_000)).toString("hex")), Buffer.of(0xff)]),
      ),
  },
  {
    what: "a digests.json of as many lists as it has parts for, each as deep as JSON may be",
    code: "MPK-D001",
    make: () =>
      withDigests(`{"files":[${many(59_998, () => "[".repeat(13) + "]".repeat(13)).join(",")}],"v":1}`),
  },
  {
    what: "a digests.json of as many objects as it has parts for, each as deep as JSON may be",
    code: "MPK-D001",
    make: () =>
      withDigests(
        `{"files":[${many(59_998, () => `${'{"a":'.repeat(13)}0${"}".repeat(13)}`).join(",")}],"v":1}`,
      ),
  },
  {
    what: "20,000 entries with the longest names, all as digests.json says, and a certificate of noise",
    code: "MPK-X001",
    make: async () =>
      withEnvelope(await packApp(manyEntries()), DEVELOPER_NAME, envelopeOf(noise("certificate", 1000))),
  },
  {
    what: "an envelope of 90,000 keys",
    code: "MPK-S001",
    make: () =>
      withDeveloperEnvelope(canonicalize(Object.fromEntries(many(90_000, (index) => [`k${index}`, 1])))),
  },
  {
    what: "a certificate of 700 KB of noise",
    code: "MPK-X001",
    make: () => withDeveloperEnvelope(envelopeOf(noise("certificate", 700_000))),
  },
  {
    what: "a certificate nested 15,000 deep",
    code: "MPK-X001",
    make: () => withDeveloperEnvelope(envelopeOf(nestedDer(15_000))),
  },
  {
    what: "a certificate of 300,000 members",
    code: "MPK-X001",
    make: () => {
      const members = repeated(Uint8Array.of(5, 0), 600_000);
      const wrap = (inner: Uint8Array) =>
        Buffer.concat([
          Uint8Array.of(0x30, 0x83, inner.length >> 16, (inner.length >> 8) & 0xff, inner.length & 0xff),
          inner,
        ]);
      return withDeveloperEnvelope(envelopeOf(wrap(wrap(members))));
    },
  },
];
