/** The shapes of who may see an app, and of the apps that somebody may see. */
import { type Static, Type } from "@sinclair/typebox";
import { MOST_GROUPS_OF_APP, VISIBILITIES } from "../catalog/visibility/audiences.ts";
import type { VisibilityPreview, VisibilityView } from "../catalog/visibility/change.ts";
import type { ShownApp } from "../catalog/visibility/visible.ts";
import { APP_ID, oneOf, orNull, record, SHA256, TIME } from "./schemas.ts";
import { GROUP_ID } from "./schemas-groups.ts";

const VISIBILITY_NAME = oneOf(...VISIBILITIES);
export const NAMED_GROUP = record({ id: GROUP_ID, name: Type.String() });
const SIZED_GROUP = record({
  id: GROUP_ID,
  name: Type.String(),
  people: Type.Integer({ minimum: 0 }),
  devices: Type.Integer({ minimum: 0 }),
});

/** What may be sent; the rules are the domain's, which says what is wrong. */
export const VISIBILITY_MEMBERS = {
  visibility: Type.String({
    maxLength: 40,
    description: "everyone, signed-in or groups",
    examples: ["groups"],
  }),
  groups: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      description: `With groups: the ids of 1 to ${MOST_GROUPS_OF_APP} of them.`,
      maxItems: 500,
    }),
  ),
};

export const VISIBILITY = record(
  {
    appId: APP_ID,
    visibility: VISIBILITY_NAME,
    groups: Type.Array(NAMED_GROUP, { description: "By name; empty unless it is for groups." }),
    published: Type.Boolean({ description: "Whether anybody can see anything of it yet." }),
    publicSince: orNull({
      ...TIME,
      description: "Since when it is in the public catalogue; null: it is not.",
    }),
    publicUntil: orNull({
      ...TIME,
      description: "Until when it was; null: it is, or never was. What was public then stays in the log.",
    }),
  },
  "Visibility",
);

export function visibilityJson(view: VisibilityView): Static<typeof VISIBILITY> {
  const { publicSince, publicUntil, groups, ...rest } = view;
  return {
    ...rest,
    groups: [...groups],
    publicSince: publicSince?.toISOString() ?? null,
    publicUntil: publicUntil?.toISOString() ?? null,
  };
}

export const VISIBILITY_PREVIEW = record(
  {
    before: VISIBILITY,
    after: record({ visibility: VISIBILITY_NAME, groups: Type.Array(SIZED_GROUP) }),
    changes: Type.Boolean({ description: "False when it is so already." }),
    joining: Type.Array(SIZED_GROUP, { description: "Groups that will see it and do not now." }),
    leaving: Type.Array(SIZED_GROUP, { description: "Groups that see it now and will not." }),
    versions: Type.Integer({ minimum: 0, description: "Published versions that this concerns." }),
    scope: { ...SHA256, description: "To be given with the act." },
  },
  "VisibilityPreview",
);

export function visibilityPreviewJson(preview: VisibilityPreview): Static<typeof VISIBILITY_PREVIEW> {
  const { before, after, joining, leaving, scope, ...rest } = preview;
  return {
    ...rest,
    before: visibilityJson(before),
    after: { visibility: after.visibility, groups: [...after.groups] },
    joining: [...joining],
    leaving: [...leaving],
    scope: scope as Static<typeof SHA256>,
  };
}

export const CATALOG_APP = record(
  {
    id: APP_ID,
    name: Type.String(),
    summary: Type.String(),
    publisher: Type.String({ description: "The name of the organisation." }),
    version: Type.String({ description: "The newest that is offered." }),
    versionCode: Type.Integer({ minimum: 1 }),
    publishedAt: { ...TIME, description: "When that version was published." },
    iconKey: orNull(
      Type.String({ description: "Served as a PNG under /pictures/, without its first part." }),
    ),
  },
  "CatalogApp",
);

export function catalogAppJson({ publishedAt, ...app }: ShownApp): Static<typeof CATALOG_APP> {
  return { ...app, publishedAt: publishedAt.toISOString() };
}
