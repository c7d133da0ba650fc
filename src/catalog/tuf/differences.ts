/** What of the rows of the catalogue may be otherwise than it was signed. */
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import {
  type AppId,
  type AudienceId,
  EVERYBODY,
  type KeyId,
  type RecoveryId,
  type Sha256,
  type VersionCode,
} from "../../ids.ts";
import type { TufRole } from "../../keys/key-sets.ts";
import type { MetadataAt, PathAt, RoleAt } from "./roles.ts";

export type Difference =
  /** Of the newest version that there is, or must be; of the root of any. */
  | (MetadataAt & { readonly of: "metadata" })
  /** The row, or with `body` its content alone. */
  | (PathAt & { readonly of: "target" | "body" })
  /** Whose a developer's key is, beside its enrolment in the log; the row of one of its certificates, beside the certificate. */
  | { readonly of: "developer-key"; readonly keyid: KeyId }
  | { readonly of: "developer-certificate"; readonly serial: string }
  /** Rows of a role that no catalogue has, or of a catalogue that there is not. */
  | (RoleAt & { readonly of: "stray" })
  /** A catalogue of which metadata is signed, and no row says that there is one. */
  | { readonly of: "catalogue"; readonly audience: AudienceId }
  /** Which keys sign a role, and how many of them must. */
  | { readonly of: "keys"; readonly role: TufRole }
  /** Which machine or command signs with a key, beside what the master key sealed. */
  | { readonly of: "holder"; readonly name: string }
  /** The store's own, beside the one that is signed with the file of its authorities. */
  | { readonly of: "store-id" }
  /** What was asked for with a recovery of lost keys, beside what the master key sealed and the log says of its end. */
  | { readonly of: "recovery"; readonly id: RecoveryId }
  /** What rows say of an app beside its signed index and the log. */
  | { readonly of: "app"; readonly appId: AppId; readonly what: string }
  /** Of a version that is not published, beside what the master key sealed and the log says of its end. */
  | {
      readonly of: "version";
      readonly appId: AppId;
      readonly versionCode: VersionCode;
      readonly what: "checks" | "approval";
    }
  /** The newest list of what an authority has revoked. */
  | { readonly of: "crl"; readonly issuer: KeyId }
  /** One of the store's own. */
  | { readonly of: "certificate"; readonly kind: string; readonly sha256: Sha256 };

/** As a person finds it again: a path of a target file, or a role. */
export function nameOf(difference: Difference): string {
  if (difference.of === "keys") return `the keys of ${difference.role}`;
  if (difference.of === "holder") return `who holds the key ${difference.name}`;
  if (difference.of === "store-id") return "the store's id";
  if (difference.of === "developer-key") return `whose the developer's key ${difference.keyid} is`;
  if (difference.of === "developer-certificate") return `the developer's certificate ${difference.serial}`;
  if (difference.of === "catalogue") return `the catalogue of the audience ${difference.audience}`;
  if (difference.of === "stray")
    return `rows of ${JSON.stringify(difference.role)} of the audience ${JSON.stringify(difference.audience)}, which no catalogue has`;
  if (difference.of === "recovery") return `the recovery ${difference.id}`;
  if (difference.of === "app") return `the ${difference.what} of ${difference.appId}`;
  if (difference.of === "crl") return `the list of revoked certificates of ${difference.issuer}`;
  if (difference.of === "version")
    return `the ${difference.what} of version ${difference.versionCode} of ${difference.appId}`;
  if (difference.of === "certificate") return `the ${difference.kind} certificate ${difference.sha256}`;
  const where = difference.audience === EVERYBODY ? "" : ` of the audience ${difference.audience}`;
  if (difference.of !== "metadata") return `${difference.path}${where}`;
  const { role, version } = difference;
  // Of a role that no row is left of.
  return version === 0
    ? `all metadata of ${role}${where}`
    : `metadata of ${role}, version ${version}${where}`;
}

/** Whether its name may be told to whoever asks: it is of the store as a whole, and not of an app, a person or an audience. */
export function isOpen(difference: Difference): boolean {
  switch (difference.of) {
    case "keys":
    case "holder":
    case "store-id":
    case "crl":
    case "certificate":
      return true;
    case "metadata":
      return difference.audience === EVERYBODY;
    case "target":
    case "body":
      return difference.audience === EVERYBODY && difference.path.startsWith("trust/");
    default:
      return false;
  }
}

export function tellMended({ log }: Pick<Store, "log">, difference: Difference): void {
  log.error("catalog.rows_mended", { what: nameOf(difference) });
}

const behind = new WeakMap<Problem, Difference>();

export function damaged(difference: Difference): Problem {
  const problem = new Problem(
    "unavailable",
    "catalog.damaged",
    `${wordsOf(difference)}: nothing is signed over it. Look at what mosis admin reconcile says, or restore a backup.`,
  );
  behind.set(problem, difference);
  return problem;
}

/** What a problem of `damaged` was made of; null for any other. */
export function differenceBehind(error: unknown): Difference | null {
  return error instanceof Problem ? (behind.get(error) ?? null) : null;
}

function wordsOf(difference: Difference): string {
  const name = nameOf(difference);
  switch (difference.of) {
    case "app":
      return `The database has ${name} otherwise than its signed index and the log`;
    case "recovery":
      return `The database has not got ${name} as it was asked for`;
    case "certificate":
      return `The database has not got ${name} as it was issued, and nothing else has it`;
    case "keys":
      return `The database has not got ${name} as they were signed, and the log does not bear out what was signed of them`;
    default:
      return `The database has not got ${name} as it was signed, and the file that devices read is not it either`;
  }
}
