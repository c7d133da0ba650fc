/** `/dashboard` */

import { Type } from "@sinclair/typebox";
import type { PageContext } from "../../../views/page.ts";
import { type DashboardProps, dashboardPage, dashboardPart } from "../../../views/pages/dashboard.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { listNotices } from "../../accounts/messages/outbox.ts";
import { foundingOf } from "../../accounts/organisation-makers.ts";
import { findOwnRequest } from "../../accounts/organisation-requests/ask.ts";
import { allows } from "../../accounts/rights.ts";
import { isolatedText } from "../../bidi.ts";
import { readDraft } from "../../catalog/app-drafts/drafts.ts";
import { beforeListedApps, listApps } from "../../catalog/app-list/list.ts";
import { countApps } from "../../catalog/overview.ts";
import type { Store } from "../../context.ts";
import { pageRequest } from "../cursor.ts";
import { topicsOfDashboard } from "../live/dashboard-topics.ts";
import { needsOf } from "../needs.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { appRow } from "./app-rows.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { pagerOf, show } from "./page.ts";

const PATH = "/dashboard";
const PER_PAGE = 25;

const QUERY = { cursor: PAGE_QUERY.cursor };

/** @throws Problem `cursor.invalid` */
function dashboardProps(
  { store, actor, info }: Pick<CallBase, "store" | "actor" | "info">,
  query: { readonly cursor?: string },
): DashboardProps {
  const wanted = pageRequest("apps", { ...query, limit: PER_PAGE });
  // Who belongs to no organisation and has no role in the store has no apps to list.
  const page = allows(actor, "app.read") ? listApps(store, actor, wanted) : { items: [], nextCursor: null };
  return {
    apps: page.items.map((app) => appRow(actor, app)),
    pager: pagerOf("apps", PATH, { ...wanted, nextCursor: page.nextCursor }, (after) =>
      beforeListedApps(store, actor, {}, after, PER_PAGE),
    ),
    stats: countApps(store, actor),
    ...needsOf(store, actor),
    notices: listNotices(store, actor).map(({ id, said, seenPath, createdAt }) => ({
      id,
      said,
      path: seenPath,
      at: createdAt,
    })),
    founding: foundingOf(store, actor),
    asked: askedOf(store, actor),
    storeUrl: info.origin,
    draft: draftOf(store, actor),
  };
}

/** In a text from right to left names that are Latin keep their own order. */
function inLanguage({ say, locale }: PageContext, props: DashboardProps): DashboardProps {
  const notices = props.notices.map((one) => ({ ...one, said: isolatedText(say(one.said), locale) }));
  return { ...props, notices };
}

export const dashboardRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: PATH,
  access: "self.read",
  name: "dashboardPage",
  summary: "What needs one, and one's apps",
  query: Type.Object(QUERY),
  handle: (call) => {
    const props = dashboardProps(call, call.query);
    return show(call, (ctx) => dashboardPage(ctx, inLanguage(ctx, props), liveHref(call, props)));
  },
});

export const dashboardEventsRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: `${PATH}/events`,
  access: "self.read",
  name: "dashboardEvents",
  summary: "The dashboard as its apps go on their way",
  stream: true,
  query: Type.Object({ ...QUERY, ...SEEN }),
  handle: (call) =>
    followPart(call, {
      props: (now) => dashboardProps(now, call.query),
      view: (ctx, props) => dashboardPart(ctx, inLanguage(ctx, props)),
      topics: (props) => topicsOfDashboard(call.actor, props.apps, props),
    }),
});

/** What waits of them, or was refused; what was made is among their organisations. */
function askedOf(store: Store, actor: Actor): DashboardProps["asked"] {
  const request = allows(actor, "organisation.request") ? findOwnRequest(store, actor) : null;
  if (request === null || (request.state !== "open" && request.state !== "refused")) return null;
  return { name: request.name, state: request.state };
}

/** With the id that was filled in, "" while there is none. */
function draftOf(store: Store, actor: Actor): { id: string; savedAt: Date } | null {
  const draft = actor.kind === "account" && allows(actor, "app.create") ? readDraft(store, actor) : null;
  return draft && { id: new Map(draft.fields).get("id")?.trim() ?? "", savedAt: draft.savedAt };
}
