/**
 * Whether what the database keeps of the catalogue is what was signed. The signatures are the measure: metadata must carry
 * those of its role, and the rows of the target files must be what the metadata lists. Whoever changed the database beside
 * the store changed rows; what is signed next is made of them.
 */
import { Snapshot, Targets, Timestamp } from "@tufjs/models";
import type { Db, Tx } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import { type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { type Difference, nameOf } from "./differences.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import {
  CA_PATH,
  homeOf,
  isShared,
  LOG_PATH,
  type MetadataAt,
  type PathAt,
  REVOCATIONS_PATH,
  type RoleAt,
  roleFamily,
  roleForTarget,
  rolesOf,
  TARGETS_ROLES,
} from "./roles.ts";
import { type SignedKeys, signedKeys, trustedKeysOf } from "./signed-keys.ts";
import { signedRow } from "./signed-rows.ts";
import { isSignedBy, parseSigned } from "./verified.ts";

/** What the signed metadata says of a target file. */
export type Listed = { readonly sha256: Sha256; readonly sizeBytes: number };

type CurrentRoles = ReturnType<typeof records.currentRoles>;

/** Roles with the files that they sign for, and files with their content. */
export type Scope = { readonly roles: readonly RoleAt[]; readonly bodies: readonly PathAt[] };

/** Small files that everything else rests on: looked at also at a start. */
export const TRUST_PATHS: readonly PathAt[] = [CA_PATH, REVOCATIONS_PATH, LOG_PATH].map((path) => ({
  audience: EVERYBODY,
  path,
}));

/** Of these roles, of the snapshot and the timestamp that tell of them, and of the content of these paths. */
export function differencesOf(db: Db, { roles, bodies }: Scope): readonly Difference[] {
  const sets = signedKeys(db);
  const all = [
    ...roles,
    ...bodies.map(({ audience, path }) => ({ audience, role: roleForTarget(path) })),
  ].map(({ audience, role }) => ({ audience: homeOf(audience, role), role }));
  // What is in every catalogue rests on the public one's, of which something is asked in any case.
  const audiences = new Set<Audience>([EVERYBODY, ...all.map(({ audience }) => audience)]);
  const ofRoles = [...audiences].flatMap((audience) => {
    const { current, different } = standing(db, audience);
    const own = new Set(all.filter((one) => one.audience === audience).map(({ role }) => role));
    return [
      ...different,
      ...[...own]
        .filter((role) => TARGETS_ROLES.includes(role))
        .flatMap((role) => differentTargets(db, sets, current, { audience, role })),
    ];
  });
  const known = new Set(sets.found.map(nameOf));
  const found = [...sets.found, ...ofRoles.filter((one) => !known.has(nameOf(one)))];
  const wrong = new Set(found.flatMap((one) => (one.of === "target" ? [placeOf(one)] : [])));
  const ofBodies = bodies
    .filter((at) => !wrong.has(placeOf(at)) && isOtherBody(db.orm, at))
    .map((at): Difference => ({ ...at, of: "body" }));
  return [...found, ...ofBodies];
}

const placeOf = ({ audience, path }: PathAt): string => `${audience} ${path}`;

type Standing = { readonly current: CurrentRoles; readonly different: readonly Difference[] };

/**
 * The newest versions of a catalogue, and which of them are not those that were signed. Of the public one it is kept while
 * nothing changes, since it is asked for with each file: it is not of the others, since there may be many.
 */
function standing(db: Db, audience: Audience): Standing {
  const work = () => {
    const current = records.currentRoles(db.orm, audience);
    return { current, different: differentVersions(db, signedKeys(db), { audience, current }) };
  };
  return audience === EVERYBODY ? whileUnchanged(db, "standing of the catalogue", 0, work) : work();
}

/**
 * The timestamp and snapshot, and that of every role the version is the newest that the snapshot lists. Of an
 * audience's, what is in every catalogue is the version of the public one.
 */
