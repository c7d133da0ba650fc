/** `/review` */
import { Type } from "@sinclair/typebox";
import { reviewQueuePage } from "../../../views/pages/review-queue.tsx";
import { beforeQueue, countFindings, queueLength } from "../../catalog/overview.ts";
import { listQueue } from "../../review/queue.ts";
import { pageRequest } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { pagerOf, pictureUrl, show } from "./page.ts";

const PATH = "/review";
const PER_PAGE = 25;
const NO_FINDINGS = { errors: 0, warnings: 0, infos: 0 };

export const reviewQueueRoute: Route = defineRoute({
  area: "page",
  method: "GET",
  path: PATH,
  access: "review.read",
  name: "reviewQueuePage",
  summary: "What waits for a decision",
  query: Type.Object({ cursor: PAGE_QUERY.cursor }),
  handle: (call) => {
    const { store, actor, query } = call;
    const wanted = pageRequest("queue", { ...query, limit: PER_PAGE });
    const page = listQueue(store, actor, wanted);
    const findings = countFindings(
      store,
      page.items.map(({ version }) => version.id),
    );
    return show(call, (ctx) =>
      reviewQueuePage(ctx, {
        rows: page.items.map(({ app, version, texts }) => ({
          versionId: version.id,
          appId: app.id,
          appName: texts?.name ?? app.name,
          iconUrl: pictureUrl(app.iconKey),
          organisation: app.organisationName,
          version: version.version,
          isUpdate: app.publishedAt !== null,
          sizeBytes: version.uploadSizeBytes,
          findings: findings.get(version.id) ?? NO_FINDINGS,
          submittedAt: version.submittedAt ?? version.createdAt,
        })),
        waiting: queueLength(store).waiting,
        pager: pagerOf("queue", PATH, { ...wanted, nextCursor: page.nextCursor }, (after) =>
          beforeQueue(store, after, PER_PAGE),
        ),
      }),
    );
  },
});
