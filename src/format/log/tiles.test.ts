/** The static files of the log: what they are called, when they are written, and that they give back the tree. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../../errors.ts";
import {
  buildEntryTile,
  buildHashTile,
  hashAt,
  newTiles,
  parseEntryTile,
  parseHashTile,
  partialTiles,
  placeOf,
  type Tile,
  tilePath,
} from "./tiles.ts";
import {
  appendLeaf,
  type Hash,
  hashLeaf,
  inclusionRanges,
  type NodeReader,
  nodesOf,
  rootHash,
} from "./tree.ts";

const hex = (hash: Uint8Array) => Buffer.from(hash).toString("hex");

test("paths are those of C2SP tlog-tiles", () => {
  const paths: readonly [Tile, string][] = [
    [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
    [{ level: 1, index: 273, width: 112 }, "tile/1/273.p/112"],
    [{ level: 0, index: 70_000, width: 256 }, "tile/0/x070/000"],
    [{ level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"],
    [{ level: "entries", index: 999, width: 1 }, "tile/entries/999.p/1"],
    [{ level: "entries", index: 1000, width: 255 }, "tile/entries/x001/000.p/255"],
  ];
  for (const [tile, path] of paths) expect(tilePath(tile)).toBe(path);
});

test("the example of C2SP tlog-tiles: the tiles of a tree of 70,000 leaves", () => {
  const paths = newTiles(0, 70_000).map(tilePath);
  expect(paths).toContain("tile/0/x000/272".replace("x000/", ""));
  expect(paths).toContain("tile/0/273.p/112");
  expect(paths).toContain("tile/1/000");
  expect(paths).toContain("tile/1/001.p/17");
  expect(paths).toContain("tile/2/000.p/1");
  expect(paths.filter((path) => path.startsWith("tile/0/"))).toHaveLength(274);
  expect(paths.filter((path) => path.startsWith("tile/1/"))).toHaveLength(2);
  expect(paths.filter((path) => path.startsWith("tile/2/"))).toHaveLength(1);
  expect(paths.filter((path) => path.startsWith("tile/3/"))).toHaveLength(0);
  expect(partialTiles(70_000).map(tilePath).sort()).toEqual([
    "tile/0/273.p/112",
    "tile/1/001.p/17",
    "tile/2/000.p/1",
    "tile/entries/273.p/112",
  ]);
});

test("however a log grows, the tiles of its last size are all there, and growing by one leaf writes few", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(steps, (growth) => {
      const written = new Set<string>();
      let size = 0;
      for (const by of growth) {
        for (const tile of newTiles(size, size + by)) written.add(tilePath(tile));
        size += by;
      }
      for (const tile of newTiles(0, size)) expect(written.has(tilePath(tile))).toBe(true);
      expect(newTiles(size, size)).toEqual([]);
      expect(newTiles(size, size + 1).length).toBeLessThanOrEqual(3);
    }),
  );
});

describe("reading hashes out of tiles", () => {
  const SIZE = 256 * 3 + 77;
  const nodes = new Map<string, Hash>();
  const read: NodeReader = ({ level, index }) => nodes.get(`${level} ${index}`) ?? new Uint8Array();
  for (let size = 0; size < SIZE; size++)
    for (const { level, index, hash } of appendLeaf(size, hashLeaf(Buffer.from(String(size))), read))
      nodes.set(`${level} ${index}`, hash);

  /** What the store would have written for a log of `size` leaves. */
  const served = (size: number) =>
    new Map(
      newTiles(0, size)
        .filter((tile) => tile.level !== "entries")
        .map((tile) => {
          const level = Number(tile.level) * 8;
          const hashes = Array.from({ length: tile.width }, (_, at) =>
            read({ level, index: tile.index * 256 + at }),
          );
          return [tilePath(tile), buildHashTile(hashes)];
        }),
    );

  const fromTiles =
    (size: number, tiles: ReadonlyMap<string, Uint8Array>): NodeReader =>
    (node) => {
      const place = placeOf(node, size);
      return hashAt(parseHashTile(tiles.get(tilePath(place.tile)) ?? new Uint8Array(), place.tile), place);
    };

  test("roots and subtrees are the same as from the whole tree", () => {
    for (const size of [1, 2, 255, 256, 257, 511, 512, 768, SIZE]) {
      const reader = fromTiles(size, served(size));
      expect(hex(rootHash(size, reader))).toBe(hex(rootHash(size, read)));
      for (const position of [0, 1, 254, 255, 256, 600, size - 1].filter((at) => at < size))
        for (const node of inclusionRanges(position, size).flatMap(nodesOf))
          expect(hex(reader(node))).toBe(hex(read(node)));
    }
  });
});

describe("malformed tiles", () => {
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (isProblem(error)) return error.code;
      throw error;
    }
    return "";
  };
  const tile = { level: 0, index: 0, width: 3 } as const;
  const bundle = { level: "entries", index: 0, width: 3 } as const;
  const leaves = ["", "a", "bc"].map((text) => new TextEncoder().encode(text));

  test("of hashes", () => {
    expect(refusal(() => parseHashTile(new Uint8Array(96), tile))).toBe("");
    for (const length of [0, 1, 32, 64, 95, 97, 128])
      expect(refusal(() => parseHashTile(new Uint8Array(length), tile))).toBe("log.tile_malformed");
  });

  test("of leaves", () => {
    const good = buildEntryTile(leaves);
    expect(hex(good)).toBe("0000000161" + "00026263");
    expect(parseEntryTile(good, bundle).map(hex)).toEqual(leaves.map(hex));
    for (let length = 0; length < good.length; length++)
      expect(refusal(() => parseEntryTile(good.subarray(0, length), bundle))).toBe("log.tile_malformed");
    for (const bad of [
      "00",
      "0000",
      "00000000",
      "ffff61",
      "000000010000",
      "00000001610002626300",
      "0000000161000262630000",
    ])
      expect(refusal(() => parseEntryTile(new Uint8Array(Buffer.from(bad, "hex")), bundle))).toBe(
        "log.tile_malformed",
      );
  });

  test("what is written is read as the same, and whatever bytes come are read or refused", () => {
    const some = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, (entries) => {
        const of = { ...bundle, width: entries.length };
        expect(parseEntryTile(buildEntryTile(entries), of).map(hex)).toEqual(entries.map(hex));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 256 }), (bytes, width) => {
        const code = refusal(() => parseEntryTile(bytes, { ...bundle, width }));
        return code === "" || code === "log.tile_malformed";
      }),
    );
  });
});
