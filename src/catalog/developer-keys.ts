/** Developers' keys: the request proves possession, the account gives the names. */

import { createHash } from "node:crypto";
import { type Actor, actorId, actorLabel, auditAuthor } from "../accounts/actor.ts";
import { organisationNotFound } from "../accounts/organisations.ts";
import { authorise, reachOf } from "../accounts/rights.ts";
import { stillActing } from "../accounts/still.ts";
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
import { Problem } from "../errors.ts";
import type { AppId, KeyId, OrganisationId, Sha256 } from "../ids.ts";
import { caPem, issueDeveloperCertificate } from "../keys/authority.ts";
import { pemOf } from "../keys/trust-anchors.ts";
import { say } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";
import { DAY_MS } from "../time.ts";
import { actingOrganisation } from "./apps.ts";
import { distrustOf } from "./certificate-trust.ts";
import { isUsable } from "./key-standing.ts";
import * as keyRecords from "./keys.records.ts";
import { selectPlaces } from "./lineage.records.ts";
import { recordInLog } from "./log/record.ts";
import { enrolledKey } from "./mend-developer-keys.ts";
import * as records from "./records.ts";
import { type RevocationView, refuseRevokedNames } from "./revocation/in-force.ts";
import { findRevocations, type RevocationRow } from "./revocation/records.ts";
import { mustHaveCertificates } from "./store-keys/mend-certificates.ts";
import type { RevocationSubject } from "./tuf/revocations.ts";

export type KeyRevocationView = Pick<RevocationView, "action" | "reason" | "revokedAt">;

export type DeveloperKeyView = {
  readonly keyid: KeyId;
  /** The key id as people compare it. */
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly developerId: OrganisationId;
  /** The newest certificate, and the SHA-256 of its DER, by which it is revoked. */
  readonly certificatePem: string;
  readonly certificateSha256: Sha256;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whether the newest certificate ends within sixty days, or has ended: time to enrol again. */
  readonly expiresSoon: boolean;
  readonly enrolledAt: Date;
  readonly revoked: KeyRevocationView | null;
  /** Of the newest certificate by itself: the key signs again once it is enrolled again. */
  readonly certificateRevoked: KeyRevocationView | null;
  /** Since when the authority that issued the newest certificate is trusted no more: the way back is the same. */
  readonly certificateDistrustedAt: Date | null;
  /** Of the developer it belongs to: no key of theirs signs anything then. */
  readonly developerRevoked: KeyRevocationView | null;
  /** The apps whose lineage it is in; `usable` false where a recovery took its place, or it, its certificate or its developer counts no more. */
  readonly apps: readonly { readonly appId: AppId; readonly usable: boolean }[];
};

export const EXPIRES_SOON_MS = 60 * DAY_MS;

/**
 * Issues a certificate for the key of a PKCS #10 request. A key that is enrolled already gets a new certificate.
 * @throws Problem `MPK-S…` codes for a bad request, `key.other_organisation`, `revocation.in_force`, `organisation.required`, `rights.forbidden`
 */
export async function enrollKey(
  store: Store,
  actor: Actor,
  input: { csr: string; organisationId?: OrganisationId },
  idempotency?: Idempotency,
): Promise<DeveloperKeyView & { caPem: string }> {
  const organisationId = actingOrganisation(actor, input.organisationId);
  authorise(actor, "key.enroll", { organisationId }, organisationNotFound);
  const organisationName = records.findOrganisationName(store.db.orm, organisationId);
  if (organisationName === undefined) {
    throw organisationNotFound();
  }
  const now = store.clock.now();
  const body = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const earlier = findEnrolment(store.db.orm, organisationId, idempotency, body);
  if (earlier) return { ...keyView(store, earlier), caPem: caPem(store) };
  await mustHaveCertificates(store);
  const issued = await issueDeveloperCertificate(store, {
    csr: input.csr,
    organisationId,
    organisationName,
    now,
  });
  enrolledKey(store, issued.keyid);
  const author = actorLabel(actor);
  const row = write(store.db, (tx) => {
    authorise(stillActing(store, tx, actor), "key.enroll", { organisationId }, organisationNotFound);
    // Asked again, since the same call may have come twice while the first one was signing.
    const other = findEnrolment(tx, organisationId, idempotency, body);
    if (other) return other;
    refuseRevokedNames(tx, [
      { subject: "developer", id: organisationId },
      { subject: "key", id: issued.keyid },
    ]);
    const known = keyRecords.findDeveloperKey(tx, issued.keyid);
    if (known && known.organisationId !== organisationId) {
      throw new Problem(
        "conflict",
        "key.other_organisation",
        say`This key is enrolled for another organisation: make one of your own with “mosis keys new”.`,
      );
    }
    if (!known) {
      keyRecords.insertDeveloperKey(tx, {
        keyid: issued.keyid,
        organisationId,
        algorithm: issued.algorithm,
        enrolledBy: author,
        createdAt: now,
      });
      recordInLog(
        tx,
        store.vault,
        {
          type: "developer-key",
          change: "enrolled",
          keyId: issued.keyid,
          developerId: organisationId,
          appId: null,
          authorisedBy: actorId(actor),
        },
        now,
      );
    }
    keyRecords.insertDeveloperCertificate(tx, {
      serial: issued.serial,
      keyid: issued.keyid,
      der: Buffer.from(issued.der),
      notBefore: issued.notBefore,
      notAfter: issued.notAfter,
      createdAt: now,
    });
    const { serial, algorithm, notAfter } = issued;
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: known ? "devkey.renewed" : "devkey.enrolled",
        subject: { type: "key", id: issued.keyid },
        organisationId,
        after: { ...(known ? {} : { algorithm }), serial, notAfter: notAfter.toISOString() },
      },
      now,
    );
    rememberIdempotent(tx, idempotency, body, serial, now);
    return mustFindEnrolment(tx, issued.serial);
  });
  return { ...keyView(store, row), caPem: caPem(store) };
}

