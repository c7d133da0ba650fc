/** /api/v1/appearance: how the store presents itself. */
import { Type } from "@sinclair/typebox";
import { ACCENT_PATTERN } from "../../catalog/appearance/accent.ts";
import { changeAppearance, readAppearance } from "../../catalog/appearance/appearance.ts";
import { jsonBody } from "../body.ts";
import { resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";
import { APPEARANCE, APPEARANCE_MEMBERS, appearanceJson } from "../schemas-appearance.ts";

const PATH = "/api/v1/appearance";
const TAG = "Store front";

export const appearanceRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "readAppearance",
    summary: "Read how the store presents itself",
    tag: TAG,
    replies: [{ status: 200, description: "Its name, texts and colour.", schema: APPEARANCE }],
    handle: ({ store, actor }) => resource(appearanceJson(readAppearance(store, actor))),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: PATH,
    access: "storefront.manage",
    name: "changeAppearance",
    summary: "Change how the store presents itself",
    description: `What is left out stays as it is; texts of a kind are replaced as a whole. A colour is written as ${ACCENT_PATTERN.source.slice(1, -1)}.`,
    tag: TAG,
    changes: true,
    body: jsonBody(
      record({
        name: Type.Optional(APPEARANCE_MEMBERS.name),
        names: Type.Optional(APPEARANCE_MEMBERS.names),
        taglines: Type.Optional(APPEARANCE_MEMBERS.taglines),
        abouts: Type.Optional(APPEARANCE_MEMBERS.abouts),
        accent: Type.Optional(APPEARANCE_MEMBERS.accent),
      }),
    ),
    replies: [{ status: 200, description: "As it is now.", schema: APPEARANCE }],
    errors: ["appearance.invalid"],
    handle: ({ store, actor, body, ifMatch }) =>
      resource(appearanceJson(changeAppearance(store, actor, body, ifMatch))),
  }),
];
