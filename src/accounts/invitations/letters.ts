/** What is written to people whom an invitation is for, and to those who asked for an account. Pure. */

import type { AppId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";
import { dayText } from "../../time.ts";
import { atStart } from "../actor.ts";
import { LINK_PLACE, type Notice } from "../messages/outbox.ts";

/** @param what.by Who invites, in words; null when the person asked by themselves. */
export function invitationNotice(what: {
  readonly storeName: string;
  readonly by: string | null;
  readonly organisationName: string | null;
  readonly role: OrganisationRole | null;
  /** What the role is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
  readonly storeRole: StoreRole | null;
  readonly expiresAt: Date;
}): Notice {
  const { storeName, by, organisationName, role, apps, storeRole, expiresAt } = what;
  const place = organisationName === null ? storeName : `${organisationName} at ${storeName}`;
  const subject = by === null ? `Your account at ${storeName}` : `Invitation to ${place}`;
  const offered = [
    ...(organisationName !== null && role !== null
      ? [`${role} of ${apps === null ? organisationName : apps.join(", ")}`]
      : []),
    ...(storeRole === null ? [] : [`${storeRole} of the store`]),
  ].join(" and ");
  const body = [
    by === null
      ? `Somebody, probably you, asked for an account with this address at ${storeName}.`
      : `${atStart(by)} invites you to ${place}${offered === "" ? "" : `, as ${offered}`}.`,
    `${by === null ? "Make the account" : "Accept"} here, until ${dayText(expiresAt)}:`,
    LINK_PLACE,
    "If you did not expect this, do nothing: without the link nothing happens.",
  ].join("\n\n");
  return { kind: "account.invitation", subject, body, path: "/" };
}

/** To somebody who asked for an account and has one. */
export function existingNotice(storeName: string): Notice {
  return {
    kind: "account.exists",
    subject: `Your account at ${storeName}`,
    body: [
      `Somebody, probably you, asked for an account with this address at ${storeName}. There is one already: sign in with it.`,
      "If you do not know the password any more, ask for a new one on the page where you sign in.",
    ].join("\n\n"),
    path: "/sign-in",
  };
}
