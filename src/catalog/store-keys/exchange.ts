/** Signing requests to and from another machine: one export is open at a time, and only it can be imported. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { isTufRole } from "../../keys/key-sets.ts";
import {
  deleteKeyChanges,
  findKeyRequest,
  findSigningKeyById,
  lastKeyChange,
  replaceKeyRequest,
  type SigningKeyRow,
} from "../../keys/records.ts";
import { publicSigningKey } from "../../keys/signing-keys.ts";
import { applyRequest, missingAfterSigningHere, planOfRequest } from "./apply.ts";
import { keysAsSigned } from "./as-signed.ts";
import { tellOfRequest } from "./audited.ts";
import { type KeyChange, type KeyPlan, type KeyState, planChanges } from "./changes.ts";
import { buildDocuments, judgeSignatures, type MissingSignature } from "./documents.ts";
import { dueRenewals } from "./due.ts";
import type { OfflineKey } from "./offline-keys.ts";
import { buildRequest, parseRequest, requestDigest, type SigningRequest } from "./request.ts";
import { isRootListDue, listsForRequest } from "./root-lists.ts";
import { freeCertificateKeyName, freeKeyName, mustStillHold, readKeyState, requestOf } from "./state.ts";
import { findRow, forgetUnusedKeys, mustStayPossible, waitingChanges } from "./waiting.ts";

export type ExportOptions = {
  /** Keys of other machines that take over what they are for. */
  readonly offlineKeys?: readonly OfflineKey[];
  /** How many keys of the root must sign from now on. */
  readonly rootThreshold?: number | undefined;
};

export type ExportedRequest = {
  readonly id: string;
  readonly body: Uint8Array;
  readonly missing: readonly MissingSignature[];
  /** Names of the keys that come and go with it. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

export type ImportedRequest = {
  readonly id: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Changes that were asked for after the export: they wait for the next request. */
  readonly waiting: number;
};

/**
 * Writes down all that needs a signature from elsewhere: changes that wait, keys that move, and what is due. What the
 * keys here can sign of it is signed already.
 * @throws Problem `keys.nothing_to_sign`, `keys.change_invalid`
 */
export async function exportRequest(
  store: Store,
  actor: Actor,
  options: ExportOptions = {},
): Promise<ExportedRequest> {
  await keysAsSigned(store);
  const { orm } = store.db;
  const now = store.clock.now();
  const state = readKeyState(orm);
  const waiting = waitingChanges(orm);
  const lastChange = lastKeyChange(orm);
  const next = planChanges(state, waiting, (name) => findRow(orm, [], name)).after;
  const moved = movedKeys(store, next, options);
  const changes = [...waiting, ...moved.changes];
  const due = dueRenewals(store).filter(
    (what) => !changes.some((one) => one.type === "renew" && one.what === what),
  );
  const all = [...changes, ...due.map((what): KeyChange => ({ type: "renew", what }))];
  if (all.length === 0 && !isRootListDue(store)) {
    throw new Problem(
      "conflict",
      "keys.nothing_to_sign",
      "Nothing waits for another machine: no change was asked for, no keys were given, and nothing is due.",
    );
  }
  const plan = planChanges(state, all, (name) => findRow(orm, moved.rows, name));
  const bare = requestOf(store, plan, now);
  const unsigned = { ...bare, lists: listsForRequest(store, plan, bare) };
  const { request, missing } = await missingAfterSigningHere(store, unsigned, plan);
  const body = buildRequest(request);
  const id = requestDigest(request);
  write(store.db, (tx) => {
    replaceKeyRequest(tx, { id, body: Buffer.from(body), createdAt: now, lastChange });
    tellOfRequest(tx, actor, "storekey.request_exported", { id, ...namesOf(plan) }, now);
  });
  return { id, body, missing, ...namesOf(plan) };
}

/**
 * Applies a signed request: all of it, in one transaction, or nothing. What was asked for after it was exported goes on
 * waiting, and has to be possible with the keys as the request leaves them.
 * @throws Problem `keys.request_malformed`, `keys.request_unknown`, `keys.request_stale`, `keys.signature_invalid`,
 *   `keys.signatures_missing`, `keys.root_unsigned`, `keys.change_overtaken`
 */
