/**
 * Bringing rows of the catalogue back to what was signed, when somebody changed them beside the store. What devices read
 * is looked at first; whatever is taken is proved by the signature, or by the digest that is signed.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { readAll } from "../../format/source.ts";
import { type Difference, differencesOf, expiryIn, isSignedAs, listedTarget } from "./as-signed.ts";
import { sha256 } from "./metadata.ts";
import { METADATA_MAX_BYTES } from "./metadata-form.ts";
import * as records from "./records.ts";
import { metadataKey, ROLE_LIFETIMES_MS, roleFamily, roleForTarget, targetKey } from "./roles.ts";

export type MendStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** What a target's content is by other rows of the database; it counts only with the digest that is signed. */
export type Rebuild = (path: string) => Uint8Array | null;

export type Scope = { readonly roles: readonly string[]; readonly bodies: readonly string[] };

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
          : await mendTarget(store, difference.path, rebuild);
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
  return difference.of === "metadata"
    ? `metadata of ${difference.role}, version ${difference.version}`
    : difference.path;
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

async function mendMetadata(
  store: MendStore,
  { role, version }: { readonly role: string; readonly version: number },
): Promise<boolean> {
  const { orm } = store.db;
  const row = records.findMetadata(orm, role, version);
  const file = await readBlob(store, metadataKey(role, version), METADATA_MAX_BYTES[metadataForm(role)]);
  const body = [row?.body, file].find((bytes) => bytes && isSignedAs(orm, bytes, { role, version }));
  if (!body || (row !== null && row.sha256 === sha256(body) && sha256(row.body) === row.sha256)) return false;
  const now = store.clock.now();
  const expiresAt = expiryIn(body);
  const createdAt = row?.createdAt ?? new Date(expiresAt.getTime() - ROLE_LIFETIMES_MS[roleFamily(role)]);
  const exportedAt = row === null ? now : row.exportedAt;
  const mended = {
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
async function mendTarget(store: MendStore, path: string, rebuild: Rebuild): Promise<boolean> {
  const listed = listedTarget(store.db, path);
  if (listed === undefined) return false;
  if (listed === null) {
    write(store.db, (tx) => records.dropTarget(tx, path));
    return true;
  }
  const file = await readBlob(store, targetKey(path, listed.sha256), listed.sizeBytes);
  const kept = records.findTargetBody(store.db.orm, path);
  const isRight = (bytes: Uint8Array | null) => bytes !== null && sha256(bytes) === listed.sha256;
  const body = [kept, file].find(isRight) ?? [rebuild(path)].find(isRight) ?? null;
  return write(store.db, (tx) => {
    // What was found is of the metadata that was in force then.
    if (listedTarget(store.db, path)?.sha256 !== listed.sha256) return false;
    const old = records.findTarget(tx, path);
    const role = roleForTarget(path);
    const isRow = old?.role === role && old.sha256 === listed.sha256 && old.sizeBytes === listed.sizeBytes;
    if (isRow && body === null) return false;
    const now = store.clock.now();
    records.saveTarget(tx, {
      path,
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
