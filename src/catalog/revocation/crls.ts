/**
 * Lists of revoked certificates, one for each key that the store issues certificates with: of the root, its release
 * certificates and Developer CAs; of a Developer CA, developers' certificates. Devices go by `trust/revocations.json`;
 * these say the same to everything that knows X.509 and nothing of Mosis. They are signed by the authority itself, so
 * they are no targets, and lie under one name for good.
 */
import { createHash } from "node:crypto";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { forgetOverwritten } from "../../db/wal.ts";
import { isProblem } from "../../errors.ts";
import type { KeyId, Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import {
  destroyPrivateHalf,
  listAllStoreCertificates,
  listSigningKeys,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import { openListSigner, requireSigningKey } from "../../keys/signing-keys.ts";
import { type CrlEntry, type CrlFields, signCrl } from "../../signing/crl.ts";
import { wholeSeconds } from "../../signing/times.ts";
import {
  AuthorityKeyIdentifierExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from "../../signing/x509.ts";
import { DAY_MS } from "../../time.ts";
import { isOverlong } from "../tuf/roles.ts";
import { inTurn } from "../tuf/turn.ts";
import { withFloor } from "./crl-floor.ts";
import { contentOfList, crlKey, type IssuingAuthority, issuingAuthorities } from "./crl-issuers.ts";
import { mendCrls } from "./mend-crls.ts";
import * as records from "./records.ts";

/** The job that makes and publishes them; also by the clock, since they run out. */
export const CRL_JOB = "catalog.crls";

/** A new one is made when half of its time is over. For keys on another machine see store-keys/requested-lists.ts. */
export const CRL_LIFETIMES_MS = { here: 7 * DAY_MS } as const;

/** The first lists come with the store's first start, or that of the program that knows them: not only by the clock. */
export function beginCrls(store: Pick<Store, "db" | "clock">): void {
  if (records.hasCrls(store.db.orm)) return;
  write(store.db, (tx) => enqueue(tx, { kind: CRL_JOB, key: "catalogue" }, store.clock.now()));
}

type CrlStore = Pick<Store, "db" | "vault" | "config" | "clock" | "blobs" | "log">;

/**
 * Job `catalog.crls`. The list of an authority that is on another machine stays as it was imported last, and that of one
 * whose private half was destroyed as it was signed last.
 */
export async function makeCrls(store: CrlStore): Promise<void> {
  await inTurn(
    store.db,
    async () => {
      destroyOutlived(store);
      await mendCrls(store);
      for (const authority of issuingAuthorities(store)) await makeList(store, authority);
      await exportCrls(store);
    },
    "act",
  );
}

async function makeList(store: CrlStore, authority: IssuingAuthority): Promise<void> {
  const row = requireSigningKey(store, authority.row.keyName);
  const signer = openListSigner(store, row);
  if (signer === null) return;
  const plan = planCrl(store, authority, CRL_LIFETIMES_MS.here);
  if (!isListDue(store, plan, CRL_LIFETIMES_MS.here)) return;
  try {
    const crl = rowOf(plan, await signCrl(plan.fields, signer));
    write(store.db, (tx) => records.saveNewerCrl(tx, crl));
  } catch (error) {
    // A command may have let go of a key that it was replaced in; the lists of the others go on.
    if (row.retiredAt === null || !isProblem(error)) throw error;
    store.log.warn("crls.not_signed", { key: row.name, code: error.code });
  }
}

/** A half that was kept has nothing left to sign for once no certificate of its key counts. */
function destroyOutlived(store: CrlStore): void {
  const now = store.clock.now();
  const outlived = keptHalves(store.db.orm).filter(({ notAfter }) => notAfter < now);
  if (outlived.length === 0) return;
  write(store.db, (tx) => {
    for (const { name } of outlived) destroyPrivateHalf(tx, name);
  });
  forgetOverwritten(store, "keys.log_not_emptied");
}

export type KeptHalf = {
  readonly name: string;
  readonly kind: "root" | "developer-ca";
  /** When the last of its certificates ends; those that are distrusted count no more. */
  readonly notAfter: Date;
};

/** Keys that were replaced, and whose private halves are kept to sign lists of revoked certificates. */
export function keptHalves(db: Tx): readonly KeptHalf[] {
  return listSigningKeys(db).flatMap(({ name, retiredAt, sealedPrivateKey }) => {
    if (retiredAt === null || sealedPrivateKey === null) return [];
    const [last] = listAllStoreCertificates(db)
      .filter((row) => row.keyName === name && row.kind !== "release")
      .map((row) => ({ kind: row.kind, notAfter: row.distrustedAt === null ? row.notAfter : new Date(0) }))
      .sort((one, other) => other.notAfter.getTime() - one.notAfter.getTime());
    return last === undefined || last.kind === "release"
      ? []
      : [{ name, kind: last.kind, notAfter: last.notAfter }];
  });
}

/**
 * The last list of an authority whose private half is about to be destroyed: it counts as long as the authority's own
 * certificate, and says what is revoked by then. Null for a key that cannot sign, or whose certificates are distrusted.
 */
export async function lastCrl(store: CrlStore, keyName: string): Promise<records.CrlRow | null> {
  const authority = issuingAuthorities(store).find(({ row }) => row.keyName === keyName);
  if (!authority) return null;
  const row = requireSigningKey(store, keyName);
  const signer = openListSigner(store, { ...row, retiredAt: store.clock.now() });
  if (signer === null) return null;
  const lifetimeMs = authority.row.notAfter.getTime() - wholeSeconds(store.clock.now()).getTime();
  if (lifetimeMs <= 0) return null;
  const plan = planCrl(store, authority, lifetimeMs);
  try {
    return rowOf(plan, await signCrl(plan.fields, signer));
  } catch (error) {
    if (!isProblem(error)) throw error;
    store.log.warn("crls.not_signed", { key: keyName, code: error.code });
    return null;
  }
}

/** A row that was written and not yet exported is exported by the next run. */
async function exportCrls(store: CrlStore): Promise<void> {
  for (const row of records.unexportedCrls(store.db.orm)) {
    await store.blobs.put(crlKey(row.issuerKeyid), row.der);
    write(store.db, (tx) => records.markCrlExported(tx, row, store.clock.now()));
  }
}

export type CrlPlan = {
  readonly issuerKeyid: KeyId;
  readonly fields: CrlFields;
  readonly contentSha256: Sha256;
};

/** What the next list of an authority says: to be signed here, or on the machine that has its key. */
function planCrl(
  store: Pick<Store, "db" | "clock">,
  authority: IssuingAuthority,
  lifetimeMs: number,
): CrlPlan {
  const { row, keyid, certificate } = authority;
  const known = row.kind === "root" ? rootEntries(store) : developerEntries(store, certificate);
  const entries = withFloor(store, authority, known);
  const thisUpdate = wholeSeconds(store.clock.now());
  return {
    issuerKeyid: keyid,
    fields: {
      issuer: certificate,
      number: (records.findCrl(store.db.orm, keyid)?.number ?? 0) + 1,
      thisUpdate,
      nextUpdate: new Date(thisUpdate.getTime() + lifetimeMs),
      entries,
    },
    contentSha256: contentOfList(entries),
  };
}

/** Whether the list that an authority signed last lacks something, or is at half of its time. */
export function isListDue(
  store: Pick<Store, "db" | "clock">,
  { issuerKeyid, contentSha256 }: Pick<CrlPlan, "issuerKeyid" | "contentSha256">,
  lifetimeMs: number,
): boolean {
  const known = records.findCrl(store.db.orm, issuerKeyid);
  if (!known || known.contentSha256 !== contentSha256) return true;
  if (isOverlong(known.nextUpdate, lifetimeMs, store.clock.now())) return true;
  return store.clock.now().getTime() >= (known.thisUpdate.getTime() + known.nextUpdate.getTime()) / 2;
}

function rowOf(plan: CrlPlan, der: Uint8Array): records.CrlRow {
  const { number, thisUpdate, nextUpdate } = plan.fields;
  return {
    issuerKeyid: plan.issuerKeyid,
    number,
    der: Buffer.from(der),
    contentSha256: plan.contentSha256,
    thisUpdate,
    nextUpdate,
    exportedAt: null,
  };
}

/** What the next list of a root says, whoever signs it. */
export function entriesOfRoot(store: Pick<Store, "db" | "clock">, keyid: KeyId): CrlEntry[] {
  const authority = issuingAuthorities(store).find((one) => one.keyid === keyid);
  const known = rootEntries(store);
  return authority === undefined ? known : withFloor(store, authority, known);
}

/** Release certificates and Developer CAs; all of them are issued by a root, under whichever of its certificates. */
function rootEntries(store: Pick<Store, "db">): CrlEntry[] {
  const { orm } = store.db;
  const release = records.selectReleaseCertificates(orm).flatMap(({ keyid, der }) => {
    const sha256 = createHash("sha256").update(der).digest("hex");
    const [by] = records.findRevocations(orm, [
      { subject: "certificate", id: sha256 },
      { subject: "key", id: keyid },
    ]);
    return by ? [entryOf({ der, by })] : [];
  });
  const distrusted = listAllStoreCertificates(orm).flatMap((row): CrlEntry[] =>
    row.kind !== "developer-ca" || row.distrustedAt === null ? [] : [distrustedEntry(row, row.distrustedAt)],
  );
  return [...release, ...distrusted];
}

/** What is distrusted may issue in somebody else's name (RFC 5280 §5.3.1). */
export function distrustedEntry({ serial }: Pick<StoreCertificateRow, "serial">, revokedAt: Date): CrlEntry {
  return { serialNumber: serial, revokedAt, reason: "cACompromise", invalidFrom: null };
}

function developerEntries(store: Pick<Store, "db">, issuer: X509Certificate): CrlEntry[] {
  const own = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  const entries = new Map<string, CrlEntry>();
  for (const revoked of records.selectRevokedDeveloperCertificates(store.db.orm)) {
    const certificate = parsed(revoked.der);
    // Successive keys share a name: the key's identifier tells whose certificate it is.
    if (certificate?.getExtension(AuthorityKeyIdentifierExtension)?.keyId !== own) continue;
    const entry = entryOf(revoked);
    const known = entries.get(entry.serialNumber);
    if (!known || entry.revokedAt < known.revokedAt) entries.set(entry.serialNumber, entry);
  }
  return [...entries.values()];
}

/** Null for a row that somebody changed: it is told, and what was listed of it stays listed. */
function parsed(der: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(new Uint8Array(der));
  } catch {
    return null;
  }
}

const REASONS = {
  key: "keyCompromise",
  certificate: "privilegeWithdrawn",
  developer: "privilegeWithdrawn",
  package: "privilegeWithdrawn",
  app: "privilegeWithdrawn",
} as const;

function entryOf({ der, by }: records.RevokedCertificate): CrlEntry {
  return {
    serialNumber: new X509Certificate(new Uint8Array(der)).serialNumber,
    revokedAt: by.revokedAt,
    reason: REASONS[by.subject],
    invalidFrom: by.approvalsUntil,
  };
}
