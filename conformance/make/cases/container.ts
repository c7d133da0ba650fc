/** Hostile containers (package format §1). What is signed fits to what is there: only the container's own rule is broken. */
import { deflateRaw } from "pako";
import { utf8 } from "../../../src/format/testing.ts";
import type { RawArchive, RawEntry } from "../../../src/format/zip/testing.ts";
import { writeRaw } from "../../../src/format/zip/testing.ts";
import { hostile, type PackageCase } from "../case.ts";
import { storedBlocks } from "../deflate.ts";
import { inFolders } from "../folders.ts";
import { entryOf, type PackagePlan } from "../packages.ts";

const BYTE = Uint8Array.of(0);

/** Changes the entry main.lua, which is deflated, before anything is signed. */
const lua = (change: (entry: RawEntry) => void): PackagePlan => named("main.lua", change);

function named(name: string, change: (entry: RawEntry) => void): PackagePlan {
  return { archive: (archive) => change(find(archive, name)) };
}

function find(archive: RawArchive, name: string): RawEntry {
  const entry = archive.entries.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`there is no entry ${name}`);
  return entry;
}

type Shared = "needed" | "flags" | "method" | "time" | "date" | "packed" | "size" | "crc";
const both = (field: Shared, value: number) => (entry: RawEntry) => {
  entry.local = { ...entry.local, [field]: value };
  entry.central = { ...entry.central, [field]: value };
};
const whole = (change: (archive: RawArchive) => void): PackagePlan => ({ whole: change });
const file = (name: string): PackagePlan => ({ files: { [name]: utf8("x") } });
/** An entry that digests.json does not list, as the ones of META-MOSIS are. */
const beforeDigests = (name: string): PackagePlan => ({
  archive: ({ entries }) => void entries.splice(-1, 0, entryOf(name, utf8("x"))),
});

