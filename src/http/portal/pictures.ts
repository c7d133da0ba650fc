/** `/pictures/:sha256.png`: icons and screenshots. What is published is everybody's; the rest is for who may see its version. */
import { Type } from "@sinclair/typebox";
import { findPicture } from "../../catalog/pictures.ts";
import { isSha256 } from "../../ids.ts";
import { serveBlob } from "../blob-reply.ts";
import { defineRoute, nothingHere, type Route } from "../route.ts";

export const pictureRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/pictures/:file",
  access: "public",
  name: "readPicture",
  summary: "An icon or a screenshot",
  params: Type.Object({ file: Type.String({ pattern: "^[0-9a-f]{64}\\.png$" }) }),
  handle: ({ store, actor, request, info, params }) => {
    const sha256 = params.file.slice(0, -".png".length);
    if (!isSha256(sha256)) throw nothingHere();
    const { key, isPublic } = findPicture(store, actor, sha256);
    return serveBlob(store, request, info, {
      key,
      etag: `"${sha256}"`,
      type: "image/png",
      // The bytes of an address never change. Whether one may see them can, so what is private is asked for again.
      caching: isPublic ? "public, max-age=31536000, immutable" : "private, no-cache",
    });
  },
});
