/** `/` */
import { Type } from "@sinclair/typebox";
import { landingPage } from "../../../views/pages/landing.tsx";
import { needsSetup } from "../../accounts/setup.ts";
import { signUpOf } from "../../accounts/sign-up.ts";
import { appearanceOf, shownAppearance } from "../../catalog/appearance/appearance.ts";
import { mostInstalled } from "../../catalog/installs/most.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { newestApps, type ShownApp } from "../../catalog/visibility/visible.ts";
import { defineRoute, type Route } from "../route.ts";
import { categoryLinks } from "./category-links.ts";
import { frontRows } from "./collection-links.ts";
import { markdownHtml } from "./markdown.ts";
import { show } from "./page.ts";
import { CATALOG_PATH, storeApp } from "./store-app.ts";
import { foundApps, questionOf } from "./store-search.ts";

const SHOWN_APPS = 12;
const SHOWN_MOST = 8;
const NO_ROWS = { featured: null, collections: [], hasMoreCollections: false } as const;

export const landingRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/",
  access: "public",
  name: "landingPage",
  summary: "What this store is, and what is new in it for who looks, or what a question finds",
  query: Type.Object({ q: Type.Optional(Type.String()) }),
  handle: (call) => {
    const { store, actor } = call;
    const question = questionOf(call.query.q);
    // Of what a search replaces nothing is asked but whether there is an app at all.
    const isSearch = question !== "";
    const apps = newestApps(store, actor, isSearch ? 1 : SHOWN_APPS);
    const most = isSearch ? [] : mostInstalled(store, actor, SHOWN_MOST);
    return show(call, (ctx) => {
      const shown = (of: readonly ShownApp[]) => inLanguage(store.db.orm, of, ctx.locale).map(storeApp);
      const { tagline, about } = shownAppearance(appearanceOf(store), ctx.locale);
      return landingPage(ctx, {
        ...(isSearch ? NO_ROWS : frontRows(call, ctx.locale)),
        tagline,
        aboutHtml: markdownHtml(about?.text ?? ""),
        aboutLanguage: about?.language ?? null,
        signUp: signUpOf(store),
        needsSetup: needsSetup(store),
        apps: shown(apps),
        mostInstalled: shown(most),
        found: isSearch
          ? {
              ...foundApps(call, { question, category: null }, CATALOG_PATH, ctx.locale),
              categories: categoryLinks(call, ctx.locale, { asked: question }),
            }
          : null,
      });
    });
  },
});