const END_RECORD: readonly PackageCase[] = [
  hostile("container/empty-file", "MPK-C002", "1", "An empty file.", { bytes: () => new Uint8Array(0) }),
  hostile("container/21-bytes", "MPK-C002", "1", "One byte less than an end record.", {
    bytes: (bytes) => bytes.subarray(-21),
  }),
  hostile("container/text", "MPK-C002", "1", "A text, long enough to be an archive.", {
    bytes: () => utf8("This is no archive, but long enough to be one."),
  }),
  hostile("container/cut-off", "MPK-C002", "1", "The last byte is missing.", {
    bytes: (bytes) => bytes.subarray(0, -1),
  }),
  hostile("container/cut-in-half", "MPK-C002", "1", "The second half is missing.", {
    bytes: (bytes) => bytes.subarray(0, bytes.length >> 1),
  }),
  hostile(
    "container/byte-after-end",
    "MPK-C002",
    "1",
    "One byte follows the end record.",
    whole((a) => void (a.after = BYTE)),
  ),
  hostile(
    "container/comment",
    "MPK-C002",
    "1",
    "The archive has a comment: the end record is not in the last 22 bytes.",
    whole((a) => void (a.comment = utf8("hello"))),
  ),
  hostile(
    "container/comment-announced",
    "MPK-C003",
    "1",
    "A comment of three bytes is announced and not there.",
    whole((a) => void (a.end = { commentLength: 3 })),
  ),
  hostile(
    "container/second-archive-in-comment",
    "MPK-C005",
    "1",
    "The comment is a whole archive of its own: two readers see two packages.",
    whole((a) => void (a.comment = writeRaw({ entries: [entryOf("manifest.json", utf8("{}"))] }))),
  ),
  hostile(
    "container/disk-number",
    "MPK-C003",
    "1",
    "The end record says that this is disk 1.",
    whole((a) => void (a.end = { disk: 1 })),
  ),
  hostile(
    "container/directory-disk",
    "MPK-C003",
    "1",
    "The directory starts on disk 1.",
    whole((a) => void (a.end = { directoryDisk: 1 })),
  ),
  hostile(
    "container/two-counts",
    "MPK-C003",
    "1",
    "The two counts of entries differ.",
    whole((a) => void (a.end = { countHere: a.entries.length - 1 })),
  ),
  hostile(
    "container/count-too-low",
    "MPK-C006",
    "1",
    "Both counts are one less than the directory has.",
    whole((a) => void (a.end = { countHere: a.entries.length - 1, count: a.entries.length - 1 })),
  ),
  hostile(
    "container/count-too-high",
    "MPK-C006",
    "1",
    "Both counts are one more than the directory has.",
    whole((a) => void (a.end = { countHere: a.entries.length + 1, count: a.entries.length + 1 })),
  ),
  hostile(
    "container/zip64-counts",
    "MPK-C004",
    "1",
    "Counts of 0xffff stand for ZIP64.",
    whole((a) => void (a.end = { countHere: 0xffff, count: 0xffff })),
  ),
  hostile(
    "container/zip64-offset",
    "MPK-C005",
    "1",
    "A directory offset of 0xffffffff stands for ZIP64.",
    whole((a) => void (a.end = { directoryOffset: 0xffffffff })),
  ),
  hostile(
    "container/zip64-locator",
    "MPK-C005",
    "1",
    "Twenty bytes, the length of a ZIP64 locator, stand before the end record.",
    whole((a) => void (a.afterDirectory = new Uint8Array(20))),
  ),
  hostile("container/directory-size-low", "MPK-C005", "1", "The directory's size is one byte too low.", {
    bytes: endField(12, -1),
  }),
  hostile("container/directory-size-high", "MPK-C005", "1", "The directory's size is one byte too high.", {
    bytes: endField(12, 1),
  }),
  hostile("container/directory-offset-low", "MPK-C005", "1", "The directory's offset is one byte too low.", {
    bytes: endField(16, -1),
  }),
  hostile(
    "container/directory-early",
    "MPK-C020",
    "1",
    "Offset and size of the directory agree with the end record, and begin at the last entry's data: it does not follow the last entry.",
    { bytes: (bytes) => bytes, whole: (a) => void (a.beforeDirectory = BYTE) },
  ),
  hostile("container/no-entries", "MPK-C019", "1", "An archive without entries: 22 bytes.", {
    bytes: () => writeRaw({ entries: [] }),
  }),
  hostile(
    "container/directory-too-small",
    "MPK-C005",
    "1",
    "One entry, and a directory of a single byte, which no record fits into.",
    { bytes: () => smallDirectory(1) },
  ),
  hostile(
    "container/directory-too-large",
    "MPK-C005",
    "1",
    "One entry, and a directory larger than one record of the longest name.",
    { bytes: () => smallDirectory(247) },
  ),
  hostile(
    "container/20001-entries",
    "MPK-C004",
    "1",
    "20,001 entries, one more than a package may have.",
    {
      files: Object.fromEntries(
        Array.from({ length: 20_001 - 10 }, (_, index) => [
          `f/${String(index).padStart(5, "0")}`,
          new Uint8Array(0),
        ]),
      ),
    },
    { neighbour: "valid/20000-entries" },
  ),
  hostile(
    "container/512-mib-and-1",
    "MPK-C001",
    "1",
    "A file of 512 MiB and one byte.",
    {},
    { sparseBytes: 512 * 2 ** 20 + 1 },
  ),
];

function smallDirectory(length: number): Uint8Array {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(length, 12);
  return Buffer.concat([Buffer.alloc(length), end]);
}

function endField(at: number, by: number) {
  return (bytes: Uint8Array): Uint8Array => {
    const copy = Buffer.from(bytes);
    const field = copy.length - 22 + at;
    copy.writeUInt32LE(copy.readUInt32LE(field) + by, field);
    return copy;
  };
}

