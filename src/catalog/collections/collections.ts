/** Collections of apps: made, named, published, put in order and removed by administrators. */

import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import { differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../../db/idempotency.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import type { LocalTexts } from "../local-texts.ts";
import { moved } from "../places.ts";
import { checkCollection, idFault } from "./fields.ts";
import { COLLECTION_ID_PATTERN, FEATURED, MOST_COLLECTIONS } from "./limits.ts";
import * as records from "./records.ts";
import { type Showing, showingOf } from "./showing.ts";

export type Collection = records.CollectionRow & {
  /** Apps that are in it, whoever may see them. */
  readonly apps: number;
  readonly showing: Showing;
};

export type CollectionFields = {
  readonly names: LocalTexts;
  readonly descriptions?: LocalTexts;
  readonly published?: boolean;
  readonly shownFrom?: Date | null;
  readonly shownUntil?: Date | null;
};

type Acting = Pick<Store, "db" | "clock">;

/** In the order in which they are shown. @throws Problem `rights.forbidden` */
export function listCollections(store: Acting, actor: Actor): readonly Collection[] {
  authorise(actor, "storefront.read");
  const tx = store.db.orm;
  return records.selectCollections(tx).map((row) => collectionOf(tx, row, store.clock.now()));
}

/** @throws Problem `collection.not_found`, `rights.forbidden` */
export function readCollection(store: Acting, actor: Actor, id: string): Collection {
  authorise(actor, "storefront.read");
  return mustRead(store.db.orm, id, store.clock.now());
}

/** It comes last, as a draft unless told. @throws Problem `collection.invalid`, `collection.exists`, `collection.too_many`, `rights.forbidden` */
export function createCollection(
  store: Acting,
  actor: Actor,
  fields: CollectionFields & { readonly id: string },
  idempotency?: Idempotency,
): Collection {
  authorise(actor, "storefront.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const request = JSON.stringify(fields);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      if (!records.findCollection(tx, earlier.resourceId)) throw idempotentResourceGone();
      return mustRead(tx, earlier.resourceId, now);
    }
    const { id } = fields;
    const checked = checkCollection(fields, COLLECTION_ID_PATTERN.test(id) ? [] : [idFault(id)]);
    if (records.findCollection(tx, id)) throw collectionExists(id);
    if (records.selectCollections(tx).length > MOST_COLLECTIONS) {
      const message = say`A store has ${MOST_COLLECTIONS} collections at most, besides the featured apps. Remove some first.`;
      throw new Problem("conflict", "collection.too_many", message);
    }
    const row = records.insertCollection(tx, {
      ...checked,
      id,
      position: records.lastPosition(tx) + 1,
      revision: 1,
      createdBy: actorLabel(actor),
      createdAt: now,
    });
    tellOf(tx, actor, { action: "collection.created", id, after: factsOf(row) }, now);
    rememberIdempotent(tx, idempotency, request, id, now);
    return mustRead(tx, id, now);
  });
}

/** What is left out stays as it is. @throws Problem `collection.not_found`, `collection.invalid`, `precondition.failed`, `rights.forbidden` */
export function changeCollection(
  store: Acting,
  actor: Actor,
  id: string,
  change: Partial<CollectionFields>,
  ifMatch?: IfMatch,
): Collection {
  return changing(store, actor, id, ifMatch, (tx, row) => {
    const checked = checkCollection({ ...row, ...change });
    const facts = differing(factsOf(row), factsOf({ ...row, ...checked }));
    if (Object.keys(facts.after).length === 0) return null;
    records.updateCollection(tx, id, checked);
    return { action: "collection.changed", ...facts };
  });
}

/**
 * Puts it at a place among the others, 1 being the first; a place beyond the last is the last. What is featured is first of all, and
 * has no place among them.
 * @throws Problem `collection.not_found`, `collection.built_in`, `precondition.failed`, `rights.forbidden`
 */
