/** `/catalog/publishers/:organisationId`: the apps of a publisher that a visitor may see in the store. */
import { Type } from "@sinclair/typebox";
import { catalogPublisherPage } from "../../../views/pages/catalog-publisher.tsx";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { appsOfPublisher, beforeOfPublisher, shownPublisher } from "../../catalog/store-publishers/browse.ts";
import { pageRequest } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY } from "../schemas.ts";
import { pagerOf, show } from "./page.ts";
import { PUBLISHERS_PATH, publisherPath, storeApp } from "./store-app.ts";

const APPS_A_PAGE = 24;

export const catalogPublisherRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PUBLISHERS_PATH}/:organisationId`,
    access: "public",
    name: "catalogPublisherPage",
    summary: "The apps of a publisher that a visitor may see in the store",
    params: Type.Object({ organisationId: ORGANISATION_ID }),
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, query } = call;
      const { id, name, apps, hasMore } = shownPublisher(store, actor, call.params.organisationId);
      const wanted = pageRequest("catalog-publisher", { ...query, limit: APPS_A_PAGE });
      const page = appsOfPublisher(store, actor, id, wanted);
      return show(call, (ctx) =>
        catalogPublisherPage(ctx, {
          publisher: { name, apps, hasMore },
          apps: inLanguage(store.db.orm, page.items, ctx.locale).map(storeApp),
          pager: pagerOf(
            "catalog-publisher",
            publisherPath(id),
            { ...wanted, nextCursor: page.nextCursor },
            (after) => beforeOfPublisher(store, actor, id, after, APPS_A_PAGE),
          ),
        }),
      );
    },
  }),
];
