/** Which category an app is in, where somebody says otherwise than its package. */

import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { findAppFor } from "../apps.ts";
import { manifestOf } from "../offer.ts";
import { selectOffered } from "../revocation/records.ts";
import { keepSearchable } from "../search/keep.ts";
import { mustFindCategory } from "./categories.ts";
import * as records from "./records.ts";
import { categoryResolver } from "./resolve.ts";

export type AppCategory = {
  readonly appId: AppId;
  /** What somebody chose, as an id of the store's, or of a category that was removed since; null: what the package says holds. */
  readonly chosen: string | null;
  /** What the package that is offered says; null: it says nothing, or nothing is offered yet. */
  readonly fromPackage: string | null;
  /** The store's category that the app is in; null: none. */
  readonly category: string | null;
};

/** @throws Problem `app.not_found`, `rights.forbidden` */
export function readAppCategory(store: Pick<Store, "db">, actor: Actor, id: AppId): AppCategory {
  const tx = store.db.orm;
  findAppFor(tx, actor, "app.read", id);
  const resolve = categoryResolver(tx);
  const [offered] = selectOffered(tx, id, 1);
  const chosen = records.findChosen(tx, id)?.chosen ?? null;
  const fromPackage = offered === undefined ? null : (manifestOf(offered).category ?? null);
  return {
    appId: id,
    chosen: resolve(chosen)?.row.id ?? chosen,
    fromPackage,
    category: resolve(chosen ?? fromPackage)?.row.id ?? null,
  };
}

/**
 * Null: what the package says holds again.
 * @throws Problem `app.not_found`, `category.not_found`, `rights.forbidden`
 */
export function chooseCategory(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: AppId,
  category: string | null,
): AppCategory {
  write(store.db, (tx) => chooseCategoryIn(tx, actor, id, category, store.clock.now()));
  return readAppCategory(store, actor, id);
}

/** The same inside of another's transaction: a new app may say it at once. */
export function chooseCategoryIn(tx: Tx, actor: Actor, id: AppId, category: string | null, now: Date): void {
  const app = findAppFor(tx, actor, "app.category", id);
  const before = records.findChosen(tx, id)?.chosen ?? null;
  // Also one that was removed since: what is so already can stay so.
  if (before === category) return;
  if (category !== null) mustFindCategory(tx, category);
  records.saveChosen(tx, id, category);
  keepSearchable(tx, id);
  const change: AuditChange = {
    action: "app.category_chosen",
    subject: { type: "app", id },
    organisationId: app.organisationId,
    before: { category: before },
    after: { category },
  };
  recordChange(tx, auditAuthor(actor), change, now);
}