const LAYOUT: readonly PackageCase[] = [
  hostile(
    "container/bytes-before",
    "MPK-C020",
    "1",
    "A byte stands before the first entry, as in a self-extracting archive.",
    named("manifest.json", (e) => void (e.before = BYTE)),
  ),
  hostile(
    "container/gap",
    "MPK-C020",
    "1",
    "A byte stands between two entries.",
    lua((e) => void (e.after = BYTE)),
  ),
  hostile(
    "container/gap-before-directory",
    "MPK-C020",
    "1",
    "A byte stands between the last entry and the directory.",
    whole((a) => void (a.beforeDirectory = BYTE)),
  ),
  hostile(
    "container/gap-after-directory",
    "MPK-C005",
    "1",
    "A byte stands between the directory and the end record.",
    whole((a) => void (a.afterDirectory = BYTE)),
  ),
  hostile(
    "container/byte-inside-directory",
    "MPK-C006",
    "1",
    "A byte more stands inside the directory, after its last record, and its size says so.",
    {
      whole: (a) => {
        a.afterDirectory = BYTE;
      },
      bytes: endField(12, 1),
    },
  ),
  hostile(
    "container/overlap",
    "MPK-C020",
    "1",
    "Two records name the same local header: one of them is never seen by a reader of the stream.",
    named("ui/main.rml", (e) => void (e.central = { offset: 0 })),
  ),
  hostile(
    "container/offset-beyond",
    "MPK-C020",
    "1",
    "A record names an offset beyond the file.",
    lua((e) => void (e.central = { offset: 0x7fffffff })),
  ),
  hostile(
    "container/record-signature",
    "MPK-C006",
    "1",
    "A directory record has another signature.",
    lua((e) => void (e.central = { signature: 0x02014b51 })),
  ),
  hostile(
    "container/record-name-too-long",
    "MPK-C006",
    "1",
    "The last record's name goes on past the directory's end.",
    { storeEntry: (e) => void (e.central = { nameLength: 200 }) },
  ),
  hostile(
    "container/record-extra-too-long",
    "MPK-C006",
    "1",
    "The last record says that its extra field goes on past the directory's end: it is not whole, whatever may stand in an extra field.",
    { storeEntry: (e) => void (e.central = { extraLength: 1 }) },
  ),
  hostile(
    "container/record-comment-too-long",
    "MPK-C006",
    "1",
    "The last record says that its comment goes on past the directory's end.",
    { storeEntry: (e) => void (e.central = { commentLength: 1 }) },
  ),
  hostile(
    "container/record-extra-into-next",
    "MPK-C011",
    "1",
    "A record says that its extra field goes on into the next record, which lies within the directory: there is one.",
    lua((e) => void (e.central = { extraLength: 1 })),
  ),
  hostile(
    "container/local-signature",
    "MPK-C021",
    "1",
    "There is no local header where the directory says.",
    lua((e) => void (e.local = { signature: 0x04034b51 })),
  ),
  hostile(
    "container/local-name",
    "MPK-C022",
    "1",
    "The local header has another name of the same length: readers of the stream see another file.",
    lua((e) => void (e.localName = "evil.lua")),
  ),
  hostile(
    "container/local-name-length",
    "MPK-C022",
    "1",
    "The local header says another name length.",
    lua((e) => void (e.local = { nameLength: 7 })),
  ),
  hostile(
    "container/local-extra-length",
    "MPK-C022",
    "1",
    "The local header says that there is an extra field.",
    lua((e) => void (e.local = { extraLength: 1 })),
  ),
  hostile(
    "container/local-crc",
    "MPK-C022",
    "1",
    "The local header has another CRC-32.",
    lua((e) => void (e.local = { crc: 0 })),
  ),
  hostile(
    "container/local-size",
    "MPK-C022",
    "1",
    "The local header has another size.",
    lua((e) => void (e.local = { size: 1 })),
  ),
  hostile(
    "container/local-packed-size",
    "MPK-C022",
    "1",
    "The local header has another compressed size.",
    lua((e) => void (e.local = { packed: 1 })),
  ),
  hostile(
    "container/local-method",
    "MPK-C022",
    "1",
    "The local header says stored, the directory deflated.",
    lua((e) => void (e.local = { method: 0 })),
  ),
  hostile(
    "container/local-flags",
    "MPK-C022",
    "1",
    "The local header announces a data descriptor.",
    lua((e) => void (e.local = { flags: 0x0808 })),
  ),
  hostile(
    "container/local-date",
    "MPK-C022",
    "1",
    "The local header has a real date.",
    lua((e) => void (e.local = { date: 0x5a21 })),
  ),
  hostile(
    "container/local-time",
    "MPK-C022",
    "1",
    "The local header has a time.",
    lua((e) => void (e.local = { time: 1 })),
  ),
  hostile(
    "container/local-version",
    "MPK-C022",
    "1",
    "The local header needs version 4.5.",
    lua((e) => void (e.local = { needed: 45 })),
  ),
];

