/** `/review` */
import { Type } from "@sinclair/typebox";
import {
  type ReviewQueueProps,
  reviewQueuePage,
  reviewQueuePart,
} from "../../../views/pages/review-queue.tsx";
import { beforeQueue, countFindings, queueLength } from "../../catalog/overview.ts";
import { listQueue } from "../../review/queue.ts";
import { pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { ownerLink } from "./organisation-link.ts";
import { pagerOf, pictureUrl, show } from "./page.ts";

const PATH = "/review";
const PER_PAGE = 25;
const NO_FINDINGS = { errors: 0, warnings: 0, infos: 0 };

const QUERY = { cursor: PAGE_QUERY.cursor };

/** @throws Problem `rights.forbidden`, `cursor.invalid` */
function queueProps(
  { store, actor }: Pick<CallBase, "store" | "actor">,
  query: { readonly cursor?: string },
): ReviewQueueProps {
  const wanted = pageRequest("queue", { ...query, limit: PER_PAGE });
  const page = listQueue(store, actor, wanted);
  const findings = countFindings(
    store,
    page.items.map(({ version }) => version.id),
  );
  return {
    rows: page.items.map(({ app, version, texts }) => ({
      versionId: version.id,
      appId: app.id,
      appName: texts?.name ?? app.name,
      iconUrl: pictureUrl(app.iconKey),
      organisation: ownerLink(actor, app),
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
  };
}

export const reviewQueueRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "review.read",
    name: "reviewQueuePage",
    summary: "What waits for a decision",
    query: Type.Object(QUERY),
    handle: (call) => {
      const props = queueProps(call, call.query);
      return show(call, (ctx) => reviewQueuePage(ctx, props, liveHref(call, props)));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/events`,
    access: "review.read",
    name: "reviewQueueEvents",
    summary: "The page of the queue as it changes",
    stream: true,
    query: Type.Object({ ...QUERY, ...SEEN }),
    handle: (call) =>
      followPart(call, {
        props: (now) => queueProps(now, call.query),
        view: reviewQueuePart,
        topics: () => ["review-queue"],
      }),
  }),
];
