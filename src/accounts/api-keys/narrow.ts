/** What a key is narrowed to: checked when it is made, and read back with each request. */
import type { Tx } from "../../db/database.ts";
import type { Fault } from "../../errors.ts";
import { type AppId, isAppId } from "../../ids.ts";
import type { Actor, Narrowing } from "../actor.ts";
import { ACTIONS, type Action, allows, grantOf, narrowingOf } from "../rights.ts";
import { type ApiKeyRow, type KeyOwner, ownersOfApps } from "./records.ts";

/** A list that is compared with each request stays short. */
const MOST_KEY_APPS = 50;

/** As it was asked for; null: all that the owner may. */
export type AskedNarrowing = {
  readonly actions: readonly string[] | null;
  readonly apps: readonly string[] | null;
};

type Checked = { readonly actions: readonly Action[] | null; readonly apps: readonly AppId[] | null };

/** The actions that a key of such an owner can be given by name. To see who one is, every key may. */
export function actionsOfKeys(owner: KeyOwner): readonly Action[] {
  const possible = ACTIONS.filter((action) => action !== "self.read");
  if (!("organisationId" in owner)) return possible;
  return possible.filter((action) => {
    const { peopleOnly, everyone, organisation } = grantOf(action);
    return peopleOnly !== true && (everyone === true || organisation.includes("developer"));
  });
}

/** True for what can be given together with apps. */
export function isOfApp(action: Action): boolean {
  return grantOf(action).ofApp === true;
}

/** What stands with a key, as the rights compare it; undefined: it is not narrowed. */
export function narrowingOfKey({
  actions,
  apps,
}: Pick<ApiKeyRow, "actions" | "apps">): Narrowing | undefined {
  if (actions === null && apps === null) return undefined;
  return {
    actions: actions === null ? null : new Set(actions),
    apps: apps === null ? null : new Set(apps),
  };
}

/**
 * The lists in the order of the table and of the alphabet, each thing once; what is wrong is added to `faults`. A key
 * gives no more than it has: what its maker's own key is narrowed to holds for the key that it makes.
 */
export function checkNarrowing(
  tx: Tx,
  actor: Actor,
  owner: KeyOwner,
  asked: AskedNarrowing,
  faults: Fault[],
): Checked {
  const made = narrowingOf(actor);
  const apps = checkApps(tx, actor, owner, asked.apps, made, faults);
  const actions = checkActions(owner, asked.actions, apps !== null, made, faults);
  return { actions, apps };
}

function checkActions(
  owner: KeyOwner,
  asked: readonly string[] | null,
  withApps: boolean,
  made: Narrowing | undefined,
  faults: Fault[],
): readonly Action[] | null {
  const fault = (message: string): void =>
    void faults.push({ code: "apikey.actions", pointer: "/actions", message });
  if (asked === null) {
    if (made?.actions)
      fault("The key that makes it may do certain actions only: name those of them that it gets.");
    return null;
  }
  const wanted = new Set(asked);
  const possible = actionsOfKeys(owner);
  const actions = possible.filter((action) => wanted.has(action));
  for (const action of actions) wanted.delete(action);
  wanted.delete("self.read");
  const [unknown] = wanted;
  if (unknown !== undefined)
    fault(`A key of this owner cannot be given ${JSON.stringify(unknown.slice(0, 60))}.`);
  else if (actions.length === 0) fault("A key needs an action that it may do.");
  const wide = withApps ? actions.find((action) => !isOfApp(action)) : undefined;
  if (wide !== undefined) fault(`${wide} reaches beyond an app: leave it out, or do not name apps.`);
  const more = actions.find((action) => made?.actions && !made.actions.has(action));
  if (more !== undefined) fault(`The key that makes it may not ${more} itself.`);
  return actions;
}

function checkApps(
  tx: Tx,
  actor: Actor,
  owner: KeyOwner,
  asked: readonly string[] | null,
  made: Narrowing | undefined,
  faults: Fault[],
): readonly AppId[] | null {
  const fault = (message: string): void =>
    void faults.push({ code: "apikey.apps", pointer: "/apps", message });
  if (asked === null) {
    if (made?.apps)
      fault("The key that makes it is for certain apps only: name those of them that it is for.");
    return null;
  }
  const wanted = [...new Set(asked)].sort();
  if (wanted.length === 0) fault("Name an app that the key is for.");
  if (wanted.length > MOST_KEY_APPS) {
    fault(`A key is for at most ${MOST_KEY_APPS} named apps, found ${wanted.length}.`);
    return [];
  }
  const ids = wanted.filter(isAppId);
  const there = new Map(ownersOfApps(tx, ids).map(({ id, organisationId }) => [id, organisationId]));
  for (const id of wanted) {
    const of = isAppId(id) ? there.get(id) : undefined;
    const isTheirs =
      of !== undefined &&
      ("organisationId" in owner
        ? of === owner.organisationId
        : isAppId(id) && allows(actor, "app.read", { organisationId: of, appId: id }));
    // The same words for what is another's as for what is not there.
    if (!isTheirs) fault(`There is no app ${JSON.stringify(id.slice(0, 128))} that this key could be for.`);
    else if (made?.apps && isAppId(id) && !made.apps.has(id))
      fault(`The key that makes it is not for ${id}.`);
  }
  return ids;
}

/** Whether what a key may is within what a narrowed one may. */
export function isWithin(
  { actions, apps }: Pick<ApiKeyRow, "actions" | "apps">,
  made: Narrowing | undefined,
): boolean {
  if (made === undefined) return true;
  const fits = (own: readonly string[] | null, all: ReadonlySet<string> | null) =>
    all === null || (own?.every((one) => all.has(one)) ?? false);
  return fits(actions, made.actions) && fits(apps, made.apps);
}
