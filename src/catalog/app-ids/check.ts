/** Whether an id can be had: well-formed, free, and not taken for another one. */
import type { Actor } from "../../accounts/actor.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { say, sayList } from "../../say.ts";
import { checkAppId } from "../app-fields.ts";
import { idTaken } from "../id-taken.ts";
import * as catalog from "../records.ts";
import { isShownTo } from "../visibility/viewers.ts";
import { keysOfId, lookAlike } from "./alike.ts";
import * as records from "./records.ts";

export type AlikeApp = { readonly id: AppId; readonly name: string };

export type IdCheck = {
  readonly id: string;
  /** `alike`: it is free, and has to be confirmed. */
  readonly state: "free" | "alike" | "taken" | "invalid";
  /** What is wrong; null: nothing. */
  readonly problem: Problem | null;
  /** Apps of others that one may see and that people may take it for. */
  readonly alike: readonly AlikeApp[];
  /** The same of one's own organisations: worth a second look, and nothing that has to be confirmed. */
  readonly ownAlike: readonly AlikeApp[];
};

const MOST_ASKED = 100;
const MOST_NAMED = 5;

/** Says beforehand what `createApp` would say of the id. @throws Problem `rights.forbidden` */
export function checkNewAppId(store: Pick<Store, "db">, actor: Actor, text: string): IdCheck {
  authorise(actor, "app.create");
  const tx = store.db.orm;
  try {
    const id = checkAppId(text);
    const other = catalog.findApp(tx, id);
    if (other !== undefined) throw idTaken(actor, other);
    const { alike, ownAlike } = alikeApps(tx, actor, id);
    return {
      id,
      state: alike.length === 0 ? "free" : "alike",
      problem: alike.length === 0 ? null : alikeProblem(id, alike),
      alike,
      ownAlike,
    };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return {
      id: text,
      state: error.code === "app.id_taken" ? "taken" : "invalid",
      problem: error,
      alike: [],
      ownAlike: [],
    };
  }
}

/** @throws Problem `app.id_alike` for one that people may take for another's app */
export function refuseAlike(tx: Tx, actor: Actor, id: AppId): void {
  const { alike } = alikeApps(tx, actor, id);
  if (alike.length > 0) throw alikeProblem(id, alike);
}

function alikeProblem(id: AppId, alike: readonly AlikeApp[]): Problem {
  const others = sayList(alike.map((app) => app.id));
  return new Problem(
    "conflict",
    "app.id_alike",
    say`${id} is free, and easily taken for ${others}: choose another one, or confirm that it is meant.`,
    alike.map((app) => ({
      code: "app.id_alike",
      message: say`looks like ${app.id}`,
      pointer: "/id",
      found: id,
    })),
  );
}

/**
 * Those of others apart from one's own: whoever has `com.acme.app1` may well make `com.acme.app2`. What one may not see is not named,
 * and not counted either, so that nobody learns of it by asking.
 */
function alikeApps(tx: Tx, actor: Actor, id: AppId): Pick<IdCheck, "alike" | "ownAlike"> {
  const found: Record<"alike" | "ownAlike", AlikeApp[]> = { alike: [], ownAlike: [] };
  for (const other of records.appsWithKeys(tx, keysOfId(id), MOST_ASKED)) {
    if (other === id || !lookAlike(id, other)) continue;
    const row = catalog.findApp(tx, other);
    if (row === undefined || row.removedAt !== null) continue;
    const { organisationId, name } = row;
    if (!allows(actor, "app.read", { organisationId, appId: other }) && !isShownTo(tx, actor, other))
      continue;
    const same = found[isOfOwn(actor, row) ? "ownAlike" : "alike"];
    if (same.length < MOST_NAMED) same.push({ id: other, name });
  }
  return found;
}

function isOfOwn(actor: Actor, { organisationId }: catalog.AppRow): boolean {
  if (actor.kind === "account") return actor.organisations.has(organisationId);
  return actor.kind === "organisation-key" && actor.organisationId === organisationId;
}

/** With a new app, in its transaction. */
export function keepIdKeys(tx: Tx, id: AppId): void {
  records.insertIdKeys(tx, id, keysOfId(id));
}

export const ID_KEYS_JOB = "catalog.id_keys";
const STEP = 500;

/** At a start: apps from before ids were compared, or compared in this way, get their keys by a job. */
export function beginIdKeys({ db, clock }: Pick<Store, "db" | "clock">): void {
  if (records.appsWithoutKeys(db.orm, "", 1).length === 0) return;
  write(db, (tx) => void enqueue(tx, { kind: ID_KEYS_JOB, key: "all" }, clock.now()));
}

/** Job `catalog.id_keys`. What it did stands when it is ended in the middle. */
export async function fillIdKeys({ db }: Pick<Store, "db">, signal?: AbortSignal): Promise<void> {
  for (let after: AppId | "" | undefined = ""; after !== undefined; ) {
    const ids: AppId[] = records.appsWithoutKeys(db.orm, after, STEP);
    after = ids.at(-1);
    if (ids.length === 0) return;
    write(db, (tx) => ids.forEach((id) => void keepIdKeys(tx, id)));
    // Requests are answered in between.
    await Bun.sleep(0);
    signal?.throwIfAborted();
  }
}
