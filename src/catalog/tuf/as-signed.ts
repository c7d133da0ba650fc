/**
 * Whether what the database keeps of the catalogue is what was signed. The signatures are the measure: metadata must carry
 * those of its role, and the rows of the target files must be what the metadata lists. Whoever changed the database beside
 * the store changed rows; what is signed next is made of them.
 */
import { Key, Metadata, MetadataKind, Snapshot, Targets, Timestamp } from "@tufjs/models";
import type { Db, Tx } from "../../db/database.ts";
import type { Sha256 } from "../../ids.ts";
import { type KeySets, keysOf, readKeySets } from "../../keys/key-sets.ts";
import { tufKeyOf } from "../../keys/tuf-signers.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { CA_PATH, LOG_PATH, REVOCATIONS_PATH, roleFamily, roleForTarget, TARGETS_ROLES } from "./roles.ts";

/** What the signed metadata says of a target file. */
export type Listed = { readonly sha256: Sha256; readonly sizeBytes: number };

type CurrentRoles = ReturnType<typeof records.currentRoles>;

export type Difference =
  /** Of the newest version that there is, or must be. */
  | { readonly of: "metadata"; readonly role: string; readonly version: number }
  /** The row, or with `body` its content alone. */
  | { readonly of: "target" | "body"; readonly path: string };

/** Small files that everything else rests on: looked at also at a start. */
export const TRUST_PATHS: readonly string[] = [CA_PATH, REVOCATIONS_PATH, LOG_PATH];

type Signed = ReturnType<typeof parse>["signed"];

/**
 * Which metadata was found to be signed, and with which keys: bytes that are the same need no second look. What is asked for
 * with each act is kept as it was read, too.
 */
const verified = new WeakMap<Db, Map<string, { readonly mark: string; readonly signed: Signed | null }>>();
const KEPT: ReadonlySet<string> = new Set([
  "root",
  "timestamp",
  "snapshot",
  ...TRUST_PATHS.map(roleForTarget),
]);

/** Of these roles, of the snapshot and the timestamp that tell of them, and of the content of these paths. */
export function differencesOf(
  db: Db,
  { roles, bodies }: { readonly roles: readonly string[]; readonly bodies: readonly string[] },
): readonly Difference[] {
  const sets = readKeySets(db.orm);
  const all = [...new Set([...roles, ...bodies.map(roleForTarget)])].filter((role) =>
    TARGETS_ROLES.includes(role),
  );
  const current = records.currentRoles(db.orm);
  const ofVersions = differentVersions(db, sets, current);
  const found = all.flatMap((role) => differentTargets(db, sets, current, role));
  const wrong = new Set(found.flatMap((one) => (one.of === "target" ? [one.path] : [])));
  const ofBodies = bodies
    .filter((path) => !wrong.has(path) && isOtherBody(db.orm, path))
    .map((path): Difference => ({ of: "body", path }));
  return [...ofVersions, ...found, ...ofBodies];
}

/** The root, timestamp and snapshot, and that of every role the version is the newest that the snapshot lists. */
function differentVersions(db: Db, sets: KeySets, roles: CurrentRoles): readonly Difference[] {
  const versionOf = (role: string) => roles.get(role)?.version ?? 0;
  const timestamp = signedMetadata(db, sets, "timestamp", versionOf("timestamp"));
  if (!(timestamp instanceof Timestamp)) return [metadata("timestamp", versionOf("timestamp"))];
  const version = timestamp.snapshotMeta.version;
  const snapshot = signedMetadata(db, sets, "snapshot", version);
  if (!(snapshot instanceof Snapshot) || version !== versionOf("snapshot"))
    return [metadata("snapshot", version)];
  const others = TARGETS_ROLES.filter(
    (role) => (snapshot.meta[`${role}.json`]?.version ?? 0) !== versionOf(role),
  ).map((role) => metadata(role, snapshot.meta[`${role}.json`]?.version ?? 0));
  const root = versionOf("root");
  return signedMetadata(db, sets, "root", root) === null ? [metadata("root", root), ...others] : others;
}

const metadata = (role: string, version: number): Difference => ({ of: "metadata", role, version });

