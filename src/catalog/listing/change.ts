/**
 * How an app stands in the store: in its lists or not, deprecated or not. Of a published app it is one revision of every
 * catalogue that has it, in one transaction with the row. Nothing of it changes what devices are offered.
 */

import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { tellOwners } from "../../accounts/messages/outbox.ts";
import { harmless } from "../../accounts/said.ts";
import { stillActing } from "../../accounts/still.ts";
import { HIDDEN_APP, INSTEAD } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, EVERYBODY, isAppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { findAppFor } from "../apps.ts";
import { planShard } from "../offer.ts";
import * as records from "../records.ts";
import { keepSearchable } from "../search/keep.ts";
import { shardOf } from "../tuf/app-index.ts";
import { DEPRECATION_TEXT_MOST } from "../tuf/app-notices.ts";
import { exportSoon } from "../tuf/export-soon.ts";
import { lineFault } from "../tuf/lines.ts";
import { publishTargets } from "../tuf/repository.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { inTurn } from "../tuf/turn.ts";
import { findShownTo } from "../visibility/records.ts";
import { mendAudiences, mustShowTo } from "../visibility/signed-audiences.ts";
import { deprecationFor, isVisible, type ShownDeprecation } from "../visibility/visible.ts";
import { planNotices } from "../yank/notices.ts";
import { whoIn } from "../yank/yank.ts";
import { type Deprecation, decideListing, type ListingChange } from "./decide.ts";
import { listingNotice } from "./told.ts";

export type ListingView = {
  readonly appId: AppId;
  /** Since when it stands in no list; null: it does. */
  readonly unlistedAt: Date | null;
  readonly deprecated: (ShownDeprecation & { readonly at: Date }) | null;
  readonly revision: number;
};

/** As it is sent: an empty `instead` is none. */
export type DeprecationInput = { readonly text: string; readonly instead?: string | null | undefined };

/** @throws Problem `app.not_found`, `rights.forbidden` */
export function readListing(store: Pick<TrustStore, "db">, actor: Actor, id: AppId): ListingView {
  const tx = store.db.orm;
  return viewOf(tx, actor, findAppFor(tx, actor, "app.read", id));
}

function viewOf(tx: Tx, actor: Actor, app: records.AppRow): ListingView {
  const deprecated = deprecationFor(tx, actor, app);
  return {
    appId: app.id,
    unlistedAt: app.unlistedAt,
    deprecated: deprecated && { ...deprecated, at: app.deprecatedAt ?? app.updatedAt },
    revision: app.revision,
  };
}

/**
 * Out of the store's lists and search, and back. Its address works for who may see it, and devices that have it get updates.
 * @throws Problem `app.not_found`, `rights.forbidden`, `precondition.failed`, `catalog.busy`, `catalog.damaged`
 */
export function setListed(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  listed: boolean,
  ifMatch?: IfMatch,
): Promise<ListingView> {
  return turn(store, actor, id, { act: listed ? "relist" : "unlist" }, ifMatch);
}

/**
 * Said of the app wherever it is shown, with an app of the store that takes its place. With other words than before, those count. Who
 * names no other app leaves one where it is that they may not see: they were not shown that it is named.
 * @throws Problem `app.deprecation_invalid`, `app.instead_not_found`; those of `setListed`
 */
export function deprecateApp(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  input: DeprecationInput,
  ifMatch?: IfMatch,
): Promise<ListingView> {
  findAppFor(store.db.orm, actor, "app.listing", id);
  return turn(store, actor, id, { act: "deprecate", said: parse(store, actor, id, input) }, ifMatch);
}

/** @throws Problem those of `setListed` */
export function undeprecateApp(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  ifMatch?: IfMatch,
): Promise<ListingView> {
  return turn(store, actor, id, { act: "undeprecate" }, ifMatch);
}

function parse(store: TrustStore, actor: Actor, id: AppId, input: DeprecationInput): Deprecation {
  const text = input.text.trim().normalize("NFC");
  const fault = lineFault(text, DEPRECATION_TEXT_MOST);
  if (fault !== null) {
    const message = say`Say why, and what to use, in one line of 1 to ${DEPRECATION_TEXT_MOST} characters: people read it in the store and on their devices.`;
    throw new Problem("invalid", "app.deprecation_invalid", message, [
      { code: "app.deprecation_invalid", message, pointer: "/text", found: fault },
    ]);
  }
  const named = (input.instead ?? "").trim();
  if (named === "") return { text, instead: null };
  // Of what they may not see nobody learns whether it is there.
  if (isAppId(named) && named !== id && isVisible(store, actor, named)) return { text, instead: named };
  const message =
    named === id
      ? say`An app does not take its own place: name another one, or none.`
      : say`There is no app ${harmless(named.slice(0, 128))} in the store that you may see: name its id, or none.`;
  throw new Problem("unprocessable", "app.instead_not_found", message, [
    { code: "app.instead_not_found", message, pointer: "/instead" },
  ]);
}

