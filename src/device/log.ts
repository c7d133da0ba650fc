/**
 * The store's log as a device sees it (package format, section 7): the head in the signed catalogue, and tiles that anybody
 * may serve, since every proof made of them is judged against heads.
 */
import type { IndexedRelease, LoggedAt } from "../catalog/tuf/documents.ts";
import { Problem, type ProblemDetail } from "../errors.ts";
import type { LogEntry } from "../format/log/entries.ts";
import { hashFromHex, type LogHead } from "../format/log/head.ts";
import { buildLeaf } from "../format/log/leaves.ts";
import { isIncluded } from "../format/log/proofs.ts";
import { continues, type LogReader, logReader } from "../format/log/reader.ts";
import { hashLeaf, inclusionRanges } from "../format/log/tree.ts";
import type { StoreVerdict } from "../format/verify.ts";
import type { AppId, KeyId, Sha256 } from "../ids.ts";
import { fetchBytes, HttpStatusError, type Patience, TooLongError, unreachable } from "./http.ts";

/** The fact that holds the head that was seen last, as the catalogue had it. */
export const LOG_HEAD_FACT = "logHead";

/** Each tile is fetched once. `url` is the store's address. */
export function openLog(url: string, head: LogHead, patience: Patience): LogReader {
  return logReader(head, (path, maxBytes) => fetchTile(`${url}/store/v1/log/${path}`, maxBytes, patience));
}

async function fetchTile(url: string, maxBytes: number, patience: Patience): Promise<Uint8Array> {
  return fetchBytes(url, maxBytes, patience).catch((error) => {
    if (error instanceof HttpStatusError) throw unreachable(url, error);
    // One byte too many says as much as all of them.
    if (error instanceof TooLongError) return new Uint8Array(maxBytes + 1);
    throw error;
  });
}

/**
 * Refuses a log that is not an extension of the one that this device has seen.
 * @throws Problem `device.log_rolled_back`, `device.log_forked`, `device.unreachable`, `log.tile_malformed`
 */
export async function mustExtend(known: LogHead | null, log: LogReader): Promise<void> {
  const { head } = log;
  if (known === null) return;
  if (head.size < known.size) {
    throw new Problem(
      "unprocessable",
      "device.log_rolled_back",
      `The store's log has ${head.size} entries, and this device has seen one of ${known.size}: entries were taken out of it. Nothing was changed.`,
    );
  }
  if (await continues(known, log)) return;
  throw new Problem(
    "unprocessable",
    "device.log_forked",
    `The store's log of ${head.size} entries (root hash ${head.rootHash}) does not continue the one of ${known.size} entries (root hash ${known.rootHash}) that this device has seen: its past was changed, or the tiles were on the way. Nothing was changed.`,
  );
}

/** What a release's leaves are made of, beside the index. */
export type LoggedRelease = {
  readonly store: StoreVerdict;
  readonly contentDigest: Sha256;
  /** SHA-256 of the released file; of the file at hand where there is one. */
  readonly packageSha256: Sha256;
};

/**
 * Proves that the approval and the publication of a release are in the log, each as a leaf made from the release itself.
 * Gives what is not there.
 * @throws Problem `device.unreachable`, `log.tile_malformed`
 */
export async function missingInLog(
  log: LogReader,
  { store, contentDigest, packageSha256 }: LoggedRelease,
  listed: IndexedRelease,
): Promise<ProblemDetail[]> {
  const { predicate } = store;
  const about = {
    appId: predicate.appId as AppId,
    versionCode: listed.versionCode,
    contentDigest,
  };
  const approval: LogEntry = {
    ...about,
    type: "approval",
    upload: predicate.upload.sha256 as Sha256,
    developerKeyId: predicate.developerKeyId as KeyId,
    reviewId: predicate.review.reviewId,
  };
  const publication: LogEntry = { ...about, type: "publication", package: packageSha256 };
  const wanted = [
    { code: "log.approval_missing", entry: approval, at: store.approvedAt, place: listed.log.approval },
    {
      code: "log.publication_missing",
      entry: publication,
      at: new Date(listed.publishedAt),
      place: listed.log.publication,
    },
  ];
  const missing: ProblemDetail[] = [];
  for (const { code, entry, at, place } of wanted) {
    if (await isLogged(log, entry, at, place)) continue;
    missing.push({
      code,
      message: `The release's ${entry.type} is not in the store's log: another leaf stands at position ${place.position} of ${log.head.size}.`,
      found: `no leaf of this ${entry.type}`,
      expected: new TextDecoder().decode(buildLeaf(entry, at, place.salt)),
    });
  }
  return missing;
}

async function isLogged(
  log: LogReader,
  entry: LogEntry,
  at: Date,
  { position, salt }: LoggedAt,
): Promise<boolean> {
  const { size, rootHash } = log.head;
  if (position >= size) return false;
  const leaf = hashLeaf(buildLeaf(entry, at, salt));
  const proof = await log.prove(inclusionRanges(position, size));
  return isIncluded({ leaf, position, size, root: hashFromHex(rootHash), proof });
}

/** @throws Problem `device.not_in_log` (details: what is missing) */
export function refuseUnlogged(appId: AppId, missing: readonly ProblemDetail[]): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new Problem("unprocessable", "device.not_in_log", `${appId} was not installed: ${first.message}`, [
    ...missing,
  ]);
}
