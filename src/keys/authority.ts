/**
 * The store as a certificate authority (package format, sections 3 and 5): root CA → Developer CA → developers, and
 * root CA → release certificate. Making keys and certificates takes awaits, writing them must not: what `prepare…`
 * made in memory, `record…` writes in the caller's one transaction, so a kill leaves all of it or nothing.
 */
import { randomBytes } from "node:crypto";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { KeyId, OrganisationId } from "../ids.ts";
import {
  type Authority,
  certificateToPem,
  createDeveloperCa,
  createRootCa,
  issueDeveloperCertificate as issueDeveloperLeaf,
  issueReleaseCertificate,
  readCertificateRequest,
} from "../signing/certificates.ts";
import type { KeyAlgorithm } from "../signing/keys.ts";
import { keySigner, type Signer } from "../signing/signer.ts";
import { wholeSeconds } from "../signing/times.ts";
import { X509Certificate } from "../signing/x509.ts";
import { DAY_MS } from "../time.ts";
import {
  FIRST_ROLE_KEYS,
  firstKeyName,
  type KeySets,
  TUF_KEY_ALGORITHM,
  TUF_ROLES,
  type TufRole,
  writeKeySets,
} from "./key-sets.ts";
import {
  findStoreId,
  hasSigningKeys,
  insertSigningKey,
  insertStoreCertificate,
  listStoreCertificates,
  type SigningKeyRow,
  type StoreCertificateRow,
  saveStoreId,
} from "./records.ts";
import { type KeyStore, newSigningKey, openSigningKey } from "./signing-keys.ts";
import { developerCaPems, pemOf, rootCaPems } from "./trust-anchors.ts";
import { pairTufSigner, type TufSigner } from "./tuf-signers.ts";
import type { Vault } from "./vault.ts";

export type CertificateKind = StoreCertificateRow["kind"];

/** What the keys of each kind of certificate are called; the first has the name itself, later ones a number after it. */
export const CERTIFICATE_KEY_NAMES: Readonly<Record<CertificateKind, string>> = {
  root: "ca-root",
  "developer-ca": "ca-developer",
  release: "release",
};

/** What a key that the store makes for each is. */
export const CERTIFICATE_KEY_ALGORITHMS: Readonly<Record<CertificateKind, KeyAlgorithm>> = {
  root: "ecdsa-p384",
  "developer-ca": "ecdsa-p256",
  release: "ecdsa-p256",
};

const YEAR_MS = 365 * DAY_MS;

/** How long each kind of certificate is valid. */
export const CERTIFICATE_LIFETIMES_MS = {
  root: 20 * YEAR_MS,
  developerCa: 10 * YEAR_MS,
  /** Renewed by itself when half of it is over. */
  release: 2 * YEAR_MS,
  /** Package format, section 3: at most 825 days. */
  developer: 825 * DAY_MS,
} as const;

/** Clocks of developers' machines and devices may be behind ours by this much. */
const BACKDATED_MS = 5 * 60_000;

/** Everything of the authority and the catalogue's keys, in memory only. */
export type PreparedAuthority = {
  readonly storeId: string;
  readonly caPem: string;
  readonly keys: readonly SigningKeyRow[];
  readonly certificates: readonly StoreCertificateRow[];
  readonly keySets: KeySets;
  readonly tufSigners: (role: TufRole) => readonly TufSigner[];
};

