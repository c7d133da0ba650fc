/** The shapes of groups and of who and what is in them. */
import { type Static, Type } from "@sinclair/typebox";
import type { Group } from "../accounts/groups/groups.ts";
import type { PersonInGroup } from "../accounts/groups/members.ts";
import type { AppFor } from "../catalog/visibility/records.ts";
import { APP_ID, idOf, orNull, REVISION, record, TIME } from "./schemas.ts";
import { ACCOUNT_ID, EMAIL } from "./schemas-accounts.ts";

export const GROUP_ID = idOf("grp", "a group's");

export const DEVICE_ID = idOf("dev", "a device's");

export const GROUP = record(
  {
    id: GROUP_ID,
    name: Type.String(),
    description: Type.String({ description: "Empty: nothing was said." }),
    offered: Type.Boolean({
      description: "Whether owners and maintainers may choose it for their apps, and so read its name.",
    }),
    people: Type.Integer({ minimum: 0, description: "How many are in it." }),
    devices: Type.Integer({ minimum: 0, description: "How many are in it." }),
    revision: REVISION,
    createdBy: Type.String({ description: "The label of who made it." }),
    createdAt: TIME,
  },
  "Group",
);

export const GROUP_PERSON = record(
  {
    accountId: ACCOUNT_ID,
    name: Type.String(),
    email: EMAIL,
    since: TIME,
    disabledAt: orNull(TIME),
  },
  "GroupPerson",
);

export const GROUP_APP = record(
  {
    id: APP_ID,
    name: Type.String(),
    publishedAt: Type.Union([TIME, Type.Null()], { description: "Null: nobody sees anything of it yet." }),
  },
  "GroupApp",
);

export function groupJson({ createdAt, ...rest }: Group): Static<typeof GROUP> {
  return { ...rest, createdAt: createdAt.toISOString() };
}

export function groupPersonJson({ since, disabledAt, ...rest }: PersonInGroup): Static<typeof GROUP_PERSON> {
  return { ...rest, since: since.toISOString(), disabledAt: disabledAt?.toISOString() ?? null };
}

export function groupAppJson({ publishedAt, ...rest }: AppFor): Static<typeof GROUP_APP> {
  return { ...rest, publishedAt: publishedAt?.toISOString() ?? null };
}
