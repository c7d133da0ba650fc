/** What owners on both sides are told of an app that changes hands. Pure. */
import type { By } from "../../accounts/actor.ts";
import type { Notice } from "../../accounts/messages/outbox.ts";
import { say } from "../../say.ts";
import type { TransferRow } from "./records.ts";

type About = {
  readonly row: TransferRow;
  readonly appId: string;
  readonly appName: string;
  readonly by: By;
  readonly reason: string;
  readonly expiresAt: Date;
};

const said = (reason: string) => (reason === "" ? [] : [say`What was said of it:`, reason]);

export function offerMadeNotice({ row, appId, appName, by, reason, expiresAt }: About): Notice {
  return {
    kind: "transfer.offered",
    event: "transfer.offered",
    subject: say`${appName} is offered to another organisation`,
    body: [
      say`${by.start} offers ${appName} (${appId}) to ${row.named}. When an owner there accepts, it is theirs.`,
      ...said(reason),
      say`The offer ends on ${expiresAt}. Until then every owner of your organisation can take it back.`,
      say`So that the new owner can sign updates, let one of their signing keys in before they accept. How is on the offer's page:`,
    ],
    about: { appId: row.appId },
    path: pathOf(row, "from"),
  };
}

export function offeredNotice(about: About & { readonly from: string }): Notice {
  const { row, appId, appName, by, reason, expiresAt, from } = about;
  return {
    kind: "transfer.offered",
    event: "transfer.received",
    subject: say`${from} offers you ${appName}`,
    body: [
      say`${by.start} offers the app ${appName} (${appId}) of ${from} to your organisation. Nothing happens unless an owner accepts.`,
      ...said(reason),
      say`The offer ends on ${expiresAt}. Look at it, and at what is needed so that you can sign its updates:`,
    ],
    about: { appId: row.appId },
    path: pathOf(row, "to"),
  };
}

export function withdrawnNotice(row: TransferRow, by: By): Notice {
  return {
    kind: "transfer.over",
    subject: say`${row.appId} is not offered to you any more`,
    body: [say`${by.start} took the offer of ${row.appId} back.`],
    about: { appId: row.appId },
    path: pathOf(row, "to"),
  };
}

export function declinedNotice(row: TransferRow, by: By): Notice {
  return {
    kind: "transfer.over",
    subject: say`The offer of ${row.appId} was declined`,
    body: [say`${by.start} declined the offer of ${row.appId} for ${row.named}. It stays yours.`],
    about: { appId: row.appId },
    path: pathOf(row, "from"),
  };
}

export function expiredNotice(row: TransferRow, side: "from" | "to"): Notice {
  const body =
    side === "from"
      ? say`Nobody answered the offer of ${row.appId} to ${row.named} in time. It stays yours, and can be offered again.`
      : say`The offer of ${row.appId} to your organisation was not answered in time. It can be made again.`;
  return {
    kind: "transfer.over",
    subject: say`The offer of ${row.appId} has ended`,
    body: [body],
    about: { appId: row.appId },
    path: pathOf(row, side),
  };
}

export function fallenNotice(row: TransferRow, side: "from" | "to"): Notice {
  const body =
    side === "from"
      ? say`Whoever offered ${row.appId} to ${row.named} may not do that any more: they left, have another role or are disabled, or the API key was revoked. So the offer has ended. The app stays yours, and every owner can offer it again.`
      : say`Whoever offered ${row.appId} to your organisation may not do that any more, so the offer has ended. Another owner there can offer it again.`;
  return {
    kind: "transfer.over",
    subject: say`The offer of ${row.appId} has ended`,
    body: [body],
    about: { appId: row.appId },
    path: pathOf(row, side),
  };
}

export function givenNotice(row: TransferRow, to: string, by: By): Notice {
  return {
    kind: "transfer.accepted",
    event: "transfer.given",
    subject: say`${row.appId} is of ${to} now`,
    body: [
      say`${by.start} accepted the offer: ${row.appId} is an app of ${to} from now on. Nobody of your organisation uploads or changes it any more, and what was not published of it was withdrawn.`,
      say`Devices keep what is installed, and take updates that are signed with a key in the app's lineage.`,
    ],
    about: { appId: row.appId },
    path: pathOf(row, "from"),
  };
}

export function takenNotice(row: TransferRow, by: By): Notice {
  return {
    kind: "transfer.accepted",
    event: "transfer.taken",
    subject: say`${row.appId} is yours now`,
    body: [
      say`${by.start} accepted the offer: ${row.appId} is an app of your organisation from now on.`,
      say`Upload its next version signed with a key of your organisation that is in its lineage. When none is, the way on is a recovery of its keys.`,
    ],
    about: { appId: row.appId },
    path: `/apps/${row.appId}`,
  };
}

function pathOf(row: TransferRow, side: "from" | "to"): string {
  const organisationId = side === "from" ? row.fromOrganisationId : row.toOrganisationId;
  return `/organisations/${organisationId}/transfers/${row.id}`;
}
