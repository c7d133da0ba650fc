/** The link of an invitation, for whoever hands it over instead of mail. */
import type { Store } from "../../context.ts";
import type { InvitationId } from "../../ids.ts";
import type { Actor } from "../actor.ts";
import { type HandedOver, handOver, messageMissing } from "../messages/hand-over.ts";
import { messageOfInvitation } from "../messages/records.ts";
import { readInvitation } from "./invite.ts";

/**
 * Made anew with each call; see `handOver`.
 * @param origin The store's address, without a slash at the end.
 * @throws Problem `rights.forbidden`, `invitation.not_found`, `message.not_found`, `message.over`
 */
export function handOverInvitation(store: Store, actor: Actor, id: InvitationId, origin: string): HandedOver {
  const invitation = readInvitation(store, actor, id);
  const message = messageOfInvitation(store.db.orm, invitation.id);
  if (message === undefined) throw messageMissing();
  return handOver(store, actor, message.id, origin);
}
