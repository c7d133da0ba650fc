/** Named groups of people and devices: made, changed and deleted by administrators. */

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
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { type Fault, Problem } from "../../errors.ts";
import { type GroupId, newId } from "../../ids.ts";
import { say, sayAll } from "../../say.ts";
import { type Actor, actorLabel, auditAuthor } from "../actor.ts";
import { ALIKE, findAlike, mixedFault } from "../alike.ts";
import { countCodesInto } from "../devices/codes.records.ts";
import { characterFault, nameFault, plainName } from "../name-rule.ts";
import { authorise } from "../rights.ts";
import {
  countAppsOf,
  countGroups,
  countReturningTo,
  type GroupRow,
  type GroupSize,
  groupById,
  groupsByName,
  insertGroup,
  removeGroup,
  selectGroups,
  sizeOf,
  updateGroup,
} from "./records.ts";

export const GROUP_NAME_CHARACTERS = 80;
export const GROUP_DESCRIPTION_CHARACTERS = 400;
/** In one store: forms offer all of them. */
export const MOST_GROUPS = 500;

export type Group = Omit<GroupRow, "nameKey"> & GroupSize;
export type GroupFields = {
  readonly name: string;
  readonly description?: string;
  /** Whether owners and maintainers may choose it for their apps; unless it is said, only administrators may. */
  readonly offered?: boolean;
};

function groupOf(tx: Tx, { nameKey: _, ...rest }: GroupRow): Group {
  return { ...rest, ...sizeOf(tx, rest.id) };
}

export function groupSubject(id: GroupId) {
  return { type: "group", id };
}

/** @throws Problem `group.invalid`, `group.exists`, `group.too_many`, `rights.forbidden` */
export function createGroup(
  store: Store,
  actor: Actor,
  fields: GroupFields,
  idempotency?: Idempotency,
): Group {
  authorise(actor, "group.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const request = JSON.stringify([
      fields.name,
      fields.description ?? "",
      ...(fields.offered === true ? ["offered"] : []),
    ]);
    const earlier = findIdempotent(tx, idempotency, request);
    if (earlier) {
      const made = groupById(tx, earlier.resourceId as GroupId);
      if (!made) throw idempotentResourceGone();
      return groupOf(tx, made);
    }
    const checked = checkFields(tx, fields, null);
    if (countGroups(tx) >= MOST_GROUPS) {
      const message = say`A store has ${MOST_GROUPS} groups at most. Delete those that nobody needs any more.`;
      throw new Problem("conflict", "group.too_many", message);
    }
    const id = newId("grp");
    const row = insertGroup(tx, {
      ...checked,
      id,
      revision: 1,
      createdBy: actorLabel(actor),
      createdAt: now,
    });
    const change = { action: "group.created", subject: groupSubject(id), after: factsOf(row) } as const;
    recordChange(tx, auditAuthor(actor), change, now);
    rememberIdempotent(tx, idempotency, request, id, now);
    return groupOf(tx, row);
  });
}

/** What is left out stays as it is. @throws Problem `group.not_found`, `group.invalid`, `group.exists`, `precondition.failed`, `rights.forbidden` */
export function changeGroup(
  store: Store,
  actor: Actor,
  id: GroupId,
  change: Partial<GroupFields>,
  ifMatch?: IfMatch,
): Group {
  authorise(actor, "group.manage");
  return write(store.db, (tx) => {
    const row = mustFindGroup(tx, id);
    ifUnchanged(row.revision, ifMatch);
    const checked = checkFields(tx, { ...row, ...change }, row);
    const facts = differing(factsOf(row), factsOf(checked));
    if (Object.keys(facts.after).length === 0) return groupOf(tx, row);
    const changed = updateGroup(tx, id, { ...checked, revision: row.revision + 1 });
    if (!changed) throw new Error(`the group ${id} is gone while it is changed`);
    const told = { action: "group.changed", subject: groupSubject(id), ...facts } as const;
    recordChange(tx, auditAuthor(actor), told, store.clock.now());
    return groupOf(tx, changed);
  });
}

/** Nobody and nothing is in it any more; the people and devices stay. @throws Problem `group.not_found`, `group.in_use`, `precondition.failed`, `rights.forbidden` */
export function deleteGroup(store: Store, actor: Actor, id: GroupId, ifMatch?: IfMatch): void {
  authorise(actor, "group.manage");
  write(store.db, (tx) => {
    const row = mustFindGroup(tx, id);
    ifUnchanged(row.revision, ifMatch);
    const apps = countAppsOf(tx, id);
    if (apps > 0) throw groupInUse(apps);
    const returning = countReturningTo(tx, id);
    if (returning > 0) throw groupAwaited(returning);
    const { name } = row;
    const before = { name, ...sizeOf(tx, id) };
    removeGroup(tx, id);
    const change = { action: "group.deleted", subject: groupSubject(id), before } as const;
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
  });
}

