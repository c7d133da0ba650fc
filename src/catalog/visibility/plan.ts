/**
 * What a change of who may see a published app is in the signed catalogues: it comes into some, goes out of others, and what
 * is revoked of it stands in the lists of those who know of it.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type OrganisationId, type VersionCode } from "../../ids.ts";
import { planUnnamed } from "../listing/pointers.ts";
import type { LogPlan } from "../log/plan.ts";
import { findNewestLeaf } from "../log/records.ts";
import { planDeveloperLeaves, planIndex, planShard } from "../offer.ts";
import type { AppRow } from "../records.ts";
import { homesOfApp, homesOfDeveloper, homesOfVersion } from "../revocation/homes.ts";
import { inForce } from "../revocation/in-force.ts";
import { listBody } from "../revocation/list-body.ts";
import { rightLowest } from "../revocation/lowest.ts";
import { mustBeAsMade } from "../revocation/sealed.ts";
import { nameOf, requireSigned } from "../revocation/signed.ts";
import { indexPath, shardOf } from "../tuf/app-index.ts";
import { noticesPath } from "../tuf/app-notices.ts";
import { hasCatalogue } from "../tuf/records.ts";
import type { TargetPlan } from "../tuf/repository.ts";
import { NO_REVOCATIONS, type Revocation, type Revocations } from "../tuf/revocations.ts";
import { REVOCATIONS_PATH } from "../tuf/roles.ts";
import { planNotices } from "../yank/notices.ts";
import { type AppAudience, selectAppAudiences, selectDigests } from "./records.ts";

/** Who may see an app, once these alone may. Those that were told of it and may not any more are still there. */
export function audiencesAfter(
  before: readonly AppAudience[],
  wanted: readonly Audience[],
  now: Date,
): AppAudience[] {
  const known = new Map(before.map((row) => [row.audience, row]));
  const left = before
    .filter(({ audience, toldAt }) => !wanted.includes(audience) && toldAt !== null)
    .map((row) => ({ ...row, leftAt: row.leftAt ?? now }));
  const stay = wanted.map((audience) => ({
    audience,
    toldAt: known.get(audience)?.toldAt ?? now,
    leftAt: null,
  }));
  return [...left, ...stay].sort((a, b) => (a.audience < b.audience ? -1 : 1));
}

export const current = (rows: readonly AppAudience[]): readonly Audience[] =>
  rows.filter(({ leftAt }) => leftAt === null).map(({ audience }) => audience);

type PlanStore = Pick<Store, "db" | "clock" | "vault">;

/** `wanted`: those who may see it from now on. @throws Problem `catalog.damaged`, `revocation.list_full` */
export function planVisibility(
  store: PlanStore,
  app: AppRow,
  { wanted, now, log }: { readonly wanted: readonly Audience[]; readonly now: Date; readonly log: LogPlan },
): TargetPlan {
  const tx = store.db.orm;
  const before = selectAppAudiences(tx, app.id);
  const index = planIndex(store, app);
  const leaves = planDeveloperLeaves(store, app.organisationId);
  const had = current(before);
  const joining = wanted.filter((audience) => !had.includes(audience));
  const leaving = had.filter((audience) => !wanted.includes(audience));
  const shard = (audience: Audience, change: { readonly joins?: AppId; readonly leaves?: AppId }) => ({
    audience,
    ...planShard(store, audience, shardOf(app.id), change),
  });
  const notices = planNotices(store, app.id, joining);
  const others = planUnnamed(store, app.id, { had, has: wanted });
  const lists = planLists(store, app, { rows: audiencesAfter(before, wanted, now), now, log });
  return {
    upserts: [
      ...wanted.map((audience) => ({ audience, ...index })),
      ...joining.flatMap((audience) => [
        shard(audience, { joins: app.id }),
        ...leaves.map((file) => ({ audience, ...file })),
      ]),
      ...notices.upserts,
      ...others.upserts,
      ...leaving.map((audience) => shard(audience, { leaves: app.id })),
      ...lists,
    ],
    removes: [
      ...leaving.flatMap((audience) =>
        [indexPath(app.id), noticesPath(app.id)].map((path) => ({ audience, path })),
      ),
      ...others.removes,
    ],
  };
}

