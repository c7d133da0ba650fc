/**
 * The rows of an app's key lineage as its signed index has it: all of a row follows from the statements, but when the first
 * key came. Pure.
 */
import { isProblem } from "../errors.ts";
import type { LineageEntry } from "../format/lineage.ts";
import { openEnvelope } from "../format/verify-signatures.ts";
import type { AppId, KeyId, Sha256 } from "../ids.ts";
import { parseEnvelope } from "../signing/dsse.ts";
import { parseKeyAcceptance, parseKeyRecovery } from "../signing/key-statements.ts";
import type { LineageRow } from "./lineage.records.ts";
import { sha256 } from "./tuf/metadata.ts";

export type LineageFacts = {
  readonly appId: AppId;
  /** As the database has them, the first key first. */
  readonly rows: readonly LineageRow[];
  /** When the app was first published. */
  readonly publishedAt: Date;
  /** Whether a certificate with this digest is one that the store signs with, or did. */
  readonly isOurs: (certificate: Sha256) => boolean;
};

/** @throws Problem MPK-… when the statements of the entries cannot be read */
export function rowsOf(entries: readonly LineageEntry[], facts: LineageFacts): readonly LineageRow[] {
  const rows: LineageRow[] = [];
  for (const [position, entry] of entries.entries()) {
    const { appId } = facts;
    const old = facts.rows.find((row) => row.position === position && row.keyid === entry.keyId);
    const place = { appId, keyid: entry.keyId as KeyId, position, lostAt: null };
    if (entry.kind === "first") {
      const addedAt = old?.addedAt ?? facts.publishedAt;
      rows.push({ ...place, addedAt, addition: null, storeStatement: null, authorisedBy: null });
    } else if (entry.kind === "addition") {
      const { acceptedAt, signerKeyId } = parseKeyAcceptance(payloadOf(entry.acceptance)).predicate;
      rows.push({
        ...place,
        addedAt: acceptedAt,
        addition: Buffer.from(entry.addition),
        storeStatement: statementOf(entry.acceptance, old, facts),
        authorisedBy: signerKeyId,
      });
    } else {
      const { approvedAt, recoveryId } = parseKeyRecovery(payloadOf(entry.recovery)).predicate;
      for (const row of rows) row.lostAt ??= approvedAt;
      rows.push({
        ...place,
        addedAt: approvedAt,
        addition: null,
        storeStatement: statementOf(entry.recovery, old, facts),
        authorisedBy: recoveryId,
      });
    }
  }
  return rows;
}

export function areSame(some: readonly LineageRow[], others: readonly LineageRow[]): boolean {
  return some.length === others.length && some.every((row, at) => textOf(row) === textOf(others[at]));
}

function textOf(row: LineageRow | undefined): string | undefined {
  return (
    row &&
    JSON.stringify([
      row.appId,
      row.keyid,
      row.position,
      row.addedAt.getTime(),
      row.addition?.toString("base64") ?? null,
      row.storeStatement?.toString("base64") ?? null,
      row.authorisedBy,
      row.lostAt?.getTime() ?? null,
    ])
  );
}

/** Not judged: it is in what was signed. */
const payloadOf = (envelope: Uint8Array): Uint8Array => parseEnvelope(envelope).payload;

/** The row's own where it says the same, signed anew: until the next index only the row has that signature. */
function statementOf(signed: Uint8Array, row: LineageRow | undefined, { isOurs }: LineageFacts): Buffer {
  const own = row?.storeStatement ?? null;
  return own !== null && isSameSaid(signed, own, isOurs) ? own : Buffer.from(signed);
}

/** Whether two of the store's envelopes are the same, or the other is of the same words and signed by the store. */
export function isSameSaid(
  signed: Uint8Array,
  other: Uint8Array,
  isOurs: (certificate: Sha256) => boolean,
): boolean {
  if (Buffer.compare(signed, other) === 0) return true;
  try {
    const { envelope, leaf } = openEnvelope(new Uint8Array(other), "release");
    const certificate = sha256(new Uint8Array(leaf.certificate.rawData));
    return Buffer.compare(envelope.payload, payloadOf(signed)) === 0 && isOurs(certificate);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return false;
  }
}
