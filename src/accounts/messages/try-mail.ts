/** A mail that is sent at once, to show that mail can be sent. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { Problem } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { htmlOf, textOf } from "../../mail/form.ts";
import { mailSettings } from "../../mail/settings.ts";
import { type DownCode, deliver, faultCodeOf, type Mail, PATIENCE, type Patience } from "../../mail/smtp.ts";
import { type Said, say } from "../../say.ts";
import { sayerOf } from "../../sentences.ts";
import { emailFaults, emailKeyOf, plainEmail } from "../emails.ts";
import { accountByEmail } from "../records.ts";
import { localStoreName } from "../store-name.ts";
import { signed } from "./letter.ts";
import { languageOf } from "./outbox.ts";
import { noteTaken } from "./trouble.ts";

const WORDS: Readonly<Record<DownCode | "mail.refused" | "mail.deferred", Said>> = {
  "mail.deferred": say`The mail server does not take the mail for now`,
  "mail.file": say`A file of the mail server's settings is of no use`,
  "mail.refused": say`The mail server refuses the mail`,
  "mail.sender": say`The mail server takes no mail from this sender`,
  "mail.sign_in": say`The mail server does not take the user and password`,
  "mail.tls": say`The connection to the mail server is not safe, and was not used`,
  "mail.unreachable": say`The mail server cannot be reached, or broke off`,
};

/** Somebody waits for the answer; and it goes once, however long the server takes. */
const TRIAL: Patience = { ...PATIENCE, contentMs: 30_000 };

export type MailTry = {
  readonly signal: AbortSignal;
  readonly patience?: Patience;
  /** Called once it is known that nothing can be sent to anybody: the server, or what is set about it, is at fault. */
  readonly onDown?: () => void;
  /** What whoever asked for it reads: for an address of nobody who has chosen a language. */
  readonly asked?: string | undefined;
};

/**
 * Sends it, and gives what the server answered.
 * @throws Problem `mail.not_configured`, `mail.recipient`, `mail.deferred`, `mail.refused`, `mail.file`, `mail.sender`, `mail.sign_in`, `mail.tls`, `mail.unreachable`
 */
export async function tryMail(
  store: Store,
  address: string,
  { signal, patience = TRIAL, onDown = () => {}, asked }: MailTry,
): Promise<{ readonly answer: string; readonly server: string }> {
  const settings = mailSettings(store.config);
  if (settings === null) {
    throw new Problem(
      "conflict",
      "mail.not_configured",
      say`This store has no mail server. Start it with --smtp and --mail-from.`,
    );
  }
  const [fault] = emailFaults(address);
  if (fault !== undefined) throw new Problem("invalid", "mail.recipient", fault.message);
  const name = localStoreName(store);
  const { origin, smtp } = settings;
  const to = plainEmail(address);
  const tx = store.db.orm;
  const accountId = accountByEmail(tx, emailKeyOf(to))?.id ?? null;
  const language = languageOf(tx, { accountId, asked });
  const sayIn = sayerOf(language);
  const subject = sayIn(say`A test of mail from ${name}`);
  const text = sayIn(say`If you read this, the store can send mail to you. There is nothing else to do.`);
  const parts = { ...signed({ to, language }, name, origin), language, subject, text, url: origin };
  const mail: Mail = {
    id: newId("msg"),
    to,
    language,
    subject,
    text: textOf(parts),
    html: htmlOf(parts),
    date: store.clock.now(),
    hasSecret: false,
  };
  const delivery = await deliver(settings, () => mail, { signal, patience });
  const { outcome } = delivery;
  store.log.info("mail.tested", { outcome });
  const server = `${smtp.host.includes(":") ? `[${smtp.host}]` : smtp.host}:${smtp.port}`;
  if (outcome === "sent") {
    // Else nothing might show for long that what was wrong is mended: what was refused or given up does not go again.
    write(store.db, (tx) => {
      for (let rows = noteTaken(tx); rows > 0; rows -= 1) asideRow();
    });
    return { answer: delivery.answer, server };
  }
  if (outcome === "needless") throw new Error("a test's mail is there");
  if (outcome === "down") onDown();
  const code = faultCodeOf(delivery);
  const isOpen = outcome === "silent" && delivery.wasGiven;
  const words = isOpen ? say`The mail server did not say in time whether it takes the mail` : WORDS[code];
  const message = say`${words}: ${delivery.answer} (${server}).`;
  if (outcome === "down" || outcome === "silent") throw new Problem("unreachable", code, message);
  throw new Problem(outcome === "refused" ? "unprocessable" : "unavailable", code, message);
}
