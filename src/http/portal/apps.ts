/** `/apps`: all apps that one may open, searched, narrowed and in order. */
import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import { appsPage } from "../../../views/pages/apps.tsx";
import { allowsEverywhere } from "../../accounts/rights.ts";
import {
  type AppFilters,
  type AppOrder,
  NEWEST_STATES,
  type NewestState,
} from "../../catalog/app-list/filters.ts";
import { beforeListedApps, listApps, organisationsBeginning } from "../../catalog/app-list/list.ts";
import { APP_LIST_QUERY, APP_SEARCH_CHARACTERS } from "../app-list-query.ts";
import { narrowedList, pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY } from "../schemas.ts";
import { appRow } from "./app-rows.ts";
import { pagerOf, show } from "./page.ts";

const PATH = "/apps";
const PER_PAGE = 25;

type Asked = {
  readonly search?: string;
  readonly organisation?: string;
  readonly state?: NewestState | "";
  readonly sort?: AppOrder;
  readonly cursor?: string;
};

function showApps(call: CallBase, { cursor, ...given }: Asked): Promise<Response> {
  const { store, actor } = call;
  const search = (given.search ?? "").trim();
  const organisation = (given.organisation ?? "").trim();
  const state = given.state ?? "";
  // People look for names; programs, which go through everything, by ids.
  const { sort = "name" } = given;
  const beginning = organisation === "" ? null : organisationsBeginning(store, actor, organisation);
  const filters: AppFilters = {
    sort,
    search,
    ...(state === "" ? {} : { state }),
    ...(beginning === null ? {} : { organisationIds: beginning.organisations.map(({ id }) => id) }),
  };
  const asked = { search, organisation, state, sort: sort === "name" ? "" : sort };
  const list = narrowedList("apps-page", asked);
  const wanted = pageRequest(list, { limit: PER_PAGE, ...(cursor === undefined ? {} : { cursor }) });
  const page = listApps(store, actor, { ...filters, ...wanted });
  return show(call, (ctx) =>
    appsPage(ctx, {
      apps: page.items.map((app) => appRow(actor, app)),
      pager: pagerOf(list, narrowedHref(PATH, asked), { ...wanted, nextCursor: page.nextCursor }, (after) =>
        beforeListedApps(store, actor, filters, after, PER_PAGE),
      ),
      asked: { search, organisation, state, sort },
      isAll: allowsEverywhere(actor, "app.read"),
      hasSeveral: organisation !== "" || organisationsBeginning(store, actor, "").organisations.length > 1,
      organisations: beginning && {
        names: beginning.organisations.map(({ name }) => name),
        isCut: beginning.isCut,
      },
      found: page.found,
      isCut: page.isCut,
    }),
  );
}

export const appListRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: PATH,
  access: "app.read",
  name: "appsPage",
  summary: "All apps that one may open",
  query: Type.Object({
    cursor: PAGE_QUERY.cursor,
    search: Type.Optional(Type.String({ maxLength: APP_SEARCH_CHARACTERS })),
    organisation: Type.Optional(Type.String({ maxLength: APP_SEARCH_CHARACTERS })),
    state: Type.Optional(oneOf("", ...NEWEST_STATES)),
    sort: APP_LIST_QUERY.sort,
  }),
  handle: (call) => showApps(call, call.query),
});
