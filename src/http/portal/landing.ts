/** `/` */
import { landingPage } from "../../../views/pages/landing.tsx";
import { listPublishedApps } from "../../catalog/apps.ts";
import { iconKeys } from "../../catalog/pictures.ts";
import { defineRoute, type Route } from "../route.ts";
import { pictureUrl, show } from "./page.ts";

const SHOWN_APPS = 12;

export const landingRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: "/",
  access: "public",
  name: "landingPage",
  summary: "What this store is, and what is new in it",
  handle: (call) => {
    const apps = listPublishedApps(call.store, SHOWN_APPS);
    const icons = iconKeys(
      call.store,
      apps.flatMap((app) => app.newestVersion?.id ?? []),
    );
    return show(call, (ctx) =>
      landingPage(ctx, {
        tagline: null,
        apps: apps.flatMap(({ id, name, summary, organisationName, newestVersion }) =>
          newestVersion === null
            ? []
            : [
                {
                  id,
                  name,
                  summary: summary === "" ? null : summary,
                  publisher: organisationName,
                  version: newestVersion.version,
                  iconUrl: pictureUrl(icons.get(newestVersion.id)),
                  href: null,
                },
              ],
        ),
      }),
    );
  },
});
