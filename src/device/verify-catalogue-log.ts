/**
 * The log of a copied catalogue: that it continues the head that was accepted before, and that it holds the approval and the
 * publication of every release that is listed (package format, section 7). Proofs are made of the copy's own tiles.
 */
import { join } from "node:path";
import type { DeveloperLeaves } from "../catalog/tuf/developer-leaves.ts";
import type { AppIndex, IndexedRelease, LoggedAt } from "../catalog/tuf/documents.ts";
import { LOG_PATH } from "../catalog/tuf/roles.ts";
import { hashFromHex, LOG_HEAD_MAX_BYTES, type LogHead, parseLogHead } from "../format/log/head.ts";
import { buildLeaf, type LeafField, parseLeaf, saltedDigest } from "../format/log/leaves.ts";
import { isIncluded } from "../format/log/proofs.ts";
import { continues, type LogReader, logReader } from "../format/log/reader.ts";
import {
  LEAF_MAX_BYTES,
  malformedTile,
  parseEntryTile,
  TILE_WIDTH,
  type Tile,
  tilePath,
} from "../format/log/tiles.ts";
import { hashLeaf, inclusionRanges } from "../format/log/tree.ts";
import { createPace, ENTRY_COST } from "../format/pace.ts";
import { isNamed, readIfFile } from "../storage/outside-file.ts";
import { asMalformed, inEntry, missing, mustRead, type Place, refuse } from "./verify-catalogue-files.ts";

type Logged = { readonly indexes: readonly AppIndex[]; readonly opened: readonly DeveloperLeaves[] };

/**
 * A copy without the folder `log/` shows its head and no more; one that has it must have all of it that proofs need.
 * @throws Problem `catalogue.rolled_back`, `catalogue.not_in_log`, `catalogue.missing`, `log.…`
 */
export async function judgeLog(place: Place, head: LogHead, { indexes, opened }: Logged): Promise<void> {
  const log = logReader(head, (path, maxBytes) => readTile(place, path, maxBytes));
  if (isNamed(join(place.known, "log.json"))) {
    const known = await mustRead(place, "known/log.json", LOG_HEAD_MAX_BYTES);
    await mustContinue(
      asMalformed("known/log.json", () => parseLogHead(known)),
      log,
    );
  }
  if (!isNamed(place.log)) return;
  const bundles = bundleReader(place);
  const pace = createPace();
  for (const index of indexes)
    for (const release of [...index.channels.values()].flat()) {
      await mustBeLogged(bundles, log, index, release);
      await pace(ENTRY_COST);
    }
  for (const { developerId, leaves } of opened)
    for (const { entry, at, salt, position } of leaves)
      await mustStandAt(
        log,
        { position, salt },
        buildLeaf(entry, at, salt),
        `What the log hid of ${developerId}`,
      );
}

async function mustContinue(known: LogHead, log: LogReader): Promise<void> {
  if (await continues(known, log)) return;
  throw refuse(
    "catalogue.rolled_back",
    `The log of ${log.head.size} entries does not continue the one of ${known.size} entries that was accepted before.`,
    {
      entry: LOG_PATH,
      found: `${log.head.size} entries of root hash ${log.head.rootHash}`,
      expected: `an extension of ${known.size} entries of root hash ${known.rootHash}`,
    },
  );
}

