/**
 * An authority's key that somebody else may have: its certificates leave `trust/ca.pem`, and devices refuse what rests on
 * them. What that is, is told before, by the judgement that devices make.
 */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { openEnvelope } from "../../format/verify-signatures.ts";
import type { AppId, OrganisationId, Sha256 } from "../../ids.ts";
import { listAllStoreCertificates, listStoreCertificates } from "../../keys/records.ts";
import type { LeafKind } from "../../signing/leaf.ts";
import { type Statement, selectStatements } from "../sign-again/fallen.ts";
import { anchorsOf, chainCounts, trustedAuthorities } from "../sign-again/trust.ts";
import { sha256 } from "../tuf/metadata.ts";
import { keysAsSigned } from "./as-signed.ts";
import { listDeveloperCertificates, listRestingVersions, type RestingVersion } from "./distrust.records.ts";
import { type Both, fallingCertificates, isRefusedAlready, losingDevelopers } from "./distrust-developers.ts";
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
  /** Whose keys sign nothing until they are enrolled again, or whose versions rest on them: the first of them by name. */
  readonly developers: readonly {
    readonly developerId: OrganisationId;
    readonly name: string;
    readonly keys: number;
    readonly versions: number;
  }[];
  /** How many there are besides. */
  readonly moreDevelopers: number;
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

const DEVELOPERS_SHOWN = 20;

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
  const developers = new Map(listDeveloperCertificates(orm).map(({ sha256: digest, der }) => [digest, der]));
  const losing = losingDevelopers(orm, await fallingCertificates(orm, both, now));
  const versions = refusedVersions(orm, both, developers, now);
  const lineages = refusedLineages(orm, both);
  let developerCertificates = 0;
  for (const der of developers.values())
    if (lostPart(der, "developer", now, both) === "lost") developerCertificates += 1;
  return {
    key,
    certificates: leaving.map((row) => ({
      kind: row.kind === "root" ? "root" : "developer-ca",
      sha256: sha256(row.der),
    })),
    developerCertificates,
    developers: losing.slice(0, DEVELOPERS_SHOWN).map(({ developerId, name, keyids, versions: its }) => ({
      developerId,
      name,
      keys: keyids.length,
      versions: its.length,
    })),
    moreDevelopers: Math.max(0, losing.length - DEVELOPERS_SHOWN),
    apps: new Set([...versions, ...lineages].map(({ appId }) => appId)).size,
    versions,
    lineages,
  };
}

function refusedVersions(
  tx: Tx,
  both: Both,
  developers: ReadonlyMap<Sha256, Uint8Array>,
  now: Date,
): DistrustScope["versions"] {
  const releases = new Map(
    listAllStoreCertificates(tx)
      .filter((row) => row.kind === "release")
      .map((row) => [sha256(row.der), row.der]),
  );
  const versions = [];
  for (const resting of listRestingVersions(tx)) {
    const { developerCertificate, releaseCertificate, approvedAt } = resting;
    const { appId, versionCode, version, state } = resting;
    // What is not approved yet has no release certificate, and is judged as of now.
    const at = approvedAt ?? now;
    const refused = refusedParts(tx, both, [
      { kind: "developer", der: developers.get(developerCertificate ?? ("" as Sha256)), at },
      { kind: "release", der: releases.get(releaseCertificate ?? ("" as Sha256)), at },
    ]);
    if (refused !== null && !isRefusedAlready(tx, resting))
      versions.push({ appId, versionCode, version, state, ...refused });
  }
  return versions;
}

function refusedLineages(tx: Tx, both: Both): DistrustScope["lineages"] {
  const found: DistrustScope["lineages"][number][] = [];
  for (const [appId, statements] of Map.groupBy(selectStatements(tx), ({ row }) => row.appId)) {
    const refused: Refused[] = [];
    for (const statement of statements) {
      const parts = refusedParts(tx, both, partsOf(statement));
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
function refusedParts(tx: Tx, both: Both, parts: readonly Part[]): Refused | null {
  const lost: Part[] = [];
  for (const part of parts) {
    if (part.der === undefined) continue;
    const verdict = lostPart(part.der, part.kind, part.at, both);
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
    chainCounts(next.der, "release", first.at, { anchors: both.after });
  return { restsOn, signedAgain };
}

/** As a device judges it: at the time of the approval. */
function lostPart(
  der: Uint8Array,
  kind: LeafKind,
  at: Date,
  { before, after }: Both,
): "counts" | "lost" | "refused already" {
  if (!chainCounts(der, kind, at, { anchors: before })) return "refused already";
  return chainCounts(der, kind, at, { anchors: after }) ? "counts" : "lost";
}

/** Takes the key's certificates from `trust/ca.pem`. @throws Problem as distrustScope; those of signing */
export async function distrust(
  store: Store,
  actor: Actor,
  key: string,
): Promise<ChangeOutcome & { scope: DistrustScope }> {
  await keysAsSigned(store);
  const scope = await distrustScope(store, key);
  const outcome = await change(store, actor, readKeyState(store.db.orm), [{ type: "distrust", key }], []);
  return { ...outcome, scope };
}
