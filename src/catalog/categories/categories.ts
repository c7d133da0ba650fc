/** The store's categories: made, named, put in order, merged and removed by administrators. */

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
import { type Fault, Problem } from "../../errors.ts";
import { say, sayAll, sayList } from "../../say.ts";
import { type LocalTexts, localTexts } from "../local-texts.ts";
import { moved } from "../places.ts";
import { CATEGORY_ICONS, isCategoryIcon, PLAIN_ICON } from "./icons.ts";
import * as records from "./records.ts";
import { type Resolved, resolvedCategories } from "./resolve.ts";

export const MOST_CATEGORIES = 60;
/** Merged into one category. */
export const MOST_ALIASES = 20;
export const CATEGORY_NAME_CHARACTERS = 50;
export const CATEGORY_DESCRIPTION_CHARACTERS = 200;
/** Of the apps in a category; further nobody counts. */
export const MOST_APPS_COUNTED = 1000;
/** As a manifest may have it (package format, section 4). */
export const CATEGORY_ID_CHARACTERS = 32;
export const CATEGORY_ID_PATTERN = new RegExp(`^[a-z0-9-]{1,${CATEGORY_ID_CHARACTERS}}$`);

export type Category = records.CategoryRow & {
  /** Ids of those that were merged into it. */
  readonly aliases: readonly string[];
  /** Apps that are shown in it, whoever may see them; MOST_APPS_COUNTED at most. */
  readonly apps: number;
};

export type CategoryFields = {
  readonly names: LocalTexts;
  readonly descriptions?: LocalTexts;
  readonly icon?: string;
};

export function categorySubject(id: string) {
  return { type: "category", id };
}

/** @throws Problem `rights.forbidden` */
export function listCategories(store: Pick<Store, "db">, actor: Actor): readonly Category[] {
  authorise(actor, "storefront.read");
  const tx = store.db.orm;
  return resolvedCategories(tx).map((one) => categoryOf(tx, one));
}

/** @throws Problem `category.not_found`, `rights.forbidden` */
export function readCategory(store: Pick<Store, "db">, actor: Actor, id: string): Category {
  authorise(actor, "storefront.read");
  return mustRead(store.db.orm, id);
}

/** One that was merged into another is taken out of that again. @throws Problem `category.invalid`, `category.exists`, `category.too_many`, `rights.forbidden` */
export function createCategory(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  fields: CategoryFields & { readonly id: string },
  idempotency?: Idempotency,
): Category {
  authorise(actor, "storefront.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const request = JSON.stringify(fields);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      if (!records.findCategory(tx, earlier.resourceId)) throw idempotentResourceGone();
      return mustRead(tx, earlier.resourceId);
    }
    const { id } = fields;
    const checked = checkFields(fields, CATEGORY_ID_PATTERN.test(id) ? [] : [idFault(id)]);
    if (records.findCategory(tx, id)) throw categoryExists(id);
    if (records.countCategories(tx) >= MOST_CATEGORIES) {
      const message = say`A store has ${MOST_CATEGORIES} categories at most. Remove or merge some first.`;
      throw new Problem("conflict", "category.too_many", message);
    }
    records.removeAlias(tx, id);
    const row = records.insertCategory(tx, {
      ...checked,
      id,
      position: records.lastPosition(tx) + 1,
      revision: 1,
      createdBy: actorLabel(actor),
      createdAt: now,
    });
    tell(tx, actor, { action: "category.created", id, after: factsOf(row) }, now);
    rememberIdempotent(tx, idempotency, request, id, now);
    return mustRead(tx, id);
  });
}

/** What is left out stays as it is. @throws Problem `category.not_found`, `category.invalid`, `precondition.failed`, `rights.forbidden` */
export function changeCategory(
  store: Acting,
  actor: Actor,
  id: string,
  change: Partial<CategoryFields>,
  ifMatch?: IfMatch,
): Category {
  return acting(store, actor, id, ifMatch, (tx, row) => {
    const checked = checkFields({ ...row, ...change });
    const facts = differing(factsOf(row), factsOf({ ...row, ...checked }));
    if (Object.keys(facts.after).length === 0) return row;
    records.updateCategory(tx, id, { ...checked, revision: row.revision + 1 });
    tell(tx, actor, { action: "category.changed", id, ...facts }, store.clock.now());
    return mustRead(tx, id);
  });
}

/**
 * Puts it at a place among all of them, 1 being the first; a place beyond the last is the last.
 * @throws Problem `category.not_found`, `precondition.failed`, `rights.forbidden`
 */
export function moveCategory(
  store: Acting,
  actor: Actor,
  id: string,
  place: number,
  ifMatch?: IfMatch,
): Category {
  return acting(store, actor, id, ifMatch, (tx, row) => {
    const { before, after, renumbered } = moved<records.CategoryRow>(
      records.selectCategories(tx),
      row,
      place,
    );
    const facts = differing(before, after);
    if (Object.keys(facts.after).length === 0) return row;
    for (const other of renumbered) records.updateCategory(tx, other.id, { position: other.position });
    records.updateCategory(tx, id, { revision: row.revision + 1 });
    tell(tx, actor, { action: "category.moved", id, ...facts }, store.clock.now());
    return mustRead(tx, id);
  });
}

