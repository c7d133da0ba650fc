/** `/` */
import { landingPage } from "../../../views/pages/landing.tsx";
import { signUpOf } from "../../accounts/sign-up.ts";
import { appearanceOf, shownAppearance } from "../../catalog/appearance/appearance.ts";
import { mostInstalled } from "../../catalog/installs/most.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { newestApps, type ShownApp } from "../../catalog/visibility/visible.ts";
import { defineRoute, type Route } from "../route.ts";
import { frontRows } from "./collection-links.ts";
import { markdownHtml } from "./markdown.ts";
import { show } from "./page.ts";
import { storeApp } from "./store-app.ts";

const SHOWN_APPS = 12;
const SHOWN_MOST = 8;

export const landingRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/",
  access: "public",
  name: "landingPage",
  summary: "What this store is, and what is new in it for who looks",
  handle: (call) => {
    const { store, actor } = call;
    const apps = newestApps(store, actor, SHOWN_APPS);
    const most = mostInstalled(store, actor, SHOWN_MOST);
    return show(call, (ctx) => {
      const shown = (of: readonly ShownApp[]) => inLanguage(store.db.orm, of, ctx.locale).map(storeApp);
      const { tagline, about } = shownAppearance(appearanceOf(store), ctx.locale);
      return landingPage(ctx, {
        ...frontRows(call, ctx.locale),
        tagline,
        aboutHtml: markdownHtml(about?.text ?? ""),
        aboutLanguage: about?.language ?? null,
        signUp: signUpOf(store),
        apps: shown(apps),
        mostInstalled: shown(most),
      });
    });
  },
});