const FIELDS: readonly PackageCase[] = [
  hostile(
    "container/encrypted",
    "MPK-C007",
    "1",
    "An entry says that it is encrypted.",
    lua(both("flags", 0x0801)),
  ),
  hostile(
    "container/data-descriptor",
    "MPK-C007",
    "1",
    "An entry says that a data descriptor follows.",
    lua(both("flags", 0x0808)),
  ),
  hostile(
    "container/no-utf8-flag",
    "MPK-C007",
    "1",
    "An entry does not say that its name is UTF-8.",
    lua(both("flags", 0)),
  ),
  hostile("container/deflate64", "MPK-C008", "1", "Method 9, deflate64.", lua(both("method", 9))),
  hostile("container/zstd", "MPK-C008", "1", "Method 93, Zstandard.", lua(both("method", 93))),
  hostile("container/aes", "MPK-C008", "1", "Method 99, AES.", lua(both("method", 99))),
  hostile(
    "container/version-needed",
    "MPK-C009",
    "1",
    "An entry needs version 4.5.",
    lua(both("needed", 45)),
  ),
  hostile(
    "container/made-by-dos",
    "MPK-C009",
    "1",
    "Made by MS-DOS, where attributes mean something else.",
    lua((e) => void (e.central = { madeBy: 0x0014 })),
  ),
  hostile("container/time", "MPK-C010", "1", "An entry has a time of day.", lua(both("time", 0x6000))),
  hostile("container/date", "MPK-C010", "1", "An entry has a real date.", lua(both("date", 0x5c61))),
  hostile(
    "container/extra-in-directory",
    "MPK-C011",
    "1",
    "A record has an extra field.",
    lua((e) => void (e.centralExtra = Uint8Array.of(0xfe, 0xca, 0, 0))),
  ),
  hostile(
    "container/extra-in-local-header",
    "MPK-C020",
    "1",
    "A local header has an extra field: the next entry starts later than it may.",
    lua((e) => void (e.localExtra = Uint8Array.of(0xfe, 0xca, 0, 0))),
  ),
  hostile(
    "container/unicode-path",
    "MPK-C011",
    "1",
    "A Unicode path extra field in both headers gives the entry another name.",
    lua((e) => {
      const extra = Buffer.concat([Buffer.from("75700d000100000000", "hex"), Buffer.from("evil.lua")]);
      e.localExtra = extra;
      e.centralExtra = extra;
    }),
  ),
  hostile(
    "container/entry-comment",
    "MPK-C011",
    "1",
    "A record has a comment.",
    lua((e) => void (e.comment = utf8("x"))),
  ),
  hostile(
    "container/entry-disk",
    "MPK-C011",
    "1",
    "An entry starts on disk 1.",
    lua((e) => void (e.central = { disk: 1 })),
  ),
  hostile(
    "container/fields-version-first",
    "MPK-C009",
    "1",
    "All constant fields of a record are wrong: the first one counts, as they stand there.",
    lua((e) => {
      const [needed, flags, time, date] = [45, 0x0808, 0x6000, 0x5c61];
      e.central = { madeBy: 0x0014, needed, flags, time, date, disk: 1, internal: 1, external: 0 };
      e.local = { needed, flags, time, date };
    }),
  ),
  hostile(
    "container/fields-flags-second",
    "MPK-C007",
    "1",
    "Of the constant fields of a record all but the versions are wrong, and its method: the flags count, which stand before it.",
    lua((e) => {
      const [flags, time, date] = [0x0808, 0x6000, 0x5c61];
      e.method = 9;
      e.central = { flags, time, date, disk: 1, internal: 1, external: 0 };
      e.local = { flags, time, date };
    }),
  ),
  hostile(
    "container/fields-time-third",
    "MPK-C010",
    "1",
    "A record has a wrong method, a time, a comment, other attributes and a name that may not be: the time counts, since a method is judged after all that is constant.",
    named("main.lua", (e) => {
      e.name = "main..lua.";
      e.method = 9;
      e.comment = utf8("x");
      e.central = { time: 0x6000, internal: 1 };
      e.local = { time: 0x6000 };
    }),
  ),
  hostile(
    "container/fields-comment-fourth",
    "MPK-C011",
    "1",
    "A record has a wrong method, a comment and other attributes.",
    lua((e) => {
      e.method = 9;
      e.comment = utf8("x");
      e.central = { internal: 1 };
    }),
  ),
  hostile(
    "container/fields-attributes-fifth",
    "MPK-C012",
    "1",
    "A record has a wrong method and the attributes of a link.",
    lua((e) => {
      e.method = 9;
      e.central = { external: 0o120777 << 16 };
    }),
  ),
  hostile(
    "container/fields-method-before-name",
    "MPK-C008",
    "1",
    "A record has a wrong method and a name that may not be.",
    lua((e) => {
      e.name = "main.lua.";
      e.method = 9;
    }),
  ),
  hostile(
    "container/internal-attributes",
    "MPK-C012",
    "1",
    "Internal attributes say that the file is text.",
    lua((e) => void (e.central = { internal: 1 })),
  ),
  hostile(
    "container/symbolic-link",
    "MPK-C012",
    "1",
    "An entry is a symbolic link.",
    lua((e) => void (e.central = { external: 0o120777 << 16 })),
  ),
  hostile(
    "container/folder-attributes",
    "MPK-C012",
    "1",
    "An entry has a folder's attributes.",
    lua((e) => void (e.central = { external: (0o40755 << 16) | 0x10 })),
  ),
  hostile(
    "container/executable",
    "MPK-C012",
    "1",
    "An entry is executable.",
    lua((e) => void (e.central = { external: 0o100755 << 16 })),
  ),
  hostile(
    "container/set-user-id",
    "MPK-C012",
    "1",
    "An entry has the set-user-id bit.",
    lua((e) => void (e.central = { external: 0o104644 << 16 })),
  ),
  hostile(
    "container/device-file",
    "MPK-C012",
    "1",
    "An entry is a character device.",
    lua((e) => void (e.central = { external: 0o20644 << 16 })),
  ),
  hostile(
    "container/dos-read-only",
    "MPK-C012",
    "1",
    "The read-only attribute of MS-DOS is set.",
    lua((e) => void (e.central = { external: (0o100644 << 16) | 1 })),
  ),
];