export async function importRequest(store: Store, actor: Actor, bytes: Uint8Array): Promise<ImportedRequest> {
  const found = parseRequest(bytes);
  const id = requestDigest(found);
  const open = findKeyRequest(store.db.orm);
  if (open?.id !== id) {
    throw new Problem(
      "conflict",
      "keys.request_unknown",
      open === null
        ? "No request is open: it was imported or cancelled, was overtaken by a change that the keys here signed, or never came from this store."
        : `The file is another request than the one that this store exported last (${open.id}): it has ${id}.`,
    );
  }
  await keysAsSigned(store);
  const { orm } = store.db;
  mustStillHold(orm, found);
  const state = readKeyState(orm);
  const plan = planOfRequest(found, await buildDocuments(found), state, (name) => findRow(orm, [], name));
  const { request, missing } = await missingAfterSigningHere(store, found, plan);
  judgeSignatures(await buildDocuments(request));
  if (missing.length > 0) throw notSigned(missing);
  await applyRequest(store, request, plan, {
    given: true,
    also(tx) {
      mustStayPossible(tx, plan.after, waitingChanges(tx, open.lastChange));
      deleteKeyChanges(tx, open.lastChange);
      forgetUnusedKeys(tx, plan.after);
      const now = store.clock.now();
      tellOfRequest(tx, actor, "storekey.request_imported", { id, ...namesOf(plan) }, now);
    },
  });
  return { id, ...namesOf(plan), waiting: waitingChanges(orm).length };
}

function namesOf(plan: KeyPlan): Pick<ImportedRequest, "added" | "removed"> {
  return { added: plan.added.map((key) => key.name), removed: plan.removed.map((key) => key.name) };
}

/** The request that is open, to look at. */
export function openRequest(store: Pick<Store, "db">): SigningRequest | null {
  const row = findKeyRequest(store.db.orm);
  return row === null ? null : parseRequest(new Uint8Array(row.body));
}

function notSigned(missing: readonly MissingSignature[]): Problem {
  const words = missing.map(({ what, keys, count }) => `${what} lacks ${count} of ${keys.join(", ")}`);
  return new Problem(
    "conflict",
    "keys.signatures_missing",
    `The request is not signed by enough keys: ${words.join("; ")}. Nothing was changed; have it signed there too, and import it then.`,
  );
}

/** The changes by which keys of other machines take over: all of a purpose's keys are replaced by those that are given. */
function movedKeys(
  store: Store,
  state: KeyState,
  { offlineKeys = [], rootThreshold }: ExportOptions,
): { readonly rows: readonly SigningKeyRow[]; readonly changes: readonly KeyChange[] } {
  const { orm } = store.db;
  const rows: SigningKeyRow[] = [];
  const changes: KeyChange[] = [];
  const now = store.clock.now();
  const rowFor = (key: OfflineKey): SigningKeyRow => {
    const taken = rows.map((row) => row.name);
    const known = findSigningKeyById(orm, key.keyid);
    if (known) throw invalid(`the ${key.purpose} key ${key.keyid} is ${known.name} already`);
    if (rows.some((row) => row.keyid === key.keyid)) throw invalid(`the key ${key.keyid} is given twice`);
    const name =
      key.purpose === "ca-root"
        ? freeCertificateKeyName(orm, "root", taken)
        : freeKeyName(orm, key.purpose, taken);
    const row = publicSigningKey(name, key, "offline", now);
    rows.push(row);
    return row;
  };
  for (const key of offlineKeys.filter(({ purpose }) => purpose === "ca-root"))
    changes.push({ type: "certificate-key", kind: "root", key: rowFor(key).name });
  if (changes.length > 1) throw invalid("there is one root of the certificates");
  for (const role of ["root", "targets", "apps"] as const) {
    const given = offlineKeys.filter(({ purpose }) => purpose === role).map(rowFor);
    if (given.length === 0 || !isTufRole(role)) continue;
    const old = state.sets.get(role)?.keys ?? [];
    changes.push(...given.map((row): KeyChange => ({ type: "add", role, key: row.name })));
    changes.push(...old.map((row): KeyChange => ({ type: "remove", role, key: row.name })));
    // Section 6 asks for two of three where there are three.
    const threshold = role === "root" ? (rootThreshold ?? Math.min(2, given.length)) : 1;
    changes.push({ type: "threshold", role, threshold });
  }
  if (rootThreshold !== undefined && !offlineKeys.some(({ purpose }) => purpose === "root"))
    changes.push({ type: "threshold", role: "root", threshold: rootThreshold });
  return { rows, changes };
}

function invalid(words: string): Problem {
  return new Problem("conflict", "keys.change_invalid", `The change is not possible: ${words}.`);
}