async function turn(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  change: ListingChange,
  ifMatch: IfMatch | undefined,
): Promise<ListingView> {
  const { orm } = store.db;
  findAppFor(orm, actor, "app.listing", id);
  await inTurn(store.db, () => enact(store, actor, id, change, ifMatch), "act");
  return viewOf(orm, actor, findAppFor(orm, actor, "app.listing", id));
}

async function enact(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  change: ListingChange,
  ifMatch: IfMatch | undefined,
): Promise<void> {
  const now = wholeSeconds(store.clock.now());
  /** Asked again wherever it is acted upon. */
  const look = (tx: Tx) => {
    const app = findAppFor(tx, stillActing(store, tx, actor), "app.listing", id);
    ifUnchanged(app.revision, ifMatch);
    return { app, after: decideListing(app, keepingUnseen(store, actor, app, change), now) };
  };
  mendAudiences(store, id);
  const { app, after } = look(store.db.orm);
  if (after === null) return;
  const commit = (tx: Tx) => {
    const found = look(tx);
    if (found.after !== null) save(tx, actor, change, { app: found.app, after: found.after, now });
  };
  if (app.publishedAt === null) {
    write(store.db, (tx) => {
      if (look(tx).app.publishedAt !== null) throw busy(id);
      commit(tx);
    });
    return;
  }
  await publishTargets(
    store,
    () => {
      const found = look(store.db.orm);
      const changed = { ...found.app, ...found.after };
      const audiences = mustShowTo(store, id);
      const notices = planNotices(store, id, audiences, { app: changed });
      return {
        upserts: [
          ...audiences.map((audience) => ({
            audience,
            ...planShard(store, audience, shardOf(id), { changed, back: [id] }),
          })),
          ...notices.upserts,
        ],
        removes: notices.removes,
      };
    },
    commit,
  );
  await exportSoon(store);
}

/** Without another app, the one stays that who acts may not see: it was not theirs to leave out. */
function keepingUnseen(
  store: TrustStore,
  actor: Actor,
  { deprecatedInstead }: records.AppRow,
  change: ListingChange,
): ListingChange {
  if (change.act !== "deprecate" || change.said.instead !== null || deprecatedInstead === null) return change;
  if (isVisible(store, actor, deprecatedInstead)) return change;
  return { ...change, said: { ...change.said, instead: deprecatedInstead } };
}

type Saved = {
  readonly app: records.AppRow;
  readonly after: NonNullable<ReturnType<typeof decideListing>>;
  readonly now: Date;
};

const AUDITED = {
  unlist: "app.unlisted",
  relist: "app.relisted",
  deprecate: "app.deprecated",
  undeprecate: "app.undeprecated",
} as const;

function save(tx: Tx, actor: Actor, change: ListingChange, { app, after, now }: Saved): void {
  const { id, organisationId } = app;
  records.updateApp(tx, id, after, now);
  keepSearchable(tx, id);
  const facts = (row: Saved["after"]) =>
    change.act === "unlist" || change.act === "relist"
      ? { listed: row.unlistedAt === null }
      : { deprecated: row.deprecatedText, [INSTEAD]: namedToAll(tx, row.deprecatedInstead) };
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: AUDITED[change.act],
      subject: { type: "app", id },
      organisationId,
      before: facts(app),
      after: facts(after),
    },
    now,
  );
  const text = change.act === "deprecate" ? change.said.text : null;
  const by = whoIn(app, actor);
  tellOwners(tx, organisationId, listingNotice({ app, act: change.act, by, text }), now, actor);
}

/** Every owner reads it in the audit log, also one who may not see the app that it is. */
function namedToAll(tx: Tx, id: AppId | null): string | null {
  if (id === null) return null;
  return findShownTo(tx, id, [EVERYBODY]) === undefined ? HIDDEN_APP : id;
}

function busy(id: AppId): Problem {
  return new Problem("conflict", "app.busy", say`A version of ${id} was published right now: try again.`);
}
