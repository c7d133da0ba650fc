/**
 * What the store's log records, as a union by `type` (package format, section 7). A table says of each field what it may
 * hold and whether it is a name or an identity, which a leaf about an app that is not public holds as a salted digest.
 * To record something new, add its type to the union and its fields to the table.
 */
import {
  type AppId,
  isAppId,
  isSha256,
  isVersionCode,
  type KeyId,
  type OrganisationId,
  type Sha256,
  type VersionCode,
} from "../../ids.ts";
import { isTime } from "../../signing/times.ts";

/** The store approved a version: what stands in its envelope (section 3). */
export type ApprovalEntry = {
  readonly type: "approval";
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly contentDigest: Sha256;
  /** SHA-256 of the whole signed file as it was uploaded. */
  readonly upload: Sha256;
  readonly developerKeyId: KeyId;
  readonly reviewId: string;
};

/** A release became visible to devices. */
export type PublicationEntry = {
  readonly type: "publication";
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly contentDigest: Sha256;
  /** SHA-256 of the released file. */
  readonly package: Sha256;
};

/** Something was revoked, or a revocation lifted. */
export type RevocationEntry = {
  readonly type: "revocation";
  readonly action: "block" | "disable" | "remove" | "lift";
  readonly subject: "package" | "key" | "certificate" | "app" | "developer";
  /** Content digest, key id, SHA-256 of the certificate, app id or developer id. */
  readonly id: string;
  /** For a release key: approvals after this time do not count. */
  readonly approvalsUntil: string | null;
};

/** Devices no longer take version codes below this one. */
export type LowestVersionEntry = {
  readonly type: "lowest-version";
  readonly appId: AppId;
  readonly versionCode: VersionCode;
};

/** A developer's key came or went. */
export type DeveloperKeyEntry = {
  readonly type: "developer-key";
  /**
   * `sealed`: what the store said when it was added or recovered, unchanged, has another signature of the store.
   * `recovery-ended`: a recovery that was to bring it ended without that.
   */
  readonly change: "enrolled" | "added" | "recovered" | "recovery-ended" | "revoked" | "sealed";
  readonly keyId: KeyId;
  readonly developerId: OrganisationId;
  /** The app whose lineage it is about; null: the developer's keys. */
  readonly appId: AppId | null;
  /** The key id that signed for it, the id of who approved it, or of the recovery that ended; null: the store by itself. */
  readonly authorisedBy: string | null;
};

/** One of the store's own keys came or went. */
export type StoreKeyEntry = {
  readonly type: "store-key";
  readonly change: "added" | "removed";
  /** The name that the key has at its store, such as `tuf-timestamp-2` or `release`: not a role of the catalogue. */
  readonly role: string;
  readonly keyId: KeyId;
};

/** How many keys of a role of the catalogue must sign from now on. */
export type StoreThresholdEntry = {
  readonly type: "store-threshold";
  readonly role: string;
  readonly threshold: number;
};

/** The store issued a certificate, issues and signs with one no longer, or no longer trusts what one issued. */
export type CertificateEntry = {
  readonly type: "certificate";
  readonly change: "issued" | "retired" | "distrusted";
  /** Such as `root`, `developer-ca` or `release`. */
  readonly kind: string;
  /** Of its DER. */
  readonly sha256: Sha256;
};

/** What the store had agreed to about an app counts no more, though older rows and seals of it may be put back. */
export type EndedEntry = {
  readonly type: "ended";
  /**
   * `visibility`: who was to see it with its first publication; `offer`: one of it to another organisation, taken or not;
   * `version`: one that came to nothing before its publication.
   */
  readonly what: "visibility" | "offer" | "version";
  readonly appId: AppId;
  /** Of the app, the offer or the version. */
  readonly id: string;
};

export type LogEntry =
  | ApprovalEntry
  | PublicationEntry
  | RevocationEntry
  | LowestVersionEntry
  | DeveloperKeyEntry
  | StoreKeyEntry
  | StoreThresholdEntry
  | CertificateEntry
  | EndedEntry;
