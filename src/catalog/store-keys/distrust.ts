/**
 * An authority's key that somebody else may have: its certificates leave `trust/ca.pem`, and devices refuse what rests on
 * them. What that is, is told before, by the judgement that devices make.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { Sha256 } from "../../ids.ts";
import {
  listAllStoreCertificates,
  listStoreCertificates,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import { judgeChain, type TrustAnchors } from "../../signing/chain.ts";
import { type LeafKind, readLeaf } from "../../signing/leaf.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { sha256 } from "../tuf/metadata.ts";
import { listDeveloperCertificates, listRestingVersions, type RestingVersion } from "./distrust.records.ts";
import { type ChangeOutcome, change, placesOf } from "./operations.ts";
import { readKeyState } from "./state.ts";

export type DistrustScope = {
  readonly key: string;
  readonly certificates: readonly { readonly kind: "root" | "developer-ca"; readonly sha256: Sha256 }[];
  /** Developers' certificates that devices take now and would refuse. */
  readonly developerCertificates: number;
  readonly apps: number;
  /** Versions that devices take now and would refuse, each with what it rests on. */
  readonly versions: readonly (Pick<RestingVersion, "appId" | "versionCode" | "version" | "state"> & {
    readonly restsOn: "developer" | "release" | "both";
  })[];
};

/**
 * What devices would refuse.
 * @throws Problem `keys.not_found` when the key has no certificate that is trusted, `keys.change_invalid` while it signs
 */
export async function distrustScope(store: Pick<Store, "db" | "clock">, key: string): Promise<DistrustScope> {
  const { orm } = store.db;
  const trusted = authoritiesOf(orm);
  const leaving = trusted.filter((row) => row.keyName === key);
  if (leaving.length === 0)
    throw new Problem(
      "not_found",
      "keys.not_found",
      `trust/ca.pem holds no certificate of a key ${JSON.stringify(key)}: “mosis admin keys” lists the certificates with their keys.`,
    );
  if (placesOf(readKeyState(orm), key).length > 0)
    throw new Problem(
      "conflict",
      "keys.change_invalid",
      `The change is not possible: ${key} issues still. First: mosis admin keys replace ${key}`,
    );
  const [before, after] = [anchorsOf(trusted), anchorsOf(trusted.filter((row) => row.keyName !== key))];
  const now = store.clock.now();
  const developers = new Map(
    listDeveloperCertificates(orm).map(({ sha256: digest, der }) => [digest ?? sha256(der), der]),
  );
  const releases = new Map(
    listAllStoreCertificates(orm)
      .filter((row) => row.kind === "release")
      .map((row) => [sha256(row.der), row.der]),
  );
  const versions = [];
  for (const { developerCertificate, releaseCertificate, approvedAt, ...version } of listRestingVersions(
    orm,
  )) {
    const parts = [
      { part: "developer", der: developers.get(developerCertificate ?? ("" as Sha256)) },
      { part: "release", der: releases.get(releaseCertificate ?? ("" as Sha256)) },
    ] as const;
    const lost: LeafKind[] = [];
    let countsNow = true;
    for (const { part, der } of parts) {
      // What is not approved yet has no release certificate, and is judged as of now.
      if (!der) continue;
      if (!(await counts(der, part, before, approvedAt ?? now))) countsNow = false;
      else if (!(await counts(der, part, after, approvedAt ?? now))) lost.push(part);
    }
    const [restsOn] = lost;
    if (countsNow && restsOn)
      versions.push({ ...version, restsOn: lost.length > 1 ? ("both" as const) : restsOn });
  }
  let developerCertificates = 0;
  for (const der of developers.values())
    if ((await counts(der, "developer", before, now)) && !(await counts(der, "developer", after, now)))
      developerCertificates += 1;
  return {
    key,
    certificates: leaving.map((row) => ({
      kind: row.kind === "root" ? "root" : "developer-ca",
      sha256: sha256(row.der),
    })),
    developerCertificates,
    apps: new Set(versions.map(({ appId }) => appId)).size,
    versions,
  };
}

/** Takes the key's certificates from `trust/ca.pem`. @throws Problem as distrustScope; those of signing */
export async function distrust(store: Store, key: string): Promise<ChangeOutcome & { scope: DistrustScope }> {
  const scope = await distrustScope(store, key);
  const outcome = await change(store, readKeyState(store.db.orm), [{ type: "distrust", key }], []);
  return { ...outcome, scope };
}

function authoritiesOf(db: Tx): readonly StoreCertificateRow[] {
  return [...listStoreCertificates(db, "root"), ...listStoreCertificates(db, "developer-ca")];
}

function anchorsOf(rows: readonly StoreCertificateRow[]): TrustAnchors {
  const of = (kind: StoreCertificateRow["kind"]) =>
    rows.filter((row) => row.kind === kind).map((row) => new X509Certificate(new Uint8Array(row.der)));
  return { roots: of("root"), developerCas: of("developer-ca") };
}

/** As a device judges it: at the time of the approval. */
async function counts(der: Uint8Array, kind: LeafKind, anchors: TrustAnchors, time: Date): Promise<boolean> {
  try {
    await judgeChain(readLeaf(new Uint8Array(der), kind), anchors, time);
    return true;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}
