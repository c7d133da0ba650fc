/** /api/v1/catalog: the apps that one may see in the store. */
import { Type } from "@sinclair/typebox";
import { appsInCategory, partsOfCategory, shownCategories } from "../../catalog/categories/browse.ts";
import {
  appsInCollection,
  frontCollections,
  shownCollection,
  shownCollections,
} from "../../catalog/collections/browse.ts";
import { APPS_IN_ROW, ROWS_ON_FRONT } from "../../catalog/collections/limits.ts";
import { mostInstalled } from "../../catalog/installs/most.ts";
import { translationsOf } from "../../catalog/release-notes/shown.ts";
import { searchApps } from "../../catalog/search/ask.ts";
import { appsByOrder } from "../../catalog/sorting/browse.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { newestApps, type ShownApp, visibleApps } from "../../catalog/visibility/visible.ts";
import { visibleDetails, visibleVersions } from "../../catalog/visibility/visible-versions.ts";
import type { Store } from "../../context.ts";
import type { PageRequest } from "../../db/pages.ts";
import { numbered, pageFor, placed } from "../cursor.ts";
import { appLink } from "../enrolment-link.ts";
import { PACKAGE_TYPE, servePackage } from "../package-reply.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, orNull, PAGE_QUERY, pageSchema, record, VERSION_CODE } from "../schemas.ts";
import {
  COLLECTION_ID,
  COLLECTION_ROW,
  collectionRowJson,
  SHOWN_COLLECTION,
  SHOWN_COLLECTION_DETAILS,
  shownCollectionDetailsJson,
  shownCollectionJson,
} from "../schemas-collections.ts";
import {
  CATEGORY_ID,
  LOCALE,
  SHOWN_CATEGORY,
  SORT,
  SORT_MEANING,
  shownCategoryJson,
  sortedList,
} from "../schemas-front.ts";
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
const ON_FRONT = 12;
const PARAMS = Type.Object({ appId: APP_ID });
const COLLECTION_PARAMS = Type.Object({ collectionId: COLLECTION_ID });
const IN_LOCALE = { locale: Type.Optional(LOCALE) };

