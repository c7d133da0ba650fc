/** Metadata in the rows that counts by the keys that the caller trusts. */
import type { Db } from "../../db/database.ts";
import { EVERYBODY } from "../../ids.ts";
import { sha256 } from "./metadata.ts";
import { findMetadata } from "./records.ts";
import { CA_PATH, LOG_PATH, type MetadataAt, REVOCATIONS_PATH, roleForTarget } from "./roles.ts";
import { isSignedBy, parseSigned, type Signed, type TrustedKeys } from "./verified.ts";

type Verified = { readonly mark: string; readonly signed: Signed | null };

/**
 * Which metadata was found to be signed, and with which keys: bytes that are the same need no second look. What is asked for
 * with each act is kept as it was read, too: of the public catalogue, since there may be many others.
 */
const verified = new WeakMap<Db, Map<string, Verified>>();
const KEPT: ReadonlySet<string> = new Set([
  "timestamp",
  "snapshot",
  "apps",
  ...[CA_PATH, REVOCATIONS_PATH, LOG_PATH].map(roleForTarget),
]);

/** Null when the database has not got it with its digest and its signatures. */
export function signedRow(
  db: Db,
  { audience, role, version }: MetadataAt,
  trusted: TrustedKeys,
): Signed | null {
  const row = findMetadata(db.orm, role, version, audience);
  if (row === null || row.sha256 !== sha256(row.body)) return null;
  const known = verified.get(db) ?? new Map<string, Verified>();
  verified.set(db, known);
  const mark = [row.sha256, trusted.threshold, ...trusted.keys.map(({ keyId }) => keyId)].join(" ");
  const place = `${audience} ${role}`;
  const before = known.get(place);
  if (before?.mark === mark && before.signed?.version === version) return before.signed;
  const parsed = parseSigned(row.body, { audience, role }, version);
  if (parsed === null) return null;
  if (before?.mark !== mark && !isSignedBy(parsed, trusted)) return null;
  const isKept = audience === EVERYBODY && KEPT.has(role);
  known.set(place, { mark, signed: isKept ? parsed.signed : null });
  return parsed.signed;
}
