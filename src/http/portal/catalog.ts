/** `/catalog`: the apps that a visitor may see in the store, an app with its versions, and the file of a version. */
import { Type } from "@sinclair/typebox";
import { sortQuery } from "../../../views/components/sort-links.tsx";
import { LINK_KINDS } from "../../../views/components/store-listing.tsx";
import { type CatalogProps, catalogPage } from "../../../views/pages/catalog.tsx";
import { catalogAppPage } from "../../../views/pages/catalog-app.tsx";
import { catalogCollectionPage, catalogCollectionsPage } from "../../../views/pages/catalog-collections.tsx";
import {
  appsInCategory,
  beforeInCategory,
  findShownCategory,
  partsOfCategory,
} from "../../catalog/categories/browse.ts";
import {
  appsInCollection,
  hasCollections,
  shownCollection,
  shownCollections,
} from "../../catalog/collections/browse.ts";
import { notesInLanguage } from "../../catalog/release-notes/shown.ts";
import { appsByOrder, beforeByOrder } from "../../catalog/sorting/browse.ts";
import type { Order } from "../../catalog/sorting/orders.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { localeFor } from "../../catalog/store-listing/texts.ts";
import { isPublisherShown } from "../../catalog/store-publishers/browse.ts";
import { beforeVisible, visibleApps } from "../../catalog/visibility/visible.ts";
import {
  beforeVisibleVersions,
  mayDownload,
  type ShownVersion,
  visibleDetails,
  visibleVersions,
} from "../../catalog/visibility/visible-versions.ts";
import type { VersionCode } from "../../ids.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { numbered, pageRequest, placed } from "../cursor.ts";
import { appLink } from "../enrolment-link.ts";
import { servePackage } from "../package-reply.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, VERSION_CODE } from "../schemas.ts";
import { COLLECTION_ID } from "../schemas-collections.ts";
import { CATEGORY_ID, SORT, sortedList } from "../schemas-front.ts";
import { codePage } from "../schemas-visibility.ts";
import { CATEGORIES_PATH, categoryHead, categoryLink, categoryLinks } from "./category-links.ts";
import { COLLECTIONS_PATH, collectionHead } from "./collection-links.ts";
import { hostsOf, permissionsOf } from "./manifest.ts";
import { markdownHtml, notesIn } from "./markdown.ts";
import { numberedPager, pagerOf, show } from "./page.ts";
import { drawQr } from "./qr.ts";
import { screenshotsIn } from "./shown-screenshots.ts";
import { CATALOG_PATH, publisherPath, storeApp } from "./store-app.ts";
import { ratingsOn } from "./store-ratings.ts";
import { APPS_A_PAGE, foundApps, pageOfApps, questionOf } from "./store-search.ts";

const PATH = CATALOG_PATH;
const VERSIONS_A_PAGE = 10;

type Asked = {
  readonly question: string;
  readonly cursor: string | undefined;
  /** The id of the category that is looked at; null: all apps. */
  readonly category: string | null;
  /** Undefined: by id. What a question finds has an order of its own. */
  readonly sort: Order | undefined;
};

/** All that one may see, or what of it a question finds; of one category, or of all. */
function showApps(call: CallBase, asked: Asked): Promise<Response> {
  const { question, category } = asked;
  const path = category === null ? PATH : `${CATEGORIES_PATH}/${category}`;
  const isStart = category === null && question === "" && asked.cursor === undefined;
  return show(call, (ctx) =>
    catalogPage(ctx, {
      ...(question === "" ? listed(call, asked, path, ctx.locale) : foundApps(call, asked, path, ctx.locale)),
      hasCollections: isStart && hasCollections(call.store, call.actor),
      categories: categoryLinks(call, ctx.locale, { asked: question, current: category, sort: asked.sort }),
      category: category === null ? null : categoryHead(call, category, ctx.locale),
      sort: { path, current: asked.sort ?? null },
    }),
  );
}

type Shown = Pick<CatalogProps, "apps" | "pager" | "search">;

function listed(
  { store, actor }: CallBase,
  { cursor, category, sort }: Asked,
  path: string,
  locale: string,
): Shown {
  if (sort !== undefined) {
    const list = sortedList("catalog", sort);
    const parts = partsOfCategory(store, category);
    const wanted = placed(pageOfApps(list, cursor));
    const page = appsByOrder(store, actor, parts, sort, wanted);
    return {
      apps: inLanguage(store.db.orm, page.items, locale).map(storeApp),
      pager: pagerOf(list, path + sortQuery(sort), { ...wanted, nextCursor: page.nextCursor }, (after) =>
        beforeByOrder(store, actor, parts, sort, after, APPS_A_PAGE),
      ),
      search: null,
    };
  }
  const wanted = pageOfApps("catalog", cursor);
  const page =
    category === null ? visibleApps(store, actor, wanted) : appsInCategory(store, actor, category, wanted);
  return {
    apps: inLanguage(store.db.orm, page.items, locale).map(storeApp),
    pager: pagerOf("catalog", path, { ...wanted, nextCursor: page.nextCursor }, (after) =>
      category === null
        ? beforeVisible(store, actor, after, APPS_A_PAGE)
        : beforeInCategory(store, actor, category, after, APPS_A_PAGE),
    ),
    search: null,
  };
}

const QUERY = Type.Object({
  cursor: PAGE_QUERY.cursor,
  q: Type.Optional(Type.String()),
  sort: Type.Optional(SORT),
});

