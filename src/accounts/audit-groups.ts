/**
 * Groups in entries of the audit log, for who may not see the store's groups: those that an administrator offers stay named,
 * of the others only how many there were. An entry itself never changes: its hash is over the whole of it.
 */
import { type AuditFacts, type AuditRow, GROUPS, GROUPS_SALT } from "../audit/entry.ts";
import type { Tx } from "../db/database.ts";
import { type GroupId, isId } from "../ids.ts";
import type { Actor } from "./actor.ts";
import { groupById } from "./groups/records.ts";
import { allows } from "./rights.ts";

/** Stands in the place of each group that is not named. */
export const UNNAMED_GROUP = "unnamed";

/** Gives entries as the actor may read them. Each group is looked up once. */
export function groupsNamedTo(tx: Tx, actor: Actor): (row: AuditRow) => AuditRow {
  if (allows(actor, "group.read")) return (row) => row;
  const known = new Map<string, boolean>();
  const isNamed = (id: string): boolean => {
    const named = known.get(id) ?? isOffered(tx, id);
    known.set(id, named);
    return named;
  };
  const told = (facts: AuditFacts | null): AuditFacts | null => {
    if (facts === null) return null;
    const { [GROUPS_SALT]: _, ...rest } = facts;
    const groups = facts[GROUPS];
    if (typeof groups !== "string" || groups === "") return rest;
    const ids = groups.split(" ");
    const named = ids.filter(isNamed);
    // At the end, whatever their places were: they are sorted by what is not told.
    const unnamed = ids.slice(named.length).map(() => UNNAMED_GROUP);
    return { ...rest, [GROUPS]: [...named, ...unnamed].join(" ") };
  };
  return (row) => ({ ...row, before: told(row.before), after: told(row.after) });
}

function isOffered(tx: Tx, id: string): boolean {
  return isId("grp", id) && groupById(tx, id as GroupId)?.offered === true;
}

/** Whether a search may look at the groups of an entry: for others it would tell an id, letter by letter. */
export function maySearchGroups(tx: Tx, actor: Actor, words: string): boolean {
  return allows(actor, "group.read") || isOffered(tx, words);
}
