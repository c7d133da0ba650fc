/**
 * Bringing rows of the catalogue back to what was signed, when somebody changed them beside the store. What devices read
 * is looked at first; whatever is taken is proved by the signature, or by the digest that is signed.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { readAll } from "../../format/source.ts";
import { EVERYBODY } from "../../ids.ts";
import {
  type Difference,
  differencesOf,
  expiryIn,
  isSignedAs,
  listedTarget,
  type Scope,
} from "./as-signed.ts";
import { sha256 } from "./metadata.ts";
import { METADATA_MAX_BYTES } from "./metadata-form.ts";
import * as records from "./records.ts";
import {
  homeOf,
  metadataKey,
  type PathAt,
  ROLE_LIFETIMES_MS,
  type RoleAt,
  roleFamily,
  roleForTarget,
  targetKey,
} from "./roles.ts";

export type MendStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** What a target's content is by other rows of the database; it counts only with the digest that is signed. */
export type Rebuild = (at: PathAt) => Uint8Array | null;

export type { Scope };

export type Mended = {
  readonly mended: readonly Difference[];
  /** What is still otherwise than it was signed. */
  readonly left: readonly Difference[];
};

/** As many rounds as one leads to the next: timestamp and snapshot, a role, its files. */
const ROUNDS = 4;

/** Mends what is different within the scope. Reads no file while nothing is. */
export async function mendSigned(
  store: MendStore,
  scope: Scope,
  rebuild: Rebuild = () => null,
): Promise<Mended> {
  const mended: Difference[] = [];
  let left = differencesOf(store.db, scope);
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    let progress = false;
    for (const difference of left) {
      const isMended =
        difference.of === "metadata"
          ? await mendMetadata(store, difference)
          : await mendTarget(store, difference, rebuild);
      if (!isMended) continue;
      progress = true;
      mended.push(difference);
      store.log.error("catalog.rows_mended", { what: nameOf(difference) });
    }
    left = differencesOf(store.db, scope);
    if (!progress) break;
  }
  return { mended, left };
}

/** As a person finds it again: a path of a target file, or a role. */
export function nameOf(difference: Difference): string {
  const where = difference.audience === EVERYBODY ? "" : ` of the audience ${difference.audience}`;
  if (difference.of !== "metadata") return `${difference.path}${where}`;
  const { role, version } = difference;
  // Of a role that no row is left of.
  return version === 0
    ? `all metadata of ${role}${where}`
    : `metadata of ${role}, version ${version}${where}`;
}

/** Nothing is signed over rows that are not what was signed. @throws Problem `catalog.damaged` */
export async function mustBeAsSigned(store: MendStore, scope: Scope, rebuild?: Rebuild): Promise<void> {
  const [first] = (await mendSigned(store, scope, rebuild)).left;
  if (first !== undefined) throw damaged(first);
}

export function damaged(difference: Difference): Problem {
  return new Problem(
    "unavailable",
    "catalog.damaged",
    `The database has not got ${nameOf(difference)} as it was signed, and the file that devices read is not it either: nothing is signed over it. Look at what mosis admin reconcile says, or restore a backup.`,
  );
}

async function mendMetadata(store: MendStore, at: RoleAt & { readonly version: number }): Promise<boolean> {
  const { orm } = store.db;
  const { audience, role, version } = at;
  const row = records.findMetadata(orm, role, version, audience);
  const file = await readBlob(store, metadataKey(at, version), METADATA_MAX_BYTES[metadataForm(role)]);
  const body = [row?.body, file].find((bytes) => bytes && isSignedAs(orm, bytes, at));
  if (!body || (row !== null && row.sha256 === sha256(body) && sha256(row.body) === row.sha256)) return false;
  const now = store.clock.now();
  const expiresAt = expiryIn(body);
  const createdAt = row?.createdAt ?? new Date(expiresAt.getTime() - ROLE_LIFETIMES_MS[roleFamily(role)]);
  const exportedAt = row === null ? now : row.exportedAt;
  const mended = {
    audience,
    role,
    version,
    body: Buffer.from(body),
    sha256: sha256(body),
    expiresAt,
    createdAt,
    exportedAt,
  };
  write(store.db, (tx) => records.saveMetadata(tx, mended));
  return true;
}

function metadataForm(role: string): keyof typeof METADATA_MAX_BYTES {
  return role === "root" || role === "snapshot" || role === "timestamp" ? role : "targets";
}

/** The row first, whatever becomes of its content: what is signed next lists what the row says. */
async function mendTarget(store: MendStore, of: PathAt, rebuild: Rebuild): Promise<boolean> {
  const role = roleForTarget(of.path);
  const at = { audience: homeOf(of.audience, role), path: of.path };
  const listed = listedTarget(store.db, at);
  if (listed === undefined) return false;
  if (listed === null) {
    write(store.db, (tx) => records.dropTarget(tx, at));
    return true;
  }
  const file = await readBlob(store, targetKey(at, listed.sha256), listed.sizeBytes);
  const kept = records.findTargetBody(store.db.orm, at.path, at.audience);
  const isRight = (bytes: Uint8Array | null) => bytes !== null && sha256(bytes) === listed.sha256;
  const body = [kept, file].find(isRight) ?? [rebuild(at)].find(isRight) ?? null;
  return write(store.db, (tx) => {
    // What was found is of the metadata that was in force then.
    if (listedTarget(store.db, at)?.sha256 !== listed.sha256) return false;
    const old = records.findTarget(tx, at);
    const isRow = old?.role === role && old.sha256 === listed.sha256 && old.sizeBytes === listed.sizeBytes;
    if (isRow && body === null) return false;
    const now = store.clock.now();
    records.saveTarget(tx, {
      ...at,
      role,
      ...listed,
      body: Buffer.from(body ?? old?.body ?? []),
      updatedAt: old?.updatedAt ?? now,
      exportedAt: old === undefined ? now : old.exportedAt,
    });
    return true;
  });
}

/** Null when there is none, or one that is longer than it may be. */
async function readBlob({ blobs }: MendStore, key: string, mostBytes: number): Promise<Uint8Array | null> {
  const info = await blobs.head(key);
  if (info === null || info.sizeBytes > mostBytes) return null;
  const source = await blobs.open(key);
  try {
    return await readAll(source);
  } finally {
    await source.close();
  }
}
