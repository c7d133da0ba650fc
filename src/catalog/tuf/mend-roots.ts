/**
 * Bringing back roots as they were signed: each from the file that devices read or from its row, whichever counts by the root
 * before it. The file comes first: devices have it.
 */
import { write } from "../../db/database.ts";
import { readKeySets } from "../../keys/key-sets.ts";
import { newestStoreKeyLeaves, newestThresholds } from "../log/records.ts";
import { expiryIn } from "./as-signed.ts";
import { type MendStore, readMetadata } from "./mend-files.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { metadataKey, ROLE_LIFETIMES_MS, TOP_ROLES } from "./roles.ts";
import { type CountedRoot, countedRoot, keysIn, ROOT, rootChain } from "./root-chain.ts";

/** Whether a newer root than the rows have lies where devices read: its row was lost. */
export async function hasNewerRoot({ db, blobs }: MendStore): Promise<boolean> {
  const next = (rootChain(db).newest?.version ?? 0) + 1;
  return (await blobs.head(metadataKey(ROOT, next))) !== null;
}

/** Gives which versions it brought back or dropped. */
export async function mendRoots(store: MendStore): Promise<readonly number[]> {
  const { orm } = store.db;
  const mended: number[] = [];
  let newest: CountedRoot | null = null;
  for (let version = 1; ; version++) {
    const file = await readMetadata(store, { ...ROOT, version });
    const row = records.findMetadata(orm, "root", version);
    const before: CountedRoot | null = newest;
    const found: CountedRoot | null = [file, row?.body].reduce<CountedRoot | null>(
      (best, body) => best ?? (body ? countedRoot(orm, body, before) : null),
      null,
    );
    if (found === null) break;
    newest = found;
    const digest = sha256(found.body);
    if (row?.sha256 === digest && sha256(row.body) === digest) continue;
    const expiresAt = expiryIn(found.body);
    write(store.db, (tx) =>
      records.saveMetadata(tx, {
        ...ROOT,
        version,
        body: Buffer.from(found.body),
        sha256: digest,
        expiresAt,
        createdAt: row?.createdAt ?? new Date(expiresAt.getTime() - ROLE_LIFETIMES_MS.root),
        exportedAt: row?.exportedAt ?? (file === found.body ? store.clock.now() : null),
      }),
    );
    mended.push(version);
  }
  return [...mended, ...(newest === null ? [] : await dropAdded(store, newest))];
}

/** Rows above the newest root that counts, which nobody can have signed: no device has seen them, and the log tells of no other keys. */
async function dropAdded(store: MendStore, newest: CountedRoot): Promise<readonly number[]> {
  const added = records.versionsOfRole(store.db.orm, ROOT).filter((version) => version > newest.version);
  const dropped: number[] = [];
  for (const version of added) {
    if ((await store.blobs.head(metadataKey(ROOT, version))) !== null) continue;
    if (version === newest.version + 1 && !isNewest(store, newest)) continue;
    write(store.db, (tx) => records.deleteMetadata(tx, { ...ROOT, version }));
    dropped.push(version);
  }
  return dropped;
}

/** Whether the log tells of no key that came or left since, and of no other number of them that must sign. */
function isNewest({ db }: MendStore, { root }: CountedRoot): boolean {
  const rows = readKeySets(db.orm);
  const thresholds = newestThresholds(db.orm, TOP_ROLES);
  return TOP_ROLES.every((role) => {
    const keys = keysIn(root, role);
    if (keys === null || (thresholds.get(role) ?? 1) !== keys.threshold) return false;
    const named = new Set(keys.keys.map(({ row }) => row.keyid));
    const others = (rows.get(role)?.keys ?? []).map(({ keyid }) => keyid).filter((id) => !named.has(id));
    const leaves = newestStoreKeyLeaves(db.orm, [...named, ...others]);
    return (
      [...named].every((keyid) => leaves.get(keyid)?.change === "added") &&
      others.every((keyid) => leaves.get(keyid)?.change !== "added")
    );
  });
}