/** Newest first. @throws Problem `rights.forbidden` */
export function pageGroups(store: Store, actor: Actor, page: PageRequest): Page<Group> {
  authorise(actor, "group.read");
  const tx = store.db.orm;
  const rows = selectGroups(tx, oneMore<GroupId>(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => groupOf(tx, row),
  );
}

/** All of them by name, to choose from. @throws Problem `rights.forbidden` */
export function chooseGroups(store: Store, actor: Actor): { readonly id: GroupId; readonly name: string }[] {
  authorise(actor, "group.read");
  return groupsByName(store.db.orm).map(({ id, name }) => ({ id, name }));
}

/** @throws Problem `group.not_found`, `rights.forbidden` */
export function readGroup(store: Store, actor: Actor, id: GroupId): Group {
  authorise(actor, "group.read");
  return groupOf(store.db.orm, mustFindGroup(store.db.orm, id));
}

/** What rests on a group beside who and what is in it. @throws Problem `group.not_found`, `rights.forbidden` */
export function dependantsOf(
  store: Store,
  actor: Actor,
  id: GroupId,
): { readonly codes: number; readonly apps: number } {
  authorise(actor, "group.read");
  const tx = store.db.orm;
  mustFindGroup(tx, id);
  return { codes: countCodesInto(tx, id, store.clock.now()), apps: countAppsOf(tx, id) };
}

export function groupInUse(apps: number): Problem {
  const message =
    apps === 1
      ? say`One app is for this group. Say first who else may see it; then it can be deleted.`
      : say`${apps} apps are for this group. Say first who else may see each; then it can be deleted.`;
  return new Problem("conflict", "group.in_use", message);
}

function groupAwaited(apps: number): Problem {
  const message =
    apps === 1
      ? say`One app that is being deleted would come back to this group. Once it is gone or was taken back, the group can be deleted.`
      : say`${apps} apps that are being deleted would come back to this group. Once they are gone or were taken back, the group can be deleted.`;
  return new Problem("conflict", "group.in_use", message);
}

/** @throws Problem `group.not_found` */
export function mustFindGroup(tx: Tx, id: GroupId): GroupRow {
  const row = groupById(tx, id);
  if (!row) throw new Problem("not_found", "group.not_found", say`There is no such group.`);
  return row;
}

/** @param own As it is now: what stays is not judged by what names and descriptions may be since. */
function checkFields(tx: Tx, fields: GroupFields, own: GroupRow | null) {
  const faults: Fault[] = [];
  const isNamed = fields.name !== own?.name;
  const name = isNamed ? plainName(fields.name) : fields.name;
  const fault = isNamed ? groupNameFault(name) : null;
  if (fault !== null) faults.push({ code: "group.name", pointer: "/name", ...fault });
  const said = fields.description ?? "";
  const description = said === own?.description ? said : plainName(said);
  const descriptionFault = said === own?.description ? null : groupDescriptionFault(description);
  if (descriptionFault !== null)
    faults.push({ code: "group.description", pointer: "/description", ...descriptionFault });
  if (faults.length > 0) {
    const message = sayAll(faults.map(({ message }) => message));
    throw new Problem("unprocessable", "group.invalid", message, faults);
  }
  if (isNamed) refuseTaken(tx, name, own?.id);
  return { name, nameKey: name.toLowerCase(), description, offered: fields.offered ?? false };
}

function groupNameFault(name: string): Pick<Fault, "message"> | null {
  const mixed = mixedFault(name);
  return (
    nameFault(name, GROUP_NAME_CHARACTERS, say`A group's name`) ??
    (mixed === null ? null : { message: mixed })
  );
}

function groupDescriptionFault(description: string): Pick<Fault, "message"> | null {
  const what = say`A group's description`;
  if ([...description].length <= GROUP_DESCRIPTION_CHARACTERS) return characterFault(description, what);
  return { message: say`${what} is one line of ${GROUP_DESCRIPTION_CHARACTERS} characters at most.` };
}

/** As of organisations: those that were named before this was asked may be alike, and stay. */
function refuseTaken(tx: Tx, name: string, own: GroupId | undefined): void {
  const others = groupsByName(tx).filter(({ id }) => id !== own);
  const other = others.find(({ nameKey }) => nameKey === name.toLowerCase()) ?? findAlike(name, others);
  if (other === undefined) return;
  const message = say`There is a group “${other.name}” already, which has this name, ${ALIKE}.`;
  throw new Problem("conflict", "group.exists", message, [{ code: "group.name", pointer: "/name", message }]);
}

function factsOf({ name, description, offered }: Pick<GroupRow, "name" | "description" | "offered">) {
  return { name, description, offered };
}
