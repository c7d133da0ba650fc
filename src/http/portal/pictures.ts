/** `/pictures/:file`: icons and screenshots. What is published is everybody's; the rest is for who may see its version. */
import { Type } from "@sinclair/typebox";
import { findPicture, parsePictureFile } from "../../catalog/pictures.ts";
import { serveBlob } from "../blob-reply.ts";
import { defineRoute, nothingHere, type Route } from "../route.ts";

export const pictureRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/pictures/:file",
  access: "public",
  uncounted: true,
  name: "readPicture",
  summary: "An icon or a screenshot",
  params: Type.Object({ file: Type.String({ pattern: "^[0-9a-f]{64}\\.(png|jpg|webp)$" }) }),
  handle: ({ store, actor, request, info, params }) => {
    const picture = parsePictureFile(params.file);
    if (picture === null) throw nothingHere();
    const { key, isPublic } = findPicture(store, actor, picture.file);
    return serveBlob(store, request, info, {
      key,
      etag: `"${picture.sha256}"`,
      type: picture.type,
      // The bytes of an address never change. Whether one may see them can, so what is private is asked for again, and a cache
      // that many share asks again after a day.
      caching: isPublic ? "public, max-age=31536000, s-maxage=86400, immutable" : "private, no-cache",
    });
  },
});