/**
 * The apps of it are in the other one from now on, also those whose packages go on saying its id.
 * @throws Problem `category.not_found`, `category.into_itself`, `category.too_many`, `precondition.failed`, `rights.forbidden`
 */
export function mergeCategory(
  store: Acting,
  actor: Actor,
  id: string,
  into: string,
  ifMatch?: IfMatch,
): Category {
  return acting(store, actor, id, ifMatch, (tx, from) => {
    if (into === id) {
      const message = say`A category cannot be merged into itself: say another one.`;
      throw new Problem("unprocessable", "category.into_itself", message, [
        { code: "category.into_itself", pointer: "/into", message },
      ]);
    }
    const other = mustRead(tx, into);
    if (from.aliases.length + other.aliases.length + 1 > MOST_ALIASES) {
      const message = say`${MOST_ALIASES} categories at most are merged into one.`;
      throw new Problem("conflict", "category.too_many", message);
    }
    const now = store.clock.now();
    records.moveAliases(tx, id, into);
    records.removeCategory(tx, id);
    records.insertAlias(tx, id, into, now);
    records.updateCategory(tx, into, { revision: other.revision + 1 });
    const { apps } = from;
    tell(tx, actor, { action: "category.merged", id, before: factsOf(from), after: { into, apps } }, now);
    return mustRead(tx, into);
  });
}

/** The apps of it are in none. @throws Problem `category.not_found`, `precondition.failed`, `rights.forbidden` */
export function removeCategory(store: Acting, actor: Actor, id: string, ifMatch?: IfMatch): void {
  acting(store, actor, id, ifMatch, (tx, found) => {
    records.removeCategory(tx, id);
    const { apps, aliases } = found;
    const before = { ...factsOf(found), apps, aliases };
    tell(tx, actor, { action: "category.removed", id, before }, store.clock.now());
    return found;
  });
}

type Acting = Pick<Store, "db" | "clock">;

/**
 * How each of these acts begins: who may not is refused, and what was decided upon another revision than the one that there is.
 * @param act Gives what is there now, or what was, of one that is gone.
 * @throws Problem `category.not_found`, `precondition.failed`, `rights.forbidden`
 */
function acting(
  store: Acting,
  actor: Actor,
  id: string,
  ifMatch: IfMatch | undefined,
  act: (tx: Tx, category: Category) => Category,
): Category {
  authorise(actor, "storefront.manage");
  return write(store.db, (tx) => {
    const category = mustRead(tx, id);
    ifUnchanged(category.revision, ifMatch);
    return act(tx, category);
  });
}

export function categoryNotFound(): Problem {
  return new Problem("not_found", "category.not_found", say`There is no such category in this store.`);
}

/** @throws Problem `category.not_found` */
export function mustFindCategory(tx: Tx, id: string): records.CategoryRow {
  const row = records.findCategory(tx, id);
  if (!row) throw categoryNotFound();
  return row;
}

function mustRead(tx: Tx, id: string): Category {
  const found = resolvedCategories(tx).find(({ row }) => row.id === id);
  if (!found) throw categoryNotFound();
  return categoryOf(tx, found);
}

function categoryOf(tx: Tx, { row, ids }: Resolved): Category {
  return { ...row, aliases: ids.slice(1), apps: records.countAppsIn(tx, ids, MOST_APPS_COUNTED) };
}

function categoryExists(id: string): Problem {
  const message = say`There is a category ${id} already.`;
  return new Problem("conflict", "category.exists", message, [
    { code: "category.id", pointer: "/id", message },
  ]);
}

function idFault(id: string): Fault {
  return {
    code: "category.id",
    pointer: "/id",
    message: say`A category's id has 1 to 32 small letters, digits and hyphens, as manifests have it.`,
    found: id.slice(0, 64),
  };
}

function checkFields(
  { names, descriptions = {}, icon = PLAIN_ICON }: CategoryFields,
  before: readonly Fault[] = [],
) {
  const name = localTexts(names, {
    ...{ code: "category.name", pointer: "/names", what: say`A category's name` },
    ...{ characters: CATEGORY_NAME_CHARACTERS, isRequired: true },
  });
  const description = localTexts(descriptions, {
    ...{ code: "category.description", pointer: "/descriptions", what: say`A category's description` },
    ...{ characters: CATEGORY_DESCRIPTION_CHARACTERS, isRequired: false },
  });
  const faults = [...before, ...name.faults, ...description.faults];
  if (!isCategoryIcon(icon)) {
    const message = say`A category's icon is one of ${sayList(CATEGORY_ICONS)}.`;
    faults.push({ code: "category.icon", pointer: "/icon", message, found: icon.slice(0, 64) });
  }
  if (faults.length > 0)
    throw new Problem(
      "unprocessable",
      "category.invalid",
      sayAll(faults.map(({ message }) => message)),
      faults,
    );
  return { names: name.texts, descriptions: description.texts, icon };
}

function factsOf({
  names,
  descriptions,
  icon,
}: Pick<records.CategoryRow, "names" | "descriptions" | "icon">) {
  return { names: JSON.stringify(names), descriptions: JSON.stringify(descriptions), icon };
}

function tell(
  tx: Tx,
  actor: Actor,
  { id, ...change }: Omit<Parameters<typeof recordChange>[2], "subject"> & { readonly id: string },
  now: Date,
): void {
  recordChange(tx, auditAuthor(actor), { ...change, subject: categorySubject(id) }, now);
}