const NAMES: readonly PackageCase[] = (
  [
    ["folder-entry", "data/", "A folder's entry."],
    ["climbs", "../evil", "A name that climbs out of the folder."],
    ["climbs-inside", "data/../../evil", "A name that climbs out from inside."],
    ["dot-segment", "data/./x", "A segment that is a dot."],
    ["absolute", "/etc/passwd", "An absolute path."],
    ["drive-letter", "C:evil", "A drive letter."],
    ["backslash", "data\\evil", "A backslash."],
    ["nul", "main\0.lua", "A NUL in the name."],
    ["line-feed", "main\n.lua", "A line feed in the name."],
    ["umlaut", "\u00c3\u00a4.lua", "A name that is not ASCII."],
    ["hidden", ".profile", "A segment that starts with a dot."],
    ["hidden-inside", "data/.x/y", "A segment inside that starts with a dot."],
    ["dot-at-end", "data/x.", "A segment that ends with a dot, which Windows drops."],
    ["dot-at-folders-end", "data./x", "A folder that ends with a dot."],
    ["space", "a b", "A space."],
    ["plus", "a+b", "A character beside the allowed ones."],
    ["empty-segment", "data//x", "An empty segment."],
    ["201-bytes", "n".repeat(201), "A name of 201 bytes."],
    ["17-segments", `${"d/".repeat(16)}e`, "A name of 17 segments."],
  ] as const
).map(([id, name, why]) =>
  hostile(
    `names/${id}`,
    "MPK-C013",
    "1",
    why,
    file(name),
    id === "201-bytes" || id === "17-segments" ? { neighbour: "valid/names-at-limits" } : {},
  ),
);

