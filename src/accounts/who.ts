/** Who somebody is in this store, as they may be told: a key that is narrowed is told of its person what it was given. */
import type { Store } from "../context.ts";
import type { StoreRole } from "../roles.ts";
import type { AccountActor } from "./actor.ts";
import { ownersOfApps } from "./api-keys/records.ts";
import { organisationsOf } from "./organisations.ts";
import { ACTIONS, allows, grantOf, narrowingOf } from "./rights.ts";

export type Who = {
  /** Not of a narrowed key that was given nothing of what is about the person. */
  readonly person: { readonly accountId: string; readonly email: string; readonly name: string } | null;
  /** null also where the key was given nothing of what the role may, or is for certain apps. */
  readonly storeRole: StoreRole | null;
  /** Those in which the key may do something. */
  readonly organisations: ReturnType<typeof organisationsOf>;
};

/** What is about the person themselves; that it is there at all, every key may see. */
const OWN = ACTIONS.filter((action) => /^(?:self|message)\./.test(action) && action !== "self.read");

export function whoIs(store: Store, actor: AccountActor): Who {
  const { accountId, email, name, storeRole } = actor;
  const person = { accountId, email, name };
  const all = organisationsOf(store, accountId);
  const narrowed = narrowingOf(actor);
  if (narrowed === undefined) return { person, storeRole, organisations: all };
  const { apps } = narrowed;
  const owners = apps === null ? null : ownersOfApps(store.db.orm, [...apps]);
  const organisations = all.flatMap((one) => {
    const resource = { organisationId: one.id, toSomeApp: true } as const;
    const isUsed = ACTIONS.some(
      (action) => grantOf(action).organisation.includes(one.role) && allows(actor, action, resource),
    );
    const isReached = owners === null || owners.some(({ organisationId }) => organisationId === one.id);
    if (!isUsed || !isReached) return [];
    return [{ ...one, apps: one.apps?.filter((id) => apps === null || apps.has(id)) ?? null }];
  });
  // For certain apps it needs none: those that it reaches are named.
  const usesRole =
    apps === null &&
    ACTIONS.some(
      (action) => storeRole !== null && grantOf(action).store.includes(storeRole) && allows(actor, action),
    );
  return {
    person: OWN.some((action) => allows(actor, action)) ? person : null,
    storeRole: usesRole ? storeRole : null,
    organisations,
  };
}
