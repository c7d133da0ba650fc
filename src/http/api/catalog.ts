/** /api/v1/catalog: the apps that one may see in the store. */
import { Type } from "@sinclair/typebox";
import { searchApps } from "../../catalog/search/ask.ts";
import { visibleApps } from "../../catalog/visibility/visible.ts";
import { visibleDetails, visibleVersions } from "../../catalog/visibility/visible-versions.ts";
import type { PageRequest } from "../../db/pages.ts";
import { pageFor, positionOf } from "../cursor.ts";
import { PACKAGE_TYPE, servePackage } from "../package-reply.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, pageSchema, VERSION_CODE } from "../schemas.ts";
import {
  CATALOG_APP,
  CATALOG_DETAILS,
  CATALOG_VERSION,
  catalogAppJson,
  catalogDetailsJson,
  catalogVersionJson,
  codePage,
} from "../schemas-visibility.ts";

const PATH = "/api/v1/catalog";
const TAG = "Catalogue";
const PARAMS = Type.Object({ appId: APP_ID });

/** @throws Problem `cursor.invalid` */
function numbered(page: PageRequest): PageRequest {
  if (page.after !== undefined) positionOf(page.after);
  return page;
}

export const catalogRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "catalog.read",
    name: "listCatalog",
    summary: "List or search the apps that one may see",
    description:
      "What everybody may see, what is for who is signed in, and what is for one's groups, by id. A page may have fewer apps than were asked for and another one after it. With q those that answer it, the one first that was most likely meant, 100 at most: in names, summaries, categories, ids and publishers' names, the last word also as the beginning of one, with slips and missing spaces forgiven.",
    tag: TAG,
    query: Type.Object({
      ...PAGE_QUERY,
      q: Type.Optional(
        Type.String({
          maxLength: 100,
          description: "what to search for; nothing else than all with an empty one",
        }),
      ),
      locale: Type.Optional(
        Type.String({
          pattern: "^[A-Za-z0-9-]{2,35}$",
          description: "the language whose texts count for more, such as de; en without it",
        }),
      ),
    }),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(CATALOG_APP) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query: { q = "", locale = "en", ...query } }) => {
      const question = q.trim();
      const [list, read] =
        question === ""
          ? ["catalog", (page: PageRequest) => visibleApps(store, actor, page)]
          : [
              "catalog-search",
              (page: PageRequest) => searchApps(store, actor, { question, locale }, numbered(page)),
            ];
      return json(pageFor(list, query, read, catalogAppJson));
    },
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
    params: PARAMS,
    replies: [{ status: 200, description: "The app.", schema: CATALOG_DETAILS }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) =>
      json(catalogDetailsJson(visibleDetails(store, actor, params.appId))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:appId/versions`,
    access: "catalog.read",
    name: "listCatalogVersions",
    summary: "List the versions of an app that one may see",
    description: "Those that the store offers, the highest version code first: what is revoked is left out.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of versions.", schema: pageSchema(CATALOG_VERSION) }],
    errors: ["app.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "catalog-versions",
          query,
          (page) => visibleVersions(store, actor, params.appId, codePage(page)),
          catalogVersionJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:appId/versions/:versionCode/package`,
    access: "catalog.read",
    name: "downloadCatalogPackage",
    summary: "Download a version that one may see",
    description:
      "The file that devices get. In a restricted store it is for devices, and for who may read its files. Takes Range.",
    tag: TAG,
    params: Type.Object({ appId: APP_ID, versionCode: VERSION_CODE }),
    replies: [
      { status: 200, description: "The package.", mediaType: PACKAGE_TYPE },
      { status: 206, description: "The asked part of it.", mediaType: PACKAGE_TYPE },
    ],
    errors: ["app.not_found", "range.unsatisfiable", "version.not_found"],
    handle: servePackage,
  }),
];
