import { describe, expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import { checkDigests, measureEntries } from "../digests.ts";
import { FINDING_CODES, type FindingCode, FormatError } from "../findings.ts";
import type { Limits } from "../names.ts";
import { bytesSource } from "../source.ts";
import { utf8 } from "../testing.ts";
import { openContainer } from "./reader.ts";
import { type RawArchive, type RawEntry, rawArchive, rawEntry, smallFiles, writeRaw } from "./testing.ts";

type Hostile = readonly [name: string, code: FindingCode, make: () => Uint8Array, limits?: Partial<Limits>];

/** The archive of the small files, changed. */
function changed(change: (archive: RawArchive) => void): () => Uint8Array {
  return () => {
    const archive = rawArchive(smallFiles());
    change(archive);
    return writeRaw(archive);
  };
}

/** The same, where one entry is changed: the manifest is 0, a.txt (compressed) 1, dir/b.bin 2, dir/c (empty) 3, digests 4. */
function entry(index: number, change: (entry: RawEntry, archive: RawArchive) => void): () => Uint8Array {
  return changed((archive) => {
    const found = archive.entries[index];
    if (found === undefined) throw new RangeError("no such entry");
    change(found, archive);
  });
}

/** The small files and more of them, in order, with digests. */
function withFiles(more: Record<string, Uint8Array>): () => Uint8Array {
  return () => writeRaw(rawArchive(new Map([...smallFiles(), ...Object.entries(more)])));
}

/** The small files' archive with one more entry at an index, out of the digests' sight. */
function inserted(index: number, name: string): () => Uint8Array {
  return changed(({ entries }) => entries.splice(index, 0, rawEntry(name, utf8("x"))));
}

function both(
  field: "needed" | "flags" | "method" | "time" | "date" | "packed" | "size" | "crc",
  value: number,
) {
  return (target: RawEntry) => {
    target.local = { [field]: value };
    target.central = { [field]: value };
  };
}

const BYTE = Uint8Array.of(0);
const incompressible = (length: number) => {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
};
const large = (length: number) => Uint8Array.from({ length }, (_, index) => (index ^ (index >> 9)) & 0xff);

const HOSTILE: readonly Hostile[] = [
  ["an empty file", "MPK-C002", () => new Uint8Array(0)],
  ["21 bytes", "MPK-C002", () => new Uint8Array(21)],
  ["text", "MPK-C002", () => utf8("This is no archive, but long enough to be one.")],
  ["cut off in its end record", "MPK-C002", () => writeRaw(rawArchive(smallFiles())).subarray(0, -1)],
  ["a byte after its end", "MPK-C002", changed((archive) => void (archive.after = BYTE))],
  ["a comment", "MPK-C002", changed((archive) => void (archive.comment = utf8("hello")))],
  [
    "a comment that is announced only",
    "MPK-C003",
    changed((archive) => void (archive.end = { commentLength: 3 })),
  ],
  [
    "a comment that hides a second end record",
    "MPK-C005",
    () => {
      const inner = writeRaw(rawArchive(new Map([["manifest.json", utf8("{}")]])));
      const archive = rawArchive(smallFiles());
      archive.comment = inner;
      return writeRaw(archive);
    },
  ],
  ["a disk number", "MPK-C003", changed((archive) => void (archive.end = { disk: 1 }))],
  [
    "the directory on another disk",
    "MPK-C003",
    changed((archive) => void (archive.end = { directoryDisk: 1 })),
  ],
  ["two different counts", "MPK-C003", changed((archive) => void (archive.end = { countHere: 4 }))],
  [
    "a count that is too low",
    "MPK-C006",
    changed((archive) => void (archive.end = { countHere: 4, count: 4 })),
  ],
  [
    "a count that is too high",
    "MPK-C006",
    changed((archive) => void (archive.end = { countHere: 6, count: 6 })),
  ],
  [
    "ZIP64 counts",
    "MPK-C004",
    changed((archive) => void (archive.end = { countHere: 0xffff, count: 0xffff })),
  ],
  [
    "a ZIP64 directory offset",
    "MPK-C005",
    changed((archive) => void (archive.end = { directoryOffset: 0xffffffff })),
  ],
  [
    "a ZIP64 locator before its end record",
    "MPK-C005",
    changed((archive) => void (archive.afterDirectory = new Uint8Array(20))),
  ],
  [
    "a directory size that is too low",
    "MPK-C005",
    changed((archive) => void (archive.end = { directoryBytes: 10 })),
  ],
  ["no entry at all", "MPK-C019", () => writeRaw({ entries: [] })],
  ["too many entries for the store", "MPK-C004", () => writeRaw(rawArchive(smallFiles())), { entries: 4 }],
  [
    "more than 20,000 entries",
    "MPK-C004",
    () => {
      const entries = Array.from({ length: 20_001 }, (_, index) => rawEntry(`f${index}`, BYTE));
      return writeRaw({ entries });
    },
  ],
  [
    "a file too large for the store",
    "MPK-C001",
    () => writeRaw(rawArchive(smallFiles())),
    { fileBytes: 100 },
  ],
  ["bytes before the first entry", "MPK-C020", entry(0, (first) => void (first.before = BYTE))],
  ["a gap between entries", "MPK-C020", entry(1, (target) => void (target.after = BYTE))],
  ["a gap before the directory", "MPK-C020", changed((archive) => void (archive.beforeDirectory = BYTE))],
  ["a gap between directory and end", "MPK-C005", changed((archive) => void (archive.afterDirectory = BYTE))],
  [
    "two records for one entry",
    "MPK-C020",
    changed(({ entries }) => {
      const [first] = entries;
      if (first !== undefined) entries.splice(1, 0, { ...first, name: "a", central: { offset: 0 } });
    }),
  ],
  ["entries that overlap", "MPK-C020", entry(2, (target) => void (target.central = { offset: 40 }))],
  [
    "a record that says another offset",
    "MPK-C020",
    entry(3, (target) => void (target.central = { offset: 0x7fffffff })),
  ],
  ["a record without signature", "MPK-C006", entry(1, (target) => void (target.central = { signature: 0 }))],
  [
    "a record whose name goes on past the directory",
    "MPK-C006",
    entry(4, (target) => void (target.central = { nameLength: 200 })),
  ],
  [
    "a record whose extra field goes on past the directory",
    "MPK-C006",
    entry(4, (target) => void (target.central = { extraLength: 1 })),
  ],
  [
    "a record whose comment goes on past the directory",
    "MPK-C006",
    entry(4, (target) => void (target.central = { commentLength: 1 })),
  ],
  [
    "a record whose extra field goes on into the next one",
    "MPK-C011",
    entry(1, (target) => void (target.central = { extraLength: 1 })),
  ],
  [
    "several constant fields and the method",
    "MPK-C007",
    entry(1, (target) => void (target.central = { flags: 0, time: 1, disk: 1, internal: 1, method: 9 })),
  ],
  ["encryption", "MPK-C007", entry(1, both("flags", 0x0801))],
  ["a data descriptor", "MPK-C007", entry(1, both("flags", 0x0808))],
  ["names that are not marked as UTF-8", "MPK-C007", entry(1, both("flags", 0))],
  ["method deflate64", "MPK-C008", entry(1, both("method", 9))],
  ["method AES", "MPK-C008", entry(1, both("method", 99))],
  ["a version needed of 4.5", "MPK-C009", entry(1, both("needed", 45))],
  ["made by MS-DOS", "MPK-C009", entry(1, (target) => void (target.central = { madeBy: 0x0014 }))],
  ["a time", "MPK-C010", entry(1, both("time", 1))],
  ["a date", "MPK-C010", entry(1, both("date", 0x5a21))],
  [
    "an extra field in the directory",
    "MPK-C011",
    entry(1, (target) => void (target.centralExtra = new Uint8Array(4))),
  ],
  [
    "an extra field in the local header",
    "MPK-C020",
    entry(1, (target) => void (target.localExtra = new Uint8Array(4))),
  ],
  [
    "a Unicode path extra field in both",
    "MPK-C011",
    entry(1, (target) => {
      target.localExtra = Uint8Array.of(0x75, 0x70, 0, 0);
      target.centralExtra = Uint8Array.of(0x75, 0x70, 0, 0);
    }),
  ],
  ["an entry's comment", "MPK-C011", entry(1, (target) => void (target.comment = utf8("x")))],
  ["an entry on another disk", "MPK-C011", entry(1, (target) => void (target.central = { disk: 1 }))],
  ["internal attributes", "MPK-C012", entry(1, (target) => void (target.central = { internal: 1 }))],
  ["a symbolic link", "MPK-C012", entry(1, (target) => void (target.central = { external: 0o120777 << 16 }))],
  [
    "a folder's attributes",
    "MPK-C012",
    entry(1, (target) => void (target.central = { external: (0o40755 << 16) | 0x10 })),
  ],
  ["an executable", "MPK-C012", entry(1, (target) => void (target.central = { external: 0o100755 << 16 }))],
  [
    "a set-user-id bit",
    "MPK-C012",
    entry(1, (target) => void (target.central = { external: 0o104644 << 16 })),
  ],
  ["a folder entry", "MPK-C013", inserted(1, "a/")],
  ["a path that climbs", "MPK-C013", inserted(1, "../evil")],
  ["a path that climbs inside", "MPK-C013", inserted(1, "a/../../evil")],
  ["an absolute path", "MPK-C013", inserted(1, "/etc/passwd")],
  ["a drive letter", "MPK-C013", inserted(1, "C:evil")],
  ["a backslash", "MPK-C013", inserted(1, "a\\b")],
  ["a NUL in a name", "MPK-C013", inserted(1, "a\0.lua")],
  ["a name in UTF-8", "MPK-C013", inserted(1, "\u00c3\u00a4.lua")],
  ["a hidden file", "MPK-C013", inserted(1, ".profile")],
  ["a segment with a dot at its end", "MPK-C013", inserted(1, "a./b")],
  ["a space", "MPK-C013", inserted(1, "a b")],
  ["an empty segment", "MPK-C013", inserted(1, "a//b")],
  ["an empty name", "MPK-C013", inserted(1, "")],
  ["a name of 200 bytes and 17 segments", "MPK-C013", inserted(1, `${"a/".repeat(16)}b`)],
  ["a name of 201 bytes", "MPK-C005", () => writeRaw({ entries: [rawEntry("a".repeat(201), BYTE)] })],
  ["a name of 201 bytes among others", "MPK-C013", inserted(1, "a".repeat(201))],
  ["a Windows device", "MPK-C014", inserted(1, "dir/aux.lua")],
  ["a Windows device in capitals", "MPK-C014", inserted(1, "NUL")],
  ["a Windows device as a folder", "MPK-C014", inserted(1, "com7/x")],
  ["a name twice", "MPK-C015", inserted(2, "a.txt")],
  ["a name twice but for case", "MPK-C015", inserted(1, "A.TXT")],
  ["a folder in two spellings", "MPK-C016", inserted(1, "DIR/z")],
  ["a file that is also a folder", "MPK-C016", inserted(1, "dir")],
  ["a folder that is also a file", "MPK-C016", inserted(2, "a.txt/b")],
  ["too many folders for the store", "MPK-C032", () => writeRaw(rawArchive(smallFiles())), { folders: 1 }],
  ["another file in META-MOSIS", "MPK-C017", inserted(5, "META-MOSIS/extra")],
  ["meta-mosis", "MPK-C017", inserted(1, "meta-mosis/digests.json")],
  ["META-MOSIS as a file", "MPK-C017", inserted(1, "META-MOSIS")],
  ["META-MOSIS with something below a name", "MPK-C017", inserted(5, "META-MOSIS/digests.json/x")],
  [
    "files out of order",
    "MPK-C018",
    changed(({ entries }) => void entries.splice(1, 2, ...entries.slice(1, 3).reverse())),
  ],
  [
    "the manifest not first",
    "MPK-C018",
    changed(({ entries }) => void entries.splice(0, 2, ...entries.slice(0, 2).reverse())),
  ],
  [
    "the digests not last",
    "MPK-C018",
    changed(({ entries }) => void entries.splice(3, 2, ...entries.slice(3, 5).reverse())),
  ],
  ["no manifest", "MPK-C019", changed(({ entries }) => void entries.shift())],
  ["no digests", "MPK-C019", changed(({ entries }) => void entries.pop())],
  ["a store's envelope without a developer's", "MPK-C019", inserted(5, "META-MOSIS/store.dsse")],
  [
    "a store's envelope without a developer's, before the digests",
    "MPK-C019",
    inserted(4, "META-MOSIS/store.dsse"),
  ],
  [
    "a local header that is none",
    "MPK-C021",
    entry(1, (target) => void (target.local = { signature: 0x08074b50 })),
  ],
  ["another name in the local header", "MPK-C022", entry(1, (target) => void (target.localName = "b.txt"))],
  [
    "another method in the local header",
    "MPK-C022",
    entry(1, (target) => void (target.local = { method: 0 })),
  ],
  ["another size in the local header", "MPK-C022", entry(1, (target) => void (target.local = { size: 1 }))],
  ["another CRC in the local header", "MPK-C022", entry(1, (target) => void (target.local = { crc: 1 }))],
  [
    "encryption in the local header only",
    "MPK-C022",
    entry(1, (target) => void (target.local = { flags: 0x0801 })),
  ],
  [
    "an extra length in the local header only",
    "MPK-C022",
    entry(1, (target) => void (target.local = { extraLength: 4 })),
  ],
  [
    "an entry too large for the store",
    "MPK-C023",
    () => writeRaw(rawArchive(smallFiles())),
    { entryBytes: 500 },
  ],
  ["an entry of 4 GiB", "MPK-C023", entry(1, both("size", 0xffffffff))],
  [
    "contents too large for the store",
    "MPK-C024",
    () => writeRaw(rawArchive(smallFiles())),
    { totalBytes: 800 },
  ],
  [
    "1.25 GiB in entries that announce 250 MiB each",
    "MPK-C024",
    () => {
      const entries = Array.from({ length: 5 }, (_, index) => {
        const bomb = rawEntry(`f${index}`, incompressible(2 ** 21), 8);
        return { ...bomb, size: 250 * 2 ** 20 };
      });
      const { entries: small } = rawArchive(new Map([["manifest.json", utf8("{}")]]));
      return writeRaw({ entries: [...small.slice(0, 1), ...entries, ...small.slice(1)] });
    },
  ],
  ["a bomb that says so", "MPK-C025", withFiles({ bomb: new Uint8Array(2 ** 21) })],
  [
    "a bomb that says nothing",
    "MPK-C029",
    () => {
      const archive = rawArchive(smallFiles());
      const bomb = rawEntry("bomb", new Uint8Array(2 ** 24), 8);
      archive.entries.splice(2, 0, { ...bomb, size: 100 });
      return writeRaw(archive);
    },
  ],
  [
    "a large bomb that says nothing",
    "MPK-C029",
    () => {
      const archive = rawArchive(smallFiles());
      const bomb = rawEntry("bomb", new Uint8Array(2 ** 27), 8);
      archive.entries.splice(2, 0, { ...bomb, size: 2 ** 20 });
      return writeRaw(archive);
    },
  ],
  [
    "a stored entry with two sizes",
    "MPK-C026",
    entry(2, (target) => {
      target.method = 0;
      target.size += 1;
    }),
  ],
  [
    "deflate data that is none",
    "MPK-C027",
    entry(1, (target) => void (target.data = new Uint8Array(target.data.length).fill(0xff))),
  ],
  [
    "deflate data that is cut off",
    "MPK-C027",
    entry(1, (target) => void (target.data = target.data.subarray(0, -1))),
  ],
  ["no deflate data", "MPK-C027", entry(1, (target) => void (target.data = new Uint8Array(0)))],
  ["an empty entry with empty deflate data", "MPK-C027", entry(3, (target) => void (target.method = 8))],
  [
    "a deflate stream without a last block",
    "MPK-C027",
    entry(1, (target) => void (target.data = deflateRawSync(utf8("x"), { finishFlush: 2 }))),
  ],
  [
    "a byte after the deflate stream",
    "MPK-C028",
    entry(1, (target) => void (target.data = Buffer.concat([target.data, BYTE]))),
  ],
  [
    "a second deflate stream",
    "MPK-C028",
    entry(1, (target) => void (target.data = Buffer.concat([target.data, target.data]))),
  ],
  ["a size that is too low", "MPK-C029", entry(1, (target) => void target.size--)],
  ["a size that is too high", "MPK-C029", entry(1, (target) => void target.size++)],
  ["another CRC in both headers", "MPK-C030", entry(1, (target) => void (target.crc ^= 1))],
  ["another CRC of a stored entry", "MPK-C030", entry(0, (target) => void (target.crc ^= 1))],
];

/** Faults of an entry that is too large to be inflated at once. */
const LARGE: readonly (readonly [string, FindingCode, (entry: RawEntry) => void])[] = [
  ["a byte after the stream", "MPK-C028", (large) => void (large.data = Buffer.concat([large.data, BYTE]))],
  [
    "300 KB after the stream",
    "MPK-C028",
    (large) => void (large.data = Buffer.concat([large.data, new Uint8Array(300_000)])),
  ],
  ["the stream cut off by a byte", "MPK-C027", (large) => void (large.data = large.data.subarray(0, -1))],
  [
    "the stream cut off by half",
    "MPK-C027",
    (large) => void (large.data = large.data.subarray(0, large.data.length / 2)),
  ],
  [
    "a stream of stored blocks and a byte more",
    "MPK-C028",
    (large) => {
      large.data = Buffer.concat([deflateRawSync(incompressible(2_000_000), { level: 0 }), BYTE]);
    },
  ],
  ["a size that is too low", "MPK-C029", (large) => void large.size--],
  ["a size that is too high", "MPK-C029", (large) => void large.size++],
  ["another CRC", "MPK-C030", (large) => void (large.crc ^= 1)],
  ["a broken stream", "MPK-C027", (large) => void large.data.fill(0xff, 1000, 1100)],
];

async function read(bytes: Uint8Array, limits?: Partial<Limits>): Promise<unknown> {
  try {
    const container = await openContainer(bytesSource(bytes), limits);
    checkDigests(await measureEntries(container), container);
    return "accepted";
  } catch (error) {
    return error;
  }
}

async function expectRefusal(bytes: Uint8Array, code: FindingCode, limits?: Partial<Limits>): Promise<void> {
  const error = await read(bytes, limits);
  if (!(error instanceof FormatError)) throw error;
  expect(error.code).toBe(code);
  const [finding] = error.findings;
  expect(finding.section).toBe("container");
  expect(finding.found ?? "").not.toBe("");
  expect(finding.expected ?? "").not.toBe("");
  expect(finding.entry ?? finding.offset ?? finding.found).toBeDefined();
}

test("the archives that the table changes are accepted unchanged", async () => {
  expect(await read(writeRaw(rawArchive(smallFiles())))).toBe("accepted");
  expect(await read(withFiles({ large: large(2_000_000) })())).toBe("accepted");
});

describe("a hostile archive is refused", () => {
  // Rest parameters: to a function with one parameter more than its row, the runner gives a callback to wait for.
  test.each(HOSTILE)("%s: %s", async (...[, code, make, limits]) => {
    const bytes = make();
    const start = performance.now();
    await expectRefusal(bytes, code, limits);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test.each(LARGE)("in a large entry: %s: %s", async (_name, code, change) => {
    const archive = rawArchive(new Map([...smallFiles(), ["large", large(2_000_000)]]));
    const target = archive.entries.find(({ name }) => name === "large");
    if (target === undefined) throw new RangeError("no large entry");
    change(target);
    await expectRefusal(writeRaw(archive), code);
  });

  test("every code of the container has its archive", () => {
    const tested = new Set(HOSTILE.map(([, code]) => code));
    const codes = Object.keys(FINDING_CODES).filter(
      (code) => code.startsWith("MPK-C") && code !== "MPK-C031",
    );
    expect(codes.filter((code) => !tested.has(code as FindingCode))).toEqual([]);
  });
});

describe("digests.json is refused", () => {
  const digests = (change: (text: string) => string): Uint8Array => {
    const archive = rawArchive(smallFiles());
    const at = archive.entries.length - 1;
    const text = new TextDecoder().decode(writeDigests(archive));
    archive.entries[at] = rawEntry("META-MOSIS/digests.json", utf8(change(text)), 0);
    return writeRaw(archive);
  };
  const writeDigests = (archive: RawArchive): Uint8Array => {
    const last = archive.entries.at(-1);
    if (last === undefined) throw new RangeError("no digests");
    return last.method === 0 ? last.data : new Uint8Array(Bun.inflateSync(new Uint8Array(last.data)));
  };
  test.each<readonly [string, FindingCode, (text: string) => string]>([
    ["with white space", "MPK-J009", (text) => ` ${text}`],
    ["cut off", "MPK-J004", (text) => text.slice(0, -1)],
    ["with another member", "MPK-D001", (text) => text.replace('"v":1', '"v":1,"w":2')],
    ["of another version", "MPK-D001", (text) => text.replace('"v":1', '"v":2')],
    [
      "with a digest in capitals",
      "MPK-D001",
      (text) => text.replace(/"h":"([0-9a-f]+)"/, (_, h: string) => `"h":"${h.toUpperCase()}A"`),
    ],
    ["without a file", "MPK-D002", (text) => text.replace(/,\{[^}]*"p":"dir\/c"\}/, "")],
    [
      "with a file more",
      "MPK-D002",
      (text) => text.replace("]", `,{"h":"${"0".repeat(64)}","n":0,"p":"zzz"}]`),
    ],
    [
      "with files in another order",
      "MPK-D002",
      (text) => text.replace(/(\{"h"[^}]*\}),(\{"h"[^}]*\})/, "$2,$1"),
    ],
    ["with another size", "MPK-D003", (text) => text.replace('"n":300', '"n":301')],
    [
      "with another digest",
      "MPK-D004",
      (text) => text.replace(/"h":"[0-9a-f]{64}"/, `"h":"${"0".repeat(64)}"`),
    ],
    ["that is long, with white space", "MPK-J009", (text) => text + " ".repeat(2 ** 20)],
  ])("%s: %s", async (_name, code, change) => {
    const error = await read(digests(change));
    if (!(error instanceof FormatError)) throw error;
    expect(error.code).toBe(code);
    expect(error.findings[0]).toMatchObject({ section: "digests", entry: "META-MOSIS/digests.json" });
  });
});