export type LogEntryType = LogEntry["type"];

export type LogFieldRule = {
  /** What is expected, in words. */
  readonly expected: string;
  readonly allows: (value: unknown) => boolean;
  /** True for a name or an identity: what a leaf hides. */
  readonly identity: boolean;
};

type FieldsOf<Entry> = { readonly [Key in Exclude<keyof Entry, "type">]: LogFieldRule };
type Tables = { readonly [Type in LogEntryType]: FieldsOf<Extract<LogEntry, { type: Type }>> };

const text = (expected: string, is: (value: string) => boolean): Omit<LogFieldRule, "identity"> => ({
  expected,
  allows: (value) => typeof value === "string" && is(value),
});
const orNull = (rule: Omit<LogFieldRule, "identity">): Omit<LogFieldRule, "identity"> => ({
  expected: `null or ${rule.expected}`,
  allows: (value) => value === null || rule.allows(value),
});
const identity = (rule: Omit<LogFieldRule, "identity">): LogFieldRule => ({ ...rule, identity: true });
const open = (rule: Omit<LogFieldRule, "identity">): LogFieldRule => ({ ...rule, identity: false });

const APP_ID = text("an app id", isAppId);
const SHA256 = text("64 lower-case hexadecimal digits", isSha256);
const NAME = text("1 to 64 of a-z, 0-9 and -", (value) => /^[a-z0-9-]{1,64}$/.test(value));
const TIME = text("YYYY-MM-DDTHH:MM:SSZ", isTime);
const SUBJECT_ID = text("an app id, a developer id or a SHA-256", (value) =>
  /^[a-z0-9.-]{1,128}$/.test(value),
);
const VERSION_CODE = { expected: "an integer from 1 to 2147483647", allows: isVersionCode };
const THRESHOLD = {
  expected: "an integer from 1 to 16",
  allows: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 16,
};
const oneOf = (...values: readonly string[]) => text(values.join(", "), (value) => values.includes(value));

/** Every field that an entry has beside `type`. */
export const LOG_FIELDS: Tables = {
  approval: {
    appId: identity(APP_ID),
    versionCode: open(VERSION_CODE),
    contentDigest: identity(SHA256),
    upload: identity(SHA256),
    developerKeyId: identity(SHA256),
    reviewId: identity(NAME),
  },
  publication: {
    appId: identity(APP_ID),
    versionCode: open(VERSION_CODE),
    contentDigest: identity(SHA256),
    package: identity(SHA256),
  },
  revocation: {
    action: open(oneOf("block", "disable", "remove", "lift")),
    subject: open(oneOf("package", "key", "certificate", "app", "developer")),
    id: identity(SUBJECT_ID),
    approvalsUntil: open(orNull(TIME)),
  },
  "lowest-version": { appId: identity(APP_ID), versionCode: open(VERSION_CODE) },
  "developer-key": {
    change: open(oneOf("enrolled", "added", "recovered", "recovery-ended", "revoked", "sealed")),
    keyId: identity(SHA256),
    developerId: identity(NAME),
    appId: identity(orNull(APP_ID)),
    authorisedBy: identity(orNull(NAME)),
  },
  "store-key": { change: open(oneOf("added", "removed")), role: open(NAME), keyId: open(SHA256) },
  "store-threshold": { role: open(NAME), threshold: open(THRESHOLD) },
  certificate: {
    change: open(oneOf("issued", "retired", "distrusted")),
    kind: open(NAME),
    sha256: open(SHA256),
  },
  ended: {
    what: open(oneOf("visibility", "offer", "version")),
    appId: identity(APP_ID),
    id: identity(SUBJECT_ID),
  },
};

/** The rules of a type's fields, by name; null for a type that there is not. */
export function logFieldsOf(type: string): ReadonlyMap<string, LogFieldRule> | null {
  if (!isLogEntryType(type)) return null;
  return new Map(Object.entries(LOG_FIELDS[type]));
}

function isLogEntryType(type: string): type is LogEntryType {
  return Object.hasOwn(LOG_FIELDS, type);
}
