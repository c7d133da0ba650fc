/** Hostile containers: each way of being wrong with its code, and none that ends in anything but a finding. */
import { describe, expect, test } from "bun:test";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { canonicalize } from "../../signing/json.ts";
import { contentDigest } from "../digests.ts";
import { type FindingCode, FormatError } from "../findings.ts";
import { bytesSource } from "../source.ts";
import { encodeFrame } from "./frame.ts";
import { DELTA_MAGIC, DICTIONARY_PREFIX } from "./layout.ts";
import { type FileSet, openDelta } from "./read.ts";
import { fileSet, noise } from "./testing.ts";

const BASE = fileSet({ a: noise(5000), b: noise(3000, 2) });
const TARGET = fileSet({ a: noise(5000), c: noise(4000, 3) });
const NEW_FILE = noise(4000, 3);

type Group = { header: Record<string, unknown>; frame: Uint8Array };
type Parts = { magic: Uint8Array; header: Record<string, unknown>; groups: Group[]; tail: Uint8Array };

const STREAM = Buffer.concat([TARGET.digests, TARGET.developerEnvelope, TARGET.storeEnvelope, NEW_FILE]);

async function group(content: Uint8Array, ranges: number[][] = []): Promise<Group> {
  const parts = await Promise.all(
    ranges.map(([file = 0, at = 0, length = 0]) => BASE.read(file, at, length)),
  );
  const frame = await encodeFrame(content, Buffer.concat([DICTIONARY_PREFIX, ...parts]));
  return { header: { d: ranges, n: content.length, z: frame.length }, frame };
}

async function good(): Promise<Parts> {
  return {
    magic: DELTA_MAGIC,
    header: {
      base: BASE.contentDigest,
      content: TARGET.contentDigest,
      meta: [TARGET.digests.length, TARGET.developerEnvelope.length, TARGET.storeEnvelope.length],
      v: 1,
    },
    groups: [
      await group(STREAM.subarray(0, 500)),
      await group(STREAM.subarray(500), [
        [1, 0, 5000],
        [2, 10, 20],
      ]),
    ],
    tail: new Uint8Array(0),
  };
}

