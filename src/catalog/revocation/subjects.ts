/** What a name that can be revoked is to this store: what it is called, and which versions it means. */
import { createHash } from "node:crypto";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { formatTime, wholeSeconds } from "../../signing/times.ts";
import * as catalog from "../records.ts";
import type { RevocationSubject } from "../tuf/revocations.ts";
import type { RevocationChange, Target } from "./change.ts";
import * as records from "./records.ts";

export type KnownSubject = {
  readonly subject: RevocationSubject;
  readonly id: string;
  /** What people know it by: an app's name, a package's version, whose a key is. */
  readonly label: string;
  /** The organisation that it belongs to; null of the store's own keys. */
  readonly organisationId: OrganisationId | null;
  /** The store's own release key or its certificate: the only ones that a time can be named for. */
  readonly isRelease: boolean;
};

/** Undefined for what the store does not know, or does not know any more: an app that was never published can go. */
export function lookUpSubject(tx: Tx, target: Target): KnownSubject | undefined {
  const found = FIND[target.subject](tx, target.id);
  return found && { isRelease: false, ...found, ...target };
}

/**
 * For an act. What is gone can still be lifted as long as it is revoked.
 * @throws Problem `revocation.subject_unknown` (not_found)
 */
export function findSubject(tx: Tx, target: Target): KnownSubject {
  const known = lookUpSubject(tx, target);
  if (known !== undefined) return known;
  if (records.findRevocation(tx, target.subject, target.id)) {
    return { ...target, label: "", organisationId: null, isRelease: false };
  }
  throw new Problem(
    "not_found",
    "revocation.subject_unknown",
    say`This store knows no ${target.subject} ${target.id}. Look it up again: a name with a slip in it would revoke nothing.`,
  );
}

/** @throws Problem `revocation.until_refused`, `revocation.until_future` (unprocessable) */
export function refuseUntil(change: RevocationChange, known: KnownSubject, now: Date): void {
  if (change.act !== "revoke" || change.approvalsUntil === null) return;
  const pointer = "/approvalsUntil";
  if (!known.isRelease) {
    const message = say`Only for the store's own release key, or a certificate of it, can a time be named after which approvals do not count.`;
    throw new Problem("unprocessable", "revocation.until_refused", message, [
      { code: "revocation.until_refused", message, pointer },
    ]);
  }
  // Whoever has the key could go on approving until then.
  if (change.approvalsUntil > now) {
    const message = say`The last moment at which approvals count must lie in the past: it is ${formatTime(wholeSeconds(now))} now.`;
    throw new Problem("unprocessable", "revocation.until_future", message, [
      { code: "revocation.until_future", message, pointer },
    ]);
  }
}

type Found = Pick<KnownSubject, "label" | "organisationId"> & { readonly isRelease?: true };

const FIND: Readonly<Record<RevocationSubject, (tx: Tx, id: string) => Found | undefined>> = {
  package(tx, id) {
    const version = records.findPackageVersion(tx, id) ?? records.findRemovedVersion(tx, id);
    const app = version && catalog.findApp(tx, version.appId);
    return (
      app && {
        label: `${app.name} ${version.version} (${version.appId} ${version.versionCode})`,
        organisationId: app.organisationId,
      }
    );
  },
  app(tx, id) {
    const app = catalog.findApp(tx, id as AppId);
    return app && { label: app.name, organisationId: app.organisationId };
  },
  developer(tx, id) {
    const organisation = records.findOrganisation(tx, id);
    return organisation && { label: organisation.name, organisationId: organisation.id };
  },
  key(tx, id) {
    // First: nobody else has it, whatever rows of developers' keys say.
    if (releaseCertificates(tx).some(({ keyid }) => keyid === id)) return OWN;
    const key = records.findDeveloperKeyFact(tx, id);
    return key && { label: key.organisationName, organisationId: key.organisationId };
  },
  certificate(tx, id) {
    const certificate = records.findDeveloperCertificateFact(tx, id);
    if (certificate)
      return { label: certificate.organisationName, organisationId: certificate.organisationId };
    return releaseCertificates(tx).some(({ sha256 }) => sha256 === id) ? OWN : undefined;
  },
};

const OWN: Found = { label: "release", organisationId: null, isRelease: true };

function releaseCertificates(tx: Tx): { keyid: string; sha256: string }[] {
  return records.selectReleaseCertificates(tx).map(({ keyid, der }) => ({
    keyid,
    sha256: createHash("sha256").update(der).digest("hex"),
  }));
}

/** The versions that a name means; of the store's own key those that it approved after `until`. */
export function namingOf(known: KnownSubject, until: Date | null): records.Naming {
  const { subject, id } = known;
  switch (subject) {
    case "package":
    case "app":
    case "developer":
      return { by: subject, id };
    case "key":
      return known.isRelease ? { by: "release-key", id, until } : { by: "developer-key", id };
    case "certificate":
      return known.isRelease ? { by: "release-certificate", id, until } : { by: "developer-certificate", id };
  }
}
