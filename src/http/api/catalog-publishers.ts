/** /api/v1/catalog/front/publishers: who publishes apps that one may see in the store, and which. */
import { Type } from "@sinclair/typebox";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { appsOfPublisher, shownPublisher } from "../../catalog/store-publishers/browse.ts";
import type { PageRequest } from "../../db/pages.ts";
import { pageFor, placed } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY, pageSchema } from "../schemas.ts";
import { LOCALE, SHOWN_PUBLISHER, SORT, sortedList } from "../schemas-front.ts";
import { CATALOG_APP, catalogAppJson } from "../schemas-visibility.ts";

const PATH = "/api/v1/catalog/front/publishers/:organisationId";
const TAG = "Catalogue";
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID });

export const catalogPublisherRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "catalog.read",
    name: "readCatalogPublisher",
    summary: "Read a publisher of apps that one may see",
    description:
      "The answer is the same for an organisation of which who asks meets no app in the lists of the store and for one that is not there.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The publisher.", schema: SHOWN_PUBLISHER }],
    errors: ["organisation.not_found"],
    handle: ({ store, actor, params }) => json(shownPublisher(store, actor, params.organisationId)),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/apps`,
    access: "catalog.read",
    name: "listCatalogPublisherApps",
    summary: "List the apps of a publisher that one may see",
    description:
      "By id or as sort says, without what is unlisted. A page may have fewer apps than were asked for and another one after it. A cursor is of one order.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object({ ...PAGE_QUERY, locale: Type.Optional(LOCALE), sort: Type.Optional(SORT) }),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(CATALOG_APP) }],
    errors: ["organisation.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query: { locale, sort, ...query } }) => {
      const read = (page: PageRequest) => {
        const id = params.organisationId;
        const found = appsOfPublisher(store, actor, id, sort === undefined ? page : placed(page), sort);
        return locale === undefined
          ? found
          : { ...found, items: inLanguage(store.db.orm, found.items, locale) };
      };
      return json(pageFor(sortedList("catalog-publisher", sort), query, read, catalogAppJson));
    },
  }),
];
