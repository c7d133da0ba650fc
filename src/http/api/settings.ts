/** /api/v1/settings */
import { Type } from "@sinclair/typebox";
import { SETTING_PARTS, toldSettings } from "../../config.told.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, orNull, record } from "../schemas.ts";

const SETTING = record(
  {
    name: Type.String({ description: "The key in mosis.toml." }),
    part: oneOf(...SETTING_PARTS),
    meaning: Type.String(),
    value: orNull(
      Type.String({
        description: "As it would be written; null: there is none. Of a table the names of its entries.",
      }),
    ),
    default: orNull(Type.String()),
    origin: oneOf("flag", "environment", "file", "default"),
    configFile: orNull(Type.String({ description: "Which mosis.toml, where that is the origin." })),
    flag: Type.String(),
    environment: Type.String(),
  },
  "Setting",
);

export const settingRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/settings",
    access: "settings.read",
    name: "listSettings",
    summary: "List the store's settings",
    description:
      "Every setting that is in force, with where it was said: a flag goes before the environment, that before mosis.toml, that before the default. They change with a start alone. None is a secret: passwords and keys are in files, of which only the names are told.",
    tag: "Store",
    replies: [{ status: 200, description: "All of them.", schema: record({ items: Type.Array(SETTING) }) }],
    handle: ({ store }) =>
      json({
        items: toldSettings(store.config).map(({ key: _, file, fallback, ...rest }) => ({
          name: file,
          default: fallback,
          ...rest,
        })),
      }),
  }),
];
