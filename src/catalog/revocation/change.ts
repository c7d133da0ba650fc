/** What may be said about revocations: parsing it, and what it changes of what is in force. Pure. */
import { type Fault, judgeAll, Problem } from "../../errors.ts";
import { type AppId, isAppId, isSha256, isVersionCode, type VersionCode } from "../../ids.ts";
import { formatTime, wholeSeconds } from "../../signing/times.ts";
import {
  REASON_LENGTH,
  type Revocation,
  type RevocationAction,
  type RevocationSubject,
  type Revocations,
  reasonFault,
} from "../tuf/revocations.ts";

/** From the mildest to the strictest. */
export const REVOCATION_ACTIONS = ["block", "disable", "remove"] as const satisfies RevocationAction[];
const REVOCATION_SUBJECTS = [
  "package",
  "key",
  "certificate",
  "app",
  "developer",
] as const satisfies RevocationSubject[];

export type Target = { readonly subject: RevocationSubject; readonly id: string };

export type RevocationChange =
  | (Target & {
      readonly act: "revoke";
      readonly action: RevocationAction;
      readonly reason: string;
      /** Of a release key or its certificate alone. */
      readonly approvalsUntil: Date | null;
    })
  | (Target & { readonly act: "lift"; readonly reason: string })
  | {
      readonly act: "lowest-version";
      readonly appId: AppId;
      readonly versionCode: VersionCode;
      readonly reason: string;
    };

/** The same before it was looked at: texts and numbers of a command, a form or a call. */
export type RevocationInput =
  | {
      readonly act: "revoke";
      readonly subject: string;
      readonly id: string;
      readonly action: string;
      readonly reason: string;
      readonly approvalsUntil?: string | null;
    }
  | { readonly act: "lift"; readonly subject: string; readonly id: string; readonly reason: string }
  | {
      readonly act: "lowest-version";
      readonly appId: string;
      readonly versionCode: number;
      readonly reason: string;
    };

/** An act with members of any of them, as a form, a call and a command send it. */
export type LooseInput = {
  readonly act: RevocationInput["act"];
  readonly reason: string;
  readonly subject?: string;
  readonly id?: string;
  readonly action?: string;
  readonly approvalsUntil?: string;
  readonly appId?: string;
  readonly versionCode?: number;
};

/** What is missing of an act is found by its own rules, as the empty text; what is not of it is left out. */
export function inputOf(loose: LooseInput): RevocationInput {
  const { act, reason, subject = "", id = "", action = "", appId = "", versionCode = 0 } = loose;
  if (act === "lowest-version") return { act, appId, versionCode, reason };
  if (act === "lift") return { act, subject, id, reason };
  return { act, subject, id, action, reason, approvalsUntil: loose.approvalsUntil ?? null };
}

/**
 * @throws Problem (invalid) `revocation.subject_invalid`, `revocation.id_invalid`, `revocation.action_invalid`,
 *   `revocation.reason_invalid`, `revocation.until_invalid`, `revocation.code_invalid`
 */
export function parseChange(input: RevocationInput): RevocationChange {
  if (input.act === "revoke") return parseRevoke(input);
  if (input.act === "lowest-version") {
    const [appId, versionCode, reason] = judgeAll(
      () => parseAppId(input.appId),
      () => parseVersionCode(input.versionCode),
      () => parseReason(input.reason),
    );
    return { act: "lowest-version", appId, versionCode, reason };
  }
  const [target, reason] = judgeAll(
    () => parseTarget(input.subject, input.id),
    () => parseReason(input.reason),
  );
  return { act: "lift", ...target, reason };
}

function parseAppId(text: string): AppId {
  if (isAppId(text)) return text;
  throw idInvalid("/appId", text, "an app's id");
}

function parseVersionCode(code: number): VersionCode {
  if (isVersionCode(code)) return code;
  throw invalid(
    "revocation.code_invalid",
    "/versionCode",
    "A version code is a whole number from 1 to 2147483647; 1 allows every version again.",
    String(code),
  );
}

/** @throws Problem (invalid) those of `parseChange` */
export function parseRevoke(
  input: Extract<RevocationInput, { act: "revoke" }>,
): Extract<RevocationChange, { act: "revoke" }> {
  const [target, action, reason, approvalsUntil] = judgeAll(
    () => parseTarget(input.subject, input.id),
    () => parseAction(input.action),
    () => parseReason(input.reason),
    () => parseUntil(input.approvalsUntil),
  );
  return { act: "revoke", ...target, action, reason, approvalsUntil };
}

function parseAction(text: string): RevocationAction {
  const action = REVOCATION_ACTIONS.find((known) => known === text);
  if (action !== undefined) return action;
  throw invalid(
    "revocation.action_invalid",
    "/action",
    "A revocation's action is block, disable or remove.",
    text,
  );
}

