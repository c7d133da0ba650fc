/** `trust/revocations.json` (package format, section 5; schema in assets/docs/reference/catalogue.md). Pure. */
import { appIdFault } from "../../format/app-id.ts";
import { hasKeys } from "../../format/digests.ts";
import { type AppId, isSha256, type VersionCode } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { isTime } from "../../signing/times.ts";
import { REVOCATIONS_MAX_BYTES } from "./documents.ts";
import { lineFault, lineRule } from "./lines.ts";
import { document, type Reader } from "./reader.ts";

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

/** Code points: every person whom it concerns reads it on a device. */
export const REASON_LENGTH = 200;

/** What is wrong with a reason; null when it may stand on any screen. */
export function reasonFault(text: string): string | null {
  return lineFault(text, REASON_LENGTH);
}

/** Ids are ASCII, without what sorts before a space. */
const orderOf = ({ subject, id }: Revocation) => `${subject} ${id}`;

/** Canonical JSON, entries in a fixed order. */
export function buildRevocations(revocations: Revocations): Uint8Array {
  const entries = [...revocations.entries].sort((a, b) => (isAbove(a, b) ? 1 : -1));
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
  const lowest = root.get("lowestVersionCodes").entries(appIdFault);
  return {
    entries: parseEntries(root.get("entries")),
    lowestVersionCodes: new Map(lowest.map(([appId, code]) => [appId as AppId, code.versionCode()])),
  };
}

const isAction = (text: string): text is RevocationAction => ["block", "disable", "remove"].includes(text);
const isSubject = (text: string): text is RevocationSubject =>
  ["package", "key", "certificate", "app", "developer"].includes(text);
const isDeveloperId = (text: string): text is string => /^[a-z0-9-]{1,64}$/.test(text);

/** Each above the one before it, so that nothing is revoked twice and a list has one form. */
function parseEntries(list: Reader): Revocation[] {
  let before: Revocation | null = null;
  return list.list((item) => {
    const entry = parseEntry(item);
    if (before !== null && !isAbove(entry, before))
      item.get("id").refuse("an entry whose subject and id are above those of the one before it");
    before = entry;
    return entry;
  });
}

/** As `orderOf` has them, without two texts for each of very many. */
function isAbove(one: Revocation, other: Revocation): boolean {
  return one.subject === other.subject ? one.id > other.id : orderOf(one) > orderOf(other);
}

/** The very object of the document, since there may be very many; what is wrong with one is looked for when something is. */
function parseEntry(entry: Reader): Revocation {
  const value = entry.json();
  if (isEntry(value)) return value;
  entry.exactly(...KEYS);
  const subject = entry.get("subject").match(isSubject, "package, key, certificate, app or developer");
  const until = entry.get("approvalsUntil");
  return {
    action: entry.get("action").match(isAction, "block, disable or remove"),
    subject,
    id: parseId(entry.get("id"), subject),
    reason: entry.get("reason").lawful(isReason),
    revokedAt: entry.get("revokedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ"),
    approvalsUntil: until.isNull() ? null : parseUntil(until, subject),
  };
}

const KEYS = ["action", "approvalsUntil", "id", "reason", "revokedAt", "subject"];
const isReason = lineRule(REASON_LENGTH);

function isEntry(value: unknown): value is Revocation {
  if (!hasKeys(value, KEYS)) return false;
  const { action, approvalsUntil, id, reason, revokedAt, subject } = value;
  const isText = (text: unknown): text is string => typeof text === "string";
  if (!isText(action) || !isText(id) || !isText(reason) || !isText(revokedAt) || !isText(subject))
    return false;
  return (
    isAction(action) &&
    isSubject(subject) &&
    isIdOf(subject, id) &&
    isReason(reason) === undefined &&
    isTime(revokedAt) &&
    (approvalsUntil === null || (isText(approvalsUntil) && isUntilOf(subject, approvalsUntil)))
  );
}

const isUntilOf = (subject: RevocationSubject, text: string): boolean =>
  (subject === "key" || subject === "certificate") && isTime(text);

function parseUntil(until: Reader, subject: RevocationSubject): string {
  const mayHave = subject === "key" || subject === "certificate";
  const is = (text: string): text is string => isUntilOf(subject, text);
  return until.match(is, mayHave ? "YYYY-MM-DDTHH:MM:SSZ or null" : `null, as of every ${subject}`);
}

function isIdOf(subject: RevocationSubject, id: string): boolean {
  if (subject === "app") return appIdFault(id) === undefined;
  return subject === "developer" ? isDeveloperId(id) : isSha256(id);
}

function parseId(id: Reader, subject: RevocationSubject): string {
  if (subject === "app") return id.lawful(appIdFault);
  if (subject === "developer") return id.match(isDeveloperId, "a developer id");
  return id.match(isSha256, "a SHA-256 in lower-case hex");
}
