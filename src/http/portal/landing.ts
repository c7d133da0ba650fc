/** `/` */
import { landingPage } from "../../../views/pages/landing.tsx";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { newestApps } from "../../catalog/visibility/visible.ts";
import { defineRoute, type Route } from "../route.ts";
import { storeApp } from "./catalog.ts";
import { show } from "./page.ts";

const SHOWN_APPS = 12;

export const landingRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/",
  access: "public",
  name: "landingPage",
  summary: "What this store is, and what is new in it for who looks",
  handle: (call) => {
    const apps = newestApps(call.store, call.actor, SHOWN_APPS);
    return show(call, (ctx) =>
      landingPage(ctx, {
        tagline: null,
        apps: inLanguage(call.store.db.orm, apps, ctx.locale).map(storeApp),
      }),
    );
  },
});
