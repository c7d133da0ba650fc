/** The log of one head, read by its tiles, and whether it continues another one (package format, section 7). */
import { hashFromHex, type LogHead } from "./head.ts";
import { isExtension } from "./proofs.ts";
import { hashAt, parseHashTile, placeOf, type Tile, tilePath } from "./tiles.ts";
import { consistencyRanges, HASH_BYTES, type Hash, joinedHashes, nodesOf, type Range } from "./tree.ts";

/** The log of one head. What it reads is as good as any answer from the network: proofs judge it. */
export type LogReader = {
  readonly head: LogHead;
  /** The hashes of a proof. @throws Problem `device.unreachable`, `log.tile_malformed` */
  prove(ranges: readonly Range[]): Promise<Hash[]>;
};

/** `readTile` gives a file of the log by its path, which is judged here; each is asked for once. */
export function logReader(
  head: LogHead,
  readTile: (path: string, maxBytes: number) => Promise<Uint8Array>,
): LogReader {
  const tiles = new Map<string, Promise<Hash[]>>();
  const tileOf = (tile: Tile): Promise<Hash[]> => {
    const path = tilePath(tile);
    const known =
      tiles.get(path) ?? readTile(path, tile.width * HASH_BYTES).then((bytes) => parseHashTile(bytes, tile));
    tiles.set(path, known);
    return known;
  };
  // Proofs of one log have most of their hashes in common.
  const known = new Map<string, Hash>();
  const hashOf = async (range: Range): Promise<Hash> => {
    const hashes: Hash[] = [];
    for (const node of nodesOf(range)) {
      const place = placeOf(node, head.size);
      hashes.push(hashAt(await tileOf(place.tile), place));
    }
    return joinedHashes(hashes);
  };
  return {
    head,
    async prove(ranges) {
      const proof: Hash[] = [];
      for (const range of ranges) {
        const name = `${range.start} ${range.end}`;
        const hash = known.get(name) ?? (await hashOf(range));
        known.set(name, hash);
        proof.push(hash);
      }
      return proof;
    },
  };
}

/** Whether the log has the known one, which is not longer, as its beginning. @throws Problem as `prove` */
export async function continues(known: LogHead, log: LogReader): Promise<boolean> {
  const { head } = log;
  return isExtension({
    from: known.size,
    fromRoot: hashFromHex(known.rootHash),
    to: head.size,
    toRoot: hashFromHex(head.rootHash),
    proof: await log.prove(consistencyRanges(known.size, head.size)),
  });
}
