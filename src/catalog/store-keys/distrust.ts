/**
 * An authority's key that somebody else may have: its certificates leave `trust/ca.pem`, and devices refuse what rests on
 * them. What that is, is told before, by the judgement that devices make.
 */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { openEnvelope } from "../../format/verify-signatures.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { listAllStoreCertificates, listStoreCertificates } from "../../keys/records.ts";
import type { TrustAnchors } from "../../signing/chain.ts";
import type { LeafKind } from "../../signing/leaf.ts";
import { type Statement, selectStatements } from "../sign-again/fallen.ts";
import { anchorsOf, chainCounts, trustedAuthorities } from "../sign-again/trust.ts";
import { sha256 } from "../tuf/metadata.ts";
import { listDeveloperCertificates, listRestingVersions, type RestingVersion } from "./distrust.records.ts";
import { type ChangeOutcome, change } from "./operations.ts";
import { readKeyState } from "./state.ts";
import { placesOf } from "./waiting.ts";

/** Whose signature it is that would count no more. */
export type RestsOn = "developer" | "release" | "both";

/** What devices take now and would refuse. */
type Refused = {
  readonly restsOn: RestsOn;
  /** The store signs it again by itself, right after: it needs nobody else. */
  readonly signedAgain: boolean;
};

export type DistrustScope = {
  readonly key: string;
  readonly certificates: readonly { readonly kind: "root" | "developer-ca"; readonly sha256: Sha256 }[];
  /** Developers' certificates that devices take now and would refuse. */
  readonly developerCertificates: number;
  /** Of which versions or key lineages are listed. */
  readonly apps: number;
  readonly versions: readonly (Pick<RestingVersion, "appId" | "versionCode" | "version" | "state"> &
    Refused)[];
  /** Apps of which a device that has nothing pinned would take no version, since it would refuse their key lineage. */
  readonly lineages: readonly (Refused & {
    readonly appId: AppId;
    /** Keys that stand in it by a statement that would count no more. */
    readonly keys: number;
  })[];
};

/** The authorities as they are, and as they would be. */
type Both = { readonly before: TrustAnchors; readonly after: TrustAnchors };

/**
 * What devices would refuse.
 * @throws Problem `keys.not_found` when the key has no certificate that is trusted, `keys.change_invalid` while it signs
 */
export async function distrustScope(store: Pick<Store, "db" | "clock">, key: string): Promise<DistrustScope> {
  const { orm } = store.db;
  const trusted = trustedAuthorities(orm);
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
  const both = { before: anchorsOf(trusted), after: anchorsOf(trusted.filter((row) => row.keyName !== key)) };
  const now = store.clock.now();
  const developers = new Map(
    listDeveloperCertificates(orm).map(({ sha256: digest, der }) => [digest ?? sha256(der), der]),
  );
  const versions = await refusedVersions(orm, both, developers, now);
  const lineages = await refusedLineages(orm, both);
  let developerCertificates = 0;
  for (const der of developers.values())
    if ((await lostPart(der, "developer", now, both)) === "lost") developerCertificates += 1;
  return {
    key,
    certificates: leaving.map((row) => ({
      kind: row.kind === "root" ? "root" : "developer-ca",
      sha256: sha256(row.der),
    })),
    developerCertificates,
    apps: new Set([...versions, ...lineages].map(({ appId }) => appId)).size,
    versions,
    lineages,
  };
}

async function refusedVersions(
  tx: Tx,
  both: Both,
  developers: ReadonlyMap<Sha256, Uint8Array>,
  now: Date,
): Promise<DistrustScope["versions"]> {
  const releases = new Map(
    listAllStoreCertificates(tx)
      .filter((row) => row.kind === "release")
      .map((row) => [sha256(row.der), row.der]),
  );
  const versions = [];
  for (const { developerCertificate, releaseCertificate, approvedAt, ...version } of listRestingVersions(
    tx,
  )) {
    // What is not approved yet has no release certificate, and is judged as of now.
    const at = approvedAt ?? now;
    const refused = await refusedParts(tx, both, [
      { kind: "developer", der: developers.get(developerCertificate ?? ("" as Sha256)), at },
      { kind: "release", der: releases.get(releaseCertificate ?? ("" as Sha256)), at },
    ]);
    if (refused !== null) versions.push({ ...version, ...refused });
  }
  return versions;
}

async function refusedLineages(tx: Tx, both: Both): Promise<DistrustScope["lineages"]> {
  const found: DistrustScope["lineages"][number][] = [];
  for (const [appId, statements] of Map.groupBy(selectStatements(tx), ({ row }) => row.appId)) {
    const refused: Refused[] = [];
    for (const statement of statements) {
      const parts = await refusedParts(tx, both, partsOf(statement));
      if (parts !== null) refused.push(parts);
    }
    const [first] = refused;
    if (first === undefined) continue;
    found.push({
      appId,
      keys: refused.length,
      restsOn: refused.every(({ restsOn }) => restsOn === first.restsOn) ? first.restsOn : "both",
      signedAgain: refused.every(({ signedAgain }) => signedAgain),
    });
  }
  return found;
}

/** Both signatures of a key that was added are judged at the time of its acceptance; a recovery has the store's alone. */
function partsOf({ row, leaf, at }: Statement): Part[] {
  const release: Part = { kind: "release", der: new Uint8Array(leaf.certificate.rawData), at };
  if (row.addition === null) return [release];
  const signer = openEnvelope(new Uint8Array(row.addition), "developer").leaf;
  return [{ kind: "developer", der: new Uint8Array(signer.certificate.rawData), at }, release];
}

type Part = { readonly kind: LeafKind; readonly der: Uint8Array | undefined; readonly at: Date };

/** Null for what devices take still, and for what they refuse already. */
async function refusedParts(tx: Tx, both: Both, parts: readonly Part[]): Promise<Refused | null> {
  const lost: Part[] = [];
  for (const part of parts) {
    if (part.der === undefined) continue;
    const verdict = await lostPart(part.der, part.kind, part.at, both);
    if (verdict === "refused already") return null;
    if (verdict === "lost") lost.push(part);
  }
  const [first] = lost;
  if (first === undefined) return null;
  const restsOn = lost.length > 1 ? ("both" as const) : first.kind;
  const [next] = listStoreCertificates(tx, "release");
  const signedAgain =
    restsOn === "release" &&
    next !== undefined &&
    (await chainCounts(next.der, "release", first.at, { anchors: both.after }));
  return { restsOn, signedAgain };
}

/** As a device judges it: at the time of the approval. */
async function lostPart(
  der: Uint8Array,
  kind: LeafKind,
  at: Date,
  { before, after }: Both,
): Promise<"counts" | "lost" | "refused already"> {
  if (!(await chainCounts(der, kind, at, { anchors: before }))) return "refused already";
  return (await chainCounts(der, kind, at, { anchors: after })) ? "counts" : "lost";
}

/** Takes the key's certificates from `trust/ca.pem`. @throws Problem as distrustScope; those of signing */
export async function distrust(
  store: Store,
  actor: Actor,
  key: string,
): Promise<ChangeOutcome & { scope: DistrustScope }> {
  const scope = await distrustScope(store, key);
  const outcome = await change(store, actor, readKeyState(store.db.orm), [{ type: "distrust", key }], []);
  return { ...outcome, scope };
}
