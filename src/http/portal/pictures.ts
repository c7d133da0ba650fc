/**
 * `/pictures/:picture/:file`: icons and screenshots, in the sizes that are made of them; never as they came. What is published is
 * everybody's; the rest is for who may see its version.
 */
import { Type } from "@sinclair/typebox";
import { findPicture } from "../../catalog/pictures.ts";
import { parseShown, SHOWN_TYPES } from "../../catalog/shown-pictures/sizes.ts";
import { serveBlob } from "../blob-reply.ts";
import { defineRoute, nothingHere, type Route } from "../route.ts";

export const pictureRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/pictures/:picture/:file",
  access: "public",
  uncounted: true,
  name: "readPicture",
  summary: "An icon or a screenshot, in one of the sizes that are shown",
  params: Type.Object({
    picture: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    file: Type.String({ pattern: "^[a-z0-9]{1,16}\\.(png|webp)$" }),
  }),
  handle: ({ store, actor, request, info, params }) => {
    const picture = parseShown(params.picture, params.file);
    if (picture === null) throw nothingHere();
    const { key, isPublic } = findPicture(store, actor, picture);
    return serveBlob(store, request, info, {
      key,
      // Made by another version of the program, its bytes may be others.
      etag: `"${key.replace(/^.*\/|\..*$/g, "")}"`,
      type: SHOWN_TYPES[picture.kind],
      // Whether one may see it can change, so what is private is asked for again, and what everybody may after a day.
      caching: isPublic ? "public, max-age=86400" : "private, no-cache",
    });
  },
});
