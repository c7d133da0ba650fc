/** Which keys may sign an app's updates: reading it, and adding a key by a statement that one of them signed. */

import { type Actor, auditAuthor, type By, byOf } from "../accounts/actor.ts";
import { type Notice, tellOwners } from "../accounts/messages/outbox.ts";
import { stillActing } from "../accounts/still.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { sha256Hex } from "../format/digests.ts";
import type { LineageEntry } from "../format/lineage.ts";
import { fingerprint, openEnvelope } from "../format/verify-signatures.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";
import { releaseSigner, storeId } from "../keys/authority.ts";
import { say } from "../say.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAcceptance, parseKeyAddition } from "../signing/key-statements.ts";
import { fingerprintText } from "../signing/keys.ts";
import { wholeSeconds } from "../signing/times.ts";
import { DAY_MS } from "../time.ts";
import { findAppFor } from "./apps.ts";
import { certificateDistrusted, distrustOf } from "./certificate-trust.ts";
import { letRecoveriesFall } from "./fallen-recoveries.ts";
import { isUsable } from "./key-standing.ts";
import * as keyRecords from "./keys.records.ts";
import * as lineageRecords from "./lineage.records.ts";
import { judgeNext } from "./lineage-policy.ts";
import { notEnrolled, refuseImpossible, refuseUseless, tooOld } from "./lineage-refusals.ts";
import { isAppPublic } from "./log/records.ts";
import { enrolledKey } from "./mend-developer-keys.ts";
import { mustHaveLineage } from "./mend-lineage.ts";
import { planIndexes } from "./offer.ts";
import type * as records from "./records.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";
import { findRevocations } from "./revocation/records.ts";
import { mustHaveCertificates } from "./store-keys/mend-certificates.ts";
import { openTransferOf } from "./transfer/records.ts";
import { publishTargets } from "./tuf/repository.ts";

export type LineageKeyView = {
  readonly keyid: KeyId;
  /** The key id as people compare it. */
  readonly fingerprint: string;
  readonly position: number;
  readonly how: LineageEntry["kind"];
  readonly addedAt: Date;
  /** The key that added it, or the id of the recovery that brought it; null for the first. */
  readonly authorisedBy: string | null;
  readonly lostAt: Date | null;
  readonly revokedAt: Date | null;
  /** Since when its newest certificate is revoked by itself: it signs again once it is enrolled again. */
  readonly certificateRevokedAt: Date | null;
  /** Since when the authority that issued that certificate is trusted no more: the way back is the same. */
  readonly certificateDistrustedAt: Date | null;
  /** Since when the developer whose app it is is revoked: no key of theirs signs anything then. */
  readonly developerRevokedAt: Date | null;
  /** Whether it may sign updates and add keys now. */
  readonly usable: boolean;
};

export type LineageView = {
  readonly appId: AppId;
  readonly developerId: OrganisationId;
  readonly keys: readonly LineageKeyView[];
};

/** A statement that lay about for longer is made anew: whoever signed it may have changed their mind. */
const STATEMENT_MOST_AGE_MS = 7 * DAY_MS;

/** Whether any key may sign it yet: from its first published version on. The caller has asked whether the app may be read. */
export function hasLineage({ db }: Pick<Store, "db">, appId: AppId): boolean {
  return lineageRecords.hasLineage(db.orm, appId);
}

/** Empty until the first version is published. @throws Problem `app.not_found` */
export function readLineage(store: Store, actor: Actor, appId: AppId): LineageView {
  return lineageView(store, findAppFor(store.db.orm, actor, "app.read", appId));
}

