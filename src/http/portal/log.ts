/** `/admin/log` */
import { Type } from "@sinclair/typebox";
import { type LogEntryRow, logPage } from "../../../views/pages/log.tsx";
import { factsOf } from "../../catalog/log/facts.ts";
import { type LogListing, listLog } from "../../catalog/log/listing.ts";
import { pageRequest, positionOf } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { pagerOf, show } from "./page.ts";

const PATH = "/admin/log";
const PER_PAGE = 50;

function entryRow({ position, at, hidden, entry }: LogListing["items"][number]): LogEntryRow {
  return { position, at, type: entry.type, hidden, facts: factsOf(entry) };
}

export const logRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: PATH,
  access: "log.read",
  name: "logPage",
  summary: "The store's log, and whether it is whole",
  query: Type.Object({ cursor: PAGE_QUERY.cursor }),
  handle: (call) => {
    const { limit, after } = pageRequest("log", { ...call.query, limit: PER_PAGE });
    const before = after === undefined ? undefined : positionOf(after);
    const { size, head, damage, items, nextBefore } = listLog(call.store, {
      limit,
      ...(before === undefined ? {} : { before }),
    });
    return show(call, (ctx) =>
      logPage(ctx, {
        size,
        head,
        damage,
        entries: items.map(entryRow),
        pager: pagerOf(
          "log",
          PATH,
          {
            after,
            nextCursor: nextBefore === null ? null : String(nextBefore),
          },
          () => (before === undefined || before + PER_PAGE >= size ? null : String(before + PER_PAGE)),
        ),
      }),
    );
  },
});
