/**
 * Handing one mail to the mail server (RFC 5321), through nodemailer, which is loaded when there is something to send and
 * known to this file alone.
 */
import { Readable } from "node:stream";
import { domainToASCII } from "node:url";
import type SmtpConnection from "nodemailer/lib/smtp-connection";
import type { Mailbox } from "../config.mail.ts";
import { isLoopback } from "../loopback.ts";
import { type MailSettings, readMailFiles } from "./settings.ts";

export type Mail = {
  /** Names the mail for ever: sent again it is the same one. */
  readonly id: string;
  readonly to: string;
  /** Tag of the language that it is written in. */
  readonly language: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** When it was written. */
  readonly date: Date;
  /** Something stands in it that opens a way for whoever reads it: nothing may be repeated that could repeat it. */
  readonly hasSecret: boolean;
};

/** Why the mail server, or what is set about it, is at fault: nothing can be sent at the moment. */
export type DownCode = "mail.unreachable" | "mail.tls" | "mail.sign_in" | "mail.sender" | "mail.file";

export type Delivery =
  | { readonly outcome: "sent"; readonly answer: string }
  /** There was nothing to send after all. */
  | { readonly outcome: "needless" }
  /** The server will not take this mail; trying again cannot help. */
  | { readonly outcome: "refused"; readonly answer: string }
  /** The server does not take this mail for now. */
  | { readonly outcome: "deferred"; readonly answer: string }
  /** Once it was asked about this mail, the server said nothing more, or broke off: that may be for its reader's sake alone. */
  | {
      readonly outcome: "silent";
      readonly answer: string;
      /** Whether it had the content by then: it may have taken the mail. */
      readonly wasGiven: boolean;
    }
  | { readonly outcome: "down"; readonly code: DownCode; readonly answer: string };

export type Patience = {
  /** For the connection, and for the greeting. */
  readonly connectMs: number;
  /** For any answer. */
  readonly silenceMs: number;
  /** What the server takes longer for, once it has the sender, is told to `onSlow`. */
  readonly slowMs: number;
  /** For all until the server is given the content: one that says one byte a minute is never silent. */
  readonly wholeMs: number;
  /** For the content, and the answer to it: who gives up while the server looks for viruses sends the mail twice. */
  readonly contentMs: number;
};

/** What the answer to the content may take is RFC 5321's (§4.5.3.2.6). */
export const PATIENCE: Patience = {
  connectMs: 15_000,
  silenceMs: 30_000,
  slowMs: 3000,
  wholeMs: 90_000,
  contentMs: 10 * 60_000,
};
const GOODBYE_MS = 500;
const ANSWER_CHARACTERS = 300;
/** A server's answer is a line or a few. */
const ANSWER_BYTES = 16 * 1024;

export type DeliverOptions = {
  readonly signal: AbortSignal;
  readonly patience?: Patience;
  /** The server is there, and takes its time for this mail. */
  readonly onSlow?: () => void;
  /** The server is given the content now. When this throws it is not. */
  readonly onGiving?: () => void;
};

/**
 * Connects, signs in, and only then asks `compose` for the mail: what it makes for it, such as a link, is made for a
 * server that is there.
 */
