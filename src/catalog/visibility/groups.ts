/** The groups that an app is visible to, as they are called. */
import type { Actor } from "../../accounts/actor.ts";
import { groupById, groupsByName, sizeOf } from "../../accounts/groups/records.ts";
import { allows } from "../../accounts/rights.ts";
import type { Tx } from "../../db/database.ts";
import type { GroupId } from "../../ids.ts";
import { invalid, type Visibility } from "./audiences.ts";

export type NamedGroup = { readonly id: GroupId; readonly name: string };
export type SizedGroup = NamedGroup & { readonly people: number; readonly devices: number };

/** By name. One that is gone is left out. */
export function namedGroups(tx: Tx, ids: readonly GroupId[]): NamedGroup[] {
  return ids
    .flatMap((id) => groupById(tx, id) ?? [])
    .sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1))
    .map(({ id, name }) => ({ id, name }));
}

export function sizedGroups(tx: Tx, ids: readonly GroupId[]): SizedGroup[] {
  return namedGroups(tx, ids).map((group) => ({ ...group, ...sizeOf(tx, group.id) }));
}

/**
 * Those that an actor may choose, by name: what an administrator offers, and what the app is for already. Who may see the
 * store's groups may choose any. A group may be named after what nobody is to hear of.
 */
export function groupsFor(tx: Tx, actor: Actor, chosen: readonly GroupId[]): NamedGroup[] {
  const all = allows(actor, "group.read");
  return groupsByName(tx)
    .filter(({ id, offered }) => all || offered || chosen.includes(id))
    .map(({ id, name }) => ({ id, name }));
}

/**
 * The same for groups that are named: those that are not there and those that are not offered are the same.
 * @param chosen Those that the app is for already.
 * @throws Problem (invalid) `app.visibility_invalid`
 */
export function mustBeChoosable(
  tx: Tx,
  actor: Actor,
  visibility: Visibility,
  chosen: readonly GroupId[],
): Visibility {
  const all = allows(actor, "group.read");
  const unknown = groupsOf(visibility).find((id) => {
    const group = groupById(tx, id);
    return group === undefined || !(all || group.offered || chosen.includes(id));
  });
  if (unknown === undefined) return visibility;
  throw invalid("/groups", `There is no group ${unknown} that you can choose.`, unknown);
}

export function groupsOf(visibility: Visibility): readonly GroupId[] {
  return visibility.visibility === "groups" ? visibility.groups : [];
}