/** @throws Problem `revocation.subject_invalid`, `revocation.id_invalid` */
export function parseTarget(subjectText: string, id: string): Target {
  const subject = REVOCATION_SUBJECTS.find((known) => known === subjectText);
  if (subject === undefined) {
    throw invalid(
      "revocation.subject_invalid",
      "/subject",
      "What can be revoked is a package, a key, a certificate, an app or a developer.",
      subjectText,
    );
  }
  const [is, expected] = FORMS[subject];
  const plain = withoutGroups(id);
  if (!is(plain)) throw idInvalid("/id", id, expected);
  return { subject, id: plain };
}

/** Keys and certificates are shown in groups of four digits, and copied so. */
function withoutGroups(id: string): string {
  return /^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}$/.test(id) ? id.replaceAll(" ", "") : id;
}

const isDeveloperId = (text: string): boolean => /^[a-z0-9-]{1,64}$/.test(text);

const FORMS: Readonly<Record<RevocationSubject, readonly [(id: string) => boolean, string]>> = {
  package: [isSha256, "a content digest, 64 hexadecimal digits in lower case"],
  key: [isSha256, "a key's id, 64 hexadecimal digits in lower case"],
  certificate: [isSha256, "the SHA-256 of a certificate's DER, 64 hexadecimal digits in lower case"],
  app: [isAppId, "an app's id"],
  developer: [isDeveloperId, "an organisation's id"],
};

/** One line of text that may stand on any screen. */
function parseReason(reason: string): string {
  const text = reason.trim().normalize("NFC");
  const fault = reasonFault(text);
  if (fault === null) return text;
  throw invalid(
    "revocation.reason_invalid",
    "/reason",
    `A revocation says why, in one line of 1 to ${REASON_LENGTH} characters: people read it on their devices.`,
    fault,
  );
}

function parseUntil(text: string | null | undefined): Date | null {
  if (text === null || text === undefined || text === "") return null;
  const at = new Date(text);
  // Whole seconds, as the catalogue has them; with its zone, or nobody knows which time is meant.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && isWritable(at)) {
    return wholeSeconds(at);
  }
  throw invalid(
    "revocation.until_invalid",
    "/approvalsUntil",
    "A time has a date, seconds and a zone, such as 2026-11-25T09:30:00Z.",
    text,
  );
}

/** The catalogue's form has four digits for the year. */
function isWritable(at: Date): boolean {
  const ms = at.getTime();
  return ms >= 0 && ms <= Date.UTC(9999, 11, 31, 23, 59, 59, 999);
}

function idInvalid(pointer: string, found: string, expected: string): Problem {
  return invalid("revocation.id_invalid", pointer, `What is named must be ${expected}.`, found);
}

function invalid(code: string, pointer: string, message: string, found: string): Problem {
  const detail: Fault = { code, message, pointer, found: found.slice(0, 140) };
  return new Problem("invalid", code, message, [detail]);
}

/** What is in force, with the change made. The same object when it changes nothing. */
export function applyChange(
  inForce: Revocations,
  change: RevocationChange,
  now: Date,
): { readonly revocations: Revocations; readonly changed: boolean } {
  if (change.act === "lowest-version") {
    const before = inForce.lowestVersionCodes.get(change.appId) ?? 1;
    if (before === change.versionCode) return { revocations: inForce, changed: false };
    const lowestVersionCodes = new Map(inForce.lowestVersionCodes);
    if (change.versionCode === 1) lowestVersionCodes.delete(change.appId);
    else lowestVersionCodes.set(change.appId, change.versionCode);
    return { revocations: { ...inForce, lowestVersionCodes }, changed: true };
  }
  const isSame = (entry: Revocation) => entry.subject === change.subject && entry.id === change.id;
  const before = inForce.entries.find(isSame);
  const others = inForce.entries.filter((entry) => !isSame(entry));
  if (change.act === "lift") {
    return before === undefined
      ? { revocations: inForce, changed: false }
      : { revocations: { ...inForce, entries: others }, changed: true };
  }
  const entry: Revocation = {
    action: change.action,
    subject: change.subject,
    id: change.id,
    reason: change.reason,
    revokedAt: formatTime(now),
    approvalsUntil: change.approvalsUntil === null ? null : formatTime(change.approvalsUntil),
  };
  const says = ({ action, reason, approvalsUntil }: Revocation) =>
    JSON.stringify([action, reason, approvalsUntil]);
  if (before !== undefined && says(before) === says(entry)) return { revocations: inForce, changed: false };
  return { revocations: { ...inForce, entries: [...others, entry] }, changed: true };
}
