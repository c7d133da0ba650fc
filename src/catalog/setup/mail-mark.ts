/** What a trial of mail is about: the settings by which mail goes. */
import { createHash } from "node:crypto";
import type { Config } from "../../config.ts";

/** "": nothing is mailed. */
export function mailMark({ smtp, mailFrom, smtpPasswordFile, smtpCa }: Config): string {
  if (smtp === null) return "";
  const said = JSON.stringify([smtp, mailFrom, smtpPasswordFile, smtpCa]);
  return createHash("sha256").update(said).digest("hex");
}
