/** /api/v1/log: the store's log in full, for whoever runs the store; what everybody may read are the tiles. */
import { Type } from "@sinclair/typebox";
import { listLog } from "../../catalog/log/listing.ts";
import { encodeCursor, pageRequest, positionOf } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { LOG_LISTING } from "../schemas-log.ts";

export const logRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/log",
    access: "log.read",
    name: "listLog",
    summary: "List the entries of the store's log",
    description:
      "The newest first, in full also where the public entry hides names, with the newest signed head, which may be a moment behind.",
    tag: "Store",
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of entries.", schema: LOG_LISTING }],
    errors: ["cursor.invalid"],
    handle: ({ store, query }) => {
      const { limit, after } = pageRequest("log", query);
      const { items, head, nextBefore, ...listing } = listLog(store, {
        limit,
        ...(after === undefined ? {} : { before: positionOf(after) }),
      });
      return json({
        ...listing,
        head: head && { ...head, signedAt: head.signedAt.toISOString() },
        items: items.map((item) => ({ ...item, at: item.at.toISOString() })),
        nextCursor: nextBefore === null ? null : encodeCursor("log", String(nextBefore)),
      });
    },
  }),
];
