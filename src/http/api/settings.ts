/** /api/v1/settings */
import { type Static, Type } from "@sinclair/typebox";
import { changeSetting, listSettings, readOneSetting } from "../../accounts/store-settings/settings.ts";
import { PAGE_VALUE_CHARACTERS } from "../../config.page.ts";
import { SETTING_PARTS, type ToldSetting } from "../../config.told.ts";
import { jsonBody } from "../body.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, orNull, record, SETTING_NAME } from "../schemas.ts";

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
    origin: oneOf("flag", "environment", "file", "page", "default"),
    configFile: orNull(Type.String({ description: "Which mosis.toml, where that is the origin." })),
    flag: Type.String(),
    environment: Type.String(),
    changes: Type.Unsafe<"at once" | "at start">({
      ...oneOf("at once", "at start"),
      description: "What changes at once can be changed by this API and on the page, unless a start says it.",
    }),
    pageValue: orNull(
      Type.String({ description: "What was set here or on the page, also where a start goes before it." }),
    ),
    pageFault: orNull(
      Type.String({ description: "Why this version cannot use what was set, so that it does not count." }),
    ),
  },
  "Setting",
);

const TAG = "Store";
const ONE = "/api/v1/settings/:settingName";
const PARAMS = Type.Object({ settingName: SETTING_NAME });

function settingJson(told: ToldSetting): Static<typeof SETTING> {
  const { key: _, isOpen: __, file, fallback, isLive, onPage, fault, ...rest } = told;
  return {
    name: file,
    default: fallback,
    ...rest,
    changes: isLive ? "at once" : "at start",
    pageValue: onPage,
    pageFault: fault === null ? null : String(fault),
  };
}

export const settingRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/settings",
    access: "settings.read",
    name: "listSettings",
    summary: "List the store's settings",
    description:
      "Every setting that is in force, with where it was said: a flag goes before the environment, that before mosis.toml, that before what is set here or on the page, that before the default. None is a secret: passwords and keys are in files, of which only the names are told.",
    tag: TAG,
    replies: [{ status: 200, description: "All of them.", schema: record({ items: Type.Array(SETTING) }) }],
    handle: ({ store, actor }) => json({ items: listSettings(store, actor).map(settingJson) }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "settings.read",
    name: "readSetting",
    summary: "Read a setting",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The setting.", schema: SETTING }],
    errors: ["setting.not_found"],
    handle: ({ store, actor, params }) => json(settingJson(readOneSetting(store, actor, params.settingName))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: ONE,
    access: "settings.manage",
    name: "changeSetting",
    summary: "Change a setting of the running store",
    description:
      "It counts at once, and after each start. With null what a page or this call said is taken back, and the default holds. Again is no error.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(
      record({
        value: orNull(
          Type.String({
            maxLength: PAGE_VALUE_CHARACTERS,
            description: "As it would be written for its flag.",
          }),
        ),
        seen: Type.Optional(
          orNull(
            Type.String({
              maxLength: PAGE_VALUE_CHARACTERS,
              description:
                "`pageValue` as it was read, null where nothing was set: if it is another by now, nothing is changed, and the error with the code `precondition.present` has it as `expected`. Without it nothing is compared.",
            }),
          ),
        ),
      }),
    ),
    replies: [{ status: 200, description: "As it is now.", schema: SETTING }],
    errors: [
      "setting.not_found",
      "setting.at_start",
      "setting.said_elsewhere",
      "setting.invalid",
      "precondition.failed",
    ],
    handle: ({ store, actor, params, body }) =>
      json(settingJson(changeSetting(store, actor, params.settingName, body.value, body.seen))),
  }),
];