function differentVersions(
  db: Db,
  sets: SignedKeys,
  { audience, current }: { readonly audience: Audience; readonly current: CurrentRoles },
): readonly Difference[] {
  const versionOf = (role: string) => current.get(role)?.version ?? 0;
  const at = (role: string, version: number): Difference => ({ of: "metadata", audience, role, version });
  const timestamp = signedMetadata(db, sets, { audience, role: "timestamp" }, versionOf("timestamp"));
  if (!(timestamp instanceof Timestamp)) return [at("timestamp", versionOf("timestamp"))];
  const version = timestamp.snapshotMeta.version;
  const snapshot = signedMetadata(db, sets, { audience, role: "snapshot" }, version);
  if (!(snapshot instanceof Snapshot) || version !== versionOf("snapshot")) return [at("snapshot", version)];
  const listed = (role: string) => snapshot.meta[`${role}.json`]?.version ?? 0;
  if (audience !== EVERYBODY) {
    const shared = TARGETS_ROLES.filter(isShared);
    // With a newer one of those, the snapshot that tells of it was lost.
    if (shared.some((role) => listed(role) !== records.newestVersion(db.orm, role)))
      return [at("snapshot", version + 1)];
  }
  return rolesOf(audience)
    .filter((role) => listed(role) !== versionOf(role))
    .map((role) => at(role, listed(role)));
}

function differentTargets(
  db: Db,
  sets: SignedKeys,
  current: CurrentRoles,
  { audience, role }: RoleAt,
): readonly Difference[] {
  const version = current.get(role)?.version ?? 0;
  const signed = signedMetadata(db, sets, { audience, role }, version);
  if (!(signed instanceof Targets)) return [{ of: "metadata", audience, role, version }];
  const rows = new Map(records.targetsOfRoles(db.orm, [role], audience).map((row) => [row.path, row]));
  const paths = new Set([...Object.keys(signed.targets), ...rows.keys()]);
  return [...paths]
    .filter((path) => !isListed(listedIn(signed, path), rows.get(path)))
    .map((path) => ({ of: "target", audience, path }));
}

function isListed(listed: Listed | null, row: records.TargetFact | undefined): boolean {
  return row?.sha256 === listed?.sha256 && row?.sizeBytes === listed?.sizeBytes;
}

function listedIn(signed: Targets, path: string): Listed | null {
  const file = signed.targets[path];
  return file ? { sha256: file.hashes.sha256 as Sha256, sizeBytes: file.length } : null;
}

/** Whether the row's content is not what the row says, which the caller has compared with what is signed. */
function isOtherBody(tx: Tx, at: PathAt): boolean {
  const row = records.findTarget(tx, at);
  return row !== undefined && sha256(row.body) !== row.sha256;
}

/** What the metadata in force lists of a path; null when it lists nothing; undefined when it is not what was signed. */
export function listedTarget(db: Db, at: PathAt): Listed | null | undefined {
  const signed = signedTargets(db, at);
  return signed && listedIn(signed, at.path);
}

/** What the metadata in force says of a path beside its content; null when it says nothing, or is not what was signed. */
export function signedCustom(db: Db, at: PathAt): Readonly<Record<string, unknown>> | null {
  return signedTargets(db, at)?.targets[at.path]?.custom ?? null;
}

function signedTargets(db: Db, { audience, path }: PathAt): Targets | undefined {
  const role = roleForTarget(path);
  const home = homeOf(audience, role);
  // What is older than the newest that was lost is not in force.
  const ofThis = ["timestamp", "snapshot", role];
  const { current, different } = standing(db, home);
  const isLost = (one: Difference) => one.of === "metadata" && ofThis.includes(one.role);
  if (different.some(isLost)) return undefined;
  const version = current.get(role)?.version ?? 0;
  const signed = signedMetadata(db, signedKeys(db), { audience: home, role }, version);
  return signed instanceof Targets ? signed : undefined;
}

/** A target file, when the database has its content as it was signed. */
export function signedTarget(
  db: Db,
  { audience, path }: PathAt,
): { readonly body: Uint8Array; readonly sha256: Sha256 } | null {
  const listed = listedTarget(db, { audience, path });
  if (!listed) return null;
  const body = records.findTargetBody(db.orm, path, homeOf(audience, roleForTarget(path)));
  return body === null || sha256(body) !== listed.sha256 ? null : { body, sha256: listed.sha256 };
}

/** Null when the database has not got it with its digest and its signatures. */
function signedMetadata(db: Db, sets: SignedKeys, { audience, role }: RoleAt, version: number) {
  return signedRow(db, { audience, role, version }, trustedKeysOf(sets, roleFamily(role)));
}

/** Whether these bytes are this version of the role's metadata, with as many signatures as its keys in force must give. */
export function isSignedAs(db: Db, bytes: Uint8Array, { audience, role, version }: MetadataAt): boolean {
  const parsed = parseSigned(bytes, { audience, role }, version);
  return parsed !== null && isSignedBy(parsed, trustedKeysOf(signedKeys(db), roleFamily(role)));
}

/** When what is signed ends. */
export function expiryIn(bytes: Uint8Array): Date {
  return new Date(String(JSON.parse(new TextDecoder().decode(bytes)).signed.expires));
}
