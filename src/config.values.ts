/** What each kind of setting may be: a text becomes its value, or an Error says what is allowed. */
import { isIP } from "node:net";
import { mailboxOf, smtpOf } from "./config.mail.ts";
import type { LogLevel } from "./log.ts";
import { isLoopback } from "./loopback.ts";
import { STORE_ROLES, type StoreRole } from "./roles.ts";
import { say, type Words } from "./say.ts";
import { zoneOf } from "./zones.ts";

/** What a value must be, in words that also a page says. */
export class Unfit extends Error {
  constructor(readonly words: Words) {
    super(String(words));
  }
}

export function path(value: string): string {
  if (value.includes("\0")) throw new Error("a path has no zero byte");
  return value;
}

export function host(value: string): string {
  if (!/^[A-Za-z0-9._:%-]+$/.test(value)) {
    throw new Error("an address to listen on is an IP address or a host's name, without a port and brackets");
  }
  return value;
}

export function port(value: string): number {
  const number = Number(value);
  if (!/^\d{1,5}$/.test(value) || number > 65_535)
    throw new Error("a port is a whole number from 0 to 65535");
  return number;
}

export function bytes(value: string): number {
  const match = /^(\d+) ?(MiB)?$/.exec(value);
  const number = match ? Number(match[1]) * (match[2] ? 2 ** 20 : 1) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 1 || number > 512 * 2 ** 20)
    throw new Unfit(say`an upload limit is a number of bytes, or of MiB with that ending, up to 512MiB`);
  return number;
}

/** 0 for off. */
export function requests(value: string): number {
  if (value === "off") return 0;
  const number = Number(value);
  if (!/^\d{1,7}$/.test(value) || number < 1 || number > 1_000_000)
    throw new Unfit(say`requests a minute are a whole number from 1 to 1000000, or off`);
  return number;
}

/** 0 for off. */
export function messages(value: string): number {
  if (value === "off") return 0;
  const number = Number(value);
  if (!/^\d{1,6}$/.test(value) || number < 1 || number > 100_000)
    throw new Unfit(say`messages an hour are a whole number from 1 to 100000, or off`);
  return number;
}

export function days(value: string): number {
  const number = Number(value);
  if (!/^\d{1,2}$/.test(value) || number < 1 || number > 90)
    throw new Unfit(say`a waiting time is a whole number of days, 1 to 90`);
  return number;
}

/** Ten years. */
export const MOST_UNSEEN_DAYS = 3650;

export function fewDays(value: string): number {
  const number = Number(value);
  if (!/^\d{1,2}$/.test(value) || number > 30)
    throw new Unfit(say`what can be taken back is so for a whole number of days, 0 to 30`);
  return number;
}

export function manyDays(value: string): number {
  const number = Number(value);
  if (!/^\d{1,4}$/.test(value) || number > MOST_UNSEEN_DAYS)
    throw new Unfit(say`how long devices may stay away is a whole number of days, 0 to ${MOST_UNSEEN_DAYS}`);
  return number;
}

export function hours(value: string): number {
  const number = Number(value);
  if (!/^\d{1,3}$/.test(value) || number < 1 || number > 720)
    throw new Unfit(say`a pause is a whole number of hours, 1 to 720`);
  return number;
}

export function truth(value: string): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new Unfit(say`it is true or false`);
}

export function url(value: string): string {
  const parsed = URL.parse(value);
  if (!parsed || !/^https?:\/\/[^/?#@\\]+\/?$/i.test(value) || !["https:", "http:"].includes(parsed.protocol))
    throw new Error("a public URL is https:// (or http://), a host, a port if need be, and no path");
  return parsed.origin;
}

/** https, or http to this machine itself, where nobody listens in between. */
export function isSecureUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return false;
  if (/[\s\\?#]/.test(text)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

export function networks(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, address = "", prefix] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
      const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
      if (bits === -1 || Number(prefix ?? 0) > bits)
        throw new Error("proxies are IP addresses or ranges such as 10.0.0.0/8, with commas between them");
      return part;
    });
}

export function logLevel(value: string): LogLevel {
  if (value === "debug" || value === "info" || value === "warn" || value === "error") return value;
  throw new Unfit(say`a log level is debug, info, warn or error`);
}

export function signers(value: string): Readonly<Record<string, readonly string[]>> {
  const expected =
    'signers are JSON such as {"hsm": ["/usr/bin/openssl", "dgst", "-sha256", "-sign", "/keys/release.pem"]}: names of a–z, 0–9 and -, each with a program and its arguments';
  let found: unknown;
  try {
    found = JSON.parse(value);
  } catch {
    throw new Error(expected);
  }
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new Error(expected);
  const isText = (part: unknown) => typeof part === "string" && !part.includes("\0");
  for (const [name, argv] of Object.entries(found)) {
    if (!/^[a-z0-9-]{1,32}$/.test(name) || !Array.isArray(argv) || !argv.every(isText) || !argv[0])
      throw new Error(expected);
  }
  return found as Record<string, string[]>;
}

/** Of a mail address, in lower case. */
export const DOMAIN = /^(?=.{3,189}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** Or the domains of mail addresses. */
export type SignUp = "closed" | "invitation" | "open" | readonly string[];

export function signUp(value: string): SignUp {
  if (value === "closed" || value === "invitation" || value === "open") return value;
  const domains = value.split(",").map((part) => part.trim().toLowerCase());
  if (!domains.every((domain) => DOMAIN.test(domain)))
    throw new Unfit(
      say`sign-up is closed, invitation, open, or domains such as example.com with commas between them`,
    );
  return domains;
}

/** In its own spelling. */
export function timeZone(value: string): string {
  const zone = zoneOf(value.trim());
  if (zone === null)
    throw new Unfit(say`a time zone is a name of the IANA database such as Europe/Berlin, or UTC`);
  return zone;
}

export type OrganisationMakers = "administrators" | "everyone";

export function organisationMakers(value: string): OrganisationMakers {
  if (value === "administrators" || value === "everyone") return value;
  throw new Unfit(say`those who may make an organisation are administrators or everyone`);
}

export function factorRoles(value: string): readonly StoreRole[] {
  if (value.trim() === "none") return [];
  return value.split(",").map((part) => {
    const role = STORE_ROLES.find((each) => each === part.trim());
    if (role !== undefined) return role;
    throw new Unfit(
      say`roles that need a second factor are some of ${STORE_ROLES.join(", ")}, with commas between them, or none`,
    );
  });
}

export function smtp(value: string): string {
  smtpOf(value);
  return value;
}

export function mailbox(value: string): string {
  mailboxOf(value);
  return value;
}