export type IssuedCertificate = {
  readonly keyid: KeyId;
  readonly algorithm: string;
  readonly serial: string;
  readonly der: Uint8Array;
  readonly pem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

/** Makes every key and certificate of a new store. Nothing is written. */
export async function prepareAuthority(vault: Vault, now: Date): Promise<PreparedAuthority> {
  const storeId = `store-${randomBytes(16).toString("hex")}`;
  const make = (kind: CertificateKind) =>
    newSigningKey(vault, CERTIFICATE_KEY_NAMES[kind], CERTIFICATE_KEY_ALGORITHMS[kind], now);
  const [root, developerCa, release] = [make("root"), make("developer-ca"), make("release")];
  const tuf = TUF_ROLES.map((role) => {
    const keys = Array.from({ length: FIRST_ROLE_KEYS[role] }, (_, index) =>
      newSigningKey(vault, firstKeyName(role, index), TUF_KEY_ALGORITHM, now),
    );
    return { role, keys };
  });

  const rootCertificate = await createRootCa(root.keys, {
    ...validity(now, CERTIFICATE_LIFETIMES_MS.root),
    commonName: authorityName("root", storeId),
  });
  const issuer: Authority = { certificate: rootCertificate, keys: root.keys };
  const developerCaCertificate = await createDeveloperCa(issuer, developerCa.keys.publicKey, {
    ...validity(now, CERTIFICATE_LIFETIMES_MS.developerCa),
    commonName: authorityName("developer-ca", storeId),
  });
  const releaseCertificate = await issueReleaseCertificate(issuer, release.keys.publicKey, {
    ...validity(now, CERTIFICATE_LIFETIMES_MS.release),
    storeId,
  });

  const certificates = [
    certificateRow("root", root.row.name, rootCertificate, now),
    certificateRow("developer-ca", developerCa.row.name, developerCaCertificate, now),
    certificateRow("release", release.row.name, releaseCertificate, now),
  ];
  return {
    storeId,
    caPem: certificates.slice(0, 2).map(pemOf).join(""),
    keys: [root, developerCa, release, ...tuf.flatMap(({ keys }) => keys)].map(({ row }) => row),
    certificates,
    keySets: new Map(tuf.map(({ role, keys }) => [role, { keys: keys.map(({ row }) => row), threshold: 1 }])),
    tufSigners: (role) =>
      tuf.flatMap((entry) =>
        entry.role === role ? entry.keys.map(({ row, keys }) => pairTufSigner(row, keys)) : [],
      ),
  };
}

/** The names of the authorities; successive keys of one share it. */
export function authorityName(kind: "root" | "developer-ca", storeId: string): string {
  return kind === "root" ? `Mosis root ${storeId}` : `Mosis developers ${storeId}`;
}

/** Writes what was prepared, within the transaction of the first start. */
export function recordAuthority(tx: Tx, prepared: PreparedAuthority, now: Date): void {
  saveStoreId(tx, prepared.storeId, now);
  for (const row of prepared.keys) insertSigningKey(tx, row);
  for (const row of prepared.certificates) insertStoreCertificate(tx, row);
  writeKeySets(tx, prepared.keySets);
}

/** True once the first start was committed, also when somebody took the store's id away since. */
export function isInitialised({ db }: Pick<Store, "db">): boolean {
  return findStoreId(db.orm) !== null || hasSigningKeys(db.orm);
}

/**
 * The store's id, as it stands in the release certificate.
 * @throws Problem `store.not_initialised`; `catalog.damaged` while somebody has taken it away or put something else there
 */
export function storeId(store: Pick<Store, "db">): string {
  const id = findStoreId(store.db.orm);
  if (id !== null) return id;
  if (isInitialised(store))
    throw new Problem(
      "unavailable",
      "catalog.damaged",
      "The database has not got the store's id any more: the store brings it back from what is signed at its next start, and mosis admin reconcile does.",
    );
  throw new Problem(
    "unavailable",
    "store.not_initialised",
    "This data folder holds no store yet: start `mosis serve` on it once.",
  );
}

/** `trust/ca.pem`: the root, then the Developer CAs, newest first. */
export function caPem(store: Pick<Store, "db">): string {
  return [...rootCaPems(store), ...developerCaPems(store)].join("");
}

/**
 * Answers a developer's PKCS #10 request (PEM or DER). Only its key is taken: subject and SAN come from the account
 * (package format, section 5). Nothing is written: the caller adds the rows.
 *
 * @throws Problem `MPK-X010` (and others of the certificate rules) when the request is malformed or proves no possession
 */
export async function issueDeveloperCertificate(
  store: KeyStore,
  request: {
    readonly csr: string | Uint8Array;
    readonly organisationId: OrganisationId;
    readonly organisationName: string;
    readonly now: Date;
  },
): Promise<IssuedCertificate> {
  const csr = await readCertificateRequest(request.csr);
  const issuer = openAuthority(store, "developer-ca");
  const wanted = validity(request.now, CERTIFICATE_LIFETIMES_MS.developer);
  const certificate = await issueDeveloperLeaf(issuer, csr, {
    ...wanted,
    // A leaf that outlives its issuer would be refused by every reader for the rest of its time.
    notAfter: earlier(wanted.notAfter, issuer.certificate.notAfter),
    developerId: request.organisationId,
    commonName: request.organisationName,
  });
  return {
    keyid: csr.keyid as KeyId,
    algorithm: csr.publicKey.asymmetricKeyType === "ed25519" ? "ed25519" : "ecdsa-p256",
    serial: certificate.serialNumber,
    der: new Uint8Array(certificate.rawData),
    pem: certificateToPem(certificate),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  };
}

/**
 * Who countersigns releases: the release key with its newest certificate.
 * @throws Problem `keys.missing`, `keys.unsealable`, `keys.command_unknown`, `keys.offline`, `keys.release_expired`
 */
export function releaseSigner(store: KeyStore & Pick<Store, "clock">): Signer {
  const [row] = listStoreCertificates(store.db.orm, "release");
  if (!row) throw missingCertificate("release");
  if (row.notAfter < store.clock.now()) {
    throw new Problem(
      "unavailable",
      "keys.release_expired",
      `The release certificate ended at ${row.notAfter.toISOString()}. It is renewed by itself while the store runs: check the machine's clock and the job catalog.renew.`,
    );
  }
  return keySigner(openSigningKey(store, row.keyName), new Uint8Array(row.der));
}

/**
 * An authority with its newest certificate, ready to issue.
 * @throws Problem `keys.missing`, `keys.offline` when another machine holds its key, `keys.command_unknown`, `keys.unsealable`
 */
export function openAuthority(store: KeyStore, kind: "root" | "developer-ca"): Authority {
  const [row] = listStoreCertificates(store.db.orm, kind);
  if (!row) throw missingCertificate(kind);
  return {
    certificate: new X509Certificate(new Uint8Array(row.der)),
    keys: openSigningKey(store, row.keyName),
  };
}

export function missingCertificate(kind: StoreCertificateRow["kind"]): Problem {
  return new Problem(
    "unavailable",
    "keys.missing",
    `The store's ${kind} certificate is not in the database: this is not the data folder of an initialised store.`,
  );
}

/** Certificates count in whole seconds. */
export function validity(now: Date, lifetimeMs: number): { notBefore: Date; notAfter: Date } {
  const start = wholeSeconds(now).getTime() - BACKDATED_MS;
  return { notBefore: new Date(start), notAfter: new Date(start + lifetimeMs) };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

export function certificateRow(
  kind: StoreCertificateRow["kind"],
  keyName: string,
  certificate: X509Certificate,
  now: Date,
): StoreCertificateRow {
  return {
    serial: certificate.serialNumber,
    kind,
    keyName,
    der: Buffer.from(certificate.rawData),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: now,
    distrustedAt: null,
  };
}
