/**
 * In whose catalogues a published app is, by what is signed: rows that somebody changed beside the store would show everybody what
 * few may see with the next index, or keep from everybody what they know. Of an app that was never published rows are all there is.
 */
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import * as catalog from "../records.ts";
import { indexPath, shardOf } from "../tuf/app-index.ts";
import { listedTarget } from "../tuf/as-signed.ts";
import { type Difference, damaged, tellMended } from "../tuf/differences.ts";
import { audiencesWithTarget, hasCatalogue } from "../tuf/records.ts";
import { addAppAudiences, audiencesOf, endAppAudiences, markTold, selectAppAudiences } from "./records.ts";

export const AUDIENCES = "audiences";

/** Whether the app is in an audience's catalogue; undefined when that is not as it was signed. */
export function isListedFor(db: Db, audience: Audience, appId: AppId): boolean | undefined {
  if (!hasCatalogue(db.orm, audience)) return false;
  const listed = listedTarget(db, { audience, path: indexPath(appId) });
  return listed === undefined ? undefined : listed !== null;
}

/** Null: it cannot be told, there is nothing signed of it yet, or no such app. */
function signedAudiences(db: Db, app: catalog.AppRow | undefined): readonly Audience[] | null {
  if (app === undefined) return null;
  const named = new Set<Audience>([
    EVERYBODY,
    ...audiencesOf(db.orm, app.id),
    ...audiencesWithTarget(db.orm, indexPath(app.id)),
  ]);
  const listed = [...named].map((audience) => ({ audience, is: isListedFor(db, audience, app.id) }));
  if (listed.some(({ is }) => is === undefined)) return null;
  const all = listed.flatMap(({ audience, is }) => (is ? [audience] : []));
  return all.length === 0 && app.publishedAt === null ? null : all.sort();
}

const isSame = (one: readonly Audience[], other: readonly Audience[]): boolean =>
  one.length === other.length && one.every((audience) => other.includes(audience));

/** Those who may see it, and are shown what is signed of it next. @throws Problem `catalog.damaged` */
export function mustShowTo(db: Db, appId: AppId): readonly Audience[] {
  const rows = audiencesOf(db.orm, appId);
  const right = signedAudiences(db, catalog.findApp(db.orm, appId));
  if (right === null || isSame(rows, right)) return rows;
  throw damaged({ of: "app", appId, what: AUDIENCES });
}

/** Brings back the rows, before something of the app is planned and once a day. */
export function mendAudiences(store: Pick<Store, "db" | "log" | "clock">, appId: AppId): Difference | null {
  const { db } = store;
  const fault = (tx: Tx) => {
    const app = catalog.findApp(tx, appId);
    const right = signedAudiences(db, app);
    if (app === undefined || right === null) return null;
    const rows = selectAppAudiences(tx, appId);
    const current = rows.filter(({ leftAt }) => leftAt === null);
    const isRight =
      isSame(
        current.map(({ audience }) => audience),
        right,
      ) &&
      current.every(({ toldAt }) => toldAt !== null) &&
      (app.publicAt !== null) === right.includes(EVERYBODY);
    return isRight ? null : { app, right, current };
  };
  if (fault(db.orm) === null) return null;
  const now = store.clock.now();
  write(db, (tx) => {
    const found = fault(tx);
    if (found === null) return;
    const { app, right, current } = found;
    const known = current.map(({ audience }) => audience);
    endAppAudiences(
      tx,
      appId,
      known.filter((audience) => !right.includes(audience)),
      now,
    );
    const lost = right.filter((audience) => !known.includes(audience));
    addAppAudiences(tx, { id: appId, shard: shardOf(appId) }, lost, now);
    markTold(tx, appId, now);
    catalog.updateApp(tx, appId, { publicAt: right.includes(EVERYBODY) ? (app.publicAt ?? now) : null }, now);
  });
  const difference: Difference = { of: "app", appId, what: AUDIENCES };
  tellMended(store, difference);
  return difference;
}
