/** `/admin/settings` */
import { settingsPage } from "../../../views/pages/settings.tsx";
import { toldSettings } from "../../config.told.ts";
import { defineRoute, type Route } from "../route.ts";
import { show } from "./page.ts";

export const settingRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/admin/settings",
    access: "settings.read",
    name: "settingsPage",
    summary: "The store's settings, and where each was said",
    handle: (call) => {
      const settings = toldSettings(call.store.config);
      return show(call, (ctx) => settingsPage(ctx, { settings }));
    },
  }),
];