const MORE_NAMES: readonly PackageCase[] = [
  hostile("names/empty", "MPK-C013", "1", "An entry without a name.", file("")),
  ...(["CON", "prn", "Aux", "nul.txt", "com0", "COM9.lua", "lpt0", "LPT9"] as const).map((name) =>
    hostile(
      `names/device-${name.toLowerCase().replace(".", "-")}`,
      "MPK-C014",
      "1",
      `${name} is a device on Windows.`,
      file(`data/${name}`),
      { neighbour: "valid/names-at-limits" },
    ),
  ),
  hostile("names/device-folder", "MPK-C014", "1", "A folder with the name of a device.", file("com7/x")),
  hostile("names/twice", "MPK-C015", "1", "Two entries have one name.", {
    archive: ({ entries }) => void entries.splice(6, 0, entryOf("main.lua", utf8("other"))),
  }),
  hostile("names/twice-but-for-case", "MPK-C015", "1", "Two names differ in case only.", file("MAIN.lua")),
  hostile(
    "names/folder-two-spellings",
    "MPK-C016",
    "1",
    "One folder is spelled in two ways.",
    file("Data/x"),
  ),
  hostile("names/file-is-folder", "MPK-C016", "1", "A file has the name of a folder.", file("icons")),
  hostile(
    "names/file-is-folder-but-for-case",
    "MPK-C016",
    "1",
    "A file has the name of a folder, in another case.",
    file("ICONS"),
  ),
  hostile(
    "names/folder-is-file",
    "MPK-C016",
    "1",
    "A folder has the name of a file that came before.",
    file("main.lua/x"),
  ),
  hostile(
    "names/folder-is-file-but-for-case",
    "MPK-C016",
    "1",
    "A folder has the name of a file, in another case.",
    { files: { "a.txt": utf8("1"), "b/x": utf8("2"), "A.TXT/x": utf8("3"), Z: utf8("4") } },
  ),
  hostile(
    "names/folders-20001",
    "MPK-C032",
    "1",
    "Names that need 20,001 folders.",
    { files: inFolders(20_001) },
    { neighbour: "valid/20000-folders" },
  ),
  hostile(
    "names/meta-extra",
    "MPK-C017",
    "1",
    "A fourth file in META-MOSIS, which no digest covers.",
    beforeDigests("META-MOSIS/extra"),
  ),
  hostile(
    "names/meta-below",
    "MPK-C017",
    "1",
    "A file below a name of META-MOSIS.",
    beforeDigests("META-MOSIS/a/b"),
  ),
  hostile("names/meta-lower-case", "MPK-C017", "1", "META-MOSIS in another spelling.", file("meta-mosis/x")),
  hostile(
    "names/meta-lower-case-known",
    "MPK-C017",
    "1",
    "A known name of META-MOSIS in another spelling of the folder.",
    file("meta-mosis/digests.json"),
  ),
  hostile("names/meta-is-file", "MPK-C017", "1", "META-MOSIS is a file.", beforeDigests("META-MOSIS")),
  hostile(
    "names/meta-name-in-capitals",
    "MPK-C017",
    "1",
    "A name in META-MOSIS in another spelling.",
    beforeDigests("META-MOSIS/STORE.dsse"),
  ),
];

function swapped(first: string, second: string): PackagePlan {
  return {
    archive: ({ entries }) => {
      const [a, b] = [first, second].map((name) => entries.findIndex((entry) => entry.name === name));
      const [left, right] = [entries[a ?? -1], entries[b ?? -1]];
      if (left === undefined || right === undefined) throw new Error("no such entries");
      entries.splice(a ?? 0, 1, right);
      entries.splice(b ?? 0, 1, left);
    },
    digests: (digests) => digests,
  };
}

const ORDER: readonly PackageCase[] = [
  hostile(
    "order/files",
    "MPK-C018",
    "1",
    "Two files are in the wrong order.",
    swapped("icons/128.png", "icons/512.png"),
  ),
  hostile(
    "order/manifest-second",
    "MPK-C018",
    "1",
    "The manifest is not the first entry.",
    swapped("manifest.json", "data/empty"),
  ),
  hostile(
    "order/digests-early",
    "MPK-C018",
    "1",
    "digests.json stands before a file of the app.",
    swapped("ui/main.rml", "META-MOSIS/digests.json"),
  ),
  hostile("order/store-first", "MPK-C018", "1", "The store's envelope stands before the developer's.", {
    whole: ({ entries }) => void entries.splice(-2, 2, ...entries.slice(-2).reverse()),
  }),
  hostile(
    "order/locale-sorted",
    "MPK-C018",
    "1",
    "Names sorted without regard to case.",
    {
      files: { B: utf8("1") },
      archive: ({ entries }) => {
        const [b] = entries.splice(1, 1);
        if (b) entries.splice(2, 0, b);
      },
    },
    { neighbour: "valid/order-of-bytes" },
  ),
  hostile("order/no-manifest", "MPK-C019", "1", "There is no manifest.json.", {
    files: { "manifest.json": null },
  }),
  hostile("order/no-digests", "MPK-C019", "1", "There is no digests.json.", {
    archive: ({ entries }) => void entries.pop(),
  }),
  hostile(
    "order/no-developer",
    "MPK-C019",
    "1",
    "The store's envelope is there and the developer's is not.",
    {
      whole: ({ entries }) => void entries.splice(-2, 1),
    },
  ),
  hostile(
    "order/no-manifest-and-swapped",
    "MPK-C019",
    "1",
    "There is no manifest.json, and two files are in the wrong order: what is missing is told first.",
    {
      files: { "manifest.json": null },
      archive: ({ entries }) => void entries.splice(0, 2, ...entries.slice(0, 2).reverse()),
    },
  ),
  hostile(
    "order/no-developer-and-swapped",
    "MPK-C019",
    "1",
    "The store's envelope is there, the developer's is not, and two files are in the wrong order.",
    {
      whole: ({ entries }) => {
        entries.splice(-2, 1);
        entries.splice(0, 2, ...entries.slice(0, 2).reverse());
      },
    },
  ),
  hostile(
    "order/unsigned",
    "MPK-C031",
    "1",
    "Only digests.json: nobody has signed it. Such a package is whole, and is refused unless unsigned ones are asked for.",
    { developer: null },
  ),
];

