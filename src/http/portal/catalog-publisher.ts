/** `/catalog/publishers/:organisationId`: the apps of a publisher that a visitor may see in the store. */
import { Type } from "@sinclair/typebox";
import { sortQuery } from "../../../views/components/sort-links.tsx";
import { catalogPublisherPage } from "../../../views/pages/catalog-publisher.tsx";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { appsOfPublisher, beforeOfPublisher, shownPublisher } from "../../catalog/store-publishers/browse.ts";
import { placed } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY } from "../schemas.ts";
import { SORT, sortedList } from "../schemas-front.ts";
import { pagerOf, show } from "./page.ts";
import { PUBLISHERS_PATH, publisherPath, storeApp } from "./store-app.ts";
import { APPS_A_PAGE, pageOfApps } from "./store-search.ts";

export const catalogPublisherRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PUBLISHERS_PATH}/:organisationId`,
    access: "public",
    name: "catalogPublisherPage",
    summary: "The apps of a publisher that a visitor may see in the store",
    params: Type.Object({ organisationId: ORGANISATION_ID }),
    query: Type.Object({ cursor: PAGE_QUERY.cursor, sort: Type.Optional(SORT) }),
    handle: (call) => {
      const { store, actor } = call;
      const { sort, cursor } = call.query;
      const { id, name, apps, hasMore } = shownPublisher(store, actor, call.params.organisationId);
      const list = sortedList("catalog-publisher", sort);
      const wanted = pageOfApps(list, cursor);
      const page = appsOfPublisher(store, actor, id, sort === undefined ? wanted : placed(wanted), sort);
      const path = publisherPath(id);
      return show(call, (ctx) =>
        catalogPublisherPage(ctx, {
          publisher: { name, apps, hasMore },
          apps: inLanguage(store.db.orm, page.items, ctx.locale).map(storeApp),
          pager: pagerOf(list, path + sortQuery(sort), { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeOfPublisher(store, actor, id, after, APPS_A_PAGE, sort),
          ),
          sort: { path, current: sort ?? null },
        }),
      );
    },
  }),
];
