/** The page of all apps, in every state worth looking at. */
import { type AppsProps, appsPage } from "../pages/apps.tsx";
import { ADMINISTRATOR, DEVELOPER } from "./context.ts";
import {
  dashboardApps,
  HOSTILE,
  HOSTILE_NAMES,
  LONG_NAME,
  LONGEST,
  NO_PAGER,
  ORDINARY,
  PAGER,
} from "./data.ts";
import type { Sample } from "./samples.ts";

const props = (changes: Partial<AppsProps> = {}): AppsProps => ({
  apps: dashboardApps(ORDINARY),
  pager: PAGER,
  asked: { search: "", state: "", organisation: "", sort: "name" },
  isAll: true,
  hasSeveral: true,
  organisations: null,
  found: null,
  isCut: false,
  ...changes,
});
const asked = (changes: Partial<AppsProps["asked"]>): AppsProps["asked"] => ({
  ...props().asked,
  ...changes,
});

export const APPS_SAMPLES: readonly Sample[] = [
  { name: "apps", path: "/apps", viewer: ADMINISTRATOR, render: (ctx) => appsPage(ctx, props()) },
  {
    name: "apps-own",
    path: "/apps",
    viewer: DEVELOPER,
    render: (ctx) => appsPage(ctx, props({ isAll: false, hasSeveral: false, pager: NO_PAGER })),
  },
  {
    name: "apps-found",
    path: "/apps",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      appsPage(
        ctx,
        props({
          asked: asked({ search: "notes", state: "published", organisation: "no", sort: "newest" }),
          found: 6,
          organisations: { names: [ORDINARY.organisation, "شركة الشمال", "Nordlicht GmbH"], isCut: false },
          pager: NO_PAGER,
        }),
      ),
  },
  {
    name: "apps-none-found",
    path: "/apps",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      appsPage(
        ctx,
        props({ apps: [], asked: asked({ search: LONG_NAME.slice(0, 200) }), found: 0, pager: NO_PAGER }),
      ),
  },
  {
    name: "apps-no-organisation",
    path: "/apps",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      appsPage(
        ctx,
        props({
          apps: [],
          asked: asked({ organisation: "x" }),
          organisations: { names: [], isCut: false },
          pager: NO_PAGER,
        }),
      ),
  },
  {
    name: "apps-empty",
    path: "/apps",
    viewer: ADMINISTRATOR,
    render: (ctx) => appsPage(ctx, props({ apps: [], pager: NO_PAGER, hasSeveral: false })),
  },
  {
    name: "apps-longest",
    path: "/apps",
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      appsPage(
        ctx,
        props({
          apps: dashboardApps(LONGEST),
          asked: asked({ search: "a", organisation: LONG_NAME }),
          found: 500,
          isCut: true,
          organisations: { names: Array.from({ length: 20 }, () => LONG_NAME), isCut: true },
        }),
      ),
  },
];

export const HOSTILE_APPS_SAMPLES: readonly Sample[] = [
  {
    name: "apps",
    path: HOSTILE,
    viewer: ADMINISTRATOR,
    render: (ctx) =>
      appsPage(
        ctx,
        props({
          apps: dashboardApps(HOSTILE_NAMES),
          asked: asked({ search: HOSTILE, organisation: HOSTILE }),
          found: 1,
          organisations: { names: [HOSTILE], isCut: true },
        }),
      ),
  },
];
