/**
 * Whether what is to be signed of an app goes on from what is signed of it, and is what the log has: rows that somebody
 * changed beside the store would otherwise be signed with its next index. Pure.
 */

import type { LineageEntry } from "../format/lineage.ts";
import type { ApprovalEntry, PublicationEntry } from "../format/log/entries.ts";
import type { OrganisationId, Sha256, VersionCode } from "../ids.ts";
import { canonicalText } from "../signing/json.ts";
import { isSameSaid } from "./lineage-rows.ts";
import type { AppIndex, IndexedRelease } from "./tuf/documents.ts";

export type Known = {
  /** A key that comes into the lineage with the very index. */
  readonly added?: LineageEntry;
  /** A version that comes with it. */
  readonly incoming?: VersionCode;
  /** One that is yanked with it, or offered again. */
  readonly turned?: VersionCode;
  /** Of an app that goes to another organisation with it: whose it was. */
  readonly movedFrom?: OrganisationId;
  /** Whether a certificate with this digest is one that the store signs with, or did. */
  readonly isOurs: (certificate: Sha256) => boolean;
  /** The lowest version by the newest act about it that the log has; 1: any. */
  readonly lowest: number;
  /** Whether the log says that a key came into the app's lineage. */
  readonly isAdded: (keyId: string) => boolean;
  /** What the log says last of a release. */
  readonly logged: (contentDigest: Sha256) => {
    readonly approval: ApprovalEntry | null;
    readonly publication: PublicationEntry | null;
  };
  /** Whether there is a version with this content that is published, though the next index may not list it. */
  readonly isPublished: (release: IndexedRelease) => boolean;
};

/** What is otherwise; null when nothing is. `signed`: null when there is none, or not as it was signed. */
export function faultOfNext(signed: AppIndex | null, next: AppIndex, known: Known): string | null {
  const release = releasesOf(next).find((one) => !isLogged(next, one, known));
  if (release !== undefined) return nameOf(release);
  if (!isBegun(signed?.lineage.length ?? 1, next, known)) return LINEAGE;
  if (signed === null) return null;
  if (!isOfTheSame(signed, next, known)) return DEVELOPER;
  // It falls by an act alone.
  if (next.lowestVersionCode < signed.lowestVersionCode && next.lowestVersionCode !== known.lowest)
    return LOWEST;
  if (!continues(signed.lineage, next.lineage, known)) return LINEAGE;
  const after = new Map(releasesOf(next).map((one) => [one.versionCode, one]));
  const changed = releasesOf(signed).find((one) => {
    const now = after.get(one.versionCode);
    return now === undefined ? !known.isPublished(one) : factsOf(now) !== factsOf(one);
  });
  if (changed !== undefined) return nameOf(changed);
  // A row that somebody changed would offer again what is yanked, or the other way round.
  const [before, now] = [channelsIn(signed), channelsIn(next)];
  const turned = [...now].find(
    ([code, channel]) => code !== known.turned && (before.get(code) ?? channel) !== channel,
  );
  return turned === undefined ? null : nameOf({ versionCode: turned[0] });
}

/** In which channel each release is. */
function channelsIn({ channels }: AppIndex): ReadonlyMap<VersionCode, string> {
  return new Map(
    [...channels].flatMap(([channel, releases]) =>
      releases.map(({ versionCode }) => [versionCode, channel] as const),
    ),
  );
}

export const DEVELOPER = "developer";
export const LINEAGE = "key lineage";
const LOWEST = "lowest version";

/** Whose it is and whose it was before: as it is signed, or one more where it goes to another organisation. */
function isOfTheSame(signed: AppIndex, next: AppIndex, { movedFrom }: Known): boolean {
  const { developerId, formerDevelopers } = signed;
  if (movedFrom !== undefined && movedFrom !== developerId) return false;
  const [owner, before] =
    movedFrom === undefined
      ? [developerId, formerDevelopers]
      : [next.developerId, [...formerDevelopers, movedFrom].filter((id) => id !== next.developerId)];
  return owner === next.developerId && Bun.deepEquals(before, next.formerDevelopers);
}

const releasesOf = ({ channels }: AppIndex): readonly IndexedRelease[] => [...channels.values()].flat();

const nameOf = ({ versionCode }: Pick<IndexedRelease, "versionCode">): string => `version ${versionCode}`;

/** Approved and published as what it is. The log's leaf of one that comes now is signed with it. */
function isLogged(index: AppIndex, release: IndexedRelease, known: Known): boolean {
  const { approval, publication } = known.logged(release.contentDigest);
  const isOf = (entry: ApprovalEntry | PublicationEntry | null) =>
    entry?.appId === index.appId && entry.versionCode === release.versionCode;
  if (!isOf(approval)) return false;
  if (release.versionCode === known.incoming) return true;
  if (!known.isPublished(release)) return false;
  return isOf(publication) && publication?.package === release.package.sha256;
}

/** What comes to the keys that are known the log has, and what was approved is signed with one of them all. */
function isBegun(count: number, { lineage, channels }: AppIndex, { logged, added, isAdded }: Known): boolean {
  const keys = new Set(lineage.map(({ keyId }) => keyId));
  const releases = [...channels.values()].flat();
  return (
    lineage.slice(count).every(({ keyId }) => keyId === added?.keyId || isAdded(keyId)) &&
    releases.every(({ contentDigest }) => keys.has(logged(contentDigest).approval?.developerKeyId ?? ""))
  );
}

/** The same keys in the same places; the store's own statements may have another signature. */
function continues(
  before: readonly LineageEntry[],
  after: readonly LineageEntry[],
  { isOurs }: Known,
): boolean {
  const isSame = (one: LineageEntry, other: LineageEntry | undefined) => {
    if (other === undefined || one.keyId !== other.keyId) return false;
    if (one.kind === "recovery" && other.kind === "recovery")
      return isSameSaid(one.recovery, other.recovery, isOurs);
    if (one.kind === "addition" && other.kind === "addition")
      return (
        Buffer.compare(one.addition, other.addition) === 0 &&
        isSameSaid(one.acceptance, other.acceptance, isOurs)
      );
    return one.kind === other.kind;
  };
  return before.every((entry, at) => isSame(entry, after[at]));
}

/** What of a release never changes once it is signed; its file does when the store signs it again, which the log has. */
function factsOf(release: IndexedRelease): string {
  const { contentDigest, version, permissions, runtimeApi, dataVersion, notes, replaces, rolloutPercent } =
    release;
  return canonicalText({
    contentDigest,
    version,
    permissions,
    runtimeApi,
    dataVersion,
    notes,
    replaces,
    rolloutPercent,
  });
}
