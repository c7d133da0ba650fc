/**
 * When every key of an app is lost: an owner asks that another takes their place, every owner is told and can object,
 * and once the waiting time is over an administrator approves (package format, section 5).
 */
import { createHash } from "node:crypto";
import { type Actor, actorLabel, auditAuthor, byOf } from "../accounts/actor.ts";
import { tellOwners } from "../accounts/messages/outbox.ts";
import { allowsEverywhere, authorise, reachOf } from "../accounts/rights.ts";
import { harmless } from "../accounts/said.ts";
import { beginningOf } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../db/preconditions.ts";
import type { RecoveryState } from "../db/schema.ts";
import { Problem } from "../errors.ts";
import { LINEAGE_MAX_KEYS } from "../format/lineage.ts";
import { type AppId, type KeyId, newId, type OrganisationId, type RecoveryId } from "../ids.ts";
import type { Vault } from "../keys/vault.ts";
import { say } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";
import { formatTime, wholeSeconds } from "../signing/times.ts";
import { DAY_MS } from "../time.ts";
import { findAppFor } from "./apps.ts";
import * as keyRecords from "./keys.records.ts";
import * as lineageRecords from "./lineage.records.ts";
import { findLeaf, logSize } from "./log/records.ts";
import { enrolledKey } from "./mend-developer-keys.ts";
import { mendRecovery } from "./mend-recoveries.ts";
import * as records from "./recovery.records.ts";
import { refuseConcerned } from "./recovery-deciders.ts";
import { endRecovery } from "./recovery-decision.ts";
import { decisionNotice, requestNotice } from "./recovery-notices.ts";
import { checkedReason } from "./recovery-reason.ts";
import { sealRecovery } from "./recovery-seal.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { daysMissing } from "./running-days.ts";

export type RecoveryView = {
  readonly id: RecoveryId;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  /** The new key. */
  readonly keyid: KeyId;
  readonly fingerprint: string;
  readonly reason: string;
  readonly state: RecoveryState;
  readonly apps: readonly { readonly appId: AppId; readonly lostKeyIds: readonly KeyId[] }[];
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly waitingUntil: Date;
  /** Whether the time is over, and the store ran through it. */
  readonly waited: boolean;
  /** On so many days more the store has to run, though the time is over by its clock: it was off, or the clock was set. */
  readonly daysMissing: number;
  readonly ownersTold: number;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly revision: number;
};

export type RecoveryRequest = {
  /** An enrolled key that is in none of the lineages. */
  readonly keyid: KeyId;
  /** One app; otherwise all of the organisation's that have been published. */
  readonly appId?: AppId;
  readonly reason: string;
};

/** A clock that is set back a little, as it happens with summer time, is no reason to refuse. */
const CLOCK_LEEWAY_MS = 2 * 3_600_000;

/**
 * @throws Problem `key.not_found`, `recovery.reason_required`, `recovery.reason_too_long`, `recovery.no_app`,
 *   `recovery.no_owner`, `recovery.open`, `recovery.clock_behind`, `lineage.has_key`, `lineage.full`, `revocation.in_force`, `app.not_found`,
 *   `rights.forbidden`
 */
export function requestRecovery(
  store: Store,
  actor: Actor,
  request: RecoveryRequest,
  idempotency?: Idempotency,
): RecoveryView {
  const now = wholeSeconds(store.clock.now());
  const body = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  enrolledKey(store, request.keyid);
  return write(store.db, (tx) => {
    const key = keyRecords.findDeveloperKey(tx, request.keyid);
    if (!key) throw keyNotFound();
    // Of a repeated call too: what became of the request is for who may make it now.
    authorise(actor, "key.recover", { organisationId: key.organisationId }, keyNotFound);
    const earlier = findIdempotent(tx, idempotency, body);
    if (earlier !== null) {
      const row = records.findRecovery(tx, earlier.resourceId as RecoveryId);
      if (!row) throw idempotentResourceGone();
      return recoveryView(tx, store.vault, row, now);
    }
    const reason = checkedReason(request.reason);
    refuseRevokedNames(tx, [
      { subject: "key", id: request.keyid },
      { subject: "developer", id: key.organisationId },
    ]);
    const apps = appsOf(tx, actor, key.organisationId, request);
    refuseClockBehind(tx, now);
    const id = newId("rcv");
    const waitingUntil = new Date(now.getTime() + store.config.recoveryWaitingDays * DAY_MS);
    const notice = requestNotice(id, key.keyid, apps, reason, byOf(actor), waitingUntil);
    const ownersTold = tellOwners(tx, key.organisationId, notice, now);
    if (ownersTold === 0) {
      throw new Problem(
        "conflict",
        "recovery.no_owner",
        say`The organisation has no owner who could be told: give somebody that role first.`,
      );
    }
    const facts = {
      organisationId: key.organisationId,
      keyid: key.keyid,
      reason,
      requestedBy: actorLabel(actor),
      requestedAt: now,
      waitingUntil,
      ownersTold,
    };
    const sealed = sealRecovery(store.vault, id, { ...facts, apps });
    records.insertRecovery(tx, { ...facts, id, state: "waiting", revision: 1, sealed }, apps);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "recovery.requested",
        subject: { type: "recovery", id },
        organisationId: key.organisationId,
        after: {
          key: key.keyid,
          apps: apps.map(({ appId }) => appId),
          reason: beginningOf(reason),
          waitingUntil: waitingUntil.toISOString(),
          ownersTold,
        },
      },
      now,
    );
    rememberIdempotent(tx, idempotency, body, id, now);
    return recoveryView(tx, store.vault, mustFind(tx, id), now);
  });
}

