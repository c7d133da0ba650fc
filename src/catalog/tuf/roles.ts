/** The roles of the catalogue (package format, section 6): who signs what, for how long, and where it is served. */
import { createHash } from "node:crypto";
import { isTufRole, type TufRole } from "../../keys/key-sets.ts";
import { wholeSeconds } from "../../signing/times.ts";

/** 2⁸ bins: a publication rewrites one small file of 1/256 of the targets instead of one large one. */
export const BIN_BITS = 8;
export const BIN_COUNT = 2 ** BIN_BITS;
export const BIN_PREFIX = "bins" satisfies TufRole;

export const CA_PATH = "trust/ca.pem";
export const REVOCATIONS_PATH = "trust/revocations.json";
/** The head of the log; one of the bins signs for it, as for everything that changes with a publication. */
export const LOG_PATH = "trust/log.json";

const DAY_MS = 86_400_000;

/** How long the metadata of each role counts: section 6's table. Which keys sign it stands in the database. */
export const ROLE_LIFETIMES_MS: Readonly<Record<TufRole, number>> = {
  root: 365 * DAY_MS,
  targets: 180 * DAY_MS,
  revocations: 7 * DAY_MS,
  apps: 180 * DAY_MS,
  bins: 30 * DAY_MS,
  snapshot: 7 * DAY_MS,
  timestamp: DAY_MS,
};

/** `bins` for each of the bins, and otherwise the role itself. @throws Error for a role that this repository does not have: a bug in the caller */
export function roleFamily(role: string): TufRole {
  if (role.startsWith(`${BIN_PREFIX}-`)) return BIN_PREFIX;
  if (!isTufRole(role)) throw new Error(`the catalogue has no role ${JSON.stringify(role)}`);
  return role;
}

/** When metadata that is signed now ends. Times of TUF metadata have whole seconds (TUF 1.0 §4.2). */
export function expiryOf(role: string, now: Date): Date {
  return new Date(wholeSeconds(now).getTime() + ROLE_LIFETIMES_MS[roleFamily(role)]);
}

/** The names of all bins, `bins-00` to `bins-ff`. */
export const BIN_ROLES: readonly string[] = Array.from({ length: BIN_COUNT }, (_, bin) => binName(bin));

/** What the snapshot lists. */
export const TARGETS_ROLES: readonly string[] = ["targets", "revocations", "apps", ...BIN_ROLES];

/**
 * The role that signs for a target path. Bins take the leftmost bits of the path's SHA-256, as TAP 15 says and every
 * client computes for itself.
 */
export function roleForTarget(path: string): string {
  if (path === CA_PATH) return "targets";
  if (path === REVOCATIONS_PATH) return "revocations";
  const digest = createHash("sha256").update(path).digest();
  return binName(digest.readUInt32BE(0) >>> (32 - BIN_BITS));
}

function binName(bin: number): string {
  return `${BIN_PREFIX}-${bin.toString(16).padStart((BIN_COUNT - 1).toString(16).length, "0")}`;
}

/** Everything that devices read lies below this key. */
export const CATALOGUE_PREFIX = "store/v1/";
export const METADATA_PREFIX = `${CATALOGUE_PREFIX}metadata/`;
export const TARGETS_PREFIX = `${CATALOGUE_PREFIX}targets/`;
export const TIMESTAMP_KEY = `${METADATA_PREFIX}timestamp.json`;

/** Where a version of a role's metadata is served: the timestamp alone has no version in its name (TUF 1.0 §6.2). */
export function metadataKey(role: string, version: number): string {
  return role === "timestamp" ? TIMESTAMP_KEY : `${METADATA_PREFIX}${version}.${role}.json`;
}

/** Where the bytes of a target are served: the digest stands before the file's name (TUF 1.0 §6.2). */
export function targetKey(path: string, sha256: string): string {
  const slash = path.lastIndexOf("/");
  return `${TARGETS_PREFIX}${path.slice(0, slash + 1)}${sha256}.${path.slice(slash + 1)}`;
}
