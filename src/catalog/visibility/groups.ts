/** The groups that an app is visible to, as they are called. */
import { groupById, groupsByName, sizeOf } from "../../accounts/groups/records.ts";
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

/** All there are, to choose from. */
export function allGroups(tx: Tx): NamedGroup[] {
  return groupsByName(tx).map(({ id, name }) => ({ id, name }));
}

/** @throws Problem (invalid) `app.visibility_invalid` when a group is not there */
export function mustExist(tx: Tx, visibility: Visibility): Visibility {
  const unknown = groupsOf(visibility).find((id) => groupById(tx, id) === undefined);
  if (unknown === undefined) return visibility;
  throw invalid("/groups", `There is no group ${unknown} in this store.`, unknown);
}

export function groupsOf(visibility: Visibility): readonly GroupId[] {
  return visibility.visibility === "groups" ? visibility.groups : [];
}
