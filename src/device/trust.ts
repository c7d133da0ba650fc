/**
 * Whether a downloaded package may be installed (package format, section 9, step 3): read it as the policy. The parts
 * were parsed before; here they are judged. Pure.
 */
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import type { Revocation, RevocationAction, Revocations } from "../catalog/tuf/revocations.ts";
import { Problem } from "../errors.ts";
import { type LineageKey, standing } from "../format/lineage.ts";
import type { Manifest } from "../format/manifest.ts";
import type { DeveloperVerdict, StoreVerdict, Verdict } from "../format/verify.ts";
import type { AppId, Sha256 } from "../ids.ts";

export type Expected = {
  readonly index: AppIndex;
  readonly release: IndexedRelease;
  readonly storeId: string;
  /** What this device pins: the keys that may sign this app. */
  readonly lineage: readonly LineageKey[];
  readonly revocations: Revocations;
};

export type JudgedPackage = {
  readonly manifest: Manifest;
  readonly developer: DeveloperVerdict;
  readonly store: StoreVerdict;
};

/**
 * @throws Problem `unprocessable`: `device.package_refused` (details: the findings), `device.index_mismatch`,
 *   `device.other_store`, `device.key_not_in_lineage`, `device.revoked`
 */
export function judgePackage(verdict: Verdict, expected: Expected): JudgedPackage {
  const { release, index } = expected;
  const { manifest, developer, store } = verdict;
  if (!verdict.ok || !manifest || !developer || !store) throw refusedPackage(verdict);
  if (developer.chain !== "ok" || store.chain !== "ok") throw refusedPackage(verdict);

  must("the content digest", verdict.contentDigest, release.contentDigest);
  must("the app's id", manifest.id, index.appId);
  must("the version code", manifest.versionCode, release.versionCode);
  must("the version", manifest.version, release.version);
  must("the platform API", manifest.runtime.api, release.runtimeApi);
  must("the data version", manifest.dataVersion ?? 0, release.dataVersion);

  if (store.storeId !== expected.storeId) {
    throw new Problem(
      "unprocessable",
      "device.other_store",
      `The package was released by ${store.storeId}, and this device belongs to ${expected.storeId}.`,
    );
  }

  const key = standing(expected.lineage, developer.keyid, store.approvedAt);
  if (key !== "good") {
    throw new Problem(
      "unprocessable",
      "device.key_not_in_lineage",
      key === "lost"
        ? `The package is signed with the key ${developer.keyid}, which the developers of ${index.appId} had lost before it was approved.`
        : `The package is signed with the key ${developer.keyid}, which is not one of those that may sign ${index.appId}.`,
    );
  }

  const revocation = findRevocation(
    expected.revocations,
    subjectsOf(index.appId, release.contentDigest, developer, store),
  );
  if (revocation) throw revoked(index.appId, revocation);
  return { manifest, developer, store };
}

function must(what: string, found: string | number | undefined, expected: string | number): void {
  if (found === expected) return;
  throw new Problem(
    "unprocessable",
    "device.index_mismatch",
    `The package is not the one that the store's signed index names: ${what} is ${found}, and ${expected} was expected.`,
  );
}

function refusedPackage(verdict: Verdict): Problem {
  const findings = verdict.sections.flatMap((section) => section.findings);
  const first = findings[0];
  return new Problem(
    "unprocessable",
    "device.package_refused",
    first
      ? `The package was refused: ${first.code} ${first.message}`
      : "The package was refused: it is not released by a store.",
    findings,
  );
}

/** What a revocation can name of one release. */
export type Subjects = {
  readonly appId: AppId;
  readonly contentDigest: Sha256;
  readonly developerId: string;
  readonly developerKeyid: string;
  /** SHA-256 of the DER, as of the release's. */
  readonly developerCertificate: string;
  readonly releaseKeyid: string;
  readonly releaseCertificate: string;
  readonly approvedAt: Date;
};

export function subjectsOf(
  appId: AppId,
  contentDigest: Sha256,
  developer: DeveloperVerdict,
  store: StoreVerdict,
): Subjects {
  return {
    appId,
    contentDigest,
    developerId: developer.developerId,
    developerKeyid: developer.keyid,
    developerCertificate: developer.certificate.sha256,
    releaseKeyid: store.keyid,
    releaseCertificate: store.certificate.sha256,
    approvedAt: store.approvedAt,
  };
}

const GRAVITY: readonly RevocationAction[] = ["remove", "disable", "block"];

/** The gravest revocation that names the release in any way; null when none does. */
export function findRevocation(revocations: Revocations, subjects: Subjects): Revocation | null {
  const named = revocations.entries.filter((entry) => names(entry, subjects));
  return named.reduce<Revocation | null>(
    (gravest, entry) =>
      gravest === null || GRAVITY.indexOf(entry.action) < GRAVITY.indexOf(gravest.action) ? entry : gravest,
    null,
  );
}

function names(entry: Revocation, subjects: Subjects): boolean {
  switch (entry.subject) {
    case "app":
      return entry.id === subjects.appId;
    case "package":
      return entry.id === subjects.contentDigest;
    case "developer":
      return entry.id === subjects.developerId;
    case "key":
      return (
        entry.id === subjects.developerKeyid ||
        (entry.id === subjects.releaseKeyid && isLate(entry, subjects))
      );
    case "certificate":
      return (
        entry.id === subjects.developerCertificate ||
        (entry.id === subjects.releaseCertificate && isLate(entry, subjects))
      );
  }
}

/** A release key that was lost does not undo what it approved before (package format, section 3). */
function isLate(entry: Revocation, subjects: Subjects): boolean {
  return entry.approvalsUntil === null || subjects.approvedAt > new Date(entry.approvalsUntil);
}

/** The store's words stand in a line of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

export function revoked(appId: AppId, revocation: Revocation): Problem {
  return new Problem(
    "unprocessable",
    "device.revoked",
    `${appId} may not be installed: the store revoked its ${revocation.subject} on ${revocation.revokedAt}. Reason: ${oneLine(revocation.reason)}`,
  );
}
