/**
 * Writing to the store's log (package format, section 7): in the very transaction of the act, so that there is no act
 * without its leaf and no leaf without its act. The work for one leaf is logarithmic in the log's size.
 */
import { randomBytes } from "node:crypto";
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { buildLeaf, SALT_BYTES } from "../../format/log/leaves.ts";
import { appendLeaf, hashLeaf } from "../../format/log/tree.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { Vault } from "../../keys/vault.ts";
import { damaged } from "./hold.ts";
import * as records from "./records.ts";
import { sealLeaf } from "./seal.ts";
import { subjectOf } from "./subject.ts";

/** The job that signs a head with the newest leaves. */
export const SIGN_LOG_JOB = "catalog.log";

/** A leaf that is made and has no place yet. */
export type DraftLeaf = {
  readonly entry: LogEntry;
  readonly at: Date;
  /** Null when the leaf hides nothing. */
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array;
};

/** Where an act stands in the log, and the salt with which its leaf can be checked. */
export type LogReference = { readonly position: number; readonly salt: Uint8Array | null };

/**
 * Records an act in the caller's transaction, together with the job that signs a head with it. Gives where the leaf is.
 * What is about an app that has never been public hides names and identities; call it after the change that publishes.
 */
export function recordInLog(tx: Tx, vault: Vault, entry: LogEntry, now: Date): LogReference {
  const reference = append(tx, vault, draftLeaf(tx, entry, now));
  enqueue(tx, { kind: SIGN_LOG_JOB, key: "catalogue" }, now);
  return reference;
}

/** The bytes of an act's leaf, hidden as it has to be at this moment. */
export function draftLeaf(tx: Tx, entry: LogEntry, at: Date): DraftLeaf {
  return makeLeaf(entry, at, isAboutPublic(tx, entry));
}

/** The bytes of an act's leaf: with a salt of its own when it is about something that is not public. */
export function makeLeaf(entry: LogEntry, at: Date, isPublic: boolean): DraftLeaf {
  const salt = isPublic ? null : new Uint8Array(randomBytes(SALT_BYTES));
  return { entry, at, salt, bytes: buildLeaf(entry, at, salt) };
}

/** Gives a leaf the next place. @throws Problem `log.damaged` when leaves are gone for which a head was signed */
export function append(tx: Tx, vault: Vault, draft: DraftLeaf): LogReference {
  const position = records.logSize(tx);
  const head = records.findHead(tx);
  if (head !== null && position < head.size)
    throw damaged(`it has ${position} leaves, and a head of ${head.size} was signed`);
  records.insertLeaf(tx, {
    position,
    type: draft.entry.type,
    subject: subjectOf(draft.entry),
    leaf: Buffer.from(draft.bytes),
    entry: draft.entry,
    salt: draft.salt === null ? null : Buffer.from(draft.salt),
    recordedAt: draft.at,
    seal: sealLeaf(vault, position, draft.bytes),
  });
  const nodes = appendLeaf(position, hashLeaf(draft.bytes), (node) => records.findNode(tx, node));
  for (const node of nodes) records.insertNode(tx, node);
  return { position, salt: draft.salt };
}

/** Whether the act is about something that everybody may know of already. */
function isAboutPublic(tx: Tx, entry: LogEntry): boolean {
  switch (entry.type) {
    case "approval":
    case "publication":
      return records.isAppPublic(tx, entry.appId);
    case "developer-key":
      return entry.appId === null
        ? records.isOrganisationPublic(tx, entry.developerId)
        : records.isAppPublic(tx, entry.appId);
    // What was agreed to and came to nothing is nobody's business.
    case "ended":
      return false;
    // These are planned with their revision, which knows.
    case "revocation":
    case "lowest-version":
    case "store-key":
    case "store-threshold":
    case "certificate":
      return true;
  }
}
