/**
 * Whose a developer's key is, as the log has its enrolment, and what the rows of its certificates say beside the certificates
 * themselves. Rows that somebody changed would let another organisation revoke the key, and hide a certificate from what revokes it.
 */
import type { Store } from "../context.ts";
import { type Db, type Tx, write } from "../db/database.ts";
import { perDb } from "../db/per-db.ts";
import { unwatched } from "../db/watch.ts";
import { isProblem } from "../errors.ts";
import type { KeyId, OrganisationId, Sha256 } from "../ids.ts";
import { listAllStoreCertificates } from "../keys/records.ts";
import { readLeaf } from "../signing/leaf.ts";
import { lastUse } from "./certificate-trust.ts";
import * as keyRecords from "./keys.records.ts";
import { isProved } from "./log/proved.ts";
import { selectLeafRows, selectLeavesAbout } from "./log/records.ts";
import { findOrganisationName } from "./records.ts";
import { anchorsOf, chainCounts } from "./sign-again/trust.ts";
import { type Difference, tellMended } from "./tuf/differences.ts";
import { sha256 } from "./tuf/metadata.ts";

type KeyStore = Pick<Store, "db" | "vault" | "log">;
type KeyRow = NonNullable<ReturnType<typeof keyRecords.findDeveloperKey>>;
type Found = { readonly mended: readonly Difference[]; readonly left: readonly Difference[] };

const STEP = 500;

/** The row of a key as it was enrolled, brought back where it was changed; undefined for one that nobody enrolled. */
export function enrolledKey(store: KeyStore, keyid: KeyId): KeyRow | undefined {
  const { orm } = store.db;
  const row = keyRecords.findDeveloperKey(orm, keyid);
  if (row === undefined) return undefined;
  const leaf = selectLeafRows(orm, [keyid], "developer-key").findLast(
    ({ entry }) => enroller(entry) !== null,
  );
  const organisationId = leaf === undefined ? null : enroller(leaf.entry);
  if (leaf === undefined || organisationId === null || !isProved(store.db, leaf, store.vault))
    return undefined;
  if (organisationId === row.organisationId) return row;
  if (findOrganisationName(orm, organisationId) === undefined) return undefined;
  // Whoever asks for the key has not changed it.
  unwatched(() => write(store.db, (tx) => keyRecords.restoreOwner(tx, keyid, organisationId)));
  tellMended(store, { of: "developer-key", keyid });
  return { ...row, organisationId };
}

type Entry = ReturnType<typeof selectLeavesAbout>[number]["entry"];

const enroller = (entry: Entry): OrganisationId | null =>
  entry.type === "developer-key" && entry.change === "enrolled" ? entry.developerId : null;

/** Every key, once a day, and before a revocation that may concern one. */
export async function mendOwners(store: KeyStore): Promise<Found> {
  const { orm } = store.db;
  const mended: Difference[] = [];
  const left: Difference[] = [];
  for (let after = ""; ; ) {
    const rows = keyRecords.selectKeyRows(orm, after, STEP);
    const owners = new Map<string, OrganisationId>();
    const keyids = rows.map(({ keyid }) => keyid);
    for (const { subject, entry } of selectLeavesAbout(orm, keyids, "developer-key")) {
      const owner = enroller(entry);
      if (owner !== null) owners.set(subject, owner);
    }
    for (const { keyid, organisationId } of rows) {
      if (owners.get(keyid) === organisationId) continue;
      const isBack = enrolledKey(store, keyid) !== undefined;
      (isBack ? mended : left).push({ of: "developer-key", keyid });
    }
    after = rows.at(-1)?.keyid ?? "";
    if (rows.length < STEP) return { mended, left };
    // Requests come first.
    await Bun.sleep(0);
  }
}

/** Once a day. A certificate whose row is gone is in nothing that is signed: it is not brought back. */
export async function mendDeveloperCertificates(
  store: KeyStore & Pick<Store, "clock">,
  signal?: AbortSignal,
): Promise<Found> {
  const { orm } = store.db;
  const mended: Difference[] = [];
  const left: Difference[] = [];
  for (let after = ""; !signal?.aborted; ) {
    const rows = keyRecords.selectCertificateRows(orm, after, STEP);
    for (const [at, row] of rows.entries()) {
      if (at % 20 === 0) await Bun.sleep(0);
      const right = rightRow(store, row);
      const difference: Difference = { of: "developer-certificate", serial: row.serial };
      if (right === null) left.push(difference);
      else if (!isSame(right, row)) {
        write(store.db, (tx) => keyRecords.restoreCertificateRow(tx, row, right));
        tellMended(store, difference);
        mended.push(difference);
      }
    }
    after = rows.at(-1)?.serial ?? "";
    if (rows.length < STEP) break;
  }
  return { mended, left };
}

/** Null for what no Developer CA of the store issued, or for a key that is not there. */
function rightRow(
  store: Pick<Store, "db" | "clock">,
  row: keyRecords.CertificateRow,
): keyRecords.CertificateRow | null {
  const issued = issuedCertificate(store.db, row.der, store.clock.now());
  if (issued === null) return null;
  const key = keyRecords.findDeveloperKey(store.db.orm, issued.keyid);
  if (key?.organisationId !== issued.developerId) return null;
  const { serial, keyid, notBefore, notAfter } = issued;
  return { ...row, serial, keyid, notBefore, notAfter, sha256: issued.sha256 };
}

const isSame = (one: keyRecords.CertificateRow, other: keyRecords.CertificateRow): boolean =>
  one.serial === other.serial &&
  one.keyid === other.keyid &&
  one.sha256 === other.sha256 &&
  one.notBefore.getTime() === other.notBefore.getTime() &&
  one.notAfter.getTime() === other.notAfter.getTime();

export type IssuedCertificate = {
  readonly serial: string;
  readonly sha256: Sha256;
  readonly keyid: KeyId;
  readonly developerId: OrganisationId;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

/** Certificates that were found to be issued by the store: that takes a signature, and the same few are read again and again. */
const verified = perDb(() => new Set<Sha256>());
const MOST_KNOWN = 50_000;

/** What a developer's certificate says; null for bytes that are none which an authority of the store issued. */
export function issuedCertificate(db: Db, der: Uint8Array, now: Date): IssuedCertificate | null {
  const digest = sha256(der);
  try {
    const { certificate, key, id } = readLeaf(new Uint8Array(der), "developer");
    const { serialNumber: serial, notBefore, notAfter } = certificate;
    const known = verified({ db });
    if (!known.has(digest)) {
      if (!isIssued(db.orm, { der, notBefore, notAfter }, now)) return null;
      if (known.size >= MOST_KNOWN) known.clear();
      known.add(digest);
    }
    const names = { keyid: key.keyid as KeyId, developerId: id as OrganisationId };
    return { serial, sha256: digest, ...names, notBefore, notAfter };
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** By an authority that is trusted, or was. */
function isIssued(
  tx: Tx,
  { der, ...times }: Pick<IssuedCertificate, "notBefore" | "notAfter"> & { readonly der: Uint8Array },
  now: Date,
): boolean {
  const anchors = anchorsOf(listAllStoreCertificates(tx).filter(({ kind }) => kind !== "release"));
  return chainCounts(der, "developer", lastUse(times, now), { anchors });
}
