/**
 * Telling the members of an organisation of an event: the few of most at once, in its transaction; of many a job is put there,
 * which tells some in each of its transactions and writes down in the same one how far it has come. So each is told once, also
 * where the process ends in the middle, and nobody waits for ten thousand rows.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type AccountId, type AppId, isAppId, isId, type OrganisationId, type VersionId } from "../../ids.ts";
import { enqueue, type JobPayload, keepPayload, payloadOf } from "../../jobs/queue.ts";
import type { JobRun } from "../../jobs/scheduler.ts";
import type { Action } from "../rights.ts";
import type { NotificationKind } from "./kinds.ts";
import { notify } from "./letters.ts";
import { membersWho } from "./people.ts";

export const SPREAD_JOB = "notifications.spread";

/** Where there are more members, whatever their roles, the job tells them. */
const MOST_AT_HAND = 100;
/** Members that the job looks at in one transaction. */
const AT_ONCE = 500;

/** What members are told of, each with what those may do to whom it is told. */
const HEARD_BY = {
  "app.visibility": "app.visibility",
  "version.approved": "version.upload",
  "version.failed": "version.upload",
  "version.held": "version.upload",
  "version.published": "version.upload",
  "version.rejected": "version.upload",
  "version.stopped": "version.upload",
} as const satisfies Partial<Record<NotificationKind, Action>>;

export type MembersKind = keyof typeof HEARD_BY;

export type MembersEvent = {
  readonly kind: MembersKind;
  readonly organisationId: OrganisationId;
  readonly appId: AppId;
  readonly versionId?: VersionId;
  /** The page that it is about. */
  readonly path: string;
};

/** In the transaction of the event. @param by Label of who did it: they are not told. */
export function notifyMembers(tx: Tx, event: MembersEvent, by: string, now: Date): void {
  const { people, next } = hearersOf(tx, event, by, null, { after: "", limit: MOST_AT_HAND });
  if (next === null) {
    notify(tx, people, event, now);
    return;
  }
  // Of one organisation in the order in which it happened.
  const payload = { ...event, by, at: now.getTime(), after: "" };
  enqueue(tx, { kind: SPREAD_JOB, key: event.organisationId, payload }, now);
}

/** The job. */
export async function spreadNotifications(store: Store, { job, signal }: JobRun): Promise<void> {
  while (write(store.db, (tx) => spreadOn(tx, job.id))) {
    await Bun.sleep(0);
    signal.throwIfAborted();
  }
}

/** False: everybody is told. */
function spreadOn(tx: Tx, id: JobRun["job"]["id"]): boolean {
  const payload = payloadOf(tx, id);
  const { event, by, at, after } = spreadIn(payload);
  const { people, next } = hearersOf(tx, event, by, at, { after, limit: AT_ONCE });
  notify(tx, people, event, at);
  // Past the last one, so that it tells nobody when it is run again.
  keepPayload(tx, id, { ...payload, after: next ?? LAST });
  return next !== null;
}

/** After every id of an account. */
const LAST = "acc-~" as AccountId;

function hearersOf(
  tx: Tx,
  { kind, organisationId, appId }: MembersEvent,
  by: string,
  at: Date | null,
  page: Parameters<typeof membersWho>[2],
) {
  return membersWho(tx, { action: HEARD_BY[kind], organisationId, appId, by, at }, page);
}

function spreadIn({ kind, organisationId, appId, versionId, path, by, at, after }: JobPayload) {
  const isEvent = typeof kind === "string" && Object.hasOwn(HEARD_BY, kind) && typeof path === "string";
  const isOf = typeof organisationId === "string" && isId("org", organisationId);
  if (!isEvent || !isOf || typeof appId !== "string" || !isAppId(appId))
    throw new Error("the job names no event");
  if (typeof by !== "string" || typeof at !== "number" || typeof after !== "string")
    throw new Error("the job says not how far it has come");
  const ofVersion = typeof versionId === "string" && isId("ver", versionId) ? { versionId } : {};
  const event: MembersEvent = { kind: kind as MembersKind, organisationId, appId, ...ofVersion, path };
  return { event, by, at: new Date(at), after: after as AccountId | "" };
}
