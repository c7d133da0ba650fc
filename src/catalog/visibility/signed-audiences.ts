/**
 * In whose catalogues a published app is, by what is signed: rows that somebody changed beside the store would show everybody what
 * few may see with the next index, or keep from everybody what they know. Of an app that was never published the master key's seal
 * says it.
 */
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import * as catalog from "../records.ts";
import { keepSearchable } from "../search/keep.ts";
import { indexPath, shardOf } from "../tuf/app-index.ts";
import { listedTarget } from "../tuf/as-signed.ts";
import { type Difference, damaged, tellMended } from "../tuf/differences.ts";
import { audiencesWithTarget, hasCatalogue } from "../tuf/records.ts";
import {
  addAppAudiences,
  audiencesOf,
  endAppAudiences,
  forgetTold,
  markTold,
  selectAppAudiences,
} from "./records.ts";
import { sealedAudiences } from "./sealed-audiences.ts";

export const AUDIENCES = "audiences";

type Sealed = Pick<Store, "db" | "vault">;

/** Whether the app is in an audience's catalogue; undefined when that is not as it was signed. */
export function isListedFor(db: Db, audience: Audience, appId: AppId): boolean | undefined {
  if (!hasCatalogue(db.orm, audience)) return false;
  const listed = listedTarget(db, { audience, path: indexPath(appId) });
  return listed === undefined ? undefined : listed !== null;
}

type Right = {
  readonly audiences: readonly Audience[];
  /** Whether a catalogue has it. */
  readonly isSigned: boolean;
};

/** Null: it cannot be told, or there is no such app. `unknown`: nothing of it is signed, and no seal says it. */
function rightAudiences({ db, vault }: Sealed, app: catalog.AppRow | undefined): Right | "unknown" | null {
  if (app === undefined) return null;
  const named = new Set<Audience>([
    EVERYBODY,
    ...audiencesOf(db.orm, app.id),
    ...audiencesWithTarget(db.orm, indexPath(app.id)),
  ]);
  const listed = [...named].map((audience) => ({ audience, is: isListedFor(db, audience, app.id) }));
  if (listed.some(({ is }) => is === undefined)) return null;
  const audiences = listed.flatMap(({ audience, is }) => (is ? [audience] : []));
  if (audiences.length > 0 || app.publishedAt !== null)
    return { audiences: audiences.sort(), isSigned: true };
  const sealed = sealedAudiences(db.orm, vault, app.id);
  return sealed === null ? "unknown" : { audiences: sealed, isSigned: false };
}

const isSame = (one: readonly Audience[], other: readonly Audience[]): boolean =>
  one.length === other.length && one.every((audience) => other.includes(audience));

const differenceOf = (appId: AppId): Difference => ({ of: "app", appId, what: AUDIENCES });

/** Those who may see it, and are shown what is signed of it next. @throws Problem `catalog.damaged` */
export function mustShowTo(store: Sealed, appId: AppId): readonly Audience[] {
  const rows = audiencesOf(store.db.orm, appId);
  const right = rightAudiences(store, catalog.findApp(store.db.orm, appId));
  if (right === null) return rows;
  if (right === "unknown" || !isSame(rows, right.audiences)) throw damaged(differenceOf(appId));
  return rows;
}

/** Whether nothing tells who is to see the app with its first publication: somebody has to say it again. */
export function isUntold(store: Sealed, appId: AppId): boolean {
  const app = catalog.findApp(store.db.orm, appId);
  return app?.publishedAt === null && rightAudiences(store, app) === "unknown";
}

/** Brings back the rows, before something of the app is planned and once a day. */
export function mendAudiences(store: Sealed & Pick<Store, "log" | "clock">, appId: AppId): Difference | null {
  const { db } = store;
  const fault = (tx: Tx) => {
    const app = catalog.findApp(tx, appId);
    const right = rightAudiences(store, app);
    if (app === undefined || right === null || right === "unknown") return null;
    const rows = selectAppAudiences(tx, appId);
    const current = rows.filter(({ leftAt }) => leftAt === null);
    const names = current.map(({ audience }) => audience);
    const isPublic = right.isSigned && right.audiences.includes(EVERYBODY);
    const isRight =
      isSame(names, right.audiences) &&
      current.every(({ toldAt }) => (toldAt !== null) === right.isSigned) &&
      (app.publicAt !== null) === isPublic;
    return isRight ? null : { app, right, names, isPublic };
  };
  if (fault(db.orm) === null) return null;
  const now = store.clock.now();
  write(db, (tx) => {
    const found = fault(tx);
    if (found === null) return;
    const { app, right, names, isPublic } = found;
    // Nobody was told of what was never published, whatever a row says.
    if (!right.isSigned) forgetTold(tx, appId);
    const others = names.filter((audience) => !right.audiences.includes(audience));
    endAppAudiences(tx, appId, others, now);
    const lost = right.audiences.filter((audience) => !names.includes(audience));
    addAppAudiences(tx, { id: appId, shard: shardOf(appId) }, lost, now);
    if (right.isSigned) markTold(tx, appId, now);
    catalog.updateApp(tx, appId, { publicAt: isPublic ? (app.publicAt ?? now) : null }, now);
    keepSearchable(tx, appId);
  });
  const difference = differenceOf(appId);
  tellMended(store, difference);
  return difference;
}
