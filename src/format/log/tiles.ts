/**
 * The log as static files, in the layout of C2SP tlog-tiles: 256 hashes to a tile, each level of tiles stands 8 levels of
 * the tree above the one below, and bundles of 256 leaves. Paths are relative to the log's own folder. Pure.
 */
import { Problem } from "../../errors.ts";
import { EMPTY_ROOT, HASH_BYTES, type Hash, hashChildren, type Node } from "./tree.ts";

/** log₂ of a full tile's width. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
/** The length of an entry is written in two bytes. */
export const LEAF_MAX_BYTES = 65_535;

/** A tile of hashes, or with `entries` a bundle of leaves; `width` hashes or leaves, 256 when it is full. */
export type Tile = {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
};

/** Such as `tile/0/x001/x234/067`, `tile/1/000.p/7` or `tile/entries/003`. */
export function tilePath({ level, index, width }: Tile): string {
  const partial = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

/** Groups of three digits, all but the last with an `x` before them. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** Every tile that a log of `size` leaves has and one of `from` leaves had not; each is written once and never changed. */
export function newTiles(from: number, size: number): Tile[] {
  const tiles = tilesOfLevel("entries", from, size);
  for (let level = 0, covered = size; covered > 0; level++, covered = Math.floor(covered / TILE_WIDTH)) {
    tiles.push(...tilesOfLevel(level, Math.floor(from / TILE_WIDTH ** level), covered));
  }
  return tiles;
}

/** `from` and `count` are in hashes of the level. */
function tilesOfLevel(level: Tile["level"], from: number, count: number): Tile[] {
  const tiles: Tile[] = [];
  if (from >= count) return tiles;
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < count; index++) {
    tiles.push({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) });
  }
  return tiles;
}

/** The tiles of a log of `size` leaves that are not full: those that another size replaces. */
export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    if (width === 0) continue;
    const index = Math.floor(count / TILE_WIDTH);
    tiles.push({ level, index, width });
    if (level === 0) tiles.push({ level: "entries", index, width });
  }
  return tiles;
}

/** Where the hash of a complete subtree is found: made of `count` hashes of the tile, from `offset` on. */
export type TilePlace = { readonly tile: Tile; readonly offset: number; readonly count: number };

/** In the tiles of a log of `size` leaves, to which the subtree must belong. */
export function placeOf(node: Node, size: number): TilePlace {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const count = 2 ** (node.level % TILE_HEIGHT);
  const first = node.index * count;
  const index = Math.floor(first / TILE_WIDTH);
  const available = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, available);
  return { tile: { level, index, width }, offset: first % TILE_WIDTH, count };
}

/** The hash of a complete subtree out of the tile that it is in. */
export function hashAt(hashes: readonly Hash[], { offset, count }: TilePlace): Hash {
  const row = hashes.slice(offset, offset + count);
  if (row.length === 0) throw new Error(`a tile of ${hashes.length} hashes has none at ${offset}`);
  return foldHashes(row);
}

/** The hash of the subtree over neighbouring ones of one level, of which there are 2, 4, 8 and so on, or one. */
export function foldHashes(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left = EMPTY_ROOT, right = EMPTY_ROOT] = row.slice(at, at + 2);
      above.push(hashChildren(left, right));
    }
    row = above;
  }
  const [hash] = row;
  if (hash === undefined) throw new Error("there is no hash of nothing");
  return hash;
}

export function buildHashTile(hashes: readonly Hash[]): Uint8Array {
  return new Uint8Array(Buffer.concat(hashes));
}

/** The length of each leaf in two bytes, the higher one first, then the leaf. */
export function buildEntryTile(leaves: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(leaves.flatMap((leaf) => [Uint8Array.of(leaf.length >>> 8, leaf.length & 0xff), leaf])),
  );
}

/** @throws Problem `log.tile_malformed` */
export function parseHashTile(bytes: Uint8Array, tile: Tile): Hash[] {
  if (bytes.length !== tile.width * HASH_BYTES)
    throw malformedTile(tilePath(tile), `${bytes.length} bytes`, `${tile.width * HASH_BYTES} bytes`);
  return Array.from({ length: tile.width }, (_, at) => bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

/** @throws Problem `log.tile_malformed` */
export function parseEntryTile(bytes: Uint8Array, tile: Tile): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    // Half a length at the end leads beyond it.
    const [high = 0, low = 0] = bytes.subarray(at, at + 2);
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length)
      throw malformedTile(
        tilePath(tile),
        `an entry that ends at byte ${end} of ${bytes.length}`,
        "whole entries",
      );
    leaves.push(bytes.slice(at + 2, end));
    at = end;
    if (leaves.length > tile.width) break;
  }
  if (leaves.length !== tile.width)
    throw malformedTile(
      tilePath(tile),
      leaves.length > tile.width ? "more entries" : `${leaves.length} entries`,
      `${tile.width}`,
    );
  return leaves;
}

/** `path` is the tile's, below `log/`. */
export function malformedTile(path: string, found: string, expected: string): Problem {
  const message = `The log's ${path} has ${found}, where ${expected} were expected.`;
  return new Problem("unprocessable", "log.tile_malformed", message, [
    { code: "log.tile_malformed", message, entry: `log/${path}`, found, expected },
  ]);
}