function sized(text: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

function write({ magic, header, groups, tail }: Parts): Uint8Array {
  return Buffer.concat([
    magic,
    sized(canonicalize(header)),
    ...groups.flatMap((g) => [sized(canonicalize(g.header)), g.frame]),
    tail,
  ]);
}

async function read(bytes: Uint8Array, base: FileSet | null = BASE): Promise<string> {
  try {
    const opened = await openDelta(bytesSource(bytes), base);
    for await (const file of opened.files) for await (const _ of file.bytes);
    return "fine";
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
};
const first = (parts: Parts): Group => {
  const [group] = parts.groups;
  if (!group) throw new Error("no group");
  return group;
};
const last = (parts: Parts): Group => {
  const group = parts.groups.at(-1);
  if (!group) throw new Error("no group");
  return group;
};

test("the neighbour of all of them is fine", async () => {
  expect(await read(write(await good()))).toBe("fine");
});

type Change = (parts: Parts) => void | Promise<void>;
const setLast = (change: Partial<Record<"d" | "n" | "z", unknown>>): Change => {
  return (parts) => void Object.assign(last(parts).header, change);
};
const reframe = (options: Parameters<typeof zstdCompressSync>[1]): Change => {
  return (parts) => {
    const frame = zstdCompressSync(STREAM.subarray(0, 500), options);
    parts.groups[0] = { header: { d: [], n: 500, z: frame.length }, frame };
  };
};
/** The last group says that all of them together give as much as they may, and `more`. */
function comingOut(more: number): Change {
  return (parts) => {
    const z = parts.groups.reduce((sum, { frame }) => sum + frame.length, 0);
    last(parts).header.n = 2 ** 20 + 200 * (z + 5000 + 20) - 500 + more;
  };
}
/** Two groups of a byte with `before` and 8 MiB of dictionary: 8 MiB and 8 times 2 bytes are allowed. */
function dictionariesOf(before: number): Change {
  return async (parts) => {
    const [one, two] = [await group(STREAM.subarray(0, 1), [[1, 0, before]]), await group(Buffer.of(0))];
    two.header.d = [[1, 0, 2 ** 23]];
    parts.groups = [one, two];
  };
}
/** So many groups of the whole: each of a byte, but for the last. */
function groupsOfAByte(count: number): Change {
  return async (parts) => {
    const small = Array.from({ length: count - 1 }, (_, at) => group(STREAM.subarray(at, at + 1)));
    parts.groups = await Promise.all([...small, group(STREAM.subarray(count - 1))]);
  };
}
/** ZSTD_c_contentSizeFlag, ZSTD_c_checksumFlag and ZSTD_c_dictIDFlag of zstd.h. */
const [CONTENT_SIZE, CHECKSUM] = [200, 201];

const CASES: readonly (readonly [string, FindingCode, Change])[] = [
  ["another magic", "MPK-B001", (p) => void (p.magic = Buffer.from("MOSISD2\n"))],
  ["a ZIP", "MPK-B001", (p) => void (p.magic = Buffer.from("PK\u0003\u0004\u0014\u0000\u0000\u0008"))],
  ["another version", "MPK-B002", (p) => void (p.header.v = 2)],
  ["a key more", "MPK-B002", (p) => void (p.header.x = 1)],
  ["a key less", "MPK-B002", (p) => void delete p.header.meta],
  ["a digest in capitals", "MPK-B002", (p) => void (p.header.content = "A".repeat(64))],
  ["two sizes", "MPK-B002", (p) => void (p.header.meta = [1, 2])],
  ["no developer's envelope", "MPK-B002", (p) => void (p.header.meta = [TARGET.digests.length, 0, 20])],
  ["a digests.json of 7 MiB", "MPK-B002", (p) => void (p.header.meta = [7 * 2 ** 20, 20, 20])],
  ["an envelope of 2 MiB", "MPK-B002", (p) => void (p.header.meta = [TARGET.digests.length, 2 ** 21, 20])],
  ["another base", "MPK-B003", (p) => void (p.header.base = "0".repeat(64))],
  ["no base", "MPK-B003", (p) => void (p.header.base = null)],
  ["a group with a key more", "MPK-B004", (p) => void (first(p).header.x = 0)],
  ["a group of nothing", "MPK-B004", setLast({ n: 0 })],
  ["a group of 17 MiB", "MPK-B004", setLast({ n: 17 * 2 ** 20 })],
  ["a frame larger than its content can make it", "MPK-B004", setLast({ n: 100, z: 5000 })],
  ["a range of two numbers", "MPK-B004", setLast({ d: [[1, 1]] })],
  ["a range of nothing", "MPK-B004", setLast({ d: [[1, 1, 0]] })],
  ["a negative offset", "MPK-B004", setLast({ d: [[1, -1, 5]] })],
  ["half a byte", "MPK-B004", setLast({ d: [[1, 0, 0.5]] })],
  ["5000 ranges", "MPK-B004", setLast({ d: Array.from({ length: 5000 }, (_, n) => [1, 2 * n, 1]) })],
  [
    "ranges in another order",
    "MPK-B005",
    setLast({
      d: [
        [2, 10, 20],
        [1, 0, 5000],
      ],
    }),
  ],
  [
    "ranges that overlap",
    "MPK-B005",
    setLast({
      d: [
        [1, 0, 5000],
        [1, 4000, 100],
      ],
    }),
  ],
  [
    "ranges that touch",
    "MPK-B005",
    setLast({
      d: [
        [1, 0, 50],
        [1, 50, 50],
      ],
    }),
  ],
  ["a range past a file's end", "MPK-B005", setLast({ d: [[1, 0, 5001]] })],
  ["a range of a file that is not there", "MPK-B005", setLast({ d: [[10, 0, 1]] })],
  ["a range past the end of the list", "MPK-B005", setLast({ d: [[3, 0, BASE.digests.length + 1]] })],
  [
    "a dictionary of more than 8 MiB",
    "MPK-B005",
    setLast({
      d: [
        [1, 0, 2 ** 23],
        [2, 0, 1],
      ],
    }),
  ],
  ["a group of 16 MiB in 4000 bytes", "MPK-B012", setLast({ n: 2 ** 24 })],
  ["what comes out at the bound: the frame is judged", "MPK-B006", comingOut(0)],
  ["what comes out a byte above it", "MPK-B012", comingOut(1)],
  ["dictionaries at the bound: the ranges are judged", "MPK-B005", dictionariesOf(16)],
  ["dictionaries a byte above it", "MPK-B012", dictionariesOf(17)],
  ["65 groups of next to nothing", "MPK-B012", groupsOfAByte(65)],
  ["another frame magic", "MPK-B006", (p) => void (first(p).frame = changed(first(p).frame, 0, 0x29))],
  ["a skippable frame", "MPK-B006", (p) => void (first(p).frame = changed(first(p).frame, 0, 0x50))],
  ["a checksum", "MPK-B006", reframe({ pledgedSrcSize: 500, params: { [CHECKSUM]: 1 } })],
  ["no content size", "MPK-B006", reframe({ params: { [CONTENT_SIZE]: 0 } })],
  [
    "a dictionary id",
    "MPK-B006",
    (p) => void (first(p).frame = changed(first(p).frame, 4, (first(p).frame[4] ?? 0) | 1)),
  ],
  [
    "a reserved bit",
    "MPK-B006",
    (p) => void (first(p).frame = changed(first(p).frame, 4, (first(p).frame[4] ?? 0) | 8)),
  ],
  ["another size in the frame", "MPK-B006", (p) => void (first(p).frame = changed(first(p).frame, 5, 1))],
  [
    "two frames in one group",
    "MPK-B006",
    (p) => {
      const g = first(p);
      g.frame = Buffer.concat([g.frame, g.frame.subarray(0, 100)]);
      g.header.z = g.frame.length;
    },
  ],
  [
    "a frame that is cut",
    "MPK-B006",
    (p) => {
      const g = first(p);
      g.frame = g.frame.subarray(0, -1);
      g.header.z = g.frame.length;
    },
  ],
  [
    "another dictionary",
    "MPK-B007",
    async (p) => {
      p.groups = [await group(noise(5000), [[1, 0, 5000]])];
      last(p).header.d = [[1, 0, 10]];
    },
  ],
  [
    "the documents alone",
    "MPK-B008",
    async (p) => void (p.groups = [await group(STREAM.subarray(0, -4000))]),
  ],
  ["a byte less", "MPK-B008", async (p) => void (p.groups = [await group(STREAM.subarray(0, -1))])],
  [
    "a byte more in a group",
    "MPK-B008",
    async (p) => void (p.groups = [await group(Buffer.concat([STREAM, Buffer.of(0)]))]),
  ],
  ["a group more", "MPK-B008", async (p) => void p.groups.push(await group(Buffer.of(1)))],
  ["bytes after the end", "MPK-B008", (p) => void (p.tail = Buffer.from("x"))],
  ["another target", "MPK-B009", (p) => void (p.header.content = "0".repeat(64))],
  [
    "another file",
    "MPK-B010",
    async (p) => void (p.groups = [await group(Buffer.concat([STREAM.subarray(0, -1), Buffer.of(0)]))]),
  ],
];

describe("a hostile container is refused", () => {
  test.each(CASES.map(([name, code, change]) => [name, code, change] as const))("%s: %s", async (...row) => {
    const [, code, change] = row;
    const parts = await good();
    await change(parts);
    expect(await read(write(parts))).toBe(code);
  });

  test("white space in a header: MPK-B002", async () => {
    const bytes = Buffer.from(write(await good()));
    const text = Buffer.from(` ${JSON.stringify((await good()).header)}`);
    const start = DELTA_MAGIC.length + 4 + text.length - 1;
    const other = Buffer.concat([DELTA_MAGIC, sized(text), bytes.subarray(start)]);
    expect(await read(other)).toBe("MPK-B002");
  });

  test("more than 512 MiB: MPK-C001, before a byte is read", async () => {
    const source = { sizeBytes: 2 ** 29 + 1, read: () => Promise.reject(new Error("read")) };
    await expect(openDelta(source, BASE)).rejects.toMatchObject({ code: "MPK-C001" });
  });

  test("a base that is damaged: MPK-B011", async () => {
    const damaged: FileSet = {
      ...BASE,
      read: async (file, at, length) => changed(await BASE.read(file, at, length), 3, 0),
    };
    const parts = await good();
    parts.groups = [await group(STREAM)];
    expect(await read(write(parts), damaged)).toBe("MPK-B011");
  });

  test("a bomb: MPK-B007, without the memory that it asks for", async () => {
    const parts = await good();
    const frame = await encodeFrame(new Uint8Array(2 ** 24), new Uint8Array(0));
    // Says 16 MiB truthfully in the frame, and 1000 bytes in the group.
    parts.groups = [{ header: { d: [], n: 1000, z: frame.length }, frame }];
    expect(await read(write(parts))).toBe("MPK-B006");
  });
});

test("a bomb of many groups: MPK-B012 at the second", async () => {
  const bomb = await group(new Uint8Array(2 ** 20));
  const parts = await good();
  parts.header.meta = [6 * 2 ** 20, 1, 1];
  const read6 = (count: number) =>
    read(write({ ...parts, groups: Array.from({ length: count }, () => bomb) }));
  // One alone is no bomb: what is missing then is the rest.
  expect(await read6(1)).toBe("MPK-B008");
  expect(await read6(6)).toBe("MPK-B012");
});

type Listed = { h: string; n: number; p: string };
const NAMES = (listed: Listed[]): string[] => listed.map(({ p }) => p);
const file = (p: string, n = 0): Listed => ({ h: "0".repeat(64), n, p });

/** A container whose header, groups and sizes are as they must be for a list of files that is not. */
async function listing(change: (files: Listed[]) => Listed[]): Promise<Uint8Array> {
  const digests = canonicalize({ files: change(TARGET.files.map((each) => ({ ...each }))), v: 1 });
  const parts = await good();
  parts.header.content = contentDigest(digests);
  parts.header.meta = [digests.length, TARGET.developerEnvelope.length, TARGET.storeEnvelope.length];
  const rest = STREAM.subarray(TARGET.digests.length);
  return write({ ...parts, groups: [await group(Buffer.concat([digests, rest]))] });
}

const LISTS: readonly (readonly [string, FindingCode, (files: Listed[]) => Listed[]])[] = [
  ["a path that leads out", "MPK-C013", (f) => [...f, file("../../evil")]],
  ["an absolute path", "MPK-C013", (f) => [...f, file("/etc/passwd")]],
  ["a back slash", "MPK-C013", (f) => [...f, file("x\\y")]],
  ["a Windows device", "MPK-C014", (f) => [...f, file("x/nul.txt")]],
  ["one name in two cases", "MPK-C015", (f) => [...f, file("C")]],
  ["one path twice", "MPK-C015", (f) => [...f, file("c")]],
  ["a file that is a folder too", "MPK-C016", (f) => [...f, file("c/d")]],
  ["another name in META-MOSIS", "MPK-C017", (f) => [...f, file("META-MOSIS/x")]],
  ["META-MOSIS in lower case", "MPK-C017", (f) => [...f, file("meta-mosis/store.dsse")]],
  ["an envelope among the files", "MPK-C015", (f) => [...f, file("META-MOSIS/store.dsse")]],
  ["another order", "MPK-C018", (f) => [...f].reverse()],
  ["no manifest", "MPK-C019", (f) => f.filter(({ p }) => p !== "manifest.json")],
  ["a file of 257 MiB", "MPK-C023", (f) => [...f, file("d", 257 * 2 ** 20)]],
  ["more than 1 GiB", "MPK-C024", (f) => [...f, ...["d", "e", "f", "g", "h"].map((p) => file(p, 2 ** 28))]],
  [
    "20,001 entries",
    "MPK-C004",
    (f) => [...f, ...Array.from({ length: 19_995 }, (_, n) => file(`d/${String(n).padStart(5, "0")}`))],
  ],
  ["more commas than a list can have, in a name", "MPK-C004", (f) => [...f, file(",".repeat(60_000))]],
  ["a name of commas", "MPK-C013", (f) => [...f, file(",".repeat(100))]],
  ["a key more", "MPK-D001", (f) => f.map((each) => ({ ...each, x: 1 }))],
  ["a digest in capitals", "MPK-D001", (f) => f.map((each) => ({ ...each, h: "A".repeat(64) }))],
];

describe("a list that no package may have is refused", () => {
  test("the neighbour of all of them is fine", async () => {
    expect(NAMES(TARGET.files.map((each) => ({ ...each })))).toEqual(["manifest.json", "a", "c"]);
    expect(await read(await listing((files) => files))).toBe("fine");
  });
  test.each(LISTS.map((row) => [...row] as const))("%s: %s", async (...[, code, change]) => {
    expect(await read(await listing(change))).toBe(code);
  });
});

test("cut off anywhere, it ends in a finding", async () => {
  const bytes = write(await good());
  for (let length = 0; length < bytes.length; length += 7) {
    expect(await read(bytes.subarray(0, length))).toMatch(/^MPK-B00[1248]$/);
  }
});

test("with any bytes changed it is refused or rebuilds the same", async () => {
  const bytes = write(await good());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const hostile = Uint8Array.from(bytes);
        for (const [at, value] of changes) hostile[at] = value;
        expect(await read(hostile)).toMatch(/^(fine|MPK-[BCDJ]0\d\d)$/);
      },
    ),
    { numRuns: 1000 },
  );
});