/** Named as for who reads that language, where one is said. */
function shownIn(store: Pick<Store, "db">, apps: readonly ShownApp[], locale: string | undefined) {
  return locale === undefined ? apps : inLanguage(store.db.orm, apps, locale);
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
      "What everybody may see, what is for who is signed in, and what is for one's groups, by id or as sort says. A page may have fewer apps than were asked for and another one after it. With q those that answer it, the one first that was most likely meant, 100 at most: in names, summaries, categories, ids and publishers' names, the last word also as the beginning of one, with slips and missing spaces forgiven; sort changes nothing of their order. A cursor is of one order.",
    tag: TAG,
    query: Type.Object({
      ...PAGE_QUERY,
      q: Type.Optional(
        Type.String({
          maxLength: 100,
          description: "what to search for; nothing else than all with an empty one",
        }),
      ),
      locale: Type.Optional({
        ...LOCALE,
        description: "the language in which texts are given, and whose texts count for more, such as de",
      }),
      category: Type.Optional({
        ...CATEGORY_ID,
        description: "nothing outside of this category; also the id of one that was merged into it",
      }),
      sort: Type.Optional({
        ...SORT,
        description: `${SORT.description}; what q finds has an order of its own, what fits best first`,
      }),
    }),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(CATALOG_APP) }],
    errors: ["cursor.invalid", "category.not_found"],
    handle: ({ store, actor, query: { q = "", locale, category, sort, ...query } }) => {
      const question = q.trim();
      const asked = { question, locale: locale ?? "en", ...(category === undefined ? {} : { category }) };
      const all = (page: PageRequest) =>
        category === undefined
          ? visibleApps(store, actor, page)
          : appsInCategory(store, actor, category, page);
      const [list, read] =
        question === ""
          ? sort === undefined
            ? ["catalog", all]
            : [
                sortedList("catalog", sort),
                (page: PageRequest) =>
                  appsByOrder(store, actor, partsOfCategory(store, category), sort, placed(page)),
              ]
          : ["catalog-search", (page: PageRequest) => searchApps(store, actor, asked, numbered(page))];
      const readIn = (page: PageRequest) => {
        const found = read(page);
        return { ...found, items: shownIn(store, found.items, locale) };
      };
      return json(pageFor(list, query, readIn, catalogAppJson));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/front`,
    access: "catalog.read",
    name: "readCatalogFront",
    summary: "Read what stands first in the store",
    description: `Of the apps that one may see: those that are featured, null without any; the first ${ROWS_ON_FRONT} collections, with the first ${APPS_IN_ROW} apps of each; those that came last; and those that devices fetched most, the one first that was fetched most, without what was never fetched. Of these ${ON_FRONT} at most.`,
    tag: TAG,
    query: Type.Object(IN_LOCALE),
    replies: [
      {
        status: 200,
        description: "What stands first.",
        schema: record({
          featured: orNull(COLLECTION_ROW),
          collections: Type.Array(COLLECTION_ROW),
          newest: Type.Array(CATALOG_APP),
          mostInstalled: Type.Array(CATALOG_APP),
        }),
      },
    ],
    handle: ({ store, actor, query: { locale } }) => {
      const { featured, rows } = frontCollections(store, actor, locale);
      const list = (apps: readonly ShownApp[]) => shownIn(store, apps, locale).map(catalogAppJson);
      return json({
        featured: featured && collectionRowJson(featured),
        collections: rows.map(collectionRowJson),
        newest: list(newestApps(store, actor, ON_FRONT)),
        mostInstalled: list(mostInstalled(store, actor, ON_FRONT)),
      });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/categories`,
    access: "catalog.read",
    name: "listCatalogCategories",
    summary: "List the categories of the store",
    description:
      "In the order that an administrator gave them, each with how many apps of it who asks may see; also those without any.",
    tag: TAG,
    replies: [
      { status: 200, description: "All of them.", schema: record({ items: Type.Array(SHOWN_CATEGORY) }) },
    ],
    handle: ({ store, actor }) => json({ items: shownCategories(store, actor).map(shownCategoryJson) }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/front/collections`,
    access: "catalog.read",
    name: "listCatalogCollections",
    summary: "List the collections of apps that one may see something of",
    description:
      "In the order that an administrator gave them, what is featured first. One without an app that who asks may see is not there.",
    tag: TAG,
    replies: [
      { status: 200, description: "All of them.", schema: record({ items: Type.Array(SHOWN_COLLECTION) }) },
    ],
    handle: ({ store, actor }) => json({ items: shownCollections(store, actor).map(shownCollectionJson) }),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/front/collections/:collectionId`,
    access: "catalog.read",
    name: "readCatalogCollection",
    summary: "Read a collection of apps that one may see something of",
    description:
      "The answer is the same for one in which who asks may see nothing and for one that is not there.",
    tag: TAG,
    params: COLLECTION_PARAMS,
    replies: [{ status: 200, description: "The collection.", schema: SHOWN_COLLECTION_DETAILS }],
    errors: ["collection.not_found"],
    handle: ({ store, actor, params }) =>
      json(shownCollectionDetailsJson(shownCollection(store, actor, params.collectionId))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/front/collections/:collectionId/apps`,
    access: "catalog.read",
    name: "listCatalogCollectionApps",
    summary: "List the apps of a collection that one may see",
    description:
      "In the order that an administrator gave them, or with `sort` in another. A cursor goes on in the order that it was given in.",
    tag: TAG,
    params: COLLECTION_PARAMS,
    query: Type.Object({
      ...PAGE_QUERY,
      ...IN_LOCALE,
      sort: Type.Optional({
        ...SORT,
        description: `${SORT_MEANING}; without it as an administrator arranged them`,
      }),
    }),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(CATALOG_APP) }],
    errors: ["collection.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query: { locale, sort, ...query } }) => {
      const read = (page: PageRequest) => {
        const found = appsInCollection(store, actor, params.collectionId, numbered(page), sort);
        return { ...found, items: shownIn(store, found.items, locale) };
      };
      return json(pageFor(sortedList("catalog-collection", sort), query, read, catalogAppJson));
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
    handle: ({ store, actor, info, params }) => {
      const details = visibleDetails(store, actor, params.appId);
      return json(
        catalogDetailsJson(
          details,
          appLink(store, info, details.app.id),
          translationsOf(store, details.newest.id),
        ),
      );
    },
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
          (version) => catalogVersionJson(version, translationsOf(store, version.id)),
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
    errors: ["app.not_found", "auth.required", "range.unsatisfiable", "version.not_found"],
    handle: servePackage,
  }),
];
