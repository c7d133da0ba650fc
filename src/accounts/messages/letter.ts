/** A message as it goes to its reader, with the link that works once. */
import type { Tx } from "../../db/database.ts";
import { type LocalName, say } from "../../say.ts";
import { sayerOf } from "../../sentences.ts";
import { emailKeyOf } from "../emails.ts";
import { mayStand } from "../invitations/may-stand.ts";
import { invitationById } from "../invitations/records.ts";
import { type LinkPurpose, makeLink } from "../links/links.ts";
import { actorOnRecord } from "../on-record.ts";
import { accountById } from "../records.ts";
import { harmless } from "../said.ts";
import { LINK_PLACE } from "./outbox.ts";
import type { MessageRow } from "./records.ts";

export type Letter = {
  readonly to: string;
  /** Tag of the language that it is written in. */
  readonly language: string;
  /** One line. */
  readonly subject: string;
  /** Plain text, in which the link stands as it is. */
  readonly text: string;
  /** What it leads to: the link that works once, or the page that it is about. */
  readonly url: string;
  /** When the link ends; null: it is no such link. */
  readonly expiresAt: Date | null;
};

/**
 * Makes the link and puts it in. null when the message is of no use any more: the invitation was taken up or back, the
 * account is disabled or gone, the address is proven, or what its link would do was ended.
 * @param origin The store's address, without a slash at the end.
 * @param mailed Whether it goes to the address alone.
 */
export function letterOf(
  tx: Tx,
  row: MessageRow,
  { origin, mailed }: { readonly origin: string; readonly mailed: boolean },
  now: Date,
): Letter | null {
  const message = { to: row.address, language: row.language, subject: harmless(row.subject) };
  if (row.link === null)
    return { ...message, text: harmless(row.body), url: `${origin}${row.path}`, expiresAt: null };
  const until = row.ended === "needless" ? null : stillOf(tx, row, row.link, now);
  if (until === null) return null;
  const { accountId, invitationId } = row;
  const subject = { purpose: row.link, email: row.address, accountId, invitationId };
  const link = makeLink(tx, subject, { mailed, ...until }, now);
  const url = `${origin}${link.path}`;
  return { ...message, text: withLink(harmless(row.body), url), url, expiresAt: link.expiresAt };
}

/** Who writes it, and what stands at its end. */
export function signed(
  { language, to }: Pick<Letter, "language" | "to">,
  store: LocalName,
  origin: string,
): { readonly storeName: string; readonly colophon: string } {
  const colophon = say`${store}, ${origin}, wrote this to ${to}. Nobody reads answers to it.`;
  return { storeName: store.inLanguage(language), colophon: sayerOf(language)(colophon) };
}

/** Its place is a paragraph of its own. Within one, the same words are what somebody calls themselves or their organisation. */
export function withLink(body: string, url: string): string {
  const paragraphs = body.split("\n\n");
  return paragraphs.map((paragraph) => (paragraph === LINK_PLACE ? url : paragraph)).join("\n\n");
}

/** Until when a link may live, where it is not its own life that says so; null when it opens nothing. */
function stillOf(tx: Tx, row: MessageRow, purpose: LinkPurpose, now: Date): { until?: Date } | null {
  if (purpose === "invitation") {
    const invitation = row.invitationId === null ? undefined : invitationById(tx, row.invitationId);
    const open =
      invitation !== undefined &&
      invitation.acceptedAt === null &&
      invitation.revokedAt === null &&
      invitation.expiresAt > now &&
      mayStand(invitation, (begun) => actorOnRecord(tx, begun));
    return open ? { until: invitation.expiresAt } : null;
  }
  const account = row.accountId === null ? undefined : accountById(tx, row.accountId);
  if (purpose === "keep") {
    const until = account?.deletionAt ?? null;
    return until === null || until <= now ? null : { until };
  }
  if (account === undefined || account.disabledAt !== null) return null;
  const proven = account.emailProvenAt !== null && account.emailKey === emailKeyOf(row.address);
  return purpose === "address" && proven ? null : {};
}
