/** Organisations own apps and keys; people are members of them with a role. */
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { type AccountId, newId, ORGANISATION_NAME_CHARACTERS, type OrganisationId } from "../ids.ts";
import type { Actor, OrganisationRole } from "./actor.ts";
import {
  accountById,
  allOrganisations,
  findMembership,
  insertOrganisation,
  insertPastMembership,
  membershipsOf,
  type OrganisationRow,
  organisationById,
  upsertMembership,
  wasMoreThanViewer,
} from "./records.ts";
import { authenticationRequired, authorise } from "./rights.ts";

export type Organisation = OrganisationRow;

/** @throws Problem `organisation.invalid` */
export function createOrganisation(store: Store, fields: { name: string }): Organisation {
  const name = checkedName(fields.name);
  return write(store.db, (tx) =>
    insertOrganisation(tx, { id: newId("org"), name, createdAt: store.clock.now() }),
  );
}

/**
 * Makes an organisation and its maker the owner, in one transaction: nobody else could add them to it.
 * @throws Problem `rights.forbidden`, `organisation.invalid`
 */
export function foundOrganisation(store: Store, actor: Actor, fields: { name: string }): Organisation {
  authorise(actor, "organisation.create");
  if (actor.kind !== "account") throw authenticationRequired();
  const name = checkedName(fields.name);
  return write(store.db, (tx) => {
    const createdAt = store.clock.now();
    const organisation = insertOrganisation(tx, { id: newId("org"), name, createdAt });
    upsertMembership(tx, {
      organisationId: organisation.id,
      accountId: actor.accountId,
      role: "owner",
      createdAt,
    });
    return organisation;
  });
}

function checkedName(text: string): string {
  const name = text.trim().normalize("NFC");
  if (name === "" || [...name].length > ORGANISATION_NAME_CHARACTERS || /[\p{Cc}\p{Cf}]/u.test(name)) {
    const message = `An organisation's name has 1 to ${ORGANISATION_NAME_CHARACTERS} characters and no control characters.`;
    throw new Problem("unprocessable", "organisation.invalid", message, [
      { code: "organisation.name", pointer: "/name", message },
    ]);
  }
  return name;
}

/** Adds the person, or gives a member another role. @throws Problem `organisation.not_found`, `account.not_found` */
export function addMember(
  store: Store,
  organisationId: OrganisationId,
  accountId: AccountId,
  role: OrganisationRole,
): void {
  write(store.db, (tx) => {
    if (!organisationById(tx, organisationId)) throw organisationNotFound();
    if (!accountById(tx, accountId)) {
      throw new Problem("not_found", "account.not_found", "There is no such account.");
    }
    const now = store.clock.now();
    const before = findMembership(tx, organisationId, accountId);
    if (before !== undefined && before.role !== role)
      insertPastMembership(tx, { organisationId, accountId, role: before.role, until: now });
    upsertMembership(tx, { organisationId, accountId, role, createdAt: now });
  });
}

/** Whether the person is more than a viewer of the organisation, or was at any time since. */
export function hasWorkedFor(
  tx: Tx,
  accountId: AccountId,
  organisationId: OrganisationId,
  since: Date,
): boolean {
  const role = findMembership(tx, organisationId, accountId)?.role;
  if (role !== undefined && role !== "viewer") return true;
  return wasMoreThanViewer(tx, organisationId, accountId, since);
}

/** In the order in which they were made. */
export function listOrganisations(store: Store): (Organisation & { readonly members: number })[] {
  return allOrganisations(store.db.orm);
}

/** @throws Problem `organisation.not_found` */
export function readOrganisation(store: Store, organisationId: OrganisationId): Organisation {
  const row = organisationById(store.db.orm, organisationId);
  if (!row) throw organisationNotFound();
  return row;
}

/** The organisations of a person with their role in each, by name. */
export function organisationsOf(
  store: Store,
  accountId: AccountId,
): { id: OrganisationId; name: string; role: OrganisationRole }[] {
  return membershipsOf(store.db.orm, accountId);
}

export function organisationNotFound(): Problem {
  return new Problem("not_found", "organisation.not_found", "There is no such organisation.");
}
