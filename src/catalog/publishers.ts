/** Whom an app trusts to upload its versions: build jobs, and whether nobody else may. */

import { type Actor, actorLabel, auditAuthor } from "../accounts/actor.ts";
import { publisherName } from "../accounts/trusted-publishing/conditions.ts";
import { type AskedPublisher, checkPublisher } from "../accounts/trusted-publishing/fields.ts";
import { isLeftBehind } from "../accounts/trusted-publishing/left-behind.ts";
import {
  insertPublisher,
  type PublisherRow,
  publisherById,
  publishersOf,
  updatePublisher,
} from "../accounts/trusted-publishing/records.ts";
import type { AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { IssuerKind } from "../config.issuers.ts";
import { mailOrigin } from "../config.mail.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { Problem } from "../errors.ts";
import { type AppId, newId, type PublisherId } from "../ids.ts";
import { say } from "../say.ts";
import { findAppFor } from "./apps.ts";
import * as records from "./records.ts";

/** Of one app. */
export const MOST_PUBLISHERS = 20;

export type PublisherView = {
  readonly id: PublisherId;
  /** The issuer's id in the configuration, and what it is called; null: the configuration does not have it any more. */
  readonly issuer: string;
  readonly issuerName: string | null;
  readonly name: string;
  readonly claims: Readonly<Record<string, string>>;
  /** The numbers behind the names, since its first use. */
  readonly pinned: Readonly<Record<string, string>> | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Whether who chose it may choose none any more. */
  readonly leftBehind: boolean;
};

export type TrustedPublishing = {
  readonly trustedOnly: boolean;
  /** What identity tokens must name as their audience; null: the configuration does not say the store's address. */
  readonly audience: string | null;
  readonly issuers: readonly { readonly id: string; readonly name: string; readonly kind: IssuerKind }[];
  readonly items: readonly PublisherView[];
};

/** @throws Problem `app.not_found`, `rights.forbidden` */
export function readTrustedPublishing(store: Store, actor: Actor, appId: AppId): TrustedPublishing {
  const tx = store.db.orm;
  const app = findAppFor(tx, actor, "publisher.read", appId);
  return {
    trustedOnly: app.trustedOnly,
    audience: mailOrigin(store.config),
    issuers: store.config.trustedIssuers.map(({ id, name, kind }) => ({ id, name, kind })),
    items: standingOf(tx, app).map((row) => viewOf(tx, store, row)),
  };
}

/**
 * @throws Problem `publisher.invalid`, `publisher.exists`, `publisher.too_many`, `app.not_found`, `rights.forbidden`
 */
export function addPublisher(
  store: Store,
  actor: Actor,
  appId: AppId,
  asked: AskedPublisher,
  idempotency?: Idempotency,
): PublisherView {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const app = findAppFor(tx, actor, "publisher.manage", appId);
    const request = JSON.stringify([asked.issuer, asked.claims]);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      const made = publisherById(tx, earlier.resourceId as PublisherId);
      if (!made || made.removedAt !== null) throw idempotentResourceGone();
      return viewOf(tx, store, made);
    }
    const { issuer, claims } = checkPublisher(store.config.trustedIssuers, asked);
    endFormer(tx, actor, app, now);
    const others = standingOf(tx, app);
    if (others.some((each) => each.issuerId === issuer.id && isSame(each.claims, claims)))
      throw new Problem("conflict", "publisher.exists", say`${appId} trusts this build job already.`);
    if (others.length >= MOST_PUBLISHERS)
      throw new Problem(
        "conflict",
        "publisher.too_many",
        say`An app trusts ${MOST_PUBLISHERS} build jobs at most. Remove those that are not used any more.`,
      );
    const row = insertPublisher(tx, {
      id: newId("pub"),
      appId,
      organisationId: app.organisationId,
      issuerId: issuer.id,
      issuer: issuer.issuer,
      claims,
      epoch: 1,
      createdBy: actorLabel(actor),
      createdAt: now,
    });
    tell(tx, actor, "publisher.added", row, now);
    rememberIdempotent(tx, idempotency, request, row.id, now);
    return viewOf(tx, store, row);
  });
}

/**
 * Its tokens end at once. Also the last one may go while nobody else may upload: then nobody uploads, until an owner says who.
 * @throws Problem `publisher.not_found`, `app.not_found`, `rights.forbidden`
 */
