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
export async function distrustScope(store: Pick<Store, "db">, key: string): Promise<DistrustScope> {
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
  const isLost = async (der: Uint8Array, kind: LeafKind) =>
    (await counts(der, kind, before)) && !(await counts(der, kind, after));

  const developers = new Set<Sha256>();
  for (const row of listDeveloperCertificates(orm))
    if (await isLost(new Uint8Array(row.der), "developer")) developers.add(row.sha256 ?? sha256(row.der));
  const releases = new Set<Sha256>();
  for (const row of listAllStoreCertificates(orm))
    if (row.kind === "release" && (await isLost(new Uint8Array(row.der), "release")))
      releases.add(sha256(row.der));

  const versions = listRestingVersions(orm).flatMap(
    ({ developerCertificate, releaseCertificate, ...version }) => {
      const developer = developerCertificate !== null && developers.has(developerCertificate);
      const release = releaseCertificate !== null && releases.has(releaseCertificate);
      if (!developer && !release) return [];
      const restsOn = developer && release ? "both" : developer ? "developer" : "release";
      return [{ ...version, restsOn } as const];
    },
  );
  return {
    key,
    certificates: leaving.map((row) => ({
      kind: row.kind === "root" ? "root" : "developer-ca",
      sha256: sha256(row.der),
    })),
    developerCertificates: developers.size,
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

/** At the beginning of its own time: what is asked is who issued it. */
async function counts(der: Uint8Array, kind: LeafKind, anchors: TrustAnchors): Promise<boolean> {
  try {
    const leaf = readLeaf(der, kind);
    await judgeChain(leaf, anchors, leaf.certificate.notBefore);
    return true;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}