/** What is asked for in the year that a clock begins with had waited for long once the clock is set. */
function refuseClockBehind(tx: Tx, now: Date): void {
  const newest = findLeaf(tx, logSize(tx) - 1);
  if (newest === null || newest.recordedAt.getTime() - now.getTime() <= CLOCK_LEEWAY_MS) return;
  throw new Problem(
    "unavailable",
    "recovery.clock_behind",
    say`The store's clock says ${formatTime(now)}, and its log has something of ${formatTime(newest.recordedAt)}: a waiting time would begin in the past. Set the clock first.`,
  );
}

function appsOf(
  tx: Tx,
  actor: Actor,
  organisationId: OrganisationId,
  { keyid, appId }: RecoveryRequest,
): { appId: AppId; lineageKeys: number }[] {
  const wanted = appId === undefined ? lineageRecords.selectAppsWithLineage(tx, organisationId) : [appId];
  if (appId !== undefined) {
    const app = findAppFor(tx, actor, "key.recover", appId);
    if (app.organisationId !== organisationId) throw keyNotFound();
  }
  const apps = wanted.flatMap((id) => {
    const rows = lineageRecords.selectLineage(tx, id);
    if (rows.length === 0) return [];
    // Of all apps, those that the key may sign already need nothing.
    if (rows.some((row) => row.keyid === keyid)) {
      if (appId === undefined) return [];
      throw new Problem(
        "conflict",
        "lineage.has_key",
        say`The key ${fingerprintText(keyid)} is in the lineage of ${id} already.`,
      );
    }
    if (rows.length >= LINEAGE_MAX_KEYS) {
      throw new Problem(
        "conflict",
        "lineage.full",
        say`The lineage of ${id} has as many keys as there can be.`,
      );
    }
    return [{ appId: id, lineageKeys: rows.length }];
  });
  if (apps.length === 0) {
    throw new Problem(
      "conflict",
      "recovery.no_app",
      say`There is no published app whose keys this one could take the place of: an app that was never published takes any enrolled key.`,
    );
  }
  const waiting = records.findWaiting(
    tx,
    apps.map((app) => app.appId),
  );
  if (waiting !== undefined) {
    throw new Problem(
      "conflict",
      "recovery.open",
      say`A recovery of ${waiting.appId} waits already (${waiting.id}): object to it first, if it is not to go on.`,
    );
  }
  return apps;
}

/** Those of the actor's organisations; of all, for who may see all. Newest first. */
export function listRecoveries(
  store: Store,
  actor: Actor,
  page: PageRequest & { readonly state?: RecoveryState },
): Page<RecoveryView> {
  authorise(actor, "key.read");
  const rows = records.selectRecoveries(store.db.orm, {
    organisationIds: visibleTo(actor),
    ...(page.state === undefined ? {} : { state: page.state }),
    ...oneMore<RecoveryId>(page),
  });
  const now = store.clock.now();
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => recoveryView(store.db.orm, store.vault, row, now),
  );
}

/** Where the page before the one after `after` begins; null when it is the first. */
export function beforeRecoveries(
  store: Store,
  actor: Actor,
  after: string,
  limit: number,
): RecoveryId | null {
  const organisationIds = visibleTo(actor);
  const ids = records.selectRecoveryIdsFrom(store.db.orm, organisationIds, after as RecoveryId, limit + 1);
  return ids[limit] ?? null;
}

/** The organisations whose recoveries the actor sees; null for all. */
function visibleTo(actor: Actor): readonly OrganisationId[] | null {
  if (allowsEverywhere(actor, "recovery.read")) return null;
  // Who reads every key by their role, with a key that was not given recovery.read, sees none of the rest.
  return reachOf(actor, "key.read").organisationIds ?? [];
}

/** @throws Problem `recovery.not_found` */
export function readRecovery(store: Store, actor: Actor, id: RecoveryId): RecoveryView {
  const row = findFor(store.db.orm, actor, "key.read", id);
  return recoveryView(store.db.orm, store.vault, row, store.clock.now());
}