async function mustBeLogged(
  bundles: BundleReader,
  log: LogReader,
  { appId, lineage }: AppIndex,
  release: IndexedRelease,
): Promise<void> {
  const { versionCode, contentDigest } = release;
  const publication = buildLeaf(
    { type: "publication", appId, versionCode, contentDigest, package: release.package.sha256 },
    new Date(release.publishedAt),
    release.log.publication.salt,
  );
  await mustStandAt(log, release.log.publication, publication, `The publication of ${appId} ${versionCode}`);
  // What store.dsse says of the approval is not here: the leaf itself is, and must be about this release.
  const { approval } = release.log;
  const what = `The approval of ${appId} ${versionCode}`;
  const leaf = await leafAt(bundles, log.head, approval, what);
  await mustStandAt(log, approval, leaf, what);
  const { type, fields } = inEntry(`log/${tilePath(bundleOf(approval, log.head))}`, () => parseLeaf(leaf));
  const says = (name: string, ...values: readonly string[]) =>
    values.some((value) => isField(fields.get(name), name, value, approval.salt));
  const isAbout =
    type === "approval" &&
    fields.get("versionCode") === versionCode &&
    says("appId", appId) &&
    says("contentDigest", contentDigest) &&
    says("developerKeyId", ...lineage.map((entry) => entry.keyId));
  if (!isAbout) throw notThere(what, approval);
}

/** With a salt the leaf hides its fields, without one it does not. */
function isField(
  field: LeafField | undefined,
  name: string,
  value: string,
  salt: Uint8Array | null,
): boolean {
  const found = typeof field === "object" ? field?.salted : field;
  return found === (salt === null ? value : saltedDigest(salt, name, value));
}

async function mustStandAt(log: LogReader, at: LoggedAt, leaf: Uint8Array, what: string): Promise<void> {
  const { size, rootHash } = log.head;
  const { position } = at;
  // Before a tile is asked for: which ones would prove a place beyond the end, nobody can say.
  if (position >= size) throw notThere(what, at);
  const proof = await log.prove(inclusionRanges(position, size));
  const root = hashFromHex(rootHash);
  if (!isIncluded({ leaf: hashLeaf(leaf), position, size, root, proof })) throw notThere(what, at);
}

async function leafAt(bundles: BundleReader, head: LogHead, at: LoggedAt, what: string): Promise<Uint8Array> {
  if (at.position >= head.size) throw notThere(what, at);
  const leaves = await bundles(bundleOf(at, head));
  // As many as the tile is wide, which is more than the remainder.
  return leaves[at.position % TILE_WIDTH] ?? new Uint8Array(0);
}

type BundleReader = (tile: Tile) => Promise<readonly Uint8Array[]>;

/** Of what was read this much is kept: the leaves of many apps are in one bundle. */
const KEPT_BYTES = 8 * 2 ** 20;

function bundleReader(place: Place): BundleReader {
  const kept = new Map<string, readonly Uint8Array[]>();
  let keptBytes = 0;
  const sizeOf = (leaves: readonly Uint8Array[]) => leaves.reduce((sum, leaf) => sum + leaf.length, 0);
  return async (tile) => {
    const path = tilePath(tile);
    const known = kept.get(path);
    if (known !== undefined) return known;
    const bytes = await readTile(place, path, tile.width * (2 + LEAF_MAX_BYTES));
    const leaves = parseEntryTile(bytes, tile);
    keptBytes += sizeOf(leaves);
    for (const [oldest, of] of kept) {
      if (keptBytes <= KEPT_BYTES) break;
      kept.delete(oldest);
      keptBytes -= sizeOf(of);
    }
    kept.set(path, leaves);
    return leaves;
  };
}

/** The bundle of entries that a position is in. */
function bundleOf({ position }: LoggedAt, { size }: LogHead): Tile {
  const index = Math.floor(position / TILE_WIDTH);
  return { level: "entries", index, width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH) };
}

/** A tile that is too large is there, and is not what its name says. */
async function readTile(place: Place, path: string, maxBytes: number): Promise<Buffer> {
  const { bytes, found, isTooLarge } = await readIfFile(join(place.log, path), maxBytes);
  if (bytes !== null) return Buffer.from(bytes);
  if (isTooLarge) throw malformedTile(path, found, `at most ${maxBytes} bytes`);
  throw missing(`log/${path}`, found, maxBytes);
}

function notThere(what: string, { position }: LoggedAt) {
  return refuse("catalogue.not_in_log", `${what} does not stand at position ${position} of the log.`, {
    entry: LOG_PATH,
    found: `no such leaf at position ${position}`,
    expected: what,
  });
}
