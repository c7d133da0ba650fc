/**
 * Which settings mail was last tried with, so that a start with others is known: digests of what was said, and of what its files
 * hold. A password is none that its digest could not be guessed by, so they are sealed under the master key.
 */
import { createHash } from "node:crypto";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { isForeign } from "../../keys/foreign-vault.ts";
import { openFacts, sealFacts } from "../../keys/sealed-facts.ts";
import { type MailSettings, mailSettings, readMailFiles } from "../../mail/settings.ts";
import { readSetting, writeSetting } from "../settings.records.ts";
import { forgetTrouble } from "./trouble.ts";

const SEEN = "mail.settings_seen";

type Seen = {
  readonly said: string;
  /** null: one of them could not be read. */
  readonly files: string | null;
  /** Of the first start with them, in milliseconds since 1970; versions before kept none. */
  readonly since?: number;
};

/** At a start: that messages were given up or refused with other settings says nothing about these. */
export function noteSettings(store: Store, tx: Tx, settings: MailSettings, now: Date): void {
  // Another master key than the store's seals nothing: it has to be put right first.
  if (isForeign(store.vault)) return;
  const before = readSeen(store, tx);
  const seen = seenIn(settings);
  const isSaidAnew = before !== null && before.said !== seen.said;
  const areFilesNew =
    before !== null && before.files !== null && seen.files !== null && before.files !== seen.files;
  if (isSaidAnew || areFilesNew) {
    forgetTrouble(tx);
    store.log.info("mail.settings_changed", { settings: isSaidAnew, files: areFilesNew });
  }
  const isNew = before === null || isSaidAnew || areFilesNew;
  const since = (isNew ? undefined : before.since) ?? now.getTime();
  const kept: Seen = { ...seen, files: seen.files ?? before?.files ?? null, since };
  if (before?.said === kept.said && before.files === kept.files && before.since === since) return;
  writeSetting(tx, SEEN, sealFacts(store.vault, SEEN, kept).toString("base64url"), now);
}

/** Since when mail goes by the settings that hold; null: no start with them is known, or nothing is mailed. */
export function settingsSince(store: Store): Date | null {
  const settings = mailSettings(store.config);
  if (settings === null || isForeign(store.vault)) return null;
  const seen = readSeen(store, store.db.orm);
  return seen?.since === undefined || seen.said !== saidIn(settings) ? null : new Date(seen.since);
}

function seenIn(settings: MailSettings): Seen {
  return { said: saidIn(settings), files: filesDigest(settings) };
}

const saidIn = ({ smtp, from, passwordFile, caFile }: MailSettings): string =>
  digestOf([smtp, from, passwordFile, caFile]);

function filesDigest(settings: MailSettings): string | null {
  try {
    const { password, ca } = readMailFiles(settings);
    return digestOf([password, ca]);
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

function digestOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** null: mail was never tried, or what is kept was sealed under a master key of before. */
function readSeen({ vault }: Store, tx: Tx): Seen | null {
  const kept = readSetting(tx, SEEN);
  if (typeof kept !== "string") return null;
  // As it was kept by versions that did not look into the files.
  if (/^[0-9a-f]{64}$/.test(kept)) return { said: kept, files: null };
  return openFacts(vault, SEEN, Buffer.from(kept, "base64url")) as Seen | null;
}
