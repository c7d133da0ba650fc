/** The roles of the catalogue (package format, section 6): who signs what, for how long, and where it is served. */
import { createHash } from "node:crypto";
import { type Audience, type AudienceId, EVERYBODY, type Sha256 } from "../../ids.ts";
import { isTufRole, type TufRole } from "../../keys/key-sets.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { DAY_MS } from "../../time.ts";

/** 2⁸ bins: a publication rewrites one small file of 1/256 of the targets instead of one large one. */
export const BIN_BITS = 8;
const BIN_COUNT = 2 ** BIN_BITS;
export const BIN_PREFIX = "bins" satisfies TufRole;

export const CA_PATH = "trust/ca.pem";
export const REVOCATIONS_PATH = "trust/revocations.json";
/** The head of the log; one of the bins signs for it, as for everything that changes with a publication. */
export const LOG_PATH = "trust/log.json";

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

/** So much a clock may go back without anything being signed anew for it. */
const CLOCK_STEP_MS = DAY_MS / 24;

/**
 * Whether something ends later than anything that is signed now: a clock that was ahead had it signed. Whoever keeps it from
 * devices' sight of newer ones could do so for as long as it counts.
 */
export function isOverlong(expiresAt: Date, lifetimeMs: number, now: Date): boolean {
  return expiresAt.getTime() > now.getTime() + lifetimeMs + CLOCK_STEP_MS;
}

/** The same, of metadata of a role. */
export function isRoleOverlong(role: string, expiresAt: Date, now: Date): boolean {
  return isOverlong(expiresAt, ROLE_LIFETIMES_MS[roleFamily(role)], now);
}

/** The names of all bins, `bins-00` to `bins-ff`. */
export const BIN_ROLES: readonly string[] = Array.from({ length: BIN_COUNT }, (_, bin) => binName(bin));

/** What the root names. */
export const TOP_ROLES = ["root", "targets", "snapshot", "timestamp"] as const;

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

/** A role of one catalogue, a version of its metadata, and a path in one. */
export type RoleAt = { readonly audience: Audience; readonly role: string };
export type MetadataAt = RoleAt & { readonly version: number };
export type PathAt = { readonly audience: Audience; readonly path: string };

/**
 * Of these there is one metadata, and it is in every catalogue: their keys may be on another machine, and an audience
 * needs none of their signatures.
 */
const SHARED_ROLES: ReadonlySet<string> = new Set(["root", "targets", "apps"]);

/** Roles of which each catalogue has metadata of its own. */
export const OWN_ROLES: readonly string[] = TARGETS_ROLES.filter((role) => !SHARED_ROLES.has(role));

export function isShared(role: string): boolean {
  return SHARED_ROLES.has(role);
}

/** Those of one catalogue: of the public one, what all have in common with the rest. */
export function rolesOf(audience: Audience): readonly string[] {
  return audience === EVERYBODY ? TARGETS_ROLES : OWN_ROLES;
}

/** Among whose rows and files the metadata of a role is that an audience's catalogue has. */
export function homeOf(audience: Audience, role: string): Audience {
  return isShared(role) ? EVERYBODY : audience;
}

/** Everything that everybody may read of the catalogue lies below this key, and nothing else does. */
export const CATALOGUE_PREFIX = "store/v1/";
/** And what only an audience may read, below its id here. */
const AUDIENCES_PREFIX = "audiences/v1/";

/** Below which key the files of a catalogue are. */
export function cataloguePrefix(audience: Audience): string {
  return audience === EVERYBODY ? CATALOGUE_PREFIX : `${AUDIENCES_PREFIX}${audience}/`;
}

/** Every key below which there is nothing but metadata and targets. */
export const SIGNED_PREFIXES: readonly string[] = [
  `${CATALOGUE_PREFIX}metadata/`,
  `${CATALOGUE_PREFIX}targets/`,
  AUDIENCES_PREFIX,
];

export function timestampKey(audience: Audience): string {
  return `${cataloguePrefix(audience)}metadata/timestamp.json`;
}

/** Where a version of a role's metadata is: the timestamp alone has no version in its name (TUF 1.0 §6.2). */
export function metadataKey({ audience, role }: RoleAt, version: number): string {
  return role === "timestamp"
    ? timestampKey(audience)
    : `${cataloguePrefix(homeOf(audience, role))}metadata/${version}.${role}.json`;
}

/** Where the bytes of a target are: the digest stands before the file's name (TUF 1.0 §6.2). */
export function targetKey({ audience, path }: PathAt, sha256: string): string {
  const slash = path.lastIndexOf("/");
  const folder = `${cataloguePrefix(homeOf(audience, roleForTarget(path)))}targets/`;
  return `${folder}${path.slice(0, slash + 1)}${sha256}.${path.slice(slash + 1)}`;
}

/** The other way round; null: a key of something else. */
export function targetOfKey(key: string): (PathAt & { readonly sha256: Sha256 }) | null {
  const [, audience, folder, sha256, name] =
    /^(?:store\/v1|audiences\/v1\/([^/]+))\/targets\/(.+\/)([0-9a-f]{64})\.([^/]+)$/.exec(key) ?? [];
  if (folder === undefined || name === undefined) return null;
  return { audience: (audience as AudienceId) ?? EVERYBODY, path: folder + name, sha256: sha256 as Sha256 };
}

/**
 * Under which key the metadata or the target lies that has this address below an audience's catalogue: what all catalogues
 * have in common is there once.
 */
export function servedKey(audience: AudienceId, address: string): string {
  const role = /^metadata\/\d+\.([a-z0-9-]+)\.json$/.exec(address)?.[1];
  const [, folder = "", name] = /^targets\/(.+\/)[0-9a-f]{64}\.([^/]+)$/.exec(address) ?? [];
  const signer = name === undefined ? (role ?? "") : roleForTarget(folder + name);
  return `${cataloguePrefix(homeOf(audience, signer))}${address}`;
}
