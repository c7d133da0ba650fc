/** /api/v1/storage: what takes how much room. */
import { Type } from "@sinclair/typebox";
import { askForCount } from "../../catalog/storage-use/count.ts";
import { listStorageOfApps, readStorageUse, type StorageUse } from "../../catalog/storage-use/read.ts";
import { pageFor } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema } from "../schemas.ts";
import { STORAGE_OF_APP, STORAGE_USE } from "../schemas-storage.ts";

const PATH = "/api/v1/storage";
const TAG = "Store";

const useJson = ({ countedAt, ...use }: StorageUse) => ({
  ...use,
  countedAt: countedAt?.toISOString() ?? null,
});

export const storageRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "storage.read",
    name: "readStorageUse",
    summary: "Read what takes how much room",
    description:
      "Files by their kind, as a job counts them once a day and when somebody asks for it, and the database and the disk as they are now. A file that has a second name for everybody to download counts once.",
    tag: TAG,
    replies: [{ status: 200, description: "The room that is taken.", schema: STORAGE_USE }],
    errors: [],
    handle: ({ store, actor }) => {
      return json(useJson(readStorageUse(store, actor)));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/count`,
    access: "storage.count",
    name: "countStorage",
    summary: "Count the files now",
    description:
      "Puts a job into the queue that counts them; the answer is what was counted before, with `counting` true until the job is done. Again while it waits or runs changes nothing.",
    tag: TAG,
    replies: [{ status: 200, description: "They are going to be counted.", schema: STORAGE_USE }],
    errors: [],
    handle: ({ store, actor }) => {
      askForCount(store, actor);
      return json(useJson(readStorageUse(store, actor)));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/apps`,
    access: "storage.read",
    name: "listStorageOfApps",
    summary: "List apps by the room that they take",
    description: "The largest first, as the job last counted it. What two apps share counts for both.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(STORAGE_OF_APP) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("storage-apps", query, (page) => listStorageOfApps(store, actor, page))),
  }),
];
