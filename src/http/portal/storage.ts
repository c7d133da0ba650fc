/** `/admin/storage` */
import { Type } from "@sinclair/typebox";
import { storagePage } from "../../../views/pages/storage.tsx";
import { allows } from "../../accounts/rights.ts";
import { askForCount } from "../../catalog/storage-use/count.ts";
import { beforeStorageOfApps, listStorageOfApps, readStorageUse } from "../../catalog/storage-use/read.ts";
import { pageRequest } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/admin/storage";
const LIST = "storage-apps";
const PER_PAGE = 20;

const storageRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: PATH,
  access: "storage.read",
  name: "storagePage",
  summary: "What takes how much room",
  query: Type.Object({ cursor: PAGE_QUERY.cursor }),
  handle: (call) => {
    const { store, actor, query } = call;
    const wanted = pageRequest(LIST, { ...query, limit: PER_PAGE });
    const listed = listStorageOfApps(store, actor, wanted);
    const use = readStorageUse(store, actor);
    return show(call, (ctx) =>
      storagePage(ctx, {
        ...use,
        mayCount: allows(actor, "storage.count"),
        apps: listed.items,
        pager: pagerOf(LIST, PATH, { ...wanted, nextCursor: listed.nextCursor }, (after) =>
          beforeStorageOfApps(store, after, PER_PAGE),
        ),
      }),
    );
  },
});

export const storageRoutes: readonly Route[] = [
  storageRoute,
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/count`,
    access: "storage.count",
    name: "countStorageForm",
    summary: "Count the files now",
    handle: (call) => {
      askForCount(call.store, call.actor);
      return goOn(call, PATH, "storage_counting");
    },
  }),
];
