/** /api/v1/appearance: how the store presents itself. */
import { Type } from "@sinclair/typebox";
import { ACCENT_PATTERN } from "../../catalog/appearance/accent.ts";
import {
  ABOUT_CHARACTERS,
  type Appearance,
  changeAppearance,
  readAppearance,
  TAGLINE_CHARACTERS,
} from "../../catalog/appearance/appearance.ts";
import { jsonBody } from "../body.ts";
import { resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { orNull, REVISION, record } from "../schemas.ts";

const texts = (description: string) =>
  Type.Record(Type.String(), Type.String(), { description, examples: [{ en: "Apps for the field" }] });

const MEMBERS = {
  name: Type.String({ description: "What the store is called." }),
  names: texts("What it is called in a language, where that is otherwise, by its tag (BCP 47)."),
  taglines: texts(`What it says of itself in a line of ${TAGLINE_CHARACTERS} characters, likewise.`),
  abouts: texts(`More of that: Markdown of ${ABOUT_CHARACTERS} characters at most, likewise.`),
  accent: orNull(
    Type.String({
      description:
        "Its colour, such as #1f6feb; null: Mosis's own. Pages make it darker or lighter where text could not be read.",
      examples: ["#1f6feb"],
    }),
  ),
};

const APPEARANCE = record({ ...MEMBERS, revision: REVISION }, "Appearance");
const PATH = "/api/v1/appearance";
const TAG = "Store front";

const appearanceJson = ({ names, taglines, abouts, ...rest }: Appearance) => ({
  ...rest,
  names: { ...names },
  taglines: { ...taglines },
  abouts: { ...abouts },
});

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
        name: Type.Optional(MEMBERS.name),
        names: Type.Optional(MEMBERS.names),
        taglines: Type.Optional(MEMBERS.taglines),
        abouts: Type.Optional(MEMBERS.abouts),
        accent: Type.Optional(MEMBERS.accent),
      }),
    ),
    replies: [{ status: 200, description: "As it is now.", schema: APPEARANCE }],
    errors: ["appearance.invalid"],
    handle: ({ store, actor, body, ifMatch }) =>
      resource(appearanceJson(changeAppearance(store, actor, body, ifMatch))),
  }),
];
