/** What a person at the command line names in their own words. */
import { listOrganisations, readOrganisation } from "../../accounts/organisations.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import { isId, type OrganisationId } from "../../ids.ts";

/** By id or by its exact name, when only one has it. */
export function findOrganisation(store: Store, idOrName: string): OrganisationId {
  if (isId("org", idOrName)) return readOrganisation(store, idOrName).id;
  const named = listOrganisations(store).filter((organisation) => organisation.name === idOrName);
  const [only] = named;
  if (named.length === 1 && only) return only.id;
  throw new Problem(
    "not_found",
    "organisation.not_found",
    named.length === 0
      ? `There is no organisation ${JSON.stringify(idOrName)}.`
      : `Several organisations are named ${JSON.stringify(idOrName)}: give the id.`,
  );
}
