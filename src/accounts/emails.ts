/** Addresses of mail, as they are compared and as they may look. Pure. */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Fault } from "../errors.ts";
import { say, type Words } from "../say.ts";

/** One @, no spaces or control characters: what was taken before any more was asked, and so what an account may have. */
const SHAPE = /^[^\s@<>"\p{Cc}\p{Cf}]{1,64}@[^\s@<>"\p{Cc}\p{Cf}]{1,189}$/u;

/** `Dot-string` (RFC 5321 §4.1.2). A quoted one stands for nobody, and others only mean something where a server knows SMTPUTF8. */
const LOCAL_CHARACTER = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const LOCAL_CHARACTERS = 64;
/** Letters and digits of any script, whose name in the DNS is ASCII (RFC 5891). */
const DOMAIN = /^[\p{L}\p{N}\p{M}.-]+$/u;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** RFC 5321 §4.5.3.1.3, without its brackets. */
const ADDRESS_CHARACTERS = 254;

const EXPECTED = say`An address looks like name@example.org.`;

/** The address as it must be unique. */
export function emailKeyOf(email: string): string {
  return plainEmail(email).toLowerCase();
}

/** As it is kept. */
export function plainEmail(email: string): string {
  return email.trim().normalize("NFC");
}

/** Of an address that an account may have already; a new one has to pass `isEmail`. */
export function looksLikeEmail(text: string): boolean {
  return SHAPE.test(text.trim());
}

/** Whether mail to it can be handed to every mail server. That somebody reads it, only a mail can prove. */
export function isEmail(text: string): boolean {
  return emailFault(text) === null;
}

/** What is wrong with a field for a new address: one detail, or none. */
export function emailFaults(email: string): Fault[] {
  const message = emailFault(email);
  return message === null ? [] : [{ code: "account.email", pointer: "/email", message }];
}

/** The same of a field for the address of an account that is there already. */
export function knownEmailFaults(email: string): Fault[] {
  return looksLikeEmail(email) ? [] : [{ code: "account.email", pointer: "/email", message: EXPECTED }];
}

/** In words for who typed it; null: it can be taken. */
function emailFault(text: string): Words | null {
  const email = plainEmail(text);
  if (/[,;]/.test(email)) return say`One address is expected, without a comma or semicolon. ${EXPECTED}`;
  if (!looksLikeEmail(email)) return EXPECTED;
  const at = email.lastIndexOf("@");
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  for (const character of local)
    if (!LOCAL_CHARACTER.test(character))
      return say`Before the @ stand letters from a to z without accents, digits and any of .!#$%&'*+/=?^_\`{|}~-, since mail servers take no others; found ${character}.`;
  if (local.length > LOCAL_CHARACTERS || local.split(".").includes(""))
    return say`Before the @ stand at most ${LOCAL_CHARACTERS} characters, with no dot at an end or beside another one.`;
  const ascii = asciiDomain(domain);
  if (ascii === null)
    return say`After the @ stands the name of a domain that gets mail: letters, digits and hyphens, and dots between them.`;
  if (local.length + 1 + ascii.length > ADDRESS_CHARACTERS)
    return say`An address has at most ${ADDRESS_CHARACTERS} characters.`;
  return null;
}

/** As it stands in the DNS, or in an envelope; null: there can be no such domain. */
function asciiDomain(domain: string): string | null {
  const literal = /^\[(?:IPv6:([^\]]+)|([^\]:]+))\]$/i.exec(domain);
  if (literal) return isIP(literal[1] ?? "") === 6 || isIP(literal[2] ?? "") === 4 ? domain : null;
  // `domainToASCII` reads a URL's host: what it would decode, cut off or fold into another name is no name of its own.
  if (!DOMAIN.test(domain) || domain.normalize("NFKC") !== domain) return null;
  const ascii = domainToASCII(domain);
  return ascii !== "" && ascii.split(".").every((label) => LABEL.test(label)) && !isNumber(ascii)
    ? ascii
    : null;
}

/** The last label of a name in the DNS is no number, or it would be an IPv4 address (WHATWG URL §3.5). */
const isNumber = (ascii: string): boolean => /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(ascii);

/** What stands behind the @, in lower case. */
export function domainOf(email: string): string {
  return emailKeyOf(email).split("@")[1] ?? "";
}
