/**
 * Bringing rows of the catalogue back to what was signed, when somebody changed them beside the store. What devices read
 * is looked at first; whatever is taken is proved by the signature, or by the digest that is signed.
 */
import { write } from "../../db/database.ts";
import { isWhole } from "../log/hold.ts";
import { servedTimestamp } from "../log/signed.ts";
import { differencesOf, expiryIn, isSignedAs, listedTarget, type Scope } from "./as-signed.ts";
import { type Difference, damaged, tellMended } from "./differences.ts";
import { type MendStore, readBlob, readMetadata } from "./mend-files.ts";
import { mendKeys } from "./mend-keys.ts";
import { hasNewerRoot, mendRoots } from "./mend-roots.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import {
  homeOf,
  type MetadataAt,
  type PathAt,
  ROLE_LIFETIMES_MS,
  roleFamily,
  roleForTarget,
  targetKey,
} from "./roles.ts";
import { ROOT } from "./root-chain.ts";

/** What a target's content is by other rows of the database; it counts only with the digest that is signed. */
export type Rebuild = (at: PathAt) => Uint8Array | null;

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
      if (!(await mend(store, difference, rebuild))) continue;
      progress = true;
      mended.push(difference);
      tellMended(store, difference);
    }
    left = differencesOf(store.db, scope);
    if (!progress) break;
  }
  return { mended, left };
}

/** The row of the newest root may be gone while its file is there, of which no other row tells. */
export async function mendNewerRoot(store: MendStore): Promise<readonly Difference[]> {
  // An older database is put right by the one that belongs to the files.
  if (!isWhole(store) || !(await hasNewerRoot(store))) return [];
  const mended = (await mendRoots(store)).map(
    (version): Difference => ({ ...ROOT, of: "metadata", version }),
  );
  for (const one of mended) tellMended(store, one);
  return mended;
}

async function mend(store: MendStore, difference: Difference, rebuild: Rebuild): Promise<boolean> {
  if (difference.of === "keys") return mendKeys(store, difference.role);
  if (difference.of === "target" || difference.of === "body") return mendTarget(store, difference, rebuild);
  // The others are brought back before this.
  if (difference.of !== "metadata") return false;
  if (difference.role === ROOT.role) return (await mendRoots(store)).length > 0;
  const isBack = await mendMetadata(store, difference);
  // Both, whichever was the first that was found.
  return (await dropAdded(store, difference)) || isBack;
}

/** Nothing is signed over rows that are not what was signed. @throws Problem `catalog.damaged` */
export async function mustBeAsSigned(store: MendStore, scope: Scope, rebuild?: Rebuild): Promise<void> {
  const [first] = (await mendSigned(store, scope, rebuild)).left;
  if (first !== undefined) throw damaged(first);
}

async function mendMetadata(store: MendStore, at: MetadataAt): Promise<boolean> {
  const { audience, role, version } = at;
  const row = records.findMetadata(store.db.orm, role, version, audience);
  const file = await readMetadata(store, at);
  const body = [row?.body, file].find((bytes) => bytes && isSignedAs(store.db, bytes, at));
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

/**
 * Rows above the version that there must be, which carry no signatures of the role. Of the timestamp the newest that is signed
 * tells which that is: without its file no device has seen another.
 */
async function dropAdded(store: MendStore, at: MetadataAt): Promise<boolean> {
  const { audience, role } = at;
  const isSigned = (version: number) => {
    const row = records.findMetadata(store.db.orm, role, version, audience);
    return row !== null && isSignedAs(store.db, row.body, { audience, role, version });
  };
  const versions = records.versionsOfRole(store.db.orm, at);
  const served = role === "timestamp" ? await servedTimestamp(store, audience) : at.version;
  const newest = role === "timestamp" ? (versions.find(isSigned) ?? null) : at.version;
  if (newest === null) return false;
  const added = versions.filter((version) => version > Math.max(newest, served) && !isSigned(version));
  write(store.db, (tx) => {
    for (const version of added) records.deleteMetadata(tx, { audience, role, version });
  });
  return added.length > 0;
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