function findEnrolment(
  tx: Tx,
  organisationId: OrganisationId,
  idempotency: Idempotency | undefined,
  bodySha256: string,
): keyRecords.DeveloperKeyRow | null {
  const earlier = findIdempotent(tx, idempotency, bodySha256);
  if (earlier === null) return null;
  const row = mustFindEnrolment(tx, earlier.resourceId);
  // Who names no organisation acts for the one that they are in, which may have been another one.
  if (row.organisationId !== organisationId) throw idempotentResourceGone();
  return row;
}

function mustFindEnrolment(tx: Tx, serial: string): keyRecords.DeveloperKeyRow {
  const row = keyRecords.findDeveloperCertificate(tx, serial);
  if (!row) throw idempotentResourceGone();
  return row;
}

/** @throws Problem `key.not_found` */
export function readDeveloperKey(store: Store, actor: Actor, keyid: KeyId): DeveloperKeyView {
  const key = enrolledKey(store, keyid);
  if (!key) {
    authorise(actor, "self.read");
    throw keyNotFound();
  }
  authorise(actor, "key.read", { organisationId: key.organisationId }, keyNotFound);
  return findKeyView(store, keyid);
}

/** What readers see of an enrolled key. */
export function findKeyView(store: Store, keyid: KeyId): DeveloperKeyView {
  const row = keyRecords.findNewestCertificate(store.db.orm, keyid);
  const [view] = row ? keyViews(store, [row]) : [];
  if (!view) throw new Error(`the enrolled key ${keyid} has no certificate`);
  return view;
}

function keyNotFound(): Problem {
  return new Problem(
    "not_found",
    "key.not_found",
    say`There is no such signing key, or none that you may see.`,
  );
}

function keyView(store: Store, row: keyRecords.DeveloperKeyRow): DeveloperKeyView {
  const [view] = keyViews(store, [row]);
  if (!view) throw new Error("each row has a view");
  return view;
}

export function keyViews(store: Store, rows: readonly keyRecords.DeveloperKeyRow[]): DeveloperKeyView[] {
  const tx = store.db.orm;
  const keyids = rows.map(({ keyid }) => keyid);
  const revocations = findRevocations(tx, [
    ...keyids.map((id) => ({ subject: "key" as const, id })),
    ...new Set(rows.map(({ organisationId }) => organisationId))
      .values()
      .map((id) => ({ subject: "developer" as const, id })),
    ...rows.map(({ certificate }) => ({
      subject: "certificate" as const,
      id: keyRecords.certificateSha256(certificate),
    })),
  ]);
  const now = store.clock.now();
  const distrusted = distrustOf(tx, now);
  const places = Map.groupBy(selectPlaces(tx, keyids), (place) => place.keyid);
  return rows.map((row) => {
    const certificateSha256 = keyRecords.certificateSha256(row.certificate);
    const revoked = standingOf(revocations, "key", row.keyid);
    const certificateRevoked = standingOf(revocations, "certificate", certificateSha256);
    const certificateDistrustedAt = distrusted(row.certificate);
    const developerRevoked = standingOf(revocations, "developer", row.organisationId);
    return {
      keyid: row.keyid,
      fingerprint: fingerprintText(row.keyid),
      algorithm: row.algorithm,
      developerId: row.organisationId,
      certificatePem: pemOf(row.certificate),
      certificateSha256,
      notBefore: row.certificate.notBefore,
      notAfter: row.certificate.notAfter,
      expiresSoon: row.certificate.notAfter.getTime() - now.getTime() < EXPIRES_SOON_MS,
      enrolledAt: row.createdAt,
      revoked,
      certificateRevoked,
      certificateDistrustedAt,
      developerRevoked,
      apps: (places.get(row.keyid) ?? []).map(({ appId, lostAt }) => ({
        appId,
        usable: isUsable({
          lost: lostAt,
          revoked,
          certificateRevoked,
          certificateDistrusted: certificateDistrustedAt,
          developerRevoked,
        }),
      })),
    };
  });
}

function standingOf(
  rows: readonly RevocationRow[],
  subject: RevocationSubject,
  id: string,
): KeyRevocationView | null {
  const row = rows.find((one) => one.subject === subject && one.target === id);
  return row === undefined ? null : { action: row.action, reason: row.reason, revokedAt: row.revokedAt };
}

/** The keys of the actor's organisations; of all, for who may see all. In the order of their enrolment. */
export function listDeveloperKeys(store: Store, actor: Actor, page: PageRequest): Page<DeveloperKeyView> {
  authorise(actor, "key.read");
  const rows = keyRecords.selectDeveloperKeys(store.db.orm, {
    organisationIds: visibleTo(actor),
    ...oneMore<KeyId>(page),
  });
  const views = new Map(keyViews(store, rows).map((view) => [view.keyid, view]));
  return pageOf(
    rows,
    page.limit,
    (row) => row.keyid,
    (row) => views.get(row.keyid) ?? keyView(store, row),
  );
}

/** Where the page before the one after `after` begins; null when it is the first. */
export function beforeDeveloperKeys(store: Store, actor: Actor, after: string, limit: number): KeyId | null {
  const ids = keyRecords.selectKeyIdsUpTo(store.db.orm, visibleTo(actor), after as KeyId, limit + 1);
  return ids[limit] ?? null;
}

/** The organisations whose keys the actor sees; null for all. */
function visibleTo(actor: Actor): readonly OrganisationId[] | null {
  return reachOf(actor, "key.read").organisationIds;
}