/** Of each audience that was ever told of the app, its list; what comes into everybody's, the log shows from now on. */
function planLists(
  store: PlanStore,
  app: AppRow,
  { rows, now, log }: { readonly rows: readonly AppAudience[]; readonly now: Date; readonly log: LogPlan },
) {
  const tx = store.db.orm;
  const homes = homesOfNames(tx, app, rows);
  const audiences = new Set<Audience>([EVERYBODY, ...rows.map(({ audience }) => audience)]);
  const lists = [...audiences].map((audience) => ({
    audience,
    signed: hasCatalogue(tx, audience) ? requireSigned(store.db, audience) : NO_REVOCATIONS,
  }));
  const listed = new Set(lists.flatMap(({ signed }) => signed.entries.map(nameOf)));
  // Rows that neither a list nor the log bears out were written by nobody whom the store knows.
  const entries = inForce(tx).entries.filter(
    (entry) => homes.has(nameOf(entry)) && (listed.has(nameOf(entry)) || isLogged(tx, entry)),
  );
  for (const entry of entries) if (!listed.has(nameOf(entry))) mustBeAsMade(store, entry);
  const right = rightLowest(store.db, app.id);
  const lowest = right === 1 ? undefined : (right as VersionCode);
  if (entries.length === 0 && lowest === undefined) return [];
  const appHomes = homesOfApp(rows);

  for (const entry of entries) {
    if (!homes.get(nameOf(entry))?.includes(EVERYBODY)) continue;
    if (findNewestLeaf(tx, entry.id, "revocation")?.salt === null) continue;
    const { action, subject, id, approvalsUntil } = entry;
    log.append({ type: "revocation", action, subject, id, approvalsUntil }, now);
  }
  if (lowest !== undefined && appHomes.includes(EVERYBODY))
    if (findNewestLeaf(tx, app.id, "lowest-version")?.salt !== null)
      log.append({ type: "lowest-version", appId: app.id, versionCode: lowest }, now);

  return lists.map(({ audience, signed }) => {
    const list: Revocations = {
      entries: [
        ...signed.entries.filter((entry) => !homes.has(nameOf(entry))),
        ...entries.filter((entry) => homes.get(nameOf(entry))?.includes(audience)),
      ],
      lowestVersionCodes: new Map([
        ...[...signed.lowestVersionCodes].filter(([appId]) => appId !== app.id),
        ...(lowest !== undefined && appHomes.includes(audience) ? [[app.id, lowest] as const] : []),
      ]),
    };
    return { audience, path: REVOCATIONS_PATH, body: listBody(list) };
  });
}

/** Whether the newest act about it that the log has is the one in force. */
function isLogged(tx: Tx, { subject, id, action, approvalsUntil }: Revocation): boolean {
  const entry = findNewestLeaf(tx, id, "revocation")?.entry;
  return (
    entry?.type === "revocation" &&
    entry.subject === subject &&
    entry.action === action &&
    entry.approvalsUntil === approvalsUntil
  );
}

/** Of the app, its published packages and its developer: in whose lists they may stand. */
function homesOfNames(
  tx: Tx,
  app: { readonly id: AppId; readonly organisationId: OrganisationId },
  rows: readonly AppAudience[],
): ReadonlyMap<string, readonly Audience[]> {
  const name = (subject: "app" | "package" | "developer", id: string) => nameOf({ subject, id });
  return new Map([
    [name("app", app.id), homesOfApp(rows)],
    [
      name("developer", app.organisationId),
      homesOfDeveloper(tx, app.organisationId, { id: app.id, audiences: rows }),
    ],
    ...selectDigests(tx, app.id).map(
      ({ contentDigest, publishedAt }) =>
        [name("package", contentDigest), homesOfVersion(rows, publishedAt)] as const,
    ),
  ]);
}
