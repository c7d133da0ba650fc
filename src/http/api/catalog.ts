/** /api/v1/catalog: the apps that one may see in the store. */
import { Type } from "@sinclair/typebox";
import { visibleApp, visibleApps } from "../../catalog/visibility/visible.ts";
import { pageFor } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, pageSchema } from "../schemas.ts";
import { CATALOG_APP, catalogAppJson } from "../schemas-visibility.ts";

const PATH = "/api/v1/catalog";
const TAG = "Catalogue";

export const catalogRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "catalog.read",
    name: "listCatalog",
    summary: "List the apps that one may see",
    description:
      "What everybody may see, what is for who is signed in, and what is for one's groups, by id. A page may have fewer apps than were asked for and another one after it.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(CATALOG_APP) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("catalog", query, (page) => visibleApps(store, actor, page), catalogAppJson)),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:appId`,
    access: "catalog.read",
    name: "readCatalogApp",
    summary: "Read an app that one may see",
    description: "The answer is the same for an app that is not for who asks and for one that is not there.",
    tag: TAG,
    params: Type.Object({ appId: APP_ID }),
    replies: [{ status: 200, description: "The app.", schema: CATALOG_APP }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => json(catalogAppJson(visibleApp(store, actor, params.appId))),
  }),
];
