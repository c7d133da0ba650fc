/**
 * The roots of the catalogue, from the first one on: each counts when the one before it says so. Of the first, the log has
 * the keys, whose head is signed and which is computed as a whole once a day.
 */
import { Root } from "@tufjs/models";
import type { Db, Tx } from "../../db/database.ts";
import { EVERYBODY } from "../../ids.ts";
import { newestStoreKeyLeaves } from "../log/records.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { isSignedBy, parseSigned, type TrustedKeys, trustedKeys } from "./verified.ts";

export const ROOT = { audience: EVERYBODY, role: "root" } as const;

/** A root that counts, with the bytes of it. */
export type CountedRoot = { readonly version: number; readonly body: Uint8Array; readonly root: Root };

export type RootChain = {
  readonly newest: CountedRoot | null;
  /** The first version that there is a row of, or must be, and that does not count; null when all do. */
  readonly broken: number | null;
};

/** The root of these bytes, when it follows `before`; null before the first one, which the log has to bear out. */
export function countedRoot(tx: Tx, body: Uint8Array, before: CountedRoot | null): CountedRoot | null {
  const version = (before?.version ?? 0) + 1;
  const parsed = parseSigned(body, ROOT, version);
  if (parsed === null || !(parsed.signed instanceof Root)) return null;
  const own = keysIn(parsed.signed, "root");
  if (own === null || !isSignedBy(parsed, own)) return null;
  const others = before === null ? own : keysIn(before.root, "root");
  if (others === null || !isSignedBy(parsed, others)) return null;
  if (before === null && !areInLog(tx, own)) return null;
  return { version, body, root: parsed.signed };
}

/** Whom a root names for a role; null when it names nobody, or what is no key of ours. */
export function keysIn(root: Root, role: string): TrustedKeys | null {
  try {
    const found = root.roles[role];
    return found ? trustedKeys(root.keys, found) : null;
  } catch {
    return null;
  }
}

/** Whether the log says of each key that it came to the store. */
function areInLog(tx: Tx, { keys }: TrustedKeys): boolean {
  const keyids = keys.map(({ row }) => row.keyid);
  const leaves = newestStoreKeyLeaves(tx, keyids);
  return keyids.every((keyid) => leaves.has(keyid));
}

const counted = new WeakMap<Db, { readonly mark: string; readonly chain: RootChain }>();

/** As the rows have it. */
export function rootChain(db: Db): RootChain {
  const rows = records.metadataOfRole(db.orm, "root");
  const mark = rows.map((row) => `${row.version} ${row.sha256} ${sha256(row.body)}`).join();
  const known = counted.get(db);
  if (known?.mark === mark) return known.chain;
  const roots: CountedRoot[] = [];
  for (const row of rows) {
    const before = roots.at(-1) ?? null;
    const isWhole = row.version === roots.length + 1 && row.sha256 === sha256(row.body);
    const next = isWhole ? countedRoot(db.orm, row.body, before) : null;
    if (next === null) break;
    roots.push(next);
  }
  const isBroken = rows.length === 0 || roots.length < rows.length;
  const chain = { newest: roots.at(-1) ?? null, broken: isBroken ? roots.length + 1 : null };
  counted.set(db, { mark, chain });
  return chain;
}