export function lineageView(store: Pick<Store, "db" | "clock">, app: records.AppRow): LineageView {
  const tx = store.db.orm;
  const rows = lineageRecords.selectLineage(tx, app.id);
  const keyids = rows.map(({ keyid }) => keyid);
  const revoked = revokedKeys(tx, keyids);
  const certificates = keyRecords.selectNewestCertificates(tx, keyids);
  const withoutCertificate = revokedCertificates(tx, certificates);
  const distrusted = distrustOf(tx, store.clock.now());
  const [developer] = findRevocations(tx, [{ subject: "developer", id: app.organisationId }]);
  const developerRevokedAt = developer?.revokedAt ?? null;
  return {
    appId: app.id,
    developerId: app.organisationId,
    keys: rows.map((row) => {
      const { keyid, position, addedAt, authorisedBy, lostAt } = row;
      const revokedAt = revoked.get(keyid) ?? null;
      const certificateRevokedAt = withoutCertificate.get(keyid) ?? null;
      const certificate = certificates.get(keyid);
      const certificateDistrustedAt = certificate === undefined ? null : distrusted(certificate);
      return {
        keyid,
        fingerprint: fingerprintText(keyid),
        position,
        how: lineageRecords.entryOf(row).kind,
        addedAt,
        authorisedBy,
        lostAt,
        revokedAt,
        certificateRevokedAt,
        certificateDistrustedAt,
        developerRevokedAt,
        usable: isUsable({
          lost: lostAt,
          revoked: revokedAt,
          certificateRevoked: certificateRevokedAt,
          certificateDistrusted: certificateDistrustedAt,
          developerRevoked: developerRevokedAt,
        }),
      };
    }),
  };
}

/** Since when which of the keys are revoked, in any way. */
export function revokedKeys(tx: Tx, keyids: readonly KeyId[]): ReadonlyMap<string, Date> {
  if (keyids.length === 0) return new Map();
  const names = keyids.map((id) => ({ subject: "key" as const, id }));
  return new Map(findRevocations(tx, names).map((row) => [row.target, row.revokedAt]));
}

/** Since when the newest certificates of which of the keys are revoked by themselves. */
function revokedCertificates(
  tx: Tx,
  newest: ReadonlyMap<KeyId, keyRecords.CertificateRow>,
): ReadonlyMap<KeyId, Date> {
  return new Map(
    [...newest].flatMap(([keyid, certificate]) => {
      const id = keyRecords.certificateSha256(certificate);
      const [row] = findRevocations(tx, [{ subject: "certificate", id }]);
      return row === undefined ? [] : [[keyid, row.revokedAt]];
    }),
  );
}

/**
 * Adds a key to an app's lineage by the envelope that a key of it signed; the store accepts it with its own, and the
 * signed index carries both. The same envelope again finds it there.
 *
 * @throws Problem `lineage.not_set`, `lineage.has_key`, `lineage.key_lost`, `lineage.full`, `lineage.changed`, `revocation.in_force`
 *   (conflict), `lineage.key_not_enrolled`, `key.certificate_distrusted`, `lineage.statement_old`, `lineage.statement_malformed`, MPK-J…, S…, A…, X…,
 *   L… (unprocessable), `app.not_found`, `rights.forbidden`, `catalog.damaged`
 */