function differentTargets(db: Db, sets: KeySets, roles: CurrentRoles, role: string): readonly Difference[] {
  const version = roles.get(role)?.version ?? 0;
  const signed = signedMetadata(db, sets, role, version);
  if (!(signed instanceof Targets)) return [metadata(role, version)];
  const rows = new Map(records.targetsOfRoles(db.orm, [role]).map((row) => [row.path, row]));
  const paths = new Set([...Object.keys(signed.targets), ...rows.keys()]);
  return [...paths]
    .filter((path) => !isListed(listedIn(signed, path), rows.get(path)))
    .map((path) => ({ of: "target", path }));
}

function isListed(listed: Listed | null, row: records.TargetFact | undefined): boolean {
  return row?.sha256 === listed?.sha256 && row?.sizeBytes === listed?.sizeBytes;
}

function listedIn(signed: Targets, path: string): Listed | null {
  const file = signed.targets[path];
  return file ? { sha256: file.hashes.sha256 as Sha256, sizeBytes: file.length } : null;
}

/** Whether the row's content is not what the row says, which the caller has compared with what is signed. */
function isOtherBody(tx: Tx, path: string): boolean {
  const row = records.findTarget(tx, path);
  return row !== undefined && sha256(row.body) !== row.sha256;
}

/** What the metadata in force lists of a path; null when it lists nothing; undefined when it is not what was signed. */
export function listedTarget(db: Db, path: string): Listed | null | undefined {
  const role = roleForTarget(path);
  const sets = readKeySets(db.orm);
  // What is older than the newest that was lost is not in force.
  const ofThis = ["timestamp", "snapshot", role];
  const roles = records.currentRoles(db.orm);
  if (differentVersions(db, sets, roles).some((one) => one.of === "metadata" && ofThis.includes(one.role)))
    return undefined;
  const version = roles.get(role)?.version ?? 0;
  const signed = signedMetadata(db, sets, role, version);
  return signed instanceof Targets ? listedIn(signed, path) : undefined;
}

/** Null when the database has not got it with its digest and its signatures. */
function signedMetadata(db: Db, sets: KeySets, role: string, version: number) {
  const row = records.findMetadata(db.orm, role, version);
  if (row === null || row.sha256 !== sha256(row.body)) return null;
  const known = verified.get(db) ?? new Map<string, { mark: string; signed: Signed | null }>();
  verified.set(db, known);
  const { keys, threshold } = keysOf(sets, roleFamily(role));
  const mark = [row.sha256, threshold, ...keys.map(({ keyid }) => keyid)].join(" ");
  const before = known.get(role);
  if (before?.mark === mark && before.signed?.version === version) return before.signed;
  const parsed = parseSigned(row.body, role, version);
  if (parsed === null) return null;
  if (before?.mark !== mark && !isSigned(parsed, sets, role)) return null;
  known.set(role, { mark, signed: KEPT.has(role) ? parsed.signed : null });
  return parsed.signed;
}

/** Whether these bytes are this version of the role's metadata, with as many signatures as its keys in force must give. */
export function isSignedAs(
  tx: Tx,
  bytes: Uint8Array,
  { role, version }: Pick<records.MetadataRow, "role" | "version">,
): boolean {
  const parsed = parseSigned(bytes, role, version);
  return parsed !== null && isSigned(parsed, readKeySets(tx), role);
}

/** When what is signed ends. */
export function expiryIn(bytes: Uint8Array): Date {
  return new Date(String(JSON.parse(new TextDecoder().decode(bytes)).signed.expires));
}

function isSigned(parsed: ReturnType<typeof parse>, sets: KeySets, role: string): boolean {
  const { keys, threshold } = keysOf(sets, roleFamily(role));
  const valid = keys.map(tufKeyOf).filter(({ keyId, json }) => {
    try {
      Key.fromJSON(keyId, { ...json, keyval: { ...json.keyval } }).verifySignature(parsed);
      return true;
    } catch {
      return false;
    }
  });
  return valid.length >= threshold;
}

function parseSigned(bytes: Uint8Array, role: string, version: number): ReturnType<typeof parse> | null {
  try {
    const parsed = parse(bytes, role);
    return parsed.signed.version === version ? parsed : null;
  } catch {
    return null;
  }
}

function parse(bytes: Uint8Array, role: string) {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  if (role === "root") return Metadata.fromJSON(MetadataKind.Root, json);
  if (role === "snapshot") return Metadata.fromJSON(MetadataKind.Snapshot, json);
  if (role === "timestamp") return Metadata.fromJSON(MetadataKind.Timestamp, json);
  return Metadata.fromJSON(MetadataKind.Targets, json);
}
