/** `trust/revocations.json` (package format, section 5; schema in assets/docs/reference/catalogue.md). Pure. */
import { type AppId, isAppId, isSha256, type VersionCode } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { isTime } from "../../signing/times.ts";
import { document, REVOCATIONS_MAX_BYTES, type Reader } from "./documents.ts";

/** `block`: no new installs; `disable`: installed copies do not start either; `remove`: they are taken away. */
export type RevocationAction = "block" | "disable" | "remove";
/**
 * What the id is of: `package` a content digest, `key` a developer's or release key id, `certificate` the SHA-256 of its
 * DER, `app` an app id, `developer` a developer id.
 */
export type RevocationSubject = "package" | "key" | "certificate" | "app" | "developer";

export type Revocation = {
  readonly action: RevocationAction;
  readonly subject: RevocationSubject;
  readonly id: string;
  /** Shown to the person. */
  readonly reason: string;
  readonly revokedAt: string;
  /** For a release key or its certificate: approvals after this time do not count. Without it, none does. */
  readonly approvalsUntil: string | null;
};

export type Revocations = {
  readonly entries: readonly Revocation[];
  readonly lowestVersionCodes: ReadonlyMap<AppId, VersionCode>;
};

export const NO_REVOCATIONS: Revocations = { entries: [], lowestVersionCodes: new Map() };

/** Canonical JSON, entries in a fixed order. */
export function buildRevocations(revocations: Revocations): Uint8Array {
  const order = (entry: Revocation) => `${entry.subject} ${entry.id} ${entry.action} ${entry.revokedAt}`;
  const entries = [...revocations.entries].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return canonicalize({
    entries,
    lowestVersionCodes: Object.fromEntries(revocations.lowestVersionCodes),
    v: 1,
  });
}

/** @throws Problem `catalogue.malformed` */
export function parseRevocations(bytes: Uint8Array): Revocations {
  const root = document(bytes, REVOCATIONS_MAX_BYTES, "revocations.json");
  root.exactly("entries", "lowestVersionCodes", "v");
  root.get("v").literal(1);
  const lowest = root.get("lowestVersionCodes").entries(/^[a-z][a-z0-9.-]{0,127}$/);
  return {
    entries: root.get("entries").list(parseEntry),
    lowestVersionCodes: new Map(lowest.map(([appId, code]) => [appId as AppId, code.versionCode()])),
  };
}

const isAction = (text: string): text is RevocationAction => ["block", "disable", "remove"].includes(text);
const isSubject = (text: string): text is RevocationSubject =>
  ["package", "key", "certificate", "app", "developer"].includes(text);
const isDeveloperId = (text: string): text is string => /^[a-z0-9-]{1,64}$/.test(text);

function parseEntry(entry: Reader): Revocation {
  entry.exactly("action", "approvalsUntil", "id", "reason", "revokedAt", "subject");
  const subject = entry.get("subject").match(isSubject, "package, key, certificate, app or developer");
  const until = entry.get("approvalsUntil");
  return {
    action: entry.get("action").match(isAction, "block, disable or remove"),
    subject,
    id: parseId(entry.get("id"), subject),
    reason: entry.get("reason").text(),
    revokedAt: entry.get("revokedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    approvalsUntil: until.isNull() ? null : until.match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
  };
}

function parseId(id: Reader, subject: RevocationSubject): string {
  if (subject === "app") return id.match(isAppId, "an app id");
  if (subject === "developer") return id.match(isDeveloperId, "a developer id");
  return id.match(isSha256, "a SHA-256 in lower-case hex");
}
