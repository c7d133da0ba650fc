/**
 * Revoking, lifting, and setting the lowest version: the signed list, the rows, the log and what becomes of waiting
 * versions, all in one transaction. Devices follow at their next refresh; what the catalogue still offers of it is taken
 * out by the job `catalog.reoffer` right after, and until then a device refuses it by the list.
 */
import { type Actor, actorLabel } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { authorise } from "../../accounts/rights.ts";
import { stillActing } from "../../accounts/still.ts";
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { type AppId, type Audience, EVERYBODY, type KeyId, newId, type OrganisationId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { Vault } from "../../keys/vault.ts";
import { formatTime, wholeSeconds } from "../../signing/times.ts";
import { letHinderedFall } from "../fallen-recoveries.ts";
import { mendSigners } from "../right-signers.ts";
import { enqueueSignAgain } from "../sign-again/jobs.ts";
import { exportSoon } from "../tuf/export-soon.ts";
import { type Revision, revise, type TrustStore } from "../tuf/revise.ts";
import type { Revocation } from "../tuf/revocations.ts";
import { REVOCATIONS_PATH } from "../tuf/roles.ts";
import { inTurn } from "../tuf/turn.ts";
import { tellAudit } from "./audited.ts";
import { applyChange, parseChange, type RevocationChange, type RevocationInput } from "./change.ts";
import { CRL_JOB } from "./crls.ts";
import { concernedLists, homesOf } from "./homes.ts";
import { inForce } from "./in-force.ts";
import { listBody } from "./list-body.ts";
import { listedAfter } from "./listed.ts";
import { restore, restoreLost } from "./lost.ts";
import { mendLowest } from "./lowest.ts";
import { noteAdded } from "./noted.ts";
import { revocationNotice } from "./notices.ts";
import { refuseOtherScope, requireScope } from "./preview.ts";
import * as records from "./records.ts";
import { isAsMade, sealRevocation } from "./sealed.ts";
import { countersignWaiting, signAgain, withdrawRevoked } from "./settle.ts";
import { lostRevocations, nameOf, requireSigned, withLost } from "./signed.ts";
import { findSubject, type KnownSubject, namingOf, refuseUntil } from "./subjects.ts";

/** The job that brings indexes and shards in line with what is revoked. */
export const REOFFER_JOB = "catalog.reoffer";

export type Enacted = {
  /** False when it was so already: nothing was signed. */
  readonly changed: boolean;
};

/**
 * What an administrator does, from texts. `scope` is the digest that the preview gave: with it nothing happens unless
 * the act is still about what was shown.
 *
 * @throws Problem `rights.forbidden`; those of `parseChange` and `enact`; `revocation.scope_required`,
 *   `revocation.scope_changed`
 */
export async function revoke(
  store: TrustStore,
  actor: Actor,
  input: RevocationInput,
  scope: string | undefined,
): Promise<Enacted> {
  authorise(actor, "revocation.manage");
  const change = parseChange(input);
  const shown = requireScope(scope);
  const mayStill = (tx: Tx) => authorise(stillActing(store, tx, actor), "revocation.manage");
  const check = (tx: Tx) => {
    mayStill(tx);
    refuseOtherScope(tx, change, shown);
  };
  return enact(store, actor, change, { check, also: mayStill });
}

/**
 * Carries a change out for an actor whom the caller has authorised. `also` is the caller's own part of the transaction.
 *
 * @throws Problem `revocation.subject_unknown` (not_found), `revocation.until_refused`, `revocation.until_future`,
 *   `revocation.list_full` (unprocessable), `catalog.busy`, `catalog.damaged`, and what `check` and `also` throw
 */
export async function enact(
  store: TrustStore,
  actor: Actor,
  change: RevocationChange,
  options: {
    readonly check?: (tx: Tx) => void;
    readonly also?: (tx: Tx, now: Date) => void;
    /** Whether the caller tells the owners itself; asked after `check`. */
    readonly tells?: () => boolean;
  } = {},
): Promise<Enacted> {
  const outcome = { changed: false };
  let commit: (tx: Tx) => void = () => {};
  const revision: Revision = {
    plan: (log) => {
      const { orm } = store.db;
      const { known, revocations, changed, now, lost } = judge(store, change);
      outcome.changed = changed;
      commit = (tx) => {
        if (changed) {
          const act = { change, known, by: actorLabel(actor), now, vault: store.vault };
          restore(store, tx, lost, now);
          tellAudit(tx, actor, act);
          record(tx, act);
          if (!options.tells?.()) tell(tx, act);
          options.also?.(tx, now);
        }
      };
      if (!changed) return { upserts: [], removes: [] };
      options.check?.(orm);
      log.append(logEntry(change), now, { isPublic: homesOf(orm, known).includes(EVERYBODY) });
      const upserts = concernedLists(orm, change).map((audience) => {
        const lists = { signed: requireSigned(store.db, audience), inForce: revocations };
        const body = listBody(listedAfter(orm, audience, lists, known, change.act));
        return { audience, path: REVOCATIONS_PATH, body };
      });
      return { upserts, removes: [] };
    },
    commit: (tx) => commit(tx),
  };
  const work = async () => {
    const lists = concernedLists(store.db.orm, change);
    await restoreLost(store, lists);
    await mendSigners(store, change);
    if (change.act === "lowest-version") mendLowest(store, change.appId);
    noteAdded(store, lists);
    // What is so already writes nothing, not even a newer head of the log.
    if (!judge(store, change).changed) return;
    await revise(store, revision);
  };
  await inTurn(store.db, work, "act");
  if (outcome.changed) await exportSoon(store);
  return outcome;
}

/** @throws Problem `revocation.subject_unknown`, `revocation.until_refused`, `revocation.until_future` */
function judge(store: TrustStore, change: RevocationChange) {
  const { orm } = store.db;
  const now = wholeSeconds(store.clock.now());
  const known = change.act === "lowest-version" ? knownApp(orm, change.appId) : findSubject(orm, change);
  refuseUntil(change, known, now);
  const rows = inForce(orm);
  const lists = concernedLists(orm, change);
  const lost = lostRevocations(store.db, rows, lists);
  const applied = applyChange(withLost(rows, lost), change, now);
  return { known, now, lost, ...applied, changed: applied.changed || isOtherwise(store, change, lists) };
}

/** Whether it is revoked already, and neither a list nor a seal bears that out: then it has to be revoked again. */
function isOtherwise(store: TrustStore, change: RevocationChange, lists: readonly Audience[]): boolean {
  if (change.act !== "revoke") return false;
  const isOwn = (entry: Pick<Revocation, "subject" | "id">) => nameOf(entry) === nameOf(change);
  const isListed = lists.some((audience) => requireSigned(store.db, audience).entries.some(isOwn));
  return !isListed && !isAsMade(store, change);
}

function logEntry(change: RevocationChange): LogEntry {
  if (change.act === "lowest-version") {
    return { type: "lowest-version", appId: change.appId, versionCode: change.versionCode };
  }
  const { subject, id } = change;
  const until = change.act === "revoke" ? change.approvalsUntil : null;
  return {
    type: "revocation",
    action: change.act === "revoke" ? change.action : "lift",
    subject,
    id,
    approvalsUntil: until && formatTime(until),
  };
}

function knownApp(tx: Tx, appId: AppId): KnownSubject {
  return findSubject(tx, { subject: "app", id: appId });
}

export type Act = {
  readonly change: RevocationChange;
  readonly known: KnownSubject;
  readonly by: string;
  readonly now: Date;
  readonly vault: Vault;
};

function record(tx: Tx, act: Act): void {
  const { change, known, by, now } = act;
  saveRows(tx, act);
  records.insertEvent(tx, {
    id: newId("evt"),
    act: change.act === "revoke" ? change.action : change.act,
    subject: known.subject,
    target: known.id,
    versionCode: change.act === "lowest-version" ? change.versionCode : null,
    approvalsUntil: change.act === "revoke" ? change.approvalsUntil : null,
    reason: change.reason,
    actor: by,
    at: now,
  });
  settle(tx, act);
  const payload = { subject: known.subject, id: known.id };
  enqueue(tx, { kind: REOFFER_JOB, key: "catalogue", payload }, now);
  // What lacks nothing but a signature of the store that counts is signed again, with the key that comes after it.
  if (known.isRelease || change.act !== "revoke") enqueueSignAgain(tx, now);
  if (["key", "certificate", "developer"].includes(known.subject)) {
    enqueue(tx, { kind: CRL_JOB, key: "catalogue" }, now);
  }
}

/** The store's own keys have nobody to be told. */
function tell(tx: Tx, { change, known, now }: Act): void {
  if (known.organisationId !== null)
    tellOwners(tx, known.organisationId, revocationNotice(change, known), now);
}

function saveRows(tx: Tx, { change, by, now, vault }: Act): void {
  switch (change.act) {
    case "revoke": {
      const { subject, id: target, action, reason, approvalsUntil } = change;
      const row = { subject, target, action, reason, approvalsUntil, revokedAt: now, revokedBy: by };
      records.saveRevocation(tx, { ...row, sealed: sealRevocation(tx, vault, row) });
      return;
    }
    case "lift":
      records.deleteRevocation(tx, change.subject, change.id);
      return;
    case "lowest-version":
      if (change.versionCode === 1) records.deleteLowest(tx, change.appId);
      else {
        const { appId, versionCode, reason } = change;
        records.saveLowest(tx, { appId, versionCode, reason, setAt: now, setBy: by });
      }
  }
}

function settle(tx: Tx, { change, known, now, vault }: Act): void {
  const { reason } = change;
  if (change.act === "lift" && known.isRelease) countersignWaiting(tx, now);
  if (change.act === "lowest-version") {
    withdrawRevoked(tx, vault, namingOf(known, null), { reason, now, below: change.versionCode });
  } else if (change.act === "revoke") {
    const naming = namingOf(known, change.approvalsUntil);
    if (known.subject === "key") letHinderedFall(tx, vault, { keyid: known.id as KeyId }, now);
    if (known.subject === "developer")
      letHinderedFall(tx, vault, { organisationId: known.id as OrganisationId }, now);
    if (known.isRelease) signAgain(tx, naming, { reason, now });
    else withdrawRevoked(tx, vault, naming, { reason, now });
  }
}
