/**
 * The rows of the store's certificates as it issued them, before anything is judged by them, signed with them or signed over
 * them: brought back from the signed `trust/ca.pem`, and a release certificate from a package that it signed.
 */
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import type { CertificateEntry } from "../../format/log/entries.ts";
import { STORE_NAME } from "../../format/names.ts";
import { openEnvelope } from "../../format/verify-signatures.ts";
import { readEntryBytes } from "../../format/zip/entry.ts";
import { openContainer } from "../../format/zip/reader.ts";
import { EVERYBODY, type Sha256 } from "../../ids.ts";
import {
  deleteStoreCertificates,
  findSigningKey,
  listAllStoreCertificates,
  listSigningKeys,
  listStoreCertificates,
  restoreStoreCertificate,
} from "../../keys/records.ts";
import { certificatesFromPem } from "../../signing/certificates.ts";
import { type LogLeafFact, selectCertificateLeaves, selectLeavesAbout } from "../log/records.ts";
import { releaseKey } from "../release-keys.ts";
import { signedTarget } from "../tuf/as-signed.ts";
import { type Difference, damaged, tellMended } from "../tuf/differences.ts";
import { mendStoreId } from "../tuf/mend-store-id.ts";
import { sha256 } from "../tuf/metadata.ts";
import { CA_PATH } from "../tuf/roles.ts";
import {
  type CertificateName,
  type CertificatePlan,
  type CertificateState,
  type LoggedCertificate,
  planCertificates,
  rightRow,
} from "./borne-out.ts";
import { releasedWith } from "./distrust.records.ts";

export type CertificateStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** Asked with each package that is judged: worked out again once a row has changed. */
function certificateFaults(db: Db): CertificatePlan {
  return whileUnchanged(db, "certificates", 0, () => planCertificates(readState(db)));
}

export function certificateDifferences(db: Db): readonly Difference[] {
  const { mended, left } = certificateFaults(db);
  return [...mended, ...left].map(differenceOf);
}

const differenceOf = ({ kind, sha256 }: CertificateName): Difference => ({ of: "certificate", kind, sha256 });

function readState(db: Db): CertificateState {
  const tx = db.orm;
  const rows = listAllStoreCertificates(tx);
  const signed = signedAuthorities(db);
  const digests = [...rows.map(({ der }) => sha256(der)), ...(signed ?? []).map((der) => sha256(der))];
  return {
    rows,
    signed,
    logged: loggedOf(selectLeavesAbout(tx, [...new Set(digests)], "certificate")),
    keyNames: new Map(listSigningKeys(tx).map(({ keyid, name }) => [keyid, name])),
  };
}

function signedAuthorities(db: Db): readonly Buffer[] | null {
  const file = signedTarget(db, { audience: EVERYBODY, path: CA_PATH });
  return file && certificatesFromPem(file.body).map((one) => Buffer.from(one.rawData));
}

/** By the digest of each certificate. */
function loggedOf(leaves: readonly LogLeafFact[]): ReadonlyMap<Sha256, LoggedCertificate> {
  const found = new Map<Sha256, LoggedCertificate>();
  for (const { entry, recordedAt } of leaves) {
    if (entry.type !== "certificate") continue;
    const before = found.get(entry.sha256);
    if (entry.change === "issued" && before === undefined)
      found.set(entry.sha256, { kind: kindOf(entry), issuedAt: recordedAt, distrustedAt: null });
    if (entry.change === "distrusted" && before !== undefined)
      found.set(entry.sha256, { ...before, distrustedAt: recordedAt });
  }
  return found;
}

const kindOf = ({ kind }: CertificateEntry) => kind as LoggedCertificate["kind"];

export type MendedCertificates = {
  readonly mended: readonly Difference[];
  readonly left: readonly Difference[];
};

/** Brings back what was changed. */
export function mendCertificates(store: CertificateStore): MendedCertificates {
  const { mended, left, save, drop } = certificateFaults(store.db);
  if (mended.length > 0)
    write(store.db, (tx) => {
      deleteStoreCertificates(tx, drop);
      for (const row of save) restoreStoreCertificate(tx, row);
    });
  const outcome = { mended: mended.map(differenceOf), left: left.map(differenceOf) };
  for (const one of outcome.mended) tellMended(store, one);
  return outcome;
}

/** And the store's id, which is in each of them. @throws Problem `catalog.damaged` */
export async function mustHaveCertificates(store: CertificateStore): Promise<void> {
  mendStoreId(store);
  mendCertificates(store);
  const lost = isReleaseLost(store.db.orm) ? (await mendReleases(store)).left : [];
  const [first] = [...certificateFaults(store.db).left.map(differenceOf), ...lost];
  if (first !== undefined) throw damaged(first);
}

/**
 * Release certificates that the log has and no row: nothing that is signed lists them, but what one of them signed has it
 * within. Reads the whole log.
 */
export async function mendReleases(store: CertificateStore): Promise<MendedCertificates> {
  const tx = store.db.orm;
  const logged = loggedOf(selectCertificateLeaves(tx));
  const present = new Set(listAllStoreCertificates(tx).map(({ der }) => sha256(der)));
  const lost = [...logged].filter(([digest, { kind }]) => kind === "release" && !present.has(digest));
  const mended: Difference[] = [];
  const left: Difference[] = [];
  const newest = [...logged].filter(([, { kind }]) => kind === "release").at(-1)?.[0];
  for (const [digest, entry] of lost) {
    const der = await releasedCertificate(store, digest);
    const difference = differenceOf({ kind: "release", sha256: digest });
    const row = der && rightRow(readState(store.db), der, entry, null);
    if (row) {
      write(store.db, (to) => restoreStoreCertificate(to, row));
      mended.push(difference);
      tellMended(store, difference);
    } else if (digest === newest) left.push(difference);
  }
  return { mended, left };
}

/** From a package that was released with it. */
async function releasedCertificate({ db, blobs }: CertificateStore, digest: Sha256): Promise<Buffer | null> {
  for (const released of releasedWith(db.orm, digest)) {
    if ((await blobs.head(releaseKey(released))) === null) continue;
    const source = await blobs.open(releaseKey(released));
    try {
      const container = await openContainer(source);
      const entry = container.byName.get(STORE_NAME);
      if (!entry) continue;
      const { leaf } = openEnvelope(await readEntryBytes(container, entry), "release");
      const der = Buffer.from(leaf.certificate.rawData);
      if (sha256(der) === digest) return der;
    } finally {
      await source.close();
    }
  }
  return null;
}

/** Whether the key of the newest release certificate is one of before. */
function isReleaseLost(tx: Tx): boolean {
  const [row] = listStoreCertificates(tx, "release");
  return row === undefined || findSigningKey(tx, row.keyName)?.retiredAt !== null;
}
