/** What is written to people whom an invitation is for, and to those who asked for an account. Pure. */

import type { AppId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";
import { type LocalName, type Said, say, sayList, type Words } from "../../say.ts";
import { LINK_PLACE, type Notice } from "../messages/outbox.ts";

/** @param what.by Who invites, as a sentence begins; null when the person asked by themselves. */
export function invitationNotice(what: {
  readonly storeName: LocalName;
  readonly by: Words | null;
  readonly organisationName: string | null;
  readonly role: OrganisationRole | null;
  /** What the role is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
  readonly storeRole: StoreRole | null;
  readonly expiresAt: Date;
}): Notice {
  const { storeName, by, organisationName, role, apps, storeRole, expiresAt } = what;
  const place = organisationName === null ? storeName : say`${organisationName} at ${storeName}`;
  const subject = by === null ? say`Your account at ${storeName}` : say`Invitation to ${place}`;
  const offered = [
    ...(organisationName !== null && role !== null
      ? [IN_ORGANISATION[role](apps === null ? organisationName : sayList(apps))]
      : []),
    ...(storeRole === null ? [] : [IN_STORE[storeRole]]),
  ];
  const body = [
    by === null
      ? say`Somebody, probably you, asked for an account with this address at ${storeName}.`
      : offered.length === 0
        ? say`${by} invites you to ${place}.`
        : say`${by} invites you to ${place}, as ${sayList(offered, " and ")}.`,
    by === null ? say`Make the account here, until ${expiresAt}:` : say`Accept here, until ${expiresAt}:`,
    LINK_PLACE,
    say`If you did not expect this, do nothing: without the link nothing happens.`,
  ];
  return { kind: "account.invitation", subject, body, path: "/" };
}

const IN_ORGANISATION: Readonly<Record<OrganisationRole, (of: Words) => Said>> = {
  owner: (of) => say`owner of ${of}`,
  maintainer: (of) => say`maintainer of ${of}`,
  developer: (of) => say`developer of ${of}`,
  viewer: (of) => say`viewer of ${of}`,
};

const IN_STORE: Readonly<Record<StoreRole, Said>> = {
  administrator: say`administrator of the store`,
  reviewer: say`reviewer of the store`,
  support: say`support of the store`,
  auditor: say`auditor of the store`,
};

/** To somebody who asked for an account and has one. */
export function existingNotice(storeName: LocalName): Notice {
  return {
    kind: "account.exists",
    subject: say`Your account at ${storeName}`,
    body: [
      say`Somebody, probably you, asked for an account with this address at ${storeName}. There is one already: sign in with it.`,
      say`If you do not know the password any more, ask for a new one on the page where you sign in.`,
    ],
    path: "/sign-in",
  };
}
