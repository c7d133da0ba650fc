/**
 * What somebody was told of, as they may know it by now: what is kept of an event has no words and no names, so what has become
 * another's, or private, is not named to who heard of it before.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, NotificationId, OrganisationId } from "../../ids.ts";
import { say, type Words } from "../../say.ts";
import type { AccountActor } from "../actor.ts";
import { type Action, allows, authorise } from "../rights.ts";
import { type Names, NO_NAMES, saidOf, type Topic, topicOf } from "./kinds.ts";
import * as records from "./records.ts";

export type NotificationView = {
  readonly id: NotificationId;
  /** Such as `version.approved`. */
  readonly kind: string;
  /** null: another version of the store wrote it. */
  readonly topic: Topic | null;
  /** What happened, in one sentence without a full stop. */
  readonly said: Words;
  /** The page that it is about, below the store's address; null: not for this person any more. */
  readonly path: string | null;
  readonly appId: AppId | null;
  /** null: of none, or which one it is is not for this person. */
  readonly organisationId: OrganisationId | null;
  readonly createdAt: Date;
  readonly readAt: Date | null;
};

/** Who is told of the store itself may do this. */
export const STORE_RIGHT = "jobs.replay" satisfies Action;

/** More than so many unread ones are not counted. */
export const MOST_COUNTED = 100;

export type Which = { readonly unread: boolean };

/** Newest first. @throws Problem `rights.forbidden` */
export function listNotifications(
  store: Store,
  actor: AccountActor,
  page: PageRequest & Which,
): Page<NotificationView> {
  authorise(actor, "message.read");
  const { unread } = page;
  const rows = records.selectNotifications(store.db.orm, actor.accountId, {
    ...oneMore<NotificationId>(page),
    unread,
  });
  const viewOf = viewsFor(store.db.orm, actor, rows);
  return pageOf(rows, page.limit, (row) => row.id, viewOf);
}

/** @throws Problem `notification.not_found`, `rights.forbidden` */
export function readNotification(store: Store, actor: AccountActor, id: NotificationId): NotificationView {
  authorise(actor, "message.read");
  const row = records.notificationOf(store.db.orm, actor.accountId, id);
  if (row === undefined) throw notificationNotFound();
  return viewsFor(store.db.orm, actor, [row])(row);
}

/** Where the page before the one after `after` begins; null when it is the first. */
export function beforeNotifications(
  store: Store,
  actor: AccountActor,
  { after, limit, unread }: Which & { readonly after: string; readonly limit: number },
): NotificationId | null {
  authorise(actor, "message.read");
  const from = { id: after as NotificationId, limit: limit + 1, unread };
  return records.selectIdsFrom(store.db.orm, actor.accountId, from)[limit] ?? null;
}

/** How many are unread, up to `MOST_COUNTED`: for each page, by one index. @throws Problem `rights.forbidden` */
export function countUnread(store: Store, actor: AccountActor): number {
  authorise(actor, "message.read");
  return records.countUnread(store.db.orm, actor.accountId, MOST_COUNTED);
}

/** null: there is none. @throws Problem `rights.forbidden` */
export function newestNotification(store: Store, actor: AccountActor): NotificationId | null {
  authorise(actor, "message.read");
  const [newest] = records.selectNotifications(store.db.orm, actor.accountId, { limit: 1, unread: false });
  return newest?.id ?? null;
}

/** As the actor may know them, with one look at all that they name. */
export function viewsFor(
  tx: Tx,
  actor: AccountActor,
  rows: readonly records.NotificationRow[],
): (row: records.NotificationRow) => NotificationView {
  const ids = <Id>(of: (row: records.NotificationRow) => Id | null): Id[] => [
    ...new Set(rows.map(of).filter((id) => id !== null)),
  ];
  const organisationIds = ids((row) => row.organisationId);
  const known: Known = {
    apps: new Map(
      records
        .selectApps(
          tx,
          ids((row) => row.appId),
        )
        .map((app) => [app.id, app]),
    ),
    versions: new Map(
      records
        .selectVersions(
          tx,
          ids((row) => row.versionId),
        )
        .map(({ id, version }) => [id, version]),
    ),
    organisations: new Map(
      records.selectOrganisationNames(tx, organisationIds).map(({ id, name }) => [id, name]),
    ),
  };
  return (row) => {
    const { id, kind, createdAt, readAt } = row;
    const seen = seenBy(actor, row, known);
    const of = { id, kind, topic: topicOf(kind), createdAt, readAt };
    if (seen === null) {
      const said = say`Something happened to what you may not see any more`;
      return { ...of, said, path: null, appId: null, organisationId: null };
    }
    const { path, appId } = row;
    const { names, organisationId } = seen;
    return { ...of, said: saidOf(kind, names), path, appId, organisationId };
  };
}

type Known = {
  readonly apps: ReadonlyMap<
    string,
    { readonly id: AppId; readonly name: string; readonly organisationId: OrganisationId }
  >;
  readonly versions: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, string>;
};

/** What they may know of it. */
type Seen = { readonly names: Names; readonly organisationId: OrganisationId | null };

/** null: something of it is not for the person. */
function seenBy(actor: AccountActor, row: records.NotificationRow, known: Known): Seen | null {
  const { kind, appId, versionId, organisationId } = row;
  if (topicOf(kind) === "store" && !allows(actor, STORE_RIGHT)) return null;
  const organisation = organisationId === null ? "" : known.organisations.get(organisationId);
  if (organisation === undefined) return null;
  const isSeen = organisationId === null || seesOrganisation(actor, organisationId, appId);
  // Of a version that waits for them, reviewers see the app and nothing of its organisation.
  if (!isSeen && kind !== "version.waits")
    // That they are invited is their own, and which organisation it is by now is not.
    return kind === "account.invitation" ? { names: NO_NAMES, organisationId: null } : null;
  const app = appId === null ? "" : appName(actor, { kind, appId, organisationId }, known);
  if (app === null) return null;
  const version = known.versions.get(versionId ?? "") ?? "";
  const isOfOthers = kind === "version.waits";
  return {
    names: { app, version, organisation: isOfOthers ? "" : organisation },
    organisationId: isOfOthers ? null : organisationId,
  };
}

/** A role that is for some apps shows those of an organisation, and what it is called. */
function seesOrganisation(actor: AccountActor, organisationId: OrganisationId, appId: AppId | null): boolean {
  if (allows(actor, "organisation.read", { organisationId })) return true;
  return appId !== null && allows(actor, "app.read", { organisationId, appId });
}

type AboutApp = {
  readonly kind: string;
  readonly appId: AppId;
  readonly organisationId: OrganisationId | null;
};

/** null: it is not for the person. */
function appName(
  actor: AccountActor,
  { kind, appId, organisationId }: AboutApp,
  { apps }: Known,
): string | null {
  const app = apps.get(appId);
  if (app !== undefined && allows(actor, "app.read", { organisationId: app.organisationId, appId }))
    return app.name;
  // Who is in an organisation knows the ids of what was its own and is deleted, and of what it is offered or gave away.
  const isOffer = kind.startsWith("transfer.");
  if (organisationId === null || (app !== undefined && !isOffer)) return null;
  const right = isOffer ? "transfer.read" : "app.read";
  return allows(actor, right, { organisationId, appId }) ? appId : null;
}

export function notificationNotFound(): Problem {
  return new Problem("not_found", "notification.not_found", say`There is no such notification for you.`);
}