/** What who is asked for may see of it. @throws Problem `recovery.not_found`, `rights.forbidden` */
export function findFor(
  tx: Tx,
  actor: Actor,
  action: "key.read" | "key.recover" | "recovery.decide",
  id: RecoveryId,
): records.RecoveryRow {
  const row = records.findRecovery(tx, id);
  if (!row) {
    authorise(actor, "self.read");
    throw notFound(id);
  }
  authorise(actor, action, { organisationId: row.organisationId }, () => notFound(id));
  return row;
}

/** Any owner stops it, at any time before it is decided. @throws Problem `recovery.decided`, and as `refuseRecovery` */
export function objectToRecovery(
  store: Store,
  actor: Actor,
  id: RecoveryId,
  input: { readonly reason: string },
  ifMatch?: IfMatch,
): RecoveryView {
  return end(store, actor, id, { state: "objected", action: "key.recover", ...input }, ifMatch);
}

/**
 * @throws Problem `recovery.decided`, `recovery.own_organisation`, `recovery.reason_required`, `recovery.not_found`,
 *   `precondition.failed`, `rights.forbidden`
 */
export function refuseRecovery(
  store: Store,
  actor: Actor,
  id: RecoveryId,
  input: { readonly reason: string },
  ifMatch?: IfMatch,
): RecoveryView {
  return end(store, actor, id, { state: "refused", action: "recovery.decide", ...input }, ifMatch);
}

function end(
  store: Store,
  actor: Actor,
  id: RecoveryId,
  ending: {
    readonly state: "objected" | "refused";
    readonly action: "key.recover" | "recovery.decide";
    readonly reason: string;
  },
  ifMatch: IfMatch | undefined,
): RecoveryView {
  const now = wholeSeconds(store.clock.now());
  mendRecovery(store, id);
  return write(store.db, (tx) => {
    const row = findFor(tx, actor, ending.action, id);
    if (ending.state === "refused") refuseConcerned(tx, actor, row);
    ifUnchanged(row.revision, ifMatch);
    mustWait(row);
    const decisionReason = checkedReason(ending.reason);
    endRecovery(tx, store.vault, auditAuthor(actor), row, {
      state: ending.state,
      reason: decisionReason,
      at: now,
    });
    tellOwners(
      tx,
      row.organisationId,
      decisionNotice(row, `recovery.${ending.state}`, byOf(actor), decisionReason),
      now,
    );
    return recoveryView(tx, store.vault, mustFind(tx, id), now);
  });
}

/** @throws Problem `recovery.decided` */
export function mustWait(row: records.RecoveryRow): void {
  if (row.state === "waiting") return;
  throw new Problem("conflict", "recovery.decided", say`The recovery ${row.id} is ${row.state} already.`);
}

export function recoveryView(tx: Tx, vault: Vault, row: records.RecoveryRow, now: Date): RecoveryView {
  const apps = records.selectRecoveryApps(tx, row.id).map(({ appId, lineageKeys }) => ({
    appId,
    lostKeyIds: lostBy(lineageRecords.selectLineage(tx, appId), lineageKeys, row.requestedAt),
  }));
  const { id, organisationId, organisationName, keyid, reason, state, requestedBy, requestedAt } = row;
  const { waitingUntil, ownersTold, decidedBy, decidedAt, decisionReason, revision } = row;
  const isOver = now >= waitingUntil;
  const missing = isOver && state === "waiting" ? daysMissing(tx, vault, row, now) : 0;
  return {
    id,
    organisationId,
    organisationName,
    keyid,
    fingerprint: fingerprintText(keyid),
    reason: harmless(reason),
    state,
    apps,
    requestedBy,
    requestedAt,
    waitingUntil,
    waited: isOver && missing === 0,
    daysMissing: missing,
    ownersTold,
    decidedBy,
    decidedAt,
    decisionReason: decisionReason === null ? null : harmless(decisionReason),
    revision,
  };
}

/** The keys that it takes the place of, or was to: those of before, unless an earlier recovery had. */
function lostBy(rows: readonly lineageRecords.LineageRow[], count: number, requestedAt: Date): KeyId[] {
  return rows
    .slice(0, count)
    .filter(({ lostAt }) => lostAt === null || lostAt > requestedAt)
    .map(({ keyid }) => keyid);
}

export function mustFind(tx: Tx, id: RecoveryId): records.RecoveryRow {
  const row = records.findRecovery(tx, id);
  if (!row) throw new Error(`the recovery ${id} was just written and is not there`);
  return row;
}

function notFound(id: RecoveryId): Problem {
  return new Problem(
    "not_found",
    "recovery.not_found",
    say`There is no recovery ${id}, or none that you may see.`,
  );
}

export function keyNotFound(): Problem {
  return new Problem(
    "not_found",
    "key.not_found",
    say`There is no such signing key, or none that you may see.`,
  );
}
