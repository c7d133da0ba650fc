/** /api/v1/appearance/logos: the store's logo, for light pages and for dark ones. */
import { Type } from "@sinclair/typebox";
import { changeLogo, LOGO_RULE, readLogos, removeLogo } from "../../catalog/appearance/logos.ts";
import { pictureBody } from "../body.ts";
import { resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { LOGOS, logosJson } from "../schemas-appearance.ts";

const PATH = "/api/v1/appearance/logos";
const TAG = "Store front";
const FORM = Type.Object({
  logo: Type.String({
    contentMediaType: "application/octet-stream",
    description: "the picture's bytes, as the form's last part",
  }),
});

const reply = { status: 200, description: "Both, as they are now.", schema: LOGOS };

const SIDES = [
  { side: "light", change: "changeLightLogo", remove: "removeLightLogo" },
  { side: "dark", change: "changeDarkLogo", remove: "removeDarkLogo" },
] as const;

export const logoRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "readLogos",
    summary: "Read the store's logo",
    description: "It stands beside the store's name on every page.",
    tag: TAG,
    replies: [reply],
    handle: ({ store, actor }) => resource(logosJson(readLogos(store, actor))),
  }),
  ...SIDES.flatMap(({ side, change, remove }) => [
    defineRoute({
      area: "api",
      method: "PUT",
      path: `${PATH}/${side}`,
      access: "storefront.manage",
      name: change,
      summary: `Upload the store's logo for ${side} pages`,
      description: `The body is the picture, streamed; or a form with it as its last part. PNG, JPEG or WebP of ${LOGO_RULE.maxBytes / 2 ** 20} MiB at most, ${LOGO_RULE.least} to ${LOGO_RULE.most} pixels a side, one side at most ${LOGO_RULE.mostTimes} times the other. It is never shown as it came: its state says when its sizes are there.`,
      tag: TAG,
      changes: true,
      body: pictureBody("logo", FORM),
      replies: [reply],
      errors: [
        "picture.dimensions",
        "picture.format",
        "picture.too_large",
        "picture.unreadable",
        "multipart.malformed",
        "multipart.unexpected",
        "request.too_large",
      ],
      handle: async ({ store, actor, body, ifMatch }) =>
        resource(logosJson(await changeLogo(store, actor, side, body.bytes, ifMatch))),
    }),
    defineRoute({
      area: "api",
      method: "DELETE",
      path: `${PATH}/${side}`,
      access: "storefront.manage",
      name: remove,
      summary: `Remove the store's logo for ${side} pages`,
      description: "Where there is none nothing changes.",
      tag: TAG,
      changes: true,
      replies: [reply],
      handle: ({ store, actor, ifMatch }) => resource(logosJson(removeLogo(store, actor, side, ifMatch))),
    }),
  ]),
];