export function moveCollection(
  store: Acting,
  actor: Actor,
  id: string,
  place: number,
  ifMatch?: IfMatch,
): Collection {
  return changing(store, actor, id, ifMatch, (tx, row) => {
    refuseBuiltIn(id);
    const others = records.selectCollections(tx).filter((one) => one.id !== FEATURED);
    const { before, after, renumbered } = moved(others, row, place);
    const facts = differing(before, after);
    if (Object.keys(facts.after).length === 0) return null;
    for (const one of renumbered) records.updateCollection(tx, one.id, { position: one.position });
    return { action: "collection.moved", ...facts };
  });
}

/** The apps stay where they are. @throws Problem `collection.not_found`, `collection.built_in`, `precondition.failed`, `rights.forbidden` */
export function removeCollection(store: Acting, actor: Actor, id: string, ifMatch?: IfMatch): void {
  authorise(actor, "storefront.manage");
  write(store.db, (tx) => {
    const found = mustRead(tx, id, store.clock.now());
    ifUnchanged(found.revision, ifMatch);
    refuseBuiltIn(id);
    records.removeCollection(tx, id);
    const before = { ...factsOf(found), apps: found.apps };
    tellOf(tx, actor, { action: "collection.removed", id, before }, store.clock.now());
  });
}

type Told = Omit<Parameters<typeof recordChange>[2], "subject">;

/**
 * What every change of a collection does: asks for the right, refuses what was decided upon another revision, raises that, and
 * tells the audit log.
 * @param act Gives what was done; null: nothing, since it is so already.
 * @throws Problem `collection.not_found`, `precondition.failed`, `rights.forbidden`
 */
export function changing(
  store: Acting,
  actor: Actor,
  id: string,
  ifMatch: IfMatch | undefined,
  act: (tx: Tx, row: records.CollectionRow) => Told | null,
): Collection {
  authorise(actor, "storefront.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = mustFindCollection(tx, id);
    ifUnchanged(row.revision, ifMatch);
    const told = act(tx, row);
    if (told !== null) {
      records.updateCollection(tx, id, { revision: row.revision + 1 });
      tellOf(tx, actor, { ...told, id }, now);
    }
    return mustRead(tx, id, now);
  });
}

export function collectionNotFound(): Problem {
  const message = say`There is no such collection, or none that you may see.`;
  return new Problem("not_found", "collection.not_found", message);
}

/** @throws Problem `collection.not_found` */
export function mustFindCollection(tx: Tx, id: string): records.CollectionRow {
  const row = records.findCollection(tx, id);
  if (!row) throw collectionNotFound();
  return row;
}

function mustRead(tx: Tx, id: string, now: Date): Collection {
  return collectionOf(tx, mustFindCollection(tx, id), now);
}

function collectionOf(tx: Tx, row: records.CollectionRow, now: Date): Collection {
  return { ...row, apps: records.countApps(tx, row.id), showing: showingOf(row, now) };
}

function refuseBuiltIn(id: string): void {
  if (id !== FEATURED) return;
  const message = say`The featured apps stand first in every store: this collection cannot be moved or removed. Make a draft of it to show none.`;
  throw new Problem("conflict", "collection.built_in", message);
}

function collectionExists(id: string): Problem {
  const message = say`There is a collection ${id} already.`;
  return new Problem("conflict", "collection.exists", message, [
    { code: "collection.id", pointer: "/id", message },
  ]);
}

function factsOf(row: records.CollectionRow) {
  const { names, descriptions, published, shownFrom, shownUntil } = row;
  return {
    names: JSON.stringify(names),
    descriptions: JSON.stringify(descriptions),
    published,
    shownFrom: shownFrom?.toISOString() ?? null,
    shownUntil: shownUntil?.toISOString() ?? null,
  };
}

function tellOf(tx: Tx, actor: Actor, { id, ...told }: Told & { readonly id: string }, now: Date): void {
  recordChange(tx, auditAuthor(actor), { ...told, subject: { type: "collection", id } }, now);
}