export const catalogRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "public",
    name: "catalogPage",
    summary: "The apps that a visitor may see in the store",
    query: QUERY,
    handle: (call) => {
      const { q, cursor, sort } = call.query;
      return showApps(call, { question: questionOf(q), cursor, category: null, sort });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${CATEGORIES_PATH}/:categoryId`,
    access: "public",
    name: "catalogCategoryPage",
    summary: "The apps of a category that a visitor may see in the store",
    params: Type.Object({ categoryId: CATEGORY_ID }),
    query: QUERY,
    handle: (call) => {
      const { store, params, query, url } = call;
      const { id } = findShownCategory(store, params.categoryId).row;
      // One that was merged into another is that one.
      if (id !== params.categoryId) return redirect(`${CATEGORIES_PATH}/${id}${url.search}`);
      const { q, cursor, sort } = query;
      return showApps(call, { question: questionOf(q), cursor, category: id, sort });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: COLLECTIONS_PATH,
    access: "public",
    name: "catalogCollectionsPage",
    summary: "The collections in which a visitor may see an app",
    handle: (call) => {
      const collections = shownCollections(call.store, call.actor);
      return show(call, (ctx) =>
        catalogCollectionsPage(ctx, {
          collections: collections.map((one) => collectionHead(one, ctx.locale)),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${COLLECTIONS_PATH}/:collectionId`,
    access: "public",
    name: "catalogCollectionPage",
    summary: "The apps of a collection that a visitor may see",
    params: Type.Object({ collectionId: COLLECTION_ID }),
    query: Type.Object({ cursor: PAGE_QUERY.cursor, sort: Type.Optional(SORT) }),
    handle: (call) => {
      const { store, actor, params, query } = call;
      const { collectionId } = params;
      const { sort } = query;
      const collection = shownCollection(store, actor, collectionId);
      const list = sortedList("catalog-collection", sort);
      const wanted = numbered(pageOfApps(list, query.cursor));
      const page = appsInCollection(store, actor, collectionId, wanted, sort);
      const path = `${COLLECTIONS_PATH}/${collectionId}`;
      return show(call, (ctx) =>
        catalogCollectionPage(ctx, {
          collection: collectionHead(collection, ctx.locale),
          apps: inLanguage(store.db.orm, page.items, ctx.locale).map(storeApp),
          pager: numberedPager(list, path + sortQuery(sort), wanted, page.nextCursor),
          sort: { path, current: sort ?? null, own: "arranged" },
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/:appId`,
    access: "public",
    name: "catalogAppPage",
    summary: "An app of the store, and its versions",
    params: Type.Object({ appId: APP_ID }),
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, info, params, query } = call;
      const { app, newest, manifest, screenshots, yanked, ...said } = visibleDetails(
        store,
        actor,
        params.appId,
      );
      const wanted = pageRequest("catalog-versions", { ...query, limit: VERSIONS_A_PAGE });
      const page = visibleVersions(store, actor, app.id, codePage(wanted));
      const path = `${PATH}/${app.id}`;
      const downloads = mayDownload(store, actor);
      const link = appLink(store, info, app.id);
      const row = ({ version, versionCode, publishedAt, sizeBytes }: ShownVersion) => ({
        version,
        code: versionCode,
        publishedAt,
        sizeBytes,
        href: downloads ? `${path}/versions/${versionCode}/package` : null,
      });
      return show(call, (ctx) => {
        const { defaultLocale, byLocale } = said.texts;
        const texts = byLocale.get(localeFor(ctx.locale, byLocale, defaultLocale));
        const notes = notesInLanguage(store.db.orm, [newest, ...page.items], ctx.locale);
        const shownRow = (version: ShownVersion) => {
          const { text, language } = notes.get(version.id) ?? { text: "", language: null };
          return { ...row(version), notes: notesIn(text, language) };
        };
        return catalogAppPage(ctx, {
          app: {
            ...storeApp({ ...app, ...texts }),
            publisherHref: isPublisherShown(store, actor, app.publisherId)
              ? publisherPath(app.publisherId)
              : null,
          },
          category: categoryLink(call, app.category, ctx.locale),
          link,
          qr: drawQr(link),
          signature: {
            developerKey: said.developerKeyid === null ? null : fingerprintText(said.developerKeyid),
            sha256: newest.sha256,
          },
          ratings: ratingsOn(call, app, ctx.locale),
          descriptionHtml: markdownHtml(texts?.description ?? ""),
          tags: said.tags,
          links: LINK_KINDS.flatMap((kind) => {
            const href = said.links[kind];
            return href === undefined ? [] : [{ kind, href }];
          }),
          newest: shownRow(newest),
          screenshots: screenshotsIn(screenshots, ctx.locale, defaultLocale),
          permissions: permissionsOf(store.api(), manifest, ctx.locale),
          hosts: hostsOf(manifest),
          yanked: yanked.map(({ version, versionCode, reason, at }) => ({
            version,
            code: versionCode,
            reason,
            at,
          })),
          versions: page.items.map(shownRow),
          pager: pagerOf("catalog-versions", path, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeVisibleVersions(store, app.id, Number(after) as VersionCode, VERSIONS_A_PAGE),
          ),
        });
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/:appId/versions/:versionCode/package`,
    access: "public",
    name: "packageOfCatalog",
    summary: "Download a version that a visitor may see",
    params: Type.Object({ appId: APP_ID, versionCode: VERSION_CODE }),
    handle: servePackage,
  }),
];
