/** /api/v1/store-keys: what the store signs with, for whoever looks after it. */
import { readStoreKeys } from "../../catalog/store-keys/overview.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { STORE_KEYS } from "../schemas-store-keys.ts";

export const storeKeyRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/store-keys",
    access: "storekeys.read",
    name: "readStoreKeys",
    summary: "The store's own keys and certificates",
    description:
      "Every key with who holds it, every certificate that packages are judged by, the roles of the catalogue, what ends when, and what to do next. Changes are made with mosis admin keys.",
    tag: "Store",
    replies: [{ status: 200, description: "All that the store signs with.", schema: STORE_KEYS }],
    handle: ({ store, actor }) => {
      const { waiting, ...found } = readStoreKeys(store, actor);
      // Dates become RFC 3339 texts, as everywhere.
      return json({ ...(JSON.parse(JSON.stringify(found)) as object), waiting: waiting.length });
    },
  }),
];