const CONTENTS: readonly PackageCase[] = [
  hostile(
    "contents/entry-of-256-mib-and-1",
    "MPK-C023",
    "1",
    "An entry says that it inflates to 256 MiB and one byte.",
    lua(both("size", 256 * 2 ** 20 + 1)),
  ),
  hostile(
    "contents/entry-of-4-gib",
    "MPK-C023",
    "1",
    "A size of 0xffffffff stands for ZIP64.",
    lua(both("size", 0xffffffff)),
  ),
  hostile(
    "contents/more-than-1-gib",
    "MPK-C024",
    "1",
    "Five entries of 205 MiB each, all within their own limits, are more than 1 GiB together.",
    {
      archive: ({ entries }) => {
        const bomb = (index: number): RawEntry => ({
          name: `bomb-${index}`,
          method: 8,
          data: new Uint8Array(1_100_000),
          size: 205 * 2 ** 20,
          crc: 0,
        });
        entries.splice(1, 0, ...[1, 2, 3, 4, 5].map(bomb));
      },
    },
  ),
  hostile(
    "contents/bomb",
    "MPK-C025",
    "1",
    "1 MiB and one byte of zeros, a thousand times smaller when compressed.",
    { files: { "zeros.bin": new Uint8Array(2 ** 20 + 1) } },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/bomb-that-says-nothing",
    "MPK-C029",
    "1",
    "An entry announces 100 bytes and inflates to 1 MiB: inflating stops at the declared size plus one byte.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
      archive: (archive) => void both("size", 100)(find(archive, "zeros.bin")),
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/large-bomb-that-says-nothing",
    "MPK-C029",
    "1",
    "An entry announces 600 KiB, which is read as a stream, and inflates to 8 MiB.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 23) },
      archive: (archive) => void both("size", 600 * 1024)(find(archive, "zeros.bin")),
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/stored-two-sizes",
    "MPK-C026",
    "1",
    "A stored entry has two sizes.",
    named("icons/64.png", (e) => void both("size", e.size + 1)(e)),
  ),
  hostile(
    "contents/deflate-garbage",
    "MPK-C027",
    "1",
    "Compressed data that is no deflate stream.",
    lua((e) => void (e.data = new Uint8Array(e.data.length).fill(0xff))),
  ),
  hostile(
    "contents/deflate-cut-off",
    "MPK-C027",
    "1",
    "A deflate stream that ends before its last block.",
    lua((e) => void (e.data = e.data.subarray(0, -3))),
  ),
  hostile(
    "contents/deflate-empty",
    "MPK-C027",
    "1",
    "A deflated entry without a byte of data.",
    named("data/empty", (e) => void (e.method = 8)),
    { neighbour: "valid/deflated-empty" },
  ),
  hostile(
    "contents/deflate-trailing-byte",
    "MPK-C028",
    "1",
    "A byte is hidden behind the end of a deflate stream.",
    lua((e) => void (e.data = Buffer.concat([e.data, BYTE]))),
  ),
  hostile(
    "contents/deflate-second-stream",
    "MPK-C028",
    "1",
    "A second deflate stream stands behind the first.",
    lua((e) => void (e.data = Buffer.concat([e.data, storedBlocks(utf8("hidden"))]))),
  ),
  hostile(
    "contents/large-trailing-byte",
    "MPK-C028",
    "1",
    "A byte is hidden behind the end of a large entry's deflate stream.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
      archive: (archive) => {
        const entry = find(archive, "zeros.bin");
        entry.data = Buffer.concat([entry.data, BYTE]);
      },
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/large-cut-off",
    "MPK-C027",
    "1",
    "A large entry's deflate stream is cut off.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
      archive: (archive) => {
        const entry = find(archive, "zeros.bin");
        entry.data = entry.data.subarray(0, -3);
      },
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/store-deflated",
    "MPK-C008",
    "1",
    "The store's envelope is deflated: a stream may have bits that change nothing, and nothing else vouches for this entry's bytes.",
    {
      storeEntry: (entry) => {
        entry.data = deflateRaw(entry.data);
        entry.method = 8;
      },
    },
  ),
  hostile(
    "contents/too-small",
    "MPK-C029",
    "1",
    "An entry inflates to one byte less than its header says.",
    lua((e) => void both("size", e.size + 1)(e)),
  ),
  hostile(
    "contents/too-large",
    "MPK-C029",
    "1",
    "An entry inflates to one byte more than its header says.",
    lua((e) => void both("size", e.size - 1)(e)),
  ),
  hostile(
    "contents/crc",
    "MPK-C030",
    "1",
    "The CRC-32 of a deflated entry does not match.",
    lua((e) => void (e.crc ^= 1)),
  ),
  hostile(
    "contents/crc-stored",
    "MPK-C030",
    "1",
    "The CRC-32 of a stored entry does not match.",
    named("icons/64.png", (e) => void (e.crc ^= 1)),
  ),
  hostile(
    "contents/crc-of-many-pieces",
    "MPK-C030",
    "1",
    "The CRC-32 of an entry of 1 MiB, which is read as a stream, does not match.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
      archive: (archive) => void (find(archive, "zeros.bin").crc ^= 1),
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
  hostile(
    "contents/crc-empty",
    "MPK-C030",
    "1",
    "An empty entry has a CRC-32 that is not zero.",
    named("data/empty", (e) => void (e.crc = 1)),
  ),
  hostile(
    "contents/both-cut-off-and-crc",
    "MPK-C027",
    "1",
    "A stream that ends before its last block, and another CRC-32.",
    lua((e) => {
      e.data = e.data.subarray(0, -3);
      e.crc ^= 1;
    }),
  ),
  hostile(
    "contents/both-trailing-byte-and-size",
    "MPK-C028",
    "1",
    "A byte behind the stream, which inflates to one byte less than the header says.",
    lua((e) => {
      e.data = Buffer.concat([e.data, BYTE]);
      both("size", e.size + 1)(e);
    }),
  ),
  hostile(
    "contents/both-size-and-crc",
    "MPK-C029",
    "1",
    "An entry of one byte less than its header says, and another CRC-32.",
    lua((e) => {
      both("size", e.size + 1)(e);
      e.crc ^= 1;
    }),
  ),
  hostile(
    "contents/both-more-and-crc",
    "MPK-C029",
    "1",
    "An entry of one byte more than its header says, and another CRC-32.",
    lua((e) => {
      both("size", e.size - 1)(e);
      e.crc ^= 1;
    }),
  ),
  hostile(
    "contents/both-large-trailing-byte-and-crc",
    "MPK-C028",
    "1",
    "A byte behind the stream of an entry of 1 MiB, and another CRC-32.",
    {
      files: { "zeros.bin": new Uint8Array(2 ** 20) },
      archive: (archive) => {
        const entry = find(archive, "zeros.bin");
        entry.data = Buffer.concat([entry.data, BYTE]);
        entry.crc ^= 1;
      },
    },
    { neighbour: "valid/inflates-to-1-mib" },
  ),
];

/** Sets the highest bit of the last byte; the envelope's length is such that the stream does not use it. */
export const CONTAINER: readonly PackageCase[] = [
  ...END_RECORD,
  ...LAYOUT,
  ...FIELDS,
  ...NAMES,
  ...MORE_NAMES,
  ...ORDER,
  ...CONTENTS,
];
