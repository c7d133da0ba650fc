/** How this store sends mail, as its configuration says. */
import { X509Certificate } from "node:crypto";
import { readTextAtMost } from "../config.files.ts";
import { type Mailbox, mailboxOf, mailOrigin, type Smtp, smtpOf } from "../config.mail.ts";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";

export type MailSettings = {
  readonly smtp: Smtp;
  readonly from: Mailbox;
  /** The store's address in links, without a slash at the end. */
  readonly origin: string;
  readonly passwordFile: string | null;
  readonly caFile: string | null;
};

export type MailFiles = { readonly password: string | null; readonly ca: string | null };

/** null: nothing is mailed. */
export function mailSettings(config: Config): MailSettings | null {
  const { smtp, mailFrom, smtpPasswordFile: passwordFile, smtpCa: caFile } = config;
  const origin = mailOrigin(config);
  // The configuration was refused if one of them were missing.
  if (smtp === null || mailFrom === null || origin === null) return null;
  return { smtp: smtpOf(smtp), from: mailboxOf(mailFrom), origin, passwordFile, caFile };
}

const FILE_MAX_BYTES = 1024 * 1024;

/**
 * Read for each connection, so that a new password needs no new start.
 * @throws Problem `mail.file`
 */
export function readMailFiles({ passwordFile, caFile }: MailSettings): MailFiles {
  const password = passwordFile === null ? null : read(passwordFile).replace(/\r?\n$/, "");
  if (password !== null && (password === "" || /[\0\r\n]/.test(password)))
    throw fileProblem(`${passwordFile} does not hold a password in one line.`);
  const ca = caFile === null ? null : read(caFile);
  if (ca !== null && caFile !== null) refuseNoCertificates(ca, caFile);
  return { password, ca };
}

function refuseNoCertificates(pem: string, file: string): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw fileProblem(`${file} does not hold certificates in PEM.`, error);
  }
}

function read(file: string): string {
  let text: string | null;
  try {
    text = readTextAtMost(file, FILE_MAX_BYTES);
  } catch (error) {
    throw fileProblem(`${file} cannot be read.`, error);
  }
  if (text === null) throw fileProblem(`${file} has more than ${FILE_MAX_BYTES} bytes.`);
  return text;
}

function fileProblem(message: string, cause?: unknown): Problem {
  return new Problem("unreachable", "mail.file", message, [], { cause });
}
