/** `/catalog`: the apps that a visitor may see in the store, an app with its versions, and the file of a version. */
import { Type } from "@sinclair/typebox";
import { SEARCH_CHARACTERS } from "../../../views/components/search-box.tsx";
import type { StoreApp } from "../../../views/components/store-front.tsx";
import { catalogPage } from "../../../views/pages/catalog.tsx";
import { catalogAppPage } from "../../../views/pages/catalog-app.tsx";
import { MOST_FOUND, searchApps } from "../../catalog/search/ask.ts";
import { beforeVisible, type ShownApp, visibleApps } from "../../catalog/visibility/visible.ts";
import {
  beforeVisibleVersions,
  mayDownload,
  type ShownVersion,
  visibleDetails,
  visibleVersions,
} from "../../catalog/visibility/visible-versions.ts";
import type { VersionCode } from "../../ids.ts";
import { pageRequest, positionOf } from "../cursor.ts";
import { servePackage } from "../package-reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, VERSION_CODE } from "../schemas.ts";
import { codePage } from "../schemas-visibility.ts";
import { hostsOf, permissionsOf, screenshotOf } from "./manifest.ts";
import { pagerOf, pictureUrl, show } from "./page.ts";

const PATH = "/catalog";
const APPS_A_PAGE = 24;
const VERSIONS_A_PAGE = 10;

export function storeApp(app: ShownApp): StoreApp {
  const { id, name, summary, publisher, version, visibility } = app;
  return {
    id,
    name,
    summary: summary === "" ? null : summary,
    publisher,
    version,
    iconUrl: pictureUrl(app.iconKey),
    href: `${PATH}/${id}`,
    only: visibility === "everyone" ? null : visibility,
  };
}

/** By numbers: the next page begins where this one ends. */
function showFound(call: CallBase, question: string, cursor: string | undefined): Promise<Response> {
  const { store, actor } = call;
  const wanted = pageRequest("catalog-search", {
    limit: APPS_A_PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const from = wanted.after === undefined ? 0 : positionOf(wanted.after);
  const before = from > APPS_A_PAGE ? String(from - APPS_A_PAGE) : null;
  return show(call, (ctx) => {
    const page = searchApps(store, actor, { question, locale: ctx.locale }, wanted);
    const path = `${PATH}?q=${encodeURIComponent(question)}`;
    return catalogPage(ctx, {
      apps: page.items.map(storeApp),
      pager: pagerOf("catalog-search", path, { ...wanted, nextCursor: page.nextCursor }, () => before),
      search: { query: question, found: page.found, isCut: page.found === MOST_FOUND },
    });
  });
}

export const catalogRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "public",
    name: "catalogPage",
    summary: "The apps that a visitor may see in the store",
    query: Type.Object({ cursor: PAGE_QUERY.cursor, q: Type.Optional(Type.String()) }),
    handle: (call) => {
      const { store, actor, query } = call;
      const question = (query.q ?? "").trim().slice(0, SEARCH_CHARACTERS);
      if (question !== "") return showFound(call, question, query.cursor);
      const wanted = pageRequest("catalog", { ...query, limit: APPS_A_PAGE });
      const page = visibleApps(store, actor, wanted);
      return show(call, (ctx) =>
        catalogPage(ctx, {
          apps: page.items.map(storeApp),
          pager: pagerOf("catalog", PATH, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeVisible(store, actor, after, APPS_A_PAGE),
          ),
          search: null,
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
      const { store, actor, params, query } = call;
      const { app, newest, manifest, screenshots, yanked } = visibleDetails(store, actor, params.appId);
      const wanted = pageRequest("catalog-versions", { ...query, limit: VERSIONS_A_PAGE });
      const page = visibleVersions(store, actor, app.id, codePage(wanted));
      const path = `${PATH}/${app.id}`;
      const downloads = mayDownload(store, actor);
      const row = ({ version, versionCode, publishedAt, sizeBytes }: ShownVersion) => ({
        version,
        code: versionCode,
        publishedAt,
        sizeBytes,
        href: downloads ? `${path}/versions/${versionCode}/package` : null,
      });
      return show(call, (ctx) =>
        catalogAppPage(ctx, {
          app: storeApp(app),
          newest: { ...row(newest), notes: newest.notes },
          screenshots: screenshots.map((picture) => screenshotOf(picture, manifest)),
          permissions: permissionsOf(store.api(), manifest, ctx.locale),
          hosts: hostsOf(manifest),
          yanked: yanked.map(({ version, versionCode, reason, at }) => ({
            version,
            code: versionCode,
            reason,
            at,
          })),
          versions: page.items.map(row),
          pager: pagerOf("catalog-versions", path, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeVisibleVersions(store, app.id, Number(after) as VersionCode, VERSIONS_A_PAGE),
          ),
        }),
      );
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
