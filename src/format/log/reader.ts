/** The log of one head, read by its tiles, and whether it continues another one (package format, section 7). */
import { hashFromHex, type LogHead } from "./head.ts";
import { isExtension } from "./proofs.ts";
import { hashAt, parseHashTile, placeOf, type Tile, tilePath } from "./tiles.ts";
import {
  consistencyRanges,
  EMPTY_ROOT,
  HASH_BYTES,
  type Hash,
  type Node,
  type NodeReader,
  nodesOfProof,
  proofOf,
  type Range,
} from "./tree.ts";

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
  return {
    head,
    async prove(ranges) {
      const hashes = new Map<string, Hash>();
      for (const node of nodesOfProof(ranges)) {
        const place = placeOf(node, head.size);
        hashes.set(nameOf(node), hashAt(await tileOf(place.tile), place));
      }
      const read: NodeReader = (node) => hashes.get(nameOf(node)) ?? EMPTY_ROOT;
      return proofOf(ranges, read);
    },
  };
}

const nameOf = ({ level, index }: Node): string => `${level} ${index}`;

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
