/** Parsers of arguments and options that several commands take. Each throws an Error that says what is allowed. */
import { parseAppLink } from "../format/app-link.ts";
import {
  type AppId,
  type AudienceId,
  isAppId,
  isId,
  isSha256,
  isVersionCode,
  type RecoveryId,
  type Sha256,
  type VersionCode,
} from "../ids.ts";

export function parseAppId(text: string): AppId {
  if (isAppId(text)) return text;
  throw new Error(
    `an app's id is two to eight names joined by dots, such as com.example.notes; found ${quoted(text)}`,
  );
}

/** An app's id, or the link that its QR code in the store holds. */
export function parseAppOrLink(text: string): { readonly appId: AppId; readonly rootSha256: string | null } {
  if (!text.trim().startsWith("mosis:")) return { appId: parseAppId(text), rootSha256: null };
  const link = parseAppLink(text);
  if (link !== null) return link;
  throw new Error(`a link to an app is mosis://app?store=…&root=…&id=…; found ${quoted(text)}`);
}

export function parseRecoveryId(text: string): RecoveryId {
  if (isId("rcv", text)) return text;
  throw new Error(
    `a recovery's id is rcv- and 32 hexadecimal digits, as “mosis keys list” gives it; found ${quoted(text)}`,
  );
}

export function parseVersionCode(text: string): VersionCode {
  const code = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (isVersionCode(code)) return code;
  throw new Error(`a version code is a whole number from 1 to 2147483647; found ${quoted(text)}`);
}

export function parseSha256(text: string): Sha256 {
  // As people copy it: with its digits in groups.
  const lower = text.replaceAll(/\s/g, "").toLowerCase();
  if (isSha256(lower)) return lower;
  throw new Error(`a SHA-256 is 64 hexadecimal digits; found ${quoted(text)}`);
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** RFC 3339, or a day, which means its first instant in UTC. */
export function parseTime(text: string): Date {
  const date = TIME.test(text) ? new Date(text) : new Date(Number.NaN);
  // 30 February is not refused by every Date: what comes back must be the same day.
  if (!Number.isNaN(date.getTime()) && isCalendarDay(text.slice(0, 10))) return date;
  throw new Error(`a time is like 2026-11-20T09:00:00Z or 2026-11-20; found ${quoted(text)}`);
}

function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** A whole number of seconds, as milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 1) return seconds * 1000;
  throw new Error(`a number of seconds from 1 to 999999 is expected; found ${quoted(text)}`);
}

/** A whole number from 1 to `highest`. */
export function parseCount(highest: number): (text: string) => number {
  return (text) => {
    const count = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
    if (count <= highest) return count;
    throw new Error(`a whole number from 1 to ${highest} is expected; found ${quoted(text)}`);
  };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

export function parseAudience(text: string): AudienceId {
  if (/^[a-z0-9-]{1,64}$/.test(text)) return text as AudienceId;
  throw new Error("an audience's id, such as signed-in");
}

/** A language's tag, then the text. */
export function localText(text: string): readonly [tag: string, text: string] {
  const [, tag, rest] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (tag === undefined || rest === undefined) throw new Error("expected a language's tag, = and the text");
  return [tag, rest];
}
