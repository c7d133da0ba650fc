/** What the settings of mail mean, and which of them need each other. Pure. */
import { Problem } from "./errors.ts";

export type Smtp = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte, and not asked for in plain text (STARTTLS, RFC 3207). */
  readonly isTls: boolean;
  /** null: the server asks for no sign-in. */
  readonly user: string | null;
};

export type Mailbox = { readonly name: string; readonly address: string };

const SMTP_EXPECTED =
  "a mail server is smtp://user@host:587 or smtps://user@host:465, where the user and the port may be left out";
const PASSWORD_ELSEWHERE =
  "a password does not stand in the address, where other users of the machine and every log can see it: write it into a file, and name that with --smtp-password-file";
const MAILBOX_EXPECTED = 'a sender is an address such as apps@example.com, or "App store <apps@example.com>"';

const SMTP_PATTERN =
  /^(smtps?):\/\/(?:([^/?#@]+(?:@[^/?#@:]+)?)@)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?\/?$/;
/** 4.5.3.1 of RFC 5321 bounds both parts. The characters are those that need no quotes (RFC 5322 §3.2.3, RFC 6532). */
const ADDRESS_PATTERN =
  /^[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@[A-Za-z0-9\u0080-\u{10FFFF}](?:[A-Za-z0-9.\u0080-\u{10FFFF}-]{0,187}[A-Za-z0-9\u0080-\u{10FFFF}])?$/u;
/** Control and format characters, and separators of lines. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** @throws Error that says what is allowed. */
export function smtpOf(text: string): Smtp {
  const [, scheme, userinfo, host = "", port] = SMTP_PATTERN.exec(text) ?? [];
  if (withoutPassword(text) !== text) throw new Error(PASSWORD_ELSEWHERE);
  if (scheme === undefined) throw new Error(SMTP_EXPECTED);
  const isTls = scheme === "smtps";
  const number = port === undefined ? (isTls ? 465 : 587) : Number(port);
  if (number < 1 || number > 65_535) throw new Error(SMTP_EXPECTED);
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: number,
    isTls,
    user: userinfo === undefined ? null : decoded(userinfo),
  };
}

function decoded(userinfo: string): string {
  let user: string;
  try {
    user = decodeURIComponent(userinfo);
  } catch {
    throw new Error(SMTP_EXPECTED);
  }
  if (UNSEEN.test(user)) throw new Error(SMTP_EXPECTED);
  return user;
}

/** The address of a mail server as it may be said, with dots in place of a password. */
export function withoutPassword(text: string): string {
  const scheme = /^[A-Za-z]+:\/\//.exec(text)?.[0] ?? "";
  return scheme + text.slice(scheme.length).replace(/^([^:]*):.*@/s, "$1:…@");
}

/** @throws Error that says what is allowed. */
export function mailboxOf(text: string): Mailbox {
  const [, quoted, plain, inBrackets, bare] =
    /^\s*(?:(?:"([^"\\]*)"|([^<>"]*?))\s*<([^<>]*)>|(\S+))\s*$/su.exec(text) ?? [];
  const address = inBrackets ?? bare ?? "";
  const name = (quoted ?? plain ?? "").normalize("NFC");
  if (!ADDRESS_PATTERN.test(address) || UNSEEN.test(name) || name.length > 100)
    throw new Error(MAILBOX_EXPECTED);
  return { name, address };
}

type MailSettings = {
  readonly smtp: string | null;
  readonly smtpPasswordFile: string | null;
  readonly smtpCa: string | null;
  readonly mailFrom: string | null;
  readonly publicUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly tlsCert: string | null;
};

/** @throws Problem `config.mail_incomplete`, `config.mail_address` */
export function refuseHalfMail(config: MailSettings): void {
  const { smtp, smtpPasswordFile, smtpCa, mailFrom } = config;
  if (smtp === null) {
    const given = { "--smtp-password-file": smtpPasswordFile, "--smtp-ca": smtpCa, "--mail-from": mailFrom };
    const lost = Object.entries(given).find(([, value]) => value !== null)?.[0];
    if (lost !== undefined) throw incomplete(`${lost} was given, and no mail server with --smtp.`);
    return;
  }
  if (mailFrom === null)
    throw incomplete("--smtp was given, and not who the mail comes from: say it with --mail-from.");
  const { user } = smtpOf(smtp);
  if (user !== null && smtpPasswordFile === null)
    throw incomplete("--smtp names a user, and no file with the password: say it with --smtp-password-file.");
  if (user === null && smtpPasswordFile !== null)
    throw incomplete("--smtp-password-file was given, and no user in --smtp, such as smtp://user@host.");
  if (mailOrigin(config) !== null) return;
  throw new Problem(
    "usage",
    "config.mail_address",
    "Mail has links to the store, and its address cannot be told from --host and --port: say it with --public-url.",
  );
}

function incomplete(message: string): Problem {
  return new Problem("usage", "config.mail_incomplete", message);
}

/**
 * The store's address as it stands in mail, without a slash at the end. null: only `--public-url` could tell it, since
 * the port is a free one, or the host stands for every address of the machine.
 */
export function mailOrigin(config: Omit<MailSettings, "smtp" | "mailFrom">): string | null {
  const { publicUrl, host, port, tlsCert } = config;
  if (publicUrl !== null) return publicUrl;
  if (port === 0 || /^(?:0\.0\.0\.0|[0:]+)$/.test(host)) return null;
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tlsCert === null ? "http" : "https"}://${name}:${port}`;
}
