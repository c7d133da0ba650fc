/**
 * The groups that an app is visible to, as they are called. A group may be named after what nobody is to hear of: who may not
 * see the store's groups is told of those that an administrator offers, and of the others only that there are some.
 */
import type { Actor } from "../../accounts/actor.ts";
import { groupById, groupsByName, sizeOf } from "../../accounts/groups/records.ts";
import { allows } from "../../accounts/rights.ts";
import type { Tx } from "../../db/database.ts";
import type { GroupId } from "../../ids.ts";
import { invalid, parseVisibility, type Visibility, type VisibilityInput } from "./audiences.ts";

export type NamedGroup = { readonly id: GroupId; readonly name: string };
export type SizedGroup = NamedGroup & { readonly people: number; readonly devices: number };

/** What somebody is told of groups. */
export type ToldGroups<Group extends NamedGroup> = {
  /** By name. */
  readonly groups: readonly Group[];
  /** How many more there are, which are not named to them. */
  readonly unnamedGroups: number;
};

/** Whether a group is named to an actor. One that is not there is not. */
function isNamedTo(tx: Tx, actor: Actor, id: GroupId): boolean {
  const group = groupById(tx, id);
  return group !== undefined && (group.offered || allows(actor, "group.read"));
}

/** Those of an app's groups that an actor is not told the names of. */
function unnamedTo(tx: Tx, actor: Actor, ids: readonly GroupId[]): readonly GroupId[] {
  return ids.filter((id) => groupById(tx, id) !== undefined && !isNamedTo(tx, actor, id));
}

/** One that is gone is left out. */
export function toldGroups(tx: Tx, actor: Actor, ids: readonly GroupId[]): ToldGroups<NamedGroup> {
  const groups = ids
    .filter((id) => isNamedTo(tx, actor, id))
    .flatMap((id) => groupById(tx, id) ?? [])
    .sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1))
    .map(({ id, name }) => ({ id, name }));
  return { groups, unnamedGroups: unnamedTo(tx, actor, ids).length };
}

/** With how many are in them; of a group that is not named nobody is told that either. */
export function sizedGroups(tx: Tx, actor: Actor, ids: readonly GroupId[]): ToldGroups<SizedGroup> {
  const { groups, unnamedGroups } = toldGroups(tx, actor, ids);
  return { groups: groups.map((group) => ({ ...group, ...sizeOf(tx, group.id) })), unnamedGroups };
}

/** Those that an actor may choose, by name: what an administrator offers; all, for who may see the store's groups. */
export function groupsFor(tx: Tx, actor: Actor): NamedGroup[] {
  const all = allows(actor, "group.read");
  return groupsByName(tx)
    .filter(({ offered }) => all || offered)
    .map(({ id, name }) => ({ id, name }));
}

/**
 * What somebody asks for. A group of the app that is not named to them stays, unless they let all such go: they can neither
 * name it nor forget it. A group that is not there, one that they may not choose, and one that the app is for and that is not
 * named to them are the same when they name them.
 * @param before Who may see the app now.
 * @throws Problem (invalid) `app.visibility_invalid`
 */
export function wantedVisibility(
  tx: Tx,
  actor: Actor,
  input: VisibilityInput,
  before: Visibility,
): Visibility {
  const kept = input.unnamedGroups === "drop" ? [] : unnamedTo(tx, actor, groupsOf(before));
  const wanted = parseVisibility(input, kept);
  const unknown = (input.groups ?? []).find((id) => !isNamedTo(tx, actor, id as GroupId));
  if (unknown === undefined) return wanted;
  throw invalid("/groups", `There is no group ${unknown} that you can choose.`, unknown);
}

export function groupsOf(visibility: Visibility): readonly GroupId[] {
  return visibility.visibility === "groups" ? visibility.groups : [];
}