export async function deliver(
  settings: MailSettings,
  compose: () => Mail | null,
  { signal, patience = PATIENCE, onSlow = ignore, onGiving = ignore }: DeliverOptions,
): Promise<Delivery> {
  const limit = new AbortController();
  let ender = setTimeout(() => limit.abort(), patience.wholeMs);
  const ending = AbortSignal.any([signal, limit.signal]);
  let step: Step = "files";
  let connection: SmtpConnection | undefined;
  let mail: Mail | null = null;
  let slow: ReturnType<typeof setTimeout> | undefined;
  let wasGiven = false;
  try {
    const { password, ca } = readMailFiles(settings);
    step = "connect";
    const opened = await open(settings, ca, patience);
    connection = opened;
    await answered(opened, ending, (done) => opened.connect(done));
    const { user } = settings.smtp;
    if (user !== null && password !== null) {
      step = "sign_in";
      await answered(opened, ending, (done) => opened.login({ user, pass: password }, done));
    }
    step = "send";
    mail = compose();
    if (mail === null) return { outcome: "needless" };
    const raw = await written(mail, settings.from);
    slow = setTimeout(onSlow, patience.slowMs);
    const envelope = { from: plainAscii(settings.from.address), to: [plainAscii(mail.to)] };
    const content = contentOf(raw, () => {
      onGiving();
      wasGiven = true;
      clearTimeout(ender);
      ender = setTimeout(() => limit.abort(), patience.contentMs);
      if (opened._socket) opened._socket.setTimeout(patience.contentMs);
    });
    const sent = await answered<{ response?: string | undefined }>(opened, ending, (done) =>
      opened.send(envelope, content, done),
    );
    return { outcome: "sent", answer: oneLine(sent?.response ?? "") };
  } catch (error) {
    if (signal.aborted) throw error;
    return faultOf(error, step, { hasSecret: mail?.hasSecret ?? false, wasGiven });
  } finally {
    clearTimeout(slow);
    clearTimeout(ender);
    if (connection !== undefined) await leave(connection, ending.aborted);
  }
}

/** It is read when the server has said that it waits for it. */
function contentOf(raw: Buffer, onRead: () => void): Readable {
  return new Readable({
    read() {
      try {
        onRead();
      } catch (error) {
        this.destroy(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      this.push(raw);
      this.push(null);
    },
  });
}

type Step = "files" | "connect" | "sign_in" | "send";

async function open({ smtp }: MailSettings, ca: string | null, patience: Patience): Promise<SmtpConnection> {
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  // To another machine nothing goes in plain text, whatever the server offers. What stays on this one may.
  const isOpen = isLoopback(smtp.host) && ca === null && !smtp.isTls;
  return new Connection({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.isTls,
    requireTLS: !smtp.isTls && !isOpen,
    ignoreTLS: isOpen,
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === null ? {} : { ca }) },
    connectionTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    socketCloseTimeout: GOODBYE_MS,
    maxResponseSize: ANSWER_BYTES,
    allowInternalNetworkInterfaces: true,
    logger: false,
  });
}

/** One step of the conversation: its callback, an error of the connection, or the end of all patience. */
function answered<Value = unknown>(
  connection: SmtpConnection,
  ending: AbortSignal,
  step: (done: (error?: Error | null, value?: Value) => void) => void,
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, value?: Value) => {
      ending.removeEventListener("abort", onAbort);
      connection.off("error", onError);
      connection.off("end", onEnd);
      // Errors that come after all is said have no reader, and must not end the process.
      connection.on("error", ignore);
      if (error) reject(error);
      else resolve(value);
    };
    const onAbort = () => settle(new Error("no end within the time that a mail may take"));
    const onError = (error: Error) => settle(error);
    const onEnd = () => settle(new Error("the server closed the connection"));
    if (ending.aborted) return onAbort();
    ending.addEventListener("abort", onAbort, { once: true });
    connection.off("error", ignore);
    connection.on("error", onError);
    connection.on("end", onEnd);
    step((error, value) => settle(error ?? null, value));
  });
}

function ignore(): void {}

/** With a word of farewell, unless there is no more time. */
async function leave(connection: SmtpConnection, isHurried: boolean): Promise<void> {
  connection.on("error", ignore);
  if (connection.destroyed) return;
  if (isHurried) {
    connection.close();
    return;
  }
  const ended = new Promise<void>((resolve) => connection.once("end", () => resolve()));
  try {
    connection.quit();
    await Promise.race([ended, Bun.sleep(GOODBYE_MS)]);
  } finally {
    connection.close();
  }
}

/**
 * The mail in the form of RFC 5322. Header fields are folded and encoded by nodemailer, which takes line ends out of them;
 * addresses are given as such and are not read as lists.
 */
