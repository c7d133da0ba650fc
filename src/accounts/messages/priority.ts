/** Which message goes first. Pure. */
import { PATIENT, type Priority, URGENT, USUAL } from "../../jobs/turns.ts";
import type { LinkPurpose } from "../links/links.ts";

/**
 * Who has an account and waits for a link of theirs goes first, and what strangers had written goes last: they may ask for as
 * many as the store writes. Whether the address that they asked for has an account makes no difference, or the time would tell.
 * @param message.isAskedByAnyone An invitation that somebody asked for by themselves.
 */
export function mailPriority(message: {
  readonly kind: string;
  readonly link: LinkPurpose | null;
  readonly isAskedByAnyone: boolean;
}): Priority {
  if (message.isAskedByAnyone || message.kind === "account.exists") return PATIENT;
  return message.link === null || message.link === "invitation" ? USUAL : URGENT;
}