export function removePublisher(store: Store, actor: Actor, appId: AppId, id: PublisherId): PublisherView {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const app = findAppFor(tx, actor, "publisher.manage", appId);
    const row = publisherById(tx, id);
    if (row === undefined || row.appId !== appId || row.organisationId !== app.organisationId)
      throw publisherNotFound();
    if (row.removedAt !== null) return viewOf(tx, store, row);
    const removed = updatePublisher(tx, id, { removedAt: now }) ?? row;
    tell(tx, actor, "publisher.removed", removed, now);
    return viewOf(tx, store, removed);
  });
}

/**
 * Whether only trusted publishers may upload versions. When it is switched off every token that was given until then ends.
 * @throws Problem `publisher.none`, `app.not_found`, `rights.forbidden`
 */
export function setTrustedOnly(
  store: Store,
  actor: Actor,
  appId: AppId,
  trustedOnly: boolean,
): TrustedPublishing {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const app = findAppFor(tx, actor, "publisher.manage", appId);
    if (app.trustedOnly === trustedOnly) return;
    const publishers = standingOf(tx, app);
    if (trustedOnly && publishers.length === 0)
      throw new Problem(
        "conflict",
        "publisher.none",
        say`${appId} trusts no build job yet, so nobody could upload its versions: add a trusted publisher first.`,
      );
    if (!trustedOnly) for (const { id, epoch } of publishers) updatePublisher(tx, id, { epoch: epoch + 1 });
    records.updateApp(tx, appId, { trustedOnly }, now);
    const change: AuditChange = {
      action: "publisher.only",
      subject: { type: "app", id: appId },
      organisationId: app.organisationId,
      before: { trustedOnly: app.trustedOnly },
      after: { trustedOnly },
    };
    recordChange(tx, auditAuthor(actor), change, now);
  });
  return readTrustedPublishing(store, actor, appId);
}

/**
 * Where only trusted publishers may upload, everybody else is refused, whatever their role and key.
 * @throws Problem `version.trusted_only`
 */
export function refuseUntrusted(actor: Actor, app: Pick<records.AppRow, "id" | "trustedOnly">): void {
  if (!app.trustedOnly || actor.kind === "publisher") return;
  throw new Problem(
    "forbidden",
    "version.trusted_only",
    say`Only trusted publishers upload versions of ${app.id}: its owners have switched every other way off. Let the build job submit it.`,
  );
}

type Owned = Pick<records.AppRow, "id" | "organisationId">;

/** Those that the app's present owners chose: others count for nothing since the app came to them. */
function standingOf(tx: Tx, app: Owned): PublisherRow[] {
  return publishersOf(tx, app.id).filter(({ organisationId }) => organisationId === app.organisationId);
}

/** What former owners trusted, which would stand in the way of the same. */
function endFormer(tx: Tx, actor: Actor, app: Owned, now: Date): void {
  const rows = publishersOf(tx, app.id).filter(({ organisationId }) => organisationId !== app.organisationId);
  endEach(tx, actor, rows, now);
}

/** The app trusts no build job any more: whoever gets it chooses anew. */
export function endAllTrust(tx: Tx, actor: Actor, appId: AppId, now: Date): void {
  endEach(tx, actor, publishersOf(tx, appId), now);
}

function endEach(tx: Tx, actor: Actor, rows: readonly PublisherRow[], now: Date): void {
  for (const row of rows) {
    updatePublisher(tx, row.id, { removedAt: now });
    tell(tx, actor, "publisher.removed", row, now);
  }
}

function tell(
  tx: Tx,
  actor: Actor,
  action: "publisher.added" | "publisher.removed",
  { id, appId, organisationId, issuer, claims }: PublisherRow,
  now: Date,
): void {
  const facts = {
    appId,
    issuer,
    claims: Object.entries(claims)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  };
  const subject = { type: "publisher", id };
  const said = action === "publisher.added" ? { after: facts } : { before: facts };
  recordChange(tx, auditAuthor(actor), { action, subject, organisationId, ...said }, now);
}

function viewOf(tx: Tx, store: Store, row: PublisherRow): PublisherView {
  const { id, issuerId, issuer, claims, pinned, createdBy, createdAt, lastUsedAt } = row;
  const known = store.config.trustedIssuers.find((each) => each.id === issuerId && each.issuer === issuer);
  return {
    id,
    issuer: issuerId,
    issuerName: known?.name ?? null,
    name: publisherName(row),
    claims,
    pinned,
    createdBy,
    createdAt,
    lastUsedAt,
    leftBehind: row.removedAt === null && isLeftBehind(tx, row),
  };
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function publisherNotFound(): Problem {
  return new Problem(
    "not_found",
    "publisher.not_found",
    say`There is no such trusted publisher of this app.`,
  );
}