async function written(mail: Mail, from: Mailbox): Promise<Buffer> {
  const { default: Composer } = await import("nodemailer/lib/mail-composer");
  const composer = new Composer({
    from: { name: from.name, address: from.address },
    to: [{ name: "", address: mail.to }],
    subject: subjectOf(mail.subject),
    date: mail.date,
    messageId: messageIdOf(mail, from),
    text: mail.text,
    html: mail.html,
    headers: {
      // RFC 3834: nobody's holiday answers it.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "Content-Language": mail.language,
    },
    newline: "\r\n",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/**
 * An encoded word (RFC 2047) that stands in a subject as it was written would be decoded by its reader, to characters that
 * nobody may write: it is encoded once more. nodemailer encodes only what is not ASCII.
 */
function subjectOf(subject: string): string {
  if (!subject.includes("=?")) return subject;
  const words: string[] = [];
  let word = "";
  for (const character of subject) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString("base64")}?=`).join(" ");
}

/** In base64 and its frame at most 75 characters, which is all that an encoded word may have. */
const WORD_BYTES = 45;

/** The same each time, so that a mail that goes twice is shown once. */
export function messageIdOf({ id }: Pick<Mail, "id">, from: Mailbox): string {
  const domain = domainToASCII(from.address.slice(from.address.lastIndexOf("@") + 1));
  return `<${id}@${domain === "" ? "invalid" : domain}>`;
}

/** With the domain as it stands in the DNS. */
function plainAscii(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = domainToASCII(address.slice(at + 1));
  return domain === "" ? address : `${address.slice(0, at)}@${domain}`;
}

type SmtpFault = {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
};

function faultOf(
  error: unknown,
  step: Step,
  { hasSecret, wasGiven }: { readonly hasSecret: boolean; readonly wasGiven: boolean },
): Delivery {
  const fault: SmtpFault = typeof error === "object" && error !== null ? error : {};
  const status = typeof fault.responseCode === "number" ? fault.responseCode : null;
  const given = typeof fault.response === "string" ? oneLine(fault.response) : null;
  // What is answered once the content was sent may quote it.
  const mayQuote =
    hasSecret && step === "send" && fault.command !== "MAIL FROM" && fault.command !== "RCPT TO";
  const answer = mayQuote && given !== null ? codeOf(given) : given;
  const words = mayQuote && given !== null ? codeOf(given) : oneLine(wordsOf(error));
  if (step === "files") return { outcome: "down", code: "mail.file", answer: words };
  if (isTlsFault(fault)) return { outcome: "down", code: "mail.tls", answer: words };
  // 421 is how a server says that it closes the connection, after whatever command (RFC 5321 §3.8).
  if (status === null || answer === null || status === 421 || step === "connect") {
    if (step === "send" && fault.command === "API" && fault.code === "EENVELOPE")
      return { outcome: "refused", answer: "The address cannot stand in an envelope of SMTP." };
    if (step === "send" && fault.command !== "MAIL FROM")
      return { outcome: "silent", answer: words, wasGiven };
    return { outcome: "down", code: "mail.unreachable", answer: words };
  }
  // What is said to a wrong password may repeat it.
  if (step === "sign_in") return { outcome: "down", code: "mail.sign_in", answer: codeOf(answer) };
  const isFinal = status >= 500;
  if (fault.command === "MAIL FROM" && isFinal) return { outcome: "down", code: "mail.sender", answer };
  return { outcome: isFinal ? "refused" : "deferred", answer };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isTlsFault({ code, originalCode }: SmtpFault): boolean {
  return (
    code === "ETLS" || [code, originalCode].some((one) => /CERT|SSL|TLS|SIGNATURE/.test(String(one ?? "")))
  );
}

/** By which code what did not become of the mail is known. */
export function faultCodeOf(delivery: Exclude<Delivery, { outcome: "sent" | "needless" }>) {
  if (delivery.outcome === "down") return delivery.code;
  return delivery.outcome === "silent" ? "mail.unreachable" : (`mail.${delivery.outcome}` as const);
}

/** The numbers of an answer: `550 5.1.1`. */
export function codeOf(answer: string): string {
  return /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(answer)?.[0].replace("-", " ") ?? "";
}

/** As it can stand in a log or on a page: what a server says is another's words. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\s]+/gu, " ")
    .trim()
    .slice(0, ANSWER_CHARACTERS);
}