export async function addKey(
  store: Store,
  actor: Actor,
  appId: AppId,
  input: { readonly addition: string },
): Promise<LineageView> {
  const { orm } = store.db;
  const app = findAppFor(orm, actor, "key.rotate", appId);
  const addition = decode(input.addition);
  await mustHaveLineage(store, appId);
  const rows = lineageRecords.selectLineage(orm, appId);
  const { envelope, leaf } = openEnvelope(addition, "developer");
  const { predicate } = parseKeyAddition(envelope.payload);
  const keyid = predicate.keyId as KeyId;
  const there = rows.find((row) => row.keyid === keyid);
  refuseUseless(orm, appId, keyid, there);
  if (there?.addition?.equals(addition)) return lineageView(store, app);
  refuseImpossible(appId, rows, there);
  const known = enrolledKey(store, keyid);
  const now = wholeSeconds(store.clock.now());
  if (known === undefined || !mayGetKeysOf(orm, app, known.organisationId, now)) throw notEnrolled(keyid);
  refuseRevokedNames(orm, [
    { subject: "key", id: leaf.key.keyid },
    { subject: "certificate", id: fingerprint(leaf) },
    { subject: "developer", id: app.organisationId },
    { subject: "developer", id: leaf.id },
    { subject: "developer", id: known.organisationId },
  ]);
  const { notBefore, notAfter } = leaf.certificate;
  const distrustedAt = distrustOf(
    orm,
    now,
  )({
    der: new Uint8Array(leaf.certificate.rawData),
    notBefore,
    notAfter,
  });
  if (distrustedAt !== null) throw certificateDistrusted(distrustedAt);
  if (now.getTime() - predicate.addedAt.getTime() > STATEMENT_MOST_AGE_MS)
    throw tooOld(predicate.addedAt, now);
  await mustHaveCertificates(store);
  const acceptance = await sealEnvelope(
    buildKeyAcceptance({
      appId,
      // Of a key that is another organisation's by now, which the app was of before: that one.
      developerId: leaf.id,
      keyId: keyid,
      position: rows.length,
      acceptedAt: now,
      addition: { sha256: sha256Hex(addition) },
      signerKeyId: leaf.key.keyid,
      storeId: storeId(store),
    }),
    releaseSigner(store),
  );
  const entry: LineageEntry = { kind: "addition", keyId: keyid, addition, acceptance };
  await judgeNext(store, app, rows, entry);
  await publishTargets(
    store,
    (log) => {
      mustBeAsBefore(orm, appId, rows.length);
      log.append(
        {
          type: "developer-key",
          change: "added",
          keyId: keyid,
          developerId: app.organisationId,
          appId,
          authorisedBy: leaf.key.keyid,
        },
        now,
        { isPublic: isAppPublic(orm, appId) },
      );
      return { upserts: planIndexes(store, app, { added: entry }), removes: [] };
    },
    (tx) => {
      findAppFor(tx, stillActing(store, tx, actor), "key.rotate", appId);
      lineageRecords.insertLineage(tx, {
        appId,
        keyid,
        position: rows.length,
        addedAt: now,
        addition: Buffer.from(addition),
        storeStatement: Buffer.from(acceptance),
        authorisedBy: leaf.key.keyid,
      });
      recordChange(
        tx,
        auditAuthor(actor),
        {
          action: "devkey.added",
          subject: { type: "key", id: keyid },
          organisationId: app.organisationId,
          after: { appId, position: rows.length, authorisedBy: leaf.key.keyid },
        },
        now,
      );
      letRecoveriesFall(tx, store.vault, appId, leaf.key.keyid as KeyId, now);
      tellOwners(tx, app.organisationId, addedNotice(app, keyid, leaf.key.keyid, byOf(actor)), now);
    },
  );
  return lineageView(store, app);
}

/** The app's own, and whom it is offered to: they need a key in its lineage before it is theirs. */
function mayGetKeysOf(tx: Tx, app: records.AppRow, organisationId: OrganisationId, now: Date): boolean {
  if (organisationId === app.organisationId) return true;
  const offer = openTransferOf(tx, app.id);
  if (offer?.fromOrganisationId !== app.organisationId) return false;
  return offer.toOrganisationId === organisationId && offer.expiresAt > now;
}

function decode(text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text && text !== "") return new Uint8Array(bytes);
  throw new Problem(
    "unprocessable",
    "lineage.statement_malformed",
    say`The addition is no envelope in base64: send the bytes of its canonical JSON, padded, without white space.`,
  );
}

/** @throws Problem `lineage.changed` when another addition was faster: this one is for a place that is taken. */
export function mustBeAsBefore(tx: Tx, appId: AppId, count: number): void {
  const found = lineageRecords.selectLineage(tx, appId).length;
  if (found === count) return;
  throw new Problem(
    "conflict",
    "lineage.changed",
    say`The lineage of ${appId} has ${found} keys now, and had ${count} when this was asked for: look at it again.`,
  );
}

function addedNotice(app: records.AppRow, keyid: KeyId, by: string, actor: By): Notice {
  return {
    kind: "key.added",
    about: { appId: app.id },
    subject: say`A key was added to ${app.id}`,
    body: [
      say`From now on updates of ${app.name} (${app.id}) may also be signed with this key:`,
      `    ${fingerprintText(keyid)}`,
      say`It was added by ${actor.within}, with a statement that this key signed:`,
      `    ${fingerprintText(by)}`,
      say`If you do not know of it, revoke both keys at once: mosis keys revoke KEY --reason TEXT, or on the page of the keys.`,
    ],
    path: "/keys",
  };
}
